"""The Basins page's figures."""
