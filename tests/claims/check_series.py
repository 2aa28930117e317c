"""Checks of what is said of a series that is learned: steps by hand, steps into the complex plane, a training again."""

import numpy as np

from landscape.datasets.sequences import sunspots
from landscape.finding import Finding
from landscape.lessons.series import Followed, Plan
from landscape.networks.truncated import Truncated
from landscape.optimizers.adam import Adam
from tests.claims.check_recurrence import H, one_step
from tests.claims.checks import checks, same

YEARS = 220
Weights = dict[str, np.ndarray]
Heard = tuple[np.ndarray, np.ndarray]


def last(seen: Followed, w: np.ndarray | None = None) -> Weights:
    """Weights by name, complex ones too."""
    rest, out = seen.weights[-1] if w is None else w, {}
    for name, shape in seen.network.shapes.items():
        out[name], rest = rest[: np.prod(shape)].reshape(shape), rest[np.prod(shape) :]
    return out


def spots(seen: Followed) -> np.ndarray:
    """All years from 1700 on, in hundreds: what is heard first is what is said second but for the first year."""
    np.testing.assert_array_equal(seen.spots, sunspots()[1][1:])
    return sunspots()[1] / 100


def says(w: Weights, h: np.ndarray) -> np.ndarray:
    return h @ w["1.weight"][0] + w["1.bias"][0]


def heard(seen: Followed, w: Weights, steps: int) -> list[Heard]:
    """h and c before the first year and after each."""
    h = np.zeros((1, seen.plan.hidden))
    states = [(h, h)]
    for x in spots(seen)[:steps]:
        states.append(one_step(seen.plan.cell, w, np.array([x]), *states[-1]))
    return states


def missed(seen: Followed, w: Weights) -> tuple[float, float]:
    """On the years learned from, and on the others, in spots."""
    with np.errstate(all="ignore"):
        off = [says(w, h)[0] - x for (h, _), x in zip(heard(seen, w, 308)[1:], spots(seen)[1:], strict=True)]
        first, rest = np.array(off[:YEARS]), np.array(off[YEARS:])
        return 100 * float(np.sqrt(np.mean(first**2))), 100 * float(np.sqrt(np.mean(rest**2)))


GRADIENTS: dict[tuple[Plan, int, int], np.ndarray] = {}


def gradient(seen: Followed, window: int) -> np.ndarray:
    """Every error's slope in weights that are moved in its last steps alone, by a step into the complex plane."""
    key = (seen.plan, int(seen.steps[-1]), window)
    if key not in GRADIENTS:
        states = heard(seen, last(seen), YEARS)
        begin = np.maximum(np.arange(YEARS) - window + 1, 0)
        h, c = (np.concatenate([states[k][i] for k in begin]).astype(complex) for i in (0, 1))
        GRADIENTS[key] = np.array([moved(seen, bump, window, h, c) for bump in np.eye(seen.network.size)])
    return GRADIENTS[key]


def moved(seen: Followed, bump: np.ndarray, window: int, h: np.ndarray, c: np.ndarray) -> float:
    w, series, t = last(seen, seen.weights[-1] + 1j * H * bump), spots(seen), np.arange(YEARS)
    for back in reversed(range(window)):
        goes = t >= back
        after = one_step(seen.plan.cell, w, series[np.maximum(t - back, 0)], h, c)
        h, c = (np.where(goes[:, None], new, old) for new, old in zip(after, (h, c), strict=True))
    return float(np.mean(((says(w, h) - series[1 : YEARS + 1]) ** 2).imag) / H)


def angle(seen: Followed, window: int) -> float:
    a, b = gradient(seen, window), gradient(seen, YEARS)
    return float(np.degrees(np.arccos(np.clip(a @ b / np.linalg.norm(a) / np.linalg.norm(b), -1, 1))))


@checks("series.turned")
def turned(seen: Followed, finding: Finding) -> None:
    numbers = finding.numbers
    assert numbers["window"] == seen.plan.window
    assert numbers["steps"] == seen.steps[-1]
    assert numbers["by"] == 10
    # The cosine of a small angle has half the digits.
    same(numbers["angle"], angle(seen, seen.plan.window), 1e-5, 1e-5)
    assert 1 <= numbers["near"] <= YEARS
    assert numbers["near"] == 1 or angle(seen, numbers["near"] - 1) >= 10
    for window in {numbers["near"], min(numbers["near"] + 1, YEARS), min(2 * numbers["near"], YEARS)}:
        assert angle(seen, window) < 10


def after(seen: Followed, steps: int, *, cut: bool) -> np.ndarray:
    """The weights after so many steps of a training that is made again, its window's gradient from the parts by lag."""
    series = spots(seen)[None]
    inputs, targets = series[:, :YEARS], series[:, 1 : YEARS + 1]
    loss = seen.network.objective(inputs, targets)
    if cut and seen.plan.window < YEARS:
        loss = Truncated(loss, seen.network, inputs, targets, seen.plan.window)
    method, w = Adam(lr=seen.plan.rate), seen.network.init(np.random.default_rng(seen.plan.seed))
    state = method.init(w)
    with np.errstate(all="ignore"):
        for _ in range(steps):
            w, state = method.step(loss, w, state)
    return w


@checks("series.diverged")
def diverged(seen: Followed, finding: Finding) -> None:
    step = finding.numbers["step"]
    for name, cut in (("window", True), ("whole", False)):
        before, then = (missed(seen, last(seen, after(seen, k, cut=cut)))[0] for k in (step - 1, step))
        assert np.isfinite(before)
        assert finding.numbers[name] == (not np.isfinite(then))
    assert finding.numbers["window"] or finding.numbers["whole"]
    assert ("it had not by then" in finding.text) == (finding.numbers["window"] != finding.numbers["whole"])


@checks("series.cost")
def cost(seen: Followed, finding: Finding) -> None:
    assert finding.numbers["steps"] == seen.steps[-1]
    # What ended sooner is not told of as if it had not.
    assert finding.text.startswith(f"After {seen.steps[-1]} step") == (seen.steps[-1] < seen.plan.steps)
    for name, cut in (("cut", True), ("whole", False)):
        w = last(seen, after(seen, int(seen.steps[-1]), cut=cut))
        same(finding.numbers[name], missed(seen, w)[0])


@checks("series.ahead")
def ahead(seen: Followed, finding: Finding) -> None:
    off = missed(seen, last(seen))[1]
    if np.isfinite(off):
        same(finding.numbers["off"], off)
    else:
        assert not np.isfinite(finding.numbers["off"])
    assert ("overflows" in finding.text) == (not np.isfinite(off))
    series = 100 * spots(seen)
    squares = [(series[k] - series[k - 1]) ** 2 for k in range(YEARS + 1, len(series))]
    same(finding.numbers["again"], (sum(squares) / len(squares)) ** 0.5)


@checks("series.free")
def free(seen: Followed, finding: Finding) -> None:
    assert finding.numbers["from"] == 1921
    w, series, said = last(seen), spots(seen), []
    h, c = heard(seen, w, YEARS + 1)[-1]
    for _ in range(YEARS + 1, len(series)):
        said.append(says(w, h))
        h, c = one_step(seen.plan.cell, w, said[-1], h, c)
    rest = series[YEARS + 1 :]
    off = 100 * float(np.sqrt(np.mean((np.concatenate(said) - rest) ** 2)))
    assert ("overflows" in finding.text) == (not np.isfinite(off))
    assert np.isfinite(finding.numbers["off"]) == np.isfinite(off)
    if np.isfinite(off):
        same(finding.numbers["off"], off)
    mean = sum(series[1 : YEARS + 1]) / YEARS
    same(finding.numbers["mean"], 100 * float(np.sqrt(np.mean((rest - mean) ** 2))))
