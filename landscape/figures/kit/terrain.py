"""The ground a path runs on: contour map and 3-D surface of a two-variable objective."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from landscape.figures.kit.animated import packed, single
from landscape.figures.kit.style import Theme
from landscape.numbers import short
from landscape.objective import Objective

Box = tuple[tuple[float, float], tuple[float, float]]

RESOLUTION = 87
# Few: of more, a valley as narrow as a cell of the lattice would show slivers.
LEVELS = 12

# A landscape whose heights span more than this many times their lower decile is drawn on a log scale.
LOG_RATIO = 30.0


@dataclass(frozen=True)
class Terrain:
    """Heights on a lattice, and the scale they are drawn on.

    x, y    (r,)   lattice coordinates
    f       (r, r) the objective there, rows by y
    base    the lowest finite height on the lattice
    scale   0 for a linear scale; else heights are drawn as log(1 + (f - base) / scale)
    """

    x: np.ndarray
    y: np.ndarray
    f: np.ndarray
    base: float
    scale: float

    @property
    def drawn(self) -> np.ndarray:
        """The heights that are drawn, (r, r)."""
        return self.height(self.f)

    def height(self, f: np.ndarray) -> np.ndarray:
        """Objective values as drawn heights."""
        f = np.asarray(f, dtype=float)
        if not self.scale:
            return f
        with np.errstate(all="ignore"):
            # An iterate can lie below the lowest lattice point.
            return np.log1p(np.maximum(f - self.base, 0) / self.scale)

    def value(self, height: np.ndarray) -> np.ndarray:
        """The inverse of `height`."""
        return self.base + self.scale * np.expm1(height) if self.scale else np.asarray(height)


def survey(objective: Objective, domain: Box, resolution: int = RESOLUTION) -> Terrain:
    """The objective on a lattice over the domain: one call."""
    x, y = (np.linspace(low, high, resolution) for low, high in domain)
    f = objective.value(np.stack(np.meshgrid(x, y), axis=-1))
    finite = f[np.isfinite(f)]
    if not finite.size:
        return Terrain(x, y, f, 0.0, 0.0)
    base, top, decile = finite.min(), finite.max(), np.quantile(finite, 0.1)
    rise = decile - base
    steep = rise > 0 and (top - base) / rise > LOG_RATIO
    return Terrain(x, y, f, float(base), float(rise) if steep else 0.0)


def contour(terrain: Terrain, theme: Theme, title: str, bar: dict[str, Any]) -> dict[str, Any]:
    """A filled contour trace. Levels are even in drawn height; hover and the colour bar give the objective.

    bar   where the colour bar stands: x, y, len as fractions of the figure
    """
    z, low, high = _graded(terrain.drawn)
    ends = z[np.isfinite(z)]
    bottom, top = (float(ends.min()), float(ends.max())) if ends.size else (0.0, 1.0)
    step = (top - bottom) / LEVELS or 1.0
    ticks = np.linspace(bottom, top, 6)
    return {
        "type": "contour",
        "x": packed(terrain.x.astype("f4")),
        "y": packed(terrain.y.astype("f4")),
        "z": packed(z),
        "customdata": packed(single(terrain.f)),
        "hovertemplate": f"{title}<br>x = %{{x:.4g}}, y = %{{y:.4g}}<br>f = %{{customdata:.5g}}<extra></extra>",
        "colorscale": theme.colorscale,
        "contours": {"start": bottom + step, "end": top - step / 2, "size": step},
        "line": {"width": 0.6, "color": theme.contour},
        "colorbar": {
            "thickness": 9,
            "outlinewidth": 0,
            "tickvals": ticks.tolist(),
            "ticktext": [short(v) for v in terrain.value(np.linspace(low, high, 6)).tolist()],
            "tickfont": {"size": 12},
            "ypad": 0,
            **bar,
            "title": {"text": "f", "font": {"size": 13}, "side": "right"},
        },
        "showlegend": False,
        "name": "landscape",
    }


def _graded(height: np.ndarray) -> tuple[np.ndarray, float, float]:
    """Drawn heights in 65,536 grades between the lowest and the highest, which half as many bytes hold; with both.

    As they are, in f4, where the ground has holes.
    """
    if not np.isfinite(height).all():
        finite = height[np.isfinite(height)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
        return single(height), low, high
    low, high = float(height.min()), float(height.max())
    return np.round((height - low) / ((high - low) or 1.0) * 65535).astype("u2"), low, high


def surface(terrain: Terrain, theme: Theme) -> dict[str, Any]:
    """The same ground as a 3-D surface."""
    return {
        "type": "surface",
        "x": packed(terrain.x.astype("f4")),
        "y": packed(terrain.y.astype("f4")),
        "z": packed(single(terrain.drawn)),
        "colorscale": theme.colorscale,
        "showscale": False,
        "showlegend": False,
        "hoverinfo": "skip",
        "contours": {"z": {"show": True, "color": theme.contour, "width": 1}},
        # Together at most 1, so that no slope is paler than the ground's own colours.
        "lighting": {"ambient": 0.8, "diffuse": 0.2, "specular": 0, "fresnel": 0},
        "name": "landscape",
    }


def arrows(tails: np.ndarray, vectors: np.ndarray, barb: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    """Polylines for arrows: tails and vectors (..., k, 2) -> x and y of shape (..., 7 k), NaN between strokes."""
    turn = np.stack([-vectors[..., 1], vectors[..., 0]], axis=-1)
    # An arrow without a direction is drawn as none.
    with np.errstate(all="ignore"):
        heads = tails + vectors
        left = heads - barb * vectors + 0.5 * barb * turn
        right = heads - barb * vectors - 0.5 * barb * turn
    gap = np.full_like(tails, np.nan)
    points = np.stack([tails, heads, gap, left, heads, right, gap], axis=-2)
    points = points.reshape(*tails.shape[:-2], 7 * tails.shape[-2], 2)
    return points[..., 0], points[..., 1]


def gradient_field(objective: Objective, domain: Box, theme: Theme, count: int = 17) -> dict[str, Any]:
    """The negative gradient on a lattice, as arrows of one length: the field's direction, not its size."""
    (x_low, x_high), (y_low, y_high) = domain
    margins = 0.5 / count
    u = np.linspace(margins, 1 - margins, count)
    points = np.stack(np.meshgrid(x_low + u * (x_high - x_low), y_low + u * (y_high - y_low)), axis=-1).reshape(-1, 2)
    with np.errstate(all="ignore"):
        downhill = -objective.gradient(points)
        unit = downhill / np.linalg.norm(downhill, axis=-1, keepdims=True)
    keep = np.isfinite(unit).all(axis=-1)
    length = 0.6 * min(x_high - x_low, y_high - y_low) / count
    x, y = arrows(points[keep], length * unit[keep])
    return {
        "type": "scatter",
        "mode": "lines",
        "x": packed(x.astype("f4")),
        "y": packed(y.astype("f4")),
        "line": {"color": theme.faint, "width": 1.3},
        "hoverinfo": "skip",
        "showlegend": False,
        "name": "negative gradient, direction only",
    }
