"""Thumbnails: what a landscape, a curve or a data set looks like, small enough that all of them travel together.

A thumbnail is (SIDE, SIDE) of tones, the top row first; what colours tones have is for the viewer's theme to say.
"""

import base64
import zlib
from collections.abc import Sequence

import numpy as np

from landscape.calculus.curves import Curve
from landscape.datasets import Samples
from landscape.domain import Landscape
from landscape.figures.calculus.common import function_range
from landscape.figures.kit.style import Theme
from landscape.figures.kit.terrain import Box, survey
from landscape.figures.networks.tints import CLASSES, ramp
from landscape.figures.regularization.shrinkage_curves import square
from landscape.objective import Objective

SIDE = 36
# Tones of a terrain, from low ground in the shade to high ground in the light, and how much of that is the light.
TONES, LIGHT = 12, 0.35
# The tone of what is no sample or no ground, and of samples whose target is a number.
EMPTY, NUMBERED = 0, 1
# Newton steps to the minimum of a loss, which is a bowl or nearly one.
NEWTON = 12


def terrain_thumbnail(landscape: Landscape) -> np.ndarray:
    """All of its map."""
    return ground_thumbnail(landscape, landscape.domain)


def loss_thumbnail(loss: Objective) -> np.ndarray:
    """A convex loss of two weights, about 0 and its minimum."""
    w = np.zeros(2)
    for _ in range(NEWTON):
        w = w - np.linalg.pinv(loss.hessian(w)) @ loss.gradient(w)
    (x_low, x_high), (y_low, y_high) = square(w[None]).tolist()
    return ground_thumbnail(loss, ((x_low, x_high), (y_low, y_high)))


def ground_thumbnail(objective: Objective, domain: Box) -> np.ndarray:
    """Heights as the maps draw them, and light from the upper left, in tones 1 to TONES."""
    terrain = survey(objective, domain, SIDE)
    height = terrain.height(terrain.f)[::-1]
    known = np.isfinite(height)
    if not known.any():
        return np.full((SIDE, SIDE), EMPTY, dtype=np.uint8)
    low, high = height[known].min(), height[known].max()
    share = np.where(known, (height - low) / ((high - low) or 1.0), 0.0)
    down, right = np.gradient(share)
    lit = np.tanh(12 * (down + right) / np.sqrt(2))
    tone = (1 - LIGHT) * share + LIGHT * (0.5 + 0.5 * lit)
    return np.where(known, 1 + np.clip(tone * TONES, 0, TONES - 1), EMPTY).astype(np.uint8)


def curve_thumbnail(curve: Curve) -> np.ndarray:
    """A line over its domain, a dot every third of one across."""
    x = np.linspace(*curve.domain, 3 * SIDE)
    y, (low, high) = curve.value(x), function_range(curve)
    seen = np.isfinite(y) & (y >= low) & (y <= high)
    column = np.linspace(1, SIDE - 3, 3 * SIDE)[seen].round().astype(int)
    row = ((high - y[seen]) / ((high - low) or 1.0) * (SIDE - 4) + 1).round().astype(int)
    picture = np.full((SIDE, SIDE), EMPTY, dtype=np.uint8)
    for across, down in ((0, 0), (0, 1), (1, 0), (1, 1)):
        picture[row + down, column + across] = NUMBERED
    return picture


def samples_thumbnail(samples: Samples) -> np.ndarray:
    """A dot for every sample, over its first two inputs, or its input and its target where it has but one."""
    inputs, classes = samples.inputs, bool(samples.classes)
    up = inputs[:, 1] if inputs.shape[1] > 1 else samples.targets
    places = np.stack([inputs[:, 0], up], axis=1).astype(float)
    low, high = places.min(axis=0), places.max(axis=0)
    # A margin of two, and room for the dot itself, two by two.
    column, row = np.round((places - low) / np.where(high > low, high - low, 1) * (SIDE - 6) + 2).astype(int).T
    picture = np.full((SIDE, SIDE), EMPTY, dtype=np.uint8)
    tones = samples.targets.astype(int) % len(CLASSES["light"]) if classes else np.zeros(len(samples), dtype=int)
    for across, down in ((0, 0), (0, 1), (1, 0), (1, 1)):
        picture[SIDE - 3 - row + down, column + across] = NUMBERED + tones
    return picture


def terrain_colors(theme: Theme) -> list[str]:
    """Of the tones, EMPTY first: low ground is the darker, as on the maps."""
    ends = (theme.faint, theme.paper) if theme.name == "light" else (theme.paper, theme.faint)
    return [theme.grid, *ramp(ends, TONES)]


def curve_colors(theme: Theme) -> list[str]:
    return [theme.grid, theme.value]


def samples_colors(theme: Theme) -> list[str]:
    return [theme.grid, *CLASSES[theme.name]]


def packed_thumbnails(pictures: Sequence[np.ndarray]) -> str:
    """All of them, one after the other, compressed, as text."""
    return base64.b64encode(zlib.compress(np.stack(pictures).astype(np.uint8).tobytes(), 9)).decode("ascii")
