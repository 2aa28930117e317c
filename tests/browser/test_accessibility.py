"""axe finds nothing serious on any page as it is drawn, light and dark."""

from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe

from tests.browser.test_descent import open_stage, settle

pytestmark = pytest.mark.browser

# Every view, and the key of its chart.
VIEWS = {
    "": "stage",
    "curvature": "model",
    "curvature?view=stability": "stability",
    "curvature?view=order": "order",
    "basins?size=64": "fates",
    "basins?view=sweep": "sweep",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", VIEWS)
def test_axe_finds_nothing_serious(chromium: Any, app_url: str, address: str, scheme: str) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 720}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{app_url}/{address}")
    page.wait_for_selector(f".st-key-{VIEWS[address]} .js-plotly-plot.played", timeout=60_000)
    settle(page)
    found = [
        f"{v['id']}: {n['html'][:160]}"
        for v in Axe().run(page)["violations"]
        if v["impact"] in ("serious", "critical")
        for n in v["nodes"]
    ]
    assert not found, "\n".join(found)
    context.close()


def test_the_chart_says_in_words_what_it_shows(page: Any, app_url: str) -> None:
    open_stage(page, app_url)
    words = page.locator(".st-key-stage [role=figure]").get_attribute("aria-label")
    assert "Newton ends at (1, 1)" in words
