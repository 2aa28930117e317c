"""The stage of a training: the network, what it answers, and the loss, all under one play head.

A frame moves the marks on the loss curves; maps, faces and the colours of weights are painted by `paint.js`.
"""

from dataclasses import dataclass

import numpy as np

from landscape.descent.descend import watched
from landscape.figures.kit.animated import packed
from landscape.figures.kit.axes import legend, title
from landscape.figures.kit.layouts import Arrangement, Span, arrangement
from landscape.figures.kit.literal import literal
from landscape.figures.kit.stage import Stage, frame_rate
from landscape.figures.kit.style import Theme, look
from landscape.figures.kit.traces import Moving, Trace, moving_marks, on
from landscape.figures.networks import network_graph, tints
from landscape.figures.networks.answers import Answers, cells_across, samples
from landscape.figures.networks.loss_panel import loss_panel, positive
from landscape.lessons.training import Training
from landscape.networks.layers import Elementwise
from landscape.numbers import counted, short
from landscape.optimizers import OPTIMIZERS

MAX_FRAMES = 200
# Answers of units that one training is drawn with: about half a second.
MAX_ANSWERS = 10_000_000
# The largest face, as a share of the height.
FACE = 0.12
EDGES = {"weights": "Weights", "gradients": "Gradients"}

# How wide an entry of the key is on a phone, so that two stand side by side.
NARROW_ENTRY = 122
# The panels' axes: of the network where one method trains it, of the answers of one or of two, and of the loss.
GRAPH, ANSWERS, LOSS = "", {1: ("2",), 2: ("", "2")}, "3"


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
) -> Stage:
    """The stage of a training with one method, its network and what it answers, or of two, with what each answers.

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
    place = arrangement("training" if len(training.runs) == 1 else "training of two", narrow)
    drawn = Stage(
        theme,
        height=size[1],
        revision=f"training {training.lesson.network} {edges}",
        alt=alternative(training),
        margin=(12, 104 if narrow else 56, 12, 46),
        legend=legend(1.07, 14, **({"entrywidth": NARROW_ENTRY} if narrow else {})),
        clicks=[],
        inside=True,
    )
    # Before the methods, whose names are long.
    drawn.draw(*_key(training, theme))
    _losses(drawn, training, steps, place["loss"], narrow=narrow)
    for k, key in enumerate(training.runs):
        _Method(training, key, k, steps, edges, narrow).draw(drawn, place, size)
    drawn.play(steps, "steps", schedule=[steps] * len(training.runs), captions=captions, rate=frame_rate(len(steps)))
    return drawn


def _losses(drawn: Stage, training: Training, steps: np.ndarray, place: Span, *, narrow: bool) -> None:
    for m, key in enumerate(training.runs):
        for held in range(len(training.losses[key])):
            name = OPTIMIZERS[key].title if narrow and len(training.runs) > 1 else label(training, key)
            drawn.trail({**_curve(training, key, held, drawn.theme), "name": name}, m)
    drawn.move(_heads(training, steps, drawn.theme))
    series = [each for pair in training.losses.values() for each in pair]
    heading = "Loss (thin: validation)" if len(training.lesson.held) else "Loss"
    loss_panel(drawn, series, training.steps, place, LOSS, heading)


@dataclass(frozen=True)
class _Method:
    """The network and the answer of one method, the k-th, at some steps."""

    training: Training
    key: str
    k: int
    steps: np.ndarray
    edges: str
    narrow: bool

    def draw(self, drawn: Stage, place: Arrangement, size: tuple[int, int]) -> None:
        lesson, x = self.training.lesson, self.training.runs[self.key].x[self.steps]
        answers = Answers(lesson, x)
        if "graph" in place:
            (left, right), (bottom, top) = place["graph"]
            width, height = (right - left) * size[0], (top - bottom) * (size[1] - 102)
            graph = network_graph.graph(lesson.network, width, height, (FACE * size[1],) * 2)
            self._graph(drawn, graph, answers, place["graph"])
        self._answer(drawn, answers, place[f"answer {self.k + 1}"])

    def _graph(self, drawn: Stage, graph: network_graph.Graph, answers: Answers, place: Span) -> None:
        panel, theme = GRAPH, drawn.theme
        strokes = network_graph.strokes(graph, self._shares(answers.weights), theme)
        drawn.stroke(network_graph.lines(graph, theme, panel), *strokes)
        for face in network_graph.faces(graph, answers.faces(), theme, panel):
            drawn.film(*face)
        drawn.draw(network_graph.frames_around(graph, theme, panel), network_graph.labels(graph, theme, panel))
        drawn.axes |= network_graph.axes(panel, place)
        drawn.head(f"The network: {EDGES[self.edges].lower()}", place)

    def _shares(self, x: np.ndarray) -> np.ndarray:
        """What the lines show, -1 to 1, (frames, size)."""
        if self.edges == "weights":
            return network_graph.sized(x)
        with np.errstate(all="ignore"):
            return network_graph.graded(self.training.lesson.learning.gradient(x))

    def _answer(self, drawn: Stage, answers: Answers, place: Span) -> None:
        panel, two = ANSWERS[len(self.training.runs)][self.k], len(self.training.runs) > 1
        if answers.flat:
            drawn.film(*answers.map(drawn.theme, panel))
        drawn.draw(*samples(answers.lesson, drawn.theme, panel))
        if not answers.flat:
            drawn.move(answers.curve(self.key, panel, drawn.theme))
        text = "decision" if answers.classes and answers.flat else "answer"
        text = f"{OPTIMIZERS[self.key].title}: {text}" if two else f"Its {text}"
        if answers.classes and not answers.flat:
            text += ", chance of class 1"
        elif answers.flat and not answers.classes:
            text += ": blue {}, orange {}".format(*map(short, answers.reach))
        last = self.k + 1 == len(self.training.runs)
        x, y = _answer_axes(answers, panel, numbered=last or not self.narrow)
        drawn.panel(panel, place, x, y, text)


def _key(training: Training, theme: Theme) -> list[Trace]:
    """What the colours mean: of numbers, in lines and units, and of classes, whose samples have marks besides."""
    signs, classes, count = tints.signed(theme), training.lesson.learn.classes, len(training.runs)
    entries: list[Trace] = [
        {"mode": "lines", "line": {"width": 6, "color": color}, "name": name}
        for name, color in (("negative", signs[0]), ("positive", signs[-1]))
        if count == 1
    ]
    for name, symbol, color in zip(classes, tints.MARKS, tints.CLASSES[theme.name], strict=False):
        marker = {"symbol": symbol, "size": 10, "color": color}
        named = f"class {name}" if name.isdigit() else literal(name)
        entries.append({"mode": "markers", "marker": marker, "name": named})
    # A point nowhere: without one Plotly leaves the entry out.
    return [
        {"type": "scatter", "x": [None], "y": [None], "hoverinfo": "skip", **on(ANSWERS[count][0]), **each}
        for each in entries
    ]


def label(training: Training, key: str) -> str:
    """A method's name with its rate."""
    rate = getattr(training.optimizers[key], "lr", None)
    return OPTIMIZERS[key].title if rate is None else f"{OPTIMIZERS[key].title}, η {rate:g}"


def _curve(training: Training, key: str, held: int, theme: Theme) -> Trace:
    series = training.losses[key][held]
    which = "validation" if held else "training"
    style = look(key, theme)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": packed(np.arange(len(series), dtype="i4")),
        "y": packed(positive(series).astype("f4")),
        "line": {"color": style.color, "width": 1.8 if held else 3.2, "dash": style.dash},
        "opacity": 0.65 if held else 1,
        **on(LOSS),
        "hovertemplate": f"{OPTIMIZERS[key].title}, {which}<br>step %{{x}}: %{{y:.4g}}<extra></extra>",
        "showlegend": not held,
    }


def _heads(training: Training, steps: np.ndarray, theme: Theme) -> Moving:
    series = 1 + bool(len(training.lesson.held))
    looks = [look(key, theme) for key in training.runs for _ in range(series)]
    y = np.stack([each[steps] for pair in training.losses.values() for each in pair], axis=1)
    marker = {
        "size": 12,
        "color": [each.color for each in looks],
        "symbol": [each.marker + ("-open" if k % series else "") for k, each in enumerate(looks)],
        "line": {"width": 2, "color": [each.color if k % series else "white" for k, each in enumerate(looks)]},
    }
    x = np.repeat(steps[:, None], y.shape[1], axis=1)
    return moving_marks("heads", x, positive(y), marker, digits=4, showlegend=False, **on(LOSS))


def _answer_axes(answers: Answers, panel: str, *, numbered: bool) -> tuple[Trace, Trace]:
    """Settings of both axes; numbered: whether there is room for numbers under it."""
    names = [literal(name) for name in answers.lesson.learn.columns]
    x: Trace = {"range": answers.region[0].tolist(), "nticks": 5}
    x |= {"title": title(names[0], 0)} if numbered else {"showticklabels": False}
    if not answers.flat:
        targets = np.concatenate([answers.lesson.learn.targets, answers.lesson.held.targets]).astype(float)
        room = 0.15 * (np.ptp(targets) or 1.0)
        return x, {"range": [float(targets.min() - room), float(targets.max() + room)], "nticks": 5}
    x |= {"constrain": "domain", "constraintoward": "left"}
    y: Trace = {"range": answers.region[1].tolist(), "nticks": 5, "title": title(names[1], 0)}
    return x, {**y, "scaleanchor": f"x{panel}", "constrain": "domain", "constraintoward": "top"}


def alternative(training: Training) -> str:
    """The stage in words: the network, its samples, and the losses each method ends with."""
    lesson = training.lesson
    activations = {layer.activation.key: None for layer in lesson.network.layers if isinstance(layer, Elementwise)}
    inside = f" with {' and '.join(activations)}" if activations else ""
    ends = [
        f"{OPTIMIZERS[key].title} ends at a training loss of {learned[-1]:.4g}"
        + "".join(f" and a validation loss of {loss[-1]:.4g}" for loss in held)
        for key, (learned, *held) in training.losses.items()
    ]
    return (
        f"A {lesson.network.title} network{inside}, its answer over the inputs, and its loss over "
        f"{counted(training.steps, 'step')} on {len(lesson.learn)} samples. " + ". ".join(ends) + "."
    )
