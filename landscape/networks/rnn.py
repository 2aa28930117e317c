"""RNN: the recurrent network."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from landscape.knob import whole
from landscape.networks.layers import Affine, LastStep, Layer, Recurrence
from landscape.networks.layers.cells import CELLS
from landscape.networks.losses import LOSSES, Loss
from landscape.networks.network import Network, check_keys, check_size

MAX_HIDDEN = 64
MAX_UNITS = 256
# Lengths of a sequence: in one step nothing recurs, and what thousands keep does not fit in memory for many samples.
LENGTHS = (2, 1000)


@dataclass(frozen=True)
class RNN(Network):
    """A recurrent layer and an affine one behind it: `RNN(1, 8, 1, cell="lstm")`.

        h_t = cell(x_t, h_{t-1}),  z = W h_T + b,  or z_t = W h_t + b where `every_step`

    inputs, outputs   how many numbers each step hears, and how many come out
    hidden            how many units the state has, 1 to MAX_HIDDEN
    cell              a key of CELLS
    every_step        whether there is an output at every step, or only after the last
    loss              a key of LOSSES

    Sequences are (N, T, inputs), as PyTorch has them with batch_first; of one input also (N, T). T is what they are
    long, from LENGTHS[0] to LENGTHS[1]. Outputs and targets at every step are (N, T, outputs), of one output also
    (N, T), and (N, T) of classes. In a trace "0" are the states h_1 ... h_T, (N, T, hidden), and their deltas are what
    arrives from above; `Recurrence.back_in_time` says what arrives on all ways.
    ValueError where an argument is out of range or unknown.
    """

    inputs: int = 1
    hidden: int = 8
    outputs: int = 1
    cell: str = "tanh"
    every_step: bool = False
    loss: str = "mse"

    def __post_init__(self) -> None:
        for name, high in (("inputs", MAX_UNITS), ("hidden", MAX_HIDDEN), ("outputs", MAX_UNITS)):
            whole(name, getattr(self, name), 1, high)
        check_keys(self, cell=CELLS, loss=LOSSES)
        if not isinstance(self.every_step, bool):
            raise ValueError(f"every_step is {self.every_step!r}; allowed are True and False")
        if self.outputs < self.loss_function.least:
            raise ValueError(f"outputs is {self.outputs}; {self.loss} needs at least {self.loss_function.least}")
        check_size(self, "hidden", self.hidden)

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        between = () if self.every_step else (LastStep(),)
        return (self.recurrence, *between, Affine(self.hidden, self.outputs))

    @cached_property
    def recurrence(self) -> Recurrence:
        return Recurrence(self.inputs, self.hidden, self.cell)

    def latex(self) -> str:
        """LaTeX of the outputs and of the state."""
        step = "t" if self.every_step else "T"
        return rf"W h_{step} + b,\quad {CELLS[self.cell].latex}"

    @property
    def architecture(self) -> dict[str, Any]:
        return {n: getattr(self, n) for n in ("inputs", "hidden", "outputs", "cell", "every_step", "loss")}

    @property
    def loss_function(self) -> Loss:
        return LOSSES[self.loss]

    @property
    def input_shape(self) -> tuple[int, ...]:
        """The shape of one step of a sample."""
        return (self.inputs,)

    def arranged(self, inputs: np.ndarray) -> np.ndarray:
        """Sequences (N, T, inputs) as layers want them, (1, inputs, N, T)."""
        samples = np.asarray(inputs)
        samples = samples[..., None] if samples.ndim == 2 and self.inputs == 1 else samples
        if samples.ndim != 3 or len(samples) == 0:
            raise ValueError(f"inputs has shape {samples.shape}; it must be (N, T, {self.inputs}) with N at least 1")
        count, length = samples.shape[:2]
        if not LENGTHS[0] <= length <= LENGTHS[1]:
            raise ValueError(f"inputs has sequences of length {length}; allowed is {LENGTHS[0]} to {LENGTHS[1]}")
        steps = super().arranged(samples.reshape(count * length, samples.shape[2]))
        return np.ascontiguousarray(steps.reshape(1, self.inputs, count, length))

    def presented(self, array: np.ndarray) -> np.ndarray:
        return np.moveaxis(array, 1, -1)

    def encoded(self, targets: np.ndarray) -> np.ndarray:
        if not self.every_step:
            return super().encoded(targets)
        given = np.asarray(targets)
        if given.ndim < 2:
            raise ValueError(f"targets has shape {given.shape}; it must be (N, T) or (N, T, {self.outputs})")
        flat = super().encoded(given.reshape(-1, *given.shape[2:]))
        return flat.reshape(self.outputs, *given.shape[:2])

    def checked_samples(self, a: np.ndarray, t: np.ndarray) -> None:
        super().checked_samples(a, t)
        if self.every_step and t.shape[2] != a.shape[3]:
            raise ValueError(f"targets has {t.shape[2]} steps, but inputs has {a.shape[3]}")
