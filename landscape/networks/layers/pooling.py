"""Layers without weights that make an image smaller, or a row of numbers."""

from abc import abstractmethod
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np

from landscape.networks.layers.base import Arrays, Routing
from landscape.networks.layers.windows import Windows


@dataclass(frozen=True)
class Pool2d(Routing):
    """One number out of every window of every channel; (B, channels, N, rows, columns).

    `chosen` is what `push` and `pull` need to know of the input.
    """

    kernel: int
    stride: int

    @cached_property
    def windows(self) -> Windows:
        return Windows(self.kernel, self.stride)

    def shape(self, a: tuple[int, ...]) -> tuple[int, ...]:
        return (a[0], *self.windows.places(*a[1:]))

    def room(self, a: tuple[int, ...]) -> int:
        return max(prod(a), prod(self.shape(a)) * self.kernel**2)

    @abstractmethod
    def chosen(self, a: np.ndarray) -> np.ndarray:
        """The share that each entry of each window has in what comes out, (B, C, kernel**2, N, H', W')."""

    def push(self, a: np.ndarray, x: np.ndarray) -> np.ndarray:
        return (self._shares(a, x) * self.windows.gather(x)).sum(axis=2)

    def pull(self, a: np.ndarray, d: np.ndarray) -> np.ndarray:
        return self.windows.scatter(self._shares(a, d) * d[:, :, None], *a.shape[-2:])

    def _shares(self, a: np.ndarray, x: np.ndarray) -> np.ndarray:
        """What is chosen of a, the same along every direction that x has."""
        chosen = self.chosen(a)
        return chosen if x.ndim == a.ndim else chosen[:, :, :, None]


@dataclass(frozen=True)
class MaxPool2d(Pool2d):
    """The largest number of every window, as torch.nn.MaxPool2d(kernel, stride).

    backward    delta goes to the winner and to nobody else; of several that are equal to the first, row by row,
                as in PyTorch

    The winners do not change under a small change of the input, away from ties, so every tangent follows them too.
    """

    title = "max-pooling"

    @property
    def torch(self) -> str:
        return f"MaxPool2d({self.kernel}, {self.stride})"

    def forward(self, p: Arrays, a: np.ndarray) -> np.ndarray:
        return self.windows.gather(a).max(axis=2)

    def chosen(self, a: np.ndarray) -> np.ndarray:
        windows = self.windows.gather(a)
        winner = windows.argmax(axis=2)[:, :, None]
        return (winner == np.arange(self.kernel**2).reshape(-1, *[1] * (windows.ndim - 3))).astype(float)


@dataclass(frozen=True)
class AvgPool2d(Pool2d):
    """The mean of every window, as torch.nn.AvgPool2d(kernel, stride).

    backward    delta is spread evenly: every entry gets delta / kernel**2
    """

    title = "average pooling"

    @property
    def torch(self) -> str:
        return f"AvgPool2d({self.kernel}, {self.stride})"

    def chosen(self, a: np.ndarray) -> np.ndarray:
        return np.full((1, 1, self.kernel**2, *[1] * (a.ndim - 2)), 1 / self.kernel**2)


@dataclass(frozen=True)
class Flatten(Routing):
    """An image as a row of units, channel by channel and row by row, as torch.nn.Flatten: (B, units, N).

    Nothing is computed: numbers are put elsewhere, and back where they were.
    """

    title = "flatten"
    torch = "Flatten()"

    def shape(self, a: tuple[int, ...]) -> tuple[int, ...]:
        return (prod(a),)

    def push(self, a: np.ndarray, x: np.ndarray) -> np.ndarray:
        """(B, channels, ..., N, rows, columns) -> (B, channels * rows * columns, ..., N)."""
        inner = np.moveaxis(x, *self._axes(a)[::-1])
        return inner.reshape(len(x), a.shape[1] * prod(a.shape[3:]), *inner.shape[a.ndim - 1 :])

    def pull(self, a: np.ndarray, d: np.ndarray) -> np.ndarray:
        """The way back."""
        folded = d.reshape(len(d), a.shape[1], *a.shape[3:], *d.shape[2:])
        return np.moveaxis(folded, *self._axes(a))

    def _axes(self, a: np.ndarray) -> tuple[list[int], list[int]]:
        """The axes of the image, behind the channels and behind everything."""
        count = a.ndim - 3
        return list(range(2, 2 + count)), list(range(-count, 0))
