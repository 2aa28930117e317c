"""The stage of a network that learns to read digits: its kernels, what they see, and how well it reads, by epoch."""

import numpy as np

from landscape.figures.convolution import cells
from landscape.figures.convolution.hands import Follower, Hands, draw_on
from landscape.figures.kit.animated import filmed
from landscape.figures.kit.axes import title
from landscape.figures.kit.layouts import Span, arrangement
from landscape.figures.kit.meta import NONE, Cell, Field
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import Theme, look
from landscape.figures.kit.traces import Trace, curve, moving_line, moving_marks, on
from landscape.figures.networks.network_graph import heat_map
from landscape.figures.networks.tints import ramp, signed, signed_level
from landscape.lessons.digits import Looked
from landscape.numbers import counted, short, typeset

SHADES = 33
# A single mistake has so much of the strength of many.
SEEN = 0.35
# Pictures stand in so many columns; kernels, which are small, in more.
ACROSS, KERNELS_ACROSS, MANY = 4, 8, 6
RATE = 4.0
# How thick a bar of a chance is, in pixels.
BAR = 9


def stage(
    seen: Looked, theme: Theme, hands: Hands, *, narrow: bool = False, size: tuple[int, int] = (900, 450)
) -> Stage:
    """The stage of what a network makes of a picture; hands hold the picture's pixels."""
    learned, place = seen.learned, arrangement("digits", narrow)
    out = Stage(
        theme,
        height=size[1],
        revision=f"digits {seen.maps.shape[1:]} {narrow}",
        alt=alternative(seen),
        margin=(6, 28, 14, 44),
        settings={"showlegend": False},
    )
    heading = "Your drawing" if seen.digit is None else f"A held-back {seen.targets[-1]}"
    count = seen.kernels.shape[1]
    beside = count if count <= KERNELS_ACROSS else MANY
    maps = _mosaic(seen.maps, min(count, ACROSS))
    kernels, gradients = (_mosaic(each, beside) for each in (seen.kernels, learned.gradients))
    panels = {
        "": ("image", heading, (8, 8)),
        "2": ("saliency", "|dL/dpixel|" if narrow else "|dL/dpixel|: where it looks", (8, 8)),
        "3": ("kernels", f"Its {count} kernel{'s' if count > 1 else ''}", kernels.shape[1:]),
        "7": ("gradients", "Their gradients" if count > 1 else "Its gradient", gradients.shape[1:]),
        "4": ("maps", "What they make of it", maps.shape[1:]),
        "6": ("confusion", "Is (down), read as (across)", (10, 10)),
    }
    for panel, (name, text, shape) in panels.items():
        out.axes |= cells.panel_axes(panel, place[name], shape)
        out.head(text, place[name])
    _image(out, seen, theme, hands, heading)
    saliency = _film(out, _shares(seen.saliency), ramp((theme.paper, theme.belief), SHADES), "2")
    _signed(out, kernels, theme, "3")
    _signed(out, gradients / _most(gradients), theme, "7")
    made = _signed(out, maps, theme, "4")
    _curves(out, seen, theme, place)
    _confusion(out, seen, theme)
    _chances(out, seen, theme, place["chances"])
    # Until the network has read what is drawn, they are of the picture as it was.
    out.live["stale"] = [saliency, made]
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
    draw_on(out, seen.image, np.ones(seen.image.shape, dtype=bool), hands, Follower(film, NONE))
    told: list[Cell] = [
        {"text": f"Row {row + 1}, column {column + 1}: ink {typeset(float(ink))}", "frame": NONE, "lit": []}
        for (row, column), ink in np.ndenumerate(seen.image)
    ]
    field: Field = {"title": heading, "panel": "x", "columns": seen.image.shape[1], "cells": told}
    out.pointing = {"lights": [], "fields": [field]}


def _mosaic(pictures: np.ndarray, across: int) -> np.ndarray:
    """(E, C, h, w) -> (E, H, W): so many side by side, NaN between them and where one is missing."""
    epochs, count, h, w = pictures.shape
    down = -(-count // across)
    out = np.full((epochs, down * (h + 1) - 1, across * (w + 1) - 1), np.nan)
    for k in range(count):
        r, s = divmod(k, across)
        out[:, r * (h + 1) : r * (h + 1) + h, s * (w + 1) : s * (w + 1) + w] = pictures[:, k]
    return out


def _most(pictures: np.ndarray) -> np.ndarray:
    """The largest of each epoch, (E, 1, 1); 1 where all are 0."""
    most = np.nanmax(np.abs(pictures), axis=(1, 2), keepdims=True)
    return np.where(most > 0, most, 1.0)


def _shares(values: np.ndarray) -> np.ndarray:
    """Levels 0 to SHADES - 1, each epoch by its own largest."""
    return np.round(values / _most(values) * (SHADES - 1)).astype(np.uint8)


def _film(out: Stage, levels: np.ndarray, colors: list[str], panel: str) -> int:
    """Levels (E, rows, columns), row 0 on top; its place in the stage."""
    out.film(heat_map(levels[-1][::-1], colors, panel, smooth=False), colors, 1, filmed(levels[:, ::-1]))
    return len(out.still) - 1


def _signed(out: Stage, values: np.ndarray, theme: Theme, panel: str) -> int:
    """Signed numbers, all epochs on one scale; NaN as the paper. Its place in the stage."""
    colors = [*signed(theme), theme.paper]
    gap = np.isnan(values)
    most = np.nanmax(np.abs(values)) or 1.0
    return _film(out, np.where(gap, len(colors) - 1, signed_level(values / most)).astype(np.uint8), colors, panel)


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


def _chances(out: Stage, seen: Looked, theme: Theme, place: Span) -> None:
    """A bar for each of the ten chances."""
    ticks = {"tickvals": list(range(10)), "ticktext": [str(9 - k) for k in range(10)], "tickfont": {"size": 12}}
    across = {"range": [0, 1.02], "visible": False}
    out.panel("8", place, across, {"range": [-0.5, 9.5], "showgrid": False, **ticks}, "Chances")
    bars = [[each for k, p in enumerate(of) for each in ((0, 9 - k), (p, 9 - k), (np.nan,) * 2)] for of in seen.chances]
    strokes = [np.array(each[:-1], dtype=float) for each in bars]
    style: Trace = {"line": {"color": theme.value, "width": BAR}, "showlegend": False}
    out.move(moving_line("chances", strokes, np.zeros((len(bars), 2)), **style, **on("8")))


def captions(seen: Looked) -> list[str]:
    learned = seen.learned
    out = []
    for epoch, (chances, target) in enumerate(zip(seen.chances, seen.targets, strict=True)):
        held = f"Held back: {100 * learned.right[epoch, 1]:.1f} % right, loss {short(learned.losses[epoch, 1])}."
        said, chance = int(chances.argmax()), _chance(chances[target])
        what = f"This {target} is read as {said}; it gives {target} a chance of {chance}."
        if seen.digit is None:
            what = f"The drawing is read as {said}, with a chance of {chance}."
        out.append(f"{held} {what}")
    return out


def _chance(value: float) -> str:
    return "over 0.999" if value > 0.999 else short(value)


def alternative(seen: Looked) -> str:
    """The stage in words."""
    learned = seen.learned
    first, last = 100 * learned.right[[0, -1], 1]
    return (
        f"A network of {learned.network.title} learns to read digits in {counted(learned.epochs, 'epoch')}. "
        f"Of those held back it reads {first:.1f} % rightly at first and {last:.1f} % at last. Shown: "
        f"{'a drawing' if seen.digit is None else f'a {seen.targets[-1]}'}, "
        f"taken for a {seen.chances[-1].argmax()}, with a chance of {_chance(seen.chances[-1].max())}."
    )
