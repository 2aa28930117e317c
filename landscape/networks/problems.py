"""NETWORKS: ready-made problems, a network with a data set, each an Objective in the network's weights.

Those with two weights are landscapes as exact as any surface, and answer what a page asks of a Surface; the others are
for training, and for planes through their weights.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any, Self

import numpy as np

from landscape.datasets import DATASETS, IMAGES, DataSet, Samples
from landscape.domain import Domain, Landscape, Minimum
from landscape.knob import Knob, settled
from landscape.networks.loss_objective import LossObjective
from landscape.networks.mlp import MLP
from landscape.networks.network import Network
from landscape.networks.one_kernel import OneKernel
from landscape.networks.sample import OverSamples
from landscape.objective import Objective
from landscape.theory.stationary import global_minima

# Samples that a browser may go through in every step, and numbers in them: each method's program carries them all.
MOST_LANES, MOST_NUMBERS = 100, 1000
_BATCH = Knob(0, 0, 100, "integer", "mini-batch", "How many samples each step draws at random: 0 takes them all.")


@dataclass(frozen=True)
class Problem(Objective):
    """A network's loss on a data set, as a function of its weights: the mean over samples.

    key, title, group   its name in code and links, its name for people, the menu heading it stands under
    network, data       what is trained, and on what
    note                what it is good for showing, in one line
    start               where a first path begins, `dimension` numbers; Glorot's weights if left out
    kink                where it is not smooth and what is answered there; "" where there is no such place
    settings            the (name, value) pairs in force, defaults filled in: those of the data, and batch_size

    `draw` takes a mini-batch. Raises ValueError for a setting that is unknown or out of range.
    """

    key: str
    title: str
    group: str
    network: Network
    data: DataSet
    note: str
    start: tuple[float, ...] = ()
    kink: str = ""
    settings: tuple[tuple[str, Any], ...] = ()

    # How the loss and what it is a function of are written.
    symbol, arguments = "L", "w"

    def __post_init__(self) -> None:
        object.__setattr__(self, "settings", settled(self.key, self.knobs, dict(self.settings)))
        if not self.start:
            object.__setattr__(self, "start", tuple(self.network.init(np.random.default_rng(0)).tolist()))
        if len(self.start) != self.dimension:
            raise ValueError(f"start has {len(self.start)} numbers; it must have {self.dimension}, one a weight")

    def with_(self, **settings: Any) -> Self:
        """The same problem with some settings changed: `NETWORKS["tanh_neuron"].with_(noise=0, batch_size=8)`."""
        return replace(self, settings=tuple((dict(self.settings) | settings).items()))

    @property
    def dimension(self) -> int:
        return self.network.size

    @property
    def biases(self) -> tuple[int, ...]:
        return self.network.biases

    @property
    def knobs(self) -> Mapping[str, Knob]:
        """The data's knobs, with this problem's own defaults, and the mini-batch."""
        defaults = dict(self.data.settings)
        own = {name: replace(knob, default=defaults[name]) for name, knob in self.data.knobs.items()}
        return own | {"batch_size": _BATCH}

    @property
    def drawn(self) -> tuple[str, ...]:
        return ("batch_size",)

    @property
    def source(self) -> str:
        return f"Data: {self.data.source}"

    @cached_property
    def samples(self) -> Samples:
        chosen = dict(self.settings)
        del chosen["batch_size"]
        return self.data.with_(**chosen).samples

    @cached_property
    def objective(self) -> LossObjective:
        batch = dict(self.settings)["batch_size"]
        batch_size = batch if 0 < batch < len(self.samples) else None
        return self.network.objective(self.samples.inputs, self.samples.targets, batch_size)

    def value(self, x: np.ndarray) -> np.ndarray:
        return self.objective.value(x)

    def gradient(self, x: np.ndarray) -> np.ndarray:
        return self.objective.gradient(x)

    def hessian(self, x: np.ndarray) -> np.ndarray:
        return self.objective.hessian(x)

    def hessian_vector(self, x: np.ndarray, v: np.ndarray) -> np.ndarray:
        return self.objective.hessian_vector(x, v)

    def draw(self, rng: np.random.Generator) -> Objective:
        return self.objective.draw(rng)

    def latex(self, part: str = "value") -> str:
        """LaTeX of the "value", the "gradient" or the "hessian", over samples i with outputs z_i = z(x_i; w)."""
        loss, count = self.network.loss_function, len(self.samples)
        mean = rf"\frac{{1}}{{{count}}} \sum_{{i=1}}^{{{count}}}"
        jacobian = r"J_i = \frac{\partial z_i}{\partial w}"
        shown = {
            "value": rf"{mean} \ell(z_i, t_i),\quad \ell(z, t) = {loss.latex},\quad z(x) = {self.network.latex()}",
            "gradient": rf"{mean} J_i^\top g_i,\quad {jacobian},\quad g = {loss.slope_latex}",
            "hessian": rf"{mean} \left( J_i^\top S_i J_i + \sum_j g_{{ij}} \nabla^2 z_{{ij}} \right),"
            rf"\quad {jacobian},\quad S = {loss.curvature_latex},\quad g = {loss.slope_latex}",
        }
        if part not in shown:
            raise ValueError(f"part is {part!r}; allowed are {', '.join(shown)}")
        return shown[part]


@dataclass(frozen=True)
class PlanarProblem(Problem, Landscape):
    """A problem with two weights: a landscape as exact as any surface.

    domain   ((low, high), (low, high)), the part that is drawn
    axes     what the two weights are called

    `minima` are the global minima inside the domain, found numerically at the settings in force: () where the loss is
    lower still outside, as it is when classes can be separated. Raises ValueError for a start outside the domain.
    """

    domain: Domain = field(kw_only=True)
    axes: tuple[str, str] = field(kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.dimension != 2:
            raise ValueError(f"domain is {self.domain}, but there are {self.dimension} weights; only two can be drawn")
        for axis, (low, high), at in zip("xy", self.domain, self.start, strict=True):
            if not low <= at <= high:
                raise ValueError(f"start has {axis} = {at:g}; the domain allows {low:g} to {high:g}")

    @property
    def minima(self) -> tuple[Minimum, ...]:
        return _minima(self.with_(batch_size=0))

    @cached_property
    def recordable(self) -> Objective | None:
        inputs, targets = self.samples.inputs, self.samples.targets
        whole = dict(self.settings)["batch_size"] == 0
        few = len(inputs) <= MOST_LANES and inputs.size <= MOST_NUMBERS
        return OverSamples(self.network, inputs, targets) if whole and few else None


@lru_cache(maxsize=64)
def _minima(problem: PlanarProblem) -> tuple[Minimum, ...]:
    return global_minima(problem, problem.domain)


NEURON, KERNEL, SMALL = "One neuron", "One kernel", "Small networks"
_WB = ("weight w", "bias b")

# Each opens with key, title and group, starred so that the formatter keeps them on one line.
_RECORDS = (
    PlanarProblem(
        *("logistic_neuron", "A neuron that decides", NEURON),
        network=MLP((1, 1), loss="binary_cross_entropy"),
        data=DATASETS["threshold"],
        note="Logistic regression: convex, one valley. Take away the noise and its bottom moves off to infinity.",
        domain=((-2.0, 6.0), (-5.0, 4.0)),
        start=(-1.5, 3.0),
        axes=_WB,
    ),
    PlanarProblem(
        *("squared_neuron", "The same with squared error", NEURON),
        network=MLP((1, 1), loss="mse", output="sigmoid"),
        data=DATASETS["threshold"],
        note="The wrong loss for a decision. Where the neuron is sure but mistaken, the ground is level.",
        domain=((-6.0, 8.0), (-8.0, 6.0)),
        start=(-4.0, 3.0),
        axes=_WB,
    ),
    PlanarProblem(
        *("tanh_neuron", "A neuron that bends", NEURON),
        network=MLP((1, 1), loss="mse", output="tanh"),
        data=DATASETS["step"],
        note="Such a neuron, at (1.5, −0.75), made the samples. Far out it is saturated and hardly hears of its error.",
        domain=((-4.0, 5.0), (-4.0, 4.0)),
        start=(-1.0, 2.0),
        axes=_WB,
    ),
    PlanarProblem(
        *("relu_neuron", "A neuron that can die", NEURON),
        network=MLP((1, 1), loss="mse", output="relu"),
        data=DATASETS["ramp"],
        note="In the level wedge the neuron is off for every sample: no gradient, and no way back.",
        domain=((-2.0, 3.0), (-4.0, 3.0)),
        start=(-1.0, 1.0),
        axes=_WB,
        kink="The slope breaks on the line w x + b = 0 of each sample x. There that sample counts as switched off.",
    ),
    PlanarProblem(
        *("tanh_chain", "Two weights in a row", NEURON),
        network=MLP((1, 1, 1), "tanh", "mse", bias=False),
        data=DATASETS["step"],
        note="Change both signs and nothing changes. So there are two equal minima, and a saddle between them at 0.",
        domain=((-4.0, 4.0), (-2.5, 2.5)),
        start=(0.1, -0.3),
        axes=("weight w₁", "weight w₂"),
    ),
    PlanarProblem(
        *("one_kernel", "A kernel that looks for edges", KERNEL),
        network=OneKernel(3),
        data=IMAGES["edges"],
        note="One kernel at every place, its ring tied to one number. Neighbouring pixels agree, which makes a ravine.",
        domain=((-4.0, 6.0), (-7.0, 4.0)),
        start=(-2.5, 2.5),
        axes=("centre", "ring"),
    ),
    Problem(
        *("xor_network", "Exclusive or, 2-4-1", SMALL),
        network=MLP((2, 4, 1)),
        data=DATASETS["xor"],
        note="The smallest problem that needs a hidden layer. Some starts never solve it.",
    ),
    Problem(
        *("moons_network", "Moons, 2-8-1", SMALL),
        network=MLP((2, 8, 1)),
        data=DATASETS["moons"],
        note="Thirty-three weights: first the line, then the bend.",
    ),
    Problem(
        *("spirals_network", "Spirals, 2-16-16-1", SMALL),
        network=MLP((2, 16, 16, 1)),
        data=DATASETS["spirals"],
        note="Depth at work. Gradient descent gives up where adaptive methods go on.",
    ),
    Problem(
        *("blobs_network", "Three blobs, softmax", SMALL),
        network=MLP((2, 3), loss="cross_entropy"),
        data=DATASETS["blobs"],
        note="Convex, with directions in which nothing changes: every output may grow by the same number.",
    ),
    Problem(
        *("curve_network", "A curve, 1-8-1", SMALL),
        network=MLP((1, 8, 1), loss="mse"),
        data=DATASETS["curve"],
        note="Regression: see which hidden unit makes which bend.",
    ),
    Problem(
        *("iris_network", "Irises, 2-6-3", SMALL),
        network=MLP((2, 6, 3), loss="cross_entropy"),
        data=DATASETS["iris"],
        note="Real flowers of three kinds. With inputs in centimetres the same network learns far more slowly.",
    ),
)

NETWORKS: dict[str, Problem] = {problem.key: problem for problem in _RECORDS}
