"""Fate maps side by side: where each start ends up under each method, and how long it takes."""

from collections.abc import Mapping

import numpy as np

from landscape.domain import Landscape
from landscape.figures.basins import fate_colors
from landscape.figures.basins.fate_bar import bar, bar_words
from landscape.figures.basins.paths import Paths, lay
from landscape.figures.kit.animated import packed
from landscape.figures.kit.axes import map_axes
from landscape.figures.kit.layouts import Span
from landscape.figures.kit.png import data_uri, png
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import Theme
from landscape.figures.kit.traces import Trace, on
from landscape.maps.atlas import order
from landscape.maps.basins import DIVERGED, NONE, Fates
from landscape.optimizers import OPTIMIZERS
from landscape.theory.stationary import StationaryPoints

SYMBOLS = {"minimum": "star", "saddle": "hourglass", "maximum": "triangle-up", "degenerate": "diamond"}
# Pixels above a map for its title and its bar, and left of it and under it for its axes.
ABOVE, LEFT, UNDER = 46, 34, 26
KEY_WIDTH = 190
# Between two columns of maps, in pixels: room for titles that are longer than their map is wide.
WIDEST_GAP = 130


def fate_stage(
    maps: Mapping[str, Fates],
    surface: Landscape,
    theme: Theme,
    *,
    width: int,
    height: int,
    narrow: bool = False,
    paths: Paths | None = None,
) -> Stage:
    """Fate maps by optimizer key, one to four, all of the same attractors.

    paths           of the same methods from one start, drawn over their maps; they follow a pointer
    width, height   in pixels, width as near as is known: it decides how the maps are laid out
    narrow          one column, for a phone
    """
    places = _places(len(maps), surface, width, height, narrow)
    right = max(across[1] for across, _ in places)
    legend = {"xanchor": "left", "y": 1.0, "yanchor": "top", "font": {"size": 14}, "tracegroupgap": 2}
    stage = Stage(
        theme,
        height=height,
        revision=f"fates {surface.picture} {len(maps)} {narrow}",
        alt=alternative(maps, surface),
        margin=(LEFT, ABOVE, 8, 150 if narrow else UNDER),
        legend=legend | ({"x": 0, "y": -0.03, "orientation": "h"} if narrow else {"x": right + 0.03}),
    )
    ranked, attractors = order(maps), next(iter(maps.values())).attractors
    colors, shapes = fate_colors.hues(attractors), []
    for i, ((key, fates), place) in enumerate(zip(maps.items(), places, strict=True)):
        panel = "" if i == 0 else str(i + 1)
        stage.draw(_image(fates, colors, _slowest(maps), panel), _hover(fates, ranked, key, panel, len(maps)))
        stage.draw(_numbers(attractors, ranked, surface, panel))
        stage.axes |= map_axes(surface.domain, ("", ""), theme, place, panel)
        stage.annotations += [_title(key, fates, panel, theme), *bar_words(fates, ranked, colors, panel)]
        shapes += bar(fates, ranked, colors, panel)
    if paths is not None:
        lay(paths, maps, surface, stage)
    stage.draw(*_key(maps, ranked, colors, theme))
    stage.settings["shapes"] = shapes
    for axis in stage.axes.values():
        axis |= {"showgrid": False, "tickfont": {"size": 12}, "nticks": 6}
    return stage


def _slowest(maps: Mapping[str, Fates]) -> int:
    """The number of steps that is drawn darkest."""
    taken = np.concatenate([each.steps[each.attractor >= 0] for each in maps.values()])
    return int(np.quantile(taken, 0.98)) if taken.size else 1


def _places(count: int, surface: Landscape, width: int, height: int, narrow: bool) -> list[Span]:
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


def _image(fates: Fates, colors: np.ndarray, slowest: int, panel: str) -> Trace:
    index = fate_colors.picture(fates, colors, slowest)
    return {
        "type": "image",
        "source": data_uri(png(index, fate_colors.palette())),
        "x0": float(fates.x[0]),
        "dx": float(fates.x[1] - fates.x[0]),
        "y0": float(fates.y[0]),
        "dy": float(fates.y[1] - fates.y[0]),
        **on(panel),
        "hoverinfo": "skip",
        "name": "fates",
    }


def _hover(fates: Fates, ranked: np.ndarray, key: str, panel: str, maps: int) -> Trace:
    """An unseen layer that says the fate of a start: its number in the key, 0 for nowhere and -1 for gone.

    Its cells are three or four pixels wide, however many maps there are: nobody points more exactly.
    """
    number = np.zeros(len(fates.attractors) + 2, dtype=np.int16)
    number[ranked] = np.arange(1, len(ranked) + 1)
    number[NONE], number[DIVERGED] = 0, -1
    few = fates.steps.max(initial=0) < 256
    every = max(1, round(len(fates.x) / (128 if few and maps <= 2 else 86)))
    shown = number[fates.attractor[::every, ::every]]
    return {
        "type": "heatmap",
        "x": packed(fates.x[::every].astype("f4")),
        "y": packed(fates.y[::every].astype("f4")),
        "z": packed(shown.astype("i1" if len(ranked) < 128 else "i2")),
        "customdata": packed(fates.steps[::every, ::every].astype("u1" if few else "u2")),
        "opacity": 0,
        "showscale": False,
        **on(panel),
        "hovertemplate": (
            f"{OPTIMIZERS[key].title} from (%{{x:.3g}}, %{{y:.3g}})<br>"
            "to %{z} of the key, in %{customdata} steps<extra></extra>"
        ),
        "name": OPTIMIZERS[key].title,
    }


def _numbers(attractors: StationaryPoints, ranked: np.ndarray, surface: Landscape, panel: str) -> Trace:
    """The key's numbers, at the attractors themselves."""
    low, high = np.array(surface.domain).T
    inside = [i for i in ranked[: fate_colors.NAMED] if ((attractors.x[i] >= low) & (attractors.x[i] <= high)).all()]
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
        **on(panel),
        "name": "attractors",
    }


def _title(key: str, fates: Fates, panel: str, theme: Theme) -> Trace:
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


def _key(maps: Mapping[str, Fates], ranked: np.ndarray, colors: np.ndarray, theme: Theme) -> list[Trace]:
    attractors = next(iter(maps.values())).attractors
    entries = [
        (_attractor(attractors, i, rank), SYMBOLS[str(attractors.kind[i])], fate_colors.HUES[colors[i]])
        for rank, i in enumerate(ranked[: fate_colors.NAMED])
    ]
    if len(ranked) > fate_colors.NAMED:
        entries.append((f"and {len(ranked) - fate_colors.NAMED} more", "square", fate_colors.OTHERS))
    if any(each.share(NONE) > 0 for each in maps.values()):
        entries.append(("not there yet", "square", fate_colors.NOWHERE))
    if any(each.share(DIVERGED) > 0 for each in maps.values()):
        entries.append(("ran away", "square", fate_colors.GONE))
    entries.append(("darker: more steps", "circle", theme.faint))
    entries.append(("striped: no minimum", "hash-open", theme.ink))
    return [_entry(*entry, theme) for entry in entries]


def _attractor(attractors: StationaryPoints, i: int, rank: int) -> str:
    # What is left of a coordinate that is 0 is rounding.
    x, y = np.round(attractors.x[i], 9) + 0.0
    return f"{rank + 1} {attractors.kind[i]} ({x:.3g}, {y:.3g})"


def _entry(name: str, symbol: str, color: str, theme: Theme) -> Trace:
    """A trace that is there for its line in the legend alone."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [None],
        "y": [None],
        "marker": {"symbol": symbol, "size": 14, "color": color, "line": {"width": 1, "color": theme.ink}},
        "hoverinfo": "skip",
        "showlegend": True,
        "name": name,
    }


def alternative(maps: Mapping[str, Fates], surface: Landscape) -> str:
    """The maps in words."""
    lines = []
    for key, fates in maps.items():
        minima = 100 * float(fates.fractions[fates.attractors.kind == "minimum"].sum())
        gone, nowhere = 100 * float(fates.share(DIVERGED)), 100 * float(fates.share(NONE))
        lines.append(
            f"{OPTIMIZERS[key].title}: {minima:.3g} % of starts reach a minimum, {nowhere:.3g} % are not there yet, "
            f"{gone:.3g} % run away"
        )
    return f"Fate maps on {surface.title}. " + "; ".join(lines) + "."
