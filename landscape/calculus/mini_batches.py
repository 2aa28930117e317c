"""Mini-batches on real data: how the gradients of batches of every size scatter about the gradient of all samples."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import erf
from typing import NamedTuple

import numpy as np

from landscape.calculus.gradient_noise import batch_covariance
from landscape.datasets import standardize
from landscape.datasets.tables import TABLES
from landscape.descent.descend import descend
from landscape.networks.problems import NETWORKS
from landscape.objective import Objective
from landscape.optimizers.first_order import GradientDescent
from landscape.regularization.regression import LeastSquares, Logistic

# Batches of every size, and how many steps the run that leads to a point may have.
DRAWS, MOST = 2000, 12

# w -> the gradient of each sample's loss, (N, n)
PerSample = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Noisy:
    """A loss on real data, and the gradient of each of its samples.

    key, title     its name in code and links, its name for people
    build          to the loss, its gradients sample by sample, and the weights where a run begins
    rate           of the gradient descent that leads to the point looked at
    source, note   where the data come from; what they are good for showing
    """

    key: str
    title: str
    build: Callable[[], tuple[Objective, PerSample, np.ndarray]]
    rate: float
    source: str
    note: str

    @cached_property
    def parts(self) -> tuple[Objective, PerSample, np.ndarray]:
        return self.build()

    @cached_property
    def path(self) -> np.ndarray:
        """The weights after 0, 1, ... MOST steps of gradient descent on all samples, (MOST + 1, n)."""
        objective, _, start = self.parts
        return descend(objective, GradientDescent(self.rate), start, MOST).x


def _diabetes() -> tuple[Objective, PerSample, np.ndarray]:
    table = TABLES["diabetes"]
    columns = [table.names.index(name) for name in ("bmi", "ltg")]
    loss = LeastSquares(standardize(table.x[:, columns]).X, (table.y - table.y.mean()) / table.y.std())
    return loss, lambda w: (loss.linear(w) - loss.y)[:, None] * loss.design, np.zeros(2)


def _breast_cancer() -> tuple[Objective, PerSample, np.ndarray]:
    table = TABLES["breast_cancer"]
    columns = [table.names.index(name) for name in ("mean_texture", "mean_smoothness")]
    loss = Logistic(standardize(table.x[:, columns]).X, table.y)
    return loss, lambda w: (loss.probability(w) - loss.y)[:, None] * loss.design, np.zeros(2)


def _irises() -> tuple[Objective, PerSample, np.ndarray]:
    problem = NETWORKS["iris_network"]
    inputs, targets = problem.samples.inputs, problem.samples.targets
    alone = [problem.network.objective(inputs[i : i + 1], targets[i : i + 1]) for i in range(len(targets))]
    return problem.objective, lambda w: np.stack([each.gradient(w) for each in alone]), np.array(problem.start)


NOISY: dict[str, Noisy] = {
    each.key: each
    for each in (
        Noisy(
            *("diabetes", "Least squares on 442 patients", _diabetes, 0.3),
            source=TABLES["diabetes"].source,
            note="Two weights: how diabetes goes on, from body mass and blood fat.",
        ),
        Noisy(
            *("breast_cancer", "Logistic regression on 569 tumours", _breast_cancer, 1.0),
            source=TABLES["breast_cancer"].source,
            note="Two weights: malignant or not, from two measurements of the cells' nuclei.",
        ),
        Noisy(
            *("irises", "A network on 150 irises", _irises, 0.5),
            source=NETWORKS["iris_network"].data.source,
            note="Of its 39 weights, the two whose gradients scatter most from sample to sample.",
        ),
    )
}


class MiniBatches(NamedTuple):
    """The gradients of DRAWS batches of each size about the gradient of all N samples, in two of the weights.

    key                of the loss in NOISY
    weights            (2,) which of the weights
    gradients, true    (N, 2) of every sample, and (2,) their mean
    sizes              (k,) the sizes of batches, from 1 to N
    drawn              (k, DRAWS, 2) the batches' gradients
    told, seen         (k, 2, 2) their covariance, as predicted and as measured
    downhill           (k,) the share of batches whose step goes downhill at first; all weights count
    downhill_told      (k,) the same for normal noise
    noise_scale        the trace of one sample's covariance over the squared length of the gradient; all weights count
    """

    key: str
    taken: int
    replacement: bool
    weights: np.ndarray
    gradients: np.ndarray
    true: np.ndarray
    sizes: np.ndarray
    drawn: np.ndarray
    told: np.ndarray
    seen: np.ndarray
    downhill: np.ndarray
    downhill_told: np.ndarray
    noise_scale: float

    @property
    def noisy(self) -> Noisy:
        return NOISY[self.key]

    @property
    def samples(self) -> int:
        return len(self.gradients)

    def variance(self, covariance: np.ndarray) -> np.ndarray:
        """The mean square distance from the true gradient, in both weights: (..., 2, 2) -> (...)."""
        return np.trace(covariance, axis1=-2, axis2=-1)

    def at(self, size: int) -> int:
        """The place of a size of batches."""
        return int(np.flatnonzero(self.sizes == size)[0])


def mini_batches(key: str, taken: int, replacement: bool, seed: int = 0) -> MiniBatches:
    """On a loss of NOISY, after `taken` steps of gradient descent.

    ValueError for a key that is not there, and for steps that are not a whole number from 0 to MOST.

    A batch of B is the first B of one long draw, so that a larger batch has all samples of a smaller one.
    Source of the noise scale: McCandlish, Kaplan & Amodei (2018), "An empirical model of large-batch training",
    section 2.2; of the factor without replacement: Cochran (1977), see `batch_covariance`.
    """
    if key not in NOISY:
        raise ValueError(f"key is {key!r}; allowed are {', '.join(NOISY)}")
    if taken != int(taken) or not 0 <= taken <= MOST:
        raise ValueError(f"taken is {taken}; it must be a whole number from 0 to {MOST}")
    noisy = NOISY[key]
    all_gradients = noisy.parts[1](noisy.path[int(taken)])
    pair = np.sort(np.argsort(-all_gradients.var(axis=0), kind="stable")[:2])
    mean = all_gradients.mean(axis=0)
    length = float(np.linalg.norm(mean))
    gradients, along = all_gradients[:, pair], all_gradients @ mean / length
    count = len(gradients)
    sizes = np.unique(np.concatenate([np.round(np.geomspace(1, count, 48)).astype(int), [2, 10, count // 2]]))
    batches = _batches(np.column_stack([gradients, along]), sizes, replacement, seed)
    drawn, toward = batches[..., :2], batches[..., 2]
    off = drawn - mean[pair]
    told = np.stack([batch_covariance(gradients, size, replacement=replacement) for size in sizes])
    spread = [batch_covariance(along[:, None], size, replacement=replacement)[0, 0] for size in sizes]
    return MiniBatches(
        key,
        int(taken),
        replacement,
        pair,
        gradients,
        mean[pair],
        sizes,
        drawn,
        told,
        np.einsum("kdi,kdj->kij", off, off) / DRAWS,
        np.mean(toward > 0, axis=1),
        np.array([_positive_share(length, variance) for variance in spread]),
        float(all_gradients.var(axis=0).sum() / length**2),
    )


def _batches(columns: np.ndarray, sizes: np.ndarray, replacement: bool, seed: int) -> np.ndarray:
    """The means of the first samples of DRAWS long draws, (N, c) -> (k, DRAWS, c)."""
    rng, count = np.random.default_rng(seed), len(columns)
    chosen = rng.integers(count, size=(DRAWS, count)) if replacement else rng.random((DRAWS, count)).argsort(axis=1)
    # One after another: the sums of all columns at once would take three times as much memory.
    sums = [np.cumsum(column[chosen], axis=1)[:, sizes - 1].T for column in columns.T]
    return np.stack(sums, axis=-1) / sizes[:, None, None]


def _positive_share(mean: float, variance: float) -> float:
    """How much of a normal density lies to the right of 0."""
    return 0.5 * (1 + erf(mean / np.sqrt(2 * variance))) if variance > 0 else 1.0
