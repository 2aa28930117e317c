"""The Curvature page's figures."""
