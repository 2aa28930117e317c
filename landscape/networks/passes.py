"""The four passes through layers in a row: forward, backward, and the tangent of each.

Layers and the layout of their arrays are described in `layers/base.py`. `forward` keeps what comes out of every layer,
`backward` turns that around by the chain rule, and the tangents differentiate both along K directions of weight space:
forward-over-backward, which gives exact products with the Hessian at a few times the cost of a gradient.
Source: Pearlmutter (1994), "Fast exact multiplication by the Hessian", Neural Computation 6, 147-160, where
the tangent of a quantity q is written R{q}.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from landscape.networks.layers import Arrays, Layer

# Numbers in the widest array of a pass, so that a handful of such arrays fit in a core's own cache.
BLOCK = 32_768


class Slot(NamedTuple):
    """Where one parameter stands in the flat weights, and its shape."""

    where: slice
    shape: tuple[int, ...]


Slots = Sequence[Sequence[Slot]]


def biases(slots: Slots) -> tuple[int, ...]:
    """The coordinates of the flat weights that are biases: those of parameters with one axis."""
    flat = [slot for own in slots for slot in own if len(slot.shape) == 1]
    return tuple(k for slot in flat for k in range(slot.where.start, slot.where.stop))


def parameters(slots: Slots, w: np.ndarray) -> list[Arrays]:
    """Each layer's parameters out of flat weights: (..., size) to (..., *shape)."""
    return [[w[..., slot.where].reshape(*w.shape[:-1], *slot.shape) for slot in own] for own in slots]


def flattened(per_layer: Sequence[Arrays], leading: tuple[int, ...]) -> np.ndarray:
    """The inverse of `parameters`: (*leading, *shape) each to (*leading, size)."""
    return np.concatenate([array.reshape(*leading, -1) for own in per_layer for array in own], axis=-1)


def blocks(layers: Sequence[Layer], a: np.ndarray, count: int, directions: int = 1) -> Iterator[slice]:
    """Slices of `count` weight vectors, or directions, short enough for the arrays of a pass to stay in the cache."""
    shape, widest = (a.shape[1], *a.shape[3:]), 1
    for layer in layers:
        widest, shape = max(widest, layer.room(shape)), layer.shape(shape)
    length = max(1, BLOCK // (widest * a.shape[2] * directions))
    for first in range(0, count, length):
        yield slice(first, min(first + length, count))


def forward(layers: Sequence[Layer], p: Sequence[Arrays], a: np.ndarray) -> list[np.ndarray]:
    """The input (B or 1, units, N) and what comes out of each layer, (B, units, N)."""
    values = [a]
    for layer, own in zip(layers, p, strict=True):
        values.append(layer.forward(own, values[-1]))
    return values


def backward(
    layers: Sequence[Layer],
    p: Sequence[Arrays],
    values: Sequence[np.ndarray],
    delta: np.ndarray,
    to_inputs: bool = False,
) -> tuple[list[np.ndarray], list[Arrays]]:
    """The derivatives of the loss in each of `values`, and in each layer's parameters, (B, *shape).

    delta is the derivative in the last value. The network's input is left out, so that the first entry belongs to
    values[1], unless `to_inputs` asks for it: nothing that learns needs it.
    """
    deltas, gradients = [delta], []
    for k in reversed(range(len(layers))):
        own, before = layers[k].backward(p[k], values[k], values[k + 1], deltas[-1], k > 0 or to_inputs)
        gradients.append(own)
        if before is not None:
            deltas.append(before)
    return deltas[::-1], gradients[::-1]


def forward_tangent(
    layers: Sequence[Layer], p: Sequence[Arrays], values: Sequence[np.ndarray], p_dot: Sequence[Arrays]
) -> tuple[list[np.ndarray | None], np.ndarray]:
    """The tangents of each layer's input, None where it does not depend on the weights, and of the outputs.

    Each is (B, units, K, N); at least one layer must have weights.
    """
    tangents: list[np.ndarray | None] = [None]
    for k, layer in enumerate(layers):
        tangents.append(layer.forward_tangent(p[k], values[k], values[k + 1], p_dot[k], tangents[-1]))
    outputs = tangents.pop()
    assert outputs is not None
    return tangents, outputs


def backward_tangent(
    layers: Sequence[Layer],
    p: Sequence[Arrays],
    values: Sequence[np.ndarray],
    deltas: Sequence[np.ndarray],
    p_dot: Sequence[Arrays],
    tangents: Sequence[np.ndarray | None],
    delta_dot: np.ndarray,
) -> list[Arrays]:
    """The tangents of each layer's gradients, (B, K, *shape): the Hessian times the K directions.

    values, deltas, tangents   as `forward`, `backward` (without the inputs' delta) and `forward_tangent` give them
    delta_dot                  (B, outputs, K, N), the tangent of the last delta
    """
    out = []
    arriving: np.ndarray | None = delta_dot
    for k in reversed(range(len(layers))):
        assert arriving is not None
        own, arriving = layers[k].backward_tangent(
            p[k], values[k], values[k + 1], deltas[k], p_dot[k], tangents[k], arriving, k > 0
        )
        out.append(own)
    return out[::-1]
