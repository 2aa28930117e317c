"""The Regularization page's views."""
