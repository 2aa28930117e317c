"""What a map marks: its lowest points, each with a flag, the other points at which the slope is zero, and where runs
left it."""

from collections.abc import Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from landscape.domain import Landscape, diagonal
from landscape.figures.kit.animated import packed, single
from landscape.figures.kit.room import Room
from landscape.figures.kit.style import Theme
from landscape.theory.stationary import StationaryPoints

# How each kind of stationary point is marked.
SYMBOLS = {
    "minimum": "star-open",
    "saddle": "hourglass-open",
    "maximum": "triangle-up-open",
    "degenerate": "diamond-open",
}
FLAG, LOWEST = "⚑", "lowest"
# Of more points than these none is seen until it is pointed at.
FEW = 12
# Marks of one kind that a browser still finds at once; of more, the lowest.
MOST_MARKS = 400
SIZE, FONT, FLAG_FONT = 10, 13, 17
EXITS, CROSS, EXIT_FONT = "left the map", 14, 14
# A point so near to a flag, as a share of the map, is the flag's.
SAME = 1e-4


class Exit(NamedTuple):
    """Where a run, by its name and colour, crosses the edge, and the first step that ends beyond."""

    title: str
    color: str
    step: int
    point: np.ndarray


def halo(theme: Theme) -> str:
    """The shadow of words on a picture: the paper's colour, so that they can be read on whatever lies there."""
    return ",".join(["0 0 3px " + theme.paper] * 3)


def flags(surface: Landscape, room: Room, theme: Theme) -> list[dict[str, Any]]:
    """The lowest points, a flag each and on one of them the word; nothing where none is known."""
    points = np.array([m.point for m in surface.lowest_ground]).reshape(-1, 2)
    if not len(points):
        return []
    room.mark(points, 8)
    words = [FLAG] * len(points)
    # A flag by itself stands inside of the map too.
    sides = ["top left" if u > room.size[0] - FLAG_FONT else "top right" for u in room.at(points)[:, 0]]
    # The word where it has room, on a path if need be.
    for over, (i, point) in product((False, True), enumerate(points)):
        if side := room.beside(f"{FLAG} {LOWEST}", point, mark=8, font=FLAG_FONT, over=over):
            words[i], sides[i] = (f"{LOWEST} {FLAG}" if side.endswith("left") else f"{FLAG} {LOWEST}"), side
            break
    for i, point in enumerate(points):
        if words[i] == FLAG:
            sides[i] = room.beside(FLAG, point, mark=8, font=FLAG_FONT, over=True) or sides[i]
    value = [m.value for m in surface.lowest_ground]
    return [
        {
            "type": "scatter",
            "mode": "markers+text",
            "x": points[:, 0].tolist(),
            "y": points[:, 1].tolist(),
            "customdata": value,
            "text": [f"<b>{word}</b>" for word in words],
            "textposition": sides,
            "textfont": {"size": FLAG_FONT, "color": theme.ink, "shadow": halo(theme)},
            "marker": {"symbol": "circle", "size": 8, "color": theme.ink, "line": {"width": 1.5, "color": theme.paper}},
            "cliponaxis": False,
            "hovertemplate": (
                f"{surface.lowest_called}<br>x = %{{x:.6g}}, y = %{{y:.6g}}<br>f = %{{customdata:.5g}}<extra></extra>"
            ),
            "showlegend": False,
            "name": surface.lowest_called,
        }
    ]


def stationary(points: StationaryPoints, surface: Landscape, room: Room, theme: Theme) -> list[dict[str, Any]]:
    """The other stationary points, one trace a kind, each kind named once; of more than FEW none is seen unless pointed
    at."""
    low = np.array([m.point for m in surface.lowest_ground]).reshape(-1, 2)
    apart = np.linalg.norm(points.x[:, None] - low, axis=-1).min(axis=-1, initial=np.inf)
    others = points.chosen(apart > SAME * diagonal(surface.domain))
    few = len(others) <= FEW
    traces = []
    if few:
        room.mark(others.x, SIZE)
    for kind, symbol in SYMBOLS.items():
        here = np.flatnonzero(others.kind == kind)[:MOST_MARKS]
        if here.size:
            named = _named(kind, others.x[here], room, theme) if few else {"mode": "markers"}
            traces.append(_kind(kind, symbol, others.chosen(here), theme) | named)
            traces[-1]["marker"]["opacity"] = 1 if few else 0
    return traces


def _kind(kind: str, symbol: str, points: StationaryPoints, theme: Theme) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": packed(points.x[:, 0].astype("f4")),
        "y": packed(points.x[:, 1].astype("f4")),
        "customdata": packed(single(points.value)),
        "marker": {"symbol": symbol, "size": SIZE, "color": theme.ink, "line": {"width": 1.5}},
        "cliponaxis": False,
        "hovertemplate": f"{kind}<br>x = %{{x:.5g}}, y = %{{y:.5g}}<br>f = %{{customdata:.5g}}<extra></extra>",
        "showlegend": False,
        "name": kind,
    }


def _named(kind: str, points: np.ndarray, room: Room, theme: Theme) -> dict[str, Any]:
    """The word beside the first of a kind that has room for it."""
    texts, side = [""] * len(points), None
    for i, point in enumerate(points):
        if side := room.beside(kind, point, mark=SIZE, font=FONT):
            texts[i] = kind
            break
    return {
        "mode": "markers+text",
        "text": texts,
        "textposition": side or "top right",
        "textfont": {"size": FONT, "color": theme.ink, "shadow": halo(theme)},
    }


def exits(left: Sequence[Exit], room: Room, theme: Theme) -> dict[str, Any]:
    """Where runs left the map: one trace, marks in it or not, so that no other's place depends on them.

    It is said in words where these have room.
    """
    for each in left:
        room.mark(each.point, CROSS)
    words = [f"left at step {each.step}" for each in left]
    sides = [
        room.beside(word, each.point, mark=CROSS, font=EXIT_FONT, over=True)
        for word, each in zip(words, left, strict=True)
    ]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [float(each.point[0]) for each in left],
        "y": [float(each.point[1]) for each in left],
        "text": [f"<b>{word}</b>" if side else "" for word, side in zip(words, sides, strict=True)],
        "textposition": [side or "top right" for side in sides],
        "textfont": {"color": theme.ink, "size": EXIT_FONT, "shadow": halo(theme)},
        "marker": {
            "symbol": "x",
            "size": CROSS,
            "color": [each.color for each in left],
            "line": {"width": 1.5, "color": "white"},
        },
        "cliponaxis": False,
        "hovertext": [f"{each.title} left the map at step {each.step}" for each in left],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showlegend": False,
        "name": EXITS,
    }
