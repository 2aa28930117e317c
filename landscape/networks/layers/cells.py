"""CELLS: what a recurrent unit does with what it hears and what it remembers, and the derivatives of that.

A cell hears u = W_ih x_t + b_ih from the input and v = W_hh h_{t-1} + b_hh from the step before, one array a gate, and
holds one state h or two, h and c. Numbers are arrays or dual numbers, (B, hidden, N): see `dual.py`. Equations, order
of gates and names are those of torch.nn.RNN, GRU and LSTM.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import NamedTuple

from landscape.networks.layers.activations import ACTIVATIONS
from landscape.networks.layers.dual import Number, Numbers, activated, slope

SIGMOID, TANH = ACTIVATIONS["sigmoid"], ACTIVATIONS["tanh"]


class Pulled(NamedTuple):
    """The derivatives of the loss in u and v, gate by gate, and in the states before, but for the way through v."""

    u: Numbers
    v: Numbers
    states: Numbers


@dataclass(frozen=True)
class Cell(ABC):
    """step(u, v, before)                the states after, h first
    pull(u, v, before, after, delta)     from the derivatives in the states after: what Pulled says

    key, title       its name in code and links, its name for people
    gates, states    how many arrays it hears, and how many it holds
    torch            the module of torch.nn that is the same, and what more it is told
    latex            its equations
    note             what it is good for showing, in one line
    kink             where it is not smooth; "" where there is no such place
    """

    key: str
    title: str
    gates: int
    states: int
    torch: tuple[str, str]
    latex: str
    note: str
    kink: str = ""

    @abstractmethod
    def step(self, u: Numbers, v: Numbers, before: Numbers) -> Numbers: ...

    @abstractmethod
    def pull(self, u: Numbers, v: Numbers, before: Numbers, after: Numbers, delta: Numbers) -> Pulled: ...


class Elman(Cell):
    """h = f(u + v). Source: Elman (1990), "Finding structure in time", Cognitive Science 14."""

    def step(self, u: Numbers, v: Numbers, before: Numbers) -> Numbers:
        return (activated(ACTIVATIONS[self.key], u[0] + v[0]),)

    def pull(self, u: Numbers, v: Numbers, before: Numbers, after: Numbers, delta: Numbers) -> Pulled:
        d = slope(ACTIVATIONS[self.key], u[0] + v[0], after[0]) * delta[0]
        return Pulled((d,), (d,), (0 * delta[0],))


class GRU(Cell):
    """r = sigmoid(u_r + v_r), z = sigmoid(u_z + v_z), n = tanh(u_n + r v_n), h = (1 - z) n + z h_before.

    Source: Cho et al. (2014), "Learning phrase representations using RNN encoder-decoder", eqs. 5-8, in the variant of
    PyTorch and cuDNN: r acts after the matrix product, and z keeps where the paper's lets go.
    """

    def step(self, u: Numbers, v: Numbers, before: Numbers) -> Numbers:
        _, z, n = self._gates(u, v)
        return ((1 - z) * n + z * before[0],)

    def pull(self, u: Numbers, v: Numbers, before: Numbers, after: Numbers, delta: Numbers) -> Pulled:
        r, z, n = self._gates(u, v)
        (h,), (d,) = before, delta
        d_n = d * (1 - z) * (1 - n * n)
        d_r = d_n * v[2] * r * (1 - r)
        d_z = d * (h - n) * z * (1 - z)
        return Pulled((d_r, d_z, d_n), (d_r, d_z, d_n * r), (d * z,))

    def _gates(self, u: Numbers, v: Numbers) -> tuple[Number, Number, Number]:
        r, z = (activated(SIGMOID, u[k] + v[k]) for k in (0, 1))
        return r, z, activated(TANH, u[2] + r * v[2])


class LSTM(Cell):
    """i, f, o = sigmoid, g = tanh of u + v, gate by gate; c = f c_before + i g, h = o tanh(c).

    Source: Hochreiter & Schmidhuber (1997), "Long short-term memory", with the forget gate of Gers, Schmidhuber &
    Cummins (2000), "Learning to forget"; gates in PyTorch's order i, f, g, o.
    """

    def step(self, u: Numbers, v: Numbers, before: Numbers) -> Numbers:
        i, f, g, o = self._gates(u, v)
        c = f * before[1] + i * g
        return o * activated(TANH, c), c

    def pull(self, u: Numbers, v: Numbers, before: Numbers, after: Numbers, delta: Numbers) -> Pulled:
        i, f, g, o = self._gates(u, v)
        m = activated(TANH, after[1])
        d_h, d_c = delta[0], delta[1] + delta[0] * o * (1 - m * m)
        d_i, d_f = d_c * g * i * (1 - i), d_c * before[1] * f * (1 - f)
        d_g, d_o = d_c * i * (1 - g * g), d_h * m * o * (1 - o)
        heard = (d_i, d_f, d_g, d_o)
        return Pulled(heard, heard, (0 * d_h, d_c * f))

    def _gates(self, u: Numbers, v: Numbers) -> tuple[Number, Number, Number, Number]:
        i, f, o = (activated(SIGMOID, u[k] + v[k]) for k in (0, 1, 3))
        return i, f, activated(TANH, u[2] + v[2]), o


_RECORDS = (
    Elman(
        *("tanh", "tanh", 1, 1, ("RNN", "")),
        latex=r"h_t = \tanh(W_{ih} x_t + b_{ih} + W_{hh} h_{t-1} + b_{hh})",
        note="The plain cell. Every step back multiplies the gradient by the same matrix, and by slopes of at most 1.",
    ),
    Elman(
        *("relu", "ReLU", 1, 1, ("RNN", ', nonlinearity="relu"')),
        latex=r"h_t = \max(W_{ih} x_t + b_{ih} + W_{hh} h_{t-1} + b_{hh},\ 0)",
        note="Where a unit is on, its slope is 1. Only the matrix is left, and nothing keeps it from exploding.",
        kink=ACTIVATIONS["relu"].kink,
    ),
    GRU(
        *("gru", "GRU", 3, 1, ("GRU", "")),
        latex=r"h_t = (1 - z_t)\, n_t + z_t\, h_{t-1}",
        note="Two gates. Where z is near 1, the state and its gradient pass almost untouched.",
    ),
    LSTM(
        *("lstm", "LSTM", 4, 2, ("LSTM", "")),
        latex=r"c_t = f_t\, c_{t-1} + i_t\, g_t,\quad h_t = o_t \tanh c_t",
        note="A second state, scaled by f and added to. Where f is near 1, the gradient along it hardly changes.",
    ),
)

CELLS: dict[str, Cell] = {cell.key: cell for cell in _RECORDS}
