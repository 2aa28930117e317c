"""The stages of differential and integral calculus."""
