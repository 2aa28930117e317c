"""What all figures are made of: the look, the terrain, the traces that several share, the player and the export."""
