"""The stage of a training: the network, what it answers, and the loss, all under one play head.

A frame moves the marks on the loss curves; maps, faces and the colours of weights are painted by `paint.js`.
"""

from typing import Any

import numpy as np

from landscape.descent.descend import watched
from landscape.figures.kit import parts
from landscape.figures.kit.animated import AnimatedFigure, packed, updates
from landscape.figures.kit.parts import Moving, Span, Trace
from landscape.figures.kit.style import Theme, look
from landscape.figures.networks import loss_panel, network_graph
from landscape.figures.networks.answers import Answers, cells_across, samples
from landscape.lessons.training import Training
from landscape.networks.layers import Elementwise
from landscape.optimizers import OPTIMIZERS

MAX_FRAMES = 200
# Answers of units that one training is drawn with: about half a second.
MAX_ANSWERS = 10_000_000
# The largest face, as a share of the height.
FACE = 0.12
EDGES = {"weights": "Weights", "gradients": "Gradients"}

WIDE = {
    "graph": [([0.0, 0.54], [0.0, 1.0])],
    "answer": [([0.61, 1.0], [0.4, 1.0])],
    "loss": ([0.61, 1.0], [0.0, 0.22]),
}
WIDE_TWO = {
    "graph": [([0.0, 0.4], [0.55, 1.0]), ([0.0, 0.4], [0.0, 0.45])],
    "answer": [([0.45, 0.68], [0.55, 1.0]), ([0.45, 0.68], [0.0, 0.45])],
    "loss": ([0.74, 1.0], [0.0, 1.0]),
}
NARROW = {
    "graph": [([0.0, 1.0], [0.62, 1.0])],
    "answer": [([0.08, 1.0], [0.23, 0.57])],
    "loss": ([0.08, 1.0], [0.0, 0.16]),
}
NARROW_TWO = {
    "graph": [([0.0, 0.58], [0.66, 1.0]), ([0.0, 0.58], [0.26, 0.6])],
    "answer": [([0.7, 1.0], [0.66, 1.0]), ([0.7, 1.0], [0.26, 0.6])],
    "loss": ([0.1, 1.0], [0.0, 0.18]),
}
# The panels' axes: those of the graphs, of the answers, and of the loss.
GRAPH, ANSWER, LOSS = ("", "4"), ("2", "5"), "3"


def frame_steps(training: Training) -> np.ndarray:
    """The steps that are frames: fewer for a network that takes long to ask."""
    units = sum(len(column.units) for column in training.lesson.network.columns[1:])
    cells = cells_across(training.lesson) ** training.lesson.learn.inputs.shape[1]
    affordable = MAX_ANSWERS // (cells * units * len(training.runs))
    return watched(training.steps, int(np.clip(affordable, 40, MAX_FRAMES)) + 1)


def stage(
    training: Training,
    theme: Theme,
    *,
    captions: list[str],
    edges: str = "weights",
    narrow: bool = False,
    size: tuple[int, int] = (920, 470),
) -> AnimatedFigure:
    """The animated figure of a training with one method or two.

    captions   a line for each of `frame_steps`
    edges      what the lines between units show, a key of EDGES
    narrow     stack the panels, for a phone
    size       width and height in pixels; the width need only be near

    ValueError for unknown edges, and for a training without runs or with more than two.
    """
    if edges not in EDGES:
        raise ValueError(f"edges is {edges!r}; allowed are {', '.join(EDGES)}")
    if not 1 <= len(training.runs) <= 2:
        raise ValueError(f"training has {len(training.runs)} runs; 1 or 2 can be drawn")
    steps = frame_steps(training)
    place = _arrangement(training, narrow)
    sheet = _Sheet(training, theme, steps, edges, place, size)
    sheet.losses()
    for k, key in enumerate(training.runs):
        sheet.method(k, key)
    layout = _layout(training, theme, edges, place, size, sheet.axes)
    layout["meta"] = {
        "trails": sheet.trails,
        "schedule": [steps.tolist()] * len(training.runs),
        "times": steps.tolist(),
        "unit": "steps",
        "rate": parts.frame_rate(len(steps)),
        "captions": captions,
        "clicks": [],
        "paint": {"films": sheet.films, "strokes": sheet.strokes},
    }
    first = len(sheet.still)
    return AnimatedFigure(sheet.still + [trace for trace, _ in sheet.moving], layout, parts.frames(sheet.moving, first))


class _Sheet:
    """Traces as they gather, and what is painted on them."""

    def __init__(
        self, training: Training, theme: Theme, steps: np.ndarray, edges: str, place: Any, size: tuple[int, int]
    ) -> None:
        self.training, self.theme, self.steps, self.edges, self.place, self.size = (
            training,
            theme,
            steps,
            edges,
            place,
            size,
        )
        self.still: list[Trace] = []
        self.moving: list[Moving] = []
        self.trails: list[dict[str, int]] = []
        self.films: list[dict[str, Any]] = []
        self.strokes: list[dict[str, Any]] = []
        self.axes: dict[str, Any] = {}

    def add(self, trace: Trace) -> int:
        self.still.append(trace)
        return len(self.still) - 1

    def film(self, trace: Trace, film: dict[str, Any]) -> None:
        self.films.append({"trace": self.add(trace), **film})

    def losses(self) -> None:
        for m, key in enumerate(self.training.runs):
            for held in (False, True):
                self.trails.append({"trace": self.add(_curve(self.training, key, held)), "run": m})
        self.moving.append(_heads(self.training, self.steps))

    def method(self, k: int, key: str) -> None:
        """The graph and the answer of one method."""
        lesson, x = self.training.lesson, self.training.runs[key].x[self.steps]
        answers = Answers(lesson, x)
        (left, right), (bottom, top) = self.place["graph"][k]
        width, height = (right - left) * self.size[0], (top - bottom) * (self.size[1] - 102)
        drawn = network_graph.graph(lesson.network, width, height, (FACE * self.size[1],) * 2)
        values = network_graph.sized(x)
        if self.edges == "gradients":
            with np.errstate(all="ignore"):
                values = network_graph.graded(lesson.learning.gradient(x))
        line = self.add(network_graph.lines(drawn, self.theme, GRAPH[k]))
        self.strokes.append({"trace": line, **network_graph.strokes(drawn, values, self.theme)})
        for trace, film in network_graph.faces(drawn, answers.faces(), self.theme, GRAPH[k]):
            self.film(trace, film)
        self.add(network_graph.frames_around(drawn, self.theme, GRAPH[k]))
        self.add(network_graph.labels(drawn, self.theme, GRAPH[k]))
        self.axes |= network_graph.axes(GRAPH[k], self.place["graph"][k])
        if answers.flat:
            self.film(*answers.map(self.theme, ANSWER[k]))
        self.still += samples(lesson, self.theme, ANSWER[k])
        if not answers.flat:
            self.moving.append(answers.curve(key, ANSWER[k]))
        self.axes |= _answer_axes(
            answers, self.theme, ANSWER[k], self.place["answer"][k], last=k + 1 == len(self.training.runs)
        )


def _arrangement(training: Training, narrow: bool) -> Any:
    if len(training.runs) == 1:
        return NARROW if narrow else WIDE
    return NARROW_TWO if narrow else WIDE_TWO


def label(training: Training, key: str) -> str:
    """A method's name with its rate."""
    rate = getattr(training.optimizers[key], "lr", None)
    return OPTIMIZERS[key].title if rate is None else f"{OPTIMIZERS[key].title}, η {rate:g}"


def _curve(training: Training, key: str, held: bool) -> Trace:
    series = training.losses[key][held]
    which = "validation" if held else "training"
    style = look(key)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": packed(np.arange(len(series), dtype="i4")),
        "y": packed(loss_panel.positive(series).astype("f4")),
        "line": {"color": style.color, "width": 1.8 if held else 3.2, "dash": style.dash, "simplify": False},
        "opacity": 0.65 if held else 1,
        "xaxis": f"x{LOSS}",
        "yaxis": f"y{LOSS}",
        "hovertemplate": f"{OPTIMIZERS[key].title}, {which}<br>step %{{x}}: %{{y:.4g}}<extra></extra>",
        "name": f"{label(training, key)}, {which}",
    }


def _heads(training: Training, steps: np.ndarray) -> Moving:
    looks = [look(key) for key in training.runs for _ in range(2)]
    y = np.stack([series[steps] for pair in training.losses.values() for series in pair], axis=1)
    moves = updates(4, x=np.repeat(steps[:, None], y.shape[1], axis=1), y=loss_panel.positive(y))
    marker = {
        "size": 12,
        "color": [each.color for each in looks],
        "symbol": [each.marker + ("-open" if i % 2 else "") for i, each in enumerate(looks)],
        "line": {"width": 2, "color": [each.color if i % 2 else "white" for i, each in enumerate(looks)]},
    }
    where = {"xaxis": f"x{LOSS}", "yaxis": f"y{LOSS}", "hoverinfo": "skip", "showlegend": False, "name": "heads"}
    return {"type": "scatter", "mode": "markers", "marker": marker, **where, **moves[-1]}, moves


def _answer_axes(answers: Answers, theme: Theme, panel: str, place: Span, last: bool) -> dict[str, Any]:
    names = answers.lesson.learn.columns
    x = theme.axis(domain=place[0], anchor=f"y{panel}", range=answers.region[0].tolist(), nticks=5)
    if last:
        x["title"] = {"text": names[0], "standoff": 0}
    else:
        x["showticklabels"] = False
    if answers.flat:
        y = theme.axis(range=answers.region[1].tolist(), scaleanchor=f"x{panel}", constrain="domain", nticks=5)
        x |= {"constrain": "domain", "constraintoward": "left"}
        y["title"] = {"text": names[1], "standoff": 0}
    else:
        targets = np.concatenate([answers.lesson.learn.targets, answers.lesson.held.targets]).astype(float)
        room = 0.15 * (np.ptp(targets) or 1.0)
        y = theme.axis(range=[float(targets.min() - room), float(targets.max() + room)], nticks=5)
    return {f"xaxis{panel}": x, f"yaxis{panel}": {**y, "domain": place[1], "anchor": f"x{panel}"}}


def _layout(
    training: Training, theme: Theme, edges: str, place: Any, size: tuple[int, int], axes: dict[str, Any]
) -> dict[str, Any]:
    series = [each for pair in training.losses.values() for each in pair]
    return theme.layout(
        **axes,
        **loss_panel.axes(series, training.steps, theme, place["loss"], LOSS),
        annotations=_headings(training, edges, place),
        height=size[1],
        margin={"l": 12, "r": 12, "t": 56, "b": 46},
        legend={"orientation": "h", "x": 0, "y": 1.07, "yanchor": "bottom", "font": {"size": 14}},
        uirevision=f"training {training.lesson.network} {edges}",
        updatemenus=[network_graph.hidden_button()],
    )


def _headings(training: Training, edges: str, place: Any) -> list[Trace]:
    lesson = training.lesson
    flat, classes = lesson.learn.inputs.shape[1] == 2, len(lesson.learn.classes)
    answer = "Its decision" if classes and flat else "Its answer, chance of class 1" if classes else "Its answer"
    shown = EDGES[edges].lower()
    out = [parts.heading("Loss (thin: validation)", place["loss"])]
    for k, key in enumerate(training.runs):
        name = OPTIMIZERS[key].title if len(training.runs) > 1 else "The network"
        out += [parts.heading(f"{name}: {shown}", place["graph"][k]), parts.heading(answer, place["answer"][k])]
    return out


def alternative(training: Training) -> str:
    """The stage in words: the network, its samples, and the losses each method ends with."""
    lesson = training.lesson
    activations = {layer.activation.key: None for layer in lesson.network.layers if isinstance(layer, Elementwise)}
    inside = f" with {' and '.join(activations)}" if activations else ""
    ends = [
        f"{OPTIMIZERS[key].title} ends at a training loss of {learned[-1]:.4g} and a validation loss of {held[-1]:.4g}"
        for key, (learned, held) in training.losses.items()
    ]
    return (
        f"A {lesson.network.title} network{inside}, its answer over the inputs, and its loss over "
        f"{training.steps} steps on {len(lesson.learn)} samples. " + "; ".join(ends) + "."
    )
