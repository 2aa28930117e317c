"""TWO_WEIGHTS: regression losses with two weights, so that all that a penalty does to them can be drawn."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from landscape.datasets import standardize
from landscape.datasets.tables import TABLES
from landscape.knob import Knob, settled
from landscape.regularization.regression import LeastSquares, Logistic, Regression

SAMPLES = 40


@dataclass(frozen=True)
class TwoWeights:
    """A convex loss of two weights.

    key, title   its name in code and links, its name for people
    names        what its two columns are; "" where that says nothing
    build        from its knobs to the loss
    note         what it is good for showing
    source       where its data come from
    true         the knobs that are the weights in the data, if there are such: they move the whole loss along
    """

    key: str
    title: str
    names: tuple[str, str]
    build: Callable[..., Regression]
    note: str
    source: str
    knobs: Mapping[str, Knob] = field(default_factory=dict, hash=False)
    true: tuple[str, ...] = ()

    def loss(self, **settings: Any) -> Regression:
        """The loss; ValueError for a setting that is unknown or out of range."""
        return self.build(**dict(settled(self.key, self.knobs, settings)))


def correlated(correlation: float, w1: float, w2: float, noise: float, seed: int) -> LeastSquares:
    """y = w1 * x1 + w2 * x2 + noise, with columns of mean square 1 whose correlation is exactly as asked for."""
    rng = np.random.default_rng(seed)
    # The average is taken off first, so that the columns are centred as well as orthogonal.
    raw = rng.standard_normal((SAMPLES, 2))
    basis = np.linalg.qr(raw - raw.mean(axis=0))[0] * np.sqrt(SAMPLES)
    x1 = basis[:, 0]
    x2 = correlation * x1 + np.sqrt(1 - correlation**2) * basis[:, 1]
    return LeastSquares(np.column_stack([x1, x2]), w1 * x1 + w2 * x2 + noise * rng.standard_normal(SAMPLES))


def _cholesterol() -> LeastSquares:
    table = TABLES["diabetes"]
    y = (table.y - table.y.mean()) / table.y.std()
    return LeastSquares(standardize(table.x[:, 4:6]).X, y)


def _nuclei() -> Logistic:
    # Every eighth tumour: each point of each contour is a sum over all of them.
    table = TABLES["breast_cancer"]
    return Logistic(standardize(table.x[:, [1, 4]]).X[::8], table.y[::8])


TWO_WEIGHTS: dict[str, TwoWeights] = {
    problem.key: problem
    for problem in (
        TwoWeights(
            "correlated",
            "Two correlated columns",
            ("", ""),
            correlated,
            "The nearer the correlation is to 1 or −1, the longer the valley and the more the penalty decides.",
            f"Drawn here: {SAMPLES} samples of two columns with this very correlation, and Gaussian noise",
            {
                "correlation": Knob(
                    0.5, -1, 1, "linear", "correlation", "At 1 the columns are the same, at −1 they are opposite."
                ),
                "w1": Knob(2.0, -3, 3, "linear", "true w₁", "The first weight that made the data, before noise."),
                "w2": Knob(0.8, -3, 3, "linear", "true w₂", "The second weight that made the data, before noise."),
                "noise": Knob(
                    0.5,
                    0,
                    3,
                    "linear",
                    "noise",
                    "How far noise scatters the data: its standard deviation. It moves the minimum.",
                ),
                "seed": Knob(0, 0, 999, "integer", "seed", "Another seed draws other noise."),
            },
            ("w1", "w2"),
        ),
        TwoWeights(
            "cholesterol",
            "Two kinds of cholesterol",
            ("total cholesterol", "LDL cholesterol"),
            _cholesterol,
            "Two columns say nearly the same, so least squares gives them weights of opposite signs.",
            TABLES["diabetes"].source,
        ),
        TwoWeights(
            "nuclei",
            "Two measurements of a nucleus",
            ("mean texture", "mean smoothness"),
            _nuclei,
            "This loss curves differently from place to place: little where the predictions are sure.",
            TABLES["breast_cancer"].source,
        ),
    )
}
