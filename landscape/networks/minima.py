"""The global minima of an objective of two variables inside a rectangle, found numerically."""

import numpy as np

from landscape.objective import Objective

# Points along each edge of the lattice from which descents begin, and steps of a descent.
LATTICE = 61
STEPS = 60


def lowest_minima(
    objective: Objective, domain: tuple[tuple[float, float], tuple[float, float]]
) -> list[tuple[float, float, float]]:
    """(x, y, value) of each global minimum inside the domain, in ascending order of x.

    Damped Newton from every pit of a lattice, then plain Newton until rounding stops it. The answer is empty where
    a lattice point on the way is lower than every minimum found, that is, where the lowest point is on the edge, and a
    minimum that is a curve or a plain does not count.
    """
    low, high = np.transpose(domain)
    grid = np.stack(np.meshgrid(*np.linspace(low, high, LATTICE).T, indexing="ij"), axis=-1)
    values = objective.value(grid)
    around = np.lib.stride_tricks.sliding_window_view(np.pad(values, 1, mode="edge"), (3, 3))
    # On level ground every point is as low as its neighbours; a pit is lower than one of them.
    pits = grid[(values <= around.min(axis=(2, 3))) & (values < around.max(axis=(2, 3)))]
    ends = _polished(objective, _descended(objective, pits))
    curvature = np.linalg.eigvalsh(objective.hessian(ends))
    norm = np.linalg.norm(objective.gradient(ends), axis=-1)
    settled = (norm <= 1e-12 * (1 + curvature[:, 1])) & (curvature[:, 0] > 1e-9 * curvature[:, 1])
    inside = ((ends > low) & (ends < high)).all(axis=-1)
    ends = ends[settled & inside]
    heights = objective.value(ends)
    lowest = heights.min(initial=np.inf)
    if not lowest <= values.min() + 1e-12:
        return []
    found: list[tuple[float, float, float]] = []
    for (x, y), height in sorted(zip(ends.tolist(), heights.tolist(), strict=True)):
        new = all(abs(x - a) + abs(y - b) > 1e-6 for a, b, _ in found)
        if height <= lowest + 1e-10 and new:
            found.append((x, y, height))
    return found


def _descended(objective: Objective, x: np.ndarray) -> np.ndarray:
    """Newton steps with the Hessian shifted until they go down: Levenberg-Marquardt for each point, shape (k, 2)."""
    shift = np.full(len(x), 1e-3)
    value = objective.value(x)
    for _ in range(STEPS):
        eigenvalues, vectors = np.linalg.eigh(objective.hessian(x))
        along = np.einsum("kij,ki->kj", vectors, objective.gradient(x))
        damped = np.maximum(eigenvalues, 0) + shift[:, None]
        trial = x - np.einsum("kij,kj->ki", vectors, along / damped)
        height = objective.value(trial)
        better = height < value
        x, value = np.where(better[:, None], trial, x), np.where(better, height, value)
        shift = np.clip(np.where(better, shift / 10, shift * 10), 1e-12, 1e6)
    return x


def _polished(objective: Objective, x: np.ndarray) -> np.ndarray:
    """Plain Newton steps for as long as they make the gradient smaller."""
    norm = np.linalg.norm(objective.gradient(x), axis=-1)
    for _ in range(5):
        # A pseudo-inverse, so that a level place does not stop the others.
        trial = x - np.einsum("kij,kj->ki", np.linalg.pinv(objective.hessian(x)), objective.gradient(x))
        next_norm = np.linalg.norm(objective.gradient(trial), axis=-1)
        better = next_norm < norm
        x, norm = np.where(better[:, None], trial, x), np.where(better, next_norm, norm)
    return x
