"""Rests: points at which runs come to rest though no search has listed them, as at the bottom of a crease."""

import numpy as np

from landscape.curvature import curvature_at
from landscape.linear_algebra import eigh, solve
from landscape.objective import Objective
from landscape.theory.stationary import KINDS, StationaryPoints, distinct, settled_at

# Ends nearer to each other than this share of the map's diagonal are one; more places than MOST are a curve or a plain.
SAME, MOST = 1e-4, 1000

# How far around a rest point one looks whether the ground is higher, as a share of the diagonal.
AROUND = 1e-3

# What is no rest point of its own: as basins.NONE.
NOWHERE = -1


def with_rests_of(
    objective: Objective, known: StationaryPoints, ends: np.ndarray, size: float
) -> tuple[StationaryPoints, np.ndarray]:
    """The known points and after them those at which runs rest; the index of each end, (k, 2) -> (k,), or NOWHERE.

    Only points from which the ground rises every way, or that are stationary without being flat: a run may also rest
    on a plain, or because its method can go no further.
    """
    index = np.full(len(ends), NOWHERE)
    places = distinct(ends, SAME * size) if len(ends) else ends
    if not 0 < len(places) <= MOST:
        return known, index
    # A method with a small rate rests a little before it is there.
    with np.errstate(all="ignore"):
        sharper = settled_at(objective, places)
    near = (np.linalg.norm(sharper - places, axis=-1) <= SAME * size)[:, None]
    found = _judged(objective, np.where(near, sharper, places), size)
    for i, place in enumerate(found.x):
        index[np.linalg.norm(ends - place, axis=-1) <= 2 * SAME * size] = len(known) + i
    return joined(known, found), index


def joined(one: StationaryPoints, two: StationaryPoints) -> StationaryPoints:
    pairs = zip(vars(one).values(), vars(two).values(), strict=True)
    return StationaryPoints(*(np.concatenate(pair) for pair in pairs))


def _judged(objective: Objective, x: np.ndarray, size: float) -> StationaryPoints:
    """Those of some rest points that can be told from a plain, and their kinds."""
    angle = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    circle = np.broadcast_to(np.stack([np.cos(angle), np.sin(angle)], axis=-1), (len(x), 32, 2))
    with np.errstate(all="ignore"):
        hessian, creased = curvature_at(objective, x)
        eigenvalues, vectors = eigh(hessian)
        # And along the least curvature, where alone a narrow valley falls.
        along = np.nan_to_num(vectors[..., 0])[:, None]
        ring = x[:, None] + AROUND * size * np.concatenate([circle, along, -along], axis=1)
        value, around = objective.value(x), objective.value(ring)
        gradient, reach = objective.gradient(x), np.maximum(1, np.abs(x).max(axis=-1))
        level = np.linalg.norm(gradient, axis=-1) <= 1e-9 * reach * np.maximum(1, np.abs(eigenvalues).max(axis=-1))
        # On ground that only fades slope and curvature are next to nothing alike, and no level place is near.
        here = np.linalg.norm(solve(hessian, gradient), axis=-1) <= SAME * size
    bottom = (around > value[:, None]).all(axis=-1) & (level | creased)
    low, high = np.sign(eigenvalues).T
    curved = level & here & ~creased & (low * high != 0)
    kind = np.select([bottom, curved & (high < 0), curved & (low < 0)], [KINDS[0], KINDS[2], KINDS[1]], "")
    eigenvalues = np.where(creased[:, None], np.nan, eigenvalues)
    kept = kind != ""
    return StationaryPoints(x[kept], value[kept], eigenvalues[kept], kind[kept])
