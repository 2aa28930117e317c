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


@checks("batch.ratio")
def ratio(found: MiniBatches, finding: Finding) -> None:
    numbers, g = finding.numbers, found.gradients
    size, count = numbers["size"], len(g)
    assert size == 10
    same(numbers["told"], size if found.replacement else size * (count - 1) / (count - size), 1e-9)
    variances = [np.sum(found.drawn[found.at(b)].var(axis=0)) for b in (1, size)]
    same(numbers["seen"], variances[0] / variances[1], 0.01)
    # Single samples have heavy tails, and 2,000 of them a variance that is a tenth off.
    same(numbers["seen"], numbers["told"], 0.2)


@checks("batch.off")
def off(found: MiniBatches, finding: Finding) -> None:
    """The variance of a batch is that of one sample over B, times what is left of the samples."""
    g, true, worst = found.gradients, found.gradients.mean(axis=0), 0.0
    assert finding.numbers["draws"] == found.drawn.shape[1]
    for size, batches in zip(found.sizes[:-1], found.drawn, strict=False):
        left = 1 if found.replacement else (len(g) - size) / (len(g) - 1)
        told = np.mean(np.sum((g - true) ** 2, axis=1)) / size * left
        worst = max(worst, abs(np.mean(np.sum((batches - true) ** 2, axis=1)) / told - 1))
    same(finding.numbers["off"], worst, 1e-6)
    assert worst < 0.2


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
