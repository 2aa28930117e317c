"""Gradients through time: what a cell with known numbers must give, and how far gates change it."""

import numpy as np
import pytest

from landscape.lessons import through_time
from landscape.lessons.fall import fall, steepest_so_far, strides, walls
from landscape.lessons.fall import findings as fall_findings
from landscape.lessons.through_time import Conditions, compared, drawn, findings, unrolled
from landscape.networks import CELLS
from landscape.networks.cliff import Cliff

PLAIN = Conditions(12, 4, 1.0, 2.0, 0)


def test_one_linear_unit_multiplies_by_its_weight(monkeypatch):
    """A ReLU unit that is always on: dh_T/dh_t is the recurrent weight to the power T - t."""
    net, w = drawn("relu", PLAIN._replace(hidden=1))
    named = {name: np.zeros_like(array) for name, array in net.unpack(w).items()}
    named["0.weight_hh_l0"][:] = 0.8
    named["0.bias_ih_l0"][:] = 1
    named["2.weight"][:] = 1
    monkeypatch.setattr(through_time, "drawn", lambda cell, conditions: (net, net.pack(named)))
    seen = unrolled("relu", PLAIN._replace(hidden=1))
    expected = 0.8 ** np.arange(11, -1, -1)
    np.testing.assert_allclose(seen.largest, expected)
    np.testing.assert_allclose(seen.bound, expected)
    np.testing.assert_allclose(seen.gradient / seen.gradient[-1], expected)
    assert seen.ratio == pytest.approx(0.8**11)
    assert not seen.influence.any()


@pytest.mark.parametrize("cell", CELLS)
def test_the_whole_way_is_never_steeper_than_its_steps(cell):
    for seed in range(4):
        seen = unrolled(cell, PLAIN._replace(seed=seed, scale=1.5))
        assert (seen.bound is None) == (cell == "lstm")
        assert seen.largest[-1] == pytest.approx(1)
        if seen.bound is not None:
            assert (seen.largest <= seen.bound * (1 + 1e-12)).all()


def test_an_open_gate_carries_what_a_plain_cell_loses():
    told = compared("tanh", Conditions(40, 8, 1.0, 4.0, 0))
    assert told.cells["tanh"].ratio < 1e-4
    assert 0.1 < told.cells["lstm"].ratio < 100
    kinds = {finding.kind: finding for finding in findings(told)}
    assert kinds["unrolled.left"].text.startswith("tanh: the gradient **vanishes**")
    assert kinds["unrolled.keeper"].numbers["cell"] in ("gru", "lstm")


def test_a_gradient_that_grows_is_so_many_times_what_it_was_and_none_of_it_is_left():
    told = {each.kind: each.text for each in findings(compared("relu", Conditions(30, 4, 10.0, 2.0, 0)))}
    assert told["unrolled.left"].endswith(" times what it was.")
    assert told["unrolled.keeper"].endswith(" times what it was.")
    assert findings(compared("tanh", Conditions(30, 4, 1.0, 2.0, 0)))[0].text.endswith(" of what it was.")


def test_of_runs_that_do_not_move_no_step_is_the_longest():
    seen = fall(Cliff(), np.array([1e6, 1e6]), 0.3, 0.3, 10)
    (told,) = (each for each in fall_findings(seen) if each.kind == "cliff.longest")
    assert told.text == "Neither run moves: their steps are smaller than the rounding of w and b."


def test_walls_stand_on_the_line_and_grow_thinner():
    found = walls(Cliff(), np.linspace(5, 6, 6))
    assert np.abs(found.measured - found.predicted).max() < 5e-5
    assert (np.diff(found.thickness) < 0).all()


def test_a_fall_is_two_runs_from_one_start():
    seen = fall(Cliff(), np.array(Cliff.start), 0.3, 0.3, 60)
    np.testing.assert_array_equal(seen.thrown.x[0], seen.kept.x[0])
    assert strides(seen.thrown).max() > 10
    assert strides(seen.kept).max() == pytest.approx(0.09)
    steepest = steepest_so_far(seen)
    assert (np.diff(steepest) >= 0).all()
    assert steepest[-1] == seen.thrown.gradient_norm.argmax()
