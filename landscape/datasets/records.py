"""DATASETS: small sets of samples, most of them drawn from a formula, one of them from nature.

One record is one data set. Its knobs are what it can be asked for; menus, sliders, URLs and tests follow from them.
Inputs are of size about 1, so that no network has to learn a scale first. The same settings give the same samples.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.resources import files
from typing import Any

import numpy as np

from landscape.datasets.samples import Samples
from landscape.datasets.table import from_csv
from landscape.knob import Knob, settled


@dataclass(frozen=True)
class DataSet:
    """A way to make samples, with its settings.

    key, title        its name in code and links, its name for people
    make(rng, ...)    the samples, from a generator and the settings but `seed`
    knobs, settings   its parameters by name; the (name, value) pairs in force, defaults filled in
    source, note      where it comes from; what it is good for showing, in one line
    licence           of data that someone collected; "" where the samples are drawn here

    Raises ValueError for a setting that is unknown or out of range.
    """

    key: str
    title: str
    make: Callable[..., Samples]
    knobs: Mapping[str, Knob] = field(hash=False)
    source: str
    note: str
    licence: str = ""
    settings: tuple[tuple[str, Any], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "settings", settled(self.key, self.knobs, dict(self.settings)))

    def with_(self, **settings: Any) -> "DataSet":
        """The same data set with some settings changed: `DATASETS["moons"].with_(noise=0.3, seed=2)`."""
        return replace(self, settings=tuple((dict(self.settings) | settings).items()))

    @cached_property
    def samples(self) -> Samples:
        chosen = dict(self.settings)
        return self.make(np.random.default_rng(chosen.pop("seed")), **chosen)


def _knobs(noise: float, most: float, size: int = 200) -> dict[str, Knob]:
    return {
        "noise": Knob(noise, 0, most, "linear", "noise", "Scatters the samples; at 0 they are exact."),
        "size": Knob(size, 4, 1000, "integer", "samples", "More samples make a smoother loss and slower steps."),
        "seed": Knob(0, 0, 99, "integer", "seed", "Another seed draws other samples."),
    }


def _two_classes(inputs: np.ndarray, targets: np.ndarray) -> Samples:
    return Samples(inputs, targets.astype(int), ("0", "1"), ("x₁", "x₂") if inputs.shape[1] == 2 else ("x",))


def _halves(size: int) -> tuple[np.ndarray, np.ndarray]:
    """The class of each sample, the first half 0 and the rest 1, and how far along its class it is, 0 to 1."""
    first = size // 2
    along = np.concatenate([np.linspace(0, 1, first), np.linspace(0, 1, size - first)])
    return (np.arange(size) >= first).astype(int), along


def _xor(rng: np.random.Generator, noise: float, size: int) -> Samples:
    corners = np.array([(-1.0, -1.0), (-1.0, 1.0), (1.0, -1.0), (1.0, 1.0)])[np.arange(size) % 4]
    inputs = corners + noise * rng.standard_normal((size, 2))
    return _two_classes(inputs, corners[:, 0] * corners[:, 1] < 0)


def _circles(rng: np.random.Generator, noise: float, size: int) -> Samples:
    targets, along = _halves(size)
    # One step short of a full turn, so that the last sample does not fall on the first.
    angle = 2 * np.pi * along * (1 - 2 / size)
    radius = np.where(targets == 0, 1.2, 0.5)
    inputs = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return _two_classes(inputs + noise * rng.standard_normal((size, 2)), targets)


def _moons(rng: np.random.Generator, noise: float, size: int) -> Samples:
    targets, along = _halves(size)
    upper = np.stack([np.cos(np.pi * along) - 0.5, np.sin(np.pi * along) - 0.25], axis=1)
    inputs = np.where(targets[:, None] == 0, upper, -upper)
    return _two_classes(inputs + noise * rng.standard_normal((size, 2)), targets)


def _spirals(rng: np.random.Generator, noise: float, size: int) -> Samples:
    targets, along = _halves(size)
    radius = 0.15 + 1.35 * along
    angle = 3.5 * np.pi * along + np.pi * targets
    inputs = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return _two_classes(inputs + noise * rng.standard_normal((size, 2)), targets)


def _blobs(rng: np.random.Generator, noise: float, size: int) -> Samples:
    targets = np.arange(size) % 3
    angle = np.pi / 2 + 2 * np.pi * targets / 3
    inputs = np.stack([np.cos(angle), np.sin(angle)], axis=1) + noise * rng.standard_normal((size, 2))
    return Samples(inputs, targets, ("0", "1", "2"))


def _linear(rng: np.random.Generator, noise: float, size: int) -> Samples:
    inputs = rng.uniform(-1.5, 1.5, (size, 2))
    return _two_classes(inputs, inputs @ [1.0, 0.5] + noise * rng.standard_normal(size) > 0)


def _threshold(rng: np.random.Generator, noise: float, size: int) -> Samples:
    x = np.linspace(-3, 3, size)
    return _two_classes(x[:, None], x + noise * rng.standard_normal(size) > 0.5)


def _curve(rng: np.random.Generator, noise: float, size: int) -> Samples:
    x = np.linspace(-2, 2, size)
    return _regression(x, np.sin(2 * x), noise, rng)


def _step(rng: np.random.Generator, noise: float, size: int) -> Samples:
    x = np.linspace(-3, 3, size)
    return _regression(x, np.tanh(1.5 * x - 0.75), noise, rng)


def _ramp(rng: np.random.Generator, noise: float, size: int) -> Samples:
    x = np.linspace(-3, 3, size)
    return _regression(x, np.maximum(x - 0.5, 0), noise, rng)


def _regression(x: np.ndarray, y: np.ndarray, noise: float, rng: np.random.Generator) -> Samples:
    return Samples(x[:, None], y + noise * rng.standard_normal(len(x)), columns=("x",))


def _iris(rng: np.random.Generator, size: int, standardize: bool) -> Samples:
    whole = from_csv(files("landscape.datasets").joinpath("iris.csv").read_text(encoding="utf-8"))
    chosen = np.sort(rng.permutation(len(whole))[:size])
    some = replace(whole, inputs=whole.inputs[chosen], targets=whole.targets[chosen])
    return some.standardized() if standardize else some


HERE = "Drawn here"

# Each opens with key, title, maker and knobs, starred so that the formatter keeps them on one line.
_RECORDS = (
    DataSet(
        *("xor", "Exclusive or", _xor, _knobs(0.25, 1)),
        source=f"{HERE}: Gaussian clusters at the corners of a square. Minsky and Papert (1969), Perceptrons, MIT.",
        note="No line separates the classes, so it takes a hidden layer. Noise 0 and 4 samples: the truth table.",
    ),
    DataSet(
        *("circles", "Circles", _circles, _knobs(0.08, 0.5)),
        source=f"{HERE}: a circle of radius 0.5 inside one of 1.2.",
        note="One class surrounds the other: three tanh units can fence it in, two cannot.",
    ),
    DataSet(
        *("moons", "Moons", _moons, _knobs(0.12, 0.5)),
        source=f"{HERE}, as scikit-learn's make_moons, centred on 0.",
        note="Two arcs that reach into each other. A line nearly separates them.",
    ),
    DataSet(
        *("spirals", "Spirals", _spirals, _knobs(0.03, 0.3, 300)),
        source=f"{HERE}, after Lang and Witbrock (1988), Learning to tell two spirals apart; seven quarters of a turn.",
        note="The hard one. It takes width, depth, patience and a good optimizer.",
    ),
    DataSet(
        *("blobs", "Three blobs", _blobs, _knobs(0.35, 1)),
        source=f"{HERE}: Gaussian clusters at the corners of a triangle.",
        note="Three classes, so three outputs and a softmax. Straight lines are enough.",
    ),
    DataSet(
        *("linear", "A line between", _linear, _knobs(0.3, 2)),
        source=f"{HERE}: uniform in a square, cut by x₁ + x₂/2 = 0 after noise has been added to that sum.",
        note="One neuron is enough. Without noise the weights grow for ever: the loss has no minimum.",
    ),
    DataSet(
        *("threshold", "A threshold", _threshold, _knobs(1.5, 4, 60)),
        source=f"{HERE}: 1 where x plus noise is above 0.5, on -3 to 3.",
        note="One input, two classes: one neuron has two weights, so its whole landscape can be drawn.",
    ),
    DataSet(
        *("curve", "A curve", _curve, _knobs(0.1, 1, 60)),
        source=f"{HERE}: sin(2 x) on -2 to 2.",
        note="Regression: see the function bend, one hidden unit at a time.",
    ),
    DataSet(
        *("step", "A soft step", _step, _knobs(0.2, 1, 60)),
        source=f"{HERE}: tanh(1.5 x - 0.75) on -3 to 3, so a tanh neuron can be exactly right.",
        note="A neuron made these samples. Without noise training finds its weights; with noise it misses a little.",
    ),
    DataSet(
        *("ramp", "A ramp", _ramp, _knobs(0.2, 1, 60)),
        source=f"{HERE}: max(x - 0.5, 0) on -3 to 3, so a ReLU neuron can be exactly right.",
        note="A ReLU neuron made these samples. Another may die before it learns them.",
    ),
    DataSet(
        *("iris", "Irises", _iris),
        knobs={
            "size": Knob(150, 15, 150, "integer", "samples", "How many of the 150 flowers."),
            "standardize": Knob(
                True,
                scale="switch",
                label="standardize",
                help="Brings inputs to standard scale. Off, they are in centimetres.",
            ),
            "seed": Knob(0, 0, 99, "integer", "seed", "Which flowers are drawn, unless all are."),
        },
        source="Fisher (1936), The use of multiple measurements in taxonomic problems, Annals of Eugenics 7, 179-188; "
        "petal length and width in cm of 150 flowers, measured by Edgar Anderson. The copy in scikit-learn.",
        note="Real flowers of three kinds. In centimetres the landscape is a ravine, and the same rate crawls.",
        licence="Public domain",
    ),
)

DATASETS: dict[str, DataSet] = {record.key: record for record in _RECORDS}
