"""An animated stage can be taken away as a file, and plays without a network."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from landscape.descent.race import hold
from landscape.descent.recorded import recorded
from landscape.descent.schedules import SCHEDULES
from landscape.figures.descent.race import stage
from landscape.figures.kit.export import to_html
from landscape.figures.kit.style import THEMES
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES
from tests.browser.steps import ends, exported, open_chart, open_offline, pixel

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    "address",
    [
        "?steps=80",
        "?steps=80&view=both",
        "curvature?view=stability&steps=40",
        "regularization?view=table",
        "backpropagation?hidden=3&steps=40&view=step",
    ],
)
def test_the_exported_stage_moves_without_a_network(
    page: Page, chromium: Any, app_url: str, address: str, tmp_path: Path
) -> None:
    open_chart(page, f"{app_url}/{address}", ".js-plotly-plot")
    offline = open_offline(chromium, exported(page, tmp_path / "stage.html"))
    marks = """() => [...document.querySelectorAll('#stage path.point, #stage path.js-line, #stage image')]
        .map(mark => mark.outerHTML).join()"""
    begin, _ = ends(offline, lambda: offline.evaluate(marks))
    # A slow browser must not find it over already.
    offline.get_by_label("Speed").select_option("0.25")
    offline.get_by_role("button", name="Play").click()
    moved = f"""begin => {{ const {{ value, max }} = document.querySelector("#player input");
        return 0 < Number(value) && Number(value) < Number(max) && ({marks})() !== begin; }}"""
    offline.wait_for_function(moved, arg=begin)
    assert offline.faults == []
    offline.context.close()


def test_the_start_is_dragged_without_a_network(chromium: Any, tmp_path: Path) -> None:
    surface, methods = SURFACES["rosenbrock"], {key: OPTIMIZERS[key]() for key in ("adam", "newton")}
    given = recorded(surface, methods, 60, noise=0.0, seed=0, schedule=SCHEDULES["constant"]())
    race = hold(surface, methods, np.array(surface.start), 60)
    file = tmp_path / "stage.html"
    file.write_text(to_html(stage(race, THEMES["light"], recorded=given), "A race"), encoding="utf-8")
    assert file.stat().st_size <= 5_200_000
    offline = open_offline(chromium, file)
    offline.mouse.move(*pixel(offline, "#stage", *surface.start))
    offline.mouse.down()
    offline.mouse.move(*pixel(offline, "#stage", 0.5, 2.0), steps=5)
    offline.mouse.up()
    offline.get_by_role("button", name="Play").wait_for()
    start = """gd => { const {xaxis, yaxis} = gd._fullLayout, trace = gd._fullData.find(t => t.name === "start");
        const [x, y] = gd.querySelector(`.trace${trace.uid} path.point`).getAttribute("transform")
            .match(/-?[0-9.]+/g).map(Number);
        return [xaxis.p2d(x), yaxis.p2d(y)]; }"""
    assert offline.eval_on_selector("#stage", start) == pytest.approx([0.5, 2.0], abs=0.01)
    line = """gd => { const trace = gd._fullData.find(t => t.name === "Newton" && t.xaxis === "x");
        return gd.querySelector(`.trace${trace.uid} path.js-line`).getAttribute("d"); }"""
    end = offline.eval_on_selector("#stage", line).split("L")[-1]
    # Newton goes to the minimum from there, too.
    left, top = pixel(offline, "#stage", 1.0, 1.0)
    zero = offline.eval_on_selector(
        "#stage",
        """gd => { const box = gd.getBoundingClientRect(), {xaxis, yaxis} = gd._fullLayout;
            return [box.left + xaxis._offset, box.top + yaxis._offset]; }""",
    )
    assert [float(v) for v in end.split(",")] == pytest.approx([left - zero[0], top - zero[1]], abs=0.5)
    assert offline.faults == []
    offline.context.close()


def test_a_file_has_the_names_and_the_tools_of_the_page(chromium: Any, tmp_path: Path) -> None:
    surface, file = SURFACES["rosenbrock"], tmp_path / "stage.html"
    race = hold(surface, {key: OPTIMIZERS[key]() for key in ("adam", "newton")}, np.array(surface.start), 60)
    file.write_text(to_html(stage(race, THEMES["light"]), "A race"), encoding="utf-8")
    offline = open_offline(chromium, file)
    offline.get_by_role("button", name="Zoom in").click()
    offline.wait_for_function("() => document.querySelector('#stage')._fullLayout.xaxis.range[0] > -1.9")
    offline.get_by_role("button", name="Show all of it").click()
    offline.wait_for_function("() => document.querySelector('#stage')._fullLayout.xaxis.range[0] === -2")
    # Newton is at the minimum, and its name beside it.
    name = offline.locator(".names span", has_text="Newton")
    name.wait_for()
    (x, y), box = pixel(offline, "#stage", 1.0, 1.0), name.bounding_box()
    across = max(box["x"] - x, x - box["x"] - box["width"], 0)
    down = max(box["y"] - y, y - box["y"] - box["height"], 0)
    assert np.hypot(across, down) < 30
    with offline.expect_download() as download:
        offline.get_by_role("button", name="Save as PNG").click()
    assert download.value.path().read_bytes()[1:4] == b"PNG"
    assert offline.faults == []
    offline.context.close()
