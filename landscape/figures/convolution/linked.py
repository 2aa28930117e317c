"""What a pointer does on grids of numbers: cells light up what they are linked with, and say with which products."""

from collections.abc import Sequence

import numpy as np

from landscape.figures.kit.meta import Cell, Field
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import Theme
from landscape.figures.kit.traces import line
from landscape.lessons.links import Link, links
from landscape.lessons.slides import Routed, Slide
from landscape.numbers import typeset

# The panels of the ground, the stencil and the result.
PANELS = ("", "2", "4")
# Products that a sentence names before it is cut short.
TERMS = 8
# By so much a central difference is off by rounding alone, at most.
ROUNDING = 1e-6

Slides = Slide | Routed


def light_links(out: Stage, slide: Slides, names: Sequence[str], titles: Sequence[str], theme: Theme) -> None:
    """Every cell lights up what it is linked with, and says with which products; one that is made shows how.

    names, titles   of the ground, the stencil and the result: in a sentence, and as a heading
    """
    grids, found = (slide.ground, slide.stencil, slide.out), links(slide)
    lights = []
    for panel in PANELS:
        lights.append(len(out.still))
        # Out of sight until something is pointed at.
        out.draw(line([-9.0, -8.0], [-9.0, -9.0], theme.ink, panel, width=3, name="lit"))
    fields: list[Field] = []
    for place, (panel, grid, of) in enumerate(zip(PANELS, grids, found, strict=True)):
        told = [_cell(slide, names, place, at, link) for at, link in zip(np.ndindex(grid.shape), of, strict=True)]
        fields.append({"title": titles[place], "panel": f"x{panel}", "columns": grid.shape[1], "cells": told})
    out.pointing = {"lights": lights, "fields": fields}


def _cell(slide: Slides, names: Sequence[str], place: int, at: tuple[int, ...], link: Link) -> Cell:
    if place == 2 and isinstance(slide, Slide):
        # Its frame says it all: the window, every product, their sum.
        return {"text": "", "frame": link.frame, "lit": [[], [], []]}
    heights = (len(slide.ground), len(slide.stencil), len(slide.out))
    lit = [
        [int(k) for row, column in cells for k in (column, height - 1 - row)]
        for cells, height in zip((link.ground, link.stencil, link.out), heights, strict=True)
    ]
    return {"text": linked_text(slide, names, place, at, link), "frame": link.frame, "lit": lit}


def linked_text(slide: Slides, names: Sequence[str], place: int, at: tuple[int, ...], link: Link) -> str:
    """What is said of a cell of the ground, 0, the stencil, 1, or what a pool gives back, 2."""
    value = float((slide.ground, slide.stencil, slide.out)[place][at])
    said = f"{names[place]}, row {at[0] + 1}, column {at[1] + 1}: "
    if isinstance(slide, Routed):
        return said + _routed_text(slide, names, place, at, link)
    if not link.out:
        return f"{said}{typeset(value)} goes into no cell of {names[2]}"
    into = f"{len(link.out)} cell{'' if len(link.out) == 1 else 's'} of {names[2]}"
    pairs = [pair for pair in link.products if pair[0] * pair[1]]
    if not pairs:
        return f"{said}{typeset(value)} adds 0 to {into}"
    rest = ", and as 0 into the rest" if len(pairs) < len(link.products) else ""
    return f"{said}{typeset(value)} goes into {into}, as {', '.join(cut(pairs, TERMS))}{rest}"


def _routed_text(slide: Routed, names: Sequence[str], place: int, at: tuple[int, ...], link: Link) -> str:
    if not link.out or not link.products:
        return "no window of the pool reaches it, so its derivative is 0"
    if place == 1:
        return f"{typeset(link.products[0][1])} is shared out as {', '.join(cut(link.products, TERMS))}"
    share, arriving = link.products[link.out.index((at[0], at[1]))]
    total = f"{factor(share)}·{factor(arriving)} = {typeset(float(slide.out[at]))}"
    if place == 0:
        return f"{typeset(float(slide.ground[at]))} gets {total}"
    return f"{total}. {difference(float(slide.out[at]), float(slide.differences[at]))}"


def difference(derivative: float, central: float) -> str:
    """A central difference beside a derivative. Only over a kink, where a pool has a tie, are they not the same."""
    tie = abs(central - derivative) > ROUNDING * max(1.0, abs(derivative))
    return f"Central difference {typeset(central)}{', across the tie of a pool' if tie else ''}"


def cut(pairs: Sequence[tuple[float, float]], most: int) -> list[str]:
    """Products, written out; of too many the first ones, and how many more there are."""
    terms = [f"{factor(w)}·{factor(x)}" for w, x in pairs]
    return terms if len(terms) <= most + 1 else [*terms[:most], f"… ({len(terms) - most} more)"]


def factor(value: float) -> str:
    text = typeset(float(f"{value:.3g}"))
    return f"({text})" if value < 0 else text
