"""Checks of what theory foretold of a run, and of what is said to have come of it."""

import numpy as np

from landscape.descent.descend import RUNAWAY, Trajectory
from landscape.finding import Finding
from landscape.objective import Objective
from landscape.theory.convergence import Approaches, Trial
from tests.claims.checks import checks, of, same
from tests.claims.ground import creased, ground_at, kinds_at


def roots(lr: float, momentum: float, eigenvalues: np.ndarray) -> np.ndarray:
    """Roots z of z**2 - (1 + momentum - lr h) z + momentum for each curvature h, the largest first."""
    found = np.concatenate([np.roots([1, -(1 + momentum - lr * h), momentum]) for h in eigenvalues])
    return found[np.argsort(-np.abs(found))]


def factor_of(lr: float, momentum: float, eigenvalues: np.ndarray) -> float:
    return float(np.abs(roots(lr, momentum, eigenvalues)[0]))


def bends_at(trial: Trial) -> np.ndarray:
    """The curvatures at the minimum, by differences; there is no slope there, and it is not above the start."""
    here = ground_at(trial.objective, trial.seen.target)
    size = max(1.0, float(np.abs(trial.seen.target).max()))
    assert np.abs(here.gradient).max() <= 1e-5 * here.scale * size + here.slope_doubt
    start = float(trial.objective.value(trial.run.x[0]))
    assert trial.objective.value(trial.seen.target) <= start + 1e-12 * max(1.0, abs(start))
    return here.eigenvalues


@checks("stability.limit")
def limit(trial: Trial, finding: Finding) -> None:
    numbers, eigenvalues = finding.numbers, bends_at(trial)
    assert np.array_equal(numbers["target"], trial.seen.target)
    for claimed, found in zip((numbers["low"], numbers["high"]), eigenvalues, strict=True):
        same(claimed, found, 1e-5, 1e-6 * eigenvalues[1])
    # Gradient descent along the steepest curvature, just below the limit and just above it.
    assert abs(1 - 0.999 * numbers["limit"] * eigenvalues[1]) < 1
    assert abs(1 - 1.001 * numbers["limit"] * eigenvalues[1]) > 1
    same(numbers["condition"], numbers["high"] / numbers["low"], 1e-9)


@checks("stability.best")
def best(trial: Trial, finding: Finding) -> None:
    """No rate and momentum near the best ones, or far from them, leave less of the error."""
    eigenvalues, rng = bends_at(trial), np.random.default_rng(0)
    lr, momentum, rate = finding.numbers["heavy_ball"]
    # Where roots coincide they are known to the root of rounding, and so is a rate to the root of its curvatures'.
    same(rate, factor_of(lr, momentum, trial.seen.eigenvalues), 1e-6, 1e-6)
    spread = 10 ** rng.uniform(-3, 0.3, (200, 2))
    for shift, turn in np.concatenate([spread, -spread]):
        other = min(max(momentum + turn * (1 - momentum), 0.0), 1.0)
        assert factor_of(lr * np.exp(shift), other, eigenvalues) >= rate - 1e-4
    lr, momentum, rate = finding.numbers["gradient_descent"]
    assert momentum == 0
    same(rate, factor_of(lr, 0.0, trial.seen.eigenvalues), 1e-9, 1e-12)
    for shift in np.concatenate([spread[:, 0], -spread[:, 0]]):
        assert factor_of(lr * np.exp(shift), 0.0, eigenvalues) >= rate - 1e-6


@checks("stability.verdict")
def verdict(trial: Trial, finding: Finding) -> None:
    numbers, eigenvalues = finding.numbers, bends_at(trial)
    lr, momentum = float(vars(trial.optimizer)["lr"]), float(vars(trial.optimizer)["momentum"])
    same(numbers["lr"], lr)
    assert factor_of(0.999 * numbers["limit"], momentum, eigenvalues) < 1
    assert factor_of(1.001 * numbers["limit"], momentum, eigenvalues) >= 1
    assert numbers["side"] == {-1: "below", 0: "at", 1: "above"}[int(np.sign(lr - numbers["limit"]))]
    same(numbers["factor"], factor_of(lr, momentum, trial.seen.eigenvalues), 1e-6, 1e-6)
    assert numbers["regime"] in _regimes(lr, momentum, eigenvalues)
    errors = np.array([np.sqrt(np.sum((x - trial.seen.target) ** 2)) for x in trial.run.x])
    moves = [k for k in range(1, len(errors)) if not np.array_equal(trial.run.x[k], trial.run.x[k - 1])]
    assert numbers["status"] == str(trial.run.status)
    if numbers["status"] == "diverged":
        assert numbers["step"] == (moves[-1] if moves else 0) + 1
        assert ("the start is too far out" in finding.text) == (numbers["factor"] < 1)
        return
    far = ground_at(trial.objective, trial.run.x[-1])
    bowl = 0.01 * eigenvalues[0] * errors[int(trial.run.stop)]
    if numbers.get("elsewhere"):
        assert np.hypot(*far.gradient) <= 1.001 * bowl + far.slope_doubt
        assert "not this minimum's" in finding.text
    else:
        rests = errors[int(trial.run.stop)] <= 1.001 * trial.seen.floor
        assert rests or np.hypot(*far.gradient) >= 0.999 * bowl - far.slope_doubt, "it is elsewhere"
    if "measured" in numbers:
        same(np.log(numbers["measured"]), np.log(_slope(errors, trial.seen.floor)), 0.1, 5e-3)
        if "coincide" in numbers:
            assert numbers["coincide"]
            assert _nearest_roots(lr, momentum, eigenvalues) <= 0.1
        assert ("off" in numbers) == (numbers["factor"] > 0)
        if "off" in numbers:
            same(numbers["off"], abs(numbers["measured"] - numbers["factor"]) / numbers["factor"], 1e-9, 1e-12)
    else:
        assert numbers["steps"] == int(trial.run.stop)
        same(numbers["end"], errors[int(trial.run.stop)], 1e-9)


def _regimes(lr: float, momentum: float, eigenvalues: np.ndarray) -> set[str]:
    """What the largest root may be called: the largest ones may be as good as equal."""
    found = roots(lr, momentum, eigenvalues)
    size = np.abs(found)
    names = set()
    for z in found[size >= size[0] - 1e-4]:
        if abs(z) >= 1 - 1e-9:
            names.add("diverges")
        if abs(z) <= 0.01 + 1e-6:
            names.add("one-step")
        if abs(z.imag) > 0:
            names.add("ripples")
        if abs(z.imag) <= 1e-4:
            names.add("zigzags" if z.real < 0 else "monotone")
    return names - {"monotone", "zigzags", "ripples"} if size[0] > 1.001 or size[0] < 0.0099 else names


def _nearest_roots(lr: float, momentum: float, eigenvalues: np.ndarray) -> float:
    """How far apart the two roots of a curvature are, beside the largest of all; of those curvatures that lead."""
    pairs = [roots(lr, momentum, np.array([h])) for h in eigenvalues]
    most = max(float(np.abs(pair[0])) for pair in pairs)
    return min(float(np.abs(u - v)) for u, v in pairs if abs(u) >= 0.999 * most) / most


def _slope(errors: np.ndarray, floor: float) -> float:
    """The factor a step, from a line through the logarithms of the errors' envelope, over the last half of it."""
    ahead = errors if errors[-1] > errors[0] else errors[::-1]
    envelope = np.array([ahead[: k + 1].max() for k in range(len(ahead))])
    envelope = envelope if errors[-1] > errors[0] else envelope[::-1]
    steps = np.flatnonzero(np.isfinite(envelope) & (envelope > floor))
    late = steps[len(steps) // 2 :]
    return float(np.exp(np.polyfit(late, np.log(envelope[late]), 1)[0]))


def orders_of(found: Approaches) -> dict[str, float]:
    """The orders of the runs that close in, NaN where there is none to measure."""
    return {
        key: _order(each.run.x[: int(each.run.stop) + 1], each.seen.target, each.seen.floor)
        for key, each in found.closing.items()
    }


@checks("order.steepest")
def steepest(found: Approaches, finding: Finding) -> None:
    highest(found, finding)
    assert finding.numbers["order"] >= 0.9


@checks("order.slow")
def slow(found: Approaches, finding: Finding) -> None:
    highest(found, finding)
    assert finding.numbers["order"] < 0.9


def highest(found: Approaches, finding: Finding) -> None:
    numbers, orders = finding.numbers, orders_of(found)
    at = of(found.closing, numbers["method"])
    same(numbers["order"], orders[numbers["method"]], 1e-6)
    assert all(not order > numbers["order"] + 1e-9 for order in orders.values())
    # Runs that are alike, and only those, share an order to the last digit.
    assert numbers["method"] not in numbers["level"]
    assert all(abs(orders[key] - numbers["order"]) < 1e-9 for key in numbers["level"])
    for key, order in orders.items():
        if key not in (numbers["method"], *numbers["level"]):
            assert not np.array_equal(of(found.closing, key).seen.errors, at.seen.errors) or not order > 0
    assert numbers["steps"] == int(at.run.stop)
    assert numbers["kind"] in kinds_at(found.objective, at.seen.target, at.seen.kind)
    assert str(at.run.status) != "converged" or at_rest_there(found.objective, at.run.x[-1], at.seen.target)


@checks("order.none")
def no_order(found: Approaches, finding: Finding) -> None:
    orders = orders_of(found)
    assert set(finding.numbers["closing"]) == set(orders)
    assert all(np.isnan(order) for order in orders.values())
    assert ("no run closes in" in finding.text) == (not orders)
    counts = [
        sum(np.hypot(*(each.run.x[: int(each.run.stop) + 1] - each.seen.target).T) > each.seen.floor / 10)
        for each in found.closing.values()
    ]
    assert ("at most two steps" in finding.text) == (0 <= max(counts, default=-1) <= 2)
    if "at most two steps" in finding.text:
        for each in found.closing.values():
            later = each.run.x[2 : int(each.run.stop) + 1] - each.seen.target
            assert np.hypot(*later.T).max(initial=0) <= each.seen.floor, "it is not there"


def _order(x: np.ndarray, target: np.ndarray, floor: float) -> float:
    """The slope of log error[k+1] over log error[k], a covariance over a variance, from the last errors that count."""
    errors = []
    for point in x:
        errors.append(float(np.hypot(*(point - target))))
        if not errors[-1] > floor / 10:
            errors.pop()
            break
    logs = np.log(errors)
    count = max(3, sum(e <= 100 * errors[-1] for e in errors[:-1])) if errors else 3
    u, v = logs[:-1][-count:], logs[1:][-count:]
    if len(errors) < 3 or max(u) - min(u) < np.log(2) or max(v) == min(v):
        return np.nan
    u, v = u - u.mean(), v - v.mean()
    if len(u) < 10 and (u @ v) / np.sqrt((u @ u) * (v @ v)) < 0.9:
        return np.nan
    return float((u @ v) / (u @ u))


@checks("order.elsewhere")
def elsewhere(found: Approaches, finding: Finding) -> None:
    kind, methods = finding.numbers["kind"], finding.numbers["methods"]
    assert kind != "minimum"
    for key, each in found.closing.items():
        assert (key in methods) == (kind in kinds_at(found.objective, each.seen.target, each.seen.kind)), key
        if key in methods:
            assert not _passing(found.objective, each.run, each.seen.target), f"{key} moves away"


def at_rest_there(objective: Objective, end: np.ndarray, point: np.ndarray) -> bool:
    """Whether a place where a run rests is a point, as a share of the map."""
    size = float(np.hypot(*np.ptp(np.array(objective.domain), axis=1)))
    return float(np.hypot(*(end - point))) <= 1.001e-3 * size


def _passing(objective: Objective, run: Trajectory, point: np.ndarray) -> bool:
    """Whether the last steps of a run lead away from a point, or no nearer to it than those before."""
    away = [float(np.hypot(*(x - point))) for x in run.x[: int(run.stop) + 1]]
    if away[-1] <= 1e-11 * max(1.0, float(np.abs(point).max())):
        return False
    if str(run.status) == "converged":
        return not at_rest_there(objective, run.x[-1], point)
    few = min(8, (len(away) - 1) // 2)
    return few == 0 or max(away[-few:]) >= max(away[-2 * few : -few])


def _next(found: Approaches, key: str) -> np.ndarray:
    """Where the method goes with the step after its run's last, taken once more from the start."""
    run, method = found.lost[key], found.optimizers[key]
    x, state = run.x[0], method.init(run.x[0])
    last = int(run.stop) - (str(run.status) == "diverged")
    with np.errstate(all="ignore"):
        for _ in range(last + 1):
            x, state = method.step(found.objective, x, state)
    return x


def level(objective: Objective, x: np.ndarray) -> bool:
    """Whether there is no slope at a place, but for what doubles round in it."""
    here = ground_at(objective, x)
    return float(np.abs(here.gradient).max()) <= 1e-6 + here.slope_doubt


@checks("order.lost")
def lost(found: Approaches, finding: Finding) -> None:
    """It is gone, or stands still where no known point is, or moves, and to none of them steadily nearer."""
    key = finding.numbers["method"]
    run = of(found.lost, key)
    status = str(run.status)
    assert finding.numbers["status"] == status
    away = [float(np.hypot(*(run.x[-1] - point))) for point in found.points.x]
    size = float(np.hypot(*np.ptp(np.array(found.objective.domain), axis=1)))
    end, new = run.x[int(run.stop) - (status == "diverged")], _next(found, key)
    if status == "diverged":
        gone = not (np.isfinite(new).all() and np.isfinite(found.objective.value(new)))
        assert gone or np.abs(new).max() > RUNAWAY, "it has not gone"
        return
    if status in ("converged", "stalled"):
        assert np.array_equal(new, end) or np.abs(new - end).max() <= 1e-6 * max(1.0, float(np.abs(end).max()))
        assert not away or min(away) > (1e-7 if status == "stalled" else 1e-3) * size, "a known point is there"
        crease = creased(found.objective, end)
        assert finding.numbers["crease"] == (status == "converged" and crease)
        assert ("crease" in finding.text) == finding.numbers["crease"]
        # Near a minimum values may be all alike long before places are.
        assert status == "stalled" or crease or level(found.objective, end), "there is a slope"
        beside = found.points.x[np.array(away) <= 1e-3 * size].tolist()
        assert all(found.objective.value(np.array(x)) != found.objective.value(end) for x in beside), "it is as low"
        return
    assert not np.array_equal(run.x[-1], run.x[-2]) or run.gradient_norm[-1] > 0, "it rests"
    if not away or min(away) > 0.1 * size:
        return
    nearest = found.points.x[int(np.argmin(away))]
    start = float(np.hypot(*(run.x[0] - nearest)))
    assert _passing(found.objective, run, nearest) or min(away) > 0.4 * start, "it closes in"
