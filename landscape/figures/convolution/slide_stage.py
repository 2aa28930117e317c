"""The stage of a stencil that slides over a ground: cell after cell of what it makes, with the products of each.

The window, the frame in the result and the products move; what is made appears in the result and stays.
"""

from typing import NamedTuple

import numpy as np

from landscape.figures.convolution import cells
from landscape.figures.convolution.hands import Follower, Hands, follow_hands
from landscape.figures.convolution.linked import cut, difference, light_links
from landscape.figures.kit.animated import filmed
from landscape.figures.kit.layouts import arrangement
from landscape.figures.kit.stage import Stage, frame_rate
from landscape.figures.kit.style import Theme
from landscape.figures.kit.traces import Trace, moving_line, on
from landscape.lessons.slides import Routed, Slide
from landscape.numbers import typeset

MARGIN = (6, 28, 6, 6)
# Products that a sentence names before it is cut short.
TERMS = 4

Slides = Slide | Routed
# (frame, text) pairs for each mark: what it says from that frame on.
Said = list[list[list[int | str]]]


class Names(NamedTuple):
    """What the four pictures are called, and what a cell of each is: headings, and how a sentence begins.

    cells   of the ground, the stencil and the result
    ink     whether the ground is a picture of ink
    """

    ground: str
    stencil: str
    products: str
    out: str
    cells: tuple[str, str, str]
    ink: bool


def stage(
    slide: Slides,
    names: Names,
    theme: Theme,
    *,
    narrow: bool = False,
    size: tuple[int, int] = (900, 500),
    hands: Hands | None = None,
) -> Stage:
    """The stage of a slide, its play head at the largest cell; `size` in pixels, the width need only be near.

    hands   what may be held, where anything may: the ground is then a picture of ink
    """
    place = arrangement("slide", narrow)
    out = Stage(
        theme,
        height=size[1],
        revision=f"slide {slide.ground.shape} {slide.out.shape} {narrow}",
        alt=alternative(slide, names),
        margin=MARGIN,
        clicks=["x4"],
        inside=True,
        settings={"showlegend": False},
    )
    order = slide.frames
    products = slide.products(0, 0).shape
    shapes = {"ground": slide.ground.shape, "stencil": slide.stencil.shape, "products": products}
    wide = {}
    for panel, (name, shape) in zip(("", "2", "3", "4"), (shapes | {"out": slide.out.shape}).items(), strict=True):
        out.axes |= cells.panel_axes(panel, place[name], shape)
        out.head(getattr(names, name), place[name])
        wide[name] = _cell(place[name], shape, size)
    followers = [
        _ground(out, slide, names, theme, wide["ground"]),
        _stencil(out, slide, order, theme, wide["stencil"]),
        _products(out, slide, order, theme, wide["products"]),
        _result(out, slide, order, theme, wide["out"]),
    ]
    if hands and isinstance(slide, Slide):
        follow_hands(out, slide, hands, followers)
    _frames(out, slide, order, theme)
    light_links(out, slide, names.cells, (names.ground, names.stencil, names.out), theme)
    count = len(order)
    out.play(
        range(1, count + 1),
        "cells",
        schedule=[],
        captions=[caption(slide, names, r, s) for r, s in order],
        rate=frame_rate(count),
    )
    # Where that is the first, at the end: nothing is over when one arrives.
    return out.begin_at(largest(slide) or -1)


def caption(slide: Slides, names: Names, r: int, s: int) -> str:
    """The sum that makes a cell, written out, and the central difference where there is one."""
    if isinstance(slide, Routed):
        return _routing(slide, r, s)
    pairs = [(w, x) for w, x in zip(slide.stencil.ravel(), slide.met(r, s).ravel(), strict=True) if w * x]
    total = f"{' + '.join(cut(pairs, TERMS))} = {typeset(slide.out[r, s])}" if pairs else "every product is 0"
    said = f"{names.cells[2]}, row {r + 1}, column {s + 1}: {total}"
    if slide.differences is None:
        return said
    return f"{said}. {difference(float(slide.out[r, s]), float(slide.differences[r, s]))}"


def _routing(slide: Routed, r: int, s: int) -> str:
    arriving, share = typeset(slide.stencil[r, s]), slide.share[r, s]
    if share.max() < 1:
        return f"dL/dP is {arriving}: each of the four gets a quarter, {typeset(slide.stencil[r, s] / 4)}"
    row, column = (int(k) for k in np.unravel_index(share.argmax(), share.shape))
    (rows, columns), met = slide.reads(r, s), slide.met(r, s)
    most, place = typeset(met.max()), f"row {rows[row] + 1}, column {columns[column] + 1}"
    equal = int((met == met.max()).sum())
    first = f"The largest of the four, {most} at {place},"
    if equal > 1:
        first = f"{equal} of the four are largest, {most}. The first, at {place},"
    return f"{first} gets all of dL/dP, {arriving}; the others get 0"


def alternative(slide: Slides, names: Names) -> str:
    """The stage in words, with its largest cell."""
    grids = [
        f"{title}, {grid.shape[0]} by {grid.shape[1]}"
        for title, grid in ((names.ground, slide.ground), (names.stencil, slide.stencil), (names.out, slide.out))
    ]
    return f"Grids of numbers: {'; '.join(grids)}. {caption(slide, names, *slide.frames[largest(slide)])}."


def largest(slide: Slides) -> int:
    """The place among the frames of the one that makes the largest number."""
    return int(np.argmax([np.abs(slide.out[np.ix_(*slide.made(r, s))]).max() for r, s in slide.frames]))


def _cell(place: tuple[list[float], list[float]], shape: tuple[int, int], size: tuple[int, int]) -> float:
    """How wide a cell of a picture is, in pixels."""
    (left, right), (low, high) = place
    across, up = size[0] - MARGIN[0] - MARGIN[2], size[1] - MARGIN[1] - MARGIN[3]
    return min((right - left) * across / shape[1], (high - low) * up / shape[0])


def _texts(values: np.ndarray) -> np.ndarray:
    return np.array([[cells.brief(v) for v in row] for row in values], dtype=object)


def _ground(out: Stage, slide: Slides, names: Names, theme: Theme, pixels: float) -> Follower:
    """The ground, its own numbers in ink and the zeros that were put in faint."""
    if names.ink:
        places, colors = cells.ink_places(slide.ground), cells.ink_colors(theme)
    else:
        places, colors = cells.signed_places(slide.ground), cells.signed_colors(theme)
    letters = np.where(slide.real, theme.ink, theme.faint).ravel().tolist()
    words = cells.numbers(_texts(slide.ground), "", letters, pixels, "ground")
    return _same(out, places, colors, words, len(slide.frames))


def _stencil(out: Stage, slide: Slides, order: list[tuple[int, int]], theme: Theme, pixels: float) -> Follower:
    places, colors = cells.signed_places(slide.stencil), cells.signed_colors(theme)
    words = cells.numbers(_texts(slide.stencil), "2", theme.ink, pixels, "stencil")
    return _same(out, places, colors, words, len(order))


def _same(out: Stage, places: np.ndarray, colors: list[str], words: Trace, frames: int) -> Follower:
    """A picture that is the same in every frame, but for hands, and its words."""
    panel, film = words["xaxis"].removeprefix("x"), len(out.still)
    out.film(cells.grid(places, colors, panel), colors, 1, filmed(np.stack([places[::-1]] * frames)))
    out.draw(cells.lattice(places.shape, panel, out.theme))
    out.word(words, [[[0, text]] for text in words["text"]])
    return Follower(film, len(out.still) - 1)


def _products(out: Stage, slide: Slides, order: list[tuple[int, int]], theme: Theme, pixels: float) -> Follower:
    """The products of the cell at the play head."""
    each = np.array([slide.products(r, s) for r, s in order])
    places, film = cells.signed_places(each), len(out.still)
    out.film(
        cells.grid(places[-1], cells.signed_colors(theme), "3"), cells.signed_colors(theme), 1, filmed(places[:, ::-1])
    )
    out.draw(cells.lattice(each.shape[1:], "3", theme))
    shown = np.array([_texts(frame) for frame in each])
    trace = cells.numbers(shown[-1], "3", theme.ink, pixels, "products")
    out.word(trace, [_changes(shown[:, i, j]) for i, j in np.ndindex(each.shape[1:])])
    return Follower(film, len(out.still) - 1)


def _changes(texts: np.ndarray) -> list[list[int | str]]:
    """(frame, text) pairs, one for each time that it changes."""
    return [[k, str(text)] for k, text in enumerate(texts) if k == 0 or text != texts[k - 1]]


def _result(out: Stage, slide: Slides, order: list[tuple[int, int]], theme: Theme, pixels: float) -> Follower:
    """What is made: in full colour and with its number from when it is made."""
    when = np.zeros(slide.out.shape, dtype=int)
    for k, (r, s) in enumerate(order):
        when[np.ix_(*slide.made(r, s))] = k
    made = when <= np.arange(len(order))[:, None, None]
    places = cells.signed_places(np.broadcast_to(slide.out, made.shape), made)
    colors = cells.signed_colors(theme)
    film = len(out.still)
    out.film(cells.grid(places[-1], colors, "4"), colors, 1, filmed(places[:, ::-1]))
    out.draw(cells.lattice(slide.out.shape, "4", theme))
    texts = _texts(slide.out)
    said: Said = [[[int(k), str(text)]] for text, k in zip(texts.ravel(), when.ravel(), strict=True)]
    said = [[[0, ""], *told] if told[0][0] else told for told in said]
    out.word(cells.numbers(texts, "4", theme.ink, pixels, "result"), said)
    return Follower(film, len(out.still) - 1)


def _frames(out: Stage, slide: Slides, order: list[tuple[int, int]], theme: Theme) -> None:
    """A frame around what is read, and around what it makes; around what is given back, where a pool gives."""
    read = [cells.frames_around(*slide.reads(r, s), len(slide.ground)) for r, s in order]
    made = [cells.frames_around(*slide.made(r, s), len(slide.out)) for r, s in order]
    moves = [("window", read, ""), ("made", made, "4")]
    if isinstance(slide, Routed):
        given = [cells.frames_around(np.array([r]), np.array([s]), len(slide.stencil)) for r, s in order]
        moves.append(("given", given, "2"))
    look: Trace = {"line": {"color": theme.belief, "width": 3.5}, "showlegend": False}
    for name, strokes, panel in moves:
        at = np.array([stroke[0] for stroke in strokes])
        out.move(moving_line(name, strokes, at, **look, **on(panel)))
