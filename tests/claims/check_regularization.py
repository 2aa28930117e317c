"""Checks of what is said of penalties: counts along paths, optimality from the data, runs step by step."""

import numpy as np
from scipy.optimize import brentq

from landscape.finding import Finding
from landscape.objective import Penalty
from landscape.regularization.contest import Contest
from landscape.regularization.early_stopping import StoppingAndDecay
from landscape.regularization.polynomials import OverFitting
from landscape.regularization.selection import TABLE, Selection
from landscape.regularization.shrinkage import Shrinkage
from tests.claims.checks import checks, of, same


def uphill(found: Shrinkage, strength: float, w: np.ndarray) -> float:
    """The least slope of loss and penalty together on the way out from w, in any direction."""
    turn = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    ways = np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    short = 1e-6 * max(1e-2, float(np.abs(w).max()))
    pulls = (found.unit.value(w + short * ways) - found.unit.value(w)) / short
    return float((ways @ found.smooth.gradient(w) + strength * pulls).min())


def held(found: Shrinkage, strength: float, j: int) -> np.ndarray:
    """The lowest point on the line w_j = 0: along it the slope is 0, or changes sign at 0."""
    ways = np.eye(2)[1 - j]

    def slope(v: float, side: float) -> float:
        short = 1e-6 * max(1e-2, abs(v))
        pull = side * (found.unit.value((v + side * short) * ways) - found.unit.value(v * ways)) / short
        return float(found.smooth.gradient(v * ways) @ ways + strength * pull)

    below, above = slope(0.0, -1.0), slope(0.0, 1.0)
    if below <= 0 <= above:
        return np.zeros(2)
    side = 1.0 if above < 0 else -1.0
    far = side * 2.0 ** next(k for k in range(-40, 40) if side * slope(side * 2.0**k, side) > 0)
    return brentq(slope, 0.0, far, args=(side,), xtol=1e-16, rtol=1e-14) * ways


@checks("shrinkage.zero")
def zero(found: Shrinkage, finding: Finding) -> None:
    """With the weight at 0 there is nothing lower around from that strength on, and just below it there is."""
    j, at = finding.numbers["weight"], finding.numbers["strength"]
    gone = found.w[:, j] == 0
    assert gone[found.strengths >= at].all()
    assert not gone[found.strengths < at].all()
    size = 1e-7 * float(np.abs(found.smooth.gradient(np.zeros(2))).max())
    for share in (1.0003, 1.1, 3.0):
        assert uphill(found, share * at, held(found, share * at, j)) >= -size * min(1.0, at), "it is not 0 there"
    assert uphill(found, 0.9997 * at, held(found, 0.9997 * at, j)) < 0, "it is 0 before"


@checks("shrinkage.none_zero")
def none_zero(found: Shrinkage, finding: Finding) -> None:
    assert all(value != 0 for value in found.w[-1].tolist())
    assert finding.numbers["strength"] == max(found.strengths)
    first, last = (float(np.sqrt(sum(w * w for w in found.w[k].tolist()))) for k in (0, -1))
    same(finding.numbers["left"] * (first or 1.0), last)


@checks("shrinkage.curvature")
def curvature(found: Shrinkage, finding: Finding) -> None:
    numbers = finding.numbers
    low, high = sorted(found.eigenvalues[0].tolist())
    assert (numbers["low"], numbers["high"], numbers["strength"]) == (low, high, max(found.strengths))
    if np.isinf(numbers["condition"]):
        assert low <= 1e-11 * high
        assert "line of lowest points" in finding.text
    else:
        same(numbers["condition"] * low, high)
    same(numbers["ridge_condition"] * found.ridge[-1].min(), found.ridge[-1].max())
    # The sum of the curvatures is the trace: what a penalty adds to it anywhere on the path.
    added = found.eigenvalues.sum(axis=1) - (found.ridge.sum(axis=1) - found.w.shape[1] * found.strengths)
    largest = float(np.abs(added).max())
    if numbers["curves"]:
        assert largest > 1e-10 * high
    else:
        assert largest <= 1e-5 * high


def many(contest: Contest | Shrinkage, unit: Penalty, strength: float, w: np.ndarray) -> bool:
    """Whether some way from w along which the data say nothing, however near, the penalty is as small."""
    smooth = contest.smooth if isinstance(contest, Shrinkage) else contest.objective.smooth
    _, sizes, ways = np.linalg.svd(smooth.X)
    if sizes[-1] > 1e-6 * sizes[0]:
        return False
    step = 5e-5 * max(float(np.abs(w).max()), 1e-6) * ways[-1]
    around = np.array([w - step, w, w + step], dtype=np.longdouble)
    assert np.ptp(smooth.value(around)) <= 1e-12
    # In more digits: a penalty that bends ever so little rises by less than doubles show.
    least, here, other = unit.value(around)
    assert least.dtype == np.longdouble
    return strength == 0 or bool(min(least, other) <= here * (1 + np.longdouble(1e-17)))


@checks("shrinkage.shared")
def shared(found: Shrinkage, finding: Finding) -> None:
    """Beside the minimum there is one as low, and at the next strength there is none."""
    k = found.strengths.tolist().index(finding.numbers["strength"])
    assert found.strengths[k] > 0
    assert many(found, found.unit, found.strengths[k], found.w[k])
    if k + 1 < len(found.strengths):
        assert not found.w[k + 1].any() or not many(found, found.unit, found.strengths[k + 1], found.w[k + 1])


@checks("contest.zero")
def reached(contest: Contest, finding: Finding) -> None:
    key, step, j = finding.numbers["method"], finding.numbers["step"], finding.numbers["weight"]
    series = of(contest.runs, key).x[:, j].tolist()
    assert str(contest.runs[key].status) != "diverged"
    assert abs(contest.minimum[j]) == np.abs(contest.minimum).min() == 0
    assert all(value == 0 for value in series[step:])
    assert step == 0 or series[step - 1] != 0
    assert ("holds" in finding.text) == (len(series[step:]) > 1)


@checks("contest.never_zero")
def never_zero(contest: Contest, finding: Finding) -> None:
    numbers = finding.numbers
    run = of(contest.runs, numbers["method"])
    assert str(run.status) != "diverged"
    assert numbers["method"] not in contest.own
    assert contest.minimum[numbers["weight"]] == 0
    series = [abs(value) for value in run.x[:, numbers["weight"]].tolist()]
    assert series[-1] > 0
    late = series[len(series) - numbers["steps"] :]
    assert (numbers["least"], numbers["most"]) == (min(late), max(late))
    assert numbers["steps"] == min(20, len(series) - 1)
    assert ("between" in finding.text) == (f"{min(late):.2g}" != f"{max(late):.2g}")


@checks("contest.own_decay")
def own_decay(contest: Contest, finding: Finding) -> None:
    numbers = finding.numbers
    run = of(contest.runs, numbers["method"])
    assert numbers["method"] in contest.own
    assert str(run.status) != "diverged"
    assert numbers["steps"] == len(run.x) - 1
    np.testing.assert_array_equal(numbers["end"], run.x[-1])
    np.testing.assert_array_equal(numbers["minimum"], contest.minimum)
    same(numbers["away"], float(np.hypot(*(run.x[-1] - contest.minimum))))
    penalty = contest.objective.penalty
    alone = not many(contest, penalty, float(penalty.strength), contest.minimum)
    assert numbers["shared"] == (not alone) == ("one of many" in finding.text)
    # Nothing near the minimum is lower.
    spread = contest.minimum + 1e-3 * np.random.default_rng(0).standard_normal((200, 2))
    lowest = float(contest.objective.value(contest.minimum))
    assert (contest.objective.value(spread) >= lowest - 1e-9 * max(1.0, abs(lowest))).all()


@checks("contest.no_zero")
def no_zero(contest: Contest, finding: Finding) -> None:
    smallest = min(contest.minimum.tolist(), key=abs)
    assert abs(finding.numbers["value"]) == abs(smallest) > 0
    assert contest.minimum[finding.numbers["weight"]] == finding.numbers["value"]
    share = abs(smallest) / max(map(abs, contest.minimum.tolist()))
    assert ("but for rounding" in finding.text) == (share < 1e-12)
    # Of equal columns one of many is found, to no more digits than these.
    assert ("both" in finding.text) == (share > 1 - 1e-6)
    penalty = contest.objective.penalty
    assert many(contest, penalty, float(penalty.strength), contest.minimum) == ("of many" in finding.text)


@checks("contest.diverged")
def diverged(contest: Contest, finding: Finding) -> None:
    run = of(contest.runs, finding.numbers["method"])
    assert str(run.status) == "diverged"
    moves = [k for k in range(1, len(run.x)) if not np.array_equal(run.x[k], run.x[k - 1])]
    assert finding.numbers["step"] > (moves[-1] if moves else 0) or finding.numbers["step"] == 0
    assert finding.numbers["step"] == int(run.stop)


def design(selection: Selection) -> tuple[np.ndarray, np.ndarray]:
    """The columns that the names say, standardized by hand, and the centred target."""
    x = TABLE.x[: selection.samples]
    noise = np.random.default_rng(0).standard_normal((len(x), 20))
    known = dict(zip(TABLE.names, x.T, strict=True)) | {"constant": np.ones(len(x))}
    known |= {"bmi copy": known["bmi"]} | {f"noise {i + 1}": noise[:, i] for i in range(20)}
    columns = np.stack([known[name] for name in selection.names], axis=1)
    deviation = columns.std(axis=0)
    return (columns - columns.mean(axis=0)) / np.where(deviation > 0, deviation, 1.0), TABLE.y[: selection.samples]


@checks("selection.chosen")
def chosen(selection: Selection, finding: Finding) -> None:
    numbers = finding.numbers
    result = of(selection.results, numbers["penalty"])
    share = numbers["ratio"]
    errors = [float(np.mean(column)) for column in result.errors.T]
    same(numbers["error"], min(errors))
    best = errors.index(min(errors))
    assert numbers["strength"] == result.strengths[best]
    simpler = [k for k, error in enumerate(errors) if error <= errors[best] + result.standard_error[best]]
    strongest = max(simpler, key=lambda k: result.strengths[k])
    assert numbers["simpler_strength"] == result.strengths[strongest]
    x, y = design(selection)
    for k, kept in ((best, numbers["kept"]), (strongest, numbers["simpler_kept"])):
        w = result.path.coefficients[k]
        assert kept == sum(value != 0 for value in w.tolist())
        # Where a weight is not 0 the slope of the loss is what the penalty pulls with; where it is, no more than that.
        slope = x.T @ (x @ w - (y - y.mean())) / len(y) + result.strengths[k] * (1 - share) * w
        pull, size = result.strengths[k] * share, 1e-6 * max(1.0, float(np.abs(x.T @ y).max()) / len(y))
        assert np.abs(slope + pull * np.sign(w))[w != 0].max(initial=0) <= size
        assert (np.abs(slope)[w == 0] <= pull + size).all()
    assert numbers["variables"] == x.shape[1]


@checks("selection.survivors")
def survive(selection: Selection, finding: Finding) -> None:
    numbers, result = finding.numbers, selection.results["Lasso"]
    errors = [float(np.mean(column)) for column in result.errors.T]
    best = errors.index(min(errors))
    k = min(k for k, error in enumerate(errors) if error <= errors[best] + result.standard_error[best])
    assert numbers["strength"] == result.strengths[k] == max(result.strengths[k:])
    w = result.path.coefficients[k]
    assert set(numbers["kept"]) == {name for name, weight in zip(selection.names, w, strict=True) if weight != 0}
    assert (numbers["count"], numbers["variables"]) == (np.count_nonzero(w), len(w))


@checks("selection.twins")
def twins(selection: Selection, finding: Finding) -> None:
    one, two = (selection.names.index(name) for name in finding.numbers["columns"])
    x, _ = design(selection)
    assert one != two
    np.testing.assert_array_equal(x[:, one], x[:, two])


def fitted(seen: OverFitting, degree: int, strength: float) -> tuple[float, float]:
    """Train and validation error of a ridge fit, from the normal equations; its features have slopes of size one."""
    index = int(np.flatnonzero(seen.fits.strengths == strength)[0])
    row = int(np.flatnonzero(seen.fits.degrees == degree)[0])
    w, intercept = seen.fits.coefficients[row, index], float(seen.fits.intercepts[row, index])
    errors = []
    for at, target in (seen.train, seen.validation):
        curve = intercept + sum(
            w[j - 1] * np.sqrt((2 * j + 1) / (j * (j + 1))) * np.polynomial.legendre.Legendre.basis(j)(at)
            for j in range(1, degree + 1)
        )
        errors.append(float(np.mean((curve - target) ** 2)))
    return errors[0], errors[1]


@checks("polynomials.degree")
def of_degree(seen: OverFitting, finding: Finding) -> None:
    numbers = finding.numbers
    assert numbers["degree"] == seen.degree
    train, validation = fitted(seen, seen.degree, 0.0)
    same(numbers["train"], train, 1e-5, 1e-12)
    same(numbers["validation"], validation, 1e-5, 1e-12)
    same(numbers["apart"], numbers["validation"] - numbers["held_validation"])
    held = [fitted(seen, seen.degree, s)[1] for s in seen.fits.strengths.tolist()]
    same(numbers["held_validation"], min(held), 1e-5, 1e-12)
    same(fitted(seen, seen.degree, numbers["strength"])[1], min(held), 1e-5, 1e-12)


@checks("polynomials.many")
def many_curves(seen: OverFitting, finding: Finding) -> None:
    """A polynomial that is 0 at every point, of no higher degree, may be added; the weights shown are the shortest."""
    at, degree = seen.train[0], finding.numbers["degree"]
    assert finding.numbers["points"] == len(at)
    assert degree == seen.degree >= len(at)
    row = int(np.flatnonzero(seen.fits.degrees == degree)[0])
    basis = np.polynomial.legendre.legvander(at, degree)[:, 1:]
    basis = basis * np.sqrt([(2 * j + 1) / (j * (j + 1)) for j in range(1, degree + 1)])
    w = seen.fits.coefficients[row, 0, :degree]
    # From point to point: a mean would leave a direction of rounding.
    shortest = np.linalg.lstsq(np.diff(basis, axis=0), np.diff(seen.train[1]), rcond=None)[0]
    same(float(np.linalg.norm(shortest)), float(np.linalg.norm(w)), 1e-6)


@checks("polynomials.best")
def best_of_all(seen: OverFitting, finding: Finding) -> None:
    numbers = finding.numbers
    free = {int(d): fitted(seen, int(d), 0.0)[1] for d in seen.fits.degrees}
    same(numbers["free_validation"], min(free.values()), 1e-5, 1e-12)
    same(free[numbers["free_degree"]], min(free.values()), 1e-5, 1e-12)
    same(fitted(seen, numbers["degree"], numbers["strength"])[1], numbers["validation"], 1e-5, 1e-12)
    assert numbers["validation"] <= seen.fits.validation.min() * (1 + 1e-9)


@checks("stopping.nothing")
def nothing_to_stop(seen: StoppingAndDecay, finding: Finding) -> None:
    for w in (seen.found.full, seen.found.stopped, seen.found.ridge, seen.decayed, seen.ridge):
        assert not np.any(w)


@checks("stopping.nearest")
def nearest(seen: StoppingAndDecay, finding: Finding) -> None:
    numbers, found = finding.numbers, seen.found
    assert (numbers["strength"], numbers["rate"]) == (seen.decay, seen.lr)
    same(numbers["rule"] * seen.lr * seen.decay, 1.0)
    away = [float(np.sqrt(np.sum((w - seen.ridge) ** 2))) for w in found.stopped]
    length = float(np.sqrt(np.sum(found.full**2)))
    same(numbers["apart"] * length, min(away), 1e-9, 1e-12)
    same(away[found.steps.tolist().index(numbers["steps"])], min(away), 1e-9, 1e-12)


@checks("stopping.furthest")
def furthest(seen: StoppingAndDecay, finding: Finding) -> None:
    found = seen.found
    length = float(np.sqrt(np.sum(found.full**2)))
    gaps = [float(np.sqrt(np.sum((a - b) ** 2))) / length for a, b in zip(found.stopped, found.ridge, strict=True)]
    same(finding.numbers["apart"], max(gaps), 1e-9, 1e-12)
    same(gaps[found.steps.tolist().index(finding.numbers["steps"])], max(gaps), 1e-9, 1e-12)


@checks("stopping.decay")
def decay(seen: StoppingAndDecay, finding: Finding) -> None:
    assert finding.numbers["decay"] == seen.decay
    assert finding.numbers["steps"] == max(seen.found.steps)
    length = float(np.sqrt(np.sum(seen.found.full**2)))
    same(finding.numbers["away"] * length, float(np.sqrt(np.sum((seen.decayed[-1] - seen.ridge) ** 2))), 1e-9, 1e-15)
    assert ("but for rounding" in finding.text) == (finding.numbers["away"] <= 1e-13)
