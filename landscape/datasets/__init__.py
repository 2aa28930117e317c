"""Small data sets, real and synthetic, each with its source."""
