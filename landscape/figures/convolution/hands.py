"""What a hand does on a slide: a kernel's entries are dragged, the picture is drawn, and every grid follows."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from landscape.figures.convolution.cells import INKS
from landscape.figures.kit.meta import Grid
from landscape.figures.kit.stage import Stage
from landscape.figures.networks.tints import SIGNED
from landscape.formulas.record import write_down
from landscape.lessons.slides import Slide

# An entry can be dragged so far, and a pixel has so much ink.
SPAN, INK = (-5.0, 5.0), (0.0, 1.0)
# Less than this is what rounding leaves of entries that cancel.
ROUNDING = 1e-12


class Hands(NamedTuple):
    """What can be held on a slide.

    entries   the names of values that are the stencil's entries, row by row
    pixels    of those that are the ground's own cells, likewise
    erase     whether the pen takes ink away
    """

    entries: Sequence[str]
    pixels: Sequence[str]
    erase: bool


class Follower(NamedTuple):
    """The places in a stage of a grid's film and of its words."""

    film: int
    words: int


def follow_hands(out: Stage, slide: Slide, hands: Hands, followers: Sequence[Follower]) -> None:
    """The ground, the stencil, the products at the play head and the result follow, and so does a sentence.

    followers   in this order
    """
    told = draw_on(out, slide.ground, slide.real, hands, followers[0])
    for name, value in zip(hands.entries, slide.stencil.ravel().tolist(), strict=True):
        out.hold(name, value, SPAN)
    names, count, columns = list(hands.entries), slide.stencil.size, slide.stencil.shape[1]
    out.live["entries"] = {"panel": "x2", "columns": columns, "names": names}
    met = [told[np.ix_(*slide.reads(r, s))].ravel().tolist() for r, s in slide.frames]

    def products(*both: Any) -> list[Any]:
        return [w * x for w, x in zip(both[:count], both[count:], strict=True)]

    def total(*both: Any) -> list[Any]:
        return [sum(products(*both))]

    out.live["grids"] += [
        _grid(followers[1], names, lambda *w: [1.0 * each for each in w], [[]], columns),
        _grid(followers[2], names, products, met, columns) | {"each": True},
        _grid(followers[3], names, total, met, slide.out.shape[1]),
    ]

    def sums(*values: Any) -> dict[str, Any]:
        total = sum(values[:count])
        return {"total": np.where(np.abs(total) < ROUNDING, 0.0, total), "ink": sum(values[count:])}

    said = "Ink for {ink} whole pixels. The entries add up to {total}: where ink is even, Y is so many times the ink."
    out.tell([*names, *hands.pixels], sums, said)


def draw_on(out: Stage, ground: np.ndarray, real: np.ndarray, hands: Hands, follower: Follower) -> np.ndarray:
    """A picture in the first panel is drawn on, and shows it; what its pixels are called, 0.0 where the ground is none.

    real   (H, W), which cells of the ground are pixels
    """
    told = np.zeros(ground.shape, dtype=object)
    told[real] = hands.pixels
    for name, value in zip(hands.pixels, ground[real].tolist(), strict=True):
        out.hold(name, value, INK)
    columns = ground.shape[1]
    names = [each or "" for each in told.ravel()]
    out.live["sheet"] = {"panel": "x", "columns": columns, "names": names, "erase": hands.erase}
    grid = _grid(follower, [], lambda x: [1.0 * x], [[each or 0.0] for each in told.ravel()], columns)
    out.live["grids"] = [grid | {"levels": INKS, "span": [*INK]}]
    return told


def _grid(
    follower: Follower,
    reads: list[str],
    function: Callable[..., Sequence[Any]],
    lanes: list[list[float | str]],
    columns: int,
) -> Grid:
    """A grid of signed numbers, all of which are made by all lanes together: function(*reads, *lane) -> numbers."""
    labels = [*reads, *(f"t{i}" for i in range(len(lanes[0])))]
    return {
        "film": follower.film,
        "words": follower.words,
        "levels": SIGNED,
        "columns": columns,
        "program": write_down(function, labels).as_json(),
        "reads": reads,
        "lanes": lanes,
        "each": False,
    }
