"""How much the Curvature and the Basins page send and how fast they answer: `pytest tests/benchmarks/
test_second_pages.py --benchmark-enable -s`.

Sizes are asserted, they do not depend on the machine; times are printed for a reader to compare with. Wanted: four maps
of 256 x 256 in 3 s cold and 0.3 s from cache, each of at most 120 kB.
"""

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import plotly.io as pio
import pytest

from landscape.figures.basins.fates import fate_stage
from landscape.figures.kit.style import THEMES
from landscape.landscapes import LANDSCAPES
from landscape.maps.basins import fates
from landscape.optimizers import OPTIMIZERS
from landscape.theory.stationary import stationary_points
from tests.benchmarks.conftest import PLAYED, sent, timed

LIMIT = 120_000


@pytest.mark.parametrize("key", ["himmelblau", "rastrigin", "eggholder", "rosenbrock"])
@pytest.mark.parametrize("method", ["newton", "adam"])
def test_bytes_of_one_map(key: str, method: str) -> None:
    surface = LANDSCAPES[key]
    points = stationary_points(surface, surface.domain)
    found = fates(surface, OPTIMIZERS[method](), surface.domain, 256, 300, points)
    figure = fate_stage({method: found}, surface, THEMES["light"], width=908, height=585).figure
    size = len(pio.to_json(figure, validate=False))
    print(f"\n{method} on {key}: {size:,} bytes")
    assert size <= LIMIT


def test_four_maps(tmp_path: Path) -> None:
    app = timed("basins", tmp_path)
    # Compiling a formula is no part of this: another landscape has it done once.
    app.query_params["surface"] = "quadratic"
    app.run()
    cold, kept = [], []
    for steps in (200, 201, 202):
        app.session_state["surface"], app.session_state["steps"] = "himmelblau", steps
        app.run()
        cold.append(app.session_state["seconds"])
        for _ in range(3):
            app.run()
            kept.append(app.session_state["seconds"])
    assert not app.exception
    print(f"\nfour maps in the script: cold {sorted(cold)} s, from cache {statistics.median(kept):.3f} s")


@pytest.mark.parametrize(
    ("address", "limit"),
    [
        ("basins?view=sweep", 200_000),
        ("curvature", 400_000),
        ("curvature?view=stability", 400_000),
        ("curvature?view=order", 400_000),
    ],
)
def test_bytes_over_the_websocket(app_url: str, address: str, limit: int) -> None:
    size = sent(app_url, address)
    print(f"\n{address}: {size:,} bytes")
    assert 10_000 < size <= limit


def test_bytes_of_four_maps_over_the_websocket(app_url: str) -> None:
    """Where the maps take their time, coarse ones go ahead; how many bytes these add does depend on the machine."""
    first, kept = sent(app_url, "basins"), sent(app_url, "basins")
    print(f"\nbasins: {kept:,} bytes, and for whoever has them made {first:,}")
    assert 10_000 < kept <= 2 * LIMIT
    assert first <= 3.5 * LIMIT


@pytest.mark.browser
@pytest.mark.parametrize(
    ("address", "chart"),
    [
        ("basins", "fates"),
        ("basins?view=sweep", "sweep"),
        ("curvature", "model"),
        ("curvature?view=stability", "stability"),
        ("curvature?view=order", "order"),
    ],
)
def test_seconds_to_the_painted_stage(page: Any, app_url: str, address: str, chart: str) -> None:
    seconds = []
    for _ in range(3):
        begin = time.perf_counter()
        page.goto(f"{app_url}/{address}")
        page.wait_for_selector(f".st-key-stage-{chart} {PLAYED}", timeout=60_000)
        seconds.append(time.perf_counter() - begin)
    print(f"\n{address}: first {seconds[0]:.2f} s, then {min(seconds[1:]):.2f} s")


@pytest.mark.benchmark(group="warm rerun of the page's script")
@pytest.mark.parametrize("view", ["model", "stability", "order"])
def test_rerun_with_the_start_moved(benchmark: Callable[..., Any], view: str, tmp_path: Path) -> None:
    app = timed("curvature", tmp_path, view=view)
    app.run()
    places = iter(x / 1000 for x in range(100, 10_000))

    def rerun() -> None:
        app.session_state["x"] = next(places)
        app.run()
        inside.append(app.session_state["seconds"])

    inside: list[float] = []
    benchmark.pedantic(rerun, rounds=7, warmup_rounds=1)  # type: ignore[attr-defined]
    assert not app.exception
    print(f"\n{view}: median {1000 * statistics.median(inside):.0f} ms in the script")
