"""How much the Descent page sends and how fast it answers: `pytest tests/benchmarks --benchmark-enable -s`.

Sizes are asserted, they do not depend on the machine; times are printed for a reader to compare with.
"""

import re
import statistics
import time
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.conftest import PLAYED, seconds_to_repaint, timed
from tests.conftest import ROOT, free_port, start_app, wait_until_healthy

SIX = "methods=gradient_descent,momentum,nesterov,rmsprop,adam,newton"
STAGE = f".st-key-stage-race {PLAYED}"
SMALLEST = "import streamlit as st, plotly.graph_objects as go; st.plotly_chart(go.Figure(go.Scatter(y=[1, 2, 3])))"
# When the first trace was drawn and when the player was ready, in milliseconds since 1970.
WATCH = """window.stage = {}; new MutationObserver(() => {
    const mark = (name, found) => { if (found && !(name in stage)) stage[name] = Date.now(); };
    mark('painted', document.querySelector('.js-plotly-plot .trace'));
    mark('ready', document.querySelector('.js-plotly-plot.played'));
}).observe(document, {subtree: true, childList: true, attributes: true});"""


@pytest.mark.browser
@pytest.mark.parametrize(
    ("query", "limit"),
    [("", 400_000), (f"{SIX}&steps=500", 1_000_000), (f"{SIX}&steps=500&view=surface", 1_500_000)],
    ids=["default", "six methods, 500 steps", "six methods, 500 steps, 3-D"],
)
def test_bytes_over_the_websocket(page: Any, app_url: str, received: Any, query: str, limit: int) -> None:
    page.goto(f"{app_url}/?{query}")
    page.wait_for_selector(STAGE, timeout=60_000)
    page.wait_for_timeout(1000)
    print(f"\n{query or 'default view'}: {received():,} bytes")
    assert received() <= limit


@pytest.mark.browser
@pytest.mark.parametrize("extra", ["", "&field=1&arrows=1"], ids=["plain", "with arrows"])
def test_frames_a_second(page: Any, app_url: str, extra: str) -> None:
    page.goto(f"{app_url}/?{SIX}&steps=240&speed=1{extra}")
    page.wait_for_selector(STAGE, timeout=60_000)
    page.wait_for_timeout(1500)
    # A frame counts when the browser has painted it: one animation frame in which the play head moved.
    script = """() => new Promise(done => {
        const host = document.querySelector('[data-testid=stBidiComponentRegular], [data-testid^=stBidi]');
        const graph = document.querySelector('.st-key-stage-race .js-plotly-plot');
        const marks = () => [...graph.querySelectorAll('path.point')].map(p => p.getAttribute('transform')).join();
        let seen = marks(), frames = 0, first = null, lastChange = 0;
        const look = now => {
            const current = marks();
            if (current !== seen) { seen = current; frames += 1; first ??= now; lastChange = now; }
            if (first !== null && now - lastChange > 700) done([frames, lastChange - first]);
            else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
    })"""
    page.get_by_label("Speed").select_option("1")
    page.get_by_role("button", name="Play").click()
    frames, milliseconds = page.evaluate(script)
    print(f"\n{frames} frames painted in {milliseconds / 1000:.2f} s: {1000 * frames / milliseconds:.1f} a second")
    assert frames > 20


@pytest.mark.browser
def test_slider_step_to_repainted_stage(page: Any, app_url: str) -> None:
    page.goto(f"{app_url}/?{SIX}&tune=0")
    page.wait_for_selector(STAGE, timeout=60_000)
    page.wait_for_timeout(1500)
    seconds = seconds_to_repaint(page, page.get_by_role("slider", name="Adam: rate"), 7 * ["ArrowRight"])
    print(f"\none slider step to a repainted stage: median {statistics.median(seconds):.2f} s of {sorted(seconds)}")


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
    print(f"server {resident:.0f} MB")


def first_stage(chromium: Any, folder: Path) -> tuple[float, float, float]:
    """Seconds from the command until the chart is painted and until it can be played; megabytes of the server then."""
    begin, port = time.time(), free_port()
    server = start_app(port, folder)
    context = chromium.new_context(viewport={"width": 1280, "height": 720})
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
        server.terminate()
        server.wait(10)


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
