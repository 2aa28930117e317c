"""axe finds nothing serious on the page as it is drawn, light and dark."""

from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe

from tests.browser.test_descent import open_stage

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(chromium: Any, app_url: str, scheme: str) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 720}, color_scheme=scheme)
    page = context.new_page()
    open_stage(page, app_url)
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
