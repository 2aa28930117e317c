"""How much the Regularization page sends and how fast it answers: `pytest tests/benchmarks --benchmark-enable -s`.

Sizes are asserted, they do not depend on the machine; times are printed for a reader to compare with. What is aimed at:
250 kB a view, and a step of the polynomial's degree repainted in 0.3 s.
"""

import statistics
from typing import Any

import pytest

from pages.regularization import PAGE
from tests.benchmarks.conftest import PLAYED, seconds_to_repaint, sent

VIEWS = [view.key for view in PAGE.views]


def open_view(page: Any, app_url: str, query: str) -> None:
    page.goto(f"{app_url}/regularization?{query}")
    page.wait_for_selector(f"[class*=st-key-stage] {PLAYED}", timeout=60_000)
    page.wait_for_timeout(1500)


@pytest.mark.parametrize("query", [*(f"view={view}" for view in VIEWS), "loss=nuclei&penalty=group_lasso"])
def test_bytes_over_the_websocket(app_url: str, query: str) -> None:
    # What says that something takes a while depends on the machine: it has been made for somebody before.
    sent(app_url, f"regularization?{query}")
    size = sent(app_url, f"regularization?{query}")
    print(f"\n{query}: {size:,} bytes")
    assert 50_000 < size <= 250_000


@pytest.mark.browser
@pytest.mark.parametrize(
    ("query", "name"),
    [("view=fit", "Degree"), ("view=weights", "Correlation"), ("view=methods", "Strength"), ("view=stopping", "decay")],
)
def test_slider_step_to_repainted_stage(page: Any, app_url: str, query: str, name: str) -> None:
    open_view(page, app_url, query)
    slider = page.get_by_role("slider", name=name).first
    seconds = seconds_to_repaint(page, slider, 4 * ["ArrowRight", "ArrowLeft"])
    print(
        f"\n{query}, {name}: one step to a repainted stage: median {statistics.median(seconds):.2f} s of "
        f"{[round(s, 2) for s in seconds]}"
    )


@pytest.mark.browser
@pytest.mark.parametrize("view", VIEWS)
def test_one_move_of_the_play_head(page: Any, app_url: str, view: str) -> None:
    open_view(page, app_url, f"view={view}")
    script = """() => { const range = document.querySelector('input[type=range][aria-label="Play head"]');
        const host = range ?? [...document.querySelectorAll('*')].map(e => e.shadowRoot?.querySelector('[type=range]'))
            .find(Boolean);
        const times = [];
        for (let k = 0; k < 60; k++) { host.value = String(k % (Number(host.max) + 1)); const t = performance.now();
            host.dispatchEvent(new Event('input')); times.push(performance.now() - t); }
        return times.sort((a, b) => a - b); }"""
    times = page.evaluate(script)
    print(f"\n{view}: one move of the play head, median {statistics.median(times):.1f} ms, longest {times[-1]:.1f} ms")
