"""The Convolution page in a browser: cells that are pointed at, entries that are dragged, epochs that come."""

from typing import Any

import numpy as np
import pytest

from landscape.dashboard.convolution.picture import Picture, image_of
from landscape.dashboard.convolution.sheet import EMPTY, LEVELS
from landscape.figures.convolution.cells import brief
from landscape.figures.kit.export import HERE
from landscape.lessons.slides import KERNELS, convolved
from tests.browser.steps import open_chart, pixel, query, settle, until

pytestmark = pytest.mark.browser

GRAPH = ".js-plotly-plot"
KERNEL = np.reshape(KERNELS["upright"][1], (3, 3)).astype(float)
IMAGE = image_of(Picture(3, 5, "", (), 1, 0))


def words(page: Any, name: str) -> list[str]:
    """The numbers in the cells of a grid, as they are painted."""
    script = """(gd, name) => [...gd.querySelector(`.trace${gd._fullData.find(t => t.name === name).uid}`)
        .querySelectorAll("text")].map(text => text.textContent)"""
    return page.eval_on_selector(GRAPH, script, name)


def lit(page: Any, panel: str) -> int:
    """How many cells of a panel have a line around them within sight."""
    script = """(gd, axis) => { const full = gd._fullData.find(t => t.name === "lit" && t.xaxis === axis);
        const path = gd.querySelector(`.trace${full.uid} path.js-line`).getAttribute("d");
        return path === "M0,0" ? 0 : path.split("M").length - 1; }"""
    return page.eval_on_selector(GRAPH, script, panel)


def said(page: Any) -> str:
    return page.locator(".caption").inner_text()


def test_a_cell_that_is_pointed_at_lights_up_what_it_is_linked_with(page: Any, app_url: str) -> None:
    open_chart(page, f"{app_url}/convolution", GRAPH)
    before, heard = said(page), page.heard
    page.mouse.move(*pixel(page, GRAPH, 3, 4))
    until(page, lambda: said(page).startswith("X, row 4, column 4: 0.0625 goes into 9 cells of Y"))
    assert [lit(page, panel) for panel in ("x", "x2", "x4")] == [1, 9, 9]
    page.mouse.move(*pixel(page, GRAPH, 0, 2, "xaxis2"))
    until(page, lambda: said(page).startswith("W, row 1, column 1: −1 goes into 36 cells of Y"))
    assert [lit(page, panel) for panel in ("x", "x2", "x4")] == [36, 1, 36]
    page.mouse.move(*pixel(page, GRAPH, 1, 2, "xaxis4"))
    until(page, lambda: said(page) == "Y, row 4, column 2: 1·0.0625 = 0.0625")
    assert words(page, "products") == ["0"] * 2 + [".06"] + ["0"] * 6
    page.mouse.move(5, 5)
    until(page, lambda: said(page) == before)
    assert [lit(page, panel) for panel in ("x", "x2", "x4")] == [0, 0, 0]
    assert page.heard == heard


def test_the_result_follows_an_entry_that_is_dragged(page: Any, app_url: str) -> None:
    open_chart(page, f"{app_url}/convolution?at=8", GRAPH)
    x, y = pixel(page, GRAPH, 1, 1, "xaxis2")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 60, steps=6)
    heard = page.heard
    kernel = KERNEL.copy()
    kernel[1, 1] = 1.5
    slide = convolved(IMAGE, kernel, 1, 0, "max").forward
    until(page, lambda: words(page, "stencil") == [brief(v) for v in kernel.ravel()])
    assert words(page, "result") == [brief(v) for v in slide.out.ravel()]
    assert words(page, "products") == [brief(v) for v in slide.products(1, 1).ravel()]
    assert "add up to 1.5:" in said(page)
    assert page.heard == heard
    page.mouse.up()
    settle(page)
    assert query(page) == {"kernel": "own", "w5": "1.5", "at": "8"}
    until(page, lambda: words(page, "products") == [brief(v) for v in slide.products(1, 1).ravel()])


def ink(page: Any) -> np.ndarray:
    return np.array([LEVELS.index(level) / 16 for level in query(page)["drawing"]])


def stroke(page: Any, points: list[tuple[float, float]]) -> None:
    """The pen is put down, drawn from point to point and still down."""
    first, *others = [pixel(page, GRAPH, *point) for point in points]
    page.mouse.move(*first)
    page.mouse.down()
    for point in others:
        page.mouse.move(*point, steps=4)


def test_a_stroke_draws_and_the_result_follows(page: Any, app_url: str) -> None:
    open_chart(page, f"{app_url}/convolution?drawing={EMPTY}&at=8", GRAPH)
    heard = page.heard
    # From the top, seven rows above the bottom, straight down.
    stroke(page, [(3, 6), (3, 2)])
    until(page, lambda: words(page, "ground")[8 * 3 + 3] == "1")
    drawn = [float(text) for text in words(page, "ground")]
    assert np.isclose(np.reshape(drawn, (8, 8)).sum(axis=1)[2:5], 1.5, atol=0.1).all(), "as wide as the pen all along"
    assert 0 < drawn[8 * 3 + 2] < 1, "soft at its sides"
    assert page.heard == heard
    result = words(page, "result")
    page.mouse.up()
    settle(page)
    np.testing.assert_allclose(ink(page), drawn, atol=0.005)
    slide = convolved(ink(page).reshape(8, 8), KERNEL, 1, 0, "max").forward
    assert result == [brief(v) for v in slide.out.ravel()]
    # What has ink keeps it: a second stroke adds.
    stroke(page, [(3, 4), (6, 4)])
    page.mouse.up()
    settle(page)
    assert (ink(page) >= np.round(16 * np.array(drawn)) / 16 - 1e-9).all()
    assert ink(page)[8 * 3 + 6] == 1


def test_an_eraser_takes_ink_away_and_a_click_one_pixel(page: Any, app_url: str) -> None:
    open_chart(page, f"{app_url}/convolution?drawing={'g' * 64}&erase=1&padding=1", GRAPH)
    # In a frame of one: the row of pixels that is on top.
    stroke(page, [(1, 8), (9, 8)])
    page.mouse.up()
    settle(page)
    rows = ink(page).reshape(8, 8)
    assert not rows[0].any()
    assert (rows[1] < 1).all()
    assert (rows[2:] == 1).all()
    page.mouse.click(*pixel(page, GRAPH, 8, 1))
    settle(page)
    assert ink(page)[63] == 0
    assert ink(page)[62] == 1


def test_a_finger_draws_and_the_page_stays(page: Any, app_url: str) -> None:
    open_chart(page, f"{app_url}/convolution?drawing={EMPTY}", GRAPH)
    touch = page.context.new_cdp_session(page)
    for kind, row in (("touchStart", 6), ("touchMove", 4), ("touchMove", 2)):
        x, y = pixel(page, GRAPH, 3, row)
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    until(page, lambda: ink(page).sum() > 5)
    settle(page)
    assert (ink(page).reshape(8, 8)[1:6, 3] == 1).all()
    assert page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTop") == 0


def at_hand(page: Any) -> tuple[str, str]:
    """The role and the name of what has the keyboard."""
    role, name = page.evaluate("() => ['role', 'aria-label'].map(name => document.activeElement.getAttribute(name))")
    return role, name


def test_cells_are_reached_and_changed_by_keyboard(page: Any, app_url: str) -> None:
    open_chart(page, f"{app_url}/convolution?drawing={EMPTY}", GRAPH)
    stops = page.locator("[role=grid] [tabindex='0']")
    assert stops.count() == 3, "one stop a grid"
    stops.first.focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
    assert at_hand(page) == ("gridcell", "X, row 2, column 2: 0 adds 0 to 4 cells of Y")
    assert said(page) == "X, row 2, column 2: 0 adds 0 to 4 cells of Y"
    assert [lit(page, panel) for panel in ("x", "x2", "x4")] == [1, 4, 4]
    for key in "++-":
        page.keyboard.press(key)
    until(page, lambda: words(page, "ground")[9] == ".25")
    assert page.locator("[role=status]").first.text_content() == "0.25"
    until(page, lambda: ink(page)[9] == 0.25)
    settle(page)
    until(page, lambda: at_hand(page)[1].startswith("X, row 2, column 2: 0.25 goes into 4 cells of Y, as "))
    page.keyboard.press("Space")
    until(page, lambda: not ink(page).any())
    page.keyboard.press("Tab")
    page.keyboard.press("End")
    page.keyboard.press("+")
    until(page, lambda: query(page).get("w3") == "1.25")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert at_hand(page) == ("gridcell", "Y, row 2, column 1: every product is 0")
    page.keyboard.press("Enter")
    until(page, lambda: query(page).get("at") == "7")
    page.keyboard.press("Tab")
    assert at_hand(page)[0] != "gridcell"


def test_gradients_are_read_out_cell_by_cell(page: Any, app_url: str) -> None:
    open_chart(page, f"{app_url}/convolution?view=backward&of=image", GRAPH)
    page.locator("[role=grid] [tabindex='0']").nth(2).focus()
    page.keyboard.press("ArrowDown")
    _, name = at_hand(page)
    assert name.startswith("dL/dX, row 2, column 1: ")
    assert "Central difference" in name
    titles = page.locator("[role=grid]").evaluate_all("all => all.map(grid => grid.getAttribute('aria-label'))")
    assert titles == ["Arriving, dL/dY, spread", "W, turned half round", "dL/dX"]


@pytest.mark.parametrize("of", ["kernel", "image", "pool"])
def test_a_derivative_shows_its_products_and_its_difference(page: Any, app_url: str, of: str) -> None:
    open_chart(page, f"{app_url}/convolution?view=backward&of={of}", GRAPH)
    seen = convolved(IMAGE, KERNEL, 1, 0, "max")
    slide = {"kernel": seen.to_kernel, "image": seen.to_image, "pool": seen.to_answers}[of]
    page.mouse.move(*pixel(page, GRAPH, 1, len(slide.out) - 1, "xaxis4"))
    until(page, lambda: ", row 1, column 2: " in said(page))
    assert "entral difference" in said(page)
    made = slide.products(0, 1) if of != "pool" else slide.products(0, 0)
    assert words(page, "products") == [brief(v) for v in made.ravel()]


def test_the_network_reads_what_is_drawn(page: Any, app_url: str) -> None:
    open_chart(page, f"{app_url}/convolution?view=train&epochs=2&channels=2&drawing={EMPTY}", GRAPH)
    until(page, lambda: page.locator(".player output").inner_text() == "epoch 2 of 2")
    before, heard = said(page), page.heard
    stroke(page, [(3.5, 6.5), (3.5, 0.5)])
    # What it made of the empty sheet is out of sight until it has read the new one.
    stale = """gd => [...gd.querySelectorAll(".heatmaplayer > g")].map(g => g.style.opacity)"""
    until(page, lambda: page.eval_on_selector(GRAPH, stale) == ["", "", "0", ""])
    assert page.heard == heard
    page.mouse.up()
    until(page, lambda: ink(page).sum() > 6)
    settle(page)
    until(page, lambda: said(page) != before)
    assert " The drawing is read as " in said(page)
    assert set(page.eval_on_selector(GRAPH, stale)) == {""}


def test_every_epoch_is_shown_as_it_comes(page: Any, app_url: str) -> None:
    open_chart(page, f"{app_url}/convolution?view=train&epochs=3&channels=2&seed=7", GRAPH)
    until(page, lambda: page.locator(".player output").inner_text() == "epoch 3 of 3")
    assert page.locator("[data-testid=stProgress]").count() == 0


def test_numbers_in_cells_are_written_as_python_writes_them(chromium: Any) -> None:
    numbers = [k * step for step in (1 / 32, 0.05, 0.013) for k in range(-400, 400)]
    page = chromium.new_page()
    page.add_script_tag(path=HERE / "cells.js")
    assert page.evaluate("numbers => numbers.map(brief)", numbers) == [brief(v) for v in numbers]
    page.close()
