"""A network as a graph: units in columns, each with its activation over the inputs as a face; weights as lines.

A panel is 1 wide and 1 high, whatever its size in pixels; `Graph` says where everything is. What moves is a byte a
cell or a line, which `paint.js` draws.
"""

from dataclasses import dataclass

import numpy as np

from landscape.figures.kit.animated import filmed, packed
from landscape.figures.kit.layouts import Span
from landscape.figures.kit.style import Theme
from landscape.figures.kit.traces import Trace, on
from landscape.figures.networks import tints
from landscape.networks import Network
from landscape.networks.walk import Edge, edges

# Units of one column that are drawn; of the rest only the number is said.
MOST = 16
# The thickest and the thinnest line.
WIDTHS = (0.4, 7.0)


@dataclass(frozen=True)
class Graph:
    """Where the units of a network stand.

    centres   for each column, (units drawn, 2)
    half      half a face's width and height
    """

    network: Network
    centres: list[np.ndarray]
    half: tuple[float, float]

    @property
    def edges(self) -> list[Edge]:
        """Those whose two ends are drawn; biases are not."""
        return [
            edge for edge in edges(self.network) if edge.source is not None and edge.unit < MOST and edge.source < MOST
        ]

    def ends(self, edge: Edge) -> tuple[np.ndarray, np.ndarray]:
        """Where a line leaves one face and reaches the next, (2,) each."""
        source, target = self.centres[edge.column - 1][edge.source or 0], self.centres[edge.column][edge.unit]
        edge_of_face = np.array([self.half[0], 0.0])
        return source + edge_of_face, target - edge_of_face

    def nearest(self, x: float, y: float) -> Edge:
        """The weight whose line passes closest to a point of the panel."""

        def distance(edge: Edge) -> float:
            start, end = self.ends(edge)
            along = end - start
            share = np.clip(np.dot([x, y] - start, along) / np.dot(along, along), 0, 1)
            return float(np.linalg.norm(start + share * along - [x, y]))

        return min(self.edges, key=distance)


def graph(network: Network, width: float, height: float, face: tuple[float, float], square: bool = True) -> Graph:
    """The layout in a panel of about that many pixels; `face` is as large as a unit may be drawn, in pixels."""
    drawn = [min(len(column.units), MOST) for column in network.columns]
    across, down = min(face[0], 0.5 * width / len(drawn)), min(face[1], 0.9 * height / max(drawn))
    if square:
        across = down = min(across, down)
    half = (across / width / 2, down / height / 2)
    left, right = half[0] + 0.06, 1 - half[0] - 0.02
    centres = []
    for x, units in zip(np.linspace(left, right, len(drawn)), drawn, strict=True):
        # Evenly over the height, but never so far apart that a column falls to pieces.
        gap = min(1 / units, 4 * half[1])
        y = 0.5 + gap * ((units - 1) / 2 - np.arange(units))
        centres.append(np.stack([np.full(units, x), y], axis=1))
    return Graph(network, centres, half)


def axes(panel: str, place: Span) -> Trace:
    """The axes of a panel that holds a graph: there is nothing to read on them."""
    bare = {"visible": False, "fixedrange": True, "range": [0, 1]}
    return {
        f"xaxis{panel}": {**bare, "domain": place[0], "anchor": f"y{panel}"},
        f"yaxis{panel}": {**bare, "domain": place[1], "anchor": f"x{panel}"},
    }


def lines(drawn: Graph, theme: Theme, panel: str) -> Trace:
    """All weights as one line with gaps."""
    points = np.array([[*drawn.ends(edge), (np.nan, np.nan)] for edge in drawn.edges]).reshape(-1, 2)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": packed(points[:, 0].astype("f4")),
        "y": packed(points[:, 1].astype("f4")),
        "line": {"color": theme.faint, "width": 1, "simplify": False},
        **on(panel),
        "hoverinfo": "skip",
        "showlegend": False,
        "name": "weights",
    }


def strokes(drawn: Graph, values: np.ndarray, theme: Theme) -> tuple[list[str], list[float], str]:
    """Colours, widths and data of the lines for numbers -1 to 1 by weight and frame, (frames, size)."""
    places = [edge.place for edge in drawn.edges]
    size = np.abs(np.linspace(-1, 1, tints.SIGNED))
    widths = np.round(WIDTHS[0] + (WIDTHS[1] - WIDTHS[0]) * size, 2).tolist()
    return tints.signed(theme), widths, filmed(tints.signed_level(values[:, places]))


def sized(weights: np.ndarray) -> np.ndarray:
    """Weights as shares of the largest of all frames, (frames, size)."""
    largest = np.abs(weights[np.isfinite(weights)]).max(initial=0)
    return weights / (largest or 1.0)


def graded(gradients: np.ndarray) -> np.ndarray:
    """Gradients as shares of the largest of their own frame, (frames, size): they fade as training goes on."""
    size = np.where(np.isfinite(gradients), np.abs(gradients), 0.0).max(axis=1, keepdims=True)
    return gradients / np.where(size > 0, size, 1.0)


def faces(
    drawn: Graph, pictures: list[np.ndarray], theme: Theme, panel: str
) -> list[tuple[Trace, list[str], int, str]]:
    """A heat map for each unit, as at the end, and its film: colours, grain and data.

    pictures   levels (frames, units, rows, columns) of each column
    """
    out = []
    for centres, column in zip(drawn.centres, pictures, strict=True):
        for j, (x, y) in enumerate(centres):
            film = column[:, j]
            trace = heat_map(film[-1], tints.signed(theme), panel)
            rows, columns = film.shape[1:]
            trace |= _spread("x", x, drawn.half[0], columns) | _spread("y", y, drawn.half[1], rows)
            out.append((trace, tints.signed(theme), 1, filmed(film)))
    return out


def _spread(axis: str, centre: float, half: float, cells: int) -> dict[str, float]:
    step = 2 * half / cells
    return {f"{axis}0": float(centre - half + step / 2), f"d{axis}": float(step)}


def heat_map(levels: np.ndarray, colors: list[str], panel: str, smooth: bool = True) -> Trace:
    """A heat map of levels (rows, columns), which are places among colours."""
    return {
        "type": "heatmap",
        "z": packed(levels),
        "zmin": 0,
        "zmax": len(colors) - 1,
        "colorscale": tints.scale(colors),
        "showscale": False,
        "zsmooth": "fast" if smooth else False,
        "hoverinfo": "skip",
        **on(panel),
        "name": "map",
    }


def frames_around(drawn: Graph, theme: Theme, panel: str) -> Trace:
    """A thin frame around every face."""
    (w, h), corners = drawn.half, np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1), (np.nan, np.nan)])
    centres = np.concatenate(drawn.centres)
    points = (centres[:, None] + corners * [w, h]).reshape(-1, 2)
    return {
        **lines(drawn, theme, panel),
        "x": packed(points[:, 0].astype("f4")),
        "y": packed(points[:, 1].astype("f4")),
        "line": {"color": theme.faint, "width": 1.2, "simplify": False},
        "name": "frames",
    }


def labels(drawn: Graph, theme: Theme, panel: str, size: int = 14) -> Trace:
    """The inputs' and the outputs' names, and under a column the units that are left out."""
    network, (w, h) = drawn.network, drawn.half
    named = zip(network.columns[0].units, drawn.centres[0], strict=False)
    entries = [((x - w, y), name + " ", "middle left") for name, (x, y) in named]
    for column, centres in zip(network.columns, drawn.centres, strict=True):
        # Clear of the frame by half a line.
        units, below = len(column.units), (centres[-1][0], centres[-1][1] - h - 0.02)
        if units > MOST:
            entries.append((below, f"and {units - MOST} more", "bottom center"))
        elif column is network.columns[-1]:
            entries.append((below, "output" if units == 1 else "outputs", "bottom center"))
    points, texts, positions = zip(*entries, strict=True)
    x, y = np.array(points).T.tolist()
    return {
        "type": "scatter",
        "mode": "text",
        "x": x,
        "y": y,
        "text": list(texts),
        "textposition": list(positions),
        "textfont": {"size": size, "color": theme.ink},
        "cliponaxis": False,
        **on(panel),
        "hoverinfo": "skip",
        "showlegend": False,
        "name": "names",
    }
