"""Checks of what is said of a race."""

import re

import numpy as np

from landscape.descent.race import Race
from landscape.descent.walk import RUNAWAY
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


@checks("race.crease")
def crease(race: Race, finding: Finding) -> None:
    assert creased(race.surface, race.start)
    same(finding.numbers["slope"], float(np.hypot(*race.surface.gradient(race.start))))


@checks("race.ground")
def ground(race: Race, finding: Finding) -> None:
    numbers = finding.numbers
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
    """How a run ended and when, from where it was at each step and, where it rests, from what another step would do."""
    run = race.runs[key]
    moves = [k for k in range(1, len(run.x)) if not np.array_equal(run.x[k], run.x[k - 1])]
    last = moves[-1] if moves else 0
    status, stop = str(run.status), int(run.stop)
    if status == "converged":
        rests(race, key)
        return status, stop
    with np.errstate(all="ignore"):
        value, slope = race.surface.value(run.x[0]), race.surface.gradient(run.x[0])
        begins = np.isfinite(value) and np.isfinite(np.sum(slope * slope))
    if status == "diverged" and not begins:
        return status, 0
    if status == "diverged":
        # It may have rested before it was gone, and where that was is in no record.
        assert stop > last
        return status, stop
    if status == "max_steps":
        return status, len(run.x) - 1
    assert last < len(run.x) - 1, "it moved to the end"
    with np.errstate(all="ignore"):
        assert np.sqrt(np.sum(race.surface.gradient(run.x[-1]) ** 2)) > 0, "it rests without a slope"
    # A method that tries again where it is rests before it stalls, and only it can say how long.
    again = type(race.optimizers[key]).retries is not Optimizer.retries
    return "stalled", int(run.stop) if again and run.stop >= last else last


# How far the slope may reach where a run rests, how far its model's bottom may be, and what is no step.
NEAR, STILL = 0.011, 1.01e-6


def rests(race: Race, key: str) -> None:
    """Asked for ten steps more, the method stays there with a slope within the tolerance, and a minimum is near."""
    run, method, surface = race.runs[key], race.optimizers[key], race.surface
    stop, size = int(run.stop), max(1.0, float(np.abs(run.x[-1]).max()))
    if stop > 0:
        before = float(np.linalg.norm(surface.gradient(run.x[stop - 1])))
        step = float(np.abs(run.x[stop] - run.x[stop - 1]).max())
        assert before > race.tolerance or step > STILL * size / 2, f"{key} had rested before {stop}"
    x, state = run.x[0], method.init(run.x[0])
    with np.errstate(all="ignore"):
        for k in range(stop + 10 if plain(race, key) else 0):
            new, state = method.step(surface, x, state)
            if k >= stop and stop + 10 < run.steps:
                assert np.linalg.norm(surface.gradient(x)) <= race.tolerance, f"{key} has a slope at step {k}"
                assert np.abs(new - x).max() <= STILL * size, f"{key} moves on at step {k}"
            x = new
        gradient, here = surface.gradient(run.x[-1]), ground_at(surface, run.x[-1])
    assert np.linalg.norm(gradient) <= race.tolerance
    if gradient.any() and not here.vague.any():
        assert np.hypot(*gradient) <= NEAR * np.abs(here.eigenvalues).max() * 2


def plain(race: Race, key: str) -> bool:
    """Whether a run is what the method does on the surface, without noise and schedule, step by step to its end."""
    run, method = race.runs[key], race.optimizers[key]
    x, state = run.x[0], method.init(run.x[0])
    with np.errstate(all="ignore"):
        for k in range(int(run.stop)):
            x, state = method.step(race.surface, x, state)
            if not np.array_equal(x, run.x[k + 1], equal_nan=True):
                return False
    return run.steps > 0


def called(race: Race, key: str) -> set[str]:
    """What a run may be said to have come to, from values around its end."""
    x = race.runs[key].x[-1]
    if creased(race.surface, x):
        return {"at the bottom of a crease", "on a crease"}
    names = {
        "bowl": "at a minimum",
        "saddle": "at a saddle",
        "hilltop": "at a maximum",
        "plateau": "where the curvature is 0",
    }
    flat = "where one curvature is 0"
    return {names.get(shape, flat) for shape in ground_at(race.surface, x).shapes}


def at_the_bottom(race: Race, key: str) -> bool:
    """Whether a method has come to rest at ground as low as the lowest minimum, which is no saddle."""
    if not race.surface.minima:
        return False
    least = min(float(race.surface.value(np.array(m.point))) for m in race.surface.minima)
    height = float(race.surface.value(race.runs[key].x[-1]))
    above, slack = abs(height - least), 3e-10 * max(1.0, abs(least))
    if above > slack + 0.3 * race.tolerance or ending(race, key)[0] != "converged":
        return False
    # As low as that nothing is a saddle, and nothing a top.
    bottoms = {"at a minimum", "at the bottom of a crease"}
    return called(race, key) <= bottoms or (above <= slack and not called(race, key) & {"at a saddle", "at a maximum"})


def level(race: Race, x: np.ndarray, reach: float) -> bool:
    """Whether slopes change their sign each way, or vanish, so near that a place without one may be there."""
    side = np.linspace(-reach, reach, 41)
    around = race.surface.gradient(x + np.stack(np.meshgrid(side, side), axis=-1))
    low, high = around.min(axis=(0, 1)), around.max(axis=(0, 1))
    return bool(((low <= 0) & (high >= 0)).all())


def price(race: Race, key: str) -> int:
    """What a run has cost until it ended."""
    calls, stop = race.runs[key].evaluations, ending(race, key)[1]
    dear = int(calls.hessian[stop]) + int(calls.jacobian[stop])
    return int(calls.gradient[stop]) + int(calls.hessian_vector[stop]) + 2 * dear


@checks("race.first")
def first(race: Race, finding: Finding) -> None:
    numbers = finding.numbers
    key, steps = numbers["method"], numbers["steps"]
    run = of(race.runs, key)
    assert (ending(race, key), numbers["values"]) == (("converged", steps), int(run.evaluations.value[-1]))
    assert numbers["cost"] == price(race, key)
    height, slack = float(race.surface.value(run.x[-1])), 1e-8
    x, y = (np.linspace(*side, 201) for side in race.surface.domain)
    with np.errstate(all="ignore"):
        map_ = race.surface.value(np.stack(np.meshgrid(x, y), axis=-1))
    assert np.nanmin(map_) >= height - slack * max(1.0, abs(height))
    assert called(race, key) - {"at a saddle", "at a maximum"}
    off = not all(low <= u <= high for u, (low, high) in zip(run.x[-1], race.surface.domain, strict=True))
    assert ("lowest point of this map" in finding.text) == (not race.surface.proven and not off)
    mine = (steps, numbers["cost"], numbers["values"])
    for other in (each for each in race.runs if each != key and at_the_bottom(race, each)):
        theirs = (ending(race, other)[1], price(race, other), int(race.runs[other].evaluations.value[-1]))
        assert mine <= theirs, f"{other} was there first"
        assert (mine == theirs) == (other in numbers["level"]), f"{other} was there as soon"
    assert key not in numbers["level"]
    assert set(numbers["level"]) <= set(race.runs)


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
    assert numbers["values"] == int(run.evaluations.value[-1])
    for key, height in heights.items():
        # Of a batch and of one alone values may differ in their last digit.
        alike = np.array_equal(race.runs[key].x[-1], run.x[-1]) and key != numbers["method"]
        assert key in numbers["level"] or not alike, f"{key} is there, too"
        assert key not in numbers["level"] or abs(height - numbers["value"]) <= 1e-15 * abs(height)
    assert set(numbers["level"]) <= heights.keys()
    assert numbers["method"] not in numbers["level"]
    assert (numbers["place"] is not None) == (status == "converged")
    assert numbers["place"] is None or numbers["place"] in called(race, numbers["method"])
    faint = status == "max_steps" and 0 < np.linalg.norm(race.surface.gradient(run.x[-1])) <= race.tolerance
    assert not numbers["fades"] or (faint and not level(race, run.x[-1], 0.005)), "a level place is near"
    assert numbers["fades"] or not faint or level(race, run.x[-1], 0.03), "its slope fades"
    assert numbers["cost"] == price(race, numbers["method"])
    assert ("None comes to rest" in finding.text) == bool(race.surface.minima)
    assert not any(at_the_bottom(race, key) for key in race.runs)
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
    # In the order in which they are told.
    stalled = [race.runs[key].x[-1] for key, numbers in told.items() if numbers["status"] == "stalled"]
    words = re.findall(r"it is given a slope of|the slope is still", finding.text)
    assert ["given" in each for each in words] == [creased(race.surface, x) for x in stalled]
