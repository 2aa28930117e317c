"""Convolution: a kernel slides over a picture, its gradient comes back, and a network learns to read."""

from landscape.dashboard.convolution import backward_view, forward_view, train_view
from landscape.dashboard.kit.view import Page, show

PAGE = Page("convolution", (forward_view.VIEW, backward_view.VIEW, train_view.VIEW))

if __name__ == "__main__":
    show(PAGE)
