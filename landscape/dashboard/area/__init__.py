"""The views of the Area page."""
