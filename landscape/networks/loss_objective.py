"""LossObjective: a network's loss on given samples as a function of its flat weights."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod
from operator import index
from typing import NamedTuple

import numpy as np

from landscape.networks.layers import Arrays, Layer
from landscape.networks.losses import Loss
from landscape.networks.passes import (
    Slots,
    backward,
    backward_tangent,
    biases,
    blocks,
    flattened,
    forward,
    forward_tangent,
    parameters,
)
from landscape.objective import Objective

# A full Hessian of this many weights takes 32 MB; products with it have no such bound.
MAX_HESSIAN = 2000


class Passed(NamedTuple):
    """What `forward` and `backward` left: deltas[k] belongs to values[k + 1]."""

    p: list[Arrays]
    values: list[np.ndarray]
    deltas: list[np.ndarray]
    gradients: list[Arrays]


@dataclass(frozen=True, eq=False)
class LossObjective(Objective):
    """f(w) = mean over samples, and over steps, of loss(network(w, input), target), with exact derivatives.

    layers, slots, loss   what the network is made of
    inputs                (1, units, N, ...), as the layers want them
    targets               (outputs, N), or (outputs, N, steps) where each step of a sample has its own
    batch_size            how many samples a `draw` takes; None for all of them
    momentary             True for such a draw

    value, gradient, hessian, hessian_vector and draw are those of any Objective; weights have shape (..., size).
    gauss_newton(x) is the part of the Hessian that looks at the network as linear: positive semi-definite where the
    loss is convex in the outputs, as all of LOSSES are.

        gradient            one pass forward, one back
        hessian_vector      the tangents of both: Pearlmutter (1994), "Fast exact multiplication by the Hessian"
        hessian             the same along all unit vectors in one batch
        gauss_newton        J' S J; J is the tangent of the outputs, S the Hessian of the loss in them
                            Schraudolph (2002), "Fast curvature matrix-vector products", Neural Computation 14

    At a kink of relu slope and curvature count as 0, as in PyTorch. ValueError for weights of the wrong shape, a batch
    size out of range, and a full Hessian of more than MAX_HESSIAN weights.
    """

    layers: Sequence[Layer]
    slots: Slots
    loss: Loss
    inputs: np.ndarray
    targets: np.ndarray
    batch_size: int | None = None
    momentary: bool = False

    def __post_init__(self) -> None:
        if self.batch_size is None:
            return
        try:
            whole = index(self.batch_size)
        except TypeError:
            raise ValueError(f"batch_size is {self.batch_size!r}; it must be a whole number") from None
        if not 1 <= whole <= self.samples:
            raise ValueError(f"batch_size is {whole}; allowed is 1 to {self.samples}, the number of samples")

    @cached_property
    def dimension(self) -> int:
        return sum(prod(slot.shape) for own in self.slots for slot in own)

    @cached_property
    def biases(self) -> tuple[int, ...]:
        return biases(self.slots)

    @property
    def samples(self) -> int:
        return self.targets.shape[1]

    @property
    def count(self) -> int:
        """How many losses the mean is over: one a sample, or one a step of each sample."""
        return self.targets[0].size

    def draw(self, rng: np.random.Generator) -> "LossObjective":
        """The loss on `batch_size` samples drawn without replacement: its expectation is the loss on all of them.

        One draw serves every weight vector of a batch, so that a race compares methods on the same mini-batches.
        """
        if self.batch_size is None or self.batch_size == self.samples:
            return self
        chosen = rng.choice(self.samples, self.batch_size, replace=False)
        return replace(
            self, inputs=self.inputs[:, :, chosen], targets=self.targets[:, chosen], batch_size=None, momentary=True
        )

    def value(self, x: np.ndarray) -> np.ndarray:
        flat, leading = self._flat("x", x)
        out = np.empty(len(flat))
        with np.errstate(all="ignore"):
            for block in blocks(self.layers, self.inputs, len(flat)):
                outputs = forward(self.layers, parameters(self.slots, flat[block]), self.inputs)[-1]
                losses = self.loss.samples(outputs, self.targets)
                out[block] = losses.reshape(len(losses), -1).sum(axis=1) / self.count
        return out.reshape(leading)[()]

    def gradient(self, x: np.ndarray) -> np.ndarray:
        flat, leading = self._flat("x", x)
        out = np.empty(flat.shape)
        with np.errstate(all="ignore"):
            for block in blocks(self.layers, self.inputs, len(flat)):
                w = flat[block]
                out[block] = flattened(self._passed(w).gradients, w.shape[:1])
        return out.reshape(*leading, self.dimension)

    def hessian_vector(self, x: np.ndarray, v: np.ndarray) -> np.ndarray:
        shape = np.broadcast_shapes(np.shape(x), np.shape(v))
        flat, leading = self._flat("x", np.broadcast_to(x, shape))
        directions, _ = self._flat("v", np.broadcast_to(v, shape))
        out = np.empty(flat.shape)
        with np.errstate(all="ignore"):
            for block in blocks(self.layers, self.inputs, len(flat)):
                out[block] = self._products(self._passed(flat[block]), directions[block][:, None])[:, 0]
        return out.reshape(*leading, self.dimension)

    def hessian(self, x: np.ndarray) -> np.ndarray:
        flat, leading = self._flat("x", x)
        n = self._checked_dimension()
        out = np.empty((len(flat), n, n))
        with np.errstate(all="ignore"):
            for block in blocks(self.layers, self.inputs, len(flat), directions=n):
                passed = self._passed(flat[block])
                identity = np.broadcast_to(np.eye(n), out[block].shape)
                for rows in blocks(self.layers, self.inputs, n):
                    out[block, rows] = self._products(passed, identity[:, rows])
        return out.reshape(*leading, n, n)

    def gauss_newton(self, x: np.ndarray) -> np.ndarray:
        """(..., n) -> (..., n, n): the mean over samples of J' S J, symmetric and positive semi-definite."""
        flat, leading = self._flat("x", x)
        n = self._checked_dimension()
        out = np.empty((len(flat), n, n))
        identity = parameters(self.slots, np.eye(n)[None])
        with np.errstate(all="ignore"):
            for i, w in enumerate(flat[:, None]):
                p = parameters(self.slots, w)
                values = forward(self.layers, p, self.inputs)
                _, jacobian = forward_tangent(self.layers, p, values, identity)
                curved = self.loss.tangent(values[-1], jacobian) / self.count
                rows = [array[0].swapaxes(0, 1).reshape(n, -1) for array in (jacobian, curved)]
                out[i] = rows[0] @ rows[1].T
        return out.reshape(*leading, n, n)

    def _passed(self, w: np.ndarray) -> Passed:
        """One pass forwards and one back, for weights (B, size)."""
        p = parameters(self.slots, w)
        values = forward(self.layers, p, self.inputs)
        delta = self.loss.slope(values[-1], self.targets) / self.count
        return Passed(p, values, *backward(self.layers, p, values, delta))

    def _products(self, passed: Passed, v: np.ndarray) -> np.ndarray:
        """The Hessian times each direction, (B, K, size) -> (B, K, size), where a pass has been."""
        p, values, deltas, _ = passed
        p_dot = parameters(self.slots, v)
        tangents, outputs_dot = forward_tangent(self.layers, p, values, p_dot)
        delta_dot = self.loss.tangent(values[-1], outputs_dot) / self.count
        products = backward_tangent(self.layers, p, values, deltas, p_dot, tangents, delta_dot)
        return flattened(products, v.shape[:2])

    def _flat(self, name: str, x: np.ndarray) -> tuple[np.ndarray, tuple[int, ...]]:
        """x as (B, n), and its leading axes."""
        x = np.asarray(x, dtype=float)
        if x.shape[-1:] != (self.dimension,):
            raise ValueError(f"{name} has shape {x.shape}; its last axis must be {self.dimension}")
        return x.reshape(-1, self.dimension), x.shape[:-1]

    def _checked_dimension(self) -> int:
        if self.dimension > MAX_HESSIAN:
            raise ValueError(
                f"the network has {self.dimension} weights; a full Hessian is formed for at most {MAX_HESSIAN}, "
                "hessian_vector has no such bound"
            )
        return self.dimension
