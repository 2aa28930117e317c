"""A formula of one's own in a real browser: it is read while it is typed, and no text of a stranger becomes markup."""

import pytest
from playwright.sync_api import Page, expect

from landscape.starters import STARTERS
from landscape.typed import own
from tests.browser.steps import open_chart, query, settle, until

pytestmark = pytest.mark.browser

GRAPH = ".st-key-stage-race .js-plotly-plot"
HOSTILE = '<img src=x onerror="window.struck=1">'


def start(page: Page) -> list[float]:
    """Where the start is marked, as Plotly holds it."""
    script = """gd => { const mark = gd._fullData.find(t => t.name === "start"); return [mark.x[0], mark.y[0]]; }"""
    return page.eval_on_selector(GRAPH, script)


def test_a_formula_is_read_while_it_is_typed_and_a_bad_one_leaves_the_last_picture(page: Page, app_url: str) -> None:
    open_chart(page, f"{app_url}/?surface=own&steps=20&methods=newton", GRAPH)
    box = page.get_by_label("Formula, f(x, y) =")
    box.fill("")
    box.press_sequentially("x ln x + y^2", delay=30)
    # Nobody has pressed Enter.
    page.wait_for_url("**formula=x+ln+x*y%5E2**")
    domain = STARTERS["tilted_waves"].domain
    expected = own("x ln x + y^2", domain).start
    page.wait_for_function(f"() => document.querySelector('{GRAPH}')._fullData.some(t => t.x?.[0] === {expected[0]})")
    assert start(page) == pytest.approx(expected)
    sidebar = page.get_by_test_id("stSidebar")
    expect(sidebar.locator(".katex").first).to_contain_text("ln")
    box.fill(HOSTILE)
    expect(sidebar.get_by_test_id("stAlert")).to_contain_text("Comparisons are not known here")
    assert query(page)["formula"] == "x ln x + y^2"
    assert start(page) == pytest.approx(expected)
    assert page.evaluate("window.struck") is None
    assert sidebar.locator("img[src=x]").count() == 0
    assert page.faults == []


def ground(page: Page) -> list[str]:
    """Every piece of the map with its colour, the light on it, and what its bar says."""
    script = """gd => [...gd.querySelectorAll(".contourlayer path, .contourlayer .shade, .cbaxis text")].map(
        each => each.getAttribute("d") + each.getAttribute("href") + each.style.fill + each.textContent)"""
    return page.eval_on_selector(GRAPH, script)


def test_a_map_whose_heights_change_is_as_one_that_is_drawn_anew(page: Page, app_url: str) -> None:
    about = "surface=own&x=1&y=1&steps=20&methods=newton&formula=x%5E2%2By%5E2/2"
    open_chart(page, f"{app_url}/?{about}", GRAPH)
    base = "gd => gd.layout.meta.base"
    drawn, before = page.eval_on_selector(GRAPH, base), ground(page)
    box = page.get_by_label("Formula, f(x, y) =")
    box.press("End")
    box.press("5")
    page.wait_for_url("**y%5E2%2F25**")
    settle(page)
    until(page, lambda: ground(page) != before)
    changed = ground(page)
    assert page.eval_on_selector(GRAPH, base) == drawn
    # The same link in a page that has drawn nothing yet.
    page.reload()
    page.locator(f"{GRAPH}.played").wait_for(timeout=60_000)
    settle(page)
    assert ground(page) == changed
    assert page.eval_on_selector(GRAPH, base) != drawn
