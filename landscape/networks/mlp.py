"""MLP: the multilayer perceptron."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from operator import index
from typing import Any

from landscape.networks.layers import Affine, Elementwise, Layer
from landscape.networks.layers.activations import ACTIVATIONS
from landscape.networks.losses import LOSSES, Loss
from landscape.networks.network import Network, check_keys, check_size

MAX_WIDTH = 256
MAX_LAYERS = 10


@dataclass(frozen=True)
class MLP(Network):
    """Affine layers with an activation after each but the last: `MLP((2, 8, 1), "tanh", "binary_cross_entropy")`.

        a_0 = input,  z_k = W_k a_(k-1) + b_k,  a_k = f(z_k)

    widths       units from the input to the output, at least two numbers from 1 to MAX_WIDTH
    activation   a key of ACTIVATIONS, after every affine layer but the last
    loss         a key of LOSSES; cross entropies take the outputs as logits
    output       a key of ACTIVATIONS, after the last affine layer; "identity" adds no layer
    bias         whether affine layers have a bias

    Layers are numbered as in torch.nn.Sequential(Linear, Tanh, Linear), so that `unpack` gives its state_dict.
    ValueError where an argument is out of range or unknown.
    """

    widths: Sequence[int] = (2, 8, 1)
    activation: str = "tanh"
    loss: str = "binary_cross_entropy"
    output: str = "identity"
    bias: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "widths", _checked_widths(self.widths))
        check_keys(self, activation=ACTIVATIONS, output=ACTIVATIONS, loss=LOSSES)
        if self.outputs < self.loss_function.least:
            raise ValueError(f"widths ends in {self.outputs}; {self.loss} needs at least {self.loss_function.least}")
        check_size(self, "widths", self.widths)

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        out: list[Layer] = []
        for inputs, outputs in pairwise(self.widths):
            out += [Affine(inputs, outputs, self.bias), Elementwise(ACTIVATIONS[self.activation])]
        last = [] if self.output == "identity" else [Elementwise(ACTIVATIONS[self.output])]
        return (*out[:-1], *last)

    def latex(self) -> str:
        r"""LaTeX of the outputs as a function of the input x: "W_2 \tanh\left(W_1 x + b_1\right) + b_2"."""
        inner, last = "x", len(self.widths) - 1
        for k in range(1, last + 1):
            activation = ACTIVATIONS[self.output if k == last else self.activation]
            inner = rf"W_{k}\, {inner}" + (f" + b_{k}" if self.bias else "")
            if k < last or self.output != "identity":
                inner = rf"{activation.symbol}\left({inner}\right)"
        return inner

    @property
    def architecture(self) -> dict[str, Any]:
        named = {"activation": self.activation, "output": self.output, "loss": self.loss, "bias": self.bias}
        return {"widths": list(self.widths), **named}

    @property
    def loss_function(self) -> Loss:
        return LOSSES[self.loss]

    @property
    def input_shape(self) -> tuple[int, ...]:
        return (self.widths[0],)

    @property
    def outputs(self) -> int:
        return self.widths[-1]


def _checked_widths(widths: Sequence[int]) -> tuple[int, ...]:
    try:
        whole = tuple(index(width) for width in widths)
    except TypeError:
        raise ValueError(f"widths is {widths!r}; it must be a list of whole numbers") from None
    if not 2 <= len(whole) <= MAX_LAYERS + 1:
        raise ValueError(
            f"widths has {len(whole)} numbers; allowed is 2 to {MAX_LAYERS + 1}, input and output included"
        )
    for width in whole:
        if not 1 <= width <= MAX_WIDTH:
            raise ValueError(f"widths has {width}; allowed is 1 to {MAX_WIDTH}")
    return whole
