"""Batched solves agree with numpy, and one singular matrix leaves the rest of its batch alone."""

import numpy as np
import pytest

from landscape.linear_algebra import solve


@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_solve_agrees_with_numpy_for_every_leading_shape(n):
    rng = np.random.default_rng(n)
    for leading in [(), (5,), (2, 3)]:
        matrix = rng.standard_normal((*leading, n, n))
        vector = rng.standard_normal((*leading, n))
        p = solve(matrix, vector)
        assert p.shape == vector.shape
        np.testing.assert_allclose(p, np.linalg.solve(matrix, vector[..., None])[..., 0], rtol=1e-9)


@pytest.mark.parametrize("n", [2, 3])
def test_a_singular_matrix_answers_nan_and_disturbs_no_other(n):
    rng = np.random.default_rng(0)
    regular = rng.standard_normal((n, n))
    # The last is singular only up to rounding: 0.1 * 0.9 is not 0.3 * 0.3 in floating point.
    rank_one = np.outer(np.r_[0.1, 0.3, 0.7][:n], np.r_[1.0, 3.0, 7.0][:n])
    batch = np.stack([np.zeros((n, n)), regular, np.ones((n, n)), np.full((n, n), np.nan), rank_one])
    p = solve(batch, np.ones((5, n)))
    np.testing.assert_allclose(p[1], np.linalg.solve(regular, np.ones(n)))
    assert np.isnan(p[[0, 2, 3, 4]]).all()
    assert np.isnan(solve(batch[0], np.ones(n))).all()


@pytest.mark.parametrize("n", [2, 3])
def test_tiny_curvature_is_not_singular(n):
    scales = np.r_[1.0, 1e-30, 1e-20][:n]
    np.testing.assert_allclose(solve(np.diag(scales), scales), np.ones(n))
