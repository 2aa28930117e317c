"""The Basins page's views."""
