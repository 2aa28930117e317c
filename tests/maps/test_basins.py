"""Fate maps agree with runs made one at a time."""

import numpy as np
import pytest

from landscape.descent.descend import descend
from landscape.formulas.expression import parse
from landscape.maps.basins import DIVERGED, NONE, fates
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES

HIMMELBLAU = SURFACES["himmelblau"]


@pytest.mark.parametrize(
    ("key", "hyper", "steps"),
    [("newton", {}, 40), ("adam", {"lr": 0.1}, 150), ("gradient_descent", {"lr": 0.01}, 60), ("trust_region", {}, 25)],
)
def test_fates_equal_runs_from_each_start(key, hyper, steps):
    optimizer = OPTIMIZERS[key](**hyper)
    result = fates(HIMMELBLAU, optimizer, HIMMELBLAU.domain, resolution=24, steps=steps)
    starts = np.stack(np.meshgrid(result.x, result.y), axis=-1)
    run = descend(HIMMELBLAU, optimizer, starts, steps)
    distance = np.linalg.norm(run.x[:, :, :, None] - result.attractors.x, axis=-1)
    reach = 0.01 * np.hypot(12, 12)
    there = distance[-1].min(axis=-1) < reach
    nearest = distance[-1].argmin(axis=-1)
    np.testing.assert_array_equal(result.attractor, np.where(there, nearest, NONE))
    looks = np.unique(np.r_[0 : steps : result.stride, steps])
    away = np.take_along_axis(distance[looks], nearest[None, ..., None], axis=-1)[..., 0] > reach
    last_away = len(looks) - 1 - np.argmax(away[::-1], axis=0)
    arrival = np.where(away.any(axis=0), looks[np.minimum(last_away + 1, len(looks) - 1)], 0)
    np.testing.assert_array_equal(result.steps, np.where(there, arrival, steps))


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_starts_that_have_arrived_leave_without_a_trace(key):
    optimizer = OPTIMIZERS[key]()
    result = fates(HIMMELBLAU, optimizer, HIMMELBLAU.domain, resolution=24, steps=120)
    run = descend(HIMMELBLAU, optimizer, np.stack(np.meshgrid(result.x, result.y), axis=-1), 120)
    distance = np.linalg.norm(run.x[-1][:, :, None] - result.attractors.x, axis=-1)
    there = np.where(distance.min(axis=-1) < 0.01 * np.hypot(12, 12), distance.argmin(axis=-1), NONE)
    np.testing.assert_array_equal(result.attractor, np.where(run.status == "diverged", DIVERGED, there))


def test_fractions_are_shares_of_the_map():
    result = fates(HIMMELBLAU, OPTIMIZERS["newton"](), HIMMELBLAU.domain, resolution=50, steps=50)
    assert result.fractions.shape == (len(result.attractors),)
    assert result.fractions.sum() + result.share(NONE) + result.share(DIVERGED) == pytest.approx(1)
    # Newton goes to saddles and to the hilltop as well; gradient descent does not.
    assert np.all(result.fractions[:9] > 0.01)
    slow = fates(HIMMELBLAU, OPTIMIZERS["gradient_descent"](lr=0.01), HIMMELBLAU.domain, resolution=51, steps=400)
    assert slow.fractions[slow.attractors.kind == "minimum"].sum() > 0.99


def test_rows_are_y_and_columns_x():
    result = fates(parse("(x**2 - 1)**2 + y**2"), OPTIMIZERS["gradient_descent"](lr=0.05), ((-2, 2), (-1, 3)), 40, 100)
    left = result.attractors.x[result.attractor[:, 0], 0]
    np.testing.assert_allclose(left, -1)
    assert result.x[-1] == 2
    assert result.y[-1] == 3


def test_runaways_are_told_from_those_that_are_still_under_way():
    result = fates(parse("x**2/2 - 10*y"), OPTIMIZERS["gradient_descent"](lr=3.0), ((-1, 1), (-1, 1)), 9, 60)
    assert np.all(result.attractor[:, [0, -1]] == DIVERGED)
    # x doubles and changes sign from 1 on: past 1e8 after 27 steps.
    assert np.all(result.steps[:, 0] == 27)
    assert np.all(result.attractor[:, 4] == NONE)
    assert np.all(result.steps[:, 4] == 60)


def test_progress_is_reported_and_can_end_the_work():
    seen = []
    fates(HIMMELBLAU, OPTIMIZERS["newton"](), HIMMELBLAU.domain, 150, 3, progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1

    def stop(share):
        raise InterruptedError(share)

    with pytest.raises(InterruptedError):
        fates(HIMMELBLAU, OPTIMIZERS["newton"](), HIMMELBLAU.domain, 150, 3, progress=stop)


@pytest.mark.parametrize("steps", [0, 1, 64, 65, 200])
def test_any_number_of_steps(steps):
    result = fates(HIMMELBLAU, OPTIMIZERS["momentum"](lr=0.01), HIMMELBLAU.domain, 10, steps)
    assert result.steps.max() <= steps
    assert result.stride == max(1, -(-steps // 64))


def test_a_plane_attracts_nobody():
    result = fates(parse("x + y"), OPTIMIZERS["adam"](), ((-1, 1), (-1, 1)), 5, 10)
    assert np.all(result.attractor == NONE)
    assert result.fractions.shape == (0,)


def test_bad_input_is_named():
    newton, domain = OPTIMIZERS["newton"](), HIMMELBLAU.domain
    with pytest.raises(ValueError, match="resolution is 1; allowed is 2 to 1024"):
        fates(HIMMELBLAU, newton, domain, 1, 10)
    with pytest.raises(ValueError, match="steps is -1"):
        fates(HIMMELBLAU, newton, domain, 10, -1)
    with pytest.raises(ValueError, match="Gauss-Newton needs a sum of squares"):
        fates(SURFACES["ackley"], OPTIMIZERS["gauss_newton"](), domain, 10, 10)
