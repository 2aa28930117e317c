"""Thumbnails are small, and look like what they stand for."""

import base64
import zlib
from itertools import combinations

import numpy as np
import pytest

from landscape.calculus.curves import CURVES
from landscape.dashboard.kit.picker import GALLERIES, pictures
from landscape.datasets import DATASETS
from landscape.figures.kit.style import THEMES
from landscape.figures.thumbnails import (
    EMPTY,
    NUMBERED,
    SIDE,
    TONES,
    curve_thumbnail,
    loss_thumbnail,
    samples_thumbnail,
    terrain_thumbnail,
)
from landscape.landscapes import LANDSCAPES
from landscape.regularization.two_weights import TWO_WEIGHTS

# Bytes of all thumbnails as they are sent.
MOST = 28_000


def test_all_thumbnails_together_are_small() -> None:
    assert sum(len(pictures(of)) for of in GALLERIES) < MOST


@pytest.mark.parametrize("of", GALLERIES)
def test_every_thumbnail_comes_through_and_has_colours(of: str) -> None:
    gallery = GALLERIES[of]
    tones = np.frombuffer(zlib.decompress(base64.b64decode(pictures(of))), dtype=np.uint8)
    tones = tones.reshape(len(gallery.shown), SIDE, SIDE)
    for theme in THEMES.values():
        assert tones.max() < len(gallery.colors(theme))
    for picture, each in zip(tones, gallery.shown.values(), strict=True):
        assert np.array_equal(picture, gallery.draw(each))


@pytest.mark.parametrize("key", LANDSCAPES)
def test_a_landscape_has_ground_of_several_heights(key: str) -> None:
    picture = terrain_thumbnail(LANDSCAPES[key])
    assert len(np.unique(picture[picture != EMPTY])) >= TONES // 3


def test_no_two_landscapes_look_the_same() -> None:
    drawn = [terrain_thumbnail(each).astype(int) for each in LANDSCAPES.values()]
    assert all(np.abs(one - other).mean() > 0.05 for one, other in combinations(drawn, 2))


@pytest.mark.parametrize("key", TWO_WEIGHTS)
def test_a_loss_is_lowest_beside_the_middle_and_higher_all_around(key: str) -> None:
    picture = loss_thumbnail(TWO_WEIGHTS[key].loss()).astype(int)
    row, column = np.unravel_index(picture.argmin(), picture.shape)
    assert SIDE / 8 < row < 7 * SIDE / 8
    assert SIDE / 8 < column < 7 * SIDE / 8
    assert picture.max() > TONES * 2 / 3


@pytest.mark.parametrize("key", CURVES)
def test_a_curve_is_seen_from_end_to_end(key: str) -> None:
    curve, picture = CURVES[key], curve_thumbnail(CURVES[key])
    drawn = picture == NUMBERED
    assert drawn.any(axis=0)[2 : SIDE - 2].mean() > 0.6
    # Where it is highest of what is drawn it is nearer to the top than where it is lowest.
    x = np.linspace(*curve.domain, SIDE - 4)
    y = np.where(drawn.any(axis=0)[2:-2], curve.value(x), np.nan)
    top = np.argmax(drawn, axis=0)[2:-2]
    assert top[np.nanargmax(y)] < top[np.nanargmin(y)]


def test_no_two_curves_look_the_same() -> None:
    drawn = [curve_thumbnail(each) for each in CURVES.values()]
    assert all((one != other).mean() > 0.02 for one, other in combinations(drawn, 2))


def test_the_top_row_is_the_far_edge_and_low_ground_is_dark() -> None:
    picture = terrain_thumbnail(LANDSCAPES["rosenbrock"])
    # The valley y = x**2 reaches both upper corners, and the lower edge only in the middle.
    floor = picture <= 3
    assert floor[: SIDE // 3].any()
    assert not floor[0, SIDE // 2]


@pytest.mark.parametrize("key", DATASETS)
def test_a_data_set_shows_all_its_classes(key: str) -> None:
    samples = DATASETS[key].samples
    tones = set(np.unique(samples_thumbnail(samples)).tolist())
    assert tones == {EMPTY, *range(1, 1 + max(1, len(samples.classes)))}
