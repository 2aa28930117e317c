"""axe finds nothing serious on any page as it is drawn, light and dark."""

from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import expect

from pages.regularization import PAGE as REGULARIZATION
from tests.browser.steps import settle
from tests.browser.test_descent import open_stage

pytestmark = pytest.mark.browser

VIEWS = [
    "",
    "curvature",
    "curvature?view=stability",
    "curvature?view=order",
    "basins?size=64",
    "basins?view=sweep",
    *(f"regularization?view={view.key}" for view in REGULARIZATION.views),
    *(f"backpropagation?hidden=3&steps=30&view={view}" for view in ("training", "step", "spectrum")),
]


@pytest.mark.parametrize("address", VIEWS)
def test_axe_finds_nothing_serious(page: Any, app_url: str, address: str) -> None:
    page.goto(f"{app_url}/{address}")
    page.wait_for_selector(".js-plotly-plot.played", timeout=60_000)
    for scheme, paper in (("light", "rgb(255, 255, 255)"), ("dark", "rgb(14, 17, 23)")):
        page.emulate_media(color_scheme=scheme)
        expect(page.locator(".stApp")).to_have_css("background-color", paper, timeout=30_000)
        settle(page)
        found = [
            f"{scheme}, {v['id']}: {n['html'][:160]}"
            for v in Axe().run(page)["violations"]
            if v["impact"] in ("serious", "critical")
            for n in v["nodes"]
        ]
        assert not found, "\n".join(found)


def test_the_chart_says_in_words_what_it_shows(page: Any, app_url: str) -> None:
    open_stage(page, app_url)
    words = page.locator(".st-key-stage-race [role=figure]").get_attribute("aria-label")
    assert "Newton ends at (1, 1)" in words
