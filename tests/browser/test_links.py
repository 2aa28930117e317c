"""A link to any page opens it whole, on a server that nobody has visited before."""

from pathlib import Path
from typing import Any

import pytest

from tests.browser.steps import query, settle
from tests.conftest import ROOT, free_port, start_app, stop_app, wait_until_healthy

pytestmark = pytest.mark.browser

PAGES = sorted(path.stem for path in Path(ROOT, "pages").glob("*.py") if path.stem != "descent")


@pytest.fixture(scope="module")
def port() -> int:
    """One for all servers, so that the browser has loaded the dashboard's code from there before."""
    return free_port()


@pytest.mark.fresh
@pytest.mark.parametrize("name", PAGES)
def test_a_link_opens_a_page_on_a_fresh_server(page: Any, port: int, name: str) -> None:
    server = start_app(port)
    try:
        wait_until_healthy(port)
        page.goto(f"http://127.0.0.1:{port}/{name}?nonsense=1")
        page.wait_for_selector(".js-plotly-plot.played", timeout=60_000)
        settle(page)
        menu = page.locator("[data-testid=stSidebarNav] a").all_inner_texts()
        assert menu[0].splitlines()[-1] == "Descent"
        assert sorted(entry.splitlines()[-1].lower() for entry in menu) == sorted([*PAGES, "descent"])
        assert "'nonsense' is not known here" in page.locator(".stAlert").first.inner_text()
        assert query(page) == {}
    finally:
        stop_app(server)
