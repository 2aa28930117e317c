"""The recurrent layer, and the one that looks only at the last step."""

from dataclasses import dataclass
from functools import cached_property, partial
from math import prod
from typing import NamedTuple

import numpy as np

from landscape.networks.layers.affine import Affine
from landscape.networks.layers.base import Arrays, Back, Layer, Routing
from landscape.networks.layers.cells import CELLS, Cell
from landscape.networks.layers.dual import Dual, Number, Numbers, affine, affine_back, dual_part, mapped, primal


class Unrolled(NamedTuple):
    """A pass through time: what each step heard, gate by gate, and the states; states[0] are zeros, before it."""

    u: list[Numbers]
    v: list[Numbers]
    states: list[Numbers]


class BackInTime(NamedTuple):
    """The derivatives in the parameters and in the input, and in each state h_1 ... h_T on every way to the loss."""

    gradients: list[Number]
    inputs: Number | None
    states: list[Number]


@dataclass(frozen=True)
class Recurrence(Layer):
    """A cell that hears the input step by step and itself: a (B, inputs, N, T) -> h (B, hidden, N, T).

        u_t = W_ih x_t + b_ih,  v_t = W_hh h_{t-1} + b_hh,  h_t = cell(u_t, v_t, h_{t-1}),  h_0 = 0
        backward    from t = T down: what arrives at h_t from above, and from h_{t+1} through W_hh' and through the cell

    Parameters and their names are those of one layer of torch.nn.RNN, GRU or LSTM. Both passes are written for dual
    numbers too, which gives the tangents of both.
    Source: Werbos (1990), "Backpropagation through time", Proceedings of the IEEE 78.
    """

    inputs: int
    hidden: int
    cell: str

    @property
    def title(self) -> str:
        return self.rule.title

    @property
    def torch(self) -> str:
        return f"States({self.inputs}, {self.hidden}{self.rule.torch[1]}, batch_first=True)"

    @property
    def torch_class(self) -> str:
        return (
            f"class States(nn.{self.rule.torch[0]}):\n"
            '    """The states at every step, and nothing else."""\n\n'
            "    def forward(self, x):\n"
            "        return super().forward(x)[0]\n"
        )

    @property
    def rule(self) -> Cell:
        return CELLS[self.cell]

    @cached_property
    def from_input(self) -> Affine:
        return Affine(self.inputs, self.rule.gates * self.hidden)

    @cached_property
    def from_before(self) -> Affine:
        return Affine(self.hidden, self.rule.gates * self.hidden)

    @property
    def parameters(self) -> dict[str, tuple[int, ...]]:
        rows = self.rule.gates * self.hidden
        weights: dict[str, tuple[int, ...]] = {"weight_ih_l0": (rows, self.inputs), "weight_hh_l0": (rows, self.hidden)}
        return weights | {"bias_ih_l0": (rows,), "bias_hh_l0": (rows,)}

    def shape(self, a: tuple[int, ...]) -> tuple[int, ...]:
        return (self.hidden, *a[1:])

    def room(self, a: tuple[int, ...]) -> int:
        # Both sums of every gate and the states, at every step, are kept.
        return prod(a) + (2 * self.rule.gates + self.rule.states) * self.hidden * prod(a[1:])

    def hears(self, p: Arrays) -> np.ndarray:
        """All rows that belong to a unit, of every gate, and how it is heard by the others at the next step."""
        rows = np.concatenate([each.reshape(len(each), -1) for each in p], axis=1)
        gates = rows.reshape(self.rule.gates, self.hidden, -1).swapaxes(0, 1).reshape(self.hidden, -1)
        return np.concatenate([gates, p[1].T], axis=1)

    def forward(self, p: Arrays, a: np.ndarray) -> np.ndarray:
        return primal(_over_time([states[0] for states in self.unrolled(p, a).states[1:]]))

    def backward(self, p: Arrays, a: np.ndarray, z: np.ndarray, delta: np.ndarray, inward: bool = True) -> Back:
        back = self.back_in_time(p, a, delta, inward)
        return [primal(each) for each in back.gradients], None if back.inputs is None else primal(back.inputs)

    def forward_tangent(
        self, p: Arrays, a: np.ndarray, z: np.ndarray, p_dot: Arrays, a_dot: np.ndarray | None
    ) -> np.ndarray | None:
        duals = [Dual(*both) for both in zip(p, p_dot, strict=True)]
        unrolled = self.unrolled(duals, a if a_dot is None else Dual(a, a_dot))
        return dual_part(_over_time([states[0] for states in unrolled.states[1:]]))

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
        duals = [Dual(*both) for both in zip(p, p_dot, strict=True)]
        back = self.back_in_time(duals, a if a_dot is None else Dual(a, a_dot), Dual(delta, delta_dot), inward)
        return [_tangent(each) for each in back.gradients], None if back.inputs is None else _tangent(back.inputs)

    def unrolled(self, p: Numbers, a: Number) -> Unrolled:
        """The pass through time, forwards; parameters and input are arrays or dual numbers."""
        u = [self._gates(heard) for heard in _steps(affine(self.from_input, p[0::2], a))]
        batch, samples = len(primal(p[0])), primal(a).shape[2]
        states: list[Numbers] = [[np.zeros((batch, self.hidden, samples))] * self.rule.states]
        v = []
        for heard in u:
            v.append(self._gates(affine(self.from_before, p[1::2], states[-1][0])))
            states.append(self.rule.step(heard, v[-1], states[-1]))
        return Unrolled(u, v, states)

    def after(self, p: Numbers, x: Number, before: Numbers) -> Numbers:
        """The states after one more step, that hears x (B or 1, inputs, N)."""
        u, v = affine(self.from_input, p[0::2], x), affine(self.from_before, p[1::2], before[0])
        return self.rule.step(self._gates(u), self._gates(v), before)

    def back_in_time(self, p: Numbers, a: Number, delta: Number, inward: bool = True) -> BackInTime:
        """The pass through time, backwards, from the derivative in each h_t that does not go through h_{t+1}."""
        u, v, states = self.unrolled(p, a)
        arriving = _steps(delta)
        later: Numbers = [0 * arriving[-1]] * self.rule.states
        totals, heard, own = [], [], None
        for t in reversed(range(len(u))):
            total = later[0] + arriving[t]
            pulled = self.rule.pull(u[t], v[t], states[t], states[t + 1], [total, *later[1:]])
            gradients, through = affine_back(self.from_before, p[1::2], states[t][0], _joined(pulled.v))
            assert through is not None
            own = gradients if own is None else [one + other for one, other in zip(own, gradients, strict=True)]
            later = [through + pulled.states[0], *pulled.states[1:]]
            totals.append(total)
            heard.append(_joined(pulled.u))
        (weight, bias), inputs = affine_back(self.from_input, p[0::2], a, _over_time(heard[::-1]), inward)
        assert own is not None
        return BackInTime([weight, own[0], bias, own[1]], inputs, totals[::-1])

    def _gates(self, heard: Number) -> Numbers:
        """(B, gates * hidden, N), gate by gate."""
        rows = [slice(k * self.hidden, (k + 1) * self.hidden) for k in range(self.rule.gates)]
        return [mapped(partial(_rows, where), [heard]) for where in rows]


@dataclass(frozen=True)
class LastStep(Routing):
    """The last step of a sequence, and nothing before it: (B, units, N, T) -> (B, units, N).

    backward    delta at the last step, 0 at all others
    """

    title = "last step"
    torch = "LastStep()"
    torch_class = "class LastStep(nn.Module):\n    def forward(self, x):\n        return x[:, -1]\n"

    def shape(self, a: tuple[int, ...]) -> tuple[int, ...]:
        return a[:1]

    def push(self, a: np.ndarray, x: np.ndarray) -> np.ndarray:
        return x[..., -1]

    def pull(self, a: np.ndarray, d: np.ndarray) -> np.ndarray:
        out = np.zeros((*d.shape, a.shape[-1]))
        out[..., -1] = d
        return out


def _rows(where: slice, parts: list[np.ndarray]) -> np.ndarray:
    return parts[0][:, where]


def _steps(x: Number) -> list[Number]:
    """(B, units, ..., N, T), step by step."""
    return [mapped(partial(_step, t), [x]) for t in range(primal(x).shape[-1])]


def _step(t: int, parts: list[np.ndarray]) -> np.ndarray:
    return np.ascontiguousarray(parts[0][..., t])


def _over_time(steps: Numbers) -> Number:
    return mapped(partial(np.stack, axis=-1), steps)


def _joined(gates: Numbers) -> Number:
    return mapped(partial(np.concatenate, axis=1), gates)


def _tangent(x: Number) -> np.ndarray:
    tangent = dual_part(x)
    assert tangent is not None
    return tangent
