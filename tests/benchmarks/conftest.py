"""What the benchmarks of every page measure with."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.testing.v1 import AppTest
from websockets.sync.client import connect

from tests.browser.steps import settle
from tests.conftest import ROOT

# A chart whose player is ready.
PLAYED = ".js-plotly-plot.played"
FINISHED = ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY


@pytest.fixture
def received(page: Any) -> Callable[[], int]:
    """Bytes that have come over the page's WebSocket so far."""
    frames: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: frames.append(len(data))))
    return lambda: sum(frames)


def sent(app_url: str, address: str) -> int:
    """Bytes over the WebSocket of somebody new to a page until its script has run: all that a browser needs to draw."""
    page, _, query = address.partition("?")
    asked = BackMsg(rerun_script=ClientState(page_name=page, query_string=query))
    total, message = 0, ForwardMsg()
    with connect(f"{app_url.replace('http', 'ws')}/_stcore/stream", max_size=None) as socket:
        socket.send(asked.SerializeToString())
        while message.script_finished != FINISHED or message.WhichOneof("type") != "script_finished":
            data = socket.recv(timeout=60)
            total += len(data)
            message.ParseFromString(data)
            assert message.delta.new_element.WhichOneof("type") != "exception", message
    return total


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


def seconds_to_repaint(page: Any, slider: Any, keys: list[str], drawn: str = f"{PLAYED} path.js-line") -> list[float]:
    """Press keys on a slider or in a box, one after the other: how long each time until other lines are painted.

    drawn   the lines, as CSS has them
    """
    arm = """drawn => { const all = () => [...document.querySelectorAll(drawn)];
        const lines = () => all().map(line => line.getAttribute('d')).join();
        const before = lines();
        window.repainted = new Promise(done => { const look = () => lines() && lines() !== before
            ? setTimeout(() => done(performance.now()), 0) : requestAnimationFrame(look); look(); });
        return performance.now(); }"""
    seconds = []
    for key in keys:
        slider.focus()
        begin = page.evaluate(arm, drawn)
        page.keyboard.press(key)
        seconds.append((page.evaluate("() => window.repainted") - begin) / 1000)
        settle(page)
    return seconds


def browser_milliseconds(page: Any) -> Callable[[], float]:
    """What a tab's main thread has worked so far, in milliseconds of processor time: load hardly changes it."""
    inside = page.context.new_cdp_session(page)
    inside.send("Performance.enable", {"timeDomain": "threadTicks"})

    def worked() -> float:
        known = {each["name"]: each["value"] for each in inside.send("Performance.getMetrics")["metrics"]}
        return 1000 * known["TaskDuration"]

    return worked
