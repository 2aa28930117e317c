"""Thumbnails are small, and look like what they stand for."""

import base64
import zlib
from itertools import combinations

import numpy as np
import pytest

from landscape.dashboard.kit.picker import GALLERIES, pictures
from landscape.datasets import DATASETS
from landscape.figures.kit.style import THEMES
from landscape.figures.thumbnails import EMPTY, SIDE, TONES, samples_thumbnail, terrain_thumbnail
from landscape.landscapes import LANDSCAPES

# Bytes of all thumbnails as they are sent.
MOST = 25_000


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
