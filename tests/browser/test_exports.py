"""An animated stage can be taken away as a file, and plays without a network."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.steps import exported, open_chart, open_offline

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
    offline.get_by_label("Play head").fill("0")
    offline.wait_for_timeout(300)
    begin = offline.evaluate(marks)
    # A slow browser must not find it over already.
    offline.get_by_label("Speed").select_option("0.25")
    offline.get_by_role("button", name="Play").click()
    offline.wait_for_function(f"begin => ({marks})() !== begin", arg=begin)
    head = offline.get_by_label("Play head")
    assert 0 < int(head.input_value()) < int(head.get_attribute("max"))
    assert offline.faults == []
    offline.context.close()
