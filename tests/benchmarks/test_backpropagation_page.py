"""How fast the Backpropagation page answers and how much it sends; run with --benchmark-enable -s.

Sizes are asserted, they do not depend on the machine; times are printed for a reader to compare with.
"""

import statistics
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from tests.benchmarks.conftest import PLAYED, sent, timed

FULL_BATCH = {"steps": "500", "tune": "0", "method.gradient_descent.lr": "0.5"}
STAGE = f".st-key-stage-training {PLAYED}"


def url(app_url: str, **parameters: str) -> str:
    return f"{app_url}/backpropagation?" + "&".join(f"{k}={v}" for k, v in parameters.items())


@pytest.mark.benchmark(group="500 full-batch steps of 2-8-1, trained and drawn: the page's script")
@pytest.mark.parametrize("what", ["cold", "from cache"])
@pytest.mark.parametrize("view", ["training", "step", "spectrum"])
def test_script(benchmark: Any, what: str, view: str, tmp_path: Path) -> None:
    app = timed("backpropagation", tmp_path, **FULL_BATCH, view=view)
    app.run()
    inside: list[float] = []

    def rerun() -> None:
        if what == "cold":
            st.cache_data.clear()
            st.cache_resource.clear()
        app.run()
        inside.append(app.session_state["seconds"])

    benchmark.pedantic(rerun, rounds=9, warmup_rounds=2)
    assert not app.exception
    print(f"\n{view}, {what}: median {1000 * statistics.median(inside[2:] or inside):.0f} ms in the script")


@pytest.mark.parametrize(
    "query",
    [{}, {"second": "adam"}, {"data": "spirals", "hidden": "16,16"}, {"data": "curve", "second": "adam"}],
    ids=["one method", "two methods", "2-16-16-1", "a curve, two methods"],
)
def test_bytes_over_the_websocket(app_url: str, query: dict[str, str]) -> None:
    size = sent(app_url, url("", **FULL_BATCH, **query).removeprefix("/"))
    print(f"\n{query}: {size:,} bytes")
    assert 50_000 < size <= 1_000_000


@pytest.mark.browser
@pytest.mark.parametrize(
    "query",
    [{}, {"second": "adam"}, {"data": "spirals", "hidden": "16,16"}],
    ids=["one method", "two methods", "2-16-16-1"],
)
def test_frames_a_second(page: Any, app_url: str, query: dict[str, str]) -> None:
    page.goto(url(app_url, **FULL_BATCH, **query))
    page.wait_for_selector(STAGE, timeout=60_000)
    page.wait_for_timeout(1500)
    # A frame counts when the browser has painted it: one animation frame in which the last map changed.
    script = """() => new Promise(done => {
        const image = [...document.querySelectorAll('.st-key-stage-training .heatmaplayer image')].at(-1);
        let seen = image.getAttribute('href'), frames = 0, first = null, last = 0;
        const look = now => {
            const current = image.getAttribute('href');
            if (current !== seen) { seen = current; frames += 1; first ??= now; last = now; }
            if (first !== null && now - last > 900) done([frames, last - first]);
            else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
    })"""
    # Twice the pace: what is asked for is more than can be seen at once, so the rate is the browser's own.
    page.get_by_label("Speed").select_option("2")
    page.get_by_role("button", name="Play").click()
    frames, milliseconds = page.evaluate(script)
    print(f"\n{query}: {frames} frames in {milliseconds / 1000:.2f} s: {1000 * frames / milliseconds:.1f} a second")
    assert frames > 20
