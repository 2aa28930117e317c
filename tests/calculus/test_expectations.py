"""Densities integrate to one, expectations are what is known of them, and KL is never negative."""

import numpy as np
import pytest
from scipy.stats import norm

from landscape.calculus.densities import SHAPES, Shape, cross_entropy, density, divergence
from landscape.calculus.expectations import AVERAGED, compared, expectation, level


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("mean", "width"), [(0.0, 1.0), (-3.0, 0.3), (2.0, 2.5)])
def test_a_density_has_area_one_and_the_mean_and_width_it_says(shape: str, mean: float, width: float) -> None:
    p = density(shape, mean, width)
    x = np.linspace(mean - 12 * width, mean + 12 * width, 20_001)
    assert np.trapezoid(p.value(x), x) == pytest.approx(1, rel=1e-10)
    assert p.expectation(lambda x: x) == pytest.approx(mean, abs=1e-12)
    assert p.expectation(lambda x: (x - mean) ** 2) == pytest.approx(width**2, rel=1e-12)


def test_a_normal_density_is_scipy_s_also_where_it_underflows() -> None:
    x = np.array([-50.0, -3.0, 0.2, 60.0])
    np.testing.assert_allclose(density("normal", 0.5, 0.7).log(x), norm.logpdf(x, 0.5, 0.7), rtol=1e-13)
    assert np.isfinite(density("humps", 0.0, 0.3).log(x)).all()


def test_entropy_and_divergence_of_normal_densities_have_their_closed_forms() -> None:
    p, q = density("normal", -0.5, 1.2), density("normal", 1.5, 0.9)
    assert p.entropy == pytest.approx(0.5 * np.log(2 * np.pi * np.e * 1.44), rel=1e-12)
    by_hand = np.log(0.9 / 1.2) + (1.44 + 4) / (2 * 0.81) - 0.5
    assert divergence(p, q) == pytest.approx(by_hand, rel=1e-12)
    assert cross_entropy(p, q) == pytest.approx(p.entropy + by_hand, rel=1e-12)
    assert divergence(p, p) == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize("shape", SHAPES)
def test_what_the_browser_works_out_is_what_quadrature_finds(shape: str) -> None:
    rng = np.random.default_rng(0)
    for pm, qm, pw, qw in zip(*rng.uniform(-4, 4, (2, 20)), *rng.uniform(0.3, 2.5, (2, 20)), strict=True):
        p, q = density(shape, pm, pw), density("normal", qm, qw)
        expected = p.entropy, cross_entropy(p, q), divergence(p, q)
        np.testing.assert_allclose(compared(p, pm, pw, qm, qw), expected, rtol=1e-9)
        assert divergence(p, q) > 0
        assert divergence(q, p) > 0


@pytest.mark.parametrize("averaged", AVERAGED)
def test_the_area_adds_up_to_the_expectation(averaged: str) -> None:
    found = expectation(density("leaning", 0.3, 0.8), density("normal", -0.5, 1.0), averaged)
    assert found.mass[-1] == pytest.approx(1, abs=1e-9)
    assert found.so_far[-1] == pytest.approx(found.value, rel=1e-6, abs=1e-9)
    assert found.so_far[0] == found.mass[0] == 0
    assert (np.diff(found.mass) >= 0).all()


@pytest.mark.parametrize("excess", [0.05, 0.5, 2.0])
def test_on_a_level_line_every_normal_q_is_as_far_from_p(excess: float) -> None:
    line = level(excess, 24)
    for shape in SHAPES:
        p = density(shape, 0.0, 1.0)
        least = divergence(p, density("normal", 0.0, 1.0))
        far = [divergence(p, density("normal", u, v)) for u, v in line]
        np.testing.assert_allclose(far, least + excess, rtol=1e-9)
    np.testing.assert_allclose(line[0], line[-1], atol=1e-6)


def test_what_cannot_be_asked_is_named() -> None:
    with pytest.raises(ValueError, match="shape is 'bump'; allowed are normal"):
        density("bump", 0, 1)
    with pytest.raises(ValueError, match="mean is inf; it must be finite"):
        density("normal", np.inf, 1)
    with pytest.raises(ValueError, match="width is 0; it must be positive"):
        density("normal", 0, 0)
    with pytest.raises(ValueError, match="q is 'humps'; it must be normal"):
        expectation(density("normal", 0, 1), density("humps", 0, 1), "x")
    with pytest.raises(ValueError, match="averaged is 'luck'; allowed are ratio"):
        expectation(density("normal", 0, 1), density("normal", 0, 1), "luck")
    with pytest.raises(ValueError, match="excess is 0; it must be positive"):
        level(0, 10)
    with pytest.raises(ValueError, match="its area, mean and variance must be 1, 0 and 1"):
        Shape("wide", "Wide", ((1.0, 0.0, 2.0),))
