"""Formulas: text to sympy, and sympy to a Program, a straight line of numpy operations.

Nothing typed is ever run as code.
"""
