"""A formula that somebody typed, as a landscape of their own."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from landscape.domain import Domain, Minimum, diagonal
from landscape.formulas.expression import Formula, parse
from landscape.knob import Knob
from landscape.starters import STARTERS
from landscape.surfaces import Surface
from landscape.theory.stationary import global_minima

OWN = "own"
# What a letter may be, and is at first.
LETTER = Knob(1.0, -10, 10)
# How far out, and how near to each other, the edges of a map may be.
FARTHEST, NEAREST = 1e6, 1e-6
DOMAIN: Domain = ((-3.0, 3.0), (-3.0, 3.0))

# Where a first path may begin, in shares of the map; the first where the formula has a slope is taken.
SHARES = ((0.8, 0.7), (0.2, 0.3), (0.7, 0.2), (0.3, 0.8), (0.6, 0.6), (0.45, 0.55), (0.95, 0.9), (0.5, 0.5))

# The search for the lowest ground: points along an edge of its first lattice and of those around the best point so far,
# how much smaller each of these is than the last, rounds, and the size at which it has arrived, as a share of the map.
LATTICE, AROUND, SHRINK, ROUNDS, ARRIVED = 101, 9, 0.4, 160, 1e-10
# Ground that falls this many times further than all of the map is high falls without end, as beside a pole.
BOTTOMLESS = 10.0

KINK = (
    "Where |x|, max or min turns, the slope counts as the mean of both sides, and no curvature counts. "
    "At the tip of a root an infinite slope counts as 0."
)


@dataclass(frozen=True)
class Own(Surface):
    """A typed formula; every letter in it that is no variable is a knob.

    `minima` are the lowest points that a search of the map has found inside it, a kink's bottom among them: () where
    the lowest ground is on the edge, or a whole curve, or falls without end. Nothing is claimed of the world outside.
    """

    proven = False

    @property
    def minima(self) -> tuple[Minimum, ...]:
        return _minima(self)

    @property
    def picture(self) -> str:
        # A digest, since text of strangers has no place in a name.
        return f"{self.key} {zlib.crc32(repr((self.formula, self.domain)).encode())}"

    @property
    def lowest_ground(self) -> tuple[Minimum, ...]:
        return self.minima or _edge(self)

    def latex(self, part: str = "value") -> str:
        """As `Formula.latex` has it, parameters by name; the value in the order in which it was typed."""
        return self.compiled.latex_as_typed() if part == "value" else self.compiled.latex(part, substituted=False)


def own(text: str, domain: Domain = DOMAIN, settings: Mapping[str, float] | None = None) -> Own:
    """The landscape of a formula; ExpressionError, a ValueError, for what is no formula or too large.

    settings   values of its letters, 1 where one has none; those of letters that it lacks are passed over
    """
    check_domain(domain)
    formula = parse(text)
    values = {name: (settings or {}).get(name, LETTER.default) for name, _ in formula.parameters}
    return Own(
        *(OWN, "Your own formula", "Yours", text, domain, _start(parse(text, parameters=values), domain)),
        source="Typed in",
        note=next((starter.note for starter in STARTERS.values() if starter.formula == text), ""),
        kink=KINK if formula.has_kink else "",
        knobs=dict.fromkeys(values, LETTER),
        settings=tuple(values.items()),
    )


def check_domain(domain: Domain) -> None:
    """ValueError for a map whose edges are the wrong way round, too near, too far out or no numbers."""
    for axis, (low, high) in zip("xy", domain, strict=True):
        if not (np.isfinite(low) and np.isfinite(high) and max(abs(low), abs(high)) <= FARTHEST):
            raise ValueError(f"domain in {axis} is {low:g} to {high:g}; allowed is {-FARTHEST:g} to {FARTHEST:g}")
        if not high - low >= NEAREST * max(1.0, abs(low), abs(high)):
            raise ValueError(f"domain in {axis} is {low:g} to {high:g}; the first must be the smaller")


def _start(formula: Formula, domain: Domain) -> tuple[float, float]:
    """Where a first path begins: on the map, where value, slope and curvature are numbers and the slope is not 0."""
    low, high = np.array(domain, dtype=float).T
    lattice = np.stack(np.meshgrid(*[np.linspace(0.05, 0.95, 19)] * 2), axis=-1).reshape(-1, 2)
    points = low + np.concatenate([np.array(SHARES), lattice]) * (high - low)
    gradient = formula.gradient(points)
    sound = np.isfinite(formula.value(points)) & np.isfinite(gradient).all(axis=-1)
    sound &= np.isfinite(formula.hessian(points)).all(axis=(-2, -1))
    sloping = sound & (gradient != 0).any(axis=-1)
    chosen = sloping if sloping.any() else sound
    # Four digits: what a link says is what is used.
    x, y = (float(f"{v:.4g}") for v in points[int(np.argmax(chosen))])
    return float(np.clip(x, *domain[0])), float(np.clip(y, *domain[1]))


@lru_cache(maxsize=64)
def _minima(surface: Own) -> tuple[Minimum, ...]:
    """The lowest of the minima that have been found, where no other ground is lower; a kink's bottom counts."""
    smooth = global_minima(surface, surface.domain)
    found = _descended(surface)
    if found is None:
        return ()
    ground, inside = found
    if smooth and smooth[0].value <= ground.value + 1e-9 * max(1.0, abs(ground.value)):
        return smooth
    return (ground,) if inside and _creased(surface, np.array(ground.point)) else ()


def _creased(surface: Own, at: np.ndarray) -> bool:
    """Whether slopes jump at a point: beside the lowest point of smooth ground they nearly vanish."""
    low, high = np.array(surface.domain, dtype=float).T
    beside = at + 1e-6 * (high - low) * np.array([[1, 0], [-1, 0], [0, 1], [0, -1]])
    slopes = np.linalg.norm(surface.gradient(beside), axis=-1)
    typical = np.linalg.norm(surface.gradient(_lattice(low, high, AROUND)), axis=-1)
    typical = typical[np.isfinite(typical)]
    return bool(typical.size and np.max(slopes) > 1e-3 * np.median(typical))


@lru_cache(maxsize=64)
def _edge(surface: Own) -> tuple[Minimum, ...]:
    found = _descended(surface)
    return () if found is None else (found[0],)


@lru_cache(maxsize=64)
def _descended(surface: Own) -> tuple[Minimum, bool] | None:
    """The lowest point of the map by search, and whether it is inside; None where there is none.

    From the lowest point of a lattice to the lowest of a smaller lattice around it, which stays as large as it is for
    as long as it helps.
    """
    low, high = np.array(surface.domain, dtype=float).T
    heights = surface.value(_lattice(low, high, LATTICE))
    finite = heights[np.isfinite(heights)]
    if not finite.size or np.isneginf(heights).any() or not np.ptp(finite):
        return None
    row, column = np.unravel_index(int(np.nanargmin(np.where(np.isfinite(heights), heights, np.nan))), heights.shape)
    at = _lattice(low, high, LATTICE)[row, column]
    value, size = float(finite.min()), (high - low) / LATTICE * 2
    for _ in range(ROUNDS):
        near = _lattice(np.maximum(at - size, low), np.minimum(at + size, high), AROUND).reshape(-1, 2)
        there = surface.value(near)
        best = int(np.argmin(np.where(np.isfinite(there), there, np.inf)))
        if there[best] < value:
            value, at = float(there[best]), near[best]
        else:
            size = size * SHRINK
        if (size <= ARRIVED * (high - low)).all():
            break
    if np.isneginf(there).any() or finite.min() - value > BOTTOMLESS * max(np.ptp(finite), 1e-300):
        return None
    margin = 1e-6 * diagonal(surface.domain)
    inside = bool(((at > low + margin) & (at < high - margin)).all()) and bool((size <= ARRIVED * (high - low)).all())
    return Minimum((float(at[0]), float(at[1])), value), inside


def _lattice(low: np.ndarray, high: np.ndarray, count: int) -> np.ndarray:
    """(count, count, 2); rows are y."""
    return np.stack(np.meshgrid(*np.linspace(low, high, count).T), axis=-1)
