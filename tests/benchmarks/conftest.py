"""What the benchmarks of every page measure with."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT

# A chart whose player is ready.
PLAYED = ".js-plotly-plot.played"


@pytest.fixture
def received(page: Any) -> Callable[[], int]:
    """Bytes that have come over the page's WebSocket so far."""
    frames: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: frames.append(len(data))))
    return lambda: sum(frames)


def timed(page: str, folder: Path, **query: str) -> AppTest:
    """A page whose script says in session_state["seconds"] how long it took: AppTest's bookkeeping is not counted."""
    source = (ROOT / "pages" / f"{page}.py").read_text()
    script = folder / f"{page}.py"
    script.write_text(
        source.replace(
            "    show(PAGE)\n",
            "    import time\n\n    import streamlit as st\n\n    started = time.perf_counter()\n    show(PAGE)\n"
            "    st.session_state['seconds'] = time.perf_counter() - started\n",
        )
    )
    app = AppTest.from_file(str(script), default_timeout=120)
    app.query_params.update(query)
    return app


def seconds_to_repaint(page: Any, slider: Any, keys: list[str]) -> list[float]:
    """Press keys on a slider, one after the other: how long each time until another chart is there."""
    arm = """played => { const graph = () => document.querySelector(played);
        const before = graph();
        window.repainted = new Promise(done => { const look = () => graph() && graph() !== before
            ? setTimeout(() => done(performance.now()), 0) : requestAnimationFrame(look); look(); });
        return performance.now(); }"""
    seconds = []
    for key in keys:
        slider.focus()
        begin = page.evaluate(arm, PLAYED)
        page.keyboard.press(key)
        seconds.append((page.evaluate("() => window.repainted") - begin) / 1000)
        page.wait_for_timeout(400)
    return seconds
