"""What is linked with what in a slide: for any cell, the cells that it is made of or goes into, and the products."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from landscape.lessons.slides import POOL, Routed, Slide

Cell = tuple[int, int]


class Link(NamedTuple):
    """Cells (row, column) of the ground, the stencil and the result that belong together, and the products in them.

    products   (first factor, second factor) of each
    frame      the place among the slide's frames of the one by which all of them are made; the last where none is
    """

    ground: list[Cell]
    stencil: list[Cell]
    out: list[Cell]
    products: list[tuple[float, float]]
    frame: int


class Links(NamedTuple):
    """The links of every cell of the ground, the stencil and the result, row by row."""

    ground: list[Link]
    stencil: list[Link]
    out: list[Link]


def links(slide: Slide | Routed) -> Links:
    if isinstance(slide, Routed):
        shapes = (slide.ground.shape, slide.stencil.shape, slide.out.shape)
        of: tuple[Callable[[Cell], Link], ...] = tuple(_routed(slide, name) for name in Links._fields)
    else:
        terms = _terms(slide)
        shapes = (slide.ground.shape, slide.stencil.shape, slide.out.shape)
        of = tuple(_slid(slide, terms, place) for place in range(3))
    return Links(*([make(cell) for cell in np.ndindex(shape)] for make, shape in zip(of, shapes, strict=True)))


def _terms(slide: Slide) -> np.ndarray:
    """Every product of a slide: the rows and columns of its three cells, (terms, 3, 2)."""
    (a, b), (rows, columns) = slide.stencil.shape, slide.out.shape
    i, j, r, s = (each.ravel() for each in np.meshgrid(*map(np.arange, (a, b, rows, columns)), indexing="ij"))
    ground = np.stack([r * slide.stride + i * slide.gap, s * slide.stride + j * slide.gap], axis=-1)
    return np.stack([ground, np.stack([i, j], axis=-1), np.stack([r, s], axis=-1)], axis=1)


def _slid(slide: Slide, terms: np.ndarray, place: int) -> Callable[[Cell], Link]:
    def link(cell: Cell) -> Link:
        mine = terms[(terms[:, place] == cell).all(axis=1)]
        # Of the cell itself no more than one.
        lit = [[(int(r), int(s)) for r, s in dict.fromkeys(map(tuple, mine[:, k].tolist()))] for k in range(3)]
        lit[place] = [cell]
        products = [(float(slide.stencil[i, j]), float(slide.ground[g, h])) for (g, h), (i, j), _ in mine.tolist()]
        made = [r * slide.out.shape[1] + s for r, s in lit[2]]
        return Link(lit[0], lit[1], lit[2], products, max(made, default=slide.out.size - 1))

    return link


def _routed(slide: Routed, name: str) -> Callable[[Cell], Link]:
    rows, columns = slide.stencil.shape

    def link(cell: Cell) -> Link:
        r, s = cell if name == "stencil" else (cell[0] // POOL, cell[1] // POOL)
        if r >= rows or s >= columns:
            own: list[list[Cell]] = [[cell] if each == name else [] for each in Links._fields]
            return Link(own[0], own[1], own[2], [], rows * columns - 1)
        window = [(int(i), int(j)) for i in slide.reads(r, s)[0] for j in slide.reads(r, s)[1]]
        out, arriving = window if name == "stencil" else [cell], float(slide.stencil[r, s])
        shares = [float(slide.share[r, s, i % POOL, j % POOL]) for i, j in out]
        return Link(window, [(r, s)], out, [(share, arriving) for share in shares], r * columns + s)

    return link
