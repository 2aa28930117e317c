"""Recurrence: gradients through time, that vanish, explode, are clipped and are cut off."""

from landscape.dashboard.kit.view import Page, show
from landscape.dashboard.recurrence import cliff_view, series_view, unrolled_view

PAGE = Page("recurrence", (unrolled_view.VIEW, cliff_view.VIEW, series_view.VIEW))

if __name__ == "__main__":
    show(PAGE)
