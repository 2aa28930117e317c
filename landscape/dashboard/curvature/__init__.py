"""The Curvature page's views."""
