"""The ground under a point, told from values around it: what the checks go by instead of derivatives."""

from typing import NamedTuple

import numpy as np

from landscape.formulas.expression import Formula
from landscape.objective import Objective
from tests.claims.digits import bends_in_digits, formula_of, slope_in_digits
from tests.numerics import EPS, derivative_along

# A curvature below this share of the largest may be taken for none or for some.
VAGUE = 1e-5
SHAPES = {(1, 1): "bowl", (-1, 1): "saddle", (-1, -1): "hilltop", (0, 1): "trough", (-1, 0): "ridge", (0, 0): "plateau"}
# How far around a point is looked for a crease, or for lower ground, beside its distance from the origin.
AROUND = 1e-7


class Ground(NamedTuple):
    """gradient (2,) and eigenvalues (2,) of the Hessian at a point by differences, and how far each can be trusted."""

    gradient: np.ndarray
    eigenvalues: np.ndarray
    slope_doubt: float
    bend_doubt: float

    @property
    def scale(self) -> float:
        return float(np.abs(self.eigenvalues).max())

    @property
    def vague(self) -> np.ndarray:
        """Which of the eigenvalues may be none, (2,)."""
        return np.abs(self.eigenvalues) <= VAGUE * max(1.0, self.scale) + self.bend_doubt

    @property
    def shapes(self) -> set[str]:
        """What the ground may be called."""
        signs = [{int(np.sign(e))} | ({0} if v else set()) for e, v in zip(self.eigenvalues, self.vague, strict=True)]
        return {SHAPES[low, high] for low in signs[0] for high in signs[1] if low <= high}


def ground_at(objective: Objective, x: np.ndarray) -> Ground:
    """From many digits where the objective is a formula; else from differences of doubles."""
    formula = formula_of(objective)
    if formula is not None:
        return _told_in_digits(objective, formula, x)
    # Beside the edge of where there are values a step must be short.
    for unit in np.array([1, 1e-3, 1e-6, 1e-9]):
        try:
            told = told_by_steps(objective, x, float(unit))
        except ValueError:
            continue
        for finer in (2.0**-10, 2.0**-20):
            nearer = told_by_steps(objective, x, float(unit) * finer)
            if not _differ(told, nearer):
                break
            told = nearer
        return told
    raise AssertionError(f"there are no values around {x}")


def _differ(wide: Ground, near: Ground) -> bool:
    """Whether longer steps tell something else: they cross a crease, beside which halves of a slope may well agree."""
    bends = float(np.abs(wide.eigenvalues - near.eigenvalues).max()) > wide.bend_doubt + near.bend_doubt
    return bends or float(np.abs(wide.gradient - near.gradient).max()) > wide.slope_doubt + near.slope_doubt


def _told_in_digits(objective: Objective, formula: Formula, x: np.ndarray) -> Ground:
    """What can be doubted is what doubles round: by how much they scatter over the nearest points."""
    gradient, eigenvalues = slope_in_digits(formula, x), bends_in_digits(formula, x)
    near = x * (1 + EPS * np.array([[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1], [2, 3], [3, -2], [-2, -3], [-3, 2]]))
    with np.errstate(all="ignore"):
        bends = objective.hessian(near)
        slopes = objective.gradient(near) - (near - x) @ bends[0]
        scatter = (10 * float(np.ptp(each, axis=0).max()) + 1e-14 for each in (slopes, bends))
    return Ground(gradient, eigenvalues, *scatter)


def told_by_steps(objective: Objective, x: np.ndarray, unit: float) -> Ground:
    """ValueError where no step is short enough to stay where there are values."""
    with np.errstate(all="ignore"):
        slopes = [derivative_along(objective.value, x, axis) for axis in unit * np.eye(len(x))]
        bends = [derivative_along(objective.gradient, x, axis) for axis in unit * np.eye(len(x))]
    gradient, hessian = (np.array([each for each, _ in found]) / unit for found in (slopes, bends))
    # What cancels in a slope is of the size of the value, and no step that serves is shorter than a thousandth.
    floor = max(1e-14, 1e3 * EPS * (1 + abs(float(objective.value(x))))) / unit
    doubts = (10 * max(doubt for _, doubt in found) / unit + floor for found in (slopes, bends))
    return Ground(gradient, np.linalg.eigvalsh((hessian + hessian.T) / 2), *doubts)


def _ring(x: np.ndarray, count: int) -> np.ndarray:
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return AROUND * max(1.0, float(np.abs(x).max())) * np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def creased(objective: Objective, x: np.ndarray) -> bool:
    """Whether the slopes to both sides of x differ, along some direction."""
    # Far out waves are so short that only a nearer look tells them from a jump.
    return all(_creased(objective, x, share * _ring(x, 32)) for share in (1, 1 / 64))


def crease_beside(objective: Objective, x: np.ndarray) -> tuple[bool, bool]:
    """Whether x surely lies on a crease, and whether it perhaps does: beside one it depends on how near is near."""
    seen = [_creased(objective, x, share * _ring(x, 32)) for share in (1, 1 / 64, 1 / 4096)]
    return all(seen), any(seen)


def _creased(objective: Objective, x: np.ndarray, ways: np.ndarray) -> bool:
    with np.errstate(all="ignore"):
        bent, wide = (
            np.abs(objective.value(x + k * ways) - 2 * objective.value(x) + objective.value(x - k * ways)).max()
            for k in (1, 4)
        )
    # Four times as far a curvature, however large, bends it sixteen times as much, and a crease four times.
    return not bent <= 1e-3 * float(np.abs(ways).max()) and not wide > 10 * bent


def by_heights(objective: Objective, x: np.ndarray) -> set[str]:
    """What a point without a slope is where heights at some distance all lie to one side; nothing where they do not."""
    found = set()
    for reach in (3e-3, 1e-2):
        above = objective.value(x + reach / AROUND * _ring(np.zeros(2), 2000)) - objective.value(x)
        slack = 1e-10 * max(float(np.abs(above).max()), abs(float(objective.value(x))))
        found.add("minimum" if above.min() > slack else "maximum" if above.max() < -slack else "")
    return found if len(found) == 1 and "" not in found else set()


def kinds_at(objective: Objective, x: np.ndarray, called: str) -> set[str]:
    """What a stationary point may be called; where the ground is flat, whatever it is called."""
    if creased(objective, x):
        around = objective.value(x + _ring(x, 64))
        return {"minimum"} if around.min() >= objective.value(x) else {"saddle", "maximum", "degenerate"}
    ground = ground_at(objective, x)
    limit = 1e-5 * max(1.0, ground.scale) + ground.slope_doubt
    assert np.abs(ground.gradient).max() <= limit, f"there is a slope at {x}"
    if ground.vague.any():
        return by_heights(objective, x) or {called}
    low, high = ground.eigenvalues
    return {"minimum" if low > 0 else "maximum" if high < 0 else "saddle"}
