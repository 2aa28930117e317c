"""The Descent page's view."""
