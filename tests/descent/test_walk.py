"""A run walked on from where it is: the same as one walked anew, whatever was asked for before."""

import dataclasses

import numpy as np
import pytest

from landscape import OPTIMIZERS, SURFACES
from landscape.descent import race
from landscape.descent.descend import Trajectory, judge
from landscape.descent.tuning import Tuning, tune

TOLERANCE = 1e-10
# Back and forth, on and between glances, past where most have come to rest.
LENGTHS = (40, 7, 71, 0, 23, 60)
PLACES = ("rosenbrock", "himmelblau", "saddle")


def assert_same(run: Trajectory, anew: Trajectory) -> None:
    for field in dataclasses.fields(Trajectory):
        for one, other in zip(
            np.atleast_1d(getattr(run, field.name)), np.atleast_1d(getattr(anew, field.name)), strict=True
        ):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(("place", "noise"), [("rosenbrock", 0.0), ("himmelblau", 0.5)])
@pytest.mark.parametrize("key", OPTIMIZERS)
def test_any_length_is_as_walked_anew(key: str, place: str, noise: float) -> None:
    surface, optimizer = SURFACES[place], OPTIMIZERS[key]()
    if not optimizer.applies_to(surface):
        pytest.skip(f"{key} needs {optimizer.needs}")
    start = np.array(surface.start)
    walk = race.begin(surface, optimizer, start, noise=noise, seed=3, tolerance=TOLERANCE)
    for steps in LENGTHS:
        anew = race.run(surface, optimizer, start, steps, noise=noise, seed=3, tolerance=TOLERANCE)
        assert_same(judge(walk.go(steps), steps), anew)


def test_only_steps_that_were_not_taken_are_taken() -> None:
    surface = SURFACES["rosenbrock"]
    walk = race.begin(
        surface, OPTIMIZERS["gradient_descent"](lr=1e-3), np.array(surface.start), noise=0, seed=0, tolerance=0
    )
    taken = [walk.go(steps).counts(steps)[-1].sum() for steps in (30, 10, 50)]
    assert taken == [30, 10, 50]
    assert walk.taken == 50


@pytest.mark.parametrize("key", ["gradient_descent", "adam", "momentum", "sign_descent"])
@pytest.mark.parametrize("place", PLACES)
def test_the_rate_for_any_length_is_as_tuned_anew(key: str, place: str) -> None:
    surface, optimizer = SURFACES[place], OPTIMIZERS[key]()
    tuning = Tuning(surface, optimizer, np.array(surface.start), noise=0.1, seed=1)
    for steps in LENGTHS:
        assert tuning.best(steps) == tune(surface, optimizer, np.array(surface.start), steps, noise=0.1, seed=1)


def test_what_is_kept_says_how_large_it_is() -> None:
    surface = SURFACES["rosenbrock"]
    tuning = Tuning(surface, OPTIMIZERS["adam"](), np.array(surface.start))
    tuning.best(10)
    small = tuning.nbytes
    tuning.best(1000)
    assert 1000 * 81 * 3 * 8 < tuning.nbytes < 2 * 1050 * 81 * 3 * 8
    assert small < tuning.nbytes / 10
