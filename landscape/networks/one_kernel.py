"""OneKernel: the smallest convolutional network, two weights."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from landscape.networks.layers import AvgPool2d, Conv2d, Elementwise, Flatten, Layer
from landscape.networks.layers.activations import ACTIVATIONS
from landscape.networks.losses import LOSSES, Loss
from landscape.networks.network import Network


@dataclass(frozen=True)
class OneKernel(Network):
    """One 3 x 3 kernel slides over a picture, tanh, and the mean of what comes out: one number a picture.

        z = mean over places of tanh(centre * pixel + ring * mean of its 8 neighbours)

    The eight outer entries of the kernel are tied to one number, so it has two. That is a kernel of 1 x 1 on two
    channels, the pixel and the mean of its neighbours, and so the inputs are (N, 2, side, side).

    side   rows and columns of places at which the kernel stands
    """

    side: int

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        mean = AvgPool2d(self.side, self.side)
        return Conv2d(2, 1, 1, bias=False), Elementwise(ACTIVATIONS["tanh"]), mean, Flatten()

    @property
    def loss_function(self) -> Loss:
        return LOSSES["mse"]

    @property
    def loss(self) -> str:
        return self.loss_function.key

    @property
    def input_shape(self) -> tuple[int, ...]:
        return (2, self.side, self.side)

    @property
    def outputs(self) -> int:
        return 1

    @property
    def architecture(self) -> dict[str, Any]:
        return {"side": self.side}

    def latex(self) -> str:
        return r"\operatorname{mean}\, \tanh\left(K * x\right)"
