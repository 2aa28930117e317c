"""One sample through a network, forwards and back, in operations that can be recorded; and the mean over many."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from landscape.networks.losses import Loss
from landscape.networks.network import Network
from landscape.networks.passes import backward, backward_tangent, flattened, forward, forward_tangent, parameters
from landscape.objective import Objective


class Passed(NamedTuple):
    """What one sample leaves behind, as numbers or recorded.

    values    of each column of units, as drawn: the activations; the last holds the outputs
    deltas    of each column but the input, dL/dz
    gradient  (size,) in the flat weights; loss: a number
    """

    values: list[Any]
    deltas: list[Any]
    gradient: Any
    loss: Any


def passed(network: Network, w: Any, x: Sequence[Any], target: Any) -> Passed:
    """Weights (size,) on one sample of d numbers, those of an image row by row, and its target.

    The target is a number, or a class where there are several outputs. `Network.trace` has the same numbers. A class
    must be known; all else may be recorded.
    """
    rule, p = network.loss_function, parameters(network.slots, w[None])
    values = forward(network.layers, p, _one(network, x))
    wanted = _wanted(rule, target, values[-1].shape[1])
    deltas, gradients = backward(network.layers, p, values, rule.slope(values[-1], wanted))
    columns = network.columns
    return Passed(
        [values[0 if column.layer is None else int(column.values) + 1][0, :, 0] for column in columns],
        [deltas[column.layer][0, :, 0] for column in columns if column.layer is not None],
        flattened(gradients, (1,))[0],
        rule.samples(values[-1], wanted)[0, 0],
    )


def curved(network: Network, w: Any, x: Sequence[Any], target: Any) -> Any:
    """The Hessian of the loss on one sample, (size, size), as `LossObjective.hessian` has it; arguments as in `passed`.

    The tangents of a pass forward and back, along each weight.
    """
    rule, layers, n = network.loss_function, network.layers, network.size
    p, p_dot = parameters(network.slots, w[None]), parameters(network.slots, np.eye(n)[None])
    values = forward(layers, p, _one(network, x))
    wanted = _wanted(rule, target, values[-1].shape[1])
    deltas, _ = backward(layers, p, values, rule.slope(values[-1], wanted))
    tangents, outputs_dot = forward_tangent(layers, p, values, p_dot)
    delta_dot = rule.tangent(values[-1], outputs_dot)
    return flattened(backward_tangent(layers, p, values, deltas, p_dot, tangents, delta_dot), (1, n))[0]


def _one(network: Network, x: Sequence[Any]) -> Any:
    units, *image = network.input_shape
    return np.stack(x).reshape(1, units, 1, *image)


def _wanted(rule: Loss, target: Any, outputs: int) -> Any:
    return np.stack([target]).reshape(1, 1) if outputs == 1 else rule.encode(np.array([target]), outputs)


@dataclass(frozen=True, eq=False)
class OverSamples(Objective):
    """A network's loss on samples, a mean, for weights that are recorded: the samples are the lanes of one pass.

    inputs (N, d) or (N, channels, rows, columns), targets (N,)
    """

    network: Network
    inputs: np.ndarray
    targets: np.ndarray

    @property
    def dimension(self) -> int:
        return self.network.size

    def value(self, x: Any) -> Any:
        return self._passed(x).loss.mean_of_lanes()

    def gradient(self, x: Any) -> Any:
        return self._passed(x).gradient.mean_of_lanes()

    def hessian(self, x: Any) -> Any:
        return curved(self.network, x, *self._samples(x)).mean_of_lanes()

    def _passed(self, x: Any) -> Passed:
        return passed(self.network, x, *self._samples(x))

    def _samples(self, x: Any) -> tuple[list[Any], Any]:
        columns = self.inputs.reshape(len(self.inputs), -1).T
        return [x.lanes(column) for column in columns], x.lanes(self.targets)
