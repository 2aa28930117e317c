"""Descent: optimizers race down a landscape from a start you click."""

from landscape.dashboard.descent import race_view
from landscape.dashboard.kit.view import Page, show

PAGE = Page("descent", (race_view.VIEW,))

if __name__ == "__main__":
    show(PAGE)
