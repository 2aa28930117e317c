"""Checks of what is said of the cliff: the recursion by hand, differences, and the runs made once more."""

from functools import cache
from typing import NamedTuple

import numpy as np

from landscape.finding import Finding
from landscape.lessons.fall import Fall
from landscape.lessons.through_time import Compared, Conditions, drawn, heard
from tests.claims.checks import checks, same


def energy(seen: Fall, w: float, b: np.ndarray | float) -> np.ndarray:
    """E by its definition."""
    x = 0.5 + 0 * np.asarray(b, dtype=float)
    for _ in range(seen.cliff.steps):
        x = w / (1 + np.exp(-x)) + b
    return (1 / (1 + np.exp(-x)) - 0.7) ** 2


def rerun(seen: Fall, clipped: bool) -> np.ndarray:
    """The run's iterates, by the rule."""
    path = [np.asarray(seen.start, dtype=float)]
    for _ in range(seen.thrown.steps):
        gradient = seen.cliff.gradient(path[-1])
        norm = float(np.hypot(*gradient))
        if clipped and norm > seen.limit:
            gradient = gradient / norm * seen.limit
        path.append(path[-1] - seen.rate * gradient)
    return np.array(path)


@checks("cliff.longest")
def longest(seen: Fall, finding: Finding) -> None:
    far, near = (np.hypot(*np.diff(rerun(seen, clipped), axis=0).T) for clipped in (False, True))
    same(finding.numbers["far"], far.max())
    same(finding.numbers["near"], near.max())
    assert 1 <= finding.numbers["step"] <= len(far)
    same(far[finding.numbers["step"] - 1], far.max())
    assert ("Neither run moves" in finding.text) == (far.max() == near.max() == 0)


@checks("cliff.growth")
def growth(seen: Fall, finding: Finding) -> None:
    numbers, times = finding.numbers, seen.cliff.steps
    path = rerun(seen, clipped=False)
    sizes = [float(np.hypot(*seen.cliff.gradient(each))) for each in path]
    same(sizes[numbers["step"]], max(sizes), 1e-6)
    # A product over time, from the recursion itself.
    w, b = path[numbers["step"]]
    x, product = 0.5, 1.0
    for _ in range(times):
        s = 1 / (1 + np.exp(-x))
        x, product = w * s + b, product * w * s * (1 - s)
    assert numbers["times"] == times
    same(numbers["growth"], abs(product), 1e-6)
    same(numbers["each"] ** times, abs(product), 1e-6)


@checks("cliff.end")
def end(seen: Fall, finding: Finding) -> None:
    assert finding.numbers["steps"] == len(seen.kept.x) - 1
    for name, clipped in (("far", False), ("near", True)):
        w, b = rerun(seen, clipped)[-1]
        same(finding.numbers[name], float(energy(seen, w, b)), 1e-4, 1e-9)


def height(seen: Fall, w: float, share: float) -> float:
    """Where E has fallen by this share from foot to foot, by halving."""
    line = 0.5 - w / (1 + np.exp(-0.5))
    low, high = line - 0.3, line + 0.3
    top, bottom = energy(seen, w, low), energy(seen, w, high)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if energy(seen, w, middle) > top + share * (bottom - top) else (low, middle)
    return low


def measured(seen: Fall, w: float) -> tuple[float, float]:
    """Where E is steepest in b, and how thick the wall is there, by differences between its quarters."""
    line = 0.5 - w / (1 + np.exp(-0.5))
    first, last = height(seen, w, 0.25), height(seen, w, 0.75)
    b, h = np.linspace(2 * first - last, 2 * last - first, 2001), (last - first) / 200
    steep = np.abs(energy(seen, w, b + h) - energy(seen, w, b - h)) / (2 * h)
    fallen = energy(seen, w, line - 0.3) - energy(seen, w, line + 0.3)
    return float(b[steep.argmax()]), float(abs(fallen) / steep.max())


@checks("cliff.place")
def place(seen: Fall, finding: Finding) -> None:
    assert (finding.numbers["low"], finding.numbers["high"]) == (5, 6)
    offs, doubt = [], 0.0
    for w in (5.0, 5.2, 5.4, 5.6, 5.8, 6.0):
        at, thick = measured(seen, w)
        offs.append(abs(at - (0.5 - w / (1 + np.exp(-0.5)))))
        doubt = max(doubt, 0.02 * thick)
    same(finding.numbers["off"], max(offs), absolute=doubt)


@checks("cliff.thickness")
def thickness(seen: Fall, finding: Finding) -> None:
    assert finding.numbers["weight"] == 6
    if finding.numbers["thick"] >= 1e-10:
        at, thick = measured(seen, 6.0)
        same(finding.numbers["thick"], thick, 0.02)
    else:
        assert "less than a ten-billionth" in finding.text
        at = height(seen, 6.0, 0.5)
        fallen = energy(seen, 6.0, at - 0.3) - energy(seen, 6.0, at + 0.3)
        assert abs(energy(seen, 6.0, at - 2e-10) - energy(seen, 6.0, at + 2e-10)) > 0.5 * abs(fallen)
    same(finding.numbers["gap"], float(np.abs(np.nextafter(np.float32(at), np.float32(9)) - np.float32(at))), 1e-3)
    assert ("single precision" in finding.text) == (finding.numbers["thick"] < finding.numbers["gap"])


def attracting(w: float, b: float) -> list[float]:
    """Where steps of time come to rest, from many states."""
    x = np.linspace(b - 1, w + b + 1, 400)
    for _ in range(4000):
        x = w / (1 + np.exp(-x)) + b
    return sorted({round(float(each), 3) for each in x})


@checks("cliff.fold")
def fold(seen: Fall, finding: Finding) -> None:
    numbers = finding.numbers
    w = numbers["weight"]
    assert w == 6
    for end, inward in ((numbers["low"], 1), (numbers["high"], -1)):
        assert len(attracting(w, end + 0.001 * inward)) == 2
        assert len(attracting(w, end - 0.001 * inward)) == 1
    # The start stays where it is at the wall, and goes to either side beside it.
    same(w / (1 + np.exp(-0.5)) + numbers["wall"], 0.5)
    assert numbers["low"] < numbers["wall"] < numbers["high"]


# A step into the complex plane: the derivative is the imaginary part over it, to the last digit, however small.
H = 1e-40
# Smaller numbers than a billionth are not told; where cells are saturated rounding is in their digits.
ROUNDED = 1e-11


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def one_step(
    cell: str, w: dict[str, np.ndarray], x: np.ndarray, h: np.ndarray, c: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """h and c after one more number x; (..., n) each."""
    u = x[..., None] * w["0.weight_ih_l0"][:, 0] + w["0.bias_ih_l0"]
    v = h @ w["0.weight_hh_l0"].T + w["0.bias_hh_l0"]
    if cell in ("tanh", "relu"):
        z = u + v
        return (np.tanh(z) if cell == "tanh" else np.where(z.real > 0, z, 0)), c
    n = h.shape[-1]
    first, second = (sigmoid(u[..., k : k + n] + v[..., k : k + n]) for k in (0, n))
    third = np.tanh(u[..., 2 * n : 3 * n] + (first if cell == "gru" else 1) * v[..., 2 * n : 3 * n])
    if cell == "gru":
        return (1 - second) * third + second * h, c
    c = second * c + first * third
    return sigmoid(u[..., 3 * n :] + v[..., 3 * n :]) * np.tanh(c), c


class Looked(NamedTuple):
    """What a cell does, found by bumping its states and inputs one after the other."""

    ratio: float
    largest: float
    bound: float
    inputs: np.ndarray


@cache
def looked(cell: str, conditions: Conditions) -> Looked:
    (net, flat), samples = drawn(cell, conditions), heard(conditions)
    w, x, n, length = net.unpack(flat), samples.inputs[..., 0], conditions.hidden, conditions.length
    out, bias, bumps = w["2.weight"][0], w["2.bias"][0], 1j * H * np.eye(conditions.hidden)

    def ending(t: int, bump: np.ndarray | complex, count: int | None = None) -> np.ndarray:
        """h_T where the state h_t is bumped, t from 1; the input x_t where t is negative."""
        h = c = np.zeros((len(x[:count]), n), dtype=complex)
        for s in range(1, length + 1):
            h, c = one_step(cell, w, x[:count, s - 1] + (bump if s == -t else 0), h, c)
            h = h + bump if s == t else h
        return h

    def size(t: int) -> float:
        ends = [ending(t, bump) @ out + bias for bump in bumps]
        slopes = np.array([((z - samples.targets) ** 2).imag / H for z in ends])
        most = np.abs(slopes).max() or 1.0
        return float(most * np.sqrt(np.mean(np.sum((slopes / most) ** 2, axis=0))))

    inputs = [np.sqrt(np.mean(((ending(-t, 1j * H) @ out).imag / H) ** 2)) for t in range(1, length + 1)]
    whole = np.array([ending(1, bump, 1)[0].imag / H for bump in bumps])
    h = c = np.zeros((1, n), dtype=complex)
    bound = 1.0
    for s in range(length):
        if s:
            moved = [one_step(cell, w, x[:1, s], h + bump, c)[0][0].imag / H for bump in bumps]
            bound *= float(np.linalg.norm(np.array(moved), 2))
        h, c = one_step(cell, w, x[:1, s], h, c)
    with np.errstate(all="ignore"):
        ratio = float(np.divide(size(1), size(length)))
    return Looked(ratio, float(np.linalg.norm(whole, 2)), bound, np.array(inputs))


@checks("unrolled.left")
def left(told: Compared, finding: Finding) -> None:
    numbers = finding.numbers
    assert numbers["cell"] == told.chosen
    assert numbers["steps"] == told.conditions.length - 1
    ratio = looked(told.chosen, told.conditions).ratio
    same(numbers["ratio"], ratio, absolute=ROUNDED)
    assert ("vanishes" in finding.text) == (ratio < 1e-3)
    assert ("explodes" in finding.text) == (ratio > 1e3)


@checks("unrolled.keeper")
def keeper(told: Compared, finding: Finding) -> None:
    ratios = {cell: looked(cell, told.conditions).ratio for cell in told.cells}
    assert finding.numbers["cell"] in ratios
    same(finding.numbers["ratio"], ratios[finding.numbers["cell"]], absolute=ROUNDED)
    away = max(finding.numbers["ratio"], 1 / finding.numbers["ratio"])
    for ratio in ratios.values():
        assert not 0 < ratio < np.inf or away <= max(ratio, 1 / ratio) * (1 + 1e-9)


@checks("unrolled.lost")
def lost(told: Compared, finding: Finding) -> None:
    ratios = [looked(cell, told.conditions).ratio for cell in told.cells]
    assert not finding.numbers
    assert all(ratio < 1.01e-9 for ratio in ratios)


@checks("unrolled.bound")
def bound(told: Compared, finding: Finding) -> None:
    found = looked(told.chosen, told.conditions)
    same(finding.numbers["largest"], found.largest, absolute=ROUNDED)
    same(finding.numbers["bound"], found.bound, absolute=ROUNDED)
    assert finding.numbers["largest"] <= finding.numbers["bound"] * (1 + 1e-9)


@checks("unrolled.heard")
def still_heard(told: Compared, finding: Finding) -> None:
    numbers, inputs = finding.numbers, looked(told.chosen, told.conditions).inputs
    assert numbers["of"] == len(inputs)
    assert 1 <= numbers["input"] <= len(inputs)
    same(numbers["most"], inputs.max(), absolute=ROUNDED)
    same(inputs[numbers["input"] - 1], inputs.max(), absolute=ROUNDED)
    same(numbers["first"], inputs[0], absolute=ROUNDED)
