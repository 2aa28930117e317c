"""CNN: the convolutional network."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import prod
from typing import Any

import numpy as np

from landscape.knob import whole
from landscape.networks.layers import Affine, AvgPool2d, Conv2d, Elementwise, Flatten, Layer, MaxPool2d
from landscape.networks.layers.activations import ACTIVATIONS
from landscape.networks.losses import LOSSES, Loss
from landscape.networks.network import Network, check_keys, check_size

MAX_SIDE = 64
MAX_CHANNELS = 64
MAX_BLOCKS = 4
MAX_OUTPUTS = 256
POOLINGS = {"max": MaxPool2d, "average": AvgPool2d, "none": None}


@dataclass(frozen=True)
class CNN(Network):
    """Blocks of convolution, activation and pooling, then one affine layer: `CNN((8, 8), channels=(4, 8))`.

    image        (rows, columns), or (channels, rows, columns) where there is more than one
    channels     how many kernels each block has, one to MAX_BLOCKS numbers from 1 to MAX_CHANNELS
    kernel, stride, padding   of every convolution
    pooling      "max", "average" or "none", after every activation
    pool         the side of what is pooled, and how far it moves
    outputs      how many numbers come out
    activation   a key of ACTIVATIONS, after every convolution
    loss         a key of LOSSES; cross entropies take the outputs as logits

    Inputs are (N, channels, rows, columns), as in PyTorch; the channels may be left out where there is one. Layers are
    numbered as in torch.nn.Sequential(Conv2d, Tanh, MaxPool2d, Flatten, Linear). ValueError where an argument is out
    of range or unknown, and where a kernel or a pool is larger than what is left of the image.
    """

    image: Sequence[int] = (8, 8)
    channels: Sequence[int] = (4,)
    kernel: int = 3
    stride: int = 1
    padding: int = 0
    pooling: str = "max"
    pool: int = 2
    outputs: int = 10
    activation: str = "tanh"
    loss: str = "cross_entropy"

    def __post_init__(self) -> None:
        object.__setattr__(self, "image", _checked("image", self.image, 2, 3, MAX_SIDE))
        object.__setattr__(self, "channels", _checked("channels", self.channels, 1, MAX_BLOCKS, MAX_CHANNELS))
        for name, low, high in (("outputs", 1, MAX_OUTPUTS), ("pool", 1, MAX_SIDE)):
            whole(name, getattr(self, name), low, high)
        check_keys(self, pooling=POOLINGS, activation=ACTIVATIONS, loss=LOSSES)
        if self.outputs < self.loss_function.least:
            raise ValueError(f"outputs is {self.outputs}; {self.loss} needs at least {self.loss_function.least}")
        check_size(self, "channels", self.channels)

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        out: list[Layer] = []
        shape = self.input_shape
        for channels in self.channels:
            self._check_room(shape, first=not out)
            out.append(Conv2d(shape[0], channels, self.kernel, self.stride, self.padding))
            shape = out[-1].shape(shape)
            out.append(Elementwise(ACTIVATIONS[self.activation]))
            pooled = POOLINGS[self.pooling]
            if pooled is not None:
                if self.pool > min(shape[1:]):
                    raise ValueError(f"pool is {self.pool}, but only {shape[1]} by {shape[2]} is left of the image")
                out.append(pooled(self.pool, self.pool))
                shape = out[-1].shape(shape)
        return (*out, Flatten(), Affine(prod(shape), self.outputs))

    def _check_room(self, shape: tuple[int, ...], first: bool) -> None:
        # The first kernel that does not fit is the kernel's own fault, and says so.
        if not first and self.kernel > min(shape[1:]) + 2 * self.padding:
            raise ValueError(
                f"channels has {len(self.channels)} numbers, but the kernel of {self.kernel} finds only "
                f"{shape[1]} by {shape[2]} is left of the image"
            )

    @cached_property
    def sample_shapes(self) -> tuple[tuple[int, ...], ...]:
        """The shape of one sample as it goes in, and as it comes out of each layer."""
        return tuple(accumulate(self.layers, lambda shape, layer: layer.shape(shape), initial=self.input_shape))

    @property
    def title(self) -> str:
        """What comes out of each block: "8x8 → 4@3x3 → 10"."""
        rows, columns = self.input_shape[1:]
        shapes = self.sample_shapes
        step = 2 if self.pooling == "none" else 3
        blocks = [shapes[step * (k + 1)] for k in range(len(self.channels))]
        return " → ".join([f"{rows}x{columns}", *(f"{c}@{h}x{w}" for c, h, w in blocks), str(self.outputs)])

    def latex(self) -> str:
        r"""LaTeX of the outputs as a function of the input x: "W_2 \operatorname{pool}(\tanh(K_1 * x + b_1)) + b_2"."""
        inner, symbol = "x", ACTIVATIONS[self.activation].symbol
        for k in range(1, len(self.channels) + 1):
            inner = rf"{symbol}\left(K_{k} * {inner} + b_{k}\right)"
            inner = inner if self.pooling == "none" else rf"\operatorname{{pool}}\left({inner}\right)"
        last = len(self.channels) + 1
        return rf"W_{last}\, {inner} + b_{last}"

    @property
    def architecture(self) -> dict[str, Any]:
        names = ("kernel", "stride", "padding", "pooling", "pool", "outputs", "activation", "loss")
        return {"image": list(self.image), "channels": list(self.channels)} | {n: getattr(self, n) for n in names}

    @property
    def loss_function(self) -> Loss:
        return LOSSES[self.loss]

    @property
    def input_shape(self) -> tuple[int, ...]:
        return (1, *self.image) if len(self.image) == 2 else tuple(self.image)

    def arranged(self, inputs: np.ndarray) -> np.ndarray:
        samples = np.asarray(inputs)
        alone = self.input_shape[0] == 1 and samples.shape[1:] == self.input_shape[1:]
        return super().arranged(samples[:, None] if alone else inputs)


def _checked(name: str, values: Sequence[int], least: int, most: int, high: int) -> tuple[int, ...]:
    try:
        several = tuple(values)
    except TypeError:
        raise ValueError(f"{name} is {values!r}; it must be a list of whole numbers") from None
    if not least <= len(several) <= most:
        raise ValueError(f"{name} has {len(several)} numbers; allowed is {least} to {most}")
    return tuple(whole(name, value, 1, high) for value in several)
