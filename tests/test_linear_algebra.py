"""Batched solves agree with numpy, and one singular matrix leaves the rest of its batch alone."""

import numpy as np
import pytest

from landscape.linear_algebra import eigh, solve


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


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_eigh_agrees_with_lapack_for_every_leading_shape(n):
    rng = np.random.default_rng(n)
    for leading in [(), (5,), (2, 3)]:
        half = rng.standard_normal((*leading, n, n))
        matrix = half + np.swapaxes(half, -1, -2)
        values, vectors = eigh(matrix)
        np.testing.assert_allclose(values, np.linalg.eigvalsh(matrix), rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(matrix @ vectors, vectors * values[..., None, :], atol=1e-12)
        np.testing.assert_allclose(
            np.swapaxes(vectors, -1, -2) @ vectors, np.broadcast_to(np.eye(n), matrix.shape), atol=1e-12
        )


@pytest.mark.parametrize("n", [2, 3])
def test_eigh_of_a_matrix_that_is_not_finite_is_nan_and_disturbs_no_other(n):
    values, vectors = eigh(np.stack([np.full((n, n), np.nan), np.eye(n), np.zeros((n, n))]))
    assert np.isnan(values[0]).all()
    np.testing.assert_array_equal(values[1:], [np.ones(n), np.zeros(n)])
    np.testing.assert_allclose(np.abs(np.linalg.det(vectors[1:])), 1)


def test_eigh_keeps_a_small_eigenvalue_of_a_diagonal_matrix():
    np.testing.assert_array_equal(eigh(np.diag([1.0, 1e-30]))[0], [1e-30, 1.0])
    np.testing.assert_array_equal(eigh(np.diag([1e-30, -1e30]))[0], [-1e30, 1e-30])
