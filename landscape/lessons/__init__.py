"""Lessons: a network in training, and what it says."""
