"""The Convolution page's figures."""
