"""A picture of the stage looks as the stage does: the light on its ground, names at its paths, heads in its scene."""

import base64
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.steps import open_chart, settle

pytestmark = pytest.mark.browser

GRAPH = ".st-key-stage-race .js-plotly-plot"
# How far two pictures are apart over a box of the first, at its size: of each pixel's colours, 0 to 255, the mean.
APART = """async ([one, other, box]) => {
    const pixels = await Promise.all([one, other].map(async (data) => {
        const image = new Image();
        image.src = "data:image/png;base64," + data;
        await image.decode();
        const canvas = Object.assign(document.createElement("canvas"), { width: box.width, height: box.height });
        const pen = canvas.getContext("2d"), scale = box.whole / image.width;
        pen.drawImage(image, -box.x, -box.y, image.width * scale, image.height * scale);
        return pen.getImageData(0, 0, box.width, box.height).data;
    }));
    return pixels[0].reduce((sum, v, i) => sum + Math.abs(v - pixels[1][i]), 0) / (3 * box.width * box.height);
}"""


def box_of(page: Page, what: str) -> dict[str, float]:
    """Where something of the stage is on it, in whole pixels, and how wide the stage is."""
    stage, part = (page.locator(each).first.bounding_box() for each in (GRAPH, f"{GRAPH} {what}"))
    return {
        "x": int(part["x"] - stage["x"]),
        "y": int(part["y"] - stage["y"]),
        "width": int(part["width"]),
        "height": int(part["height"]),
        "whole": int(stage["width"]),
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_picture_looks_as_the_stage_does(page: Page, app_url: str, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    open_chart(page, f"{app_url}/?view=both&steps=80", GRAPH)
    page.locator(f"{GRAPH} .names span").first.wait_for()
    # It says what a hand can take, which is no part of a picture.
    page.locator(".callout").evaluate_all("all => all.forEach(each => each.remove())")
    settle(page)
    seen = base64.b64encode(page.locator(GRAPH).screenshot()).decode("ascii")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as PNG").click()
    kept = base64.b64encode(download.value.path().read_bytes()).decode("ascii")
    for part in (".names span", ".gl-container canvas", ".contourlayer", ".legend", ".textpoint"):
        assert page.evaluate(APART, [seen, kept, box_of(page, part)]) < 15, part
    # What was looked at is not empty.
    blank = page.evaluate("() => document.createElement('canvas').toDataURL().split(',')[1]")
    assert page.evaluate(APART, [seen, blank, box_of(page, ".names span")]) > 100
