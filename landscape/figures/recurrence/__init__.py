"""The Recurrence page's figures."""
