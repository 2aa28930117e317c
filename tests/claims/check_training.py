"""Checks of what is said of trainings: losses and outputs worked out once more, weights compared, steps counted."""

from itertools import product

import numpy as np

from landscape.datasets import Samples
from landscape.finding import Finding
from landscape.lessons.checkup import Checkup
from landscape.lessons.example import Followed
from landscape.lessons.sharpness import Sharpness
from landscape.lessons.training import Training
from landscape.networks.health import FADED
from landscape.networks.layers import Elementwise
from landscape.objective import Penalized
from landscape.optimizers import Optimizer
from landscape.theory.quadratics import Diagonal
from tests.claims.checks import checks, of, same

# Steps of which all orders of two mini-batches are tried.
ORDERED = 12


def outputs(training: Training, w: np.ndarray, samples: Samples) -> np.ndarray:
    return training.lesson.network.forward(w, samples.inputs)


def loss(training: Training, w: np.ndarray, samples: Samples) -> float:
    """From the outputs, by the loss's definition."""
    with np.errstate(all="ignore"):
        z, targets = outputs(training, w, samples), samples.targets
        if not samples.classes:
            return float(np.mean((z[:, 0] - targets) ** 2) / (2 if "half" in training.lesson.network.loss else 1))
        if z.shape[1] == 1:
            return float(np.mean(np.logaddexp(0, np.where(targets == 1, -z[:, 0], z[:, 0]))))
        top = z.max(axis=1, keepdims=True)
        total = np.log(np.exp(z - top).sum(axis=1)) + top[:, 0]
        return float(np.mean(total - z[np.arange(len(z)), targets.astype(int)]))


def right(training: Training, w: np.ndarray, samples: Samples) -> float:
    z = outputs(training, w, samples)
    said = [int(row.argmax()) if len(row) > 1 else int(row[0] > 0) for row in z]
    return sum(a == b for a, b in zip(said, samples.targets.astype(int).tolist(), strict=True)) / len(said)


@checks("training.diverged")
def diverged(looked: Checkup, finding: Finding) -> None:
    run = of(looked.training.runs, finding.numbers["method"])
    assert str(run.status) == "diverged"
    moves = [k for k in range(1, len(run.x)) if not np.array_equal(run.x[k], run.x[k - 1])]
    assert int(run.stop) == finding.numbers["step"] > (moves[-1] if moves else -1)


@checks("training.progress")
def progress(looked: Checkup, finding: Finding) -> None:
    numbers, training = finding.numbers, looked.training
    run, lesson = of(training.runs, numbers["method"]), training.lesson
    assert numbers["status"] == str(run.status) != "diverged"
    assert numbers["step"] == int(run.stop)
    learned = [loss(training, w, lesson.learn) for w in run.x]
    held = [loss(training, w, lesson.held) for w in run.x] if len(lesson.held) else []
    scale = numbers["last"] / learned[-1] if learned[-1] > 0 and not lesson.learn.classes else 1.0
    same(numbers["first"], scale * learned[0], 1e-6, 1e-12)
    same(numbers["last"], scale * learned[-1], 1e-6, 1e-12)
    assert ("held" in numbers) == bool(held)
    if held:
        same(numbers["held"], scale * held[-1], 1e-6, 1e-12)
    assert "falls" not in finding.text or numbers["last"] < numbers["first"]
    assert "rises" not in finding.text or numbers["last"] > numbers["first"]
    if numbers["status"] == "converged":
        assert not lesson.objective.gradient(run.x[-1]).any()
    assert ("overfitting" in finding.text) == ("best_step" in numbers)
    if "best_step" in numbers:
        same(numbers["best_held"], scale * min(held), 1e-6, 1e-12)
        same(held[numbers["best_step"]], min(held), 1e-6, 1e-12)
        # Above what is learned from, clearly risen, while the other fell.
        assert held[-1] > learned[-1]
        assert held[-1] - min(held) > 0.0099 * held[0]
        assert learned[-1] < learned[numbers["best_step"]]
    if "right" in numbers:
        same(numbers["right"], right(training, run.x[-1], lesson.learn))
        assert ("right_held" in numbers) == bool(held)
        if held:
            same(numbers["right_held"], right(training, run.x[-1], lesson.held))


@checks("training.comparison")
def comparison(looked: Checkup, finding: Finding) -> None:
    numbers, training = finding.numbers, looked.training
    samples = training.lesson.learn
    assert all(str(run.status) != "diverged" for run in training.runs.values())
    ahead, behind = (training.losses[key][0] for key in (numbers["ahead"], numbers["behind"]))
    assert {numbers["ahead"], numbers["behind"]} == set(training.runs)
    lowest = min(behind.tolist())
    assert numbers["end"] == behind.tolist().index(lowest)
    same(numbers["loss"], lowest)
    assert numbers["step"] == next(k for k, value in enumerate(ahead.tolist()) if value <= lowest)
    assert 0 < numbers["step"] < numbers["end"]
    if samples.classes:
        same(ahead[-1], loss(training, training.runs[numbers["ahead"]].x[-1], samples), 1e-6, 1e-12)
    assert ahead[-1] < behind[-1]


@checks("training.no_minimum")
def no_minimum(looked: Checkup, finding: Finding) -> None:
    """With its last layer scaled up the loss falls, and falls again."""
    training = looked.training
    run, lesson = of(training.runs, finding.numbers["method"]), training.lesson
    assert str(run.status) != "diverged"
    assert finding.numbers["right"] == right(training, run.x[-1], lesson.learn) == 1
    assert not isinstance(lesson.objective, Penalized)
    last = max(k for k, layer in enumerate(lesson.network.layers) if layer.parameters)
    w = run.x[-1].copy()
    sizes = [loss(training, w, lesson.learn)]
    names = [name for name in lesson.network.shapes if name.startswith(f"{last}.")]
    begin = sum(int(np.prod(shape)) for name, shape in lesson.network.shapes.items() if name not in names)
    for _ in range(2):
        w[begin:] *= 2
        sizes.append(loss(training, w, lesson.learn))
    assert sizes[0] > sizes[1] >= sizes[2] or sizes[1] < 1e-300


@checks("training.ailment")
def ailment(looked: Checkup, finding: Finding) -> None:
    numbers, training = finding.numbers, looked.training
    run, lesson, key = of(training.runs, numbers["method"]), training.lesson, numbers["ailment"]
    first, last = numbers["first"], numbers["last"]
    had = [
        step
        for step, found in zip(looked.steps.tolist(), looked.ailments[numbers["method"]], strict=True)
        # A run that has diverged stands still.
        if (step == 0 or str(run.status) != "diverged" or step < run.stop)
        and any((each.key, each.layer) == (key, numbers["layer"]) for each in found)
    ]
    assert (first, last) == (had[0], had[-1])
    between = [step for step in looked.steps.tolist() if first <= step <= last]
    assert numbers["unbroken"] == (between == had) == ("now and then" not in finding.text)
    assert ("at every step" in finding.text) == (len(had) == len(looked.steps) > 1)
    assert ("looked at" in finding.text) == ("every step" in finding.text and len(looked.steps) <= training.steps)
    assert ("When last seen" in finding.text) == (first < last < training.steps)
    assert ("At the end" in finding.text) == (first < last == training.steps)
    network, layer = lesson.network, int(numbers["layer"])
    trace = network.trace(run.x[last], lesson.learn.inputs, lesson.learn.targets)
    weighted = [k for k, each in enumerate(network.layers) if each.parameters]
    assert numbers["column"] == sum(k <= layer for k in weighted)
    if key in ("vanishing", "exploding"):
        ends = [float(np.sqrt(np.mean(trace.deltas[str(k)] ** 2))) for k in (weighted[0], weighted[-1])]
        same(numbers["ratio"], ends[0] / ends[1], 1e-6)
        assert (numbers["ratio"] < FADED) if key == "vanishing" else (numbers["ratio"] > 1 / FADED)
    elif key in ("dead", "saturated"):
        activation = network.layers[layer]
        assert isinstance(activation, Elementwise)
        _units(activation, key, numbers, trace.values["input" if layer == 0 else str(layer - 1)])
    else:
        assert key == "symmetric"
        incoming = np.concatenate(
            [np.atleast_2d(trace.weights[f"{layer}.{name}"].T).T for name in network.layers[layer].parameters], axis=1
        )
        for unit in numbers["units"]:
            assert sum(np.array_equal(row, incoming[unit]) for row in incoming) > 1
        assert (numbers["count"], numbers["of"]) == (len(numbers["units"]), len(incoming))


def _units(activation: Elementwise, key: str, numbers: dict[str, float], before: np.ndarray) -> None:
    """By what comes out, bumped a little either way: a unit that is off gives the same, a saturated one nearly."""
    z = np.moveaxis(before, 1, 0).reshape(before.shape[1], -1)
    h = 1e-4
    wide = np.linspace(-5, 5, 2001)
    value = activation.activation.value
    with np.errstate(all="ignore"):
        slope = np.abs(value(z + h) - value(z - h)).max(axis=1) / (2 * h)
        steepest = np.abs(value(wide + h) - value(wide - h)).max() / (2 * h)
        level = np.abs(value(wide + h) - value(wide - h)).min() == 0
    assert (numbers["count"], numbers["of"]) == (len(numbers["units"]), len(z))
    for unit in numbers["units"]:
        if key == "dead":
            assert level, "an S-shaped unit is never off"
            assert slope[unit] <= 0.5 * steepest
        else:
            assert slope[unit] <= 0.011 * steepest


@checks("spectrum.sharpness")
def sharpness(found: Sharpness, finding: Finding) -> None:
    numbers = finding.numbers
    run, objective = found.training.runs[found.key], found.training.lesson.objective
    for name, step in (("first", found.spectrum.steps[0]), ("last", found.spectrum.steps[-1])):
        hessian = objective.hessian(run.x[step])
        values = np.sort(np.linalg.eigvals((hessian + hessian.T) / 2).real)
        same(numbers[name], values[-1], 1e-6, 1e-9 * np.abs(values).max())
        rounding = 1e-9 * np.abs(values).max()
        surely, perhaps = int((values < -rounding).sum()), int((values < rounding).sum())
        assert surely <= numbers[f"negative_{name}"] <= perhaps
        assert numbers["weights"] == len(values)
    every = found.spectrum.steps.tolist() == list(range(len(run.x)))
    assert every == ("looked at" not in finding.text)
    same(numbers["most"], max(value for value in found.spectrum.sharpness.tolist() if value == value))


def _grows(found: Sharpness, curvature: float, rate: float) -> bool:
    """Whether an error along that curvature grows under the method at that share of its rate, by trying it."""
    method, bowl = found.training.optimizers[found.key].scaled(rate), Diagonal(np.array([curvature]))
    x = np.array([1.0])
    state, sizes = method.init(x), []
    with np.errstate(all="ignore"):
        for _ in range(400):
            x, state = method.step(bowl, x, state)
            sizes.append(float(np.abs(x[0])))
    early, late = max(sizes[:200]), max(sizes[200:])
    return not late <= early


def _limit(found: Sharpness, rate: float) -> float:
    """The curvature above which errors grow at that share of the rate, by the method's formula; inf for none."""
    method = found.training.optimizers[found.key]
    if not hasattr(method, "damping"):
        edges = found.edge * found.training.rates / rate if rate else np.full(1, np.inf)
        return float(edges[np.isfinite(edges)][0]) if np.isfinite(edges).any() else np.inf
    beyond = method.lr * rate - 2
    return 2 * method.damping / beyond if beyond > 0 else np.inf


@checks("spectrum.edge")
def edge(found: Sharpness, finding: Finding) -> None:
    numbers, rates = finding.numbers, found.training.rates
    assert numbers["method"] == found.key
    for name, rate in (("edge", rates[0]), ("edge_last", rates[-1])):
        if np.isfinite(numbers[name]):
            assert _grows(found, 1.03 * numbers[name], float(rate))
            assert not _grows(found, 0.97 * numbers[name], float(rate))
        else:
            assert not any(_grows(found, size, float(rate)) for size in 10.0 ** np.arange(-8, 12))
    steps = np.minimum(found.spectrum.steps, len(rates) - 1)
    with np.errstate(all="ignore"):
        assert found.edge is not None
        limits = np.array([_limit(found, float(rate)) for rate in rates[steps]])
        over = found.spectrum.sharpness / limits
    surely, perhaps = float(np.mean(over > 1.001)), float(np.mean(over > 0.999))
    assert surely - 1e-9 <= numbers["beyond"] <= perhaps + 1e-9
    if "nearest" in numbers:
        assert ("of this run" in finding.text) == (found.spectrum.steps.tolist() == list(range(len(rates) + 1)))
        same(numbers["nearest"], np.nanmax(over), 1e-3)
    assert ("moves" in finding.text) == bool((rates != rates[0]).any())


@checks("spectrum.no_edge")
def no_edge(found: Sharpness, finding: Finding) -> None:
    """Its steps on a bowl are not one linear map over and over, or errors grow at every curvature, or at none.

    With some knob at its end it may come to such a map: then as its authors set it it does not.
    """
    assert finding.numbers["method"] == found.key
    method = found.training.optimizers[found.key]
    if _is_one_map(method) and _is_one_map(type(method)()):
        grows = {_ends_larger(method, size) for size in 10.0 ** np.arange(-8, 12)}
        assert len(grows) == 1, "from some curvature on its errors grow"


def _is_one_map(method: Optimizer) -> bool:
    return all(_adds_up(method, size) for size in 10.0 ** np.arange(-8, 9, 4)) and _recurs(method)


def _walk(method: Optimizer, curvatures: np.ndarray, x: np.ndarray, steps: int) -> np.ndarray:
    """Where it is on a bowl after each step, (steps + 1, n)."""
    bowl, state, path = Diagonal(curvatures), method.init(x), [x]
    with np.errstate(all="ignore"):
        for _ in range(steps):
            x, state = method.step(bowl, x, state)
            path.append(x)
    return np.array(path)


def _adds_up(method: Optimizer, size: float) -> bool:
    """Whether from the sum of two starts it goes along the sum of their paths, as every linear map does."""
    curvatures, (u, v) = size * np.array([1.0, 3.0]), np.array([[1.0, -0.5], [0.3, 0.8]])
    one, two, both = (_walk(method, curvatures, x, 12) for x in (u, v, u + v))
    largest = np.abs(np.concatenate([one, two])).max(axis=(0, 1))
    return not np.isfinite(largest) or bool(np.abs(one + two - both).max() <= 1e-9 * largest)


def _recurs(method: Optimizer) -> bool:
    """Whether its iterates are those of a fixed linear map of few numbers: they fill no more dimensions than those."""
    for size in 10.0 ** np.arange(-8, 12):
        path = _walk(method, np.array([size]), np.array([1.0]), 24)[:, 0]
        # Where they hardly move, or are there at once, nothing is seen.
        if np.isfinite(path).all() and 1e-6 < abs(path[-1]) < 0.9:
            sizes = np.linalg.svd(np.array([path[k : k + 8] for k in range(16)]), compute_uv=False)
            if sizes[4] > 1e-10 * sizes[0]:
                return False
    return True


def _ends_larger(method: Optimizer, size: float) -> bool:
    path = np.abs(_walk(method, np.array([size]), np.array([1.0]), 400)[:, 0])
    return not path[200:].max() <= 1.01 * path[:200].max()


@checks("spectrum.mini_batches")
def mini_batches(found: Sharpness, finding: Finding) -> None:
    """A little below the edge, over all orders of two bends whose mean is there, the error's mean square grows."""
    assert not finding.numbers
    assert not found.full
    assert found.edge is not None
    known = int(np.flatnonzero(found.training.rates > 0)[0])
    if hasattr(found.training.optimizers[found.key], "damping"):
        assert "differently" not in finding.text
        return
    method = found.training.optimizers[found.key].scaled(float(found.training.rates[known]))
    orders = np.array(list(product([0.1, 1.9], repeat=ORDERED)))
    x = np.ones((len(orders), 1))
    state, squares = method.init(x), []
    for bends in 0.98 * found.edge[known] * orders.T:
        x, state = method.step(Diagonal(bends[:, None]), x, state)
        squares.append(float(np.mean(x**2)))
    third = ORDERED // 3
    assert max(squares[-third:]) > max(1.0, *squares[:third]), "the error shrinks, however batches bend"


def _targets(followed: Followed) -> list[float]:
    """What the example's target may have been, from the loss before: a class, or a number to either side."""
    walked = followed.walk
    z, size = walked.values[-1], walked.losses[0]
    guesses = [float(k) for k in range(max(2, len(z)))]
    if "entropy" in followed.network.loss and len(z) == 1:
        # A share of the second class, which the slope at the output is off by.
        guesses.append(float(1 / (1 + np.exp(-z[0])) - walked.deltas[-1][0]))
    if "entropy" not in followed.network.loss:
        guesses = [float(z[0] + sign * np.sqrt(share * size)) for sign in (1, -1) for share in (1, 2)]
    return [t for t in guesses if np.isclose(_one(followed, walked.before, t), size, rtol=1e-6, atol=1e-12)]


def _one(followed: Followed, w: np.ndarray, target: float) -> float:
    with np.errstate(all="ignore"):
        return float(followed.network.objective(followed.walk.values[0][None], np.array([target])).value(w))


@checks("example.gradient")
def gradient(followed: Followed, finding: Finding) -> None:
    numbers, walked = finding.numbers, followed.walk
    at, h = numbers["weight"], 1e-6
    assert at == followed.edge.place
    same(numbers["gradient"], walked.gradient[at])
    same(numbers["difference"], walked.differences[at])
    assert numbers["apart"] == max(numbers["gradient"], numbers["difference"]) - min(
        numbers["gradient"], numbers["difference"]
    )
    bumps = h * np.eye(len(walked.before))[at]
    slopes = [
        (_one(followed, walked.before + bumps, t) - _one(followed, walked.before - bumps, t)) / (2 * h)
        for t in _targets(followed)
    ]
    slack = 1e-4 * max(1.0, abs(walked.losses[0]))
    assert any(np.isclose(numbers["gradient"], each, rtol=1e-3, atol=slack) for each in slopes), slopes


@checks("example.step")
def step(followed: Followed, finding: Finding) -> None:
    numbers, walked = finding.numbers, followed.walk
    at = numbers["weight"]
    assert (numbers["before"], numbers["after"]) == (walked.before[at], walked.after[at])
    assert numbers["moved"] == walked.after[at] - walked.before[at]
    ends = [_one(followed, walked.after, t) for t in _targets(followed)]
    assert any(np.isclose(numbers["loss_after"], each, rtol=1e-6, atol=1e-12) for each in ends)
    assert numbers["loss_before"] == walked.losses[0]
