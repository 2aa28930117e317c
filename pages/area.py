"""Area: sums, random points, averages, and what the noise of mini-batches does."""

from landscape.dashboard.area import ball_view, batch_view, dimensions_view, expectation_view, points_view, sum_view
from landscape.dashboard.kit.view import Page, show

PAGE = Page(
    "area",
    (sum_view.VIEW, points_view.VIEW, dimensions_view.VIEW, expectation_view.VIEW, batch_view.VIEW, ball_view.VIEW),
)

if __name__ == "__main__":
    show(PAGE)
