"""Errors in many dimensions are those of the quadrature rules, factor by factor, and random points have theirs."""

import numpy as np
import pytest

from landscape.calculus.dimensions import GRIDS, MOST, POINTS, SIDES, dimensions, grid_error, sides, spread
from landscape.calculus.quadratures import quadrature


@pytest.mark.parametrize("rule", GRIDS)
@pytest.mark.parametrize("pieces", [1, 2, 7, 60])
def test_a_side_s_closed_form_is_the_rule_s_sum(rule: str, pieces: int) -> None:
    summed = float(quadrature(lambda x: np.exp(x) / (np.e - 1), 0.0, 1.0, pieces, rule))
    assert SIDES[rule](1 / pieces) == pytest.approx(summed, rel=1e-14)


def test_two_dimensions_by_hand() -> None:
    x, y = np.meshgrid([0.25, 0.75], [0.25, 0.75])
    by_hand = np.mean(np.exp(x + y)) / (np.e - 1) ** 2 - 1
    assert grid_error("midpoint", 2, np.array(2.0)) == pytest.approx(abs(by_hand), rel=1e-12)


def test_the_largest_grid_that_fits_is_taken() -> None:
    np.testing.assert_array_equal(sides("midpoint", np.array([1, 2, 3, 10]), 1000), [1000, 31, 10, 1])
    np.testing.assert_array_equal(sides("simpson", np.array([1, 2, 3, 6, 7]), 1000), [999, 31, 9, 3, 0])
    assert np.isnan(grid_error("simpson", 7, np.array(0.0)))


@pytest.mark.parametrize(("rule", "d", "order"), [("midpoint", 1, 2), ("midpoint", 4, 0.5), ("simpson", 4, 1)])
def test_a_grid_s_order_falls_with_the_dimension(rule: str, d: int, order: float) -> None:
    side = np.array([9.0, 17.0])
    fall = np.log2(np.divide(*grid_error(rule, d, side)))
    pieces = np.log2(np.divide(*(side - GRIDS[rule][1])[::-1]))
    assert fall / (d * pieces) == pytest.approx(order, rel=0.02)


def test_random_points_do_as_theory_says_and_win_in_the_end() -> None:
    found = dimensions()
    np.testing.assert_allclose(found.random, found.told, rtol=0.4)
    # A run has the same points at every n, so that its luck lasts.
    np.testing.assert_allclose(np.mean(found.random / found.told), 1, atol=0.08)
    assert found.told.shape == (MOST, len(POINTS))
    assert found.first_won("midpoint", len(POINTS) - 1) == 6
    assert found.first_won("simpson", len(POINTS) - 1) == 9
    assert found.first_won("midpoint", 0) is None
    x = np.random.default_rng(5).random((200_000, 2))
    assert np.prod(np.exp(x) / (np.e - 1), axis=1).std() == pytest.approx(float(spread(np.array(2))), rel=0.01)
