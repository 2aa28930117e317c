"""The stage of a network that learns to read digits, by epoch: from the picture through its kernels to its answer, or
the derivatives on their way back, and how well it reads."""

from typing import NamedTuple

import numpy as np

from landscape.figures.convolution import cells
from landscape.figures.convolution.hands import Follower, Hands, draw_on
from landscape.figures.kit.animated import filmed
from landscape.figures.kit.axes import title
from landscape.figures.kit.layouts import Arrangement, Span, arrangement
from landscape.figures.kit.meta import NONE, Cell, Field
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import Theme, look
from landscape.figures.kit.traces import Trace, curve, line, moving_line, moving_marks, on
from landscape.figures.networks.network_graph import heat_map
from landscape.figures.networks.tints import ramp, signed, signed_level
from landscape.lessons.digits import Looked
from landscape.numbers import article, counted, percent, short, typeset

SHADES = 33
# A single mistake has so much of the strength of many.
SEEN = 0.35
# So many kernels stand under one another, each beside what it makes; so many cells apart, and so wide a gap between.
DOWN, GAP, BETWEEN = 4, 1, 2
RATE = 4.0
# How thick a bar of a chance is, in pixels.
BAR = 9
# A chance below is not told.
LEAST = 1e-300
ARROWS = {False: "→", True: "←"}


class Pairs(NamedTuple):
    """Where kernels stand beside what they make, in cells: as large as the picture's own."""

    kernels: int
    kernel: tuple[int, int]
    made: tuple[int, int]

    @property
    def columns(self) -> list[range]:
        """The kernels of each column."""
        return [range(first, min(first + DOWN, self.kernels)) for first in range(0, self.kernels, DOWN)]

    @property
    def pitch(self) -> tuple[int, int]:
        """From one pair to the next: down and across."""
        return self.made[0] + GAP, self.kernel[1] + GAP + self.made[1] + BETWEEN

    @property
    def shape(self) -> tuple[int, int]:
        down, across = self.pitch
        return min(self.kernels, DOWN) * down - GAP, len(self.columns) * across - BETWEEN


def stage(
    seen: Looked,
    theme: Theme,
    hands: Hands,
    *,
    back: bool = False,
    narrow: bool = False,
    size: tuple[int, int] = (900, 450),
) -> Stage:
    """The stage of what a network makes of a picture, or, `back`, of what its loss makes of that; hands hold pixels."""
    learned, place = seen.learned, arrangement("digits", narrow)
    out = Stage(
        theme,
        height=size[1],
        revision=f"digits {seen.maps.shape[1:]} {narrow}",
        alt=alternative(seen),
        margin=(6, 28, 14, 44),
        inside=True,
        settings={"showlegend": False},
    )
    heading = "Your drawing" if seen.digit is None else f"A held-back {seen.targets[-1]}"
    out.axes |= cells.panel_axes("", place["image"], (8, 8)) | cells.panel_axes("6", place["confusion"], (10, 10))
    out.head("|dL/dpixel|" if back else heading, place["image"])
    out.head("Is ↓, read as →", place["confusion"])
    if back:
        _film(out, _shares(seen.saliency), ramp((theme.paper, theme.belief), SHADES), "")
    else:
        _image(out, seen, theme, hands, heading)
    made = _pairs(out, seen, theme, place["pairs"], back)
    if not narrow:
        _arrows(out, place, back)
    _curves(out, seen, theme, place)
    _confusion(out, seen, theme)
    _answers(out, seen, theme, place["chances"], back)
    # Until the network has read what is drawn, they are of the picture as it was.
    out.live["stale"] = [*made, len(out.still) + len(out.moving) - 1]
    out.play(
        range(learned.epochs + 1),
        "epochs",
        schedule=np.arange(learned.epochs + 1)[None],
        captions=captions(seen),
        rate=RATE,
    )
    return out


def _image(out: Stage, seen: Looked, theme: Theme, hands: Hands, heading: str) -> None:
    """The picture, which can be drawn on."""
    levels = np.stack([cells.ink_places(seen.image)] * len(seen.maps))
    film = _film(out, levels, cells.ink_colors(theme), "")
    out.draw(cells.lattice(seen.image.shape, "", theme))
    draw_on(out, seen.image, np.ones(seen.image.shape, dtype=bool), hands, Follower(film, NONE))
    told: list[Cell] = [
        {"text": f"Row {row + 1}, column {column + 1}: ink {typeset(float(ink))}", "frame": NONE, "lit": []}
        for (row, column), ink in np.ndenumerate(seen.image)
    ]
    field: Field = {"title": heading, "panel": "x", "columns": seen.image.shape[1], "cells": told}
    out.pointing = {"lights": [], "fields": [field]}


def _pairs(out: Stage, seen: Looked, theme: Theme, place: Span, back: bool) -> list[int]:
    """Every kernel beside what it makes, or the loss's derivatives in both; the places in the stage of the latter."""
    left, right = (seen.gradients, seen.deltas) if back else (seen.kernels, seen.maps)
    # Numbers keep one scale through all epochs; derivatives fade, so each epoch has its own.
    left, right = (each / (_most(each) if back else np.abs(each).max() or 1.0) for each in (left, right))
    pairs = Pairs(left.shape[1], left.shape[2:], right.shape[2:])
    out.axes |= cells.panel_axes("3", place, pairs.shape)
    many = pairs.kernels > 1
    said = f"{pairs.kernels} kernels, and what they make" if many else "1 kernel, and what it makes"
    out.head("dL/dkernel, dL/d(what it makes)" if back else said, place)
    (down, across), top = pairs.pitch, pairs.shape[0] - 1
    middle = (pairs.made[0] - pairs.kernel[0]) / 2
    made = []
    for k, column in enumerate(pairs.columns):
        for pictures, x, y in ((left, 0, middle), (right, pairs.kernel[1] + GAP, 0.0)):
            levels = _stacked(pictures[:, column.start : column.stop], down)
            film = _signed(out, levels, theme, "3")
            out.still[film] |= {"x0": k * across + x, "y0": top - y - levels.shape[1] + 1}
        made.append(film)
    return made


def _stacked(pictures: np.ndarray, pitch: int) -> np.ndarray:
    """(E, C, h, w) -> (E, H, w): one under another, one every so many rows; NaN between them."""
    epochs, count, h, w = pictures.shape
    out = np.full((epochs, (count - 1) * pitch + h, w), np.nan)
    for k in range(count):
        out[:, k * pitch : k * pitch + h] = pictures[:, k]
    return out


def _arrows(out: Stage, place: Arrangement, back: bool) -> None:
    """Which way the picture is read."""
    for before, after in (("image", "pairs"), ("pairs", "chances")):
        out.annotations.append(
            {
                "x": (place[before][0][1] + place[after][0][0]) / 2,
                "y": 0.5,
                "xref": "paper",
                "yref": "paper",
                "text": ARROWS[back],
                "showarrow": False,
                "font": {"size": 26, "color": out.theme.faint},
            }
        )


def _most(pictures: np.ndarray) -> np.ndarray:
    """The largest of each epoch, (E, 1, ...); 1 where all are 0."""
    most = np.abs(pictures).max(axis=tuple(range(1, pictures.ndim)), keepdims=True)
    return np.where(most > 0, most, 1.0)


def _shares(values: np.ndarray) -> np.ndarray:
    """Levels 0 to SHADES - 1, each epoch by its own largest."""
    return np.round(values / _most(values) * (SHADES - 1)).astype(np.uint8)


def _film(out: Stage, levels: np.ndarray, colors: list[str], panel: str) -> int:
    """Levels (E, rows, columns), row 0 on top; its place in the stage."""
    out.film(heat_map(levels[-1][::-1], colors, panel, smooth=False), colors, 1, filmed(levels[:, ::-1]))
    return len(out.still) - 1


def _signed(out: Stage, values: np.ndarray, theme: Theme, panel: str) -> int:
    """Numbers from -1 to 1; NaN as the paper. Its place in the stage."""
    colors = [*signed(theme), theme.paper]
    levels = np.where(np.isnan(values), len(colors) - 1, signed_level(values))
    return _film(out, levels.astype(np.uint8), colors, panel)


def _curves(out: Stage, seen: Looked, theme: Theme, place: dict[str, tuple[list[float], list[float]]]) -> None:
    """The shares read rightly, of what is learned from and of what is held back."""
    right, epochs = 100 * seen.learned.right, np.arange(seen.learned.epochs + 1)
    end = seen.learned.planned
    across = {"range": [-0.03 * end, 1.05 * end], "nticks": 6, "title": title("epoch")}
    out.panel("5", place["right"], across, {"range": [0, 103], "nticks": 6, "ticksuffix": " %"}, "Read rightly")
    color = look(type(seen.learned.method).key, theme).color
    for k, (name, dash) in enumerate((("learned from", "dot"), ("held back", "solid"))):
        style: Trace = {"color": color, "width": 3 if k else 2, "dash": dash}
        out.trail(curve(epochs, right[:, k], name, "5", style))
    marker = {"size": 11, "color": color, "line": {"width": 2, "color": "white"}}
    out.move(moving_marks("heads", epochs.astype(float), right[:, 1], marker, showlegend=False, **on("5")))
    for k, name in ((0, "learned from"), (1, "held back")):
        out.annotations.append(
            {
                "x": end,
                "y": 6 + 12 * (1 - k),
                "xref": "x5",
                "yref": "y5",
                "xanchor": "right",
                "yanchor": "bottom",
                "text": f"{'dotted' if k == 0 else 'solid'}: {name}",
                "showarrow": False,
                "font": {"size": 13, "color": theme.ink},
            }
        )


def _confusion(out: Stage, seen: Looked, theme: Theme) -> None:
    """Counts, mistakes in the alarm's colour; the numbers as they are in each epoch."""
    counts = seen.learned.confusion()
    most = counts.max()
    good, bad = (
        ramp((theme.paper, theme.hue("teal")), SHADES),
        ramp((theme.paper, theme.alarm), SHADES),
    )
    levels = np.round(counts / most * (SHADES - 1))
    share = np.where(counts > 0, SEEN + (1 - SEEN) * np.sqrt(counts / most), 0)
    wrong = np.round(share * (SHADES - 1))
    levels = np.where(np.eye(10, dtype=bool), levels, SHADES + wrong).astype(np.uint8)
    _film(out, levels, good + bad, "6")
    out.draw(cells.lattice((10, 10), "6", theme))
    for axis, flip in (("x", False), ("y", True)):
        ticks = list(range(10))
        names = [str(9 - k) if flip else str(k) for k in ticks]
        out.axes[f"{axis}axis6"] |= {"visible": True, "showgrid": False, "zeroline": False, "ticks": ""}
        out.axes[f"{axis}axis6"] |= {"tickvals": ticks, "ticktext": names, "tickfont": {"size": 12}}


def _answers(out: Stage, seen: Looked, theme: Theme, place: Span, back: bool) -> None:
    """A bar for each of the ten chances; or for the derivatives in what is made a chance of, chance less truth."""
    names = [f"<b>{k}</b>" if seen.digit is not None and k == seen.targets[-1] else str(k) for k in range(10)]
    ticks = {"tickvals": list(range(10)), "ticktext": names[::-1], "tickfont": {"size": 14}}
    across = {"range": [-1.02 if back else 0, 1.02], "visible": False}
    up = {"range": [-0.5, 9.5], "showgrid": False, "showline": not back, **ticks}
    out.panel("8", place, across, up, "p − y" if back else "Chances")
    if back:
        out.draw(line([0, 0], [-0.5, 9.5], theme.faint, "8", width=1, name="zero"))
    errors = seen.chances - np.eye(10)[seen.targets]
    sizes = errors / _most(errors) if back else seen.chances
    bars = [[each for k, p in enumerate(of) for each in ((0, 9 - k), (p, 9 - k), (np.nan,) * 2)] for of in sizes]
    strokes = [np.array(each[:-1], dtype=float) for each in bars]
    style: Trace = {"line": {"color": theme.belief if back else theme.value, "width": BAR}, "showlegend": False}
    out.move(moving_line("chances", strokes, np.zeros((len(bars), 2)), **style, **on("8")))


def captions(seen: Looked) -> list[str]:
    learned = seen.learned
    out = []
    for epoch, (chances, target) in enumerate(zip(seen.chances, seen.targets, strict=True)):
        held = f"Held back: {percent(learned.right[epoch, 1])} right, loss {short(learned.losses[epoch, 1])}."
        said, chance = int(chances.argmax()), _chance(chances[target])
        doubt = f", with a chance of {chance}." if said == target else f". The chance of {target} is {chance}."
        what = f"This {target} is read as {said}{doubt}"
        if seen.digit is None:
            what = f"The drawing is read as {said}, with a chance of {chance}."
        out.append(f"{held} {what}")
    return out


def _chance(value: float) -> str:
    # No chance is 0, but for rounding.
    return "over 0.999" if value > 0.999 else short(value) if value > LEAST else f"below {short(LEAST)}"


def alternative(seen: Looked) -> str:
    """The stage in words."""
    learned, said = seen.learned, str(seen.chances[-1].argmax())
    shown = "a drawing" if seen.digit is None else f"{article(str(seen.targets[-1]))} {seen.targets[-1]}"
    first, last = (percent(share) for share in learned.right[[0, -1], 1])
    return (
        f"A network of {learned.network.title} learns to read digits in {counted(learned.epochs, 'epoch')}. "
        f"Of those held back it reads {first} rightly at first and {last} at last. Shown: "
        f"{shown}, taken for {article(said)} {said}, with a chance of {_chance(seen.chances[-1].max())}."
    )
