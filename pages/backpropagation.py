"""Backpropagation: a small network learns, and every number of it can be seen."""

from landscape.dashboard.kit.view import Page, show
from landscape.dashboard.networks import own_table, spectrum_view, step_view, training_view

PAGE = Page("backpropagation", (training_view.VIEW, step_view.VIEW, spectrum_view.VIEW), as_left=own_table.is_there)

if __name__ == "__main__":
    show(PAGE)
