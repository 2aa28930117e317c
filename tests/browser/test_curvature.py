"""The Curvature page in a real browser: it plays step by step, takes clicks, and lives in its URL."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES
from landscape.theory.study import study
from tests.browser.steps import open_chart, pixel, query, settle

pytestmark = pytest.mark.browser


def open_view(page: Page, app_url: str, address: str, view: str) -> str:
    """Open a page by its address once the app is there; the chart's selector."""
    graph = f".st-key-stage-{view} .js-plotly-plot"
    open_chart(page, f"{app_url}/{address}", graph)
    return graph


def mark(page: Page, graph: str, name: str) -> np.ndarray:
    """Where a moving mark of the map is drawn, in data coordinates, read back from its pixels."""
    script = """(gd, name) => { const {xaxis, yaxis} = gd._fullLayout;
        const trace = gd._fullData.find(t => t.name === name && t.xaxis === "x");
        const path = gd.querySelector(`.trace${trace.uid} path.point`);
        const [x, y] = path.getAttribute("transform").match(/-?[0-9.]+/g).map(Number);
        return [xaxis.p2d(x), yaxis.p2d(y)]; }"""
    return np.array(page.eval_on_selector(graph, script, name))


def strokes(page: Page, graph: str, name: str) -> list[str]:
    script = """(gd, name) => { const trace = gd._fullData.find(t => t.name === name);
        return [...gd.querySelectorAll(`.trace${trace.uid} path.js-line`)].map(p => p.getAttribute("d")); }"""
    return list(page.eval_on_selector(graph, script, name))


def test_the_model_stage_is_whole_and_steps_from_model_to_model(page: Page, app_url: str) -> None:
    graph = open_view(page, app_url, "curvature?at=0", "model")
    caption = page.locator(".caption")
    box = caption.bounding_box()
    assert box["y"] + box["height"] <= 720
    surface = SURFACES["rosenbrock"]
    expected = study(surface, OPTIMIZERS["newton"](), np.array(surface.start), 30, 1e-10)
    assert caption.text_content().startswith("At (−1.2, 1) the curvatures are ")
    for k in range(3):
        assert np.allclose(mark(page, graph, "head"), expected.models.x[k], atol=0.02)
        assert np.allclose(mark(page, graph, "model's stationary point"), expected.centre[k], atol=0.02)
        drawn = strokes(page, graph, "its model")
        assert drawn[0].count("M") >= 5
        # A line with gaps is several paths to Plotly; none may be left standing from another frame.
        assert set(drawn[1:]) <= {"M0,0"}
        page.get_by_role("button", name="One step forward").click()
    assert "curvatures" in caption.text_content()


def test_where_the_held_model_has_no_numbers_none_are_said(page: Page, app_url: str) -> None:
    """The Hessian of (x + y)**2 is singular everywhere, so its model asks for no step."""
    graph = open_view(page, app_url, "curvature?surface=own&formula=(x%2By)%5E2&x=1&y=1", "model")
    page.mouse.move(*pixel(page, graph, 1, 1))
    page.mouse.down()
    page.mouse.move(*pixel(page, graph, 2, 1.5), steps=8)
    expect(page.locator(".caption")).to_have_css("opacity", "0.25")
    assert "nan" not in page.locator(".caption").text_content()
    page.mouse.up()


def test_a_head_off_the_map_is_marked_at_its_edge(page: Page, app_url: str) -> None:
    graph = open_view(page, app_url, "curvature?at=2", "model")
    assert "off the map" in page.locator(".caption").text_content()
    assert np.allclose(mark(page, graph, "off the map"), [0.763, -1], atol=0.02)
    seen = """(gd, name) => { const trace = gd._fullData.find(t => t.name === name && t.xaxis === "x");
        const { display } = getComputedStyle(gd.querySelector(`.trace${trace.uid} path.point`));
        return display !== "none"; }"""
    assert page.eval_on_selector(graph, seen, "off the map")
    assert not page.eval_on_selector(graph, seen, "head")
    page.get_by_role("button", name="One step forward").click()
    assert "off the map" not in page.locator(".caption").text_content()
    assert not page.eval_on_selector(graph, seen, "off the map")
    assert page.eval_on_selector(graph, seen, "head")


def test_a_short_run_plays_slowly_enough_to_follow(page: Page, app_url: str) -> None:
    open_view(page, app_url, "curvature?at=0", "model")
    script = """(range) => new Promise((done) => {
        range.getRootNode().querySelector("[data-do=play]").click();
        const begin = performance.now();
        const look = () => Number(range.value) >= 3 ? done(performance.now() - begin) : requestAnimationFrame(look);
        look(); })"""
    # The play head goes by the clock, so three steps take no less however slow the browser is.
    assert page.get_by_label("Play head").evaluate(script) > 900


def test_a_click_on_the_map_starts_there_and_the_url_keeps_it(page: Page, app_url: str) -> None:
    graph = open_view(page, app_url, "curvature", "model")
    page.mouse.click(*pixel(page, graph, 0.5, 2.0))
    settle(page)
    asked = query(page)
    assert float(asked["x"]) == pytest.approx(0.5, abs=0.02)
    assert float(asked["y"]) == pytest.approx(2.0, abs=0.02)
    # Without the step that the run has come to.
    link = f"{app_url}/curvature?x={asked['x']}&y={asked['y']}&at=0"
    open_view(page, app_url, "curvature?at=0", "model")
    assert np.allclose(mark(page, graph, "head"), SURFACES["rosenbrock"].start, atol=0.02)
    open_chart(page, link, graph)
    assert np.allclose(mark(page, graph, "head"), [float(asked["x"]), float(asked["y"])], atol=0.02)


def test_a_stage_that_takes_another_s_place_moves_nothing(page: Page, app_url: str) -> None:
    graph = open_view(page, app_url, "curvature", "model")
    page.evaluate(
        """() => { const places = window.places = new Set();
        (function look() {
            if (window.places !== places) return;
            places.add(Math.round(document.querySelector(".st-key-bar-said").getBoundingClientRect().top));
            requestAnimationFrame(look);
        })(); }"""
    )
    # Nobody has started there before: the run takes a while.
    page.mouse.move(*pixel(page, graph, -1.2, 1))
    page.mouse.down()
    page.mouse.move(*pixel(page, graph, 0.4371, 2.1893), steps=4)
    page.mouse.up()
    settle(page)
    assert "x" in query(page)
    assert len(page.evaluate("() => { const seen = [...places]; window.places = null; return seen; }")) == 1


def test_what_was_promised_and_what_came_of_it_follow_the_start(page: Page, app_url: str) -> None:
    graph = open_view(page, app_url, "curvature?at=end", "model")
    heard = page.heard
    page.mouse.move(*pixel(page, graph, *SURFACES["rosenbrock"].start))
    page.mouse.down()
    page.mouse.move(*pixel(page, graph, 0.5, 2.0), steps=5)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 30)))")
    script = """gd => { const trace = gd._fullData.find(t => t.name === "actual"), { xaxis2, yaxis2 } = gd._fullLayout;
        const path = gd.querySelector(`.trace${trace.uid} path.js-line`).getAttribute("d");
        const points = path.slice(1).split("L").map(pair => pair.split(",").map(Number));
        return points.map(([x, y]) => [xaxis2.p2d(x), yaxis2.p2d(y)]); }"""
    steps, gains = np.array(page.eval_on_selector(graph, script)).T
    assert page.heard == heard
    page.mouse.up()
    settle(page)
    start = np.array([float(query(page)[name]) for name in "xy"])
    seen = study(SURFACES["rosenbrock"], OPTIMIZERS["newton"](), start, 30, 1e-10)
    expected = np.abs(seen.models.actual)
    big = expected[np.rint(steps).astype(int) - 1] > 1e-9
    assert big.sum() >= 3
    assert np.allclose(gains[big], expected[np.rint(steps[big]).astype(int) - 1], rtol=0.1)


def test_a_click_on_the_regime_map_moves_the_run(page: Page, app_url: str) -> None:
    graph = open_view(page, app_url, "curvature?view=stability", "stability")
    caption = page.locator(".caption").text_content()
    assert "Predicted: stable below a rate of 2(1+μ)/λmax = 0.3. Here 0.7071" in caption
    assert "Measured: 0.7" in caption
    page.mouse.click(*pixel(page, graph, 0.02, 0.8))
    settle(page)
    asked = query(page)
    assert float(asked["method.momentum.lr"]) == pytest.approx(0.02, rel=0.02)
    assert float(asked["method.momentum.momentum"]) == pytest.approx(0.8, abs=0.01)
    page.mouse.click(*pixel(page, graph, 0.9, 0.2))
    settle(page)
    # A click sets the run going; what came of it is said at its end.
    head = page.get_by_label("Play head")
    head.fill(head.get_attribute("max"))
    assert page.locator(".caption").text_content().endswith("it diverged.")


def test_switching_views_mounts_the_player_on_the_new_chart(page: Page, app_url: str) -> None:
    open_view(page, app_url, "curvature", "model")
    page.get_by_role("radio", name="Order").or_(page.get_by_role("button", name="Order")).first.click()
    page.wait_for_selector(".st-key-stage-order .js-plotly-plot.played", timeout=60_000)
    settle(page)
    assert page.locator("output").count() == 1
    page.get_by_label("Play head").fill("0")
    page.get_by_role("button", name="One step forward").click()
    assert page.locator("output").text_content().startswith("step 1 of ")


def test_the_chart_says_in_words_what_it_shows(page: Page, app_url: str) -> None:
    open_view(page, app_url, "curvature", "model")
    words = page.locator(".st-key-stage-model [role=figure]").get_attribute("aria-label")
    assert "Newton converged at step" in words
