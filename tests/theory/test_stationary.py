"""Stationary points are all found, once each, and are what they are said to be."""

import numpy as np
import pytest

from landscape.formulas.expression import parse
from landscape.surfaces import SURFACES
from landscape.theory.stationary import KINDS, stationary_points

COUNTS = {
    "himmelblau": (4, 4, 1, 0),
    "six_hump_camel": (6, 7, 2, 0),
    "three_hump_camel": (3, 2, 0, 0),
    "rosenbrock": (1, 0, 0, 0),
    "double_well": (2, 1, 0, 0),
    "styblinski_tang": (4, 4, 1, 0),
    "branin": (3, 2, 0, 0),
    "peaks": (3, 3, 3, 0),
    "goldstein_price": (4, 4, 1, 0),
    "rastrigin": (121, 220, 100, 0),
    "saddle": (0, 1, 0, 0),
    "monkey_saddle": (0, 0, 0, 1),
}


@pytest.mark.parametrize("key", COUNTS)
def test_known_counts(key):
    points = stationary_points(SURFACES[key], SURFACES[key].domain)
    assert tuple(len(points.of(kind)) for kind in KINDS) == COUNTS[key]
    # Where the surface rises all around, minima - saddles + maxima is 1 (Poincare and Hopf).
    if key in ("himmelblau", "six_hump_camel", "three_hump_camel", "styblinski_tang", "rastrigin", "double_well"):
        minima, saddles, maxima, _ = COUNTS[key]
        assert minima - saddles + maxima == 1


@pytest.mark.parametrize("key", SURFACES)
def test_points_are_stationary_and_listed_minima_among_them(key):
    surface = SURFACES[key]
    points = stationary_points(surface, surface.domain)
    low, high = np.array(surface.domain).T
    size = np.linalg.norm(high - low)
    smooth = np.array([all(np.linalg.norm(p - m.point) > 1e-3 * size for m in surface.minima) for p in points.x])
    smooth |= not surface.kink
    scale = np.abs(points.eigenvalues).max(axis=-1)
    gradient = np.linalg.norm(surface.gradient(points.x), axis=-1)
    assert np.all(gradient[smooth] <= 1e-9 * size * np.maximum(scale, 1)[smooth])
    for minimum in surface.minima:
        assert np.abs(points.of("minimum") - minimum.point).max(axis=-1).min() <= 1e-5 * size
    assert np.all(np.diff(points.value[points.kind == "minimum"]) >= -1e-8 * max(1, np.abs(points.value).max()))


def test_a_plane_has_none_and_a_trough_has_no_point_to_report():
    assert len(stationary_points(parse("x + y"), ((-1, 1), (-1, 1)))) == 0
    assert len(stationary_points(parse("(x - y)**2"), ((-1, 1), (-1, 1)))) == 0


def test_three_variables_are_no_map():
    with pytest.raises(ValueError, match="dimension is 3"):
        stationary_points(parse("x + y + z", ("x", "y", "z")), ((-1, 1), (-1, 1)))
