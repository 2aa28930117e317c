"""The Convolution page's views."""
