"""Level curves of quadratic models, drawn from their formula: ellipses, hyperbolas, and all that lies between."""

import numpy as np

from landscape.linear_algebra import eigh, times

# Curves drawn of each model, as shares of the distance from its centre to the iterate.
RINGS = (0.25, 0.5, 0.75, 1.0, 1.25)
ARMS = (0.5, 1.0, 1.5)
POINTS = 61

# Curvature counts as at least this share of the largest, and as so much that the centre is at most this many maps
# away: a flat direction is drawn as a very long ellipse.
FLATTEST, FURTHEST = 1e-5, 100.0

# The points of a large curve stand at most this far apart near the iterate, as a share of the map.
APART = 0.05

# The outermost curve of a model whose centre the iterate has reached, as a share of the map.
LEAST = 0.06


def rings(x: np.ndarray, gradient: np.ndarray, matrix: np.ndarray, size: float) -> np.ndarray:
    """Level curves of gradient . p + p . matrix p / 2 around its stationary point, one of them through x (p = 0).

    x, gradient (2,), matrix (2, 2), size the length of the map -> points (m, 2), NaN between strokes. A saddle's have
    four arms. Nothing, (0, 2), where gradient and matrix are both zero or not finite.
    """
    values, vectors = eigh(matrix)
    along = vectors.T @ gradient
    least = np.maximum(FLATTEST * np.abs(values).max(), np.abs(along) / (FURTHEST * size))
    least = np.maximum(least, FLATTEST * least.max())
    if not (np.isfinite(values).all() and np.isfinite(along).all() and least.all()):
        return np.empty((0, 2))
    values = np.where(np.abs(values) < least, least, values)
    # From the centre, along the eigenvectors, each in units in which its curvature is 1.
    away = along / np.sqrt(np.abs(values))
    centre = x - vectors @ (away / np.sqrt(np.abs(values)) * np.sign(values))
    away *= np.sign(values)
    flattest = size * np.sqrt(np.abs(values).min())
    if np.linalg.norm(away) < LEAST * flattest:
        away = away * LEAST * flattest / np.linalg.norm(away) if away.any() else np.array([LEAST * flattest, 0.0])
    curves = (
        _circles(away, APART * flattest / float(np.linalg.norm(away)))
        if values[0] * values[1] > 0
        else _hyperbolas(away)
    )
    return centre + times(vectors, curves / np.sqrt(np.abs(values)))


def _circles(away: np.ndarray, apart: float) -> np.ndarray:
    """Concentric circles, points at most `apart` radians apart where `away`, (2,), points: there the iterate is."""
    w = np.linspace(-1, 1, POINTS)
    # sinh(s w) / sinh(s) crowds them in the middle, the more the larger s; 0 spaces them evenly.
    crowding = np.linspace(1e-6, 30, 300)
    s = np.interp(np.pi * (w[1] - w[0]) / apart, np.sinh(crowding) / crowding, crowding)
    turn = np.pi * np.sinh(s * w) / np.sinh(s)
    ring = np.stack([away[0] * np.cos(turn) - away[1] * np.sin(turn), away[0] * np.sin(turn) + away[1] * np.cos(turn)])
    return _strokes([share * ring.T for share in RINGS])


def _hyperbolas(away: np.ndarray) -> np.ndarray:
    """u**2 - v**2 = constant through `away`, (2,), its mirror image and its conjugate, each at several distances."""
    radius = np.sqrt(max(abs(away[0] ** 2 - away[1] ** 2), 0.02 * np.sum(away**2)))
    reach = np.arccosh(max(2.0, 2.5 * np.abs(away).max() / radius))
    s = np.linspace(-reach, reach, POINTS // 2)
    arm = radius * np.stack([np.cosh(s), np.sinh(s)], axis=-1)
    arms = [arm, -arm, arm[:, ::-1], -arm[:, ::-1]]
    return _strokes([share * each for share in ARMS for each in arms])


def _strokes(curves: list[np.ndarray]) -> np.ndarray:
    gap = np.full((1, 2), np.nan)
    return np.concatenate([part for curve in curves for part in (curve, gap)])


def cross(x: np.ndarray, hessian: np.ndarray, length: float) -> tuple[np.ndarray, np.ndarray]:
    """The curvature at x as a cross, and the arms of it along which it is negative, each (m, 2).

    Its arms are the eigenvectors, each as long as 1 / sqrt|eigenvalue|, the longer one `length`.
    """
    values, vectors = eigh(hessian)
    size = np.abs(values)
    if not (np.isfinite(values).all() and size.max() > 0):
        return np.empty((0, 2)), np.empty((0, 2))
    reach = length * np.sqrt(size.min() / np.maximum(size, FLATTEST * size.max())) if size.min() > 0 else np.zeros(2)
    reach[np.argmin(size)] = length
    arms = [np.array([-r * v, r * v]) for r, v in zip(reach, vectors.T, strict=True)]
    down = [arm for arm, value in zip(arms, values, strict=True) if value < 0]
    return x + _strokes(arms), x + _strokes(down) if down else np.empty((0, 2))


def circle(x: np.ndarray, radius: float) -> np.ndarray:
    """A circle around x, (POINTS, 2); nothing, (0, 2), where the radius is infinite."""
    if not np.isfinite(radius):
        return np.empty((0, 2))
    turn = np.linspace(0, 2 * np.pi, POINTS)
    return x + radius * np.stack([np.cos(turn), np.sin(turn)], axis=-1)
