"""By Tab: question, views, stage, play bar, drawer, and no stop that cannot be seen."""

import pytest
from playwright.sync_api import Page

from tests.browser.steps import open_chart

pytestmark = pytest.mark.browser

# What has the keyboard, in a component too: where it stands, and whether it can be seen.
FOCUSED = """() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    const places = { views: ".st-key-views", stage: ".js-plotly-plot", drawer: "[data-testid=stSidebar]",
        bar: ".host" };
    for (let node = at; node; node = node.parentElement ?? node.getRootNode().host) {
        const [name] = Object.entries(places).find(([, place]) => node.matches(place)) ?? [];
        if (name) return [name, at.checkVisibility({ opacityProperty: true })];
    }
    return ["else", at.checkVisibility({ opacityProperty: true })];
}"""


@pytest.mark.parametrize("address", ["slope", "regularization"])
def test_the_keyboard_goes_from_views_to_stage_to_play_bar_and_then_to_the_drawer(
    page: Page, app_url: str, address: str
) -> None:
    open_chart(page, f"{app_url}/{address}", ".js-plotly-plot")
    # From the question on.
    page.locator("h1").click()
    order = []
    for _ in range(60):
        page.keyboard.press("Tab")
        where, seen = page.evaluate(FOCUSED)
        assert seen, where
        if where != "else" and where not in order:
            order.append(where)
        if where == "drawer":
            break
    assert order == ["views", "stage", "bar", "drawer"]


def test_a_picture_of_the_stage_is_saved(page: Page, app_url: str) -> None:
    open_chart(page, f"{app_url}/regularization?at=30", ".js-plotly-plot")
    before = page.locator(".js-plotly-plot").bounding_box()
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name="Save as PNG").press("Enter")
    begin = download.value.path().read_bytes()[:24]
    assert begin[1:4] == b"PNG"
    width, height = (int.from_bytes(begin[at : at + 4]) for at in (16, 20))
    # Twice as fine, with words under it.
    assert width == round(2 * before["width"])
    assert height > 2 * before["height"]
    after = page.locator(".js-plotly-plot").bounding_box()
    assert (after["width"], after["height"]) == (before["width"], before["height"])
