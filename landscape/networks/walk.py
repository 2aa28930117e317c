r"""Backpropagation walked through: every operation of one step on one example, in symbols and in numbers.

Units are numbered from 1 within a column, columns from 0, the input, to C, the output, as in

    z_j = sum over i of w_ji a_i + b_j,   a_j = f(z_j)            forwards, column by column
    delta_j = dL/dz_j = f'(z_j) * sum over k of w_kj delta_k       backwards
    dL/dw_ji = delta_j a_i,   dL/db_j = delta_j                    edge by edge
"""

from typing import NamedTuple

import numpy as np

from landscape.networks.layers import Affine, Elementwise
from landscape.networks.layers.activations import Activation
from landscape.networks.network import Network, Trace
from landscape.numbers import counted, typeset
from landscape.theory.differences import central_gradient

# Moves that differ by no more than this share are equal.
ALIKE = 1e-12
# Terms of a sum that are written out before it is cut short.
TERMS = 3


class Edge(NamedTuple):
    """A weight, from a unit of column - 1 to a unit of `column`; a bias where `source` is None. Units count from 0.

    place   where it stands in the flat weights
    """

    column: int
    unit: int
    source: int | None
    place: int


class Operation(NamedTuple):
    """One operation.

    kind             "input", "forward", "loss", "delta", "gradient" or "update"
    column, unit     where it happens; unit is None where it concerns a column, or all of the network
    edge             the weight whose gradient it is, None for all else
    title            what happens, in words
    symbols          LaTeX of the rule
    lines            the same with numbers in plain text, a line each
    result           the number that comes out
    """

    kind: str
    column: int
    unit: int | None
    edge: Edge | None
    title: str
    symbols: str
    lines: tuple[str, ...]
    result: float


class Walk(NamedTuple):
    """One step on one example.

    operations   in the order they are done
    values       of each column, the activations a; the last holds the outputs
    deltas       of each column but the input, dL/dz; [0] is empty
    gradient     (size,) by backpropagation; `differences` is the same by central differences
    before, after          the weights, and the loss at each in `losses`
    """

    operations: list[Operation]
    values: list[np.ndarray]
    deltas: list[np.ndarray]
    gradient: np.ndarray
    differences: np.ndarray
    before: np.ndarray
    after: np.ndarray
    losses: tuple[float, float]


def edges(network: Network) -> list[Edge]:
    """Every weight and bias, column by column and unit by unit, a unit's bias after its weights."""
    out = []
    for c, column in enumerate(network.columns):
        if column.layer is not None:
            first = network.slots[column.layer][0].where.start
            links = network.layers[column.layer].links
            out += [Edge(c, link.unit, link.source, first + link.place) for link in links]
    return out


def edge_name(network: Network, edge: Edge) -> str:
    """What a weight is called: "hidden 3 → output", "bias of hidden 3"."""
    to = network.columns[edge.column].units[edge.unit]
    return f"bias of {to}" if edge.source is None else f"{network.columns[edge.column - 1].units[edge.source]} → {to}"


def factor(value: float) -> str:
    """A number inside a product or a sum."""
    return f"({typeset(value)})" if value < 0 else typeset(value)


def walk(network: Network, w: np.ndarray, x: np.ndarray, target: float, after: np.ndarray) -> Walk:
    """One step on the example x, (d,), from weights w to `after`, both (size,).

    ValueError for a network that is not affine layers with an activation between each two: one behind the outputs, say,
    would need one more rule for the deltas.
    """
    activations = _between(network)
    inputs, targets = x[None], np.array([target])
    trace = network.trace(w, inputs, targets)
    objective = network.objective(inputs, targets)
    gradient = objective.gradient(w)
    values = [trace.values[column.values][0] for column in network.columns]
    deltas = [np.empty(0), *(trace.deltas[str(column.layer)][0] for column in network.columns[1:])]
    sums = [np.empty(0), *(trace.values[str(column.layer)][0] for column in network.columns[1:])]
    script = _Script(network, activations, w, values, sums, deltas, gradient, central_gradient(objective, w))
    loss = float(objective.value(w)), float(objective.value(after))
    operations = [
        script.inputs(),
        *script.forward(),
        script.loss(trace, target),
        *script.backward(),
        script.update(after, loss),
    ]
    return Walk(operations, values, deltas, gradient, script.differences, w, after, loss)


def _between(network: Network) -> list[Activation]:
    """The activation of each hidden column."""
    affine, between = network.layers[::2], network.layers[1::2]
    activations = [layer.activation for layer in between if isinstance(layer, Elementwise)]
    if not (len(activations) == len(between) < len(affine) and all(isinstance(layer, Affine) for layer in affine)):
        raise ValueError(f"network is {network}; a walk is written for affine layers with one activation between two")
    return activations


class _Script(NamedTuple):
    """Writes the operations; everything is per column, as in Walk."""

    network: Network
    activations: list[Activation]
    w: np.ndarray
    values: list[np.ndarray]
    sums: list[np.ndarray]
    deltas: list[np.ndarray]
    gradient: np.ndarray
    differences: np.ndarray

    @property
    def last(self) -> int:
        return len(self.values) - 1

    def matrix(self, column: int) -> np.ndarray:
        return self.network.unpack(self.w)[f"{self.network.columns[column].layer}.weight"]

    def bias(self, column: int) -> np.ndarray | None:
        return self.network.unpack(self.w).get(f"{self.network.columns[column].layer}.bias")

    def name(self, column: int, unit: int) -> str:
        return self.network.columns[column].units[unit]

    def inputs(self) -> Operation:
        listed = ", ".join(map(typeset, self.values[0]))
        return Operation("input", 0, None, None, "The example goes in", "a = x", (f"x = {listed}",), 0.0)

    def forward(self) -> list[Operation]:
        out = []
        for c in range(1, self.last + 1):
            matrix, bias = self.matrix(c), self.bias(c)
            for j, z in enumerate(self.sums[c]):
                terms = [f"{factor(v)}·{factor(a)}" for v, a in zip(matrix[j], self.values[c - 1], strict=True)]
                tail = "" if bias is None else f" + {factor(bias[j])}"
                lines = [f"z = {_cut(terms)}{tail}", f"   = {typeset(z)}"]
                symbols = r"z_j = \sum_i w_{ji}\, a_i" + (" + b_j" if bias is not None else "")
                result = z
                if c < self.last:
                    activation = self.activations[c - 1]
                    result = self.values[c][j]
                    lines.append(f"a = {activation.title}({typeset(z)}) = {typeset(result)}")
                    symbols += rf",\quad a_j = f(z_j) = {activation.latex.replace('z', 'z_j')}"
                title = f"Forward: {self.name(c, j)}"
                out.append(Operation("forward", c, j, None, title, symbols, tuple(lines), float(result)))
        return out

    def loss(self, trace: Trace, target: float) -> Operation:
        rule = self.network.loss_function
        said = ", ".join(map(typeset, self.values[-1]))
        lines = (f"outputs z = {said}", f"target t = {typeset(target)}", f"L = {typeset(float(trace.loss))}")
        return Operation("loss", self.last, None, None, rule.title, f"L = {rule.latex}", lines, float(trace.loss))

    def backward(self) -> list[Operation]:
        own: dict[int, list[Edge]] = {}
        for edge in edges(self.network):
            own.setdefault(edge.column, []).append(edge)
        out = []
        for c in range(self.last, 0, -1):
            out += [self.delta(c, j) for j in range(len(self.deltas[c]))]
            out += [self.edge(edge) for edge in own[c]]
        return out

    def delta(self, c: int, j: int) -> Operation:
        name, value = self.name(c, j), float(self.deltas[c][j])
        title = f"Backward: how {name} moves the loss"
        if c == self.last:
            symbols = rf"\delta = \frac{{\partial L}}{{\partial z}} = {self.network.loss_function.slope_latex}"
            lines: tuple[str, ...] = (f"z = {typeset(self.values[c][j])}", f"δ = ∂L/∂z = {typeset(value)}")
            return Operation("delta", c, j, None, title, symbols, lines, value)
        activation, z = self.activations[c - 1], self.sums[c][j : j + 1]
        slope = float(activation.slope(z, self.values[c][j : j + 1])[0])
        out = self.matrix(c + 1)[:, j]
        terms = [f"{factor(v)}·{factor(d)}" for v, d in zip(out, self.deltas[c + 1], strict=True)]
        symbols = rf"\delta_j = f'(z_j) \sum_k w_{{kj}}\, \delta_k,\quad f'(z) = {activation.slope_latex}"
        heard = float(out @ self.deltas[c + 1])
        lines = (
            f"from above: {_cut(terms)} = {typeset(heard)}",
            f"slope f\N{PRIME}({typeset(float(z[0]))}) = {typeset(slope)}",
            f"δ = {factor(slope)}·{factor(heard)} = {typeset(value)}",
        )
        return Operation("delta", c, j, None, title, symbols, lines, value)

    def edge(self, edge: Edge) -> Operation:
        delta, value = float(self.deltas[edge.column][edge.unit]), float(self.gradient[edge.place])
        title = f"Gradient: {edge_name(self.network, edge)}"
        measured = f"central difference {typeset(float(self.differences[edge.place]))}"
        if edge.source is None:
            symbols = r"\frac{\partial L}{\partial b_j} = \delta_j"
            lines = (f"∂L/∂b = δ = {typeset(value)}", measured)
        else:
            a = float(self.values[edge.column - 1][edge.source])
            symbols = r"\frac{\partial L}{\partial w_{ji}} = \delta_j\, a_i"
            lines = (f"∂L/∂w = δ · a = {factor(delta)}·{factor(a)} = {typeset(value)}", measured)
        return Operation("gradient", edge.column, edge.unit, edge, title, symbols, lines, value)

    def update(self, after: np.ndarray, loss: tuple[float, float]) -> Operation:
        moves = after - self.w
        most = max(edges(self.network), key=lambda edge: abs(moves[edge.place]))
        # Weights that begin alike move alike.
        alike = int((np.abs(moves) >= (1 - ALIKE) * abs(moves[most.place])).sum()) - 1
        others = f" and {counted(alike, 'other')}" if alike else ""
        moved = (
            f"the most moved, {edge_name(self.network, most)}{others}: {typeset(float(moves[most.place]))}",
            "the thicker a line, the further its weight has moved",
        )
        lines = (
            f"L: {typeset(loss[0])} → {typeset(loss[1])}",
            *(moved if moves.any() else ("no weight moves",)),
        )
        title = "Update: all weights at once"
        return Operation("update", self.last, None, None, title, r"w \leftarrow w + \Delta w", lines, loss[1])


def _cut(terms: list[str]) -> str:
    """A sum, its middle left out where it is long."""
    return " + ".join(terms if len(terms) <= TERMS + 1 else [*terms[: TERMS - 1], "…", terms[-1]])
