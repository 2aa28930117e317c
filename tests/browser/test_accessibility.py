"""axe finds nothing serious in any view as it is drawn, light and dark."""

import re
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.steps import open_chart, open_more, settle
from tests.browser.test_descent import open_stage
from tests.claims.states import VIEWS

pytestmark = pytest.mark.browser

# What makes a view quick to open, by page and view; a view of any other page needs nothing.
QUICK = {
    ("basins", "fates"): "size=32",
    ("convolution", "train"): "epochs=2&channels=2",
    ("recurrence", "series"): "steps=3&hidden=2",
    **{("backpropagation", view): "hidden=3&steps=30" for view in ("training", "step", "spectrum")},
}
ADDRESSES = [f"{page}?view={view}&{QUICK.get((page, view), '')}" for page, view in VIEWS if page != "descent"]
RACES = ["", "?view=surface&steps=60"]
# Of the window.
HEIGHT = 720
# Of what passes axe would tell every element, which takes three times as long as to look for what does not.
BRIEF = {"resultTypes": ["violations"]}
# What the page is written on, by the viewer's colour scheme.
PAPERS = {"light": "rgb(255, 255, 255)", "dark": "rgb(14, 17, 23)"}


@pytest.mark.parametrize("address", [*RACES, *ADDRESSES])
def test_all_of_it_is_seen_axe_finds_nothing_serious_and_the_chart_has_words_with_numbers(
    page: Page, app_url: str, address: str
) -> None:
    open_chart(page, f"{app_url}/{address}", ".js-plotly-plot")
    page.evaluate("() => document.querySelector('.stMain').scrollTo(0, 0)")
    # Beside the open drawer, with two lines of what is said.
    for part in page.locator(".js-plotly-plot, .player:visible, .handles:visible, .caption").all():
        box = part.bounding_box()
        assert box["x"] > 300
        assert box["y"] + box["height"] <= HEIGHT
    # A page with few controls has no More.
    if page.locator(".st-key-more").count():
        open_more(page)
    words = page.locator("[class*=st-key-stage] [role=figure]").first.get_attribute("aria-label")
    assert re.search(r"\d", words), words
    for scheme, paper in PAPERS.items():
        page.emulate_media(color_scheme=scheme)
        expect(page.locator(".stApp")).to_have_css("background-color", paper, timeout=30_000)
        settle(page)
        found = [
            f"{scheme}, {v['id']}: {n['html'][:160]}"
            for v in Axe().run(page, options=BRIEF)["violations"]
            if v["impact"] in ("serious", "critical")
            for n in v["nodes"]
        ]
        assert not found, "\n".join(found)


def test_the_chart_says_in_words_what_it_shows(page: Any, app_url: str) -> None:
    open_stage(page, app_url)
    words = page.locator(".st-key-stage-race [role=figure]").get_attribute("aria-label")
    assert "Newton ends at (1, 1)" in words
