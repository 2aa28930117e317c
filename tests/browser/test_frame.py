"""The frame: stage and play bar have one place on all pages, and nothing moves once the question stands there."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from landscape.dashboard.kit.frame import ABOUT, NAME
from landscape.dashboard.kit.player import COOKIE
from landscape.figures.kit.layouts import STANDARD, TABLET
from landscape.figures.kit.style import THEMES
from tests.browser.steps import open_chart, pixel, query, reload, settle, until

pytestmark = pytest.mark.browser

SIZES = {
    "laptop": {"width": 1280, "height": 720},
    "hall": {"width": 1920, "height": 1080},
    "phone": {"width": 390, "height": 844},
}
PAGES = ["", "curvature", "regularization", "backpropagation?hidden=3&steps=30", "slope", "area", "recurrence"]
# Every shift of what was there already, by the browser's own measure, with what moved; and where the question stood in
# each frame in which it could be seen.
WATCH = """
window.shifts = [];
const named = ({ node, previousRect: a, currentRect: b }) => [node?.className, a.x, a.y, b.x, b.y].join(" ");
new PerformanceObserver(list => window.shifts.push(...list.getEntries().map(e => [e.value, ...e.sources.map(named)])))
    .observe({type: "layout-shift", buffered: true});
window.places = new Set();
const look = () => {
    const title = document.querySelector("h1");
    const { top } = title?.getBoundingClientRect() ?? {};
    if (title?.checkVisibility({ visibilityProperty: true })) places.add(`${top} ${getComputedStyle(title).fontSize}`);
    requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
# A page of A4 on its side, between its margins.
PAPER = {"width": 1040, "height": 700}


@pytest.mark.fresh
@pytest.mark.parametrize(
    ("address", "screen"),
    [("", "laptop"), ("slope", "laptop"), ("curvature", "hall"), ("regularization", "phone")],
)
def test_nothing_moves_while_a_page_loads(page: Page, app_url: str, address: str, screen: str) -> None:
    page.set_viewport_size(SIZES[screen])
    # Of a phone its browser tells; other screens are known from the last visit.
    page.context.add_cookies([{"name": COOKIE, "value": screen, "url": app_url}])
    page.add_init_script(WATCH)
    page.goto(f"{app_url}/{address}")
    page.locator(".js-plotly-plot.played").first.wait_for(timeout=60_000)
    settle(page)
    assert len(page.evaluate("() => [...places]")) == 1
    shifts = page.evaluate("() => window.shifts")
    assert sum(value for value, *_ in shifts) < 0.02, shifts


def place(page: Page, selector: str) -> dict[str, Any]:
    return page.locator(selector).first.bounding_box()


def test_stage_and_play_bar_have_one_place_on_all_pages(page: Page, app_url: str) -> None:
    places = set()
    for address in PAGES:
        open_chart(page, f"{app_url}/{address}", ".js-plotly-plot")
        # A tab that others have had may be further down.
        page.evaluate("() => document.querySelector('.stMain').scrollTo(0, 0)")
        stage, bar = place(page, ".js-plotly-plot"), place(page, ".player")
        places.add(tuple(round(box[side]) for box in (stage, bar) for side in ("x", "y", "width", "height")))
        assert bar["y"] + bar["height"] <= 720
    assert len(places) == 1, places


@pytest.mark.parametrize(
    "address", ["", "backpropagation?view=step", "regularization?view=stopping", "slope?view=plane"]
)
def test_what_can_be_held_is_whole_under_the_stage(page: Page, app_url: str, address: str) -> None:
    open_chart(page, f"{app_url}/{address}", ".js-plotly-plot")
    settle(page)
    handles = [each.bounding_box() for each in page.locator(".handle").all()]
    assert len(handles) >= 2
    assert all(box["y"] + box["height"] <= 720 for box in handles), handles
    # And the first line of what is said.
    assert place(page, ".caption")["y"] + 24 <= 720


@pytest.mark.parametrize("address", ["", "slope?view=plane", "curvature?view=order", "area?view=points"])
def test_the_room_of_the_play_bar_is_as_high_as_it_on_a_phone(page: Page, app_url: str, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_chart(page, f"{app_url}/{address}", ".js-plotly-plot[data-screen=phone]")
    settle(page)
    room, filled = place(page, "[class*=st-key-bar]")["height"], place(page, ".host")["height"]
    assert 0 <= room - filled <= 4
    lines = page.locator(".caption").evaluate("e => e.scrollHeight / 24")
    assert lines * 24 <= place(page, ".caption")["height"] + 4


@pytest.mark.fresh
def test_the_drawer_takes_the_stage_its_room(page: Page, app_url: str) -> None:
    def stands(width: int, height: int) -> bool:
        # One chart takes another's place meanwhile.
        boxes = [each.bounding_box() for each in page.locator(".js-plotly-plot").all()]
        return any(box and box["width"] > width and round(box["height"]) == height for box in boxes)

    page.set_viewport_size({"width": 820, "height": 1180})
    open_chart(page, app_url, ".js-plotly-plot[data-screen=tablet]")
    high = round(TABLET * STANDARD["phone"][1])
    assert stands(450, high)
    # Its square map takes the room that it has.
    across, up = page.eval_on_selector(
        ".js-plotly-plot", "gd => [gd._fullLayout.xaxis._length, gd._fullLayout.yaxis._length]"
    )
    assert across == pytest.approx(up)
    assert across >= 340
    # Its button is seen while the drawer is pointed at.
    page.get_by_test_id("stSidebar").hover()
    page.get_by_test_id("stSidebarCollapseButton").locator("button").click()
    until(page, lambda: stands(750, STANDARD["laptop"][1]))
    page.get_by_test_id("stExpandSidebarButton").click()
    until(page, lambda: stands(450, high))


def test_a_tab_has_all_its_sides_where_tabs_wrap(page: Page, app_url: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_chart(page, f"{app_url}/area", ".js-plotly-plot")
    for tab in page.locator(".st-key-views [role=radio]").all():
        box = tab.bounding_box()
        over = "([x, y]) => document.elementFromPoint(x, y).closest('[role=radio]')?.textContent"
        # Nothing lies over its last pixel but the next one's own side.
        at = page.evaluate(over, [box["x"] + box["width"] - 0.6, box["y"] + box["height"] / 2])
        assert at is not None
        assert tab.evaluate("e => getComputedStyle(e).borderRightWidth") == "1px"
        assert tab.evaluate("e => getComputedStyle(e).borderRightStyle") == "solid"
        assert tab.evaluate("e => getComputedStyle(e).marginRight") == "0px"


def test_the_product_says_what_it_is(page: Page, app_url: str) -> None:
    open_chart(page, app_url, ".js-plotly-plot")
    said = page.locator(".st-key-frame p")
    assert said.inner_text() == f"{NAME}. {ABOUT}"
    box = said.bounding_box()
    assert box["y"] + box["height"] <= place(page, "h1")["y"]


def test_on_a_phone_all_views_are_seen(page: Page, app_url: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_chart(page, f"{app_url}/area", ".js-plotly-plot")
    tabs = page.locator(".st-key-views [role=radio]")
    for i in range(tabs.count()):
        box = tabs.nth(i).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


def gap(box: dict[str, float], point: tuple[float, float]) -> float:
    """How far a box is from a point."""
    x, y = point
    across = max(box["x"] - x, x - box["x"] - box["width"], 0)
    return float(np.hypot(across, max(box["y"] - y, y - box["y"] - box["height"], 0)))


def playing(page: Page) -> bool:
    return page.locator("[data-do=play][aria-label=Pause]").count() > 0


@pytest.mark.fresh
def test_a_page_plays_once_by_itself_and_rests(page: Page, app_url: str) -> None:
    page.emulate_media(reduced_motion="no-preference")
    page.goto(f"{app_url}/regularization")
    page.locator("[data-do=play][aria-label=Pause]").wait_for(timeout=60_000)
    # It comes to where a weight has just become zero, also where the player is put up anew meanwhile.
    expect(page.locator(".caption")).to_contain_text("exactly 0", timeout=30_000)
    until(page, lambda: not playing(page))
    assert query(page) == {}
    page.reload()
    page.locator(".js-plotly-plot.played").first.wait_for(timeout=60_000)
    settle(page)
    assert not playing(page)


@pytest.mark.fresh
def test_a_link_that_names_a_step_rests_there(page: Page, app_url: str) -> None:
    page.emulate_media(reduced_motion="no-preference")
    page.goto(f"{app_url}/?steps=60&at=10")
    page.locator(".js-plotly-plot.played").first.wait_for(timeout=60_000)
    settle(page)
    assert not playing(page)
    assert page.locator(".player output").inner_text() == "step 10 of 60"


@pytest.mark.fresh
def test_a_callout_says_once_what_can_be_dragged(page: Page, app_url: str) -> None:
    graph = ".st-key-stage-race .js-plotly-plot"
    open_chart(page, app_url, graph)
    page.evaluate("() => localStorage.clear()")
    reload(page, graph)
    callout = page.locator(".callout")
    expect(callout).to_have_text("Drag this")
    x, y = pixel(page, graph, -1.2, 1.0)
    box = callout.bounding_box()
    right, low = box["x"] + box["width"], box["y"] + box["height"]
    # Beside the start, and over no words.
    assert 8 < gap(box, (x, y)) < 30
    words = [each.bounding_box() for each in page.locator(f"{graph} .textpoint").all()]
    assert words
    for word in words:
        apart = word["x"] >= right or word["x"] + word["width"] <= box["x"]
        assert apart or word["y"] >= low or word["y"] + word["height"] <= box["y"]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 20, steps=4)
    page.mouse.up()
    expect(callout).to_have_count(0)
    reload(page, graph)
    expect(callout).to_have_count(0)


def test_names_stand_at_the_ends_of_paths_while_nothing_moves(page: Page, app_url: str) -> None:
    graph = ".st-key-stage-race .js-plotly-plot"
    page.set_viewport_size(SIZES["hall"])
    open_chart(page, app_url, graph)
    named = page.locator(f"{graph} .names span")
    expect(named).to_have_text(["Gradient descent", "Momentum", "Adam", "Newton"])
    # Newton stands at the minimum, and its name beside it.
    x, y = pixel(page, graph, 1.0, 1.0)
    box = named.nth(3).bounding_box()
    assert (
        np.hypot(max(box["x"] - x, x - box["x"] - box["width"], 0), max(box["y"] - y, y - box["y"] - box["height"], 0))
        < 30
    )
    boxes = [each.bounding_box() for each in named.all()]
    for one, other in combinations(boxes, 2):
        apart = one["x"] >= other["x"] + other["width"] or other["x"] >= one["x"] + one["width"]
        assert apart or one["y"] >= other["y"] + other["height"] or other["y"] >= one["y"] + one["height"]
    page.locator("[data-do=play]").first.click()
    expect(named).to_have_count(0)
    page.locator("[data-do=play]").first.click()
    expect(named.first).to_be_visible()
    # Of more methods than four none is named on the map.
    open_chart(page, f"{app_url}/?methods=gradient_descent,momentum,adam,newton,rmsprop&steps=20", graph)
    settle(page)
    expect(named).to_have_count(0)


@pytest.mark.fresh
@pytest.mark.parametrize("address", ["", "basins"])
def test_nothing_moves_on_the_first_visit_in_a_narrow_window(page: Page, app_url: str, address: str) -> None:
    page.set_viewport_size({"width": 600, "height": 800})
    page.context.clear_cookies()
    page.add_init_script(WATCH)
    page.goto(f"{app_url}/{address}")
    page.locator(".js-plotly-plot.played[data-screen=phone]").first.wait_for(timeout=60_000)
    settle(page)
    shifts = page.evaluate("() => window.shifts")
    assert sum(value for value, *_ in shifts) < 0.02, shifts


@pytest.mark.parametrize("width", [600, 700, 1280])
@pytest.mark.parametrize("address", ["", "basins"])
def test_tools_lie_over_nothing(page: Page, app_url: str, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_chart(page, f"{app_url}/{address}", ".js-plotly-plot")
    settle(page)
    tools = page.locator(".tools").first.bounding_box()
    parts = [each.bounding_box() for each in page.locator(".player > *:visible").all()]
    words = page.locator(".caption").first.evaluate("""caption => {
        const range = document.createRange();
        range.selectNodeContents(caption);
        return [...range.getClientRects()].map(({ x, y, width, height }) => ({ x, y, width, height })); }""")
    for box in filter(None, [*parts, *words]):
        apart = box["x"] + box["width"] <= tools["x"] or box["y"] >= tools["y"] + tools["height"]
        assert apart, (box, tools)


@pytest.mark.fresh
def test_a_chart_follows_when_the_theme_turns_dark(page: Page, app_url: str) -> None:
    graph = ".st-key-stage-race .js-plotly-plot"
    open_chart(page, app_url, graph)
    ink = "gd => gd._fullLayout?.font.color"
    assert page.eval_on_selector(graph, ink) == THEMES["light"].ink
    settle(page)
    page.emulate_media(color_scheme="dark")
    until(page, lambda: page.eval_on_selector(graph, ink) == THEMES["dark"].ink)
    page.emulate_media(color_scheme="light")
    until(page, lambda: page.eval_on_selector(graph, ink) == THEMES["light"].ink)


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_print_has_the_question_the_stage_and_the_link(page: Page, app_url: str, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    open_chart(page, f"{app_url}/regularization?at=30", ".js-plotly-plot")
    page.emulate_media(media="print")
    page.set_viewport_size(PAPER)
    link = page.locator("#link")
    expect(link).to_have_text(page.url)
    for shown in ("h1", ".js-plotly-plot", ".caption", "#link"):
        expect(page.locator(shown).first).to_be_visible()
        box = place(page, shown)
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PAPER["width"]
        assert box["y"] + box["height"] <= PAPER["height"]
    for hidden in ("[data-testid=stSidebar]", ".st-key-views", ".player", ".st-key-rest"):
        expect(page.locator(hidden).first).to_be_hidden()
    page.emulate_media(media="screen")
    expect(link).to_be_hidden()


def test_no_letter_does_anything_to_the_page(page: Page, app_url: str) -> None:
    open_chart(page, app_url, ".js-plotly-plot")
    heard, url = page.heard, page.url
    for letter in "abcdefghijklmnopqrstuvwxyz":
        page.keyboard.press(letter)
    settle(page)
    assert (page.heard, page.url) == (heard, url)
    assert page.get_by_role("dialog").count() == 0
