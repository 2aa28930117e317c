"""One sample's pass has the network's own numbers, and is recorded as it stands."""

import numpy as np
import pytest

from landscape.formulas.record import write_down
from landscape.networks import ACTIVATIONS, LOSSES, MLP
from landscape.networks.sample import passed


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
def test_a_sample_passes_as_in_the_network_and_in_a_program(activation, loss):
    rng = np.random.default_rng(1)
    network = MLP((2, 4, LOSSES[loss].least), activation, loss)
    w, x, target = network.init(rng), rng.standard_normal(2), 1.0
    trace, found = network.trace(w, x[None], np.array([target])), passed(network, w, x, target)
    assert found.loss == pytest.approx(trace.loss, rel=1e-14)
    for column, values in zip(network.columns, found.values, strict=True):
        np.testing.assert_allclose(values, trace.values[column.values][0], rtol=1e-14)
    for column, deltas in zip(network.columns[1:], found.deltas, strict=True):
        np.testing.assert_allclose(deltas, trace.deltas[str(column.layer)][0], rtol=1e-14)
    gradient = network.objective(x[None], np.array([target])).gradient(w)
    np.testing.assert_allclose(found.gradient, gradient, rtol=1e-14)
    known = loss == "cross_entropy"

    def both(a, b, t):
        there = passed(network, w, (a, b), target if known else t)
        return [there.loss, *there.gradient]

    np.testing.assert_allclose(write_down(both, ["a", "b", "t"])(*x, target), [found.loss, *gradient], rtol=1e-12)
