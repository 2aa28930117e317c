"""How much the Descent page sends and how fast it answers: `pytest tests/benchmarks --benchmark-enable -s`.

Sizes are asserted, they do not depend on the machine; times are printed for a reader to compare with.
"""

import re
import statistics
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from plotly.offline import get_plotlyjs

from landscape.descent.race import hold
from landscape.descent.recorded import recorded
from landscape.descent.schedules import SCHEDULES
from landscape.figures.descent.race import stage
from landscape.figures.kit.export import to_html
from landscape.figures.kit.style import THEMES
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES
from tests.benchmarks.conftest import PLAYED, browser_milliseconds, seconds_to_repaint, sent, timed
from tests.browser.steps import open_more, pixel
from tests.conftest import ROOT, free_port, start_app, stop_app, wait_until_healthy

SIX = "methods=gradient_descent,momentum,nesterov,rmsprop,adam,newton"
STAGE = f".st-key-stage-race {PLAYED}"
SMALLEST = "import streamlit as st, plotly.graph_objects as go; st.plotly_chart(go.Figure(go.Scatter(y=[1, 2, 3])))"
SMALLEST_MAP = """import numpy as np, plotly.graph_objects as go, streamlit as st
x, a = np.linspace(-3, 3, 87), float(st.text_input("a", "1"))
st.plotly_chart(go.Figure(go.Contour(z=x**2 + x[:, None] ** 2 / a)))
"""
DRAWN_MAP = ".js-plotly-plot .contourlayer path"
# When the first trace was drawn and when the player was ready, in milliseconds since 1970.
WATCH = """window.stage = {}; new MutationObserver(() => {
    const mark = (name, found) => { if (found && !(name in stage)) stage[name] = Date.now(); };
    mark('painted', document.querySelector('.js-plotly-plot .trace'));
    mark('ready', document.querySelector('.js-plotly-plot.played'));
}).observe(document, {subtree: true, childList: true, attributes: true});"""


@pytest.mark.parametrize(
    ("query", "limit"),
    [("", 200_000), (f"{SIX}&steps=500", 300_000), (f"{SIX}&steps=500&view=surface", 400_000)],
    ids=["default", "six methods, 500 steps", "six methods, 500 steps, 3-D"],
)
def test_bytes_over_the_websocket(app_url: str, query: str, limit: int) -> None:
    size = sent(app_url, f"?{query}")
    print(f"\n{query or 'default view'}: {size:,} bytes")
    assert 50_000 < size <= limit


@pytest.mark.browser
@pytest.mark.parametrize(
    ("extra", "speed", "wanted"),
    [("", 2, 45), ("&field=1&arrows=1", 2, 45), ("&view=surface", 1, 8)],
    ids=["plain", "with arrows", "3-D"],
)
def test_frames_a_second(page: Any, app_url: str, extra: str, speed: int, wanted: int) -> None:
    """Beside what the browser gives a page on which nothing moves, at a speed that asks for more than is wanted."""
    page.goto(f"{app_url}/?{SIX}&tune=0&steps=240&speed={speed}{extra}")
    page.wait_for_selector(STAGE, timeout=60_000)
    page.wait_for_timeout(1500)
    page.get_by_label("Speed").select_option(str(speed))
    page.get_by_label("Play head").evaluate(f"range => {{ window.head = range; {IDLE} }}")
    idle = page.evaluate("() => window.idle")
    page.get_by_role("button", name="Play", exact=True).click()
    frames, milliseconds = page.evaluate(FRAMES)
    print(
        f"\n{frames} frames painted in {milliseconds / 1000:.2f} s: {1000 * frames / milliseconds:.1f} a second, to be "
        f"{wanted} at least; a page at rest has {idle:.1f}"
    )
    assert frames > 5


# The animation frames of a second, with nothing moving.
IDLE = """window.idle = new Promise(done => { let count = 0; const begin = performance.now();
    const look = now => { count += 1; const past = now - begin;
        past > 1000 ? done(1000 * count / past) : requestAnimationFrame(look); };
    requestAnimationFrame(look); });"""
# A frame counts when the browser has painted it: one animation frame in which the play head moved.
FRAMES = """() => new Promise(done => {
    let seen = window.head.value, frames = 0, first = null, lastChange = 0;
    const look = now => {
        const current = window.head.value;
        if (current !== seen) { seen = current; frames += 1; first ??= now; lastChange = now; }
        if (first !== null && now - lastChange > 1500) done([frames, lastChange - first]);
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
})"""
# One slider and one Plotly chart, which is what Streamlit itself needs for a step.
ONE_SLIDER = """import numpy as np, streamlit as st, plotly.graph_objects as go
rate = st.slider("Rate", 0.0, 1.0, 0.5, 0.01)
x = np.linspace(0, 1, 300)
st.plotly_chart(go.Figure([go.Scatter(x=x, y=x ** (rate + k)) for k in range(6)]))"""


@pytest.mark.browser
def test_slider_step_to_repainted_stage(page: Any, app_url: str, received: Any, tmp_path: Path) -> None:
    """Seconds and bytes, beside the smallest app with a slider and six lines."""
    (tmp_path / "app.py").write_text(ONE_SLIDER)
    page.goto(f"{app_url}/?{SIX}&tune=0")
    page.wait_for_selector(STAGE, timeout=60_000)
    page.wait_for_timeout(1500)
    open_more(page)
    before, keys = received(), 7 * ["ArrowRight"]
    ours = seconds_to_repaint(page, page.get_by_role("slider", name="Adam: rate"), keys)
    size, port = (received() - before) // len(keys), free_port()
    server = start_app(port, tmp_path)
    try:
        wait_until_healthy(port)
        page.goto(f"http://127.0.0.1:{port}")
        page.wait_for_selector(".js-plotly-plot .trace", timeout=60_000)
        page.wait_for_timeout(1500)
        theirs = seconds_to_repaint(page, page.get_by_role("slider"), keys, ".js-plotly-plot path.js-line")
    finally:
        server.terminate()
        server.wait(10)
    for what, seconds in (("a repainted stage", ours), ("the smallest app's chart", theirs)):
        print(f"\none slider step to {what}: median {statistics.median(seconds):.2f} s of {sorted(seconds)}")
    print(f"{size:,} bytes a step; to be 0.3 s and 60,000 at most")
    assert size <= 60_000


@pytest.mark.browser
def test_from_a_key_press_in_a_formula_to_the_repainted_map(
    page: Any, app_url: str, chromium: Any, tmp_path: Path
) -> None:
    """Press by press beside the smallest app that draws a map of what is typed. Wanted: 0.6 s for a new formula, 0.25 s
    for one seen before, on a quiet machine."""
    (tmp_path / "app.py").write_text(SMALLEST_MAP)
    port = free_port()
    server = start_app(port, tmp_path)
    other = chromium.new_context(viewport={"width": 1280, "height": 720}).new_page()
    try:
        wait_until_healthy(port)
        other.goto(f"http://127.0.0.1:{port}")
        page.goto(f"{app_url}/?surface=own&formula=x%5E2%2By%5E2/1")
        page.wait_for_selector(STAGE, timeout=60_000)
        other.wait_for_selector(DRAWN_MAP, timeout=60_000)
        page.wait_for_timeout(1500)
        for keys in ([*"3254"], [*"7689"]):
            compare("new formulas", keys, page, other)
            compare("formulas seen before", 4 * ["Backspace"], page, other)
    finally:
        other.context.close()
        server.terminate()
        server.wait(10)


def compare(what: str, keys: list[str], page: Any, other: Any) -> None:
    """Print how long our map and the smallest app's take for each key, by turns."""
    ours, smallest = page.get_by_label("Formula, f(x, y) ="), other.get_by_role("textbox")
    clocks = [browser_milliseconds(each) for each in (page, other)]
    begun, seconds = [clock() for clock in clocks], []
    for key in keys:
        # A tab that is not in front is drawn once a second.
        page.bring_to_front()
        here = seconds_to_repaint(page, ours, [key], DRAWN_MAP)
        other.bring_to_front()
        smallest.press(key)
        seconds.append((*here, *seconds_to_repaint(other, smallest, ["Enter"], DRAWN_MAP)))
    worked = [(clock() - begin) / len(keys) for clock, begin in zip(clocks, begun, strict=True)]
    for which, each, busy in zip(("here", "the smallest app"), zip(*seconds, strict=True), worked, strict=True):
        told = ", ".join(f"{second:.2f}" for second in sorted(each))
        print(f"\n{what}, {which}: median {statistics.median(each):.2f} s of {told}; the tab works {busy:.0f} ms")
    print(f"\n{what}: median ratio {statistics.median(a / b for a, b in seconds):.2f}")


DRAG = """async (cover, [graph, from, to, steps]) => {
    const gd = document.querySelector(graph);
    // There is no pointer that could be captured.
    cover.setPointerCapture = () => {};
    const line = gd.querySelector("path.js-line");
    const at = (share) => ({ clientX: from[0] + share * (to[0] - from[0]), clientY: from[1] + share * (to[1] - from[1]),
        bubbles: true, cancelable: true, pointerId: 1, button: 0 });
    const fire = (name, share) => cover.dispatchEvent(new PointerEvent(name, at(share)));
    const frame = () => new Promise(requestAnimationFrame);
    const waits = [], scripts = [];
    fire("pointerdown", 0);
    for (let k = 1; k <= steps; k++) {
        await frame();
        const before = line.getAttribute("d"), begin = performance.now();
        fire("pointermove", k / steps);
        cover.dispatchEvent(new MouseEvent("mousemove", at(k / steps)));
        // Ours runs in the next frame, before this does.
        const started = await frame();
        scripts.push(performance.now() - started);
        await new Promise(done => setTimeout(done, 0));
        if (line.getAttribute("d") !== before) waits.push(performance.now() - begin);
    }
    fire("pointerup", 1);
    return [waits, scripts];
}"""


@pytest.mark.browser
@pytest.mark.parametrize("what", ["the start", "a rate"])
def test_from_a_pointer_move_to_painted_paths(page: Any, app_url: str, what: str) -> None:
    page.goto(f"{app_url}/?{SIX}&tune=0&steps=300")
    page.wait_for_selector(STAGE, timeout=60_000)
    page.wait_for_timeout(1500)
    if what == "the start":
        ends = [pixel(page, STAGE, *point) for point in ((-1.2, 1.0), (0.5, 2.0))]
        cover = page.locator(f"{STAGE} .draglayer .nsewdrag").first
    else:
        cover = page.get_by_role("slider", name="Gradient descent, rate").last
        box = cover.bounding_box()
        begin = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        ends = [begin, (begin[0] - 60, begin[1])]
    waits, scripts = cover.evaluate(DRAG, [STAGE, *ends, 60])
    assert len(waits) > 50
    for name, times in ((f"{what}: pointer move to painted paths", waits), ("script", scripts)):
        ordered = sorted(times)
        print(f"\n{name}: median {ordered[len(ordered) // 2]:.1f} ms, 95 % {ordered[int(0.95 * len(ordered))]:.1f} ms")
    print("to be 50 ms at most at 95 %, of which 16 of script")


def test_bytes_of_the_offline_page() -> None:
    """Six methods and 300 steps, beside Plotly's own script, which is most of it."""
    ground, methods = (
        SURFACES["rosenbrock"],
        {key: OPTIMIZERS[key]() for key in SIX.removeprefix("methods=").split(",")},
    )
    ran = hold(ground, methods, np.array(ground.start), 300, tolerance=1e-10)
    given = recorded(ground, methods, 300, noise=0.0, seed=0, schedule=SCHEDULES["constant"]())
    size = len(to_html(stage(ran, THEMES["light"], recorded=given), "A race").encode())
    plotly = len(get_plotlyjs().encode())
    print(f"\nthe stage without a network: {size:,} bytes, to be 5,200,000 at most; Plotly alone has {plotly:,}")
    assert size <= 5_200_000


@pytest.mark.browser
def test_command_to_first_painted_stage(chromium: Any, tmp_path: Path) -> None:
    """Each time in a browser that has nothing in its cache, beside the smallest app that shows a Plotly chart."""
    (tmp_path / "app.py").write_text(SMALLEST)
    seconds: dict[str, list[float]] = {"painted": [], "ready to play": [], "the smallest app, painted": []}
    for _ in range(5):
        painted, ready, resident = first_stage(chromium, ROOT)
        smallest, _, _ = first_stage(chromium, tmp_path)
        for times, second in zip(seconds.values(), (painted, ready, smallest), strict=True):
            times.append(second)
    for what, times in seconds.items():
        each = ", ".join(f"{second:.1f}" for second in sorted(times))
        print(f"\ncommand to first stage, {what}: median {statistics.median(times):.1f} s of {each}")
    ratios = [ours / its for ours, its in zip(seconds["painted"], seconds["the smallest app, painted"], strict=True)]
    print(f"ratio to the smallest app: median {statistics.median(ratios):.2f}, to be 1.2 at most")
    print(f"server {resident:.0f} MB")


def first_stage(chromium: Any, folder: Path) -> tuple[float, float, float]:
    """Seconds from the command until the chart is painted and until it can be played; megabytes of the server then."""
    begin, port = time.time(), free_port()
    server = start_app(port, folder)
    context = chromium.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    try:
        # A browser that knocks before the server listens slows it down: its error pages are drawn by the same cores.
        wait_until_healthy(port)
        page = context.new_page()
        page.add_init_script(WATCH)
        page.goto(f"http://127.0.0.1:{port}")
        page.wait_for_function("() => window.stage?.painted && (window.stage.ready || !document.querySelector('h1'))")
        page.wait_for_timeout(500)
        stage = page.evaluate("window.stage")
        status = Path(f"/proc/{server.pid}/status").read_text()
        resident = int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024
        return stage["painted"] / 1000 - begin, stage.get("ready", 0) / 1000 - begin, resident
    finally:
        context.close()
        stop_app(server)


@pytest.mark.benchmark(group="warm rerun of the page's script, six methods, 500 steps")
@pytest.mark.parametrize("what", ["from cache", "one rate moved", "start moved"])
def test_rerun(benchmark: Any, what: str, tmp_path: Path) -> None:
    app = timed("descent", tmp_path, methods=SIX.removeprefix("methods="), steps="500", tune="0")
    app.run()
    rates = iter([x / 1000 for x in range(1, 10_000)])

    def rerun() -> None:
        if what == "one rate moved":
            app.session_state["adam.lr"] = next(rates)
        if what == "start moved":
            app.session_state["x"] = next(rates)
        app.run()
        inside.append(app.session_state["seconds"])

    inside: list[float] = []
    benchmark.pedantic(rerun, rounds=9, warmup_rounds=2)
    assert not app.exception
    print(f"\n{what}: median {1000 * statistics.median(inside[2:] or inside):.0f} ms in the script")
