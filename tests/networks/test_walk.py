"""A walk through one step: every number is the network's, every weight has its turn, both ways agree."""

import numpy as np
import pytest

from landscape.networks import ACTIVATIONS, MLP
from landscape.networks.walk import Walk, edge_name, edges, walk
from landscape.numbers import typeset

SHAPES = [((2, 3, 1), "binary_cross_entropy"), ((1, 4, 1), "mse"), ((2, 3, 2, 3), "cross_entropy"), ((2, 1), "mse")]


def walked(widths, activation, loss, seed=0) -> tuple[MLP, Walk]:
    network = MLP(widths, activation, loss)
    rng = np.random.default_rng(seed)
    w = rng.standard_normal(network.size)
    after = w - 0.01 * rng.standard_normal(network.size)
    return network, walk(network, w, rng.standard_normal(widths[0]), 1.0, after)


each = pytest.mark.parametrize(("widths", "loss"), SHAPES, ids=lambda v: str(v))


@each
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_backpropagation_and_differences_agree(widths, activation, loss):
    _, found = walked(widths, activation, loss)
    np.testing.assert_allclose(found.gradient, found.differences, rtol=1e-8, atol=1e-10)


@each
def test_a_gradient_is_delta_times_activation(widths, loss):
    network, found = walked(widths, "tanh", loss)
    for edge in edges(network):
        a = 1.0 if edge.source is None else found.values[edge.column - 1][edge.source]
        assert found.gradient[edge.place] == pytest.approx(found.deltas[edge.column][edge.unit] * a, rel=1e-12)


@each
def test_every_unit_and_every_weight_has_its_turn_in_order(widths, loss):
    network, found = walked(widths, "tanh", loss)
    kinds = [operation.kind for operation in found.operations]
    assert sorted(o.edge.place for o in found.operations if o.edge is not None) == list(range(network.size))
    assert kinds.count("forward") == kinds.count("delta") == sum(widths[1:])
    assert kinds[0] == "input"
    assert kinds[-1] == "update"
    assert kinds.index("loss") == 1 + sum(widths[1:])
    # A weight's gradient needs the delta of the unit it leads to, which needs those behind it.
    known = set()
    for operation in found.operations:
        if operation.kind == "delta":
            behind = widths[operation.column + 1] if operation.column < len(widths) - 1 else 0
            assert all((operation.column + 1, k) in known for k in range(behind))
            known.add((operation.column, operation.unit))
        if operation.edge is not None:
            assert (operation.edge.column, operation.edge.unit) in known


def test_places_are_where_the_network_keeps_the_weight():
    network = MLP((2, 3, 2, 1))
    for edge in edges(network):
        w = np.zeros(network.size)
        w[edge.place] = 1.0
        kind = "bias" if edge.source is None else "weight"
        array = network.unpack(w)[f"{2 * (edge.column - 1)}.{kind}"]
        assert array[edge.unit if edge.source is None else (edge.unit, edge.source)] == 1.0


def test_the_numbers_written_are_the_networks():
    network, found = walked((2, 3, 1), "tanh", "binary_cross_entropy")
    trace = network.trace(found.before, found.values[0][None], np.array([1.0]))
    for operation in found.operations:
        if operation.kind == "forward" and operation.column == 1:
            assert operation.result == trace.values["1"][0, operation.unit]
            assert operation.lines[-1].endswith(f"= {typeset(operation.result)}")
        if operation.kind == "delta" and operation.column == 1:
            assert operation.result == trace.deltas["0"][0, operation.unit]
    (loss,) = [o for o in found.operations if o.kind == "loss"]
    assert loss.result == pytest.approx(float(trace.loss))
    assert found.losses[0] == pytest.approx(loss.result)


def test_each_gradient_stands_beside_its_central_difference():
    _, found = walked((2, 3, 1), "sigmoid", "mse")
    for operation in found.operations:
        if operation.edge is not None:
            assert operation.lines[1] == f"central difference {typeset(found.differences[operation.edge.place])}"


def test_names_are_those_of_the_drawing():
    network = MLP((2, 3, 1))
    assert [edge_name(network, e) for e in edges(network)][:3] == ["x₁ → hidden 1", "x₂ → hidden 1", "bias of hidden 1"]
    assert MLP((1, 2, 2, 1)).columns[2].units[1] == "hidden 2.2"
    assert MLP((1, 2, 2), loss="mse").columns[2].units[1] == "output 2"
    assert MLP((1, 2, 2, 1)).columns[0].units == ("x",)


def test_a_long_sum_is_cut():
    _, found = walked((2, 9, 1), "tanh", "mse")
    (output,) = [o for o in found.operations if o.kind == "forward" and o.column == 2]
    assert "…" in output.lines[0]
    assert output.lines[0].count("·") == 3


def test_outputs_with_an_activation_are_refused():
    network = MLP((1, 2, 1), "tanh", "mse", output="tanh")
    with pytest.raises(ValueError, match=r"^network is MLP\(.*output='tanh'"):
        walk(network, np.zeros(network.size), np.zeros(1), 0.0, np.zeros(network.size))
