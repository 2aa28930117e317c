"""Regularization: what a penalty does to a loss, its minimum, its curvature, its path and its fit."""

from landscape.dashboard.kit.view import Page, show
from landscape.dashboard.regularization import fit_view, methods_view, stopping_view, table_view, weights_view

VIEWS = (weights_view.VIEW, methods_view.VIEW, table_view.VIEW, fit_view.VIEW, stopping_view.VIEW)
PAGE = Page("regularization", VIEWS)

if __name__ == "__main__":
    show(PAGE)
