"""What is chosen goes along to other pages, and Back brings back what was there."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import open_chart, query, settle

# What others have chosen in a tab would travel, too.
pytestmark = [pytest.mark.browser, pytest.mark.fresh]

RACE, MODEL, FATES = (f".st-key-stage-{name} .js-plotly-plot" for name in ("race", "model", "fates"))
PLACE = {"surface": "booth", "x": "1.5", "y": "-2"}


def choose(page: Page, title: str, graph: str) -> None:
    """Another page, from the menu."""
    page.locator("[data-testid=stSidebarNav] a", has_text=title).click()
    page.locator(f"{graph}.played").wait_for(timeout=60_000)
    settle(page)


def back(page: Page, graph: str) -> None:
    page.go_back()
    page.locator(f"{graph}.played").wait_for(timeout=60_000)
    settle(page)


def test_landscape_and_start_go_along_and_back_twice_is_the_first_view(page: Page, app_url: str) -> None:
    open_chart(page, f"{app_url}/?surface=booth&x=1.5&y=-2&steps=40&at=7", RACE)
    first = query(page)
    choose(page, "Curvature", MODEL)
    second = query(page)
    assert second == PLACE
    choose(page, "Basins", FATES)
    assert query(page) == PLACE
    back(page, MODEL)
    assert query(page) == second
    back(page, RACE)
    assert query(page) == first
    expect(page.locator(".player output")).to_have_text("step 7 of 40")
    page.go_forward()
    page.locator(f"{MODEL}.played").wait_for(timeout=60_000)
    settle(page)
    assert query(page) == second


def test_back_after_the_way_there_and_back_is_each_view_as_it_was(page: Page, app_url: str) -> None:
    open_chart(page, f"{app_url}/?steps=40&x=0.5&at=7", RACE)
    first = query(page)
    choose(page, "Curvature", MODEL)
    choose(page, "Descent", RACE)
    later = query(page)
    assert later == {"x": "0.5"}
    back(page, MODEL)
    back(page, RACE)
    assert query(page) == first


@pytest.mark.fresh
def test_the_first_page_has_a_path_like_the_others(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/descent?steps=60")
    page.locator(f"{RACE}.played").wait_for(timeout=60_000)
    settle(page)
    assert page.locator("[role=dialog]").count() == 0
    assert query(page) == {"steps": "60"}
    expect(page.locator("[data-testid=stSidebarNav] a")).to_have_count(9)
