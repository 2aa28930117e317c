"""A race is fair: own rates found honestly, the same noise for all, and a clock that counts what was spent."""

from dataclasses import replace

import numpy as np
import pytest

from landscape.descent.commentary import captions
from landscape.descent.descend import descend
from landscape.descent.race import CLOCKS, hold, left_map, run
from landscape.descent.schedules import SCHEDULES
from landscape.descent.tuning import tune
from landscape.knob import knobs
from landscape.numbers import short
from landscape.objective import Noisy
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES, surface_from_formula

QUADRATIC = SURFACES["quadratic"]
START = np.array([1.0, -1.5])


def gd(lr):
    return OPTIMIZERS["gradient_descent"](lr=lr)


# Holding one.


def test_each_contestant_runs_as_it_would_alone():
    methods = {"gradient_descent": gd(0.02), "adam": OPTIMIZERS["adam"](lr=0.1), "newton": OPTIMIZERS["newton"]()}
    race = hold(SURFACES["himmelblau"], methods, START, 30, tolerance=1e-3)
    assert list(race.runs) == list(race.optimizers) == list(methods)
    for key, optimizer in methods.items():
        alone = descend(SURFACES["himmelblau"], optimizer, START, 30, tolerance=1e-3)
        np.testing.assert_array_equal(race.runs[key].x, alone.x)
        assert race.runs[key].status == alone.status


def test_all_see_the_same_noise_and_none_the_others_draws():
    both = hold(QUADRATIC, {"gradient_descent": gd(0.02), "momentum": OPTIMIZERS["momentum"]()}, START, 20, noise=2.0)
    for key in both.runs:
        alone = hold(QUADRATIC, {key: both.optimizers[key]}, START, 20, noise=2.0)
        np.testing.assert_array_equal(both.runs[key].x, alone.runs[key].x)
    expected = descend(Noisy(QUADRATIC, 2.0), gd(0.02), START, 20, np.random.default_rng(0))
    np.testing.assert_array_equal(both.runs["gradient_descent"].x, expected.x)


def test_a_seed_is_another_race():
    paths = [run(QUADRATIC, gd(0.02), START, 5, noise=1.0, seed=seed).x for seed in (0, 0, 1)]
    np.testing.assert_array_equal(paths[0], paths[1])
    assert np.any(paths[0] != paths[2])


def test_a_schedule_reaches_every_contestant():
    schedule = SCHEDULES["cosine"]()
    race = hold(QUADRATIC, {"gradient_descent": gd(0.02)}, START, 10, schedule=schedule)
    expected = descend(QUADRATIC, gd(0.02), START, 10, schedule=schedule)
    np.testing.assert_array_equal(race.runs["gradient_descent"].x, expected.x)


# The clock.


def test_the_clock_counts_steps_or_gradients_and_a_hessian_as_two():
    race = hold(QUADRATIC, {"gradient_descent": gd(0.001), "newton": OPTIMIZERS["newton"](lr=0.5)}, START, 4)
    assert list(CLOCKS) == ["steps", "cost"]
    for key in race.runs:
        np.testing.assert_array_equal(race.clock(key, "steps"), range(5))
    np.testing.assert_array_equal(race.clock("gradient_descent", "cost"), [0, 1, 2, 3, 4])
    np.testing.assert_array_equal(race.clock("newton", "cost"), [0, 3, 6, 9, 12])


def test_the_cost_clock_stops_at_the_end():
    race = hold(QUADRATIC, {"newton": OPTIMIZERS["newton"]()}, START, 5, tolerance=1e-9)
    np.testing.assert_array_equal(race.clock("newton", "cost"), [0, 3, 3, 3, 3, 3])


def test_the_lowest_known_value_is_the_global_minimums():
    assert hold(SURFACES["easom"], {}, START, 1).lowest_known == -1
    assert hold(SURFACES["saddle"], {}, START, 1).lowest_known is None


# Tuning.


def brute_force(surface, optimizer, start, steps, **options):
    """Rates whose runs stay at or below their start, and their mean value over the last tenth; one run at a time."""
    scores = {}
    for rate in knobs(optimizer)["lr"].grid():
        trajectory = run(surface, replace(optimizer, lr=float(rate)), start, steps, **options)
        if trajectory.status != "diverged" and (trajectory.value <= trajectory.value[0]).all():
            scores[float(rate)] = trajectory.value[-max(1, steps // 10) :].mean()
    return scores


@pytest.mark.parametrize(
    ("key", "surface", "options"),
    [
        ("gradient_descent", "quadratic", {}),
        ("gradient_descent", "rosenbrock", {}),
        ("momentum", "himmelblau", {}),
        ("adam", "beale", {}),
        ("sign_descent", "abs_valley", {}),
        ("adam", "rosenbrock", {"noise": 5.0, "seed": 3}),
        ("gradient_descent", "quadratic", {"schedule": SCHEDULES["cosine"]()}),
    ],
)
def test_no_calm_rate_is_better_than_the_one_tuning_finds(key, surface, options):
    surface, optimizer, steps = SURFACES[surface], OPTIMIZERS[key](), 40
    start = np.array(surface.start)
    scores = brute_force(surface, optimizer, start, steps, **options)
    rate = tune(surface, optimizer, start, steps, **options)
    best = min(scores.values())
    assert scores[rate] <= best + 1.01e-6 * (surface.value(start) - best)


def test_among_equal_ends_the_first_to_get_there_is_chosen():
    # From x = 1 on x**2/2 every rate below 2 converges; a rate of 1 is there after one step.
    bowl = surface_from_formula("x**2/2 + y**2/2")
    assert tune(bowl, gd(0.1), np.array([1.0, 1.0]), 2000) == 1.0


def test_a_rate_is_one_the_slider_offers():
    rate = tune(SURFACES["himmelblau"], OPTIMIZERS["adam"](), START, 25)
    assert rate in knobs(OPTIMIZERS["adam"])["lr"].grid()
    assert isinstance(rate, float)


def test_the_rate_a_method_comes_with_does_not_matter():
    rates = {tune(QUADRATIC, gd(lr), START, 30) for lr in (1e-7, 0.01, 10.0)}
    assert len(rates) == 1


def test_other_hyper_parameters_do():
    momentum = OPTIMIZERS["momentum"]
    assert tune(QUADRATIC, momentum(momentum=0.0), START, 30) == tune(QUADRATIC, gd(0.1), START, 30)
    assert tune(QUADRATIC, momentum(momentum=0.0), START, 30) != tune(QUADRATIC, momentum(momentum=0.99), START, 30)


@pytest.mark.parametrize(
    "key", [key for key, method in OPTIMIZERS.items() if not (method.tunable and hasattr(method, "lr"))]
)
def test_a_method_with_a_natural_rate_is_left_alone(key):
    assert tune(QUADRATIC, OPTIMIZERS[key](), START, 10) is None


@pytest.mark.parametrize("key", [key for key, method in OPTIMIZERS.items() if method.tunable and hasattr(method, "lr")])
def test_every_other_method_finds_a_rate_on_a_bowl(key):
    rate = tune(QUADRATIC, OPTIMIZERS[key](), START, 60)
    tuned = run(QUADRATIC, replace(OPTIMIZERS[key](), lr=rate), START, 60)
    assert tuned.value[-1] < 0.2 * tuned.value[0]


def test_where_every_rate_climbs_there_is_none():
    # A crease with the start at its bottom: every step leaves it, whatever the rate.
    assert tune(surface_from_formula("abs(x) + abs(y) + x/2"), OPTIMIZERS["sign_descent"](), np.zeros(2), 10) is None


def test_where_the_start_is_nowhere_there_is_none():
    assert tune(surface_from_formula("log(x)"), gd(0.1), np.array([-1.0, 0.0]), 10) is None
    assert tune(surface_from_formula("sqrt(x)"), gd(0.1), np.array([-1.0, 0.0]), 10) is None


def test_one_step_is_enough_to_tune():
    # 1-step best on x**2/2 from anywhere is rate 1.
    assert tune(surface_from_formula("x**2/2 + y**2/2"), gd(0.1), np.array([1.0, 1.0]), 1) == 1.0


# Leaving the map.


def path(surface, *points):
    """A run of gradient descent whose iterates are replaced by the given ones."""
    return replace(run(surface, gd(0.1), surface.start, len(points) - 1), x=np.array(points, dtype=float))


SQUARE = surface_from_formula("x + y", ((-1, 1), (-2, 2)), (0, 0))


@pytest.mark.parametrize(
    ("points", "step", "crossing"),
    [
        ([(0, 0), (2, 0)], 1, (1, 0)),
        ([(0, 0), (-4, 0)], 1, (-1, 0)),
        ([(0, 0), (0, 4)], 1, (0, 2)),
        ([(0, 0), (0, -8)], 1, (0, -2)),
        ([(0, 0), (0.5, 1), (1.5, 2)], 2, (1, 1.5)),
        ([(0, 0), (2, 8)], 1, (0.5, 2)),
        ([(0, 0), (4, 2)], 1, (1, 0.5)),
        ([(0, 0), (2, 4)], 1, (1, 2)),
        ([(1, 0), (2, 1)], 1, (1, 0)),
        ([(0, 0), (1, 2), (0, 0), (3, 0), (0, 0)], 3, (1, 0)),
    ],
)
def test_the_exit_is_where_the_step_crosses_the_edge(points, step, crossing):
    k, at = left_map(path(SQUARE, *points), SQUARE.domain)
    assert k == step
    np.testing.assert_allclose(at, crossing, atol=1e-15)


def test_a_path_that_stays_on_the_map_never_leaves_even_along_its_edge():
    assert left_map(path(SQUARE, (0, 0), (1, 2), (1, -2), (-1, -2)), SQUARE.domain) is None


def test_a_start_off_the_map_is_no_exit():
    assert left_map(path(SQUARE, (5, 0), (0, 0), (5, 0)), SQUARE.domain) is None


@pytest.mark.parametrize("seed", range(5))
def test_the_crossing_lies_on_the_edge_and_on_the_step(seed):
    surface = SURFACES["himmelblau"]
    low, high = np.array(surface.domain).T
    rng = np.random.default_rng(seed)
    start = rng.uniform(low, high)
    trajectory = run(surface, gd(0.1), start, 20)
    left = left_map(trajectory, surface.domain)
    if left is None:
        inside = (trajectory.x >= low) & (trajectory.x <= high)
        assert inside.all()
        return
    k, at = left
    before, after = trajectory.x[k - 1], trajectory.x[k]
    assert np.isclose(at, low, atol=1e-12).any() or np.isclose(at, high, atol=1e-12).any()
    assert np.all((at >= low - 1e-12) & (at <= high + 1e-12))
    u, v = at - before, after - before
    assert abs(u[0] * v[1] - u[1] * v[0]) <= 1e-9 * np.linalg.norm(v) * (1 + np.linalg.norm(u))
    assert 0 <= u @ v <= v @ v


def test_a_method_that_blows_up_beyond_recording_still_left_somewhere():
    # The last finite iterate is on the map and the next is past all bounds: the run rests where it last was.
    trajectory = run(SURFACES["himmelblau"], gd(10.0), np.array([4.5, 4.5]), 20)
    assert trajectory.status == "diverged"
    left = left_map(trajectory, SURFACES["himmelblau"].domain)
    assert left is not None
    assert left[0] < trajectory.stop


def test_the_sentence_under_a_race_follows_it():
    surface = SURFACES["himmelblau"]
    methods = {"gradient_descent": OPTIMIZERS["gradient_descent"](lr=0.01), "momentum": OPTIMIZERS["momentum"](lr=10.0)}
    race = hold(surface, methods, np.array([0.5, 0.5]), 300, tolerance=1e-10)
    down, away = (race.runs[key] for key in methods)
    reached = np.minimum(np.arange(301), [[down.steps], [away.steps]])
    lines = captions(race, reached)
    assert lines[0] == f"All are {short(surface.value(race.start))} above the minimum."
    assert lines[1].startswith("Gradient descent is lowest, ")
    assert "Momentum is highest, " in lines[1]
    assert lines[-1] == (
        "Gradient descent is as low as the minimum. Gradient descent is at rest. Momentum has diverged."
    )
    changes = [k for k in range(1, 301) if lines[k] != lines[k - 1]]
    assert len(changes) > 20


def test_all_that_are_as_high_as_any_are_said_to_be_highest():
    """Before the first step of Newton and of BFGS, when gradient descent has taken two."""
    methods = {key: OPTIMIZERS[key]() for key in ("gradient_descent", "newton", "bfgs")}
    race = hold(SURFACES["himmelblau"], methods, np.array([0.5, 0.5]), 5)
    (line,) = captions(race, np.array([[2], [0], [0]]))
    assert line.startswith("Gradient descent is lowest, ")
    assert " Newton and BFGS are highest, " in line


def test_a_race_without_a_known_bottom_is_told_by_its_values():
    surface = surface_from_formula("x*y")
    race = hold(surface, {"newton": OPTIMIZERS["newton"]()}, np.array([1.0, 2.0]), 3)
    assert captions(race, np.array([[0, 1]])) == [
        "Newton is at f = 2.",
        "Newton is at f = 0. Newton is at rest.",
    ]
