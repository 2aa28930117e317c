"""A picture of the stage looks as the stage does: the light on its ground, names at its paths, heads in its scene."""

import base64
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.steps import open_chart, settle

pytestmark = pytest.mark.browser

GRAPH = ".st-key-stage-race .js-plotly-plot"
# How far a picture is from a screenshot over a box of that, at its size: of each pixel's colours, 0 to 255, the mean,
# where they fit best within half a pixel: a screen puts words on whole ones. The stage's corner need not be at one.
APART = """async ([one, other, box]) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: box.width, height: box.height });
    const images = await Promise.all([one, other].map(async (data) => {
        const image = new Image();
        image.src = "data:image/png;base64," + data;
        await image.decode();
        return image;
    }));
    const pixels = (image, [right, down]) => {
        const pen = canvas.getContext("2d"), scale = box.whole / image.width;
        pen.clearRect(0, 0, box.width, box.height);
        pen.drawImage(image, right - box.x, down - box.y, image.width * scale, image.height * scale);
        return pen.getImageData(0, 0, box.width, box.height).data;
    };
    const first = pixels(images[0], [0, 0]), near = [-0.5, 0, 0.5], [x, y] = box.corner;
    const shifted = near.flatMap((right) => near.map((down) => pixels(images[1], [x + right, y + down])));
    const apart = (second) => first.reduce((sum, v, i) => sum + Math.abs(v - second[i]), 0);
    return Math.min(...shifted.map(apart)) / (3 * box.width * box.height);
}"""


def box_of(page: Page, what: str) -> dict[str, Any]:
    """Where something of the stage is on a screenshot of it, in whole pixels; its corner there, and its width."""
    stage, part = (page.locator(each).first.bounding_box() for each in (GRAPH, f"{GRAPH} {what}"))
    return {
        "x": int(part["x"]) - int(stage["x"]),
        "y": int(part["y"]) - int(stage["y"]),
        "corner": [stage["x"] % 1, stage["y"] % 1],
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
