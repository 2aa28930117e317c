"""The elementwise layer."""

from dataclasses import dataclass

import numpy as np

from landscape.networks.layers.activations import Activation
from landscape.networks.layers.base import Arrays, Back, Layer, along


@dataclass(frozen=True)
class Elementwise(Layer):
    """An activation, unit by unit and sample by sample.

    z = f(a)
    backward            f'(a) delta
    forward_tangent     f'(a) a_dot
    backward_tangent    f'(a) delta_dot + f''(a) a_dot delta
    """

    activation: Activation

    @property
    def title(self) -> str:
        return self.activation.title

    @property
    def torch(self) -> str:
        return f"{self.activation.torch}()"

    def forward(self, p: Arrays, a: np.ndarray) -> np.ndarray:
        return self.activation.value(a)

    def backward(self, p: Arrays, a: np.ndarray, z: np.ndarray, delta: np.ndarray, inward: bool = True) -> Back:
        return (), self.activation.slope(a, z) * delta if inward else None

    def forward_tangent(
        self, p: Arrays, a: np.ndarray, z: np.ndarray, p_dot: Arrays, a_dot: np.ndarray | None
    ) -> np.ndarray | None:
        return None if a_dot is None else along(self.activation.slope(a, z)) * a_dot

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
        if not inward:
            return (), None
        out = along(self.activation.slope(a, z)) * delta_dot
        if a_dot is not None and self.activation.curvature is not None:
            out += along(self.activation.curvature(a, z) * delta) * a_dot
        return (), out
