"""LOSSES: how wrong the outputs are, with the first derivative and the second along given directions.

One record is one loss. Outputs z and targets t are laid out (B, outputs, N) and (outputs, N): B weight vectors,
N samples. A loss is the mean over samples of one number a sample, with PyTorch's conventions for all else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from landscape.networks.layers.activations import sigmoid

Pair = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Loss:
    """A loss as three functions, each of one sample's share, not yet divided by the number of samples.

    key, title              its name in code and links, its name for people
    samples(z, t)           (B, outputs, N), (outputs, N) -> (B, N), the loss of each sample
    slope(z, t)             (B, outputs, N), (outputs, N) -> (B, outputs, N), its derivative in z
    tangent(z, z_dot)       (B, outputs, N), (B, outputs, K, N) -> (B, outputs, K, N), its Hessian in z times z_dot;
                            none of these Hessians depends on t
    encode(targets, outputs)   (N,) or (N, outputs) -> (outputs, N), checked; ValueError where they do not fit
    latex, slope_latex, curvature_latex   the loss of one sample, its gradient and its Hessian in its m outputs z
    torch                   the module of torch.nn that is the same
    note                    what it is good for showing, in one line
    least                   the fewest outputs it makes sense for
    """

    key: str
    title: str
    samples: Pair
    slope: Pair
    tangent: Pair
    encode: Callable[[np.ndarray, int], np.ndarray]
    latex: str
    slope_latex: str
    curvature_latex: str
    torch: str
    note: str
    least: int = 1

    def __reduce__(self) -> tuple[Any, ...]:
        # By name, because functions without one cannot be pickled.
        return _by_key, (self.key,)


def _numbers(targets: np.ndarray, outputs: int) -> np.ndarray:
    """Finite numbers, one a sample and output, as (outputs, N)."""
    try:
        numbers = np.asarray(targets, dtype=float)
    except (TypeError, ValueError):
        raise ValueError("targets must be numbers") from None
    numbers = numbers[:, None] if numbers.ndim == 1 else numbers
    if numbers.ndim != 2 or numbers.shape[1] != outputs:
        raise ValueError(f"targets has shape {np.shape(targets)}; it must be (N, {outputs})")
    if not np.isfinite(numbers).all():
        raise ValueError("targets must be finite")
    return np.ascontiguousarray(numbers.T)


def _probabilities(targets: np.ndarray, outputs: int) -> np.ndarray:
    numbers = _numbers(targets, outputs)
    bad = numbers[(numbers < 0) | (numbers > 1)]
    if bad.size:
        raise ValueError(f"targets has {bad[0]:g}; allowed is 0 to 1")
    return numbers


def _one_hot(targets: np.ndarray, outputs: int) -> np.ndarray:
    """Classes 0 ... outputs - 1, one a sample, as (outputs, N) of zeros and ones."""
    if np.ndim(targets) != 1:
        raise ValueError(f"targets has shape {np.shape(targets)}; it must be (N,), one class a sample")
    classes = _numbers(targets, 1)[0]
    bad = classes[~np.isin(classes, np.arange(outputs))]
    if bad.size:
        raise ValueError(f"targets has {bad[0]:g}; allowed are the classes 0 to {outputs - 1}")
    return (classes == np.arange(outputs)[:, None]).astype(float)


def softmax(z: np.ndarray) -> np.ndarray:
    """exp(z) / sum(exp(z)) over the outputs, axis 1."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _cross_entropy(z: np.ndarray, t: np.ndarray) -> np.ndarray:
    top = z.max(axis=1, keepdims=True)
    return np.log(np.exp(z - top).sum(axis=1)) - ((z - top) * t).sum(axis=1)


def _cross_entropy_tangent(z: np.ndarray, z_dot: np.ndarray) -> np.ndarray:
    p = softmax(z)[:, :, None]
    weighted = p * z_dot
    return weighted - p * weighted.sum(axis=1, keepdims=True)


def _binary_tangent(z: np.ndarray, z_dot: np.ndarray) -> np.ndarray:
    return (sigmoid(z) * sigmoid(-z) / z.shape[1])[:, :, None] * z_dot


# Each opens with key and title, starred so that the formatter keeps them on one line.
_RECORDS = (
    Loss(
        *("mse", "Mean squared error"),
        samples=lambda z, t: ((z - t) ** 2).sum(axis=1) / z.shape[1],
        slope=lambda z, t: (z - t) * (2 / z.shape[1]),
        tangent=lambda z, z_dot: z_dot * (2 / z.shape[1]),
        encode=_numbers,
        latex=r"\tfrac{1}{m} \lVert z - t \rVert^2",
        slope_latex=r"\tfrac{2}{m} (z - t)",
        curvature_latex=r"\tfrac{2}{m} I",
        torch="MSELoss",
        note="The loss of regression. Averaged over every element, so the gradient has a factor 2, not 1.",
    ),
    Loss(
        *("binary_cross_entropy", "Binary cross-entropy"),
        # In this order nothing overflows, and where t is 0 or 1 a small loss keeps all its digits.
        samples=lambda z, t: (np.maximum(z, 0) - t * z + np.log1p(np.exp(-np.abs(z)))).sum(axis=1) / z.shape[1],
        slope=lambda z, t: (sigmoid(z) - t) / z.shape[1],
        tangent=_binary_tangent,
        encode=_probabilities,
        latex=r"\tfrac{1}{m} \sum_j \left[ \log(1 + e^{z_j}) - t_j z_j \right]",
        slope_latex=r"\tfrac{1}{m} \left( \sigma(z) - t \right)",
        curvature_latex=r"\tfrac{1}{m} \operatorname{diag}\, \sigma(z) (1 - \sigma(z))",
        torch="BCEWithLogitsLoss",
        note="The loss of yes-or-no questions. It takes logits: the sigmoid is inside, and its gradient is p − t.",
    ),
    Loss(
        *("cross_entropy", "Cross-entropy"),
        samples=_cross_entropy,
        slope=lambda z, t: softmax(z) - t,
        tangent=_cross_entropy_tangent,
        encode=_one_hot,
        latex=r"\log \sum_j e^{z_j} - z_t",
        slope_latex=r"\operatorname{softmax}(z) - e_t",
        curvature_latex=r"\operatorname{diag}(p) - p\, p^\top,\ p = \operatorname{softmax}(z)",
        torch="CrossEntropyLoss",
        note="The loss of choosing one of several classes. It takes logits: the softmax is inside.",
        least=2,
    ),
)

LOSSES: dict[str, Loss] = {loss.key: loss for loss in _RECORDS}


def _by_key(key: str) -> Loss:
    return LOSSES[key]
