"""Checks of what is said of areas, of random points and of noise."""

import numpy as np
from scipy.integrate import quad
from scipy.linalg import solve_discrete_lyapunov

from landscape.calculus.noise_ball import COVARIANCE, HESSIAN, NoiseBall
from landscape.calculus.quadratures import QUADRATURES
from landscape.calculus.random_points import RandomPoints
from landscape.calculus.sums import Sums
from landscape.finding import Finding
from tests.claims.checks import checks, of, same


def area_of(found: Sums) -> float:
    """By adaptive quadrature; a kink or an upright start is told to it."""
    inside = [0.0] if found.a < 0 < found.b else None
    return float(quad(found.curve.value, found.a, found.b, points=inside, epsabs=1e-11, limit=200)[0])


def total(found: Sums, rule: str, n: int) -> float:
    """A sum written out."""
    x, h = np.linspace(found.a, found.b, n + 1), (found.b - found.a) / n
    y, middle = found.curve.value(x), found.curve.value(x[:-1] + h / 2)
    ends = (y[0] + y[-1]) / 2
    # Each when it is asked for: at an end there may be no value.
    sums = {
        "left": lambda: y[:-1].sum(),
        "right": lambda: y[1:].sum(),
        "midpoint": middle.sum,
        "trapezoid": lambda: y[1:-1].sum() + ends,
        "simpson": lambda: (y[1:-1].sum() + ends + 2 * middle.sum()) / 3,
    }
    return float(h * of(sums, rule)())


def fall(found: Sums, rule: str) -> float:
    """By which power a sum's error falls, from sums in twice as many pieces each, down to rounding.

    Where a corner lies now at the end of a piece and now inside one, from the largest of many.
    """
    size = np.abs(found.curve.value(np.linspace(found.a, found.b, 99)[1:-1])).max()
    rounding = 3e-14 * (found.b - found.a) * size
    gap = _gaps(found, rule, 1)
    clear = gap > rounding
    # A jump's share of a piece may be the same twice, and then two sums are.
    if (clear[1:] & clear[:-1]).any():
        last = _last(clear)
        with np.errstate(divide="ignore"):
            powers = -np.diff(np.log2(gap[max(0, last - 2) : last + 1]))
        if np.ptp(powers) < 0.5:
            return float(powers[-1])
    gap = _gaps(found, rule, 40)
    told = np.arange(_last(gap > rounding) + 1)[-7:]
    return float(-np.polyfit(told, np.log2(gap[told]), 1)[0])


def _last(clear: np.ndarray) -> int:
    """The last of two neighbours that are both clear."""
    return int(np.flatnonzero(clear[1:] & clear[:-1])[-1]) + 1


def _gaps(found: Sums, rule: str, count: int) -> np.ndarray:
    """The largest change of a sum when its pieces, 2, 4, 8 ... and numbers on to the next, are halved, (11,)."""
    out = []
    for k in range(1, 12):
        pieces = np.unique(np.round(2.0 ** (k + np.arange(count) / count)).astype(int))
        out.append(max(abs(total(found, rule, 2 * n) - total(found, rule, n)) for n in pieces.tolist()))
    return np.array(out)


@checks("sum.area")
def area(found: Sums, finding: Finding) -> None:
    assert (finding.numbers["a"], finding.numbers["b"]) == (found.a, found.b)
    # Of a typed formula scipy does not know where it is upright: both are as near as they say.
    near = 1e-9 if found.curve.whole else 1e-5
    size = float(np.nanmax(np.abs(found.curve.value(np.linspace(found.a, found.b, 1001)[1:-1]))))
    same(finding.numbers["area"], area_of(found), near, 1e-10 if found.curve.whole else near * size)


@checks("sum.untold")
def untold(found: Sums, finding: Finding) -> None:
    claimed = finding.numbers["exact"]
    size = float(np.nanmax(np.abs(found.curve.value(np.linspace(found.a, found.b, 99)[1:-1]))))
    for rule in ("left", "midpoint", "simpson"):

        def right(n: int, rule: str = rule) -> bool:
            return bool(abs(total(found, rule, n) - found.truth) <= 1e-12 * (found.b - found.a) * size)

        first = claimed.get(rule, 64)
        assert all(right(n) for n in (first, 2 * first, 181, 512)) == (rule in claimed)
        before = found.pieces[found.pieces < first].tolist()
        assert rule not in claimed or not before or not right(before[-1])
    assert set(claimed) <= {"left", "midpoint", "simpson"}
    assert ("costs nothing" in finding.text) == bool(claimed)


@checks("sum.none")
def no_area(found: Sums, finding: Finding) -> None:
    """Beside that place f is not a number, or the area beside it goes on growing, or f swings ever faster."""
    assert (finding.numbers["a"], finding.numbers["b"]) == (found.a, found.b)
    near = finding.numbers["near"]
    assert found.a <= near <= found.b
    assert near == found.failed
    distance = (found.b - found.a) * 10.0 ** -np.arange(1, 11)
    x = near + np.concatenate([distance, -distance])
    f = found.curve.value(x[(x >= found.a) & (x <= found.b)])
    holes = not np.isfinite(f).all()
    swings = np.sum(np.diff(np.sign(f)) != 0) >= 4
    usual = np.median(np.abs(found.curve.value(np.linspace(found.a, found.b, 999)[1:-1])))
    assert holes or swings or np.abs(f).max() > 1e4 * usual


@checks("sum.order")
def order(found: Sums, finding: Finding) -> None:
    for rule, claimed in finding.numbers["orders"].items():
        same(claimed, fall(found, rule), 0.05)


@checks("sum.digit")
def digit(found: Sums, finding: Finding) -> None:
    for rule, claimed in finding.numbers["costs"].items():
        same(claimed, 10 ** (1 / found.order[rule]), 1e-9)
        same(np.log(10) / np.log(claimed), fall(found, rule), 0.05)


@checks("sum.short")
def short(found: Sums, finding: Finding) -> None:
    """The order is less than theory's, and the slope jumps or grows without end somewhere."""
    numbers = finding.numbers
    assert numbers["rule"] in QUADRATURES
    assert numbers["theory"] == {"left": 1, "right": 1, "midpoint": 2, "trapezoid": 2, "simpson": 4}[numbers["rule"]]
    same(numbers["measured"], fall(found, numbers["rule"]), 0.05)
    assert numbers["measured"] < numbers["theory"] - 0.25
    x = np.linspace(found.a, found.b, 100_001)
    with np.errstate(all="ignore"):
        jumps = np.abs(np.diff(found.curve.value(x), 2)) / (x[1] - x[0])
    assert jumps.max() > 300 * np.median(jumps) + 1e-6


def settled(found: NoiseBall) -> np.ndarray:
    a = np.eye(2) - found.rate * HESSIAN
    return solve_discrete_lyapunov(a, found.rate**2 * COVARIANCE / found.batch)


def deviations(covariance: np.ndarray) -> np.ndarray:
    """The longer axis first, by the roots of the characteristic polynomial."""
    return np.sqrt(np.sort(np.roots([1, -np.trace(covariance), np.linalg.det(covariance)]).real)[::-1])


@checks("ball.match")
def match(found: NoiseBall, finding: Finding) -> None:
    numbers, told = finding.numbers, settled(found)
    late = found.x[found.settled :].reshape(-1, 2)
    seen = np.array([[np.mean(late[:, i] * late[:, j]) for j in (0, 1)] for i in (0, 1)])
    np.testing.assert_allclose(numbers["told"], deviations(told), rtol=1e-6)
    np.testing.assert_allclose(numbers["seen"], deviations(seen), rtol=1e-6)
    angle = np.linspace(0, np.pi, 20_001)
    u = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    ratio = np.einsum("ki,ij,kj->k", u, seen, u) / np.einsum("ki,ij,kj->k", u, told, u)
    same(numbers["off"], np.abs(ratio - 1).max(), 1e-4)
    # Five standard deviations of a variance from as many independent places as these steps, alike in part, are worth.
    kept = np.abs(np.linalg.eigvals(np.eye(2) - found.rate * HESSIAN)).max()
    assert numbers["off"] < 5 * np.sqrt(2 / len(late) * (1 + kept**2) / (1 - kept**2))


@checks("ball.none")
def none(found: NoiseBall, finding: Finding) -> None:
    assert finding.numbers["rate"] == found.rate
    rates = finding.numbers["limit"] * np.array([0.999, 1.001])
    kept = [np.abs(np.linalg.eigvals(np.eye(2) - rate * HESSIAN)).max() for rate in rates]
    assert kept[0] < 1 < kept[1]
    assert found.rate >= finding.numbers["limit"]
    sizes = np.abs(found.x).max(axis=(1, 2))
    assert sizes[-1] > sizes[len(sizes) // 2]


@checks("ball.small_rate")
def small_rate(found: NoiseBall, finding: Finding) -> None:
    values, vectors = np.linalg.eigh(HESSIAN)
    steep = vectors[:, 1]
    limit = found.rate * (steep @ COVARIANCE @ steep) / found.batch / (2 * values[1])
    same(finding.numbers["excess"], steep @ settled(found) @ steep / limit - 1, 1e-6)
    assert finding.numbers["large"] == (finding.numbers["excess"] > 0.05)


@checks("ball.decay")
def decay(found: NoiseBall, finding: Finding) -> None:
    ends = [np.mean(np.sum((x[-1] - x[-1].mean(axis=0)) ** 2, axis=1)) for x in (found.x, found.decayed)]
    same(finding.numbers["ratio"], ends[0] / ends[1], 1e-6)


@checks("ball.mean")
def mean(found: NoiseBall, finding: Finding) -> None:
    """By adding up the covariances of all pairs of iterates."""
    length, s = finding.numbers["length"], settled(found)
    assert length == found.lengths[-1]
    power, pairs = np.eye(2), length * np.trace(s)
    for k in range(1, length):
        power = power @ (np.eye(2) - found.rate * HESSIAN)
        pairs += 2 * (length - k) * np.trace(power @ s)
    same(finding.numbers["gain"], np.trace(s) * length**2 / pairs, 1e-6)


def fresh(found: RandomPoints, n: int) -> np.ndarray:
    """Other runs than those that are shown, (4000,): estimates after n points."""
    x = found.a + (found.b - found.a) * np.random.default_rng(12345).random((4000, n))
    return (found.b - found.a) * found.curve.value(x).mean(axis=1)


@checks("points.coverage")
def coverage(found: RandomPoints, finding: Finding) -> None:
    numbers = finding.numbers
    assert numbers["n"] == found.n[-1] == 1000
    assert numbers["runs"] == len(found.area)
    low, high = (found.area[:, -1] + s * 1.96 * found.standard_error[:, -1] for s in (-1, 1))
    exact = quad(found.curve.value, found.a, found.b, points=[0.0] if found.a < 0 < found.b else None)[0]
    same(numbers["share"], np.mean((low <= exact) & (exact <= high)), 0.002)
    # Within three in a hundred of what is meant.
    assert abs(numbers["share"] - numbers["meant"]) < 0.03
    assert numbers["meant"] == 0.95


@checks("points.law")
def law(found: RandomPoints, finding: Finding) -> None:
    off = [fresh(found, n).std() for n in (4, 400)]
    same(finding.numbers["power"], np.log(off[1] / off[0]) / np.log(100), 0.05)
    same(finding.numbers["cost"], 10 ** (-1 / finding.numbers["power"]), 1e-9)


@checks("points.error")
def of_the_runs(found: RandomPoints, finding: Finding) -> None:
    numbers = finding.numbers
    assert numbers["n"] == found.n[-1]
    same(numbers["told"], fresh(found, 250).std() / 2, 0.05)
    same(numbers["off"], np.sqrt(np.mean((found.area[:, -1] - found.truth) ** 2)), 1e-9)
    same(numbers["off"], numbers["told"], 0.1)
