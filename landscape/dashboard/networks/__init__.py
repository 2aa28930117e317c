"""The Backpropagation page's views."""
