"""The Backpropagation page's figures."""
