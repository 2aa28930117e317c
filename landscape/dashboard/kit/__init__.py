"""What all pages are made of: the address, the controls, the player, the frame."""
