"""Ending: what a run has come to, a minimum or not, and what it does where it has come to nothing."""

import numpy as np

from landscape.curvature import local
from landscape.descent.descend import Trajectory
from landscape.descent.rest import grounded
from landscape.objective import Objective
from landscape.optimizers import Optimizer
from landscape.optimizers.quadratic_model import Modelled

# What a run rests at, by the shape of the ground there, a key of SHAPES.
PLACES = {
    "bowl": "at a minimum",
    "saddle": "at a saddle",
    "hilltop": "at a maximum",
    "trough": "where one curvature is 0",
    "ridge": "where one curvature is 0",
    "plateau": "where the curvature is 0",
    "crease": "on a crease",
}

# How a run ended, for a table.
STATUS = {
    "converged": "converged",
    "diverged": "diverged",
    "stalled": "stalled",
    "max_steps": "still moving",
}
UNBEGUN = "cannot begin"
FADES = "still moving, slope fades"

# How far around the end one looks for lower ground, as a share of its size or of 1.
AROUND = 1e-6


def place(objective: Objective, run: Trajectory) -> str:
    """What a run of shape (T+1, 2) that has converged rests at: one of PLACES, or the bottom of a crease."""
    x = run.x[-1]
    shape = str(local(objective, x).shape)
    if shape == "crease" and x.shape == (2,):
        angle = np.linspace(0, 2 * np.pi, 64, endpoint=False)
        ring = AROUND * max(1.0, float(np.abs(x).max())) * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
        if (objective.value(x + ring) > objective.value(x)).all():
            return "at the bottom of a crease"
    return PLACES[shape]


def ended(run: Trajectory) -> str:
    """How a run ended: a key of STATUS, or UNBEGUN where it never left a start without a value or a slope."""
    status = str(run.status)
    return UNBEGUN if status == "diverged" and run.stop == 0 else status


def unbegun(run: Trajectory) -> str:
    """Why a run cannot begin."""
    if np.isfinite(run.value[0]):
        return f"{UNBEGUN}: f has no slope at the start, or one too large to reckon with"
    return f"{UNBEGUN}: f has no value at the start"


def fades(objective: Objective, run: Trajectory, tolerance: float) -> bool:
    """Whether a run goes on though its slope is within the tolerance, on ground that has no level place near by.

    One that flies through a place without a slope has not come to such ground.
    """
    if str(run.status) != "max_steps" or not run.gradient_norm[-1] <= tolerance:
        return False
    settled, _ = grounded(objective, run.x[-1:])
    return not settled[0]


def singular(objective: Objective, optimizer: Optimizer, x: np.ndarray) -> bool:
    """Whether a method stays at x because its model has no single stationary point there."""
    if not isinstance(optimizer, Modelled):
        return False
    with np.errstate(all="ignore"):
        return bool(np.isnan(optimizer.propose(objective, x, optimizer.init(x)).step).any())


def outcome(objective: Objective, run: Trajectory, tolerance: float) -> str:
    """How a run ended, in a few words for a table."""
    if fades(objective, run, tolerance):
        return FADES
    status = ended(run)
    words = STATUS.get(status, status)
    return f"{words} {place(objective, run)}" if status == "converged" else words
