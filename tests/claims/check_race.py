"""Checks of what is said of a race."""

import numpy as np

from landscape.descent.descend import RUNAWAY, Trajectory
from landscape.descent.race import Race
from landscape.finding import Finding
from tests.claims.checks import checks, of, same
from tests.numerics import derivative_along

# A curvature below this share of the largest may be taken for none or for some.
BENT = 1e-5
SHAPES = {(1, 1): "bowl", (-1, 1): "saddle", (-1, -1): "hilltop", (0, 1): "trough", (-1, 0): "ridge", (0, 0): "plateau"}


def slope_and_bends(surface, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gradient and the Hessian's eigenvalues at x by differences, of the value and of the gradient."""
    # Far out a step must be long to be told from rounding.
    unit = max(1.0, float(np.abs(x).max()) / 100)
    axes = unit * np.eye(len(x))
    gradient = np.array([derivative_along(surface.value, x, axis)[0] for axis in axes]) / unit
    hessian = np.array([derivative_along(surface.gradient, x, axis)[0] for axis in axes]) / unit
    return gradient, np.linalg.eigvalsh((hessian + hessian.T) / 2)


def possible_shapes(eigenvalues: np.ndarray) -> set[str]:
    """What the ground may be called: an eigenvalue that is hardly there may count as none."""
    scale = max(1.0, float(np.abs(eigenvalues).max()))
    signs = [{int(np.sign(e))} if abs(e) > BENT * scale else {0, int(np.sign(e))} for e in eigenvalues]
    return {SHAPES[low, high] for low in signs[0] for high in signs[1] if low <= high}


def creased(surface, x: np.ndarray) -> bool:
    """Whether the slopes to both sides of x differ, along some direction."""
    angle = np.linspace(0, np.pi, 16)
    ways = 1e-7 * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    bent = surface.value(x + ways) - 2 * surface.value(x) + surface.value(x - ways)
    return bool(np.abs(bent).max() > 1e-3 * 1e-7)


@checks("race.no_slope")
def no_slope(race: Race, finding: Finding) -> None:
    assert np.array_equal(finding.numbers["start"], race.start)
    assert not np.isfinite(race.surface.gradient(race.start)).all()
    for key, run in race.runs.items():
        assert np.array_equal(run.x[-1], race.start), f"{key} has left"


@checks("race.ground")
def ground(race: Race, finding: Finding) -> None:
    numbers = finding.numbers
    if "or has a kink" in finding.text and creased(race.surface, race.start):
        assert (numbers["slope"], numbers["low"], numbers["high"], numbers["shape"]) == (0, 0, 0, "plateau")
        return
    gradient, eigenvalues = slope_and_bends(race.surface, race.start)
    scale = float(np.abs(eigenvalues).max())
    same(numbers["slope"], float(np.sqrt(gradient @ gradient)), 1e-5, 1e-7)
    same(numbers["low"], eigenvalues[0], 1e-5, 1e-6 * scale)
    same(numbers["high"], eigenvalues[1], 1e-5, 1e-6 * scale)
    assert numbers["shape"] in possible_shapes(eigenvalues)
    if "largest_rate" in numbers:
        # Along the steepest bend a step of gradient descent multiplies the error by 1 - rate * curvature.
        assert abs(1 - 0.999 * numbers["largest_rate"] * eigenvalues[1]) < 1
        assert abs(1 - 1.001 * numbers["largest_rate"] * eigenvalues[1]) > 1


def ending(race: Race, run: Trajectory) -> tuple[str, int]:
    """How a run ended and when, from where it was at each step; whether it blew up or was cut off only it can say."""
    moves = [k for k in range(1, len(run.x)) if not np.array_equal(run.x[k], run.x[k - 1])]
    last = moves[-1] if moves else 0
    with np.errstate(all="ignore"):
        small = [k for k in range(last + 1) if np.linalg.norm(race.surface.gradient(run.x[k])) <= race.tolerance]
    if small:
        return "converged", small[0]
    status = str(run.status)
    if status in ("diverged", "max_steps"):
        return status, last + 1 if status == "diverged" else len(run.x) - 1
    assert last < len(run.x) - 1, "it moved to the end"
    return "stalled", last


@checks("race.lowest")
def lowest(race: Race, finding: Finding) -> None:
    numbers, run = finding.numbers, of(race.runs, finding.numbers["method"])
    heights = {k: float(race.surface.value(t.x[-1])) for k, t in race.runs.items() if str(t.status) != "diverged"}
    same(numbers["value"], heights[numbers["method"]], 1e-12)
    assert min(heights.values()) == heights[numbers["method"]]
    assert np.abs(run.x).max() <= RUNAWAY
    status, stop = ending(race, run)
    assert numbers["steps"] == stop, f"it {status} at {stop}"
    for key, height in heights.items():
        assert height > numbers["value"] or ending(race, race.runs[key])[1] >= stop, f"{key} was there first"
    calls = run.evaluations
    dear = int(calls.hessian[stop]) + int(calls.jacobian[stop])
    assert numbers["cost"] == int(calls.gradient[stop]) + int(calls.hessian_vector[stop]) + 2 * dear
    if numbers["lowest_known"] is None:
        assert not race.surface.minima
        return
    x, y = (np.linspace(*side, 201) for side in race.surface.domain)
    with np.errstate(all="ignore"):
        map_ = race.surface.value(np.stack(np.meshgrid(x, y), axis=-1))
        at = [float(race.surface.value(np.array(m.point))) for m in race.surface.minima]
    slack = 1e-8 * max(1.0, abs(numbers["lowest_known"]))
    assert np.nanmin(map_) >= numbers["lowest_known"] - slack
    same(numbers["lowest_known"], min(at), 1e-8, slack)
    if "off the map" in finding.text:
        assert not all(low <= u <= high for u, (low, high) in zip(run.x[-1], race.surface.domain, strict=True))


@checks("race.losses")
def losses(race: Race, finding: Finding) -> None:
    told = finding.numbers
    for key, run in race.runs.items():
        status, stop = ending(race, run)
        inside = [all(low <= u <= high for u, (low, high) in zip(x, race.surface.domain, strict=True)) for x in run.x]
        left = inside.index(False) if inside[0] and False in inside else None
        if key not in told:
            assert status in ("converged", "max_steps"), f"{key} has {status}"
            assert left is None, f"{key} left at {left}"
            continue
        numbers = told[key]
        assert (numbers["status"], numbers["stop"], numbers["left"]) == (status, stop, left)
        if status == "stalled":
            same(numbers["slope"], float(np.linalg.norm(race.surface.gradient(run.x[-1]))))
