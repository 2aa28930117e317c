"""Network: layers in a row, and everything that follows from them.

A subclass says what its layers are; weights by name, initial weights, outputs, the loss as an Objective and the trace
of one pass through it are the same for every network. `passes.py` runs the layers.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from landscape.networks.columns import Column, columns
from landscape.networks.initialisers import Glorot, Initialiser
from landscape.networks.layers import Layer
from landscape.networks.loss_objective import LossObjective
from landscape.networks.losses import Loss
from landscape.networks.passes import Slot, backward, biases, blocks, forward, parameters

MAX_WEIGHTS = 20_000


@dataclass(frozen=True)
class Trace:
    """Every number of one pass forwards and one back, for N samples and weights of shape (..., size).

    loss        (...)                  the mean over samples
    losses      (..., N)               each sample's loss
    outputs     (..., N, outputs)      what the last layer says
    values      name -> (..., N, units)   "input", then what comes out of each layer; see `Network.presented`
    deltas      name -> (..., N, units)   the derivative of the mean loss in each of `values`
    weights     name -> (..., *shape)     the parameters, as in `unpack`
    gradients   name -> (..., *shape)     the derivative of the mean loss in each parameter

    Layers are named "0", "1", "2" ... as in torch.nn.Sequential, parameters "0.weight", "0.bias" ...
    For an affine layer k with input a, dL/dW[i, j] is the sum over samples of deltas[k][..., i] * a[..., j].
    """

    loss: np.ndarray
    losses: np.ndarray
    outputs: np.ndarray
    values: Mapping[str, np.ndarray]
    deltas: Mapping[str, np.ndarray]
    weights: Mapping[str, np.ndarray]
    gradients: Mapping[str, np.ndarray]


class Network(ABC):
    """A function of inputs and of one flat vector of weights w, shape (..., size).

    layers                the layers in order; a subclass builds them once
    loss_function         the Loss its `objective` uses
    input_shape           the shape of one sample
    outputs               how many numbers come out
    architecture          the arguments that build it anew, as JSON can hold them
    latex()               LaTeX of the outputs as a function of the input x

    The order inside w is that of torch.nn.utils.parameters_to_vector: layer by layer, weight before bias, row by row.
    """

    @property
    @abstractmethod
    def layers(self) -> tuple[Layer, ...]: ...

    @property
    @abstractmethod
    def loss_function(self) -> Loss: ...

    @property
    @abstractmethod
    def input_shape(self) -> tuple[int, ...]: ...

    @property
    @abstractmethod
    def outputs(self) -> int: ...

    @property
    @abstractmethod
    def architecture(self) -> dict[str, Any]: ...

    @abstractmethod
    def latex(self) -> str: ...

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Its units as they are drawn and called: the inputs, then a column for each layer with weights."""
        return columns(self.layers, self.input_shape)

    @property
    def title(self) -> str:
        """How many units stand in each column: "2-8-1"."""
        return "-".join(str(len(column.units)) for column in self.columns)

    @cached_property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The parameters by name, in their order in w: {"0.weight": (8, 2), "0.bias": (8,), "2.weight": ...}."""
        return {f"{k}.{name}": shape for k, layer in enumerate(self.layers) for name, shape in layer.parameters.items()}

    @cached_property
    def slots(self) -> tuple[tuple[Slot, ...], ...]:
        """For each layer where its parameters stand in w, and their shapes."""
        out, first = [], 0
        for layer in self.layers:
            own = []
            for shape in layer.parameters.values():
                own.append(Slot(slice(first, first + prod(shape)), shape))
                first += prod(shape)
            out.append(tuple(own))
        return tuple(out)

    @cached_property
    def size(self) -> int:
        """The number of weights, biases included."""
        return sum(prod(shape) for shape in self.shapes.values())

    @cached_property
    def biases(self) -> tuple[int, ...]:
        """The coordinates of w that are biases: penalties leave them alone."""
        return biases(self.slots)

    def unpack(self, w: np.ndarray) -> dict[str, np.ndarray]:
        """The parameters by name, each (..., *shape), as a torch state_dict has them."""
        w = self.checked(w)
        slots = [slot for own in self.slots for slot in own]
        return {
            name: w[..., slot.where].reshape(*w.shape[:-1], *slot.shape)
            for name, slot in zip(self.shapes, slots, strict=True)
        }

    def pack(self, weights: Mapping[str, np.ndarray]) -> np.ndarray:
        """The inverse of `unpack`: parameters by name to one vector (..., size)."""
        if set(weights) != set(self.shapes):
            raise ValueError(f"weights has {', '.join(weights) or 'nothing'}; it must have {', '.join(self.shapes)}")
        flat = []
        for name, shape in self.shapes.items():
            array = np.asarray(weights[name], dtype=float)
            leading = array.shape[: array.ndim - len(shape)]
            if array.shape[len(leading) :] != shape:
                raise ValueError(f"{name} has shape {array.shape}; it must be {shape}")
            flat.append(array.reshape(*leading, -1))
        return np.concatenate(flat, axis=-1)

    def init(self, rng: np.random.Generator, initialiser: Initialiser | None = None) -> np.ndarray:
        """Initial weights, shape (size,); Glorot's if no initialiser is given. Biases are 0."""
        initialiser = Glorot() if initialiser is None else initialiser
        drawn = {
            name: initialiser.weights(rng, shape) if len(shape) > 1 else np.zeros(shape)
            for name, shape in self.shapes.items()
        }
        return self.pack(drawn)

    def forward(self, w: np.ndarray, inputs: np.ndarray) -> np.ndarray:
        """The outputs for every weight vector and sample: (..., size), (N, *input_shape) -> (..., N, outputs)."""
        w, a = self.checked(w), self.arranged(inputs)
        flat = w.reshape(-1, self.size)
        with np.errstate(all="ignore"):
            said = [
                forward(self.layers, parameters(self.slots, flat[block]), a)[-1]
                for block in blocks(self.layers, a, len(flat))
            ]
        if not said:
            return np.empty((*w.shape[:-1], a.shape[2], self.outputs))
        out = self.presented(np.concatenate(said))
        return out.reshape(*w.shape[:-1], *out.shape[1:])

    def objective(self, inputs: np.ndarray, targets: np.ndarray, batch_size: int | None = None) -> LossObjective:
        """The loss on these samples as an Objective in the flat weights; see LossObjective.

        inputs (N, *input_shape); targets (N,) or (N, outputs), for cross-entropy (N,) of classes 0 ... outputs - 1.
        """
        a, t = self._samples(inputs, targets)
        return LossObjective(self.layers, self.slots, self.loss_function, a, t, batch_size)

    def trace(self, w: np.ndarray, inputs: np.ndarray, targets: np.ndarray) -> Trace:
        """Every layer's forward value and backward gradient, by name; see Trace."""
        w = self.checked(w)
        a, t = self._samples(inputs, targets)
        leading, flat = w.shape[:-1], w.reshape(-1, self.size)
        p = parameters(self.slots, flat)
        with np.errstate(all="ignore"):
            values = forward(self.layers, p, a)
            losses = self.loss_function.samples(values[-1], t)
            delta = self.loss_function.slope(values[-1], t) / t[0].size
            deltas, gradients = backward(self.layers, p, values, delta, to_inputs=True)

        def outward(array: np.ndarray) -> np.ndarray:
            shared = self.presented(np.broadcast_to(array, (len(flat), *array.shape[1:])))
            return shared.reshape(*leading, *shared.shape[1:])

        names = ["input", *map(str, range(len(self.layers)))]
        ordered = [array.reshape(*leading, *array.shape[1:]) for own in gradients for array in own]
        return Trace(
            loss=losses.reshape(len(flat), -1).mean(axis=1).reshape(leading),
            losses=losses.reshape(*leading, *losses.shape[1:]),
            outputs=outward(values[-1]),
            values=dict(zip(names, map(outward, values), strict=True)),
            deltas=dict(zip(names, map(outward, deltas), strict=True)),
            weights=self.unpack(w),
            gradients=dict(zip(self.shapes, ordered, strict=True)),
        )

    def checked(self, w: np.ndarray) -> np.ndarray:
        w = np.asarray(w, dtype=float)
        if w.shape[-1:] != (self.size,):
            raise ValueError(f"w has shape {w.shape}; its last axis must be {self.size}")
        return w

    def arranged(self, inputs: np.ndarray) -> np.ndarray:
        """Samples (N, units, ...) as layers want them, (1, units, N, ...)."""
        try:
            samples = np.asarray(inputs, dtype=float)
        except (TypeError, ValueError):
            raise ValueError("inputs must be numbers") from None
        if samples.ndim < 1 or len(samples) == 0 or samples.shape[1:] != self.input_shape:
            shape = ", ".join(["N", *map(str, self.input_shape)])
            raise ValueError(f"inputs has shape {samples.shape}; it must be ({shape}) with N at least 1")
        if not np.isfinite(samples).all():
            raise ValueError("inputs must be finite")
        return np.ascontiguousarray(samples.swapaxes(0, 1))[None]

    def presented(self, array: np.ndarray) -> np.ndarray:
        """The inverse of `arranged`, for each weight vector: (B, units, N, ...) as (B, N, units, ...)."""
        return array.swapaxes(1, 2)

    def encoded(self, targets: np.ndarray) -> np.ndarray:
        """Targets as the loss wants them, (outputs, N, ...)."""
        return self.loss_function.encode(targets, self.outputs)

    def _samples(self, inputs: np.ndarray, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        a, t = self.arranged(inputs), self.encoded(targets)
        self.checked_samples(a, t)
        return a, t

    def checked_samples(self, a: np.ndarray, t: np.ndarray) -> None:
        """ValueError where targets (outputs, N, ...) do not belong to inputs (1, units, N, ...)."""
        if t.shape[1] != a.shape[2]:
            raise ValueError(f"targets has {t.shape[1]} samples, but inputs has {a.shape[2]}")


def check_keys(owner: object, **registries: Mapping[str, Any]) -> None:
    """ValueError where a field of `owner` is no key of its registry."""
    for name, registry in registries.items():
        key = getattr(owner, name)
        if key not in registry:
            raise ValueError(f"{name} is {key!r}; allowed are {', '.join(registry)}")


def check_size(network: Network, name: str, value: object) -> None:
    """ValueError that blames an argument where a network has more than MAX_WEIGHTS weights."""
    if network.size > MAX_WEIGHTS:
        raise ValueError(f"{name} is {value}, {network.size} weights; at most {MAX_WEIGHTS} are allowed")
