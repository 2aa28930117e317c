"""The convolutional layer."""

from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np

from landscape.networks.layers.affine import Affine
from landscape.networks.layers.base import Arrays, Back, Layer
from landscape.networks.layers.windows import Windows


@dataclass(frozen=True)
class Conv2d(Layer):
    """One affine map, the kernel, of every window of an image, as torch.nn.Conv2d: weight (outputs, inputs, k, k).

    z[o, r, s] = b[o] + sum over c, i, j of W[o, c, i, j] a[c, r * stride + i - padding, s * stride + j - padding]

    Arrays are (B, channels, N, rows, columns). It is the affine layer on windows laid out as columns, so its
    derivatives are those of Affine, and of the reading of windows, which is linear:
    gradient    dL/dW is the correlation of the input with delta, over places and samples
    backward    W' delta, every entry of every window added where it was read: the full convolution of delta, spread
                out by the stride, with the kernel turned by half a turn, and cut down by the padding

    As in PyTorch and TensorFlow the kernel is not flipped forwards: mathematically this is a correlation.
    Source: Dumoulin & Visin (2016), "A guide to convolution arithmetic for deep learning", sections 2 and 4.
    """

    inputs: int
    outputs: int
    kernel: int
    stride: int = 1
    padding: int = 0
    bias: bool = True

    title = "convolution"

    @cached_property
    def windows(self) -> Windows:
        return Windows(self.kernel, self.stride, self.padding)

    @cached_property
    def affine(self) -> Affine:
        """The kernel as a matrix, one row an output channel."""
        return Affine(self.inputs * self.kernel**2, self.outputs, self.bias)

    @property
    def torch(self) -> str:
        extras = f", stride={self.stride}, padding={self.padding}" + ("" if self.bias else ", bias=False")
        return f"Conv2d({self.inputs}, {self.outputs}, {self.kernel}{extras})"

    @property
    def parameters(self) -> dict[str, tuple[int, ...]]:
        weight: dict[str, tuple[int, ...]] = {"weight": (self.outputs, self.inputs, self.kernel, self.kernel)}
        return weight | ({"bias": (self.outputs,)} if self.bias else {})

    def shape(self, a: tuple[int, ...]) -> tuple[int, ...]:
        return (self.outputs, *self.windows.places(*a[1:]))

    def room(self, a: tuple[int, ...]) -> int:
        return max(prod(a), prod(self.shape(a)[1:]) * max(self.affine.inputs, self.outputs))

    def forward(self, p: Arrays, a: np.ndarray) -> np.ndarray:
        return self.affine.forward(self._matrix(p), self._columns(a))

    def backward(self, p: Arrays, a: np.ndarray, z: np.ndarray, delta: np.ndarray, inward: bool = True) -> Back:
        gradients, columns = self.affine.backward(self._matrix(p), self._columns(a), z, delta, inward)
        return self._kernels(gradients), self._image(columns, a)

    def forward_tangent(
        self, p: Arrays, a: np.ndarray, z: np.ndarray, p_dot: Arrays, a_dot: np.ndarray | None
    ) -> np.ndarray | None:
        columns_dot = None if a_dot is None else self._columns(a_dot)
        return self.affine.forward_tangent(self._matrix(p), self._columns(a), z, self._matrix(p_dot, 2), columns_dot)

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
        columns_dot = None if a_dot is None else self._columns(a_dot)
        matrix, matrix_dot = self._matrix(p), self._matrix(p_dot, 2)
        gradients, columns = self.affine.backward_tangent(
            matrix, self._columns(a), z, delta, matrix_dot, columns_dot, delta_dot, inward
        )
        return self._kernels(gradients), self._image(columns, a)

    def _matrix(self, p: Arrays, leading: int = 1) -> Arrays:
        return [p[0].reshape(*p[0].shape[:leading], self.outputs, -1), *p[1:]]

    def _kernels(self, gradients: Arrays) -> Arrays:
        """Gradients of the matrix, (..., outputs, inputs * kernel**2), in the kernel's shape."""
        leading = gradients[0].shape[:-2]
        return [gradients[0].reshape(*leading, *self.parameters["weight"]), *gradients[1:]]

    def _columns(self, a: np.ndarray) -> np.ndarray:
        """(B, C, ..., H, W) -> (B, C * kernel**2, ..., H', W')."""
        windows = self.windows.gather(a)
        return windows.reshape(len(windows), self.affine.inputs, *windows.shape[3:])

    def _image(self, columns: np.ndarray | None, a: np.ndarray) -> np.ndarray | None:
        if columns is None:
            return None
        windows = columns.reshape(len(columns), self.inputs, self.kernel**2, *columns.shape[2:])
        return self.windows.scatter(windows, *a.shape[-2:])
