"""Fate maps side by side: where each start ends up under each method, and how long it takes."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from landscape.domain import Landscape
from landscape.figures.basins import fate_colors
from landscape.figures.kit import parts
from landscape.figures.kit.animated import AnimatedFigure, packed
from landscape.figures.kit.png import data_uri, png
from landscape.figures.kit.style import Theme
from landscape.maps.atlas import order
from landscape.maps.basins import DIVERGED, NONE, Fates
from landscape.optimizers import OPTIMIZERS
from landscape.theory.stationary import StationaryPoints

# Attractors named in the key; the rest are drawn, and in the table below the stage.
NAMED = 10
SYMBOLS = {"minimum": "star", "saddle": "hourglass", "maximum": "triangle-up", "degenerate": "diamond"}
# A part of the bar that is at least this wide has its share written on it.
WRITTEN = 0.11
# Pixels above a map for its title and its bar, and left of it and under it for its axes.
ABOVE, LEFT, UNDER = 46, 34, 26
KEY_WIDTH = 190
# Between two columns of maps, in pixels: room for titles that are longer than their map is wide.
WIDEST_GAP = 130


def fate_stage(
    maps: Mapping[str, Fates], surface: Landscape, theme: Theme, *, width: int, height: int, narrow: bool = False
) -> AnimatedFigure:
    """Fate maps by optimizer key, one to four, all of the same attractors.

    width, height   in pixels, width as near as is known: it decides how the maps are laid out
    narrow          one column, for a phone
    """
    attractors = next(iter(maps.values())).attractors
    ranked = order(maps)
    colors = fate_colors.hues(attractors)
    taken = np.concatenate([each.steps[each.attractor >= 0] for each in maps.values()])
    slowest = int(np.quantile(taken, 0.98)) if taken.size else 1
    places = _places(len(maps), surface, width, height, narrow)
    data: list[parts.Trace] = []
    layout: dict[str, Any] = {"annotations": [], "shapes": []}
    for i, ((key, fates), place) in enumerate(zip(maps.items(), places, strict=True)):
        panel = "" if i == 0 else str(i + 1)
        data += [_image(fates, colors, slowest, panel), _hover(fates, ranked, key, panel)]
        data.append(_numbers(attractors, ranked, surface, panel))
        layout |= parts.map_axes(surface.domain, ("", ""), theme, place, panel)
        layout["annotations"].append(_title(key, fates, panel, theme))
        layout["shapes"] += _bar(fates, ranked, colors, panel)
        layout["annotations"] += _bar_words(fates, ranked, colors, panel)
    data += _key(maps, ranked, colors, theme)
    for axis in [name for name in layout if name.startswith(("xaxis", "yaxis"))]:
        layout[axis] |= {"showgrid": False, "tickfont": {"size": 12}, "nticks": 6}
    layout |= {
        "height": height,
        "margin": {"l": LEFT, "r": 8, "t": ABOVE, "b": UNDER},
        "legend": {"xanchor": "left", "y": 1.0, "yanchor": "top", "font": {"size": 14}, "tracegroupgap": 2},
        "uirevision": f"fates {surface.key} {len(maps)} {narrow}",
        "updatemenus": [parts.play_button()],
        "meta": {"clicks": [f"x{i + 1}" if i else "x" for i in range(len(maps))]},
    }
    right = max(across[1] for across, _ in places)
    layout["legend"] |= {"x": right + 0.03}
    if narrow:
        layout["legend"] |= {"x": 0, "y": -0.03, "orientation": "h"}
        layout["margin"]["b"] = 150
    return AnimatedFigure(data, theme.layout(**layout), [])


def _places(count: int, surface: Landscape, width: int, height: int, narrow: bool) -> list[parts.Span]:
    """Where the maps stand: in the rows and columns that leave them largest."""
    (x_low, x_high), (y_low, y_high) = surface.domain
    aspect = float(np.clip((x_high - x_low) / (y_high - y_low), 1 / 3, 3))
    inner = width - LEFT - (0 if narrow else KEY_WIDTH)
    tall = height - ABOVE - UNDER

    def size(rows: int) -> float:
        columns = -(-count // rows)
        across = (inner - (columns - 1) * LEFT * 1.6) / columns
        down = (tall - (rows - 1) * (ABOVE + UNDER)) / rows
        return min(across, down * aspect)

    rows = count if narrow else max(range(1, count + 1), key=size)
    columns = -(-count // rows)
    whole = width - LEFT
    spare = (inner - columns * size(rows)) / max(1, columns - 1)
    gap_x, gap_y = min(spare, WIDEST_GAP) / whole, (ABOVE + UNDER) / tall
    w = size(rows) / whole
    h = (1 - (rows - 1) * gap_y) / rows
    return [
        (
            [(i % columns) * (w + gap_x), (i % columns) * (w + gap_x) + w],
            [1 - (i // columns) * (h + gap_y) - h, 1 - (i // columns) * (h + gap_y)],
        )
        for i in range(count)
    ]


def _image(fates: Fates, colors: np.ndarray, slowest: int, panel: str) -> parts.Trace:
    index = fate_colors.picture(fates, colors, slowest)
    return {
        "type": "image",
        "source": data_uri(png(index, fate_colors.palette())),
        "x0": float(fates.x[0]),
        "dx": float(fates.x[1] - fates.x[0]),
        "y0": float(fates.y[0]),
        "dy": float(fates.y[1] - fates.y[0]),
        "xaxis": f"x{panel}",
        "yaxis": f"y{panel}",
        "hoverinfo": "skip",
        "name": "fates",
    }


def _hover(fates: Fates, ranked: np.ndarray, key: str, panel: str) -> parts.Trace:
    """An unseen layer that says the fate of a start: its number in the key, 0 for nowhere and -1 for gone."""
    number = np.zeros(len(fates.attractors) + 2, dtype=np.int16)
    number[ranked] = np.arange(1, len(ranked) + 1)
    number[NONE], number[DIVERGED] = 0, -1
    few = fates.steps.max(initial=0) < 256
    every = max(1, round(len(fates.x) / (128 if few else 86)))
    shown = number[fates.attractor[::every, ::every]]
    return {
        "type": "heatmap",
        "x": packed(fates.x[::every].astype("f4")),
        "y": packed(fates.y[::every].astype("f4")),
        "z": packed(shown.astype("i1" if len(ranked) < 128 else "i2")),
        "customdata": packed(fates.steps[::every, ::every].astype("u1" if few else "u2")),
        "opacity": 0,
        "showscale": False,
        "xaxis": f"x{panel}",
        "yaxis": f"y{panel}",
        "hovertemplate": (
            f"{OPTIMIZERS[key].title} from (%{{x:.3g}}, %{{y:.3g}})<br>"
            "to %{z} of the key, in %{customdata} steps<extra></extra>"
        ),
        "name": OPTIMIZERS[key].title,
    }


def _numbers(attractors: StationaryPoints, ranked: np.ndarray, surface: Landscape, panel: str) -> parts.Trace:
    """The key's numbers, at the attractors themselves."""
    low, high = np.array(surface.domain).T
    inside = [i for i in ranked[:NAMED] if ((attractors.x[i] >= low) & (attractors.x[i] <= high)).all()]
    place = {int(index): rank + 1 for rank, index in enumerate(ranked)}
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [float(attractors.x[i, 0]) for i in inside],
        "y": [float(attractors.x[i, 1]) for i in inside],
        "text": [f"<b>{place[int(i)]}</b>" for i in inside],
        "textfont": {"size": 12, "color": "#10151c"},
        "marker": {"size": 17, "color": "rgba(255,255,255,0.85)", "line": {"width": 1.2, "color": "#10151c"}},
        "hoverinfo": "skip",
        "showlegend": False,
        "xaxis": f"x{panel}",
        "yaxis": f"y{panel}",
        "name": "attractors",
    }


def _title(key: str, fates: Fates, panel: str, theme: Theme) -> parts.Trace:
    minima = float(fates.fractions[fates.attractors.kind == "minimum"].sum())
    return {
        "text": f"<b>{OPTIMIZERS[key].title}</b>, {100 * minima:.3g} % to a minimum",
        "x": 0,
        "y": 1,
        "yshift": 20,
        "xref": f"x{panel} domain",
        "yref": f"y{panel} domain",
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": 15, "color": theme.ink},
    }


def _parts(fates: Fates, ranked: np.ndarray, colors: np.ndarray) -> list[tuple[str, str, float, float]]:
    """The bar's parts from left to right: what is written, colour, from, to."""
    fractions = fates.fractions
    shares = [(str(r + 1), fate_colors.HUES[colors[i]], float(fractions[i])) for r, i in enumerate(ranked)]
    named, rest = shares[:NAMED], sum(share for _, _, share in shares[NAMED:])
    named += [("others", fate_colors.NOWHERE, rest)]
    named += [("nowhere", fate_colors.NOWHERE, float(fates.share(NONE)))]
    named += [("gone", fate_colors.GONE, float(fates.share(DIVERGED)))]
    ends = np.cumsum([0.0] + [share for _, _, share in named])
    return [
        (name, color, float(a), float(b))
        for (name, color, _), a, b in zip(named, ends[:-1], ends[1:], strict=True)
        if b > a
    ]


def _bar(fates: Fates, ranked: np.ndarray, colors: np.ndarray, panel: str) -> list[parts.Trace]:
    return [
        {
            "type": "rect",
            "xref": f"x{panel} domain",
            "yref": f"y{panel} domain",
            "x0": a,
            "x1": b,
            "ysizemode": "pixel",
            "yanchor": 1,
            "y0": 3,
            "y1": 18,
            "fillcolor": color,
            "line": {"width": 0},
        }
        for _, color, a, b in _parts(fates, ranked, colors)
    ]


def _bar_words(fates: Fates, ranked: np.ndarray, colors: np.ndarray, panel: str) -> list[parts.Trace]:
    return [
        {
            "text": f"{100 * (b - a):.0f} %",
            "x": (a + b) / 2,
            "y": 1,
            "yshift": 3,
            "xref": f"x{panel} domain",
            "yref": f"y{panel} domain",
            "yanchor": "bottom",
            "xanchor": "center",
            "showarrow": False,
            "font": {"size": 11, "color": "#10151c" if fate_colors.rgb(color).mean() > 105 else "#ffffff"},
        }
        for _, color, a, b in _parts(fates, ranked, colors)
        if b - a >= WRITTEN
    ]


def _key(maps: Mapping[str, Fates], ranked: np.ndarray, colors: np.ndarray, theme: Theme) -> list[parts.Trace]:
    attractors = next(iter(maps.values())).attractors
    # What is left of a coordinate that is 0 is rounding.
    at = np.round(attractors.x, 9) + 0.0
    entries = [
        (
            f"{rank + 1} {attractors.kind[i]} ({at[i, 0]:.3g}, {at[i, 1]:.3g})",
            SYMBOLS[str(attractors.kind[i])],
            fate_colors.HUES[colors[i]],
        )
        for rank, i in enumerate(ranked[:NAMED])
    ]
    if len(ranked) > NAMED:
        entries.append((f"and {len(ranked) - NAMED} more", "circle-open", theme.ink))
    if any(each.share(NONE) > 0 for each in maps.values()):
        entries.append(("nowhere yet", "square", fate_colors.NOWHERE))
    if any(each.share(DIVERGED) > 0 for each in maps.values()):
        entries.append(("ran away", "square", fate_colors.GONE))
    entries.append(("darker: more steps", "circle", theme.faint))
    entries.append(("striped: no minimum", "hash-open", theme.ink))
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [None],
            "y": [None],
            "marker": {"symbol": symbol, "size": 14, "color": color, "line": {"width": 1, "color": theme.ink}},
            "hoverinfo": "skip",
            "showlegend": True,
            "name": name,
        }
        for name, symbol, color in entries
    ]


def alternative(maps: Mapping[str, Fates], surface: Landscape) -> str:
    """The maps in words."""
    lines = []
    for key, fates in maps.items():
        minima = 100 * float(fates.fractions[fates.attractors.kind == "minimum"].sum())
        gone, nowhere = 100 * float(fates.share(DIVERGED)), 100 * float(fates.share(NONE))
        lines.append(
            f"{OPTIMIZERS[key].title}: {minima:.3g} % of starts reach a minimum, {nowhere:.3g} % nothing yet, "
            f"{gone:.3g} % run away"
        )
    return f"Fate maps on {surface.title}. " + "; ".join(lines) + "."
