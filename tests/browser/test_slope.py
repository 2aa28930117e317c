"""What is held on the Slope page follows in the browser as Python has it."""

from typing import Any

import numpy as np
import pytest

from landscape.calculus.curves import CURVES
from landscape.calculus.expansions import partial_sums, taylor
from landscape.calculus.guesses import PLACES, slope_places
from landscape.calculus.paths import KNOTS
from landscape.dashboard.kit.strokes import opened
from landscape.figures.calculus.common import across, range_with_zero
from landscape.surfaces import SURFACES
from tests.browser.steps import open_chart, pixel, query, settle

pytestmark = pytest.mark.browser

GRAPH = ".js-plotly-plot"


def painted(page: Any, name: str) -> np.ndarray:
    """The corners of a line of the first panel, in data coordinates, as it is painted."""
    script = """(gd, name) => {
        const full = gd._fullData.find(t => t.name === name);
        const path = gd.querySelector(`.trace${full.uid} path.js-line`).getAttribute("d");
        const [x, y] = [gd._fullLayout.xaxis, gd._fullLayout.yaxis];
        return path.slice(1).split("L").map(pair => pair.split(",").map(Number)).map(([a, b]) => [x.p2d(a), y.p2d(b)]);
    }"""
    return np.array(page.eval_on_selector(GRAPH, script, name))


def take(page: Any, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*pixel(page, GRAPH, *start))
    page.mouse.down()
    page.mouse.move(*pixel(page, GRAPH, *end), steps=6)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 30)))")


def test_the_tangent_follows_the_point_that_is_dragged(page: Any, app_url: str) -> None:
    open_chart(page, f"{app_url}/slope", GRAPH)
    curve = CURVES["wave"]
    take(page, (6.0, float(curve.value(np.array(6.0)))), (-3.0, 4.0))
    line = painted(page, "tangent")
    page.mouse.up()
    settle(page)
    # Where the pointer was, to the pixel.
    x = float(query(page)["x"])
    assert x == pytest.approx(-3.0, abs=0.05)
    slope, value = curve.slope(np.array(x)), curve.value(np.array(x))
    np.testing.assert_allclose(line[:, 1], value + slope * (line[:, 0] - x), atol=0.02)


def test_the_polynomials_follow_the_point_they_are_about(page: Any, app_url: str) -> None:
    open_chart(page, f"{app_url}/slope?view=taylor&curve=sine&about=1", GRAPH)
    curve = CURVES["sine"]
    take(page, (1.0, float(np.sin(1.0))), (2.5, 0.5))
    line = painted(page, "orders 1, 2, 4, 8")
    page.mouse.up()
    settle(page)
    about = float(query(page)["about"])
    assert about == pytest.approx(2.5, abs=0.03)
    order_1 = partial_sums(taylor(curve.compiled, about, 1), about, line[:, 0])[1]
    np.testing.assert_allclose(line[:, 1], order_1, atol=0.005)


def test_a_slope_is_guessed_with_the_handle_and_revealed(page: Any, app_url: str) -> None:
    open_chart(page, f"{app_url}/slope?curve=sine&x=1&ask=1", GRAPH)
    handle = page.get_by_role("slider", name="your slope", exact=True)
    handle.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    line = painted(page, "your line")
    settle(page)
    guess = float(query(page)["slope"])
    assert guess > 0
    assert np.polyfit(*line.T, 1)[0] == pytest.approx(guess, abs=0.01)
    page.get_by_role("button", name="Reveal").click()
    page.get_by_text("The tangent's slope is").wait_for(timeout=30_000)
    settle(page)
    assert query(page)["shown"] == "1"


def test_a_slope_is_drawn_by_hand_and_mended_with_arrow_keys(page: Any, app_url: str) -> None:
    open_chart(page, f"{app_url}/slope?curve=sine&ask=1&asked=drawn", GRAPH)
    places = slope_places(CURVES["sine"])
    page.mouse.move(*pixel(page, GRAPH, -6.4, 1.0, "xaxis2"))
    page.mouse.down()
    for x in np.linspace(-6.4, 6.4, 60):
        page.mouse.move(*pixel(page, GRAPH, x, np.cos(x), "xaxis2"))
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 30)))")
    page.mouse.up()
    settle(page)
    curve = CURVES["sine"]
    spans = np.array([range_with_zero(curve.slope(across(curve)))] * PLACES)
    heights = opened(query(page)["drawn"], spans)
    # A pixel is a hundredth or two; between two frames the hand may be off by more.
    assert np.abs(heights - np.cos(places)).max() < 0.15
    # The hand ended at the last point, which stays the one that keys move.
    page.locator(GRAPH).focus()
    for key in ("ArrowLeft", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
    before = query(page)["drawn"]
    page.wait_for_function("before => new URL(location).searchParams.get('drawn') !== before", arg=before)
    moved = opened(query(page)["drawn"], spans) - heights
    assert np.flatnonzero(np.abs(moved) > 0.01).tolist() == [PLACES - 2]
    assert moved[-2] == pytest.approx(0.02 * np.ptp(spans[0]), rel=0.2)


def test_a_path_is_drawn_on_the_map_and_f_along_it_follows(page: Any, app_url: str) -> None:
    open_chart(page, f"{app_url}/slope?view=plane&byhand=1&px=2&py=-2", GRAPH)
    stroke = np.stack([np.linspace(-2.0, 2.0, 40), 1.5 * np.sin(np.linspace(-2.0, 2.0, 40))], axis=1)
    page.mouse.move(*pixel(page, GRAPH, *stroke[0]))
    page.mouse.down()
    for point in stroke:
        page.mouse.move(*pixel(page, GRAPH, *point))
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 30)))")
    line, said = painted(page, "path"), page.locator(".caption").text_content()
    page.mouse.up()
    settle(page)
    # The line is the stroke, a little smoother, and so is what the link has.
    off = [np.linalg.norm(stroke - at, axis=1).min() for at in line]
    assert max(off) < 0.1
    surface = SURFACES["peaks"]
    knots = opened(query(page)["way"], np.array([*surface.domain] * KNOTS)).reshape(KNOTS, 2)
    np.testing.assert_allclose(knots[[0, -1]], stroke[[0, -1]], atol=0.03)
    first, last = surface.value(knots[[0, -1]])
    gained = float(said.rpartition("gains ")[2].rstrip(".").replace("−", "-"))
    assert gained == pytest.approx(last - first, abs=0.05 * np.ptp(surface.value(line)))
    page.get_by_text("Along your path f goes from").first.wait_for(timeout=30_000)
