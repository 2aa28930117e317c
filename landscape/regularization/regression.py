"""Regression losses as objectives: least squares and logistic, with exact gradient and Hessian.

A design matrix X has one row a sample and one column a variable, shape (N, p); y has shape (N,). With an intercept the
weights are (w_1 ... w_p, b), and b is a bias: penalties leave it out. Losses are means over the samples, scaled as in
scikit-learn, so that strengths of penalties mean the same here and there. Units of X and y are left as they are;
`datasets.standardize` is for those who want none.
"""

from abc import abstractmethod
from dataclasses import dataclass, field

import numpy as np

from landscape.objective import Objective


def checked(X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """X and y as float64 arrays of shapes (N, p) and (N,), or a ValueError that says what is wrong with them."""
    design, target = _numbers("X", X), _numbers("y", y)
    if design.ndim != 2 or 0 in design.shape:
        raise ValueError(f"X has shape {design.shape}; it must be (samples, variables) with at least one of each")
    if target.shape != design.shape[:1]:
        raise ValueError(f"y has shape {target.shape}; it must be ({len(design)},), one number a row of X")
    return design, target


def _numbers(name: str, values: np.ndarray) -> np.ndarray:
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a table of numbers of one shape") from None
    if not np.isfinite(array).all():
        raise ValueError(f"{name} has {np.sum(~np.isfinite(array))} entries that are not finite; none is allowed")
    return array


@dataclass(frozen=True, eq=False)
class Regression(Objective):
    """What the losses share: the data, the intercept, and the model's linear part."""

    X: np.ndarray
    y: np.ndarray
    intercept: bool = False
    design: np.ndarray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        X, y = checked(self.X, self.y)
        design = np.column_stack([X, np.ones(len(X))]) if self.intercept else X
        for name, array in (("X", X), ("y", y), ("design", design)):
            object.__setattr__(self, name, array)

    @property
    def samples(self) -> int:
        return len(self.y)

    @property
    def dimension(self) -> int:
        return self.design.shape[1]

    @property
    def biases(self) -> tuple[int, ...]:
        return (self.dimension - 1,) if self.intercept else ()

    @property
    @abstractmethod
    def curvature(self) -> float:
        """At least the largest curvature anywhere, L: gradient methods are safe up to the rate 1 / L."""

    def linear(self, w: np.ndarray, X: np.ndarray | None = None) -> np.ndarray:
        """X w + b, (..., n) -> (..., N), for the rows of another X if one is given."""
        if X is None:
            return w @ self.design.T
        features = np.asarray(X, dtype=float)
        return w[..., :-1] @ features.T + w[..., -1:] if self.intercept else w @ features.T


@dataclass(frozen=True, eq=False)
class LeastSquares(Regression):
    """Half the mean squared residual.

        value    = |X w - y|**2 / (2 * N)
        gradient = X' (X w - y) / N
        hessian  = X' X / N

    The factor 1 / (2 N) is that of scikit-learn's Lasso and ElasticNet, so with l1 and elastic_net strengths are their
    alpha; its Ridge has no 1 / (2 N) and a penalty without the half: its alpha is strength * N. X is kept as X = Q R,
    so that a call costs n**2 a point, however many samples there are, and no digit is lost where residuals are small.
    Source: Golub & Van Loan (2013), "Matrix computations", section 5.3.3, for the reduction by Q R.
    """

    has_residuals = True

    _r: np.ndarray = field(init=False, repr=False)
    _z: np.ndarray = field(init=False, repr=False)
    _rest: float = field(init=False, repr=False)
    _h: np.ndarray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        root = np.sqrt(self.samples)
        q, r = np.linalg.qr(self.design / root)
        z = q.T @ self.y / root
        rest = float(np.sum((self.y / root - q @ z) ** 2))
        for name, part in (("_r", r), ("_z", z), ("_rest", rest), ("_h", r.T @ r)):
            object.__setattr__(self, name, part)

    def value(self, x: np.ndarray) -> np.ndarray:
        return 0.5 * (np.sum((x @ self._r.T - self._z) ** 2, axis=-1) + self._rest)

    def gradient(self, x: np.ndarray) -> np.ndarray:
        return (x @ self._r.T - self._z) @ self._r

    def hessian(self, x: np.ndarray) -> np.ndarray:
        return np.broadcast_to(self._h, (*np.shape(x), self.dimension)).copy()

    def hessian_vector(self, x: np.ndarray, v: np.ndarray) -> np.ndarray:
        return v @ self._h

    def residuals(self, x: np.ndarray) -> np.ndarray:
        """(X w - y) / sqrt(2 N), (..., n) -> (..., N): the sum of their squares is the value."""
        return (self.linear(x) - self.y) / np.sqrt(2 * self.samples)

    def jacobian(self, x: np.ndarray) -> np.ndarray:
        """Derivatives of the residuals, (..., n) -> (..., N, n)."""
        return np.broadcast_to(self.design / np.sqrt(2 * self.samples), (*np.shape(x)[:-1], *self.design.shape)).copy()

    @property
    def curvature(self) -> float:
        """The largest curvature anywhere, L: gradient methods are safe up to the rate 1 / L."""
        return float(np.linalg.eigvalsh(self._h)[-1])


@dataclass(frozen=True, eq=False)
class Logistic(Regression):
    """The mean negative log-likelihood of labels 0 and 1: binary cross-entropy on the logits m = X w + b.

        value    = mean(log(1 + exp(m)) - y * m)
        gradient = X' (s - y) / N,  s = 1 / (1 + exp(-m))
        hessian  = X' diag(s * (1 - s)) X / N

    Where the classes can be separated it has no minimum: the weights grow for ever unless a penalty holds them.
    With l2, scikit-learn's LogisticRegression has C = 1 / (strength * N). ValueError for labels other than 0 and 1.
    Source: Hastie, Tibshirani & Friedman (2009), "The elements of statistical learning", eqs. 4.20, 4.21 and 4.25.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        if not np.isin(self.y, (0, 1)).all():
            odd = self.y[~np.isin(self.y, (0, 1))][0]
            raise ValueError(f"y has a label {odd:g}; allowed are 0 and 1")

    def value(self, x: np.ndarray) -> np.ndarray:
        m = self.linear(x)
        return np.mean(np.logaddexp(0.0, m) - self.y * m, axis=-1)

    def gradient(self, x: np.ndarray) -> np.ndarray:
        return (self.probability(x) - self.y) @ self.design / self.samples

    def hessian(self, x: np.ndarray) -> np.ndarray:
        s = self.probability(x)
        half = np.sqrt(s * (1 - s) / self.samples)[..., None] * self.design
        return np.swapaxes(half, -1, -2) @ half

    def hessian_vector(self, x: np.ndarray, v: np.ndarray) -> np.ndarray:
        s = self.probability(x)
        return (s * (1 - s) * self.linear(v)) @ self.design / self.samples

    def probability(self, x: np.ndarray, X: np.ndarray | None = None) -> np.ndarray:
        """The modelled probability of label 1, (..., n) -> (..., N), for the rows of another X if one is given."""
        # By tanh, which does not overflow.
        return 0.5 + 0.5 * np.tanh(0.5 * self.linear(x, X))

    @property
    def curvature(self) -> float:
        """A bound on the curvature anywhere, as s * (1 - s) <= 1 / 4: gradient methods are safe up to 1 over it."""
        return float(np.linalg.norm(self.design, 2) ** 2 / (4 * self.samples))
