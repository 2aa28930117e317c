"""The Recurrence page in a browser: every view opens and plays, and what is held follows."""

import re
from typing import Any

import pytest

from tests.browser.steps import open_chart, pixel, query, settle, until

pytestmark = pytest.mark.browser

GRAPH = ".js-plotly-plot"


def take(page: Any, start: tuple[float, float], end: tuple[float, float], axis: str = "xaxis") -> None:
    page.mouse.move(*pixel(page, GRAPH, *start, axis))
    page.mouse.down()
    page.mouse.move(*pixel(page, GRAPH, *end, axis), steps=6)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 30)))")


def said(page: Any) -> str:
    return page.locator(".caption").inner_text()


def test_the_gradient_comes_back_step_by_step(page: Any, app_url: str) -> None:
    open_chart(page, f"{app_url}/recurrence?length=6&at=1", GRAPH)
    assert said(page).startswith("Forwards: the network hears input 1 of 6.")
    for _ in range(6):
        page.locator("[data-do=forward]").click()
    assert said(page).startswith("Back 0 of 5 steps: |dL/dh| is ")


def test_the_start_of_a_fall_is_dragged(page: Any, app_url: str) -> None:
    open_chart(page, f"{app_url}/recurrence?view=cliff&steps=20", GRAPH)
    path = "gd => gd.querySelector(`.trace${gd._fullData.find(t => t.name === 'Clipped').uid} .js-line`)"
    before = page.eval_on_selector(GRAPH, f"gd => ({path})(gd).getAttribute('d')")
    take(page, (4.8, -2.2), (5.5, -3.0))
    # The run begins where the hand is, in full sight.
    assert page.eval_on_selector(GRAPH, f"gd => getComputedStyle(({path})(gd).closest('.trace')).opacity") == "1"
    held = page.eval_on_selector(GRAPH, f"gd => ({path})(gd).getAttribute('d')")
    assert held != before
    # 0.2350 w, and b - (0.5 - 0.62246 w) at (5.5, -3).
    assert said(page).startswith("At the fixed point steps multiply by 1.29")
    page.mouse.up()
    settle(page)
    # And the server has it so: within a pixel, as far as the link has digits.
    there, kept = (
        [float(number) for number in re.findall(r"-?\d+\.?\d*", text)]
        for text in (held, page.eval_on_selector(GRAPH, f"gd => ({path})(gd).getAttribute('d')"))
    )
    assert there == pytest.approx(kept, abs=1.0)
    assert float(query(page)["x"]) == pytest.approx(5.5, abs=0.02)
    assert float(query(page)["y"]) == pytest.approx(-3.0, abs=0.02)


def test_a_window_is_dragged_and_trained_with(page: Any, app_url: str) -> None:
    open_chart(page, f"{app_url}/recurrence?view=series&steps=3&hidden=2", GRAPH)
    until(page, lambda: page.locator(".player output").inner_text() == "step 3 of 3")
    settle(page)
    take(page, (4.0, 45.0), (20.3, 45.0), "xaxis3")
    assert said(page).startswith("Window in years: 20. At last it turns the gradient by ")
    page.mouse.up()
    until(page, lambda: query(page).get("window") == "20")
    until(page, lambda: page.locator(".player output").inner_text() == "step 3 of 3")
    settle(page)


# In each frame how strong stage and play bar are at least, and whether the page says how far it is, until it is done.
STRENGTH = """() => new Promise(done => {
    const seen = [];
    const look = () => {
        const parts = [...document.querySelectorAll("[class*=st-key-stage], [class*=st-key-player]")];
        const drawn = parts.filter(part => part.checkVisibility({ visibilityProperty: true }));
        const far = document.querySelector(".st-key-rest .stProgress") !== null;
        seen.push([Math.min(...drawn.map(part => Number(getComputedStyle(part).opacity))), far]);
        const ended = document.querySelector(".stApp").dataset.testScriptState === "notRunning";
        ended && !far ? done(seen) : requestAnimationFrame(look);
    };
    look();
})"""


@pytest.mark.fresh
def test_a_training_that_grows_is_shown_at_full_strength(page: Any, app_url: str) -> None:
    page.goto(f"{app_url}/recurrence?view=series&seed=61&steps=200")
    page.locator(f"{GRAPH}.played").first.wait_for()
    page.locator(".st-key-rest .stProgress").wait_for()
    seen = page.evaluate(STRENGTH)
    # It says all the while how far it is.
    assert all(far for _, far in seen[:-1])
    assert min(strength for strength, _ in seen) == 1
