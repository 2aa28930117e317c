"""Layers: one step of a network, its derivatives, and the tangents of those.

A layer works on B weight vectors, N samples and, where something is differentiated along directions of weight space,
K directions at once. Its arrays are

    a, z             (B, units, N)       what goes in and what comes out; B is 1 where all weight vectors share it
    delta            (B, units, N)       the derivative of the loss in z
    a_dot, z_dot     (B, units, K, N)    derivatives of a and z along the K directions
    p, p_dot         its parameters, each (B, *shape), and the directions, each (B, K, *shape)

Samples come last so that every elementwise operation runs over contiguous memory, and units come before directions so
that one matrix product serves all directions of a weight vector. Further axes after N (pixels, say) pass through the
elementwise layers unchanged.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

Arrays = Sequence[np.ndarray]


class Link(NamedTuple):
    """One weight between two units: `unit`, which comes out of a layer, hears `source`, which goes in, through it.

    source   None for a bias
    place    which of the layer's own numbers the weight is, in the order of its parameters
    """

    unit: int
    source: int | None
    place: int


class Layer(ABC):
    """What the passes of a network ask of each of its layers.

    forward(p, a)                                         z
    backward(p, a, z, delta)                              the derivative of the loss in a
    gradient(a, delta)                                    the derivative of the loss in each parameter, (B, *shape)
    forward_tangent(p, a, z, p_dot, a_dot)                z_dot
    backward_tangent(p, a, z, delta, p_dot, a_dot, delta_dot)   the tangent of `backward`, (B, units, K, N)
    gradient_tangent(a, delta, a_dot, delta_dot)          the tangent of `gradient`, (B, K, *shape)

    a_dot is None in the first layer: the data do not depend on the weights. `parameters` names what a layer learns,
    with shapes as PyTorch lays them out; `title` is what a page calls it and `torch` the module that is the same.
    `units` says how many units come out where so many go in, and `links` which of them hear which: unit by unit, a
    unit's bias after its weights; () where nothing is learned.
    """

    @property
    @abstractmethod
    def title(self) -> str: ...

    @property
    @abstractmethod
    def torch(self) -> str: ...

    @property
    def parameters(self) -> dict[str, tuple[int, ...]]:
        return {}

    @property
    def links(self) -> tuple[Link, ...]:
        return ()

    def units(self, inputs: int) -> int:
        return inputs

    @abstractmethod
    def forward(self, p: Arrays, a: np.ndarray) -> np.ndarray: ...

    @abstractmethod
    def backward(self, p: Arrays, a: np.ndarray, z: np.ndarray, delta: np.ndarray) -> np.ndarray: ...

    @abstractmethod
    def forward_tangent(
        self, p: Arrays, a: np.ndarray, z: np.ndarray, p_dot: Arrays, a_dot: np.ndarray | None
    ) -> np.ndarray | None: ...

    @abstractmethod
    def backward_tangent(
        self,
        p: Arrays,
        a: np.ndarray,
        z: np.ndarray,
        delta: np.ndarray,
        p_dot: Arrays,
        a_dot: np.ndarray | None,
        delta_dot: np.ndarray,
    ) -> np.ndarray: ...

    def gradient(self, a: np.ndarray, delta: np.ndarray) -> Arrays:
        del a, delta
        return ()

    def gradient_tangent(
        self, a: np.ndarray, delta: np.ndarray, a_dot: np.ndarray | None, delta_dot: np.ndarray
    ) -> Arrays:
        del a, delta, a_dot, delta_dot
        return ()


def along(primal: np.ndarray) -> np.ndarray:
    """(B, units, N) as (B, units, 1, N), to meet tangents."""
    return primal[:, :, None]
