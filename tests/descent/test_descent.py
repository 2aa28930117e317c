"""descend records what happened and repairs nothing: every ending, its step, its price and its resting place."""

import re
from collections import Counter

import numpy as np
import pytest

from landscape.descent import descend as descent
from landscape.descent.descend import MAX_STEPS, descend, endpoints
from landscape.descent.schedules import SCHEDULES
from landscape.descent.walk import RUNAWAY, Evaluations
from landscape.formulas.expression import parse
from landscape.objective import Counting, Noisy
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES

BOWL = parse("x**2/2 + y**2/2")
HIMMELBLAU = parse("(x**2 + y - 11)**2 + (x + y**2 - 7)**2")
STARTS = np.array([[0.1, -0.2], [-3.2, 0.6], [2.0, 2.5]])


def gd(lr):
    return OPTIMIZERS["gradient_descent"](lr=lr)


# Shapes.


@pytest.mark.parametrize("shape", [(2,), (3, 2), (2, 3, 2), (0, 2)])
def test_everything_has_the_shape_of_its_starts(shape):
    start = np.random.default_rng(0).uniform(-2, 2, shape)
    run = descend(BOWL, gd(0.1), start, 7)
    assert run.steps == 7
    assert run.x.shape == (8, *shape)
    assert run.value.shape == run.gradient_norm.shape == (8, *shape[:-1])
    assert run.status.shape == run.stop.shape == shape[:-1]
    assert all(calls.shape == (8, *shape[:-1]) for calls in run.evaluations)
    assert run.evaluations.cost(2).shape == (8, *shape[:-1])
    np.testing.assert_array_equal(run.x[0], start)


@pytest.mark.parametrize("key", ["gradient_descent", "adam", "rprop", "newton"])
def test_a_batch_equals_its_starts_one_at_a_time(key):
    optimizer = OPTIMIZERS[key](lr=0.02)
    batch = descend(HIMMELBLAU, optimizer, STARTS, 60, tolerance=1e-2)
    for i, start in enumerate(STARTS):
        alone = descend(HIMMELBLAU, optimizer, start, 60, tolerance=1e-2)
        assert (alone.status, alone.stop) == (batch.status[i], batch.stop[i])
        np.testing.assert_allclose(batch.x[:, i], alone.x, rtol=1e-10)
        np.testing.assert_allclose(batch.value[:, i], alone.value, rtol=1e-8, atol=1e-12)
        np.testing.assert_allclose(batch.gradient_norm[:, i], alone.gradient_norm, rtol=1e-7, atol=1e-10)
        for together, single in zip(batch.evaluations, alone.evaluations, strict=True):
            np.testing.assert_array_equal(together[:, i], single)


def test_starts_end_each_in_their_own_way():
    start = np.array([[[1.0, 0.0], [3.0, 0.0]], [[0.0, 0.0], [-1.0, 0.0]]])
    run = descend(parse("x**4/4 - x**2/2"), gd(0.4), start, 40, tolerance=1e-6)
    # 3 - .4 (27 - 3) = -6.6: up and away; 0 and +-1 are stationary.
    np.testing.assert_array_equal(run.status, [["converged", "diverged"], ["converged", "converged"]])
    np.testing.assert_array_equal(run.stop[[0, 1, 1], [0, 0, 1]], 0)


def test_value_and_slope_are_the_objectives_at_the_iterates():
    run = descend(HIMMELBLAU, OPTIMIZERS["adam"](lr=0.1), STARTS, 20)
    np.testing.assert_allclose(run.value, HIMMELBLAU.value(run.x))
    np.testing.assert_allclose(run.gradient_norm, np.linalg.norm(HIMMELBLAU.gradient(run.x), axis=-1))


def test_starts_are_not_changed():
    start = STARTS.copy()
    descend(HIMMELBLAU, gd(0.01), start, 5)
    np.testing.assert_array_equal(start, STARTS)


def test_integer_starts_do():
    np.testing.assert_allclose(descend(BOWL, gd(0.5), [4, 2], 1).x[-1], [2, 1])


# Endings, worked by hand.


def test_converged_at_the_first_step_whose_slope_is_within_tolerance():
    # x_k = 2**-k and |g| = x: 2**-4 = .0625 <= .1 < 2**-3
    run = descend(BOWL, gd(0.5), np.array([1.0, 0.0]), 10, tolerance=0.1)
    assert run.status == "converged"
    assert run.stop == 4
    np.testing.assert_array_equal(run.x[:, 0], [1, 0.5, 0.25, 0.125, *[0.0625] * 7])
    np.testing.assert_array_equal(run.gradient_norm[4:], 0.0625)


def test_converged_counts_a_slope_equal_to_the_tolerance():
    assert descend(BOWL, gd(0.5), np.array([1.0, 0.0]), 10, tolerance=0.125).stop == 3


def test_converged_with_tolerance_zero_only_where_the_slope_is_zero():
    run = descend(BOWL, gd(1.0), np.array([3.0, 4.0]), 5)
    assert (run.status, run.stop) == ("converged", 1)


def test_a_start_at_a_stationary_point_has_converged_before_the_first_step():
    run = descend(parse("x**2 - y**2"), gd(0.1), np.zeros(2), 5)
    assert (run.status, run.stop) == ("converged", 0)
    assert run.evaluations.gradient[-1] == 0


def test_max_steps_is_still_moving():
    run = descend(BOWL, gd(0.5), np.array([1.0, 0.0]), 6)
    assert (run.status, run.stop) == ("max_steps", 6)
    assert run.x[-1, 0] == 2.0**-6


def test_diverged_at_the_first_step_past_the_runaway_bound():
    # x_k = (-9)**k with lr 10: 9**8 = 43046721 is within 1e8, 9**9 is not
    run = descend(BOWL, gd(10.0), np.array([1.0, 0.0]), 30)
    assert (run.status, run.stop) == ("diverged", 9)
    assert 9**8 <= RUNAWAY < 9**9
    assert run.x[-1, 0] == 9.0**8
    np.testing.assert_array_equal(run.value[8:], 9.0**16 / 2)


def test_a_start_past_the_runaway_bound_has_diverged_at_once():
    run = descend(BOWL, gd(0.1), np.array([2 * RUNAWAY, 0.0]), 3)
    assert (run.status, run.stop) == ("diverged", 0)
    np.testing.assert_array_equal(run.x[:, 0], 2 * RUNAWAY)


def test_a_value_that_overflows_is_diverged():
    # At -100 the value is e**1000, which no float holds.
    run = descend(parse("exp(-10*x)"), gd(1.0), np.array([[1.0, 0.0], [-100.0, 0.0]]), 4)
    np.testing.assert_array_equal(run.status, ["max_steps", "diverged"])
    assert run.stop[1] == 0


def test_stepping_out_of_the_domain_is_diverged():
    # f = x - log(x), f' = 1 - 1/x: from 2 with rate 6, 2 - 6 * .5 = -1, where the logarithm is not defined
    run = descend(parse("x - log(x)"), gd(6.0), np.array([2.0, 0.0]), 5)
    assert (run.status, run.stop) == ("diverged", 1)
    np.testing.assert_array_equal(run.x, np.tile([2.0, 0.0], (6, 1)))
    assert np.isfinite(run.value).all()


def test_a_start_outside_the_domain_is_diverged_at_step_zero():
    run = descend(parse("log(x)"), gd(0.1), np.array([-1.0, 0.0]), 5)
    assert (run.status, run.stop) == ("diverged", 0)
    assert np.isnan(run.value).all()
    np.testing.assert_array_equal(run.x[:, 0], -1)


def test_stalled_where_it_stopped_moving_and_the_slope_is_not_zero():
    # The Hessian of x**3 + y is singular everywhere: Newton has nowhere to go.
    run = descend(parse("x**3 + y"), OPTIMIZERS["newton"](), np.array([1.0, 0.0]), 6, tolerance=1e-3)
    assert (run.status, run.stop) == ("stalled", 0)


def test_stalled_counts_the_last_step_that_moved():
    # Rate 1 solves y in one step, and a slope of 1e-30 is too small to move x from 1.
    f = parse("y**2/2 + 1e-30*x")
    run = descend(f, gd(1.0), np.array([1.0, 5.0]), 8)
    np.testing.assert_array_equal(run.x[1:], np.tile([1.0, 0.0], (8, 1)))
    assert (run.status, run.stop) == ("stalled", 1)


def test_divergence_wins_over_a_slope_that_was_small_at_first():
    # -9 multiplies: 1e-3, 9e-3 ... ; tolerance 1 holds for four steps, and 9**12 * 1e-3 is past RUNAWAY.
    run = descend(BOWL, gd(10.0), np.array([1e-3, 0.0]), 30, tolerance=1.0)
    assert (run.status, run.stop) == ("diverged", 12)


def test_nothing_is_clipped():
    run = descend(SURFACES["rosenbrock"], gd(0.01), np.array([-1.5, 2.0]), 3)
    expected = [np.array([-1.5, 2.0])]
    for _ in range(3):
        expected.append(expected[-1] - 0.01 * SURFACES["rosenbrock"].gradient(expected[-1]))
        if np.abs(expected[-1]).max() > RUNAWAY:
            break
    np.testing.assert_allclose(run.x[: int(run.stop)], expected[: int(run.stop)])
    low, high = np.array(SURFACES["rosenbrock"].domain).T
    assert np.any((run.x < low) | (run.x > high)), "the path leaves the map and is shown where it is"


@pytest.mark.parametrize(
    ("lr", "tolerance"), [(0.5, 0.1), (10.0, 0.0), (1.0, 0.0)], ids=["converged", "diverged", "solved"]
)
def test_after_the_end_everything_rests(lr, tolerance):
    run = descend(BOWL, gd(lr), np.array([[1.0, 0.5]]), 40, tolerance=tolerance)
    last = int(run.stop[0]) - (run.status[0] == "diverged")
    for series in (run.x, run.value, run.gradient_norm):
        np.testing.assert_array_equal(series[last:], np.broadcast_to(series[last], series[last:].shape))
        assert np.isfinite(series).all()
    for calls in run.evaluations:
        assert (calls[run.stop[0] :] == calls[-1]).all()


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (key, name)
        for key in OPTIMIZERS
        for name in ("bukin_n6", "abs_valley", "double_well")
        if OPTIMIZERS[key].applies_to(SURFACES[name])
    ],
)
def test_a_run_that_has_stalled_stays_where_it_is(key, name):
    surface, optimizer = SURFACES[name], OPTIMIZERS[key]()
    runs = [descend(surface, optimizer, surface.start, steps, tolerance=1e-10) for steps in (7, 8, 20, 21, 60, 137)]
    stops = [run.stop for run in runs if run.status == "stalled"]
    if stops:
        longer = descend(surface, optimizer, surface.start, 137 + 60, tolerance=1e-10)
        assert longer.status == "stalled"
        assert stops == [longer.stop] * len(stops)


def test_rprop_has_not_stalled_where_it_turns():
    run = descend(BOWL, OPTIMIZERS["rprop"](lr=0.3), np.array([3.0, 3.0]), 8)
    np.testing.assert_array_equal(run.x[-1], run.x[-2])
    assert run.status == "max_steps"


def test_nothing_stalls_while_it_is_drawn_at_random():
    surface = SURFACES["bukin_n6"]
    for steps in (40, 126, 138):
        run = descend(Noisy(surface, 1.0), OPTIMIZERS["bfgs"](), np.array(surface.start), steps)
        assert run.status != "stalled"


def test_a_run_that_has_stalled_searches_no_further():
    calls = Counter()
    surface = SURFACES["abs_valley"]
    run = descend(Counting(surface, calls), OPTIMIZERS["bfgs"](), np.array(surface.start), 2000, tolerance=1e-10)
    assert run.status == "stalled"
    assert calls.total() < 5000
    assert run.steps == 2000


@pytest.mark.parametrize("starts", [STARTS, 1e300 * STARTS, np.empty((0, 2))])
def test_when_every_start_has_ended_no_more_steps_are_taken(starts):
    calls = Counter()
    run = descend(Counting(HIMMELBLAU, calls), OPTIMIZERS["newton"](), starts, 5000, tolerance=1e-8)
    assert not (run.status == "max_steps").any()
    assert calls.total() <= 100
    short = descend(HIMMELBLAU, OPTIMIZERS["newton"](), starts, 40, tolerance=1e-8)
    np.testing.assert_array_equal(run.x[:41], short.x)
    np.testing.assert_array_equal(run.x[41:], np.broadcast_to(short.x[-1], run.x[41:].shape))
    np.testing.assert_array_equal(run.evaluations.gradient[-1], short.evaluations.gradient[-1])


def test_no_steps_is_the_start_alone():
    run = descend(BOWL, gd(0.1), STARTS, 0)
    np.testing.assert_array_equal(run.x, STARTS[None])
    np.testing.assert_array_equal(run.stop, 0)
    assert run.evaluations.cost(2).sum() == 0
    np.testing.assert_array_equal(run.status, "max_steps")
    assert descend(BOWL, gd(0.1), np.zeros(2), 0).status == "converged"


def test_first_step():
    run = descend(BOWL, gd(0.5), np.array([[1.0, 0.0], [8.0, 0.0], [1e6, 0.0]]), 6)
    np.testing.assert_array_equal(run.first_step(run.value <= 0.5), [0, 3, -1])


# What is charged.


def test_gradient_descent_pays_a_gradient_a_step():
    calls = descend(BOWL, gd(0.5), np.array([1.0, 0.0]), 5).evaluations
    np.testing.assert_array_equal(calls.gradient, range(6))
    np.testing.assert_array_equal([calls.value, calls.hessian, calls.hessian_vector], np.zeros((3, 6)))


def test_newton_pays_a_gradient_and_a_hessian_a_step():
    calls = descend(HIMMELBLAU, OPTIMIZERS["newton"](), np.array([3.2, 2.2]), 3).evaluations
    np.testing.assert_array_equal(calls.gradient, range(4))
    np.testing.assert_array_equal(calls.hessian, range(4))
    np.testing.assert_array_equal(calls.cost(2), [0, 3, 6, 9])


def test_cost_counts_a_hessian_or_jacobian_as_one_gradient_a_variable_and_values_as_nothing():
    calls = Evaluations(*np.array([[100], [3], [5], [7], [11]]))
    np.testing.assert_array_equal(calls.cost(4), [3 + 7 + 4 * (5 + 11)])


def test_charging_stops_at_the_stop():
    run = descend(BOWL, gd(0.5), np.array([[1.0, 0.0], [8.0, 0.0]]), 10, tolerance=0.1)
    np.testing.assert_array_equal(run.evaluations.gradient[-1], run.stop)
    np.testing.assert_array_equal(run.stop, [4, 7])


def test_what_descend_looks_at_for_itself_is_free():
    calls = descend(Noisy(BOWL, 0.1), gd(0.1), np.array([1.0, 0.0]), 5).evaluations
    assert calls.value[-1] == 0
    assert calls.gradient[-1] == 5


# Noise and schedules.


def test_noise_is_reproducible_by_seed():
    def noisy(seed):
        return descend(Noisy(BOWL, 1.0), gd(0.1), np.array([1.0, 1.0]), 20, np.random.default_rng(seed)).x

    np.testing.assert_array_equal(noisy(3), noisy(3))
    assert np.any(noisy(3) != noisy(4))
    np.testing.assert_array_equal(descend(Noisy(BOWL, 1.0), gd(0.1), np.array([1.0, 1.0]), 20).x, noisy(0))


def test_every_method_meets_the_same_draws():
    start, lr = np.array([1.0, 1.0]), 0.1
    noise = np.random.default_rng(7).standard_normal((2, 2))
    x = [start]
    v = np.zeros(2)
    for xi in noise:
        v = 0.9 * v + x[-1] + xi
        x.append(x[-1] - lr * v)
    run = descend(Noisy(BOWL, 1.0), OPTIMIZERS["momentum"](lr=lr), start, 2, np.random.default_rng(7))
    np.testing.assert_allclose(run.x, x, rtol=1e-14)
    plain = descend(Noisy(BOWL, 1.0), gd(lr), start, 1, np.random.default_rng(7))
    np.testing.assert_allclose(plain.x[1], start - lr * (start + noise[0]), rtol=1e-14)


def test_what_is_recorded_is_free_of_noise():
    run = descend(Noisy(BOWL, 5.0), gd(0.1), np.array([1.0, 1.0]), 10)
    np.testing.assert_allclose(run.value, BOWL.value(run.x))
    np.testing.assert_allclose(run.gradient_norm, np.linalg.norm(run.x, axis=-1))


def test_a_schedule_multiplies_the_rate_step_by_step():
    schedule = SCHEDULES["exponential"](end=0.0625)  # factors 1, 1/2, 1/4, 1/8 in four steps
    run = descend(BOWL, gd(0.5), np.array([1.0, 0.0]), 4, schedule=schedule)
    np.testing.assert_allclose(run.x[:, 0], np.cumprod([1, 0.5, 0.75, 0.875, 0.9375]), rtol=1e-14)


def test_a_constant_schedule_is_none():
    runs = [descend(HIMMELBLAU, OPTIMIZERS["adam"](), STARTS, 9, schedule=s) for s in (None, SCHEDULES["constant"]())]
    np.testing.assert_array_equal(runs[0].x, runs[1].x)


class Pauses(SCHEDULES["constant"]):
    """Rate 0 in the last half: no step moves."""

    def _factors(self, t, steps):
        return np.where(t < steps // 2, 1.0, 0.0)


def test_a_pause_of_the_schedule_is_no_stall():
    run = descend(BOWL, gd(0.5), np.array([1.0, 0.0]), 6, schedule=Pauses())
    assert (run.status, run.stop) == ("max_steps", 6)
    assert run.x[-1, 0] == 0.125


# The table.


def test_the_frame_is_tidy():
    run = descend(HIMMELBLAU, OPTIMIZERS["newton"](), STARTS, 4)
    frame = run.frame()
    assert list(frame) == [
        *("step", "start", "x0", "x1", "value", "gradient_norm"),
        *("value_calls", "gradient_calls", "hessian_calls", "hessian_vector_calls", "jacobian_calls"),
    ]
    assert len(frame) == 5 * 3
    row = frame[(frame.step == 2) & (frame.start == 1)].iloc[0]
    np.testing.assert_array_equal(row[["x0", "x1"]], run.x[2, 1])
    assert row.value == run.value[2, 1]
    assert row.gradient_norm == run.gradient_norm[2, 1]
    assert row.hessian_calls == run.evaluations.hessian[2, 1]


@pytest.mark.parametrize("shape", [(2,), (2, 3, 2), (0, 2)])
def test_the_frame_numbers_starts_of_any_shape(shape):
    run = descend(BOWL, gd(0.1), np.ones(shape), 4)
    frame = run.frame()
    starts = int(np.prod(shape[:-1]))
    assert len(frame) == 5 * starts
    assert sorted(set(frame.start)) == list(range(starts))


# What is refused.


@pytest.mark.parametrize(
    ("start", "message"),
    [
        (np.zeros(3), "start has shape (3,); its last axis must be 2"),
        (np.zeros((2, 1)), "start has shape (2, 1); its last axis must be 2"),
        (1.0, "start has shape (); its last axis must be 2"),
        ([np.nan, 0.0], "start is [nan  0.]; it must be finite"),
        ([[0.0, 0.0], [0.0, np.inf]], "it must be finite"),
    ],
)
def test_a_wrong_start_is_named(start, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        descend(BOWL, gd(0.1), start, 5)
    with pytest.raises(ValueError, match=re.escape(message)):
        endpoints(BOWL, gd(0.1), start, 5)


@pytest.mark.parametrize("steps", [-1, MAX_STEPS + 1])
def test_a_wrong_number_of_steps_is_named(steps):
    with pytest.raises(ValueError, match=f"^steps is {steps}; allowed is 0 to {MAX_STEPS}$"):
        descend(BOWL, gd(0.1), np.zeros(2), steps)


# Endpoints.


@pytest.mark.parametrize("key", ["gradient_descent", "momentum", "adam", "rprop", "newton"])
def test_endpoints_equal_the_last_iterate_of_descend(key):
    optimizer = OPTIMIZERS[key](lr=0.01)
    ends = endpoints(HIMMELBLAU, optimizer, STARTS.reshape(3, 1, 2), 30)
    assert ends.shape == (3, 1, 2)
    np.testing.assert_allclose(ends[:, 0], descend(HIMMELBLAU, optimizer, STARTS, 30).x[-1], rtol=1e-10)


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 20])
def test_endpoints_leave_no_seam_between_blocks(monkeypatch, count):
    monkeypatch.setattr(descent, "BLOCK", 8)
    starts = np.random.default_rng(0).uniform(-4, 4, (count, 2))
    optimizer = OPTIMIZERS["adam"](lr=0.1)
    expected = descend(HIMMELBLAU, optimizer, starts, 15).x[-1]
    np.testing.assert_allclose(endpoints(HIMMELBLAU, optimizer, starts, 15), expected, rtol=1e-9)


def test_endpoints_over_a_real_block_boundary():
    starts = np.random.default_rng(0).uniform(-4, 4, (descent.BLOCK + 2, 2))
    ends = endpoints(HIMMELBLAU, gd(0.001), starts, 3)
    for i in (0, descent.BLOCK - 1, descent.BLOCK, descent.BLOCK + 1):
        np.testing.assert_allclose(ends[i], endpoints(HIMMELBLAU, gd(0.001), starts[i], 3), rtol=1e-12)


def test_endpoints_change_no_start_and_take_no_step_for_none():
    starts = STARTS.copy()
    np.testing.assert_array_equal(endpoints(HIMMELBLAU, gd(0.01), starts, 0), STARTS)
    endpoints(HIMMELBLAU, gd(0.01), starts, 3)
    np.testing.assert_array_equal(starts, STARTS)


def test_endpoints_of_a_runaway_are_not_finite():
    ends = endpoints(parse("x**4 + y**4"), gd(1.0), np.array([[10.0, 10.0], [0.0, 0.0]]), 50)
    assert not np.isfinite(ends[0]).any()
    np.testing.assert_array_equal(ends[1], 0)
