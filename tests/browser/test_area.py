"""What is held on the Area page follows in the browser as Python has it."""

from typing import Any

import numpy as np
import pytest

from landscape.calculus.densities import density, divergence
from tests.browser.steps import open_chart, pixel, query, settle

pytestmark = pytest.mark.browser

GRAPH = ".js-plotly-plot"
# Where something of the third panel is on the screen.
SPOT = """(gd, [x, y]) => {
    const box = gd.getBoundingClientRect();
    const { xaxis3: across, yaxis3: up } = gd._fullLayout;
    return [box.left + across._offset + across.d2p(x), box.top + up._offset + up.d2p(y)];
}"""


def spot(page: Any, x: float, y: float) -> list[float]:
    return page.eval_on_selector(GRAPH, SPOT, [x, y])


def test_a_density_dragged_onto_another_loses_its_divergence(page: Any, app_url: str) -> None:
    open_chart(page, f"{app_url}/area?view=expectation", GRAPH)
    page.mouse.move(*spot(page, 1.5, 0.9))
    page.mouse.down()
    page.mouse.move(*spot(page, 0.5, 1.5), steps=6)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 30)))")
    said = page.locator(".caption").text_content()
    page.mouse.up()
    settle(page)
    at = query(page)
    q = density("normal", float(at["qmean"]), float(at["qwidth"]))
    np.testing.assert_allclose([q.mean, q.width], [0.5, 1.5], atol=0.06)
    kl = divergence(density("normal", -0.5, 1.2), q)
    assert float(said.rpartition("KL(p‖q) ")[2].rstrip(".")) == pytest.approx(kl, abs=0.01)


def test_an_end_of_an_area_is_held_and_the_area_follows(page: Any, app_url: str) -> None:
    open_chart(page, f"{app_url}/area", GRAPH)
    page.mouse.move(*pixel(page, GRAPH, 3.0, 0.0))
    page.mouse.down()
    page.mouse.move(*pixel(page, GRAPH, 2.0, 0.3), steps=6)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 30)))")
    said = page.locator(".caption").text_content()
    page.mouse.up()
    settle(page)
    b = float(query(page)["b"])
    assert b == pytest.approx(2.0, abs=0.03)
    assert float(said.rpartition(" ")[2].rstrip(".")) == pytest.approx(1 - np.cos(b), abs=0.01)
