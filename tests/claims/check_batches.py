"""Checks of what is said of mini-batches: by batches drawn anew, and by sums over all samples."""

import numpy as np

from landscape.calculus.mini_batches import MiniBatches
from landscape.finding import Finding
from tests.claims.checks import checks, same


def all_gradients(found: MiniBatches) -> np.ndarray:
    """Of every sample in every weight, at the end of a run made here."""
    objective, per_sample, w = found.noisy.parts
    for _ in range(found.taken):
        w = w - found.noisy.rate * objective.gradient(w)
    return per_sample(w)


def drawn(found: MiniBatches, columns: np.ndarray, size: int) -> np.ndarray:
    """The means of 4,000 batches, one after another."""
    rng = np.random.default_rng(777)
    batches = [rng.choice(len(columns), size, replace=found.replacement) for _ in range(4000)]
    return np.stack([columns[batch].mean(axis=0) for batch in batches])


def unsure(found: MiniBatches, size: int) -> float:
    """By which share the measured variance of batches may be off: five standard errors.

    One of a square |g|^2 of single samples, which have heavy tails; of a mean of many it is that of a normal one.
    """
    squares = np.sum((found.gradients - found.gradients.mean(axis=0)) ** 2, axis=1)
    spread = squares.var() / squares.mean() ** 2
    return 5 * float(np.sqrt((spread / size + 2) / found.drawn.shape[1]))


@checks("batch.ratio")
def ratio(found: MiniBatches, finding: Finding) -> None:
    numbers, g = finding.numbers, found.gradients
    size, count = numbers["size"], len(g)
    assert size == 10
    same(numbers["told"], size if found.replacement else size * (count - 1) / (count - size), 1e-9)
    variances = [np.sum(found.drawn[found.at(b)].var(axis=0)) for b in (1, size)]
    same(numbers["seen"], variances[0] / variances[1], 0.01)
    same(numbers["seen"], numbers["told"], unsure(found, 1) + unsure(found, size))


@checks("batch.off")
def off(found: MiniBatches, finding: Finding) -> None:
    """The variance of a batch is that of one sample over B, times what is left of the samples."""
    g, true, apart = found.gradients, found.gradients.mean(axis=0), []
    assert finding.numbers["draws"] == found.drawn.shape[1]
    for size, batches in zip(found.sizes[:-1], found.drawn, strict=False):
        left = 1 if found.replacement else (len(g) - size) / (len(g) - 1)
        told = np.mean(np.sum((g - true) ** 2, axis=1)) / size * left
        apart.append(abs(np.mean(np.sum((batches - true) ** 2, axis=1)) / told - 1))
        assert apart[-1] < unsure(found, size)
    same(finding.numbers["off"], max(apart), 1e-6)


@checks("batch.factor")
def factor(found: MiniBatches, finding: Finding) -> None:
    numbers, g = finding.numbers, found.gradients
    assert not found.replacement
    assert numbers["samples"] == len(g)
    assert numbers["half"] == len(g) // 2
    whole = np.mean(np.sum((g - g.mean(axis=0)) ** 2, axis=1))
    seen = np.sum(drawn(found, g, numbers["half"]).var(axis=0)) * numbers["half"] / whole
    same(numbers["share"], seen, 0.08)
    assert np.abs(found.drawn[-1] - g.mean(axis=0)).max() < 1e-12


@checks("batch.scale")
def scale(found: MiniBatches, finding: Finding) -> None:
    """The noise of batches of that size, drawn with replacement, is as large as the gradient."""
    g = all_gradients(found)
    true = g.mean(axis=0)
    same(finding.numbers["scale"], np.mean(np.sum((g - true) ** 2, axis=1)) / np.sum(true**2), 1e-6)


@checks("batch.downhill")
def downhill(found: MiniBatches, finding: Finding) -> None:
    numbers, g = finding.numbers, all_gradients(found)
    along = (g @ g.mean(axis=0))[:, None]
    assert numbers["size"] == 10
    for claimed, size in ((numbers["one"], 1), (numbers["ten"], 10)):
        same(claimed, np.mean(drawn(found, along, size) > 0), 0.0, 0.035)
