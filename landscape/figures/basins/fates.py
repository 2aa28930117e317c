"""Fate maps side by side: where each start ends up under each method, and how long it takes."""

from collections.abc import Mapping

import numpy as np

from landscape.domain import Landscape
from landscape.figures.basins.fate_bar import bar, bar_words
from landscape.figures.basins.fate_colors import GONE, NAMED, NOWHERE, PALE, Scheme, palette, picture, rgb, scheme
from landscape.figures.basins.fate_places import ABOVE, LEFT, places
from landscape.figures.basins.paths import Paths, lay
from landscape.figures.kit.animated import packed
from landscape.figures.kit.axes import map_axes
from landscape.figures.kit.png import data_uri, png
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import Theme
from landscape.figures.kit.traces import Trace, on
from landscape.maps.atlas import order, void
from landscape.maps.basins import DIVERGED, NONE, Fates
from landscape.numbers import percent, short
from landscape.optimizers import OPTIMIZERS
from landscape.theory.stationary import StationaryPoints

# A map at least so wide has numbers at its axes, where it has room for them, and a number at every attractor.
ROOMY = 260
# A letter's width in font sizes.
LETTER = 0.48


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
    place = places(len(maps), surface.domain, width, height, narrow=narrow)
    legend: Trace = {"xanchor": "left", "yanchor": "top", "font": {"size": 13}, "traceorder": "normal"}
    if place.key is None:
        legend |= {"x": 0, "y": -30 / (height - ABOVE - place.under), "orientation": "h"}
    else:
        legend |= dict(zip("xy", place.key, strict=True))
    stage = Stage(
        theme,
        height=height,
        revision=f"fates {surface.picture} {len(maps)} {narrow}",
        alt=alternative(maps, surface),
        margin=(LEFT, ABOVE, 8, place.under),
        fixed=True,
        legend=legend,
    )
    ranked, attractors = order(maps), next(iter(maps.values())).attractors
    colors, shapes = scheme(attractors, surface.domain), []
    for i, ((key, fates), span, wide) in enumerate(zip(maps.items(), place.spans, place.widths, strict=True)):
        panel = "" if i == 0 else str(i + 1)
        stage.draw(_image(fates, colors, _slowest(maps), panel), _hover(fates, ranked, colors, key, panel, len(maps)))
        stage.draw(_numbers(attractors, ranked, colors, surface, panel, small=wide < ROOMY))
        stage.axes |= map_axes(surface.domain, ("", ""), theme, span, panel)
        if wide < ROOMY or (i > 0 and place.key is not None):
            for axis in "xy":
                stage.axes[f"{axis}axis{panel}"] |= {"showticklabels": False, "ticks": ""}
        stage.annotations += [_title(key, fates, panel, theme, wide), *bar_words(fates, ranked, colors, panel, wide)]
        shapes += bar(fates, ranked, colors, panel)
    if paths is not None:
        lay(paths, maps, surface, stage)
    stage.draw(*_key(maps, ranked, colors, theme, surface))
    stage.settings["shapes"] = shapes
    for axis in stage.axes.values():
        axis |= {"showgrid": False, "tickfont": {"size": 12}, "nticks": 6}
    return stage


def numbered(maps: Mapping[str, Fates], colors: Scheme) -> dict[str, np.ndarray]:
    """The attractors that the key numbers, by what it calls them; none where it numbers heights."""
    attractors = next(iter(maps.values())).attractors
    named = order(maps)[: 0 if colors.graded else NAMED]
    return {f"{attractors.kind[i]} {rank + 1}": attractors.x[i] for rank, i in enumerate(named)}


def _slowest(maps: Mapping[str, Fates]) -> int:
    """The number of steps that is drawn darkest."""
    taken = np.concatenate([each.steps[each.attractor >= 0] for each in maps.values()])
    return int(np.quantile(taken, 0.98)) if taken.size else 1


def _image(fates: Fates, colors: Scheme, slowest: int, panel: str) -> Trace:
    index = picture(fates, colors, slowest)
    return {
        "type": "image",
        "source": data_uri(png(index, palette(colors.colors))),
        "x0": float(fates.x[0]),
        "dx": float(fates.x[1] - fates.x[0]),
        "y0": float(fates.y[0]),
        "dy": float(fates.y[1] - fates.y[0]),
        **on(panel),
        "hoverinfo": "skip",
        "name": "fates",
    }


def _hover(fates: Fates, ranked: np.ndarray, colors: Scheme, key: str, panel: str, maps: int) -> Trace:
    """An unseen layer that says the fate of a start: its number in the key, 0 for nowhere and -1 for gone.

    Its cells are three or four pixels wide, however many maps there are: nobody points more exactly.
    """
    number = np.zeros(len(fates.attractors) + 2, dtype=np.int16)
    number[ranked] = colors.index[ranked] + 1 if colors.graded else np.arange(1, len(ranked) + 1)
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


def _numbers(
    attractors: StationaryPoints, ranked: np.ndarray, colors: Scheme, surface: Landscape, panel: str, *, small: bool
) -> Trace:
    """The key's numbers, at the attractors themselves; of many at the lowest alone, and on a small map at minima."""
    low, high = np.array(surface.domain).T
    place = {int(index): rank + 1 for rank, index in enumerate(ranked)}
    if colors.graded:
        place = {i: 1 for i in place if colors.index[i] == 0 and attractors.kind[i] == "minimum"}
    if small:
        place = {i: rank for i, rank in place.items() if attractors.kind[i] == "minimum"}
    inside = [i for i in list(place)[:NAMED] if ((attractors.x[i] >= low) & (attractors.x[i] <= high)).all()]
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


def _title(key: str, fates: Fates, panel: str, theme: Theme, wide: float) -> Trace:
    title, arrived = OPTIMIZERS[key].title, _arrived(fates)
    name, size = f"<b>{title}</b>", 15 if wide >= ROOMY else 13
    return {
        "text": f"{name}, {arrived}" if LETTER * size * len(f"{title}, {arrived}") <= wide else name,
        "x": 0,
        "y": 1,
        "yshift": 20,
        "xref": f"x{panel} domain",
        "yref": f"y{panel} domain",
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": size, "color": theme.ink},
    }


def _arrived(fates: Fates) -> str:
    minima = fates.attractors.kind == "minimum"
    return f"{percent(float(fates.fractions[minima].sum()))} to a minimum"


def _key(
    maps: Mapping[str, Fates], ranked: np.ndarray, colors: Scheme, theme: Theme, surface: Landscape
) -> list[Trace]:
    attractors = next(iter(maps.values())).attractors
    if colors.graded:
        entries = [(f"{i + 1} {_height(i, colors.tops)}", color, False) for i, color in enumerate(colors.colors)]
    else:
        entries = [
            (_attractor(attractors, i, rank), colors.colors[colors.index[i]], attractors.kind[i] != "minimum")
            for rank, i in enumerate(ranked[:NAMED])
        ]
        if len(ranked) > NAMED:
            entries.append((f"and {len(ranked) - NAMED} more", "rgba(0,0,0,0)", False))
    if any((each.attractor == NONE).any() for each in maps.values()):
        entries.append(("not there yet", NOWHERE, False))
    # Those that are still made have fewer starts.
    nowhere = [void(surface, each) for each in maps.values()]
    if any(((each.attractor == DIVERGED) & ~none).any() for each, none in zip(maps.values(), nowhere, strict=True)):
        entries.append(("ran away", GONE, False))
    if any(none.any() for none in nowhere):
        entries.append(("no value there", GONE, False))
    entries.append(("darker: more steps", theme.faint, False))
    if not (attractors.kind[ranked] == "minimum").all():
        entries.append(("striped: no minimum", theme.faint, True))
    return [_entry(name, color, striped, theme) for name, color, striped in entries]


def _height(i: int, tops: np.ndarray) -> str:
    """What one of the graded colours stands for; what is higher than all has the last."""
    if i == 0:
        return f"the lowest, f = {short(tops[0])}"
    return f"f up to {short(tops[i])}" if i < len(tops) - 1 else f"f above {short(tops[i - 1])}"


def _attractor(attractors: StationaryPoints, i: int, rank: int) -> str:
    # What is left of a value that is 0 is rounding.
    value = float(np.round(attractors.value[i], 9)) + 0.0
    return f"{rank + 1} {attractors.kind[i]}, f = {short(value)}"


def _entry(name: str, color: str, striped: bool, theme: Theme) -> Trace:
    """A trace that is there for its line in the legend alone: as the map has it, in full or striped."""
    pale = "#" + "".join(f"{round(c + PALE * (255 - c)):02X}" for c in rgb(color)) if striped else color
    pattern = {"shape": "/", "fgcolor": pale, "fillmode": "overlay", "size": 7, "solidity": 0.5} if striped else {}
    return {
        "type": "bar",
        "x": [None],
        "y": [None],
        "marker": {"color": color, "line": {"width": 1, "color": theme.ink}, "pattern": pattern},
        "hoverinfo": "skip",
        "showlegend": True,
        "name": name,
    }


def alternative(maps: Mapping[str, Fates], surface: Landscape) -> str:
    """The maps in words."""
    lines = []
    for key, fates in maps.items():
        minima, there = float(fates.fractions[fates.attractors.kind == "minimum"].sum()), ~void(surface, fates)
        gone, nowhere = (float(((fates.attractor == fate) & there).mean()) for fate in (DIVERGED, NONE))
        lines.append(
            f"{OPTIMIZERS[key].title}: {percent(minima)} of starts reach a minimum, "
            f"{percent(nowhere)} are elsewhere or not there yet, {percent(gone)} run away"
        )
    nothing = float(void(surface, next(iter(maps.values()))).mean())
    words = f" {percent(nothing)} of the starts have no value." if nothing else ""
    return f"Fate maps on {surface.title}. " + "; ".join(lines) + f".{words}"
