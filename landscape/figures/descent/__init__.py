"""The Descent page's figures."""
