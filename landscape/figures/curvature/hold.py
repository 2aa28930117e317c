"""What of a quadratic model follows while its point is held: its level curves, the step it asks for, its numbers."""

from typing import Any

import numpy as np

from landscape.figures.curvature.conics import ARMS, FLATTEST, RINGS
from landscape.figures.descent.hold import START_NAMES
from landscape.figures.kit.stage import Stage
from landscape.formulas.expression import Formula
from landscape.formulas.record import UnrecordableError, played
from landscape.linear_algebra import eigh, solve, times
from landscape.optimizers.quadratic_model import Modelled, Proposal, predicted_decrease
from landscape.theory.study import rounding

# How far along a hyperbola it is drawn, in its own measure: cosh and sinh of it.
REACH = 2.5
# Decreases below this are rounding; a log axis ends here.
FLOOR = 1e-17
# Points of a curve that follows.
DRAWN = 41
SAID = "At ({x}, {y}) the model bends by {low} and {high}. Its step changes f by {change}; it expects {predicted}."


def follow_model(stage: Stage, optimizer: Modelled, formula: Formula, rings: int, step: int, centre: int) -> None:
    """Let the traces at three places follow the first step's model at the held point, if the method can be recorded.

    rings   the model's level curves; step: the step tried; centre: the mark of the model's stationary point
    """
    ground = played(formula)

    def proposal(x: Any, y: Any) -> tuple[Any, Proposal]:
        here = np.stack([x, y])
        return here, optimizer.propose(ground, here, optimizer.init(here))

    def ring(x: Any, y: Any, *lane: Any) -> tuple[Any, Any]:
        here, model = proposal(x, y)
        return _ring(here, model, lane)

    def tried(x: Any, y: Any, t: Any) -> tuple[Any, Any]:
        here, model = proposal(x, y)
        there = here + t * model.step
        return there[0], there[1]

    def stationary(x: Any, y: Any, _: Any) -> tuple[Any, Any]:
        here, model = proposal(x, y)
        there = here - solve(model.matrix, model.gradient)
        return there[0], there[1]

    def numbers(x: Any, y: Any) -> dict[str, Any]:
        here, model = proposal(x, y)
        (low, high), _ = eigh(model.matrix)
        change = ground.value(here + model.step) - ground.value(here)
        predicted = -predicted_decrease(model.gradient, times(model.matrix, model.step), model.step)[0]
        return {"x": x, "y": y, "low": low, "high": high, "predicted": predicted, "change": change}

    try:
        stage.follow(rings, START_NAMES, ring, _lanes())
        stage.follow(step, START_NAMES, tried, [0.0, 1.0])
        stage.follow(centre, START_NAMES, stationary, [0.0])
        stage.tell(START_NAMES, numbers, SAID)
    except UnrecordableError:
        stage.live.pop("curves", None)


def follow_decreases(
    stage: Stage, optimizer: Modelled, formula: Formula, places: tuple[int, int, int], span: tuple[float, float]
) -> None:
    """Let what each step of the first descent promised follow, what it got, and their ratio, by their places.

    span    of the ratios that are drawn

    A method with a state has a model that the iterates alone do not tell.
    """
    ground = played(formula)

    def both(k: Any, x: Any, y: Any, *before: Any) -> tuple[Any, Any, Any]:
        """What was promised and got, NaN where no step was taken; and the value before it."""
        here, there = np.stack([x, y]), np.stack(before)
        p, value = here - there, ground.value(there)
        model = optimizer.propose(ground, there, None)
        took = np.sum(np.abs(p)) > 0
        promised = predicted_decrease(model.gradient, times(model.matrix, p), p)[0]
        return np.where(took, promised, np.nan), np.where(took, value - ground.value(here), np.nan), value

    def ratio(*step: Any) -> tuple[Any, Any]:
        promised, got, value = both(*step)
        told = np.abs(promised) > rounding(value)
        return step[0], np.where(told, np.clip(got / np.where(told, promised, 1.0), *span), np.nan)

    predicted, actual, agreement = places
    stage.follow(predicted, [], lambda *step: (step[0], np.maximum(np.abs(both(*step)[0]), FLOOR)), run=0)
    stage.follow(actual, [], lambda *step: (step[0], np.maximum(np.abs(both(*step)[1]), FLOOR)), run=0)
    stage.follow(agreement, [], ratio, run=0)


def _lanes() -> np.ndarray:
    """Where each point of the level curves is; NaN between curves and where there is none.

    Its share of the distance to x and its angle, if they are ellipses; its share, its place along the arm, and which
    arm, if they are hyperbolas.
    """
    turn, along = np.linspace(0, 2 * np.pi, DRAWN), np.linspace(-REACH, REACH, DRAWN)
    arms = [(share, *arm) for share in ARMS for arm in ((1, 0), (-1, 0), (0, 1), (0, -1))]
    curves = []
    for i, (arm_share, upright, sideways) in enumerate(arms):
        share = RINGS[i] if i < len(RINGS) else np.nan
        parts = (share, turn, arm_share, along, upright, sideways)
        curves += [np.stack([np.broadcast_to(part, DRAWN) for part in parts], axis=-1), np.full((1, 6), np.nan)]
    # In as many digits as can be seen.
    return np.round(np.concatenate(curves), 4)


def _ring(x: Any, model: Proposal, lane: Any) -> tuple[Any, Any]:
    """A point of the level curves: an ellipse's where the eigenvalues have one sign, else a hyperbola's.

    In units in which the curvature along either eigenvector is 1, x is at `away` from the centre, and the curves are
    circles or hyperbolas through shares of that distance.
    """
    share, turn, arm_share, place, upright, sideways = lane
    u = upright * np.cosh(place) + sideways * np.sinh(place)
    v = upright * np.sinh(place) + sideways * np.cosh(place)
    (low, high), vectors = eigh(model.matrix)
    least = FLATTEST * np.maximum(np.abs(low), np.abs(high))
    # The eigenvector of the higher eigenvalue; the other one is at right angles to it.
    (_, first), (_, second) = vectors
    steep, flat = np.sqrt(np.maximum(np.abs(high), least)), np.sqrt(np.maximum(np.abs(low), least))
    g, centre = model.gradient, -solve(model.matrix, model.gradient)
    along, across = (first * g[0] + second * g[1]) / steep, (first * g[1] - second * g[0]) / flat
    bowl = low * high > 0
    distance = np.where(bowl, np.hypot(along, across), np.sqrt(np.abs(along * along - across * across)))
    p = distance * np.where(bowl, share * np.cos(turn), arm_share * u) / steep
    q = distance * np.where(bowl, share * np.sin(turn), arm_share * v) / flat
    return x[0] + centre[0] + first * p - second * q, x[1] + centre[1] + second * p + first * q
