"""Descent: a run, a race of several, the rates they are given, and what they say."""
