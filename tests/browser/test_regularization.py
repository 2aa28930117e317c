"""The Regularization page in a real browser: one slider moves everything, without the server, and the URL keeps it."""

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from landscape.regularization.penalties import PENALTIES
from landscape.regularization.two_weights import TWO_WEIGHTS
from pages.regularization import PAGE
from tests.browser.steps import open_chart, pixel, query, settle

pytestmark = pytest.mark.browser
VIEWS = {view.key: view for view in PAGE.views}

GRAPH = "[class*=st-key-stage] .js-plotly-plot"


def open_view(page: Page, app_url: str, view: str = "weights", rest: str = "") -> None:
    open_chart(page, f"{app_url}/regularization?view={view}{rest}", GRAPH)


def marks(page: Page, name: str, axis: str) -> np.ndarray:
    """Where the marks of a moving trace are drawn, in data coordinates, read back from their pixels."""
    script = """(gd, [name, axis]) => {
        const trace = gd._fullData.find(t => t.name === name && t.xaxis === axis);
        const [xa, ya] = [trace.xaxis, trace.yaxis].map(id => gd._fullLayout[`${id[0]}axis${id.slice(1)}`]);
        return [...gd.querySelectorAll(`.trace${trace.uid} path.point`)].map(p => {
            const [x, y] = p.getAttribute("transform").match(/-?[0-9.]+/g).map(Number);
            return [xa.p2d(x), ya.p2d(y)]; }); }"""
    return np.array(page.eval_on_selector(GRAPH, script, [name, axis]))


def drawn(page: Page, name: str, axis: str) -> np.ndarray:
    """The points of a moving line as drawn, in data coordinates."""
    script = """(gd, [name, axis]) => {
        const trace = gd._fullData.find(t => t.name === name && t.xaxis === axis);
        const [xa, ya] = [trace.xaxis, trace.yaxis].map(id => gd._fullLayout[`${id[0]}axis${id.slice(1)}`]);
        const paths = gd.querySelectorAll(`.trace${trace.uid} path.js-line`);
        if (paths.length !== 1) throw new Error(`${paths.length} paths`);
        const numbers = paths[0].getAttribute("d").match(/-?[0-9.]+/g).map(Number);
        return Array.from({length: numbers.length / 2}, (_, k) => [xa.p2d(numbers[2 * k]), ya.p2d(numbers[2 * k + 1])]);
    }"""
    return np.array(page.eval_on_selector(GRAPH, script, [name, axis]))


def slide(page: Page, frame: int) -> None:
    page.get_by_label("Play head").fill(str(frame))


def strength(page: Page, frame: int) -> float:
    return float(page.eval_on_selector(GRAPH, "(gd, k) => gd.layout.meta.times[k]", frame))


@pytest.mark.parametrize("view", VIEWS)
def test_the_stage_is_whole_and_plays(page: Page, app_url: str, view: str) -> None:
    open_view(page, app_url, view)
    expect(page.get_by_role("heading", name=VIEWS[view].question)).to_be_visible()
    caption = page.locator("p.caption")
    box = caption.bounding_box()
    assert box["y"] + box["height"] <= 720
    assert page.eval_on_selector(GRAPH, "gd => gd.getBoundingClientRect().top") >= 0
    slide(page, 0)
    clock = page.locator(".player output")
    before = clock.inner_text()
    page.get_by_label("Speed").select_option("0.25")
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(900)
    assert int(page.get_by_label("Play head").input_value()) > 0
    assert clock.inner_text() != before


@pytest.mark.parametrize("penalty", PENALTIES)
def test_one_slider_moves_everything_without_the_server(page: Page, app_url: str, penalty: str) -> None:
    open_view(page, app_url, "weights", f"&penalty={penalty}")
    received: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: received.append(len(data))))
    smooth = TWO_WEIGHTS["correlated"].loss()
    unit = PENALTIES[penalty](1.0)
    for frame in (20, 45):
        slide(page, frame)
        at = strength(page, frame)
        (w,) = marks(page, "minimum at λ", "x")
        assert np.allclose(marks(page, "minimum at λ", "x2"), w, atol=0.02)
        assert np.linalg.norm((smooth + PENALTIES[penalty](at)).gradient(w)) < 0.1
        # The level curve of the loss and the edge of the ball both pass through the minimum.
        ball, level = drawn(page, "ball: penalty ≤ t", "x"), drawn(page, "loss through the minimum", "x")
        assert np.allclose(unit.value(ball), unit.value(w), atol=0.03)
        assert np.allclose(smooth.value(level), smooth.value(w), atol=0.05)
        weights = marks(page, "weights at λ", "x3")
        assert np.allclose(weights[:, 0], at, atol=0.02 * strength(page, 100))
        assert np.allclose(weights[:, 1], w, atol=0.05)
    assert received == []


def test_the_caption_says_when_a_weight_is_exactly_zero(page: Page, app_url: str) -> None:
    open_view(page, app_url)
    slide(page, 10)
    expect(page.locator("p.caption")).to_contain_text("Neither weight is zero")
    slide(page, 80)
    expect(page.locator("p.caption")).to_contain_text("w₂ is exactly 0 since λ = 1.22")
    expect(page.locator(".player output")).to_have_text(f"λ = {strength(page, 80):.3g}")


def test_the_fitted_curve_slides(page: Page, app_url: str) -> None:
    open_view(page, app_url, "fit")
    slide(page, 73)
    stiff = drawn(page, "fit", "x")
    slide(page, 0)
    wild = drawn(page, "fit", "x")
    assert np.abs(np.diff(stiff[:, 1])).max() < 0.1 < np.abs(np.diff(wild[:, 1])).max()
    contours = page.locator(f"{GRAPH} .scatterlayer path.point")
    assert contours.count() > 200


def test_a_click_on_the_map_sets_the_start(page: Page, app_url: str) -> None:
    open_view(page, app_url, "methods")
    left, top = pixel(page, GRAPH, 1.5, 1.0)
    page.mouse.click(round(left), round(top))
    expect(page).to_have_url(re.compile("x="), timeout=10_000)
    settle(page)
    start = np.array([float(query(page)["x"]), float(query(page)["y"])])
    assert np.abs(np.array(pixel(page, GRAPH, *start)) - [round(left), round(top)]).max() <= 0.6


def test_the_url_alone_restores_the_view_in_a_fresh_browser(page: Page, chromium: Any, app_url: str) -> None:
    open_view(page, app_url, "weights", "&penalty=elastic_net&penalty.elastic_net.ratio=0.8")
    slide(page, 30)
    expect(page).to_have_url(re.compile("at="), timeout=10_000)
    settle(page)
    other = chromium.new_context(viewport={"width": 1280, "height": 720}).new_page()
    other.goto(page.url)
    other.wait_for_selector(f"{GRAPH}.played", timeout=60_000)
    settle(other)
    assert other.get_by_label("Play head").input_value() == "30"
    assert np.allclose(marks(other, "minimum at λ", "x"), marks(page, "minimum at λ", "x"), atol=0.01)
    assert query(other) == query(page)
    other.context.close()


def test_the_end_of_the_slider_outlives_a_reload_and_another_view_begins_anew(page: Page, app_url: str) -> None:
    open_view(page, app_url)
    slide(page, 100)
    expect(page).to_have_url(re.compile("at="), timeout=10_000)
    settle(page)
    page.reload()
    page.wait_for_selector(f"{GRAPH}.played", timeout=60_000)
    settle(page)
    assert page.get_by_label("Play head").input_value() == "100"
    page.get_by_role("radio", name="Over-fitting").click()
    expect(page.get_by_role("heading", name=VIEWS["fit"].question)).to_be_visible(timeout=20_000)
    settle(page)
    page.wait_for_timeout(500)
    assert "at" not in query(page)
    assert 0 < int(page.get_by_label("Play head").input_value()) < 73


def test_a_phone_gets_the_panels_stacked(page: Page, app_url: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for view in VIEWS:
        open_view(page, app_url, view)
        page.wait_for_function(f"() => document.querySelector('{GRAPH}')._fullLayout.yaxis.domain[0] > 0.3")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_chart_says_in_words_what_it_shows(page: Page, app_url: str) -> None:
    open_view(page, app_url)
    words = page.locator("[class*=st-key-stage] [role=figure]").get_attribute("aria-label")
    assert "w₂ is exactly zero from λ = 1.22 on" in words
