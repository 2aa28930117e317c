"""axe finds nothing serious on any page as it is drawn, light and dark."""

from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import expect

from pages.regularization import PAGE as REGULARIZATION
from tests.browser.steps import open_chart
from tests.browser.test_descent import open_stage

pytestmark = pytest.mark.browser

VIEWS = [
    "",
    "curvature",
    "curvature?view=stability",
    "curvature?view=order",
    "basins?size=64",
    "basins?view=sweep",
    "slope",
    "slope?view=plane",
    "area?view=ball",
    "convolution",
    "convolution?view=train&epochs=2&channels=2",
    "recurrence?view=series&steps=3&hidden=2",
    *(f"regularization?view={view.key}" for view in REGULARIZATION.views),
    *(f"backpropagation?hidden=3&steps=30&view={view}" for view in ("training", "step", "spectrum")),
]
# Of what passes axe would tell every element, which takes three times as long as to look for what does not.
BRIEF = {"resultTypes": ["violations"]}
# What the page is written on, by the viewer's colour scheme.
PAPERS = {"light": "rgb(255, 255, 255)", "dark": "rgb(14, 17, 23)"}


@pytest.mark.parametrize("address", VIEWS)
@pytest.mark.parametrize("scheme", PAPERS)
def test_axe_finds_nothing_serious(page: Any, app_url: str, address: str, scheme: str) -> None:
    open_chart(page, f"{app_url}/{address}", ".js-plotly-plot")
    expect(page.locator(".stApp")).to_have_css("background-color", PAPERS[scheme], timeout=30_000)
    found = [
        f"{v['id']}: {n['html'][:160]}"
        for v in Axe().run(page, options=BRIEF)["violations"]
        if v["impact"] in ("serious", "critical")
        for n in v["nodes"]
    ]
    assert not found, "\n".join(found)


def test_the_chart_says_in_words_what_it_shows(page: Any, app_url: str) -> None:
    open_stage(page, app_url)
    words = page.locator(".st-key-stage-race [role=figure]").get_attribute("aria-label")
    assert "Newton ends at (1, 1)" in words
