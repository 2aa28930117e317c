"""Layers: one step of a network, its derivatives, and the tangents of those.

A layer works on B weight vectors, N samples and, where something is differentiated along directions of weight space,
K directions at once. Its arrays are

    a, z             (B, units, N)       what goes in and what comes out; B is 1 where all weight vectors share it
    delta            (B, units, N)       the derivative of the loss in z
    a_dot, z_dot     (B, units, K, N)    derivatives of a and z along the K directions
    p, p_dot         its parameters, each (B, *shape), and the directions, each (B, K, *shape)

Samples come last so that every elementwise operation runs over contiguous memory, and units come before directions so
that one matrix product serves all directions of a weight vector. Further axes may follow N: the rows and columns of an
image, the steps of a sequence. Affine and elementwise layers treat each place in them alike.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from math import prod
from typing import NamedTuple

import numpy as np

Arrays = Sequence[np.ndarray]
Back = tuple[Arrays, np.ndarray | None]


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

    forward(p, a)                           z
    backward(p, a, z, delta, inward)        the derivatives of the loss in each parameter, (B, *shape), and in a
    forward_tangent(p, a, z, p_dot, a_dot)  z_dot
    backward_tangent(p, a, z, delta, p_dot, a_dot, delta_dot, inward)
                                            the tangents of both that `backward` gives: (B, K, *shape), (B, units, K, N)

    Where `inward` is False nobody asks for the derivative in a, and None stands for it. a_dot is None in the first
    layer: the data do not depend on the weights.

    parameters    what the layer learns, by name, with shapes as PyTorch lays them out
    title, torch  what a page calls it; the module of torch.nn that is the same
    torch_class   the definition of that module, where torch.nn has none just like it
    shape(a)      the shape of one sample, (units, ...), as it comes out, from that as it goes in; ValueError if it
                  does not fit
    room(a)       how many numbers a sample takes at most on its way through
    links         which units hear which: unit by unit, a unit's bias after its weights; () where that is not all
    hears(p)      everything that makes a unit what it is, from parameters without B: (units, m)
    heard(p, n)   everything through which each of the n units that go in is heard: (n, m)
    """

    @property
    @abstractmethod
    def title(self) -> str: ...

    @property
    @abstractmethod
    def torch(self) -> str: ...

    @property
    def torch_class(self) -> str:
        return ""

    @property
    def parameters(self) -> dict[str, tuple[int, ...]]:
        return {}

    @property
    def links(self) -> tuple[Link, ...]:
        return ()

    def shape(self, a: tuple[int, ...]) -> tuple[int, ...]:
        return a

    def room(self, a: tuple[int, ...]) -> int:
        return max(prod(a), prod(self.shape(a)))

    def hears(self, p: Arrays) -> np.ndarray:
        return np.concatenate([each.reshape(len(each), -1) for each in p], axis=1)

    def heard(self, p: Arrays, n: int) -> np.ndarray:
        # Units come first in what a layer reads, pixels and steps after them.
        return p[0].reshape(len(p[0]), n, -1).swapaxes(0, 1).reshape(n, -1)

    @abstractmethod
    def forward(self, p: Arrays, a: np.ndarray) -> np.ndarray: ...

    @abstractmethod
    def backward(self, p: Arrays, a: np.ndarray, z: np.ndarray, delta: np.ndarray, inward: bool = True) -> Back: ...

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
        inward: bool = True,
    ) -> Back: ...


class Routing(Layer):
    """A layer without parameters that is linear while its input holds still: it only says where numbers go.

    push(a, x)   where x goes, which is laid out as a or as a_dot
    pull(a, d)   its adjoint: where delta or delta_dot comes back to

    So `push` is forward and its tangent, `pull` backward and its tangent.
    """

    @abstractmethod
    def push(self, a: np.ndarray, x: np.ndarray) -> np.ndarray: ...

    @abstractmethod
    def pull(self, a: np.ndarray, d: np.ndarray) -> np.ndarray: ...

    def forward(self, p: Arrays, a: np.ndarray) -> np.ndarray:
        return self.push(a, a)

    def backward(self, p: Arrays, a: np.ndarray, z: np.ndarray, delta: np.ndarray, inward: bool = True) -> Back:
        return (), self.pull(a, delta) if inward else None

    def forward_tangent(
        self, p: Arrays, a: np.ndarray, z: np.ndarray, p_dot: Arrays, a_dot: np.ndarray | None
    ) -> np.ndarray | None:
        return None if a_dot is None else self.push(a, a_dot)

    def backward_tangent(
        self,
        p: Arrays,
        a: np.ndarray,
        z: np.ndarray,
        delta: np.ndarray,
        p_dot: Arrays,
        a_dot: np.ndarray | None,
        delta_dot: np.ndarray,
        inward: bool = True,
    ) -> Back:
        return (), self.pull(a, delta_dot) if inward else None


def along(primal: np.ndarray) -> np.ndarray:
    """(B, units, N) as (B, units, 1, N), to meet tangents."""
    return primal[:, :, None]
