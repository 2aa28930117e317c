"""The stage of one step on one example: numbers appear in the network, operation by operation, and what each one is.

Only words and the colours of lines change, which `paint.js` does; an outline goes from unit to unit.
"""

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np

from landscape.figures.kit.animated import filmed
from landscape.figures.kit.layouts import arrangement
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import Theme
from landscape.figures.kit.traces import Moving, Trace, moving_line, on
from landscape.figures.networks import network_graph
from landscape.figures.networks.network_graph import Graph
from landscape.figures.networks.walk_hold import Held, let_hold
from landscape.networks import Network
from landscape.networks.walk import Edge, Operation, Walk, edge_name, edges
from landscape.numbers import course, short

# (frame, text) pairs for each mark: what it says from that frame on.
Said = list[list[list[int | str]]]

# A unit is drawn so large, in pixels; from this height on there is room for two lines in it, from this width on for two
# numbers in one.
UNIT = {False: (136, 44), True: (62, 40)}
TWO_LINES, TWO_NUMBERS = 31, 124
WIDE_HEIGHT = 500
HEADING = {
    False: "Values go forward (blue), gradients come back (pink, by size). A broad band marks the weight followed",
    True: "Blue forward, pink back by size; band: followed",
}
# The hue of the band under the chosen weight.
CHOSEN = "ochre"
# Operations a second at 1x.
RATE = 1.2
# States of a line: not yet, passed forwards, at work forwards, at work backwards; then, by size, LEVELS for a gradient
# that is known, and as many for a weight that has moved.
IDLE, PASSED, FORWARDS, BACKWARDS, KNOWN = range(5)
LEVELS = 12
MOVED = KNOWN + LEVELS
# How wide a line is by its share of the largest.
BY_SIZE = np.linspace(0.7, 7.0, LEVELS).round(2).tolist()


def stage(
    network: Network,
    walk: Walk,
    theme: Theme,
    chosen: Edge,
    *,
    held: Held | None = None,
    narrow: bool = False,
    size: tuple[int, int] = (920, 470),
) -> Stage:
    """The stage of a walk, its play head where the gradient of `chosen` is known, the weight whose line stands out.

    held     the sample, if a hand may have it
    narrow   for a phone
    size     width and height in pixels; the width need only be near
    """
    drawn, grown, place = graph(network, narrow, size), _growth(narrow, size), arrangement("walk", narrow)
    out = Stage(
        theme,
        height=size[1],
        revision=f"walk {network}",
        alt=alternative(network, walk, chosen),
        margin=(8, 30, 8, 8),
        clicks=["x"],
        first=telling(walk, chosen),
        inside=True,
        settings={"hovermode": False, "showlegend": False},
    )
    out.axes |= network_graph.axes("", place["graph"]) | network_graph.axes("2", place["words"])
    out.head(HEADING[narrow], place["graph"])
    out.draw(_halo(drawn, chosen, theme))
    # What the strokes say is of the sample as it was: while a hand has it, the plain lines are seen.
    out.draw(network_graph.lines(drawn, theme, "") | {"name": "links"})
    strokes = len(out.still)
    out.stroke(network_graph.lines(drawn, theme, ""), *_strokes(drawn, walk, theme))
    out.draw(network_graph.frames_around(drawn, theme, ""))
    out.draw(network_graph.labels(drawn, theme, "", 12 if narrow else 14))
    first, apart = len(out.still), _apart(drawn, _panel(narrow, size))
    # Two of them stand in a unit, whose height grows less than a heading's letters do.
    for words in _numbers(drawn, walk, theme, apart, 12 if narrow else round(14 * grown**0.4)):
        out.word(*words)
    for words in _sentences(walk, theme, narrow, grown):
        out.word(*words)
    out.word(*_farthest(network, drawn, walk, theme, 12 if narrow else round(14 * grown)))
    if held is not None:
        places = (first, first + 1, [strokes, *range(first + 2, len(out.still))])
        let_hold(out, network, walk, chosen, drawn, held, places, theme.value)
    out.move(_outline(drawn, walk, theme))
    _play(out, network, walk)
    return out


def _play(out: Stage, network: Network, walk: Walk) -> None:
    """The clock: an operation a frame."""
    count = len(walk.operations)
    labels = [f"operation {k + 1} of {count}" for k in range(count)]
    told = captions(network, walk)
    out.play(range(count), "operations", schedule=[], labels=labels, captions=told, rate=RATE)


def captions(network: Network, walk: Walk) -> list[str]:
    """What comes out of each operation."""
    return [_told(network, walk, operation) for operation in walk.operations]


def _told(network: Network, walk: Walk, operation: Operation) -> str:
    result = short(operation.result)
    if operation.edge is not None:
        measured = short(walk.differences[operation.edge.place])
        name = edge_name(network, operation.edge)
        return f"The gradient of {name} is {result}. Its central difference is {measured}."
    if operation.unit is not None:
        name = network.columns[operation.column].units[operation.unit]
        forward = operation.kind == "forward"
        return (
            f"Forwards: {name} gives {result}." if forward else f"Backwards: at {name} the loss has slope δ = {result}."
        )
    if operation.kind == "loss":
        return f"The loss on this example is {result}."
    if operation.kind == "update":
        moved = "All weights are updated at once" if (walk.after != walk.before).any() else "No weight moves"
        return f"{moved}. The loss on this example {course(*walk.losses)}."
    return "The example goes in."


def telling(walk: Walk, chosen: Edge) -> int:
    """The operation that the stage is about: what the chosen weight's gradient is."""
    return next(k for k, operation in enumerate(walk.operations) if operation.edge == chosen)


def graph(network: Network, narrow: bool, size: tuple[int, int]) -> Graph:
    """Where the units stand in the stage of these settings."""
    width, height = UNIT[narrow]
    grown = _growth(narrow, size)
    return network_graph.graph(network, *_panel(narrow, size), face=(grown * width, grown * height), square=False)


def _growth(narrow: bool, size: tuple[int, int]) -> float:
    """How much larger than on a laptop everything is drawn: half of what the height has grown."""
    return 1.0 if narrow else (1 + size[1] / WIDE_HEIGHT) / 2


def _panel(narrow: bool, size: tuple[int, int]) -> tuple[float, float]:
    bottom, top = arrangement("walk", narrow)["graph"][1]
    return 0.98 * size[0], (top - bottom) * (size[1] - 50)


def _halo(drawn: Graph, chosen: Edge, theme: Theme) -> Trace:
    """A broad band under the chosen weight's line; under the unit of a chosen bias."""
    if chosen in drawn.edges:
        points = np.stack(drawn.ends(chosen))
    else:
        centre = drawn.centres[chosen.column][min(chosen.unit, network_graph.MOST - 1)]
        points = centre + np.array([[-drawn.half[0], -drawn.half[1]], [drawn.half[0], -drawn.half[1]]])
    return {
        "type": "scatter",
        "mode": "lines",
        "x": points[:, 0].tolist(),
        "y": points[:, 1].tolist(),
        "line": {"color": theme.hue(CHOSEN), "width": 11},
        "opacity": 0.4,
        "hoverinfo": "skip",
        "showlegend": False,
        "name": "chosen weight",
    }


def _strokes(drawn: Graph, walk: Walk, theme: Theme) -> tuple[list[str], list[float], str]:
    """The colours and widths of the states of a line, and the state of every line at every operation."""
    edges = drawn.edges
    state = np.full((len(walk.operations), len(edges)), IDLE, dtype=np.uint8)
    into = np.array([[edge.column, edge.unit] for edge in edges])
    source, place = (np.array([each[i] for each in edges]) for i in (2, 3))
    slope, known = KNOWN + _level(walk.gradient[place]), np.zeros(len(edges), dtype=bool)
    for k, operation in enumerate(walk.operations):
        if k:
            if walk.operations[k - 1].kind == "gradient":
                known |= _one(edges, walk.operations[k - 1].edge)
            state[k] = np.where(np.isin(state[k - 1], [FORWARDS, BACKWARDS]), PASSED, state[k - 1])
            # A gradient stays known when the next layer's delta has come back over its line.
            state[k][known] = slope[known]
        if operation.kind == "forward":
            state[k][(into == [operation.column, operation.unit]).all(axis=1)] = FORWARDS
        elif operation.kind == "delta":
            state[k][(into[:, 0] == operation.column + 1) & (source == operation.unit)] = BACKWARDS
        elif operation.kind == "gradient":
            state[k][_one(edges, operation.edge)] = BACKWARDS
        elif operation.kind == "update":
            # Of all that has moved, biases too, which have no lines.
            state[k] = MOVED + _level(walk.after - walk.before)[place]
    forward, backward = theme.value, theme.belief
    colors = [theme.grid, theme.faint, forward, backward, *[backward] * LEVELS, *[theme.ink] * LEVELS]
    return colors, [1.2, 1.4, 4.5, 5.5, *BY_SIZE, *BY_SIZE], filmed(state)


def _level(values: np.ndarray) -> np.ndarray:
    """The place of each number's size among LEVELS, the largest at the last; what is not finite is as large as that."""
    size = np.abs(values)
    largest = size[np.isfinite(size)].max(initial=0) or 1.0
    return np.round(np.minimum(np.nan_to_num(size / largest, nan=1.0), 1) * (LEVELS - 1)).astype(np.uint8)


def _one(edges: list[Edge], edge: Edge | None) -> np.ndarray:
    return np.array([each == edge for each in edges])


def _apart(drawn: Graph, panel: tuple[float, float]) -> tuple[float, float] | None:
    """How far a unit's two numbers stand from its centre, one above the other or side by side; None without room."""
    width, height = (2 * half * pixels for half, pixels in zip(drawn.half, panel, strict=True))
    if height >= TWO_LINES:
        return 0.0, drawn.half[1] / 2
    return (-drawn.half[0] / 2, 0.0) if width >= TWO_NUMBERS else None


def _numbers(
    drawn: Graph, walk: Walk, theme: Theme, apart: tuple[float, float] | None, size: int
) -> list[tuple[Trace, Said]]:
    """In every unit its activation, from when it is known, and dL/dz `apart` from it; or the one after the other."""
    known = {(o.kind, o.column, o.unit): k for k, o in enumerate(walk.operations)}
    value_at, delta_at = [], []
    values: Said = []
    deltas: Said = []
    for c, centres in enumerate(drawn.centres):
        for j, centre in enumerate(centres):
            shift = np.array(apart if apart and c else (0.0, 0.0))
            value_at.append(centre + shift)
            values.append([[0, ""], [known.get(("forward", c, j), 0), short(walk.values[c][j])]])
            if c:
                known_at = known["delta", c, j]
                delta_at.append(centre - shift)
                deltas.append([[0, ""], [known_at, f"δ {short(walk.deltas[c][j])}"]])
                if not apart:
                    values[-1].append([known_at, ""])
    return [
        (_text(value_at, [str(said[1][1]) for said in values], theme.value, size), values),
        (_text(delta_at, [str(said[1][1]) for said in deltas], theme.belief, size), deltas),
    ]


def _farthest(network: Network, drawn: Graph, walk: Walk, theme: Theme, size: int) -> tuple[Trace, Said]:
    """By how much the weight has moved that moved most, at its line or over the unit whose bias it is."""
    moved = walk.after - walk.before
    edge = next(edge for edge in edges(network) if edge.place == int(np.nan_to_num(np.abs(moved)).argmax()))
    if edge in drawn.edges:
        at, name = np.mean(drawn.ends(edge), axis=0), "moved"
    else:
        units = drawn.centres[edge.column]
        at, name = units[min(edge.unit, len(units) - 1)] + np.array([0.0, drawn.half[1]]), "bias moved"
    said = f"{name} {short(moved[edge.place])}" if moved.any() else "no weight moves"
    update = next(k for k, operation in enumerate(walk.operations) if operation.kind == "update")
    trace = _text([at], [said], theme.ink, size, textposition="top center", cliponaxis=False)
    trace["textfont"]["weight"] = 700
    return trace, [[[0, ""], [update, said]]]


def _text(
    points: Sequence[tuple[float, float] | np.ndarray], texts: list[str], color: str, size: int, **settings: Any
) -> Trace:
    x, y = np.array(points).T.tolist()
    return {
        "type": "scatter",
        "mode": "text",
        "x": x,
        "y": y,
        "text": texts,
        "textposition": "middle center",
        "textfont": {"size": size, "color": color},
        "hoverinfo": "skip",
        "showlegend": False,
        "name": "numbers",
        **settings,
    }


def _sentences(walk: Walk, theme: Theme, narrow: bool, grown: float) -> list[tuple[Trace, Said]]:
    """What is being done, a title and a few lines, under the network."""
    slots, width, size = (8, 42, 15) if narrow else (4, 100, round(21 * grown))
    rows = [_wrapped(operation, width, slots) for operation in walk.operations]
    points = [(0.0, 1 - (i + 0.5) / slots) for i in range(slots)]
    where = {**on("2"), "textposition": "middle right", "name": "sentences"}
    texts: Said = [[[k, row[i]] for k, row in enumerate(rows)] for i in range(slots)]
    # A text that Plotly draws as nothing would leave no mark to fill later.
    first = [next((row[i] for row in rows if row[i]), ".") for i in range(slots)]
    title = _text(points[:1], first[:1], theme.ink, size, **where)
    title["textfont"]["weight"] = 700
    return [
        (title, texts[:1]),
        (_text(points[1:], first[1:], theme.ink, size - 1, **where), texts[1:]),
    ]


def _wrapped(operation: Operation, width: int, slots: int) -> list[str]:
    lines = [piece for line in operation.lines for piece in textwrap.wrap(line, width, subsequent_indent="    ")]
    return ([operation.title, *lines] + [""] * slots)[:slots]


def _outline(drawn: Graph, walk: Walk, theme: Theme) -> Moving:
    """A frame around the unit, or along the line, that is at work."""
    (w, h), strokes, at = drawn.half, [], []
    corners = np.array([(-w, -h), (w, -h), (w, h), (-w, h), (-w, -h)])
    for operation in walk.operations:
        column = drawn.centres[operation.column]
        centre = column[min(operation.unit or 0, len(column) - 1)]
        at.append(centre)
        if operation.unit is None:
            strokes.append(np.concatenate([[*(c + corners), (np.nan, np.nan)] for c in column]))
        else:
            strokes.append(centre + corners)
    line = {"color": theme.ink, "width": 3}
    return moving_line("at work", strokes, np.array(at), line=line, showlegend=False)


def alternative(network: Network, walk: Walk, chosen: Edge) -> str:
    """The stage in words: the loss before and after the step, and the chosen weight's gradient both ways."""
    return (
        f"One step on one example through a {network.title} network in {len(walk.operations)} "
        f"operations. The loss {course(*walk.losses, digits=4)}. For "
        f"{edge_name(network, chosen)} backpropagation gives {walk.gradient[chosen.place]:.6g}, central differences "
        f"{walk.differences[chosen.place]:.6g}."
    )
