"""What a network answers: the map of its decisions or its curve, with the samples, and the faces of its units.

Inputs are one number or two. All pictures are levels, bytes that stand for colours (see `tints.py`).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from landscape.datasets import Samples
from landscape.figures.kit.animated import filmed, packed, significant
from landscape.figures.kit.literal import literal
from landscape.figures.kit.style import Theme, look
from landscape.figures.kit.traces import Moving, Trace, on
from landscape.figures.networks import tints
from landscape.figures.networks.network_graph import heat_map
from landscape.lessons.training import Lesson
from landscape.networks.layers.activations import sigmoid
from landscape.networks.losses import softmax
from landscape.networks.responses import responses

# Cells of a map along each side: of two classes, which are drawn smoothly, and of more.
CELLS, CELLS_OF_CHOICE = 48, 72
SHADES = 16
# Points of a curve; cells of a face.
POINTS = 65
FACE = 16
# Frames at a time, and how many answers stand for one in telling how large they are.
BLOCK, SPARSE = 8, 17


def cells_across(lesson: Lesson) -> int:
    """How many cells the map is wide, or points the curve has."""
    if lesson.learn.inputs.shape[1] == 1:
        return POINTS
    return CELLS_OF_CHOICE if len(lesson.learn.classes) > 2 else CELLS


@dataclass(frozen=True)
class Answers:
    """Everything a lesson's network says at some weights, (frames, size), over the region where the samples are."""

    lesson: Lesson
    weights: np.ndarray

    @property
    def flat(self) -> bool:
        """Whether there are two inputs, so that the answer is a map; with one it is a curve."""
        return self.lesson.learn.inputs.shape[1] == 2

    @property
    def classes(self) -> int:
        """0 for regression."""
        return len(self.lesson.learn.classes)

    @cached_property
    def region(self) -> np.ndarray:
        """(inputs, 2): low and high of each input, with a margin; a square where there are two."""
        every = np.concatenate([self.lesson.learn.inputs, self.lesson.held.inputs])
        low, high = every.min(axis=0), every.max(axis=0)
        half = 0.56 * np.max(high - low) or 1.0
        return np.stack([(low + high) / 2 - half, (low + high) / 2 + half], axis=1)

    @cached_property
    def reach(self) -> tuple[float, float]:
        """The least and the largest target, where targets are numbers."""
        every = np.concatenate([self.lesson.learn.targets, self.lesson.held.targets])
        return float(every.min()), float(every.max())

    @cached_property
    def cells(self) -> int:
        return cells_across(self.lesson)

    @cached_property
    def ticks(self) -> np.ndarray:
        """Where the map's cells or the curve's points are, along each input, (inputs, cells)."""
        share = (np.arange(self.cells) + 0.5) / self.cells if self.flat else np.linspace(0, 1, self.cells)
        low, high = self.region.T
        return low[:, None] + (high - low)[:, None] * share

    @cached_property
    def drawn(self) -> "_Drawn":
        """What the units say, a few frames at a time: of all frames it would take two hundred megabytes."""
        grid = np.stack(np.meshgrid(*self.ticks), axis=-1).reshape(-1, len(self.ticks))
        rows = self.cells if self.flat else 1
        drawn = _Drawn([_Unit() for _ in self.lesson.network.columns], [], [])
        for block in np.array_split(self.weights, -(-len(self.weights) // BLOCK)):
            said = responses(self.lesson.network, block, grid)
            said = [column.reshape(*column.shape[:2], rows, self.cells) for column in said]
            for unit, column in zip(drawn.units, said, strict=True):
                unit.take(column, self._at_face(column))
            chances = self._chances(said[-1])
            drawn.chances.append(self._at_face(chances))
            drawn.answers.append(self._levels(chances) if self.flat else chances[:, 0, 0])
        return drawn

    def _chances(self, outputs: np.ndarray) -> np.ndarray:
        """Of each class, or of class 1 of two, (frames, outputs, rows, cells); the outputs where there are none."""
        with np.errstate(all="ignore"):
            if self.classes > 2:
                return softmax(outputs)
            return sigmoid(outputs) if self.classes else outputs

    def _levels(self, chances: np.ndarray) -> np.ndarray:
        """The map, (frames, rows, cells)."""
        if self.classes > 2:
            sure = (chances.max(axis=1) - 1 / self.classes) / (1 - 1 / self.classes)
            shade = np.clip(np.nan_to_num(sure) * SHADES, 0, SHADES - 1).astype(np.uint8)
            return (chances.argmax(axis=1) * SHADES + shade).astype(np.uint8)
        if self.classes:
            return tints.chance_level(chances[:, 0])
        return tints.signed_level(between(chances[:, 0], self.reach))

    def faces(self) -> list[np.ndarray]:
        """A picture for each unit of each column, levels (frames, units, FACE, FACE)."""
        first, *hidden, last = self.drawn.units
        middle, half = self.region.mean(axis=1), np.ptp(self.region, axis=1) / 2
        # Inputs are the same in every frame.
        inputs = (first.faces[0] - middle[:, None, None]) / half[:, None, None]
        shares = [np.broadcast_to(inputs, (len(self.weights), *inputs.shape[1:]))]
        shares += [np.concatenate(unit.faces) / unit.reach for unit in hidden]
        chances = np.concatenate(self.drawn.chances)
        shares.append(2 * chances - 1 if self.classes else chances / last.reach)
        return [self._face(share) for share in shares]

    def _at_face(self, values: np.ndarray) -> np.ndarray:
        """Of values (..., rows, cells) those that a face shows."""
        chosen = np.linspace(0, self.cells - 1, FACE).round().astype(int)
        return values[..., chosen[:, None], chosen] if self.flat else values[..., chosen]

    def _face(self, shares: np.ndarray) -> np.ndarray:
        if self.flat:
            return tints.signed_level(shares)
        # A curve: from the middle line to the value the cells are filled.
        value = np.clip(np.nan_to_num(shares), -1, 1)
        height = ((np.arange(FACE) + 0.5) / FACE * 2 - 1)[:, None]
        filled = np.where(height > 0, value >= height, value <= height)
        return tints.signed_level(np.where(filled, np.sign(height), 0.0))

    def map(self, theme: Theme, panel: str) -> tuple[Trace, list[str], int, str]:
        """The heat map of decisions as at the end, and its film: colours, grain and data."""
        if self.classes > 2:
            colors, grain = tints.choices(theme, self.classes, SHADES), 1
        else:
            colors, grain = tints.chances(theme) if self.classes else tints.signed(theme), 4
        levels = np.concatenate(self.drawn.answers)
        trace = heat_map(levels[-1], colors, panel, smooth=True)
        for axis, ticks in zip("xy", self.ticks, strict=True):
            trace |= {f"{axis}0": float(ticks[0]), f"d{axis}": float(ticks[1] - ticks[0])}
        return trace, colors, grain, filmed(levels)

    def curve(self, key: str, panel: str, theme: Theme) -> Moving:
        """The curve of the answer, frame by frame: the output, or the chance of class 1."""
        x = significant(self.ticks[0], 4)
        moves = [{"x": x, "y": y} for y in significant(np.concatenate(self.drawn.answers), 4)]
        still = {
            "type": "scatter",
            "mode": "lines",
            "line": {"color": look(key, theme).color, "width": 4, "dash": look(key, theme).dash},
            **on(panel),
            "hoverinfo": "skip",
            "showlegend": False,
            "name": "curve",
        }
        return {**still, **moves[-1]}, moves


class _Unit:
    """What is kept of a column of units, block by block: what their faces show, and every so many of their answers."""

    def __init__(self) -> None:
        self.faces: list[np.ndarray] = []
        self._some: list[np.ndarray] = []
        self._seen = 0

    def take(self, values: np.ndarray, at_face: np.ndarray) -> None:
        finite = np.abs(values[np.isfinite(values)])
        self.faces.append(at_face)
        self._some.append(finite[-self._seen % SPARSE :: SPARSE].copy())
        self._seen += len(finite)

    @property
    def reach(self) -> float:
        """What counts as a full answer: nearly the largest, but never less than 1."""
        some = np.concatenate(self._some)
        return max(1.0, float(np.quantile(some, 0.98))) if some.size else 1.0


class _Drawn(NamedTuple):
    """What is drawn, block by block: of each column; chances at the faces' cells; and the map's levels or the curve."""

    units: list[_Unit]
    chances: list[np.ndarray]
    answers: list[np.ndarray]


def between(values: np.ndarray, reach: tuple[float, float]) -> np.ndarray:
    """Where numbers are from the low end, -1, to the high one, 1."""
    low, high = reach
    with np.errstate(all="ignore"):
        return (2 * values - low - high) / (high - low)


def samples(lesson: Lesson, theme: Theme, panel: str) -> list[Trace]:
    """The samples: learned from filled, held back open; a class has its colour and its mark."""
    out = []
    for held, some in ((False, lesson.learn), (True, lesson.held)):
        if lesson.learn.inputs.shape[1] == 2 and not some.classes and len(some):
            out.append(_heights(some, Answers(lesson, lesson.start).reach, held, theme, panel))
            continue
        for k, name in enumerate((some.classes or ("sample",)) if len(some) else ()):
            chosen = some.targets == k if some.classes else np.ones(len(some), dtype=bool)
            out.append(_points(some, chosen, k, name, held, theme, panel))
    return out


def _heights(some: Samples, reach: tuple[float, float], held: bool, theme: Theme, panel: str) -> Trace:
    """Samples with two inputs and a number, which is their colour."""
    trace = _points(some, np.ones(len(some), dtype=bool), 0, "sample", held, theme, panel)
    colors = np.array(tints.signed(theme))[tints.signed_level(between(some.targets, reach))].tolist()
    # A hollow mark of a pale colour would not be seen.
    shape = {"symbol": "diamond" if held else "circle", "line": {"width": 1.5, "color": theme.ink}}
    trace["marker"] |= {"color": colors, **shape}
    trace["text"] = [f"{target:.4g}" for target in some.targets]
    trace["hovertemplate"] = trace["hovertemplate"].replace("<extra>", ": %{text}<extra>")
    return trace


def _points(some: Samples, chosen: np.ndarray, k: int, name: str, held: bool, theme: Theme, panel: str) -> Trace:
    flat = some.inputs.shape[1] == 2
    y = some.inputs[chosen, 1] if flat else some.targets[chosen]
    color = tints.CLASSES[theme.name][k] if some.classes else theme.ink
    word = f"{literal(name)}, {'held back' if held else 'learned from'}"
    return {
        "type": "scatter",
        "mode": "markers",
        "x": packed(some.inputs[chosen, 0].astype("f4")),
        "y": packed(y.astype("f4")),
        "marker": {
            "symbol": tints.MARKS[k] + ("-open" if held else ""),
            "size": 8 if len(some) < 400 else 5,
            "color": color,
            "line": {"width": 2 if held else 1, "color": color if held else theme.paper},
        },
        **on(panel),
        "hovertemplate": f"{word}<br>%{{x:.3g}}, %{{y:.3g}}<extra></extra>",
        "showlegend": False,
        "name": f"{'held' if held else 'learned'} {literal(name)}",
    }
