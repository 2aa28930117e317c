"""Training: optimizers fit one network to the same samples from the same weights, and what that may cost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from landscape.datasets import Samples
from landscape.descent.descend import Trajectory, descend
from landscape.descent.schedules import Schedule
from landscape.descent.tuning import best
from landscape.knob import knobs
from landscape.networks import MLP, Network
from landscape.networks.health import Ailment, ailments
from landscape.objective import Objective, Penalty
from landscape.optimizers import Optimizer
from landscape.theory.quadratics import Diagonal

# What a page trains: any method takes its step in a moment, and a whole run is kept in memory.
MAX_HIDDEN = 6
MAX_WIDTH = 32
MAX_WEIGHTS = 1500
# What a page looks at weight by weight: a Hessian at every frame, a walk from edge to edge.
MAX_WATCHED = 400
# Work that one run may be, in weights times samples times gradients: some seconds. Numbers that it may leave behind.
MAX_WORK = 2e9
MAX_KEPT = 1_500_000
# As many samples and fewer are all learned: what is held back of a truth table cannot be guessed.
WHOLE = 8
# Rates are tried on so many steps at most; a method's memory may be so many numbers, over all rates.
TRIAL = 120
MAX_STATE = 10_000_000


@dataclass(frozen=True)
class Lesson:
    """What is to be learned: a network, samples to learn from and samples held back, if any, and initial weights.

    objective   the loss on `learn`, drawn in mini-batches if so asked, plus the penalty if there is one
    start       (size,)
    """

    network: Network
    learn: Samples
    held: Samples
    objective: Objective
    start: np.ndarray

    @cached_property
    def learning(self) -> Objective:
        """The loss on the samples learned from, all of them, without a penalty."""
        return self.network.objective(self.learn.inputs, self.learn.targets)

    @cached_property
    def validation(self) -> Objective:
        """The loss on the samples held back."""
        return self.network.objective(self.held.inputs, self.held.targets)


def lesson(
    network: Network,
    samples: Samples,
    start: np.ndarray,
    *,
    share: float,
    seed: int,
    batch: int,
    penalty: Penalty | None,
) -> Lesson:
    """A lesson from samples of which a `share` is held back; nothing of WHOLE samples and fewer.

    seed    which samples are held back
    batch   samples drawn for a step; 0, or as many as there are and more, takes them all
    """
    learn, held = samples.split(share if len(samples) > WHOLE else 0.0, np.random.default_rng(seed))
    loss = network.objective(learn.inputs, learn.targets, batch if 0 < batch < len(learn) else None)
    return Lesson(network, learn, held, loss if penalty is None else loss + penalty, start)


@dataclass(frozen=True)
class Training:
    """Runs on one lesson, by optimizer key, all with the same number of steps.

    rates   the multipliers that a schedule put on each step's rate, (T,)
    """

    lesson: Lesson
    optimizers: Mapping[str, Optimizer]
    runs: Mapping[str, Trajectory]
    rates: np.ndarray

    @property
    def steps(self) -> int:
        return len(self.rates)

    @cached_property
    def losses(self) -> dict[str, tuple[np.ndarray, ...]]:
        """For each run the loss on what it learns from and, if any is, on what is held back, (T+1,) each, without the
        penalty."""
        given = [self.lesson.learning, self.lesson.validation] if len(self.lesson.held) else [self.lesson.learning]
        with np.errstate(all="ignore"):
            return {key: tuple(loss.value(run.x) for loss in given) for key, run in self.runs.items()}


def train(
    lesson: Lesson,
    optimizer: Optimizer,
    steps: int,
    *,
    seed: int = 0,
    schedule: Schedule | None = None,
    progress: Callable[[float], None] | None = None,
) -> Trajectory:
    """One run; the same seed gives every method the same mini-batches. See `descend` for progress."""
    rng = np.random.default_rng(seed)
    return descend(lesson.objective, optimizer, lesson.start, steps, rng, schedule, progress=progress)


def affordable(lesson: Lesson, optimizer: Optimizer, steps: int) -> int:
    """How many of these steps come to at most MAX_WORK and leave at most MAX_KEPT numbers, at least 1.

    What a step is charged is seen on a bowl: a Hessian costs as many gradients as there are weights, and a system of
    equations to solve; what a method remembers, it also works through.
    """
    weights, samples = lesson.network.size, len(lesson.learn)
    bowl = descend(Diagonal(np.array([1.0, 3.0])), optimizer, np.array([1.0, 1.0]), 5).evaluations
    gradients = float(np.diff(bowl.cost(weights) + bowl.value).max(initial=1))
    systems = float(np.diff(bowl.hessian + bowl.jacobian).max(initial=0))
    work = gradients * weights * samples + systems * weights**3 + 30 * _memory(optimizer, lesson.start)
    return max(1, min(steps, int(MAX_WORK / work), MAX_KEPT // weights))


def _memory(optimizer: Optimizer, start: np.ndarray) -> int:
    """How many numbers a method carries from step to step."""

    def size(state: Any) -> int:
        if isinstance(state, tuple):
            return sum(map(size, state))
        return 0 if state is None else int(np.size(state))

    return size(optimizer.init(start))


def tuned_rate(
    lesson: Lesson,
    optimizer: Optimizer,
    steps: int,
    *,
    seed: int = 0,
    schedule: Schedule | None = None,
    progress: Callable[[float], None] | None = None,
) -> float | None:
    """The rate that serves a method best over the first TRIAL steps, found in one batched run; see `tuning.tune`, and
    `descend` for progress.

    None for a method without a rate to tune, where every rate climbs, and where so many runs at once are too much.
    """
    knob = knobs(optimizer).get("lr")
    if knob is None or not optimizer.tunable:
        return None
    rates = knob.grid(per_decade=5)
    trial = affordable(lesson, optimizer, min(steps, TRIAL) * len(rates)) // len(rates)
    if trial < 1 or len(rates) * _memory(optimizer, lesson.start) > MAX_STATE:
        return None
    starts = np.tile(lesson.start, (len(rates), 1))
    candidates = optimizer.with_rate(rates[:, None])
    rng = np.random.default_rng(seed)
    runs = descend(lesson.objective, candidates, starts, trial, rng, schedule, progress=progress)
    return best(rates, runs.value, runs.status == "diverged")


def checked_hidden(widths: tuple[int, ...]) -> tuple[int, ...]:
    """Hidden layers' widths as given; ValueError where there are too many of them or one is out of range."""
    if len(widths) > MAX_HIDDEN:
        raise ValueError(f"there are {len(widths)} hidden layers; allowed are at most {MAX_HIDDEN}")
    for width in widths:
        if not 1 <= width <= MAX_WIDTH:
            raise ValueError(f"a hidden layer has {width:,} units; allowed are 1 to {MAX_WIDTH}")
    return widths


def build(samples: Samples, hidden: tuple[int, ...], activation: str) -> Network:
    """The network with the loss that suits these samples; ValueError where it would have more than MAX_WEIGHTS."""
    network = MLP((samples.inputs.shape[1], *checked_hidden(hidden), samples.outputs), activation, samples.loss)
    if network.size > MAX_WEIGHTS:
        raise ValueError(f"the network has {network.size:,} weights; allowed are at most {MAX_WEIGHTS:,}")
    return network


def ailing(training: Training, key: str, steps: np.ndarray) -> list[list[Ailment]]:
    """What is wrong in one run at each of these steps."""
    lesson, x = training.lesson, training.runs[key].x
    return [
        ailments(lesson.network, lesson.network.trace(x[step], lesson.learn.inputs, lesson.learn.targets))
        for step in steps
    ]


class Bout(NamedTuple):
    """An ailment as it was last, the first and the last of the steps looked at that had it, and whether all between
    had it too."""

    ailment: Ailment
    first: int
    last: int
    unbroken: bool = True


def bouts(found: list[list[Ailment]], steps: np.ndarray) -> list[Bout]:
    """What went wrong, and when, from what `ailing` found at these steps: one entry an ailment and layer."""
    seen: dict[tuple[str, str], list[int]] = {}
    last: dict[tuple[str, str], Ailment] = {}
    for k, here in enumerate(found):
        for ailment in here:
            place = (ailment.key, ailment.layer)
            seen.setdefault(place, []).append(k)
            last[place] = ailment
    return [
        Bout(last[place], int(steps[at[0]]), int(steps[at[-1]]), len(at) == at[-1] - at[0] + 1)
        for place, at in seen.items()
    ]
