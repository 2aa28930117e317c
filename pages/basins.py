"""Basins: where each start ends up, and what two knobs make of one start."""

from landscape.dashboard.basins import fates_view, sweep_view
from landscape.dashboard.kit.view import Page, show

PAGE = Page("basins", (fates_view.VIEW, sweep_view.VIEW))

if __name__ == "__main__":
    show(PAGE)
