"""The Recurrence page's views."""
