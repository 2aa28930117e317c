"""The views of the Slope page."""
