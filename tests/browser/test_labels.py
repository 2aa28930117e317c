"""Words beside marks stand on no path, whole or as far as it has come."""

import pytest
from playwright.sync_api import Page

from tests.browser.steps import open_chart

pytestmark = pytest.mark.browser

GRAPH = ".js-plotly-plot"
# The words beside marks of the first panel, each with how many points of its paths, two pixels apart, lie under it.
UNDER = """gd => {
    const panel = gd.querySelector(".subplot.xy");
    const points = [...panel.querySelectorAll("path.js-line")].flatMap(line => {
        const { a, d, e, f } = line.getScreenCTM(), parts = Math.ceil(line.getTotalLength() / 2);
        const along = Array.from({ length: parts }, (_, k) => line.getPointAtLength(2 * k));
        return along.map(({ x, y }) => [a * x + e, d * y + f]);
    });
    return Object.fromEntries([...panel.querySelectorAll(".textpoint")].filter(each => each.textContent).map(each => {
        const { left, right, top, bottom, height } = each.getBoundingClientRect();
        // Above and under its letters a line has room of its own.
        const ink = ([x, y]) => x > left && x < right && y > top + height / 6 && y < bottom - height / 6;
        return [each.textContent, points.filter(ink).length];
    })); }"""


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", {"left at step 2", "lowest"}),
        ("?surface=beale&methods=gradient_descent,newton&tune=0&x=-3&y=-3", {"left at step 6", "saddle"}),
        ("recurrence?view=cliff", {"left at step 30"}),
    ],
)
def test_words_beside_marks_stand_on_no_path(
    page: Page, app_url: str, address: str, said: set[str], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_chart(page, f"{app_url}/{address}", GRAPH)
    under = page.eval_on_selector(GRAPH, UNDER)
    # The flag stands to that side of its word on which the lowest point is.
    assert said <= {text.strip("⚑ ") for text in under}
    assert under == dict.fromkeys(under, 0)
    # Nor do they once the whole of it is seen.
    page.get_by_label("Play head").press("End")
    assert page.eval_on_selector(GRAPH, UNDER) == under
