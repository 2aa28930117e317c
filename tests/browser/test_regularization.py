"""The Regularization page in a real browser: one slider moves everything, without the server, and the URL keeps it."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from landscape.dashboard.regularization.penalised import Loss, StoppingTerms, stopping
from landscape.figures.regularization.contest import FLOOR, ZERO
from landscape.numbers import short
from landscape.optimizers import OPTIMIZERS
from landscape.regularization.contest import contend
from landscape.regularization.early_stopping import EarlyStopping
from landscape.regularization.paths import solution_path
from landscape.regularization.penalties import PENALTIES
from landscape.regularization.two_weights import TWO_WEIGHTS
from pages.regularization import PAGE
from tests.browser.steps import open_chart, pixel, query, reload, settle, under_way, until

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


# The last frame of two weights.
LAST = 50


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
    under_way(page)
    assert clock.inner_text() != before


@pytest.mark.parametrize("penalty", PENALTIES)
def test_one_slider_moves_everything_without_the_server(page: Page, app_url: str, penalty: str) -> None:
    open_view(page, app_url, "weights", f"&penalty={penalty}")
    heard = page.heard
    smooth = TWO_WEIGHTS["correlated"].loss()
    unit = PENALTIES[penalty](1.0)
    for frame in (10, 22):
        # As a hand that does not let go.
        page.get_by_label("Play head").evaluate(
            "(range, to) => { range.value = to; range.dispatchEvent(new Event('input')); }", frame
        )
        at = strength(page, frame)
        (w,) = marks(page, "minimum at λ", "x")
        assert np.linalg.norm((smooth + PENALTIES[penalty](at)).gradient(w)) < 0.1
        # The level curve of the loss and the edge of the ball both pass through the minimum.
        ball, level = drawn(page, "ball: penalty ≤ t", "x"), drawn(page, "loss through the minimum", "x")
        assert np.allclose(unit.value(ball), unit.value(w), atol=0.03)
        assert np.allclose(smooth.value(level), smooth.value(w), atol=0.05)
        weights = marks(page, "weights at λ", "x2")
        assert np.allclose(weights[:, 0], at, atol=0.02 * strength(page, LAST))
        assert np.allclose(weights[:, 1], w, atol=0.05)
    assert page.heard == heard


def test_the_caption_says_when_a_weight_is_exactly_zero(page: Page, app_url: str) -> None:
    open_view(page, app_url)
    slide(page, 5)
    expect(page.locator("p.caption")).to_contain_text("Neither weight is zero")
    slide(page, 40)
    expect(page.locator("p.caption")).to_contain_text("w₂ is exactly 0 since λ = 1.22")
    expect(page.locator(".player output")).to_have_text(f"λ = {strength(page, 40):.3g}")


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
    expect(page).to_have_url(re.compile("x="))
    settle(page)
    start = np.array([float(query(page)["x"]), float(query(page)["y"])])
    assert np.abs(np.array(pixel(page, GRAPH, *start)) - [round(left), round(top)]).max() <= 0.6


def test_the_url_alone_restores_the_view_in_a_fresh_tab(page: Page, app_url: str) -> None:
    open_view(page, app_url, "weights", "&penalty=elastic_net&penalty.elastic_net.ratio=0.8")
    slide(page, 30)
    expect(page).to_have_url(re.compile("at="))
    settle(page)
    other = page.context.new_page()
    open_chart(other, page.url, GRAPH)
    assert other.get_by_label("Play head").input_value() == "30"
    assert np.allclose(marks(other, "minimum at λ", "x"), marks(page, "minimum at λ", "x"), atol=0.01)
    assert query(other) == query(page)
    other.close()


def test_the_end_of_the_slider_outlives_a_reload_and_another_view_begins_anew(page: Page, app_url: str) -> None:
    open_view(page, app_url)
    slide(page, LAST)
    expect(page).to_have_url(re.compile("at="))
    settle(page)
    reload(page, GRAPH)
    assert page.get_by_label("Play head").input_value() == str(LAST)
    page.get_by_role("radio", name="Overfitting").click()
    expect(page.get_by_role("heading", name=VIEWS["fit"].question)).to_be_visible()
    until(page, lambda: "at" not in query(page))
    settle(page)
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


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Press at a point of the first panel and move to another; the button stays down."""
    page.mouse.move(*pixel(page, GRAPH, *start))
    page.mouse.down()
    page.mouse.move(*pixel(page, GRAPH, *end), steps=6)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 30)))")


def test_the_true_weights_are_dragged_and_all_follows_without_the_server(page: Page, app_url: str) -> None:
    open_view(page, app_url, "weights", "&penalty=elastic_net")
    frame, unit = int(page.get_by_label("Play head").input_value()), PENALTIES["elastic_net"](1.0)
    at, heard = strength(page, frame), page.heard
    drag(page, (2.0, 0.8), (0.9, 1.4))
    (w,), ball = marks(page, "minimum at λ", "x"), drawn(page, "ball: penalty ≤ t", "x")
    level, path = drawn(page, "loss through the minimum", "x"), drawn(page, "minimum as λ grows", "x")
    said = page.locator("p.caption").inner_text()
    assert page.heard == heard
    page.mouse.up()
    expect(page).to_have_url(re.compile("loss.correlated.w1="), timeout=30_000)
    settle(page)
    true = {name: float(query(page)[f"loss.correlated.{name}"]) for name in ("w1", "w2")}
    assert (true["w1"], true["w2"]) == pytest.approx((0.9, 1.4), abs=0.02)
    smooth = TWO_WEIGHTS["correlated"].loss(**true)
    (best,), _ = solution_path(smooth, unit, np.array([at]), 1 / smooth.curvature)
    assert np.allclose(w, best, atol=0.01)
    assert np.allclose(unit.value(ball), unit.value(best), atol=0.03)
    assert np.allclose(smooth.value(level), smooth.value(best), atol=0.05)
    lowest = np.linalg.solve(smooth.hessian(best), -smooth.gradient(np.zeros(2)))
    assert np.allclose(path[[0, -1]], [lowest, best], atol=0.01)
    assert said.startswith(f"At λ = {at:.3g} the minimum is w = ({best[0]:.3g}, {best[1]:.3g})")
    # What the server has drawn for them.
    (exact,) = marks(page, "λ = 0", "x")
    assert np.allclose(exact, lowest, atol=0.01)


def test_methods_run_from_the_start_that_is_dragged(page: Page, app_url: str) -> None:
    keys = ("proximal_gradient", "adam", "fista")
    open_view(page, app_url, "methods", f"&methods={','.join(keys)}&strength=0.5")
    begin = page.eval_on_selector(GRAPH, "gd => ['x', 'y'].map(name => gd.layout.meta.live.values[name].at)")
    heard = page.heard
    drag(page, begin, (1.0, 1.2))
    paths = {key: trail(page, OPTIMIZERS[key].title, "x") for key in keys}
    sizes = trail(page, OPTIMIZERS["fista"].title, "x2")
    assert page.heard == heard
    page.mouse.up()
    expect(page).to_have_url(re.compile("x="), timeout=30_000)
    settle(page)
    start = np.array([float(query(page)[name]) for name in "xy"])
    smooth = TWO_WEIGHTS["correlated"].loss()
    ran = contend(smooth, PENALTIES["l1"](0.5), keys, start, 120, 1 / smooth.curvature, smooth.curvature)
    for key in keys:
        assert np.abs(paths[key] - ran.runs[key].x).max() <= 0.01, key
    small = np.abs(ran.runs["fista"].x[:, ran.watched])
    assert np.allclose(sizes[:, 1], np.where(small == 0, ZERO, np.maximum(small, FLOOR)), rtol=0.5)


def test_words_that_cannot_follow_are_faint_while_the_start_is_held(page: Page, app_url: str) -> None:
    open_view(page, app_url, "methods", "&loss=nuclei")
    begin = page.eval_on_selector(GRAPH, "gd => ['x', 'y'].map(name => gd.layout.meta.live.values[name].at)")
    caption = page.locator("p.caption")
    drag(page, begin, (0.0, 0.0))
    assert float(caption.evaluate("p => getComputedStyle(p).opacity")) < 0.5
    page.mouse.up()
    expect(page).to_have_url(re.compile("x="), timeout=30_000)
    settle(page)
    assert float(caption.evaluate("p => getComputedStyle(p).opacity")) == 1


@pytest.mark.parametrize("how", ["mouse", "finger"])
def test_early_stopping_follows_the_data_that_is_dragged(page: Page, app_url: str, how: str) -> None:
    open_view(page, app_url, "stopping")
    frame, heard = int(page.get_by_label("Play head").input_value()), page.heard
    full = early(2.0, 0.8, 0.2, 0.5).full
    # Least squares itself is what is taken.
    if how == "mouse":
        drag(page, full, full + np.array([-1.1, 0.6]))
    else:
        touch(page, "touchStart", full)
        for share in (0.3, 0.7, 1.0):
            touch(page, "touchMove", full + share * np.array([-1.1, 0.6]))
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 30)))")
    stopped, ridge = trail(page, "gradient descent, stopped", "x"), marks(page, "heads", "x")
    nearest, said = trail(page, "nearest λ", "x2"), page.locator("p.caption").inner_text()
    assert page.heard == heard
    page.mouse.up() if how == "mouse" else touch(page, "touchEnd")
    expect(page).to_have_url(re.compile("loss.correlated.w1="), timeout=30_000)
    settle(page)
    true = [float(query(page)[f"loss.correlated.{name}"]) for name in ("w1", "w2")]
    assert true == pytest.approx((0.9, 1.4), abs=0.02)
    want = early(*true, 0.2, 0.5)
    close = 0.5 * by_pixel(page)
    assert np.abs(stopped[1:] - want.stopped[: frame + 1]).max() <= close
    assert np.abs(ridge[0] - want.ridge[frame]).max() <= close
    assert np.allclose(nearest[:, 1], want.strengths, rtol=0.02)
    t, strength = want.steps[frame], want.strengths[frame]
    assert said.startswith(f"Step {t:,} ends nearest to ridge with λ = {short(strength)}, ")
    # What the server has drawn for them.
    assert np.abs(trail(page, "gradient descent, stopped", "x")[1:] - want.stopped[: frame + 1]).max() <= close


@pytest.mark.parametrize("on", ["correlated", "ten"])
def test_decay_and_rate_of_early_stopping_have_handles_and_keys(page: Page, app_url: str, on: str) -> None:
    open_view(page, app_url, "stopping", f"&on={on}&decay=0.5")
    before, heard = trail(page, "decayed, to ridge", "x3"), page.heard
    handle = page.get_by_role("slider", name="Weight decay λ").last
    box = handle.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 80, box["y"] + box["height"] / 2, steps=4)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 30)))")
    decay = float(handle.get_attribute("aria-valuenow"))
    assert decay == pytest.approx(0.5 * 10**0.5, rel=0.02)
    held = trail(page, "decay", "x2")
    assert np.allclose(held[:, 1], decay, rtol=0.01)
    assert trail(page, "decayed, to ridge", "x3")[0, 1] != pytest.approx(before[0, 1], rel=0.02)
    assert page.heard == heard
    page.mouse.up()
    expect(page).to_have_url(re.compile(f"decay={decay:g}"), timeout=30_000)
    settle(page)
    rate = page.get_by_role("slider", name="Rate, in units of 1/L").last
    rate.focus()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(f"eta={rate.get_attribute('aria-valuenow')}"), timeout=30_000)


def early(w1: float, w2: float, share: float, decay: float) -> EarlyStopping:
    """What the view finds for two correlated columns."""
    settings = {name: knob.default for name, knob in TWO_WEIGHTS["correlated"].knobs.items()} | {"w1": w1, "w2": w2}
    return stopping(StoppingTerms(Loss("correlated", tuple(settings.items())), share, decay)).found


def by_pixel(page: Page) -> float:
    """How much of a weight a pixel of the first panel is."""
    return 1 / abs(pixel(page, GRAPH, 1, 0)[0] - pixel(page, GRAPH, 0, 0)[0])


def touch(page: Page, kind: str, *points: np.ndarray) -> None:
    """A finger on the first panel, at points of it."""
    if not hasattr(page, "finger"):
        page.finger = page.context.new_cdp_session(page)
    where = [dict(zip("xy", pixel(page, GRAPH, *point), strict=True)) for point in points]
    page.finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": where})


def trail(page: Page, title: str, axis: str) -> np.ndarray:
    """As `drawn`, of a method's line, in data coordinates of axes that may be logarithmic."""
    script = """(gd, [title, axis]) => {
        const trace = gd._fullData.find(t => t.name.startsWith(title) && t.xaxis === axis && t.mode === "lines");
        const [xa, ya] = [trace.xaxis, trace.yaxis].map(id => gd._fullLayout[`${id[0]}axis${id.slice(1)}`]);
        const path = gd.querySelector(`.trace${trace.uid} path.js-line`).getAttribute("d");
        const points = path.slice(1).split("L").map(pair => pair.split(",").map(Number));
        return points.map(([a, b]) => [xa.p2d(a), ya.p2d(b)]); }"""
    return np.array(page.eval_on_selector(GRAPH, script, [title, axis]))
