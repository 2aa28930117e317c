"""Formulas: text to sympy, and sympy to a Program, a straight line of numpy operations.

Text goes through `tokens`, `grammar` with its `atoms`, and `reader`; nothing typed is ever run as code.
"""
