"""Grids of numbers under a pointer and a hand: what is said are the core's numbers, and the result follows."""

import numpy as np
import pytest

from landscape.dashboard.convolution.backward_view import NAMES as BACKWARD
from landscape.dashboard.convolution.forward_view import NAMES as FORWARD
from landscape.dashboard.convolution.picture import ENTRY_NAMES, Picture, image_of
from landscape.dashboard.convolution.sheet import PIXEL_NAMES
from landscape.datasets import IMAGES
from landscape.figures.convolution.hands import Hands
from landscape.figures.convolution.slide_stage import caption, stage
from landscape.figures.kit.style import THEMES
from landscape.lessons.slides import KERNELS, convolved

IMAGE = IMAGES["digits"].samples.inputs[3, 0]
KERNEL = np.reshape(KERNELS["upright"][1], (3, 3)).astype(float)


def of(slide, names, **settings):
    return stage(slide, names, THEMES["light"], **settings)


def cell(drawn, panel, row, column):
    field = next(each for each in drawn.meta["pointing"]["fields"] if each["panel"] == panel)
    return field["cells"][row * field["columns"] + column]


def test_every_cell_of_three_panels_can_be_pointed_at():
    seen = convolved(IMAGE, KERNEL, 2, 1, "max")
    ways = (("forward", FORWARD), ("to_kernel", BACKWARD["kernel"]), ("to_image", BACKWARD["image"]))
    for way, names in (*ways, ("to_answers", BACKWARD["pool"])):
        slide = getattr(seen, way)
        drawn = of(slide, names)
        for field, grid in zip(drawn.meta["pointing"]["fields"], (slide.ground, slide.stencil, slide.out), strict=True):
            assert (len(field["cells"]), field["columns"]) == (grid.size, grid.shape[1])
            for told in field["cells"]:
                assert told["text"] or told["lit"] == [[], [], []]
                assert 0 <= told["frame"] < len(drawn.times)


def test_what_is_said_of_a_pixel_and_of_an_entry():
    slide = convolved(IMAGE, KERNEL, 1, 0, "max").forward
    drawn = of(slide, FORWARD)
    assert IMAGE[0, 2] == 0.4375
    told = cell(drawn, "x", 0, 2)
    # It meets the upper row of the kernel alone.
    said = "X, row 1, column 3: 0.4375 goes into 3 cells of Y, as (−1)·0.438, 1·0.438, and as 0 into the rest"
    assert told["text"] == said
    assert told["lit"] == [[2, 7], [0, 2, 1, 2, 2, 2], [2, 5, 1, 5, 0, 5]]
    assert told["frame"] == 2
    assert cell(drawn, "x2", 0, 1)["text"] == "W, row 1, column 2: 0 adds 0 to 36 cells of Y"
    assert cell(drawn, "x2", 1, 2)["text"].startswith("W, row 2, column 3: 2 goes into 36 cells of Y, as 2·")
    assert len(cell(drawn, "x2", 1, 2)["lit"][2]) == 72
    made = cell(drawn, "x4", 2, 3)
    assert (made["text"], made["frame"]) == ("", 15)
    assert drawn.clock["captions"][15] == caption(slide, FORWARD, 2, 3)


def test_a_derivative_that_is_pointed_at_has_its_difference_beside_it():
    seen = convolved(IMAGE, KERNEL, 1, 0, "max")
    drawn = of(seen.to_image, BACKWARD["image"])
    told = cell(drawn, "x4", 4, 4)
    said = drawn.clock["captions"][told["frame"]]
    assert said.startswith("dL/dX, row 5, column 5: ")
    ends = [said.split(before)[1].split(". ")[0] for before in ("= ", "difference ")]
    exact, difference = (float(end.replace("\N{MINUS SIGN}", "-")) for end in ends)
    assert exact == pytest.approx(seen.to_image.out[4, 4], rel=1e-3)
    assert difference == pytest.approx(exact, rel=1e-3)
    answers = seen.to_answers
    row, column = (int(k) for k in np.unravel_index(answers.out.argmax(), answers.out.shape))
    told = cell(of(answers, BACKWARD["pool"]), "x4", row, column)
    value = f"{answers.out[row, column]:.4g}"
    assert told["text"].startswith(f"dL/dY, row {row + 1}, column {column + 1}: 1·")
    assert f"= {value}. Central difference {value}" in told["text"]


def test_what_no_window_reaches_is_said_to_have_no_derivative():
    seen = convolved(IMAGE, KERNEL[:2, :2], 1, 0, "max")
    told = cell(of(seen.to_answers, BACKWARD["pool"]), "x4", 6, 0)
    assert told["text"] == "dL/dY, row 7, column 1: no window of the pool reaches it, so its derivative is 0"


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 2)])
def test_the_grids_follow_the_entries_and_the_pixels(stride, padding):
    slide = convolved(IMAGE, KERNEL, stride, padding, "max").forward
    drawn = of(slide, FORWARD, hands=Hands(ENTRY_NAMES, PIXEL_NAMES, erase=False))
    live = drawn.meta["live"]
    assert live["entries"] == {"panel": "x2", "columns": 3, "names": list(ENTRY_NAMES)}
    assert [live["values"][name]["at"] for name in ENTRY_NAMES] == KERNEL.ravel().tolist()
    assert [live["values"][name]["at"] for name in PIXEL_NAMES] == IMAGE.ravel().tolist()
    rng = np.random.default_rng(0)
    other, drawing = rng.uniform(-5, 5, (3, 3)), rng.uniform(0, 1, (8, 8))
    at = dict(zip((*ENTRY_NAMES, *PIXEL_NAMES), [*other.ravel(), *drawing.ravel()], strict=True))
    expected = convolved(drawing, other, stride, padding, "max").forward
    grids = [
        [run(grid["program"], [at.get(name, name) for name in (*grid["reads"], *lane)]) for lane in grid["lanes"]]
        for grid in live["grids"]
    ]
    ground, stencil, products, out = grids
    np.testing.assert_allclose(np.ravel(ground), expected.ground.ravel())
    np.testing.assert_allclose(stencil[0], other.ravel())
    np.testing.assert_allclose(np.ravel(out), expected.out.ravel(), atol=1e-12)
    for made, (r, s) in zip(products, expected.frames, strict=True):
        np.testing.assert_allclose(made, expected.products(r, s).ravel(), atol=1e-15)
    for grid in live["grids"]:
        assert drawn.still[grid["film"]]["type"] == "heatmap"
        assert len(drawn.still[grid["words"]]["text"]) in (9, expected.out.size, expected.ground.size)


def run(program, inputs):
    """What a program's JSON says, by its few operations here."""
    memory = [float(r or 0) for r in program["registers"]]
    memory[: len(inputs)] = inputs
    known = {"add": lambda a, b: a + b, "mul": lambda a, b: a * b}
    for name, result, *reads in program["operations"]:
        memory[result] = known[name](*(memory[k] for k in reads))
    return [memory[k] for k in program["outputs"]]


def test_a_difference_that_a_tie_puts_off_says_so():
    """One pool of this 3 under upright edges has two that are largest; under a kernel a little off it has not."""
    three = image_of(Picture(3, 5, "", (), 1, 0))
    for kernel, tied in ((KERNEL, True), (KERNEL + 0.1, False)):
        seen = convolved(three, kernel, 1, 0, "max")
        assert seen.ties.any() == tied
        said = [told["text"] for told in of(seen.to_kernel, BACKWARD["kernel"]).meta["pointing"]["fields"][2]["cells"]]
        captions = of(seen.to_kernel, BACKWARD["kernel"]).clock["captions"]
        assert any("across the tie of a pool" in each for each in [*said, *captions]) == tied
