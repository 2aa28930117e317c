"""Paths on a map: a drawn one goes through its knots, and velocities are the derivatives of both kinds."""

import numpy as np
import pytest

from landscape.calculus.paths import KNOTS, Bent, Drawn, Path
from landscape.calculus.plane import plane
from landscape.surfaces import SURFACES

RNG = np.random.default_rng(12)
KNOTTED = RNG.uniform(-2, 2, (KNOTS, 2))
PATHS: list[Path] = [Drawn(KNOTTED), Bent(np.array([0.3, -0.4]), 75.0, 0.8, 1.8)]


def test_a_drawn_path_goes_through_its_knots_and_is_smooth_there() -> None:
    way, t = Drawn(KNOTTED), np.linspace(0, 1, KNOTS)
    np.testing.assert_allclose(way.at(t), KNOTTED, atol=1e-12)
    before, after = (way.velocity(t[1:-1] + side * 1e-9) for side in (-1, 1))
    np.testing.assert_allclose(before, after, rtol=1e-5, atol=1e-5)


def test_knots_on_a_line_are_passed_at_one_speed() -> None:
    knots = np.linspace([-1.0, 2.0], [3.0, 0.0], KNOTS)
    t = np.linspace(0, 1, 50)
    np.testing.assert_allclose(Drawn(knots).velocity(t), np.tile([4.0, -2.0], (50, 1)), atol=1e-12)


@pytest.mark.parametrize("way", PATHS)
def test_a_velocity_is_the_derivative_of_the_path(way: Path) -> None:
    s, h = np.linspace(*way.ends, 41), 1e-6
    differences = (way.at(s + h) - way.at(s - h)) / (2 * h)
    np.testing.assert_allclose(way.velocity(s), differences, rtol=1e-6, atol=1e-7)


def test_the_rates_along_a_drawn_path_add_up_to_what_f_gains() -> None:
    found = plane(SURFACES["peaks"], (0.3, -0.4), 75.0, drawn=KNOTTED)
    assert found.gained == pytest.approx(found.f[-1] - found.f[0], rel=1e-4)
    np.testing.assert_allclose(found.rates, found.differences, rtol=1e-5, atol=1e-5)


def test_a_knot_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="all must be finite"):
        plane(SURFACES["peaks"], (0.3, -0.4), 75.0, drawn=np.where(KNOTTED > 1.5, np.nan, KNOTTED))
