"""What is held on the Descent stage: the start, a rate, the play head; by mouse, touch and keys."""

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from landscape.descent import race
from landscape.descent.descend import descend
from landscape.descent.recorded import recorded
from landscape.descent.schedules import SCHEDULES
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES
from tests.browser.steps import open_chart, pixel, query, settle

pytestmark = pytest.mark.browser

GRAPH = ".st-key-stage-race .js-plotly-plot"
STEPS = 40
# A path that so small a change of its start moves as far as a tenth of a pixel is chaotic from there on.
NUDGE = 1e-9


def recordable(surface: str) -> list[str]:
    """The methods that run in the browser."""
    ground = SURFACES[surface]
    able = {key: method() for key, method in OPTIMIZERS.items() if method().applies_to(ground)}
    found = recorded(ground, able, 1, noise=0.0, seed=0, schedule=SCHEDULES["constant"]())
    return [key for key, method in found.methods.items() if method.recording is not None]


def held(page: Page, title: str, axis: str = "x") -> np.ndarray:
    """The corners of a method's line as it is painted, in pixels of its panel."""
    script = """(gd, [name, axis]) => {
        const trace = gd._fullData.find(t => t.name === name && t.xaxis === axis && t.mode === "lines");
        return gd.querySelector(`.trace${trace.uid} path.js-line`).getAttribute("d"); }"""
    path = page.eval_on_selector(GRAPH, script, [title, axis])
    return np.array([[float(v) for v in pair.split(",")] for pair in re.findall(r"[-\d.e+]+,[-\d.e+]+", path)])


def in_panel(page: Page, points: np.ndarray, axis: str = "xaxis") -> np.ndarray:
    """Data coordinates in pixels of a panel."""
    script = """(gd, [name, points]) => { const across = gd._fullLayout[name],
        up = gd._fullLayout[across.anchor.replace("y", "yaxis")];
        return points.map(([x, y]) => [across.d2p(x), up.d2p(y)]); }"""
    return np.array(page.eval_on_selector(GRAPH, script, [axis, points.tolist()]))


def take(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Press at a point of the map and move to another; the button stays down."""
    page.mouse.move(*pixel(page, GRAPH, *start))
    page.mouse.down()
    page.mouse.move(*pixel(page, GRAPH, *end), steps=8)
    frame(page)


def frame(page: Page) -> None:
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 30)))")


def wanted(surface: str, key: str, start: np.ndarray) -> tuple[np.ndarray, int]:
    """The exact path (T+1, 2), and the step up to which it can be told from a start that is known to a tenth pixel."""
    ground = SURFACES[surface]
    nudges = NUDGE * np.array([[0, 0], [1, 0], [0, 1], [-1, -1]])
    run = descend(ground, OPTIMIZERS[key](), start + nudges, STEPS)
    apart = np.abs(run.x - run.x[:, :1]).max(axis=(1, 2))
    lost = ~(apart < 1e-5)
    return run.x[:, 0], int(lost.argmax()) if lost.any() else STEPS + 1


@pytest.mark.parametrize(
    ("surface", "end"),
    [("rosenbrock", (0.5, 2.0)), ("himmelblau", (-2.0, 3.0)), ("beale", (2.0, -1.0)), ("rastrigin", (1.3, -2.2))],
)
def test_paths_follow_the_start_and_are_those_of_python(page: Page, app_url: str, surface: str, end: Any) -> None:
    keys = recordable(surface)
    open_chart(page, f"{app_url}/?surface={surface}&methods={','.join(keys)}&tune=0&steps={STEPS}", GRAPH)
    before = page.heard
    take(page, SURFACES[surface].start, end)
    seen = {key: held(page, OPTIMIZERS[key].title) for key in keys}
    assert page.heard == before
    page.mouse.up()
    settle(page)
    link = query(page)
    start = np.array([float(link["x"]), float(link["y"])])
    for key in keys:
        path, until = wanted(surface, key, start)
        expected = in_panel(page, path[:until])
        near = np.abs(expected).max(axis=1) < 1e4
        until = int(near.argmin()) if not near.all() else len(near)
        assert np.abs(seen[key][:until] - expected[:until]).max() <= 0.5, f"{key} on {surface}"
    # As the server has drawn it.
    for key in keys:
        drawn = held(page, OPTIMIZERS[key].title)
        same = min(len(drawn), len(seen[key]))
        _, until = wanted(surface, key, start)
        gap = np.abs(drawn[:same] - seen[key][:same])[: min(until, same)]
        assert gap[np.abs(drawn[: len(gap)]).max(axis=1) < 1e4].max() <= 0.5, f"{key} on {surface}, released"


@pytest.mark.parametrize("clock", ["steps", "cost"])
def test_noise_and_schedule_go_along(page: Page, app_url: str, clock: str) -> None:
    keys, title = ("momentum", "adam", "newton"), "Adam"
    terms = "tune=0&noise=3&seed=4&schedule=cosine"
    open_chart(page, f"{app_url}/?methods={','.join(keys)}&{terms}&steps={STEPS}&clock={clock}", GRAPH)
    take(page, SURFACES["rosenbrock"].start, (0.5, 2.0))
    path, heights = held(page, title), held(page, title, "x2")
    page.mouse.up()
    expect(page).to_have_url(re.compile("x="), timeout=30_000)
    settle(page)
    start = np.array([float(query(page)[name]) for name in "xy"])
    schedule = SCHEDULES["cosine"]()
    ground, method = SURFACES["rosenbrock"], OPTIMIZERS["adam"]()
    run = race.run(ground, method, start, STEPS, noise=3.0, seed=4, schedule=schedule, tolerance=1e-10)
    assert np.abs(path - in_panel(page, run.x)).max() <= 0.5
    # Heights against the clock, on the axis that stood while the start was held.
    cost = np.arange(STEPS + 1) * (1 if clock == "steps" else run.evaluations.cost(2)[1])
    assert np.abs(heights[:, 0] - in_panel(page, np.stack([cost, run.value], axis=1), "xaxis2")[:, 0]).max() <= 0.5


def test_release_makes_words_table_and_link_right(page: Page, app_url: str) -> None:
    open_chart(page, f"{app_url}/?steps=60", GRAPH)
    take(page, SURFACES["rosenbrock"].start, (0.5, 2.0))
    page.mouse.up()
    expect(page).to_have_url(re.compile("x="), timeout=30_000)
    settle(page)
    link = query(page)
    # A rate that was tuned stays, and the link says so.
    assert link["tune"] == "0"
    start = np.array([float(link["x"]), float(link["y"])])
    slope = np.linalg.norm(SURFACES["rosenbrock"].gradient(start))
    expect(page.get_by_text(f"the slope is {slope:.4g}")).to_be_visible()
    assert float(page.get_by_label("Start x").input_value()) == pytest.approx(start[0], abs=1e-4)
    table = page.locator("table").first.inner_text()
    run = descend(SURFACES["rosenbrock"], OPTIMIZERS["newton"](), start, 60, tolerance=1e-10)
    assert f"{run.x[-1, 0]:.4g}" in table.replace("−", "-")


def test_a_rate_is_dragged_by_its_handle_or_moved_by_keys(page: Page, app_url: str) -> None:
    open_chart(page, f"{app_url}/?methods=gradient_descent&tune=0&method.gradient_descent.lr=0.001&steps=60", GRAPH)
    handle = page.get_by_role("slider", name="Gradient descent, rate")
    box = handle.bounding_box()
    before, heard = held(page, "Gradient descent"), page.heard
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] - 60, middle[1], steps=5)
    frame(page)
    rate = float(handle.get_attribute("aria-valuenow"))
    assert rate == pytest.approx(0.001 / 10**0.5, rel=0.02)
    assert not np.allclose(held(page, "Gradient descent"), before)
    assert page.heard == heard
    page.mouse.up()
    expect(page).to_have_url(re.compile(f"lr={rate:g}"), timeout=30_000)
    settle(page)
    run = descend(SURFACES["rosenbrock"], OPTIMIZERS["gradient_descent"](lr=rate), SURFACES["rosenbrock"].start, 60)
    assert np.abs(held(page, "Gradient descent") - in_panel(page, run.x)).max() <= 0.5
    handle.focus()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(f"lr={handle.get_attribute('aria-valuenow')}"), timeout=30_000)


def test_keys_move_the_start_on_the_focused_stage(page: Page, app_url: str) -> None:
    open_chart(page, f"{app_url}/?steps=60", GRAPH)
    page.locator(GRAPH).focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowLeft", "PageUp"):
        page.keyboard.press(key)
    expect(page).to_have_url(re.compile("x="), timeout=30_000)
    settle(page)
    link = query(page)
    # Two hundredths of the map right, a tenth left and a tenth up.
    assert float(link["x"]) == pytest.approx(-1.2 + 4 * (0.02 - 0.1), abs=1e-3)
    assert float(link["y"]) == pytest.approx(1 + 4 * 0.1, abs=1e-3)


def test_the_play_head_is_taken_on_a_curve(page: Page, app_url: str) -> None:
    open_chart(page, f"{app_url}/?steps=60", GRAPH)
    left, top = pixel(page, GRAPH, 20, 1e-4, "xaxis2")
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(pixel(page, GRAPH, 35, 1e-4, "xaxis2")[0], top, steps=4)
    frame(page)
    assert page.get_by_label("Play head").input_value() == "35"
    page.mouse.up()
    expect(page).to_have_url(re.compile("at=35"), timeout=30_000)


@pytest.mark.parametrize(
    ("terms", "title", "end"),
    [
        ("methods=adam,trust_region", "Trust region", (0.5, 2.0)),
        # Every step has other samples, whatever the method.
        ("surface=logistic_neuron&logistic_neuron.batch_size=4&methods=adam", "Adam", (1.0, -2.0)),
    ],
    ids=["a method", "mini-batches"],
)
def test_what_cannot_be_recorded_is_faint_and_comes_back(
    page: Page, app_url: str, terms: str, title: str, end: tuple[float, float]
) -> None:
    opacity = """(gd, name) => { const trace = gd._fullData.find(t => t.name === name && t.xaxis === "x");
        return getComputedStyle(gd.querySelector(`.trace${trace.uid}`)).opacity; }"""
    open_chart(page, f"{app_url}/?{terms}&tune=0&steps=60", GRAPH)
    start = page.eval_on_selector(GRAPH, "gd => ['x', 'y'].map(name => gd.layout.meta.live.values[name].at)")
    before = held(page, title)
    take(page, start, end)
    assert 0 < float(page.eval_on_selector(GRAPH, opacity, title)) < 0.5
    # The last exact path, as it was.
    assert np.array_equal(held(page, title), before)
    page.mouse.up()
    expect(page).to_have_url(re.compile("x="), timeout=30_000)
    settle(page)
    assert float(page.eval_on_selector(GRAPH, opacity, title)) == 1
    begin = in_panel(page, np.array([[float(query(page)[name]) for name in "xy"]]))
    assert np.abs(held(page, title)[:1] - begin).max() <= 0.5


@pytest.mark.fresh
def test_a_finger_drags_the_start(chromium: Any, app_url: str) -> None:
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, reduced_motion="reduce"
    )
    page = context.new_page()
    open_chart(page, f"{app_url}/?steps=60", GRAPH)
    ranges = "gd => [...gd._fullLayout.xaxis.range, ...gd._fullLayout.yaxis.range]"
    home = page.eval_on_selector(GRAPH, ranges)
    touch = context.new_cdp_session(page)

    def send(kind: str, *points: tuple[float, float]) -> None:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    page.locator(GRAPH).scroll_into_view_if_needed()
    begin, end = pixel(page, GRAPH, -1.2, 1), pixel(page, GRAPH, 0.5, 2)
    send("touchStart", begin)
    for share in np.linspace(0.2, 1, 5):
        send("touchMove", tuple(float(v) for v in (1 - share) * np.array(begin) + share * np.array(end)))
    send("touchEnd")
    expect(page).to_have_url(re.compile("x="), timeout=30_000)
    settle(page)
    link = query(page)
    assert (float(link["x"]), float(link["y"])) == pytest.approx((0.5, 2), abs=0.03)
    # A finger zooms nothing.
    assert page.eval_on_selector(GRAPH, ranges) == home
    assert "look" not in link
    context.close()
