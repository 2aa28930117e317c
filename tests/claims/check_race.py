"""Checks of what is said of a race."""

import numpy as np

from landscape.descent.descend import RUNAWAY
from landscape.descent.race import Race
from landscape.finding import Finding
from landscape.optimizers import Optimizer
from tests.claims.checks import checks, of, same
from tests.claims.ground import creased, ground_at


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
        assert (numbers["low"], numbers["high"], numbers["shape"]) == (0, 0, "plateau")
        same(numbers["slope"], float(np.hypot(*race.surface.gradient(race.start))))
        return
    here = ground_at(race.surface, race.start)
    same(numbers["slope"], float(np.hypot(*here.gradient)), 1e-5, here.slope_doubt)
    for claimed, found in zip((numbers["low"], numbers["high"]), here.eigenvalues, strict=True):
        same(claimed, found, 1e-5, 1e-6 * here.scale + here.bend_doubt)
    assert numbers["shape"] in here.shapes
    if "largest_rate" in numbers:
        # Along the steepest bend a step of gradient descent multiplies the error by 1 - rate * curvature.
        assert abs(1 - 0.999 * numbers["largest_rate"] * here.eigenvalues[1]) < 1
        assert abs(1 - 1.001 * numbers["largest_rate"] * here.eigenvalues[1]) > 1


def ending(race: Race, key: str) -> tuple[str, int]:
    """How a run ended and when, from where it was at each step; whether it blew up or was cut off only it can say."""
    run = race.runs[key]
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
    # A method that tries again where it is rests before it stalls, and only it can say how long.
    again = type(race.optimizers[key]).retries is not Optimizer.retries
    return "stalled", int(run.stop) if again and run.stop >= last else last


@checks("race.lowest")
def lowest(race: Race, finding: Finding) -> None:
    numbers, run = finding.numbers, of(race.runs, finding.numbers["method"])
    heights = {k: float(race.surface.value(t.x[-1])) for k, t in race.runs.items() if str(t.status) != "diverged"}
    same(numbers["value"], heights[numbers["method"]], 1e-12)
    assert min(heights.values()) == heights[numbers["method"]]
    assert np.abs(run.x).max() <= RUNAWAY
    status, stop = ending(race, numbers["method"])
    assert numbers["steps"] == stop, f"it {status} at {stop}"
    for key, height in heights.items():
        assert height > numbers["value"] or ending(race, key)[1] >= stop, f"{key} was there first"
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
        status, stop = ending(race, key)
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
