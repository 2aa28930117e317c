"""The sunspots are learned: better than by repeating, cut off or not; and what has run away is told."""

import numpy as np
import pytest

from landscape.lessons.series import WINDOW, Plan, by_mean, findings, learn, missed_alone, near, repeated, whole
from landscape.networks.truncated import angles, gradient_by_lag

PLAN = Plan("tanh", 4, 0.03, 24, 4, 0)


@pytest.fixture(scope="module")
def seen():
    return whole(PLAN)


def test_a_year_ahead_is_said_better_than_by_repeating_the_last(seen):
    assert seen.learned.sum() == WINDOW == 220
    assert repeated(seen) == pytest.approx(30.436, abs=1e-3)
    assert by_mean(seen) == pytest.approx(54.0585, abs=1e-3)
    assert seen.missed[-1, 0, 1] < 28 < repeated(seen)
    np.testing.assert_allclose(seen.missed[[0, -1], :, 0], [[36.2277, 36.2277], [22.0760, 19.9577]], rtol=1e-4)
    np.testing.assert_allclose(seen.ahead[:, 220], seen.free[:, 0], rtol=1e-12)
    assert np.isfinite(missed_alone(seen)).all()


def test_the_angle_is_that_of_the_weights_it_is_told_for(seen):
    series = seen.spots[None] / 100
    years = np.concatenate([[[0.05]], series], axis=1)
    parts = gradient_by_lag(seen.network, seen.weights[-1], years[:, :WINDOW], years[:, 1 : WINDOW + 1])
    np.testing.assert_allclose(angles(parts), seen.turned[-1], atol=1e-9)
    assert (seen.turned[:, -1] == 0).all()
    assert seen.turned[-1, 0] > 10
    assert (seen.turned[-1, near(seen.turned[-1]) - 1 :] < 10).all()
    assert not seen.turned[-1, near(seen.turned[-1]) - 2] < 10


def test_it_is_told_as_it_comes():
    frames = [*learn(PLAN._replace(steps=3))]
    assert [len(each.steps) for each in frames] == [1, 2, 3, 4]
    assert [each.done for each in frames] == [False, False, False, True]
    np.testing.assert_array_equal(frames[1].weights, frames[3].weights[:2])


def test_with_all_years_both_runs_are_one():
    seen = whole(PLAN._replace(steps=2, window=WINDOW))
    np.testing.assert_array_equal(seen.missed[:, 0], seen.missed[:, 1])
    assert findings(seen)[0].numbers["angle"] == 0


def test_a_run_that_leaves_the_finite_world_rests_where_it_was_sound():
    seen = whole(Plan("relu", 4, 10.0, 30, 1, 0))
    assert seen.diverged is not None
    assert seen.done
    assert len(seen.steps) == len(seen.weights) <= 30
    assert np.isfinite(seen.weights).all()
    assert {finding.kind for finding in findings(seen)} >= {"series.cost", "series.ahead"}


@pytest.mark.parametrize(
    ("plan", "step", "broken"),
    [
        # Finite weights whose predictions are not.
        (Plan("relu", 2, 10.0, 1, 132, 77), 1, [True, True]),
        # Between two frames.
        (Plan("relu", 3, 3.0, 150, 5, 0), 3, [True, True]),
    ],
)
def test_a_run_diverges_at_the_first_step_whose_loss_is_not_finite(plan, step, broken):
    seen = whole(plan)
    assert (seen.diverged, seen.broken.tolist()) == (step, broken)
    assert np.isfinite(seen.missed).all()
    assert "diverged" in findings(seen)[1].text
    assert not any("nan" in finding.text or "inf" in finding.text for finding in findings(seen))


def test_no_window_is_near_where_none_is():
    assert near(np.array([50.0, 9.0, 11.0, 2.0])) == 4
    assert near(np.array([1.0, 2.0])) == 1
