"""Fate maps agree with runs made one at a time."""

import tracemalloc

import numpy as np
import pytest

from landscape.descent.descend import descend
from landscape.formulas.expression import parse
from landscape.maps.atlas import gathered
from landscape.maps.basins import DIVERGED, NONE, fates, widened
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES
from landscape.theory.stationary import stationary_points

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
    there, nearest = result.attractor >= 0, distance[-1].argmin(axis=-1)
    agree(result, run.x, distance)
    looks = np.unique(np.r_[0 : steps : result.stride, steps])
    away = np.take_along_axis(distance[looks], nearest[None, ..., None], axis=-1)[..., 0] > reach
    last_away = len(looks) - 1 - np.argmax(away[::-1], axis=0)
    arrival = np.where(away.any(axis=0), looks[np.minimum(last_away + 1, len(looks) - 1)], 0)
    np.testing.assert_array_equal(result.steps, np.where(there, arrival, steps))


def agree(result, x, distance):
    """What has arrived is near, and rests or still came nearer; what has not does not rest at any of the points."""
    size = np.hypot(12, 12)
    there, nearest = result.attractor >= 0, distance[-1].argmin(axis=-1)
    np.testing.assert_array_equal(result.attractor[there], nearest[there])
    near = np.take_along_axis(distance, nearest[None, ..., None], axis=-1)[..., 0]
    still = np.abs(np.diff(x[-6:], axis=0)).max(axis=(0, -1)) <= 1e-10
    late = min(4 * result.stride, len(x) // 2)
    closing = (near[-1] <= 0.001 * size) & (near[-1] <= near[-2 * late : -late].max(axis=0) + 1e-6)
    assert np.all((near[-1] <= 0.01 * size)[there])
    assert np.all((still | closing)[there])
    assert not np.any(((near[-12:] <= 1e-9).all(axis=0))[result.attractor == NONE])


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_starts_that_have_arrived_leave_without_a_trace(key):
    optimizer = OPTIMIZERS[key]()
    result = fates(HIMMELBLAU, optimizer, HIMMELBLAU.domain, resolution=24, steps=120)
    run = descend(HIMMELBLAU, optimizer, np.stack(np.meshgrid(result.x, result.y), axis=-1), 120)
    np.testing.assert_array_equal(result.attractor == DIVERGED, run.status == "diverged")
    agree(result, run.x, np.linalg.norm(run.x[:, :, :, None] - result.attractors.x, axis=-1))


def test_who_only_passes_a_saddle_has_not_arrived_there():
    """At 20 steps some starts are beside a saddle that they leave: of gradient descent's none ends there."""
    method = OPTIMIZERS["gradient_descent"](lr=0.01)
    early, late = (fates(HIMMELBLAU, method, HIMMELBLAU.domain, 64, steps) for steps in (20, 400))
    assert not (early.attractors.kind[early.attractor] == "saddle")[early.attractor >= 0].any()
    both = (early.attractor >= 0) & (late.attractor >= 0)
    assert both.mean() > 0.8
    np.testing.assert_array_equal(early.attractor[both], late.attractor[both])


def test_a_chatter_is_no_arrival():
    result = fates(HIMMELBLAU, OPTIMIZERS["sign_descent"](lr=0.06), HIMMELBLAU.domain, 24, 200)
    assert result.share(NONE) > 0.95
    valley = fates(SURFACES["abs_valley"], OPTIMIZERS["newton"](), SURFACES["abs_valley"].domain, 33, 60)
    assert valley.share(NONE) > 0.9


def test_where_runs_rest_off_the_list_is_an_attractor_too():
    """Nobody has searched for points here; the runs of Newton's method find those that they come to."""
    listed = stationary_points(HIMMELBLAU, HIMMELBLAU.domain).chosen(np.arange(1))
    assert len(listed) == 1
    result = fates(HIMMELBLAU, OPTIMIZERS["newton"](), HIMMELBLAU.domain, 48, 60, attractors=listed)
    assert sorted(result.attractors.kind.tolist()) == ["maximum", *["minimum"] * 4, *["saddle"] * 4]
    assert result.share(NONE) < 0.01
    np.testing.assert_allclose(HIMMELBLAU.gradient(result.attractors.x), 0, atol=1e-4)
    descent = OPTIMIZERS["gradient_descent"](lr=0.01)
    plain = fates(HIMMELBLAU, descent, HIMMELBLAU.domain, 48, 400, attractors=listed)
    maps = gathered(HIMMELBLAU, {"newton": result, "gradient_descent": plain}, 1)
    assert [len(each.attractors) for each in maps.values()] == [9, 9]
    for key, before in (("newton", result), ("gradient_descent", plain)):
        reached = before.attractor >= 0
        there = before.attractors.x[before.attractor[reached]]
        np.testing.assert_allclose(maps[key].attractors.x[maps[key].attractor[reached]], there, atol=1e-4)


def test_a_plain_is_no_attractor():
    flat = parse("max(x, 0)**2 + max(y, 0)**2")
    result = fates(flat, OPTIMIZERS["gradient_descent"](lr=0.2), ((-2, 2), (-2, 2)), 16, 80)
    assert len(result.attractors) == 0
    assert result.share(NONE) == 1


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


def test_a_map_of_one_block_too_says_how_far_it_is():
    seen = []
    fates(HIMMELBLAU, OPTIMIZERS["momentum"](lr=1e-4), HIMMELBLAU.domain, 10, 40, progress=seen.append)
    assert seen == pytest.approx([*np.linspace(0.1, 1.0, 10), 1.0])


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


def test_a_map_of_very_many_attractors_takes_no_more_memory_than_its_starts():
    """Rastrigin's has two thousand on it and around it: their distances from each other would take 130 MB."""
    surface = SURFACES["rastrigin"]
    points = stationary_points(surface, widened(surface.domain))
    assert len(points) > 1500
    tracemalloc.start()
    try:
        fates(surface, OPTIMIZERS["newton"](), surface.domain, resolution=16, steps=4, attractors=points)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 12 * 2**20


def test_a_saddle_far_off_the_map_is_known_to_all_its_digits():
    """Branin's saddles stand where x is a multiple of 2 pi, and y on the parabola; Newton flies to the far ones."""
    branin = SURFACES["branin"]
    result = fates(branin, OPTIMIZERS["newton"](), branin.domain, resolution=64, steps=47)
    x, y = result.attractors.x[np.abs(result.attractors.x).max(axis=-1) > 1e4].T
    assert y.max(initial=0) > 3e5
    np.testing.assert_allclose(x, np.pi * np.round(x / np.pi), rtol=1e-12)
    np.testing.assert_allclose(y, 5.1 / (4 * np.pi**2) * x**2 - 5 / np.pi * x + 6, rtol=1e-12)
