"""The Basins page in a real browser: maps are drawn right way up, and a pointer draws paths over them."""

import base64
import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from landscape.descent.descend import descend
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES
from tests.browser.steps import pixel, push, query, settle
from tests.browser.test_curvature import open_view
from tests.browser.test_descent import GRAPH, path

pytestmark = pytest.mark.browser

TWO = "basins?methods=newton,gradient_descent&tune=0&method.gradient_descent.lr=0.01&size=128&steps=60"


def color_at(page: Page, left: float, top: float) -> np.ndarray:
    """The colour of one pixel of the screen."""
    shot = page.screenshot(clip={"x": left, "y": top, "width": 1, "height": 1})
    script = """async data => { const image = new Image(); image.src = "data:image/png;base64," + data;
        await image.decode(); const canvas = document.createElement("canvas"); canvas.width = canvas.height = 1;
        const context = canvas.getContext("2d"); context.drawImage(image, 0, 0);
        return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3); }"""
    return np.array(page.evaluate(script, base64.b64encode(shot).decode()), dtype=float)


def hue(color: np.ndarray) -> np.ndarray:
    return color / max(color.max(), 1)


def test_the_maps_are_whole_and_the_right_way_up(page: Page, app_url: str) -> None:
    graph = open_view(page, app_url, TWO, "fates")
    box = page.locator(graph).bounding_box()
    assert box["y"] + box["height"] <= 720
    # Beside each minimum the map has that minimum's colour, which the key shows; no two are alike.
    seen = [
        hue(color_at(page, *pixel(page, graph, m.point[0] + 0.9, m.point[1] - 0.9, "xaxis2")))
        for m in SURFACES["himmelblau"].minima
    ]
    assert all(np.abs(a - b).max() > 0.15 for i, a in enumerate(seen) for b in seen[:i])
    # Gradient descent from beside the minimum (3, 2) ends there: hover says so.
    page.mouse.move(*pixel(page, graph, 2.0, 1.0, "xaxis2"))
    hover = page.locator(f"{graph} .hoverlayer")
    hover.locator("text").first.wait_for()
    number = page.locator("tr", has_text="(3, 2)").locator("td").first.text_content()
    page.locator(f"{graph} .legendtext", has_text=f"{number} minimum, f = 0").wait_for()
    assert f"to {number} of the key" in hover.text_content()


LINES = """gd => gd._fullData.map((t, i) => [t, i]).filter(([t]) => t.name === "path").map(([t, i]) =>
    gd.querySelector(`.trace${t.uid} path.js-line`).getAttribute("d"))"""


def corners(path: str) -> np.ndarray:
    """The corners of a line as it is painted, (k, 2), in pixels of its panel."""
    return np.array([[float(v) for v in pair.split(",")] for pair in re.findall(r"[-.0-9]+,[-.0-9]+", path)])


def test_pointing_at_a_start_draws_its_paths_and_a_click_keeps_it(page: Page, app_url: str) -> None:
    # A pointer that lay there before would point already.
    page.mouse.move(5, 5)
    graph = open_view(page, app_url, TWO, "fates")
    home, heard = page.eval_on_selector(graph, LINES), page.heard
    assert len(home) == 4
    page.mouse.move(*pixel(page, graph, -2.0, 4.0, "xaxis2"))
    page.wait_for_function(
        "([graph, lines, home]) => eval(lines)(document.querySelector(graph))[0] !== home", arg=[graph, LINES, home[0]]
    )
    there = page.eval_on_selector(graph, LINES)
    assert all(now != before for now, before in zip(there, home, strict=True))
    # The pointer leaves, and the paths are those from before.
    page.mouse.move(5, 5)
    page.wait_for_function(
        "([graph, lines, there]) => eval(lines)(document.querySelector(graph))[0] !== there",
        arg=[graph, LINES, there[0]],
    )
    for now, before in zip(page.eval_on_selector(graph, LINES), home, strict=True):
        assert np.abs(corners(now)[[0, -1]] - corners(before)[[0, -1]]).max() <= 0.2
    assert page.heard == heard
    page.mouse.click(*pixel(page, graph, -2.0, 4.0, "xaxis2"))
    expect(page).to_have_url(re.compile("x="), timeout=30_000)
    settle(page)
    start = np.array([float(query(page)[name]) for name in "xy"])
    assert np.allclose(start, [-2.0, 4.0], atol=0.08)
    run = descend(SURFACES["himmelblau"], OPTIMIZERS["newton"](), start, 60)
    painted = corners(page.eval_on_selector(graph, LINES)[0])
    left, top = pixel(page, graph, *run.x[-1])
    origin = np.array(pixel(page, graph, *run.x[0])) - painted[0]
    assert np.abs(painted[-1] + origin - [left, top]).max() <= 0.5


def test_a_kept_start_leads_to_descent_with_these_methods(page: Page, app_url: str) -> None:
    graph = open_view(page, app_url, TWO, "fates")
    page.mouse.click(*pixel(page, graph, -2.0, 4.0, "xaxis2"))
    expect(page).to_have_url(re.compile("x="), timeout=30_000)
    settle(page)
    page.get_by_role("button", name=re.compile("Race from")).click()
    page.wait_for_selector(f"{GRAPH}.played", timeout=60_000)
    settle(page)
    asked = query(page)
    assert "/basins" not in page.url
    assert asked["surface"] == "himmelblau"
    assert asked["methods"] == "newton,gradient_descent"
    assert asked["tune"] == "0"
    assert asked["method.gradient_descent.lr"] == "0.01"
    start = path(page, "Gradient descent")[0]
    assert np.allclose(start, [-2.0, 4.0], atol=0.08)
    assert np.allclose(start, [float(asked["x"]), float(asked["y"])], atol=1e-4)
    assert len(path(page, "Newton")) == 61


def test_a_click_on_a_sweep_opens_descent_with_those_knobs(page: Page, app_url: str) -> None:
    graph = open_view(page, app_url, "basins?view=sweep&surface=quadratic&steps=40", "sweep")
    page.mouse.click(*pixel(page, graph, 0.05, 0.7))
    page.wait_for_selector(f"{GRAPH}.played", timeout=60_000)
    settle(page)
    asked = query(page)
    assert float(asked["method.momentum.lr"]) == pytest.approx(0.05, rel=0.05)
    assert float(asked["method.momentum.momentum"]) == pytest.approx(0.7, abs=0.02)
    assert asked["methods"] == "momentum"


@pytest.mark.parametrize("address", [TWO, "basins?size=64"])
def test_back_from_descent_is_the_map_again(page: Page, app_url: str, address: str) -> None:
    graph = open_view(page, app_url, address, "fates")
    page.mouse.click(*pixel(page, graph, 1.0, 4.0))
    expect(page).to_have_url(re.compile("x="), timeout=30_000)
    settle(page)
    link = query(page)
    page.get_by_role("button", name=re.compile("Race from")).click()
    page.wait_for_selector(f"{GRAPH}.played", timeout=60_000)
    settle(page)
    there = query(page)
    page.go_back()
    page.wait_for_selector(f"{graph}.played", timeout=60_000)
    settle(page)
    assert "/basins" in page.url
    assert query(page) == link
    page.go_forward()
    page.wait_for_selector(f"{GRAPH}.played", timeout=60_000)
    settle(page)
    assert query(page) == there


def test_long_work_shows_how_far_it_is_and_can_be_left(page: Page, app_url: str) -> None:
    open_view(page, app_url, TWO, "fates")
    push(page, f"{app_url}/basins?methods=lbfgs,bfgs&steps=400&size=256")
    page.locator("[data-testid=stProgress]", has_text="%").wait_for(timeout=60_000)
    # The bar stands under what is read meanwhile.
    row = page.locator(".st-key-views").bounding_box()
    assert page.locator("[data-testid=stProgress]").bounding_box()["y"] >= row["y"] + row["height"]
    # Another choice ends the work: the map that was asked for last is there, soon.
    page.get_by_text("64²").click()
    page.get_by_role("link", name="Descent").click()
    page.wait_for_selector(f"{GRAPH}.played", timeout=60_000)
