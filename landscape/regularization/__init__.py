"""Regularization: penalties, regression, the paths their minima take, and what the page shows of them."""
