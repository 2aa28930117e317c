"""Study: a run of a method that trusts quadratic models, with each step's model and the true curvature beside it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from landscape.curvature import SHAPES, Local, local
from landscape.descent.descend import Trajectory, descend
from landscape.descent.ending import STATUS, unbegun
from landscape.domain import Domain, diagonal
from landscape.linear_algebra import shifted, solve, times
from landscape.numbers import counted, short
from landscape.objective import Objective, Wrapped
from landscape.optimizers.quadratic_model import Model, Modelled, trusted

# A promise of less than this share of its parts is rounding.
CANCELLED = 1e-8

# A step longer than this share of the map is seen.
SEEN = 0.05

# A value this many times below the first in size has sunk without an end.
BOTTOMLESS = 1e5


@dataclass(frozen=True)
class Study:
    """What a run stood on and what it believed, for the iterates 0 ... T at which it had not ended otherwise.

    run      the run, of at least T steps
    models   the model at every iterate, arrays (T+1, ...): the last is the one that a further step would trust
    local    the curvature at every iterate, arrays (T+1, ...)
    """

    objective: Objective
    optimizer: Modelled
    run: Trajectory
    models: Model
    local: Local

    @property
    def steps(self) -> int:
        """T: the step at which the run ended, or the last at which it was finite."""
        return len(self.models.x) - 1

    @cached_property
    def matrix(self) -> np.ndarray:
        """The curvature that a step believes in, (T+1, 2, 2): a damping is part of it, a radius leaves it as it is."""
        leashed = np.isfinite(self.models.radius)
        return shifted(self.models.matrix, np.where(leashed, 0.0, self.models.damping)[:, None])

    @cached_property
    def centre(self) -> np.ndarray:
        """Where that believed model has no slope, (T+1, 2); NaN where there is no single such point."""
        return self.models.x - solve(self.matrix, self.models.gradient)

    @property
    def agreement(self) -> np.ndarray:
        """Actual over predicted decrease, (T+1,); NaN where both are rounding."""
        with np.errstate(all="ignore"):
            # Where its parts cancel, what a model promises is rounding too.
            p = np.abs(self.models.step)
            parts = np.sum(p * (np.abs(self.models.gradient) + times(np.abs(self.models.matrix), p)), axis=-1)
            told = np.abs(self.models.predicted) > np.maximum(self.rounding, CANCELLED * parts)
            return np.where(told, self.models.actual / self.models.predicted, np.nan)

    @property
    def sunk(self) -> bool:
        """Whether the value has fallen beyond all measure and the ground is no less steep than at the start.

        That is the mark of a function without a floor.
        """
        first, last = self.run.gradient_norm[[0, self.steps]]
        deep = float(self.run.value[self.steps]) < -BOTTOMLESS * max(1.0, abs(float(self.run.value[0])))
        return deep and bool(last >= first)

    @property
    def rounding(self) -> np.ndarray:
        """The size below which a change of the value is rounding, (T+1,)."""
        return rounding(self.models.value)


def rounding(value: Any) -> Any:
    """The size below which a change of a value is rounding."""
    return 1e-14 * np.maximum(1.0, np.abs(value))


def study(objective: Objective, optimizer: Modelled, start: np.ndarray, steps: int, tolerance: float) -> Study:
    """Run `optimizer` from start, (2,), and ask every step for its model; tolerance is descend's.

    ValueError as `descend`.
    """
    # Wrapped, it is seen whole at every step, as its models are.
    run = descend(Wrapped(objective), optimizer, start, steps, tolerance=tolerance)
    last = int(run.stop) if str(run.status) != "diverged" else max(0, int(run.stop) - 1)
    with np.errstate(all="ignore"):
        models = trusted(objective, optimizer, start, last + 1)
        return Study(objective, optimizer, run, models, local(objective, run.x[: last + 1]))


def telling(study: Study, domain: Domain) -> int:
    """The iterate that tells most of the models of a run: the last on the map from which the step is long enough to be
    seen; 0 where there is none."""
    x, (low, high) = study.run.x[: study.steps + 1], np.array(domain, dtype=float).T
    with np.errstate(all="ignore"):
        long = np.linalg.norm(np.diff(x, axis=0), axis=-1) > SEEN * diagonal(domain)
    on = ((x >= low) & (x <= high)).all(axis=-1)
    return int(np.max(np.flatnonzero(long & on[:-1]), initial=0))


def caption(study: Study, k: int) -> str:
    """What iterate k stands on, in numbers and words, and what the method makes of it."""
    (a, b), (_, d) = study.local.hessian[k]
    if not np.isfinite([a, b, d]).all():
        return "The Hessian here is not finite."
    low, high = study.local.eigenvalues[k]
    shape = str(study.local.shape[k])
    u, v = study.models.x[k] + 0.0
    bends = f"the curvatures are {low:.4g} and {high:.4g}: a {shape}"
    if shape == "crease":
        bends = "the slopes jump: a crease"
    domain = getattr(study.objective, "domain", None)
    off = domain is not None and any(not low <= at <= high for at, (low, high) in zip((u, v), domain, strict=True))
    parts = [f"At ({u:.4g}, {v:.4g}){', off the map,' if off else ''} {bends}"]
    damping, radius = float(study.models.damping[k]), float(study.models.radius[k])
    if np.isfinite(radius):
        parts.append(f"radius {radius:.3g}")
    elif damping > 0:
        parts.append(f"damping {damping:.3g}")
    if not np.isfinite(study.centre[k]).all():
        parts.append("the model is singular")
    if k < study.steps and not study.models.accepted[k]:
        parts.append("step refused")
    there = ""
    if study.steps == 0 and str(study.run.status) == "converged":
        has = "It is given a slope of zero" if shape == "crease" else "The slope is zero"
        there = f" {has}: the run is already there."
    return _sentences(parts) + there + _promise(study, k)


def _sentences(parts: list[str]) -> str:
    """What an iterate stands on, and what there is besides."""
    first, *rest = parts
    if not rest:
        return f"{first}."
    also = "; ".join(rest)
    return f"{first}. {also[0].upper()}{also[1:]}."


def _promise(study: Study, k: int) -> str:
    """What the model at iterate k says of the step to come, and what f makes of it; nothing where there is none."""
    if k >= study.steps or not np.isfinite([study.models.predicted[k], study.models.actual[k]]).all():
        return ""
    promised, got = float(study.models.predicted[k]), float(study.models.actual[k])
    if abs(promised) <= study.rounding[k]:
        return ""
    says = f"promises a fall of {short(promised)}" if promised > 0 else f"foresees a rise of {short(-promised)}"
    if abs(got) <= study.rounding[k]:
        return f" The model {says}; f stays as it is."
    way = ("falls" if got > 0 else "rises") if study.models.accepted[k] else f"would {'fall' if got > 0 else 'rise'}"
    return f" The model {says}; f {way} by {short(abs(got))}."


def _singular(study: Study, k: int) -> str:
    """Whose matrix is singular at iterate k: the Hessian itself, or only the one that the method makes for it."""
    shape = str(study.local.shape[k])
    if np.isfinite(solve(study.local.hessian[k], study.models.gradient[k])).all() or shape == "crease":
        return "Its matrix there is singular"
    return f"The Hessian there is singular: {SHAPES[shape]}"


def verdict(study: Study) -> str:
    """How the run ended and why, one sentence."""
    title, status, k = study.optimizer.title, str(study.run.status), study.steps
    slope, value = float(study.run.gradient_norm[k]), float(study.run.value[k])
    shape = str(study.local.shape[k])
    # What is left of a coordinate that is 0 is rounding.
    u, v = np.round(study.run.x[k], 9) + 0.0
    place = f"({u:.4g}, {v:.4g})"
    if status == "converged" and k == 0 and shape == "crease":
        return f"The start lies on a crease, where {title} is given a slope of zero: it has nowhere to go."
    if status == "converged" and k == 0:
        return f"The slope at the start is already zero, on a {shape}: {title} has nowhere to go."
    if status == "converged":
        return f"{title} converged at step {k}, at {place}, on a {shape}: {SHAPES[shape]}."
    floor = f". f has fallen to {value:.3g}, with no floor in sight" if study.sunk else ""
    if status == "diverged" and study.run.stop == 0:
        return f"{title} {unbegun(study.run)}."
    if status == "diverged":
        return f"{title} diverged at step {int(study.run.stop)}{floor}."
    if status == "stalled" and not np.isfinite(study.centre[k]).all():
        has = "it is given a slope of" if shape == "crease" else "the slope is"
        text = f"{title} stays at {place}, where {has} {slope:.3g}. {_singular(study, k)}. "
        return f"{text}So the model has no single stationary point."
    # On a crease there are many slopes, and a method is given one.
    given = (
        f"on a {shape}, given a slope of {slope:.3g}" if shape == "crease" else f"on a {shape} with slope {slope:.3g}"
    )
    if status == "stalled":
        return f"{title} stalled at step {k}, at {place}, {given}."
    return f"{title} was {STATUS[status]} after {counted(k, 'step')}, {given}{floor}."
