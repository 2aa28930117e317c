"""The affine layer."""

from dataclasses import dataclass

import numpy as np

from landscape.networks.layers.base import Arrays, Back, Layer, Link


@dataclass(frozen=True)
class Affine(Layer):
    """A weighted sum of the inputs for each unit, as torch.nn.Linear: weight (outputs, inputs), bias (outputs,).

    z = W a + b
    backward            W' delta
    gradient            dL/dW = sum over samples of delta a',  dL/db = sum over samples of delta
    forward_tangent     W a_dot + W_dot a + b_dot
    backward_tangent    W' delta_dot + W_dot' delta
    gradient_tangent    sum over samples of delta_dot a' + delta a_dot', and of delta_dot

    The map is linear in W and in a, so every tangent is the product rule.
    """

    inputs: int
    outputs: int
    bias: bool = True

    title = "affine"

    @property
    def torch(self) -> str:
        return f"Linear({self.inputs}, {self.outputs}{'' if self.bias else ', bias=False'})"

    @property
    def parameters(self) -> dict[str, tuple[int, ...]]:
        weight: dict[str, tuple[int, ...]] = {"weight": (self.outputs, self.inputs)}
        return weight | ({"bias": (self.outputs,)} if self.bias else {})

    @property
    def links(self) -> tuple[Link, ...]:
        out = []
        for j in range(self.outputs):
            out += [Link(j, i, j * self.inputs + i) for i in range(self.inputs)]
            out += [Link(j, None, self.outputs * self.inputs + j)] if self.bias else []
        return tuple(out)

    def shape(self, a: tuple[int, ...]) -> tuple[int, ...]:
        return (self.outputs, *a[1:])

    def forward(self, p: Arrays, a: np.ndarray) -> np.ndarray:
        z = _product(p[0], _flat(a))
        if self.bias:
            z += p[1][:, :, None]
        return z.reshape(*z.shape[:2], *a.shape[2:])

    def backward(self, p: Arrays, a: np.ndarray, z: np.ndarray, delta: np.ndarray, inward: bool = True) -> Back:
        flat = _flat(delta)
        weight = _product(flat, _transposed(_flat(a)))
        gradients = (weight, flat.sum(axis=-1)) if self.bias else (weight,)
        if not inward:
            return gradients, None
        out = _transposed(p[0]) @ flat
        return gradients, out.reshape(*out.shape[:2], *delta.shape[2:])

    def forward_tangent(
        self, p: Arrays, a: np.ndarray, z: np.ndarray, p_dot: Arrays, a_dot: np.ndarray | None
    ) -> np.ndarray | None:
        batch, directions = p_dot[0].shape[:2]
        rows = p_dot[0].swapaxes(1, 2).reshape(batch, -1, self.inputs)
        out = _product(rows, _flat(a)).reshape(batch, self.outputs, directions, -1)
        if a_dot is not None:
            out += _over_directions(p[0], _flat(a_dot, 3))
        if self.bias:
            out += p_dot[1].swapaxes(1, 2)[..., None]
        return out.reshape(*out.shape[:3], *a.shape[2:])

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
        flat, flat_dot = _flat(delta), _flat(delta_dot, 3)
        batch, _, directions, samples = flat_dot.shape
        weight = _product(flat_dot.reshape(batch, -1, samples), _transposed(_flat(a)))
        weight = weight.reshape(batch, self.outputs, directions, self.inputs).swapaxes(1, 2)
        if a_dot is not None:
            second = flat @ _transposed(a_dot.reshape(batch, -1, samples))
            weight = weight + second.reshape(batch, self.outputs, self.inputs, directions).transpose(0, 3, 1, 2)
        gradients = (weight, flat_dot.sum(axis=-1).swapaxes(1, 2)) if self.bias else (weight,)
        if not inward:
            return gradients, None
        rows = p_dot[0].transpose(0, 3, 1, 2).reshape(batch, -1, self.outputs)
        out = (rows @ flat).reshape(batch, self.inputs, directions, samples)
        out += _over_directions(_transposed(p[0]), flat_dot)
        return gradients, out.reshape(*out.shape[:3], *delta.shape[2:])


def _flat(array: np.ndarray, kept: int = 2) -> np.ndarray:
    """Samples, and whatever axes follow them, as one axis behind those that are kept."""
    return array.reshape(*array.shape[:kept], -1)


def _transposed(matrices: np.ndarray) -> np.ndarray:
    return matrices.swapaxes(-1, -2)


def _product(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """left @ right, (B, i, j) and (B or 1, j, k); as one matrix product where the right factor is shared."""
    if len(right) == 1 < len(left):
        return (left.reshape(-1, left.shape[-1]) @ right[0]).reshape(*left.shape[:2], -1)
    return left @ right


def _over_directions(matrix: np.ndarray, tangent: np.ndarray) -> np.ndarray:
    """matrix @ tangent for every direction: (B, i, j), (B, j, K, N) -> (B, i, K, N)."""
    batch, _, directions, samples = tangent.shape
    return (matrix @ tangent.reshape(batch, -1, directions * samples)).reshape(batch, -1, directions, samples)
