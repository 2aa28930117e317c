"""Room: where words still have room on a panel, so that they overprint neither each other, nor marks, nor paths."""

from typing import NamedTuple

import numpy as np

from landscape.domain import Domain
from landscape.figures.kit.layouts import ASPECT, STANDARD, Arrangement, Span

# By Plotly's name for where words stand beside a mark: across and up from it, -1, 0 or 1. The best first.
SIDES = {
    "top right": (1, 1),
    "top left": (-1, 1),
    "middle right": (1, 0),
    "middle left": (-1, 0),
    "top center": (0, 1),
    "bottom center": (0, -1),
    "bottom right": (1, -1),
    "bottom left": (-1, -1),
}
# A bold letter's width and a line's height, in font sizes.
LETTER, LINE = 0.58, 1.25
# Pixels between two points of a path, as it is looked at.
APART = 6.0


class Box(NamedTuple):
    """Pixels from a panel's lower left corner."""

    left: float
    low: float
    right: float
    high: float

    def meets(self, other: "Box") -> bool:
        return self.left < other.right and other.left < self.right and self.low < other.high and other.low < self.high

    def within(self, other: "Box") -> bool:
        return (
            other.left <= self.left and self.right <= other.right and other.low <= self.low and self.high <= other.high
        )


def panel_pixels(place: Span, height: int, margin: tuple[int, int, int, int], *, narrow: bool) -> tuple[float, float]:
    """How wide and how high a panel is, as near as the stage's width is known."""
    left, top, right, bottom = margin
    width = STANDARD["phone"][0] if narrow else ASPECT * height
    across, up = (high - low for low, high in place)
    return max(1.0, across * (width - left - right)), max(1.0, up * (height - top - bottom))


def map_pixels(
    domain: Domain, place: Span, height: int, margin: tuple[int, int, int, int], *, narrow: bool
) -> tuple[float, float]:
    """How wide and how high a map of equal scales is in its place, as near as the stage's width is known."""
    most = panel_pixels(place, height, margin, narrow=narrow)
    (x_low, x_high), (y_low, y_high) = domain
    aspect = (x_high - x_low) / (y_high - y_low)
    if not 1 / 3 <= aspect <= 3:
        return most
    return min(most[0], most[1] * aspect), min(most[1], most[0] / aspect)


def fitted(
    place: Arrangement, main: str, domain: Domain, height: int, margin: tuple[int, int, int, int], *, narrow: bool
) -> Arrangement:
    """An arrangement whose map takes no more of the width than it needs: what stands right of it begins earlier.

    A stage that is wider than is known leaves some of it beside the map; none overlaps.
    """
    if narrow:
        return place
    (left, right), up = place[main]
    needed, _ = map_pixels(domain, place[main], height, margin, narrow=narrow)
    most, _ = panel_pixels(place[main], height, margin, narrow=narrow)
    spared = (right - left) * (1 - needed / most)
    beside = {name: ([low - spared, high], rest) for name, ((low, high), rest) in place.items() if low >= right}
    return {**place, main: ([left, right - spared], up), **beside}


def spaced(at: np.ndarray, gap: float) -> np.ndarray:
    """Places (k,) at least a gap apart, in the order of `at` and, by the sum of squares, as near to it as can be.

    Isotonic regression, by pooling adjacent violators: Barlow, Bartholomew, Bremner & Brunk (1972).
    """
    order, steps = np.argsort(at, kind="stable"), gap * np.arange(len(at))
    pools: list[np.ndarray] = []
    for one in at[order] - steps:
        pools.append(np.array([one]))
        while len(pools) > 1 and pools[-2].mean() > pools[-1].mean():
            pools[-2:] = [np.concatenate(pools[-2:])]
    rows = np.empty(len(at))
    rows[order] = np.concatenate([np.full(len(pool), pool.mean()) for pool in pools]) + steps if pools else steps
    return rows


class Room:
    """A panel's room for words.

    domain   the range of its axes
    size     its width and height in pixels
    """

    def __init__(self, domain: Domain, size: tuple[float, float]) -> None:
        self.low, self.high = np.array(domain, dtype=float).T
        self.size = np.array(size)
        self.taken: list[Box] = []
        self.paths = np.empty((0, 2))

    def at(self, points: np.ndarray) -> np.ndarray:
        """Points (..., 2) in pixels; off the panel far away, so that a run to infinity is a number yet."""
        with np.errstate(all="ignore"):
            share = (np.asarray(points, dtype=float) - self.low) / (self.high - self.low)
        return np.clip(np.nan_to_num(share, nan=-9.0), -9.0, 9.0) * self.size

    def mark(self, points: np.ndarray, size: float) -> None:
        """Marks of some size stand at these points, (k, 2)."""
        r = size / 2
        self.taken += [Box(u - r, v - r, u + r, v + r) for u, v in self.at(points).reshape(-1, 2)]

    def callout(self, point: np.ndarray) -> None:
        """What `callout.js` says stands above a mark here, for a while: as a path, words avoid it if they can."""
        across, up = np.meshgrid(np.linspace(-34, 36, 13), np.linspace(14, 42, 6))
        self.paths = np.concatenate([self.paths, self.at(point) + np.stack([across, up], axis=-1).reshape(-1, 2)])

    def path(self, points: np.ndarray) -> None:
        """A path runs through these points, (k, 2)."""
        at = self.at(points)
        gaps = np.linalg.norm(np.diff(at, axis=0), axis=-1)
        along = np.concatenate([[0.0], np.cumsum(gaps)])
        every = np.linspace(0, along[-1], int(along[-1] / APART) + 2)
        dense = np.stack([np.interp(every, along, each) for each in at.T], axis=-1)
        self.paths = np.concatenate([self.paths, dense])

    def beside(self, text: str, point: np.ndarray, *, mark: float, font: float, over: bool = False) -> str | None:
        """The side of a mark at a point where words have room, which is then taken; None where there is none.

        over   whether, where there is no other room, they may stand on paths: where the least of these is
        """
        (u, v), r = self.at(point), mark / 2 + 2
        wide, tall = LETTER * font * len(text), LINE * font
        whole, best = Box(0, 0, *self.size), None
        for side, (across, up) in SIDES.items():
            left = u + r if across > 0 else u - r - wide if across < 0 else u - wide / 2
            low = v + r if up > 0 else v - r - tall if up < 0 else v - tall / 2
            box = Box(left, low, left + wide, low + tall)
            if not box.within(whole) or any(box.meets(other) for other in self.taken):
                continue
            crossed = self._crossed(box)
            if (over or not crossed) and (best is None or crossed < best[0]):
                best = crossed, side, box
        if best is None:
            return None
        self.taken.append(best[2])
        return best[1]

    def _crossed(self, box: Box) -> int:
        """How much of the paths lies there."""
        low, high = np.array(box[:2]), np.array(box[2:])
        return int(((self.paths > low) & (self.paths < high)).all(axis=-1).sum())
