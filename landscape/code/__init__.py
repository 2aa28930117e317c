"""Code that others run: a race as a script of this package, a trained network in other formats."""
