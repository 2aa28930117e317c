"""Checks of what is said of guesses."""

from typing import Any

import numpy as np
from scipy.integrate import quad
from scipy.linalg import solve_discrete_lyapunov

from landscape.calculus.dimension_report import Asked
from landscape.calculus.expansion_run import Expansion
from landscape.calculus.expectations import Expectation
from landscape.calculus.mini_batches import MiniBatches
from landscape.calculus.noise_ball import COVARIANCE, HESSIAN, NoiseBall
from landscape.calculus.plane import Plane
from landscape.calculus.random_points import RandomPoints
from landscape.calculus.report import Judged
from landscape.calculus.secants import Secants
from landscape.calculus.stepping import Stepping
from landscape.calculus.sums import Sums
from landscape.figures.calculus.common import across, range_with_zero
from landscape.finding import Finding
from landscape.numbers import short
from tests.claims.check_area import fall
from tests.claims.check_slope import slope_of, told_errors
from tests.claims.checks import CHECKS, checks, same
from tests.numerics import EPS


def heard(finding: Finding) -> None:
    """The guess is repeated as it was made."""
    assert f"You said {short(finding.numbers['guess'])}" in finding.text


@checks("guess.slope")
def slope(found: Secants, finding: Finding) -> None:
    numbers, truth = finding.numbers, slope_of(found.curve, found.x)
    size = max(abs(truth), abs(numbers["guess"]))
    same(numbers["slope"], truth, 1e-9, 1e-12)
    # Where the guess is as good as the slope, what is between them is what the slope was rounded by.
    same(numbers["off"], abs(numbers["guess"] - truth), 1e-6, 8 * EPS * size + 1e-60)


@checks("guess.drawn")
def drawn(found: Secants, finding: Finding) -> None:
    """By differences instead of derivatives, at the middles of as many equal parts of the domain."""
    numbers, (left, right) = finding.numbers, found.curve.domain
    count = len(numbers["heights"])
    x = left + (right - left) * (2 * np.arange(count) + 1) / (2 * count)
    slope = np.array([slope_of(found.curve, each) for each in x])
    there = np.isfinite(found.curve.slope(x))
    truth, said = np.clip(slope[there], numbers["low"], numbers["high"]), numbers["heights"][there]
    assert numbers["places"] == there.sum()
    # The panel is the one on which the true slope is drawn.
    span = range_with_zero(found.curve.slope(across(found.curve)))
    np.testing.assert_allclose([numbers["low"], numbers["high"]], span, rtol=1e-9)
    same(numbers["off"], np.mean(np.abs(said - truth)), 1e-4, 1e-6)
    same(numbers["size"], np.mean(np.abs(truth)), 1e-4, 1e-6)
    assert numbers["right"] == np.sum((said * truth > 0) | (np.abs(truth) <= 0.1 * numbers["size"]))


@checks("guess.nowhere")
def nowhere(found: Secants, finding: Finding) -> None:
    left, right = found.curve.domain
    count = finding.numbers["places"]
    assert count == 25
    x = left + (right - left) * (2 * np.arange(count) + 1) / (2 * count)
    h = 1e-6 * (right - left)
    assert np.isnan(found.curve.value(x - h) + found.curve.value(x + h)).all()


@checks("guess.no_slope")
def no_slope(found: Secants, finding: Finding) -> None:
    x, h = finding.numbers["x"], 1e-6
    assert x == found.x
    below, here, above = found.curve.value(np.array([x - h, x, x + h]))
    steep = abs(slope_of(found.curve, x + h)) > 2 * abs(slope_of(found.curve, x + 100 * h))
    assert steep or not abs((above - here) - (here - below)) < 1e-3 * h


@checks("guess.pieces")
def pieces(found: Sums, finding: Finding) -> None:
    numbers = finding.numbers
    assert numbers["rule"] in found.sums
    power = fall(found, numbers["rule"])
    same(np.log(10) / np.log(numbers["cost"]), power, 0.05)
    same(numbers["gained"], np.log10(numbers["guess"]) * power, 0.05)


@checks("guess.step")
def step(judged: Judged, finding: Finding) -> None:
    """Among all steps near which no error is larger, none has a smaller one."""
    found, numbers = judged.found, finding.numbers
    error = told_errors(found, "forward", judged.precision)
    assert numbers["best"] in found.h
    near = [error[abs(np.log10(found.h / h)) < 0.5001].max() for h in found.h]
    best = near[int(np.flatnonzero(found.h == numbers["best"])[0])]
    # Two steps may be as good but for what the slope that both are held against is rounded by.
    assert best <= np.nanmin(near) + 4 * EPS * abs(slope_of(found.curve, found.x))
    # In the arithmetic that is judged.
    real = np.float32 if judged.precision == "single" else np.float64
    x, h = real(found.x), real(numbers["guess"])
    quotient = (found.curve.seen(np.array(x + h)) - found.curve.seen(np.array(x))) / h
    assert quotient.dtype == real
    assert ("error" in numbers) == bool(np.isfinite(quotient)) == ("no value" not in finding.text)
    assert ("is exact" in finding.text) == (best == 0)
    if "error" not in numbers:
        return
    same(numbers["error"], abs(float(quotient) - slope_of(found.curve, found.x)), 1e-3, 1e-12)


@checks("guess.no_quotient")
def no_quotient(judged: Judged, finding: Finding) -> None:
    assert finding.numbers["x"] == judged.found.x
    error = told_errors(judged.found, "forward", judged.precision)
    near = [error[max(0, k - 4) : k + 5] for k in range(len(error))]
    assert not any(np.isfinite(each).all() for each in near)


@checks("guess.no_step")
def no_step(judged: Judged, finding: Finding) -> None:
    x, h = finding.numbers["x"], 1e-6
    assert x == judged.found.x
    below, here, above = judged.found.curve.value(np.array([x - h, x, x + h]))
    assert not abs((above - here) - (here - below)) < 1e-3 * h


@checks("guess.reach")
def reach(found: Expansion, finding: Finding) -> None:
    heard(finding)
    kind = "taylor.everywhere" if np.isinf(found.reach) else "taylor.reach"
    CHECKS[kind](found, Finding(kind, {"at": found.at, "reach": finding.numbers["reach"]}, finding.text))


@checks("guess.needed")
def needed(found: Stepping, finding: Finding) -> None:
    heard(finding)
    numbers = dict(finding.numbers)
    del numbers["guess"]
    kind = numbers.pop("came")
    assert numbers["method"] == "newton"
    CHECKS[kind](found, Finding(kind, numbers, finding.text))


@checks("guess.down")
def down(found: Plane, finding: Finding) -> None:
    """A step that way is lower than one a degree beside it, and what is off is the angle between the two arrows."""
    numbers = finding.numbers
    step = 1e-4 * float(np.ptp(found.s))
    turn = np.radians(numbers["down"] + np.array([-1.0, 0.0, 1.0]))
    f = found.surface.value(found.point + step * np.stack([np.cos(turn), np.sin(turn)], axis=-1))
    flat = 1e-12 * max(1.0, abs(found.value))
    assert f[1] <= min(f[0], f[2]) + flat
    ways = np.radians([numbers["guess"], numbers["down"]])
    same(np.cos(np.radians(numbers["off"])), np.cos(ways[0] - ways[1]), 1e-6, 1e-9)


@checks("guess.points")
def points(found: RandomPoints, finding: Finding) -> None:
    numbers = finding.numbers
    off = np.sqrt(np.mean((found.area - found.curve.integral(found.a, found.b)) ** 2, axis=0))
    power = float(np.polyfit(np.log(found.n), np.log(off), 1)[0])
    same(np.log(numbers["cost"]), -np.log(10) / power, 1e-6)
    same(numbers["gained"], np.log10(numbers["guess"]) * -power, 1e-6, 1e-9)


@checks("guess.dimensions")
def dimensions(asked: Asked, finding: Finding) -> None:
    """From there on, and not one dimension before, random points win."""
    heard(finding)
    found, first = asked.found, finding.numbers["first"]
    wins = [not grid < told for grid, told in zip(found.grid["midpoint"][:, -1], found.told[:, -1], strict=True)]
    start = len(wins) if first is None else first - 1
    assert all(wins[start:])
    assert start == 0 or not wins[start - 1]
    assert finding.numbers["points"] == found.points[-1]


@checks("guess.kl")
def kl(found: Expectation, finding: Finding) -> None:
    numbers = finding.numbers
    for name, over, under in (("kl", found.p, found.q), ("reverse", found.q, found.p)):

        def apart(x: float, over: Any = over, under: Any = under) -> float:
            at = np.array(x)
            return float(over.value(at) * (over.log(at) - under.log(at)))

        low, high = over.mean - 12 * over.width, over.mean + 12 * over.width
        same(numbers[name], quad(apart, low, high, limit=400, points=[over.mean])[0], 1e-4, 1e-6)
    same(numbers["off"], abs(numbers["guess"] - numbers["kl"]), 1e-9, 1e-12)


@checks("guess.batch")
def batch(found: MiniBatches, finding: Finding) -> None:
    heard(finding)
    numbers, size = finding.numbers, finding.numbers["size"]
    one, many = (found.drawn[list(found.sizes).index(b)] - found.gradients.mean(axis=0) for b in (1, size))
    same(numbers["seen"], np.sqrt(np.sum(one**2) / np.sum(many**2)), 1e-9)
    left = 1.0 if found.replacement else (found.samples - size) / (found.samples - 1)
    same(numbers["told"], np.sqrt(size / left), 1e-9)


def settled(rate: float, batch: int) -> np.ndarray:
    kept = np.eye(2) - rate * HESSIAN
    return solve_discrete_lyapunov(kept, rate**2 * COVARIANCE / batch)


@checks("guess.ball")
def ball(found: NoiseBall, finding: Finding) -> None:
    heard(finding)
    numbers = finding.numbers
    assert numbers["rate"] == 2 * found.rate
    grown = np.trace(settled(2 * found.rate, found.batch)) / np.trace(settled(found.rate, found.batch))
    same(numbers["grown"], grown, 1e-9)


@checks("guess.no_ball")
def no_ball(found: NoiseBall, finding: Finding) -> None:
    assert finding.numbers["rate"] == 2 * found.rate
    kept = np.eye(2) - finding.numbers["rate"] * HESSIAN
    assert np.abs(np.linalg.eigvalsh(kept)).max() >= 1 - 1e-12
    same(finding.numbers["limit"], 2 / np.linalg.eigvalsh(HESSIAN).max(), 1e-12)
