"""The Regularization page's figures."""
