"""Where fate maps stand: two side by side, of more the first large and the others in columns beside it."""

from typing import NamedTuple

import numpy as np

from landscape.domain import Domain
from landscape.figures.kit.layouts import Span

# Pixels above a map for its title and its bar, left of it and under it for its axes; under it where the key is there;
# and the key's width where it stands in a column of its own.
ABOVE, LEFT, UNDER, KEY_UNDER, KEY_WIDTH = 46, 34, 26, 104, 190
# On a phone the key has so much room, under all maps.
PHONE_KEY = 150
# Between the maps of a row, and between small ones, which have no axes.
GAP, CLOSE = 46, 22
# How much of the width the first of four maps may have.
MOST_OF_FOUR = 0.55


def _upright(top: float, high: float) -> list[float]:
    """From so far under the top down; what is left of 0 is rounding."""
    return [max(0.0, top - high), top]


class Places(NamedTuple):
    """Where each map stands, how wide each is in pixels, where the key begins, its left and its upper end, both None
    where it is under them, and the margin for that."""

    spans: list[Span]
    widths: list[float]
    key: tuple[float, float] | None
    under: int

    @property
    def seen(self) -> float:
        """How much is seen of the maps."""
        return sum(width**2 for width in self.widths)


def places(count: int, domain: Domain, width: int, height: int, *, narrow: bool) -> Places:
    """The places of one to four maps on a stage of about this size."""
    (x_low, x_high), (y_low, y_high) = domain
    aspect = float(np.clip((x_high - x_low) / (y_high - y_low), 1 / 3, 3))
    if narrow:
        return _column(count, aspect, width, height)
    if count == 2:
        return _row(aspect, width, height)
    ways = [_beside, _beneath, *([_square] if count == 4 else [])]
    return max((way(count, aspect, width, height) for way in ways), key=lambda places: places.seen)


def _beside(count: int, aspect: float, width: int, height: int) -> Places:
    """The first map large, the others in a column beside it, without axes of their own."""
    whole, tall = width - LEFT, height - ABOVE - UNDER
    inner, others = whole - KEY_WIDTH, count - 1
    small = (tall - (others - 1) * ABOVE) / others if others else 0.0
    column = min(small * aspect + GAP, inner / 3) if others else 0.0
    main = min(tall * aspect, inner - column)
    small = min(small, (inner - main - GAP) / aspect)
    spans: list[Span] = [([0.0, main / whole], _upright(1.0, main / aspect / tall))]
    left = (main + GAP) / whole
    for i in range(others):
        top = 1 - i * (small + ABOVE) / tall
        spans.append(([left, left + small * aspect / whole], _upright(top, small / tall)))
    return Places(spans, [main] + [small * aspect] * others, _right(spans), UNDER)


def _right(spans: list[Span]) -> tuple[float, float]:
    """Where a key beside all maps begins."""
    return max(across[1] for across, _ in spans) + 0.03, 1.0


def _square(count: int, aspect: float, width: int, height: int) -> Places:
    """The first map large, the others and the key in a square beside it."""
    whole, tall = width - LEFT, height - ABOVE - UNDER
    main = min(tall * aspect, MOST_OF_FOUR * whole)
    each = min((whole - main - GAP - CLOSE) / 2, (tall - ABOVE) / 2 * aspect)
    spans: list[Span] = [([0.0, main / whole], _upright(1.0, main / aspect / tall))]
    corners = [
        ((main + GAP + (each + CLOSE) * column) / whole, 1 - (each / aspect + ABOVE) * row / tall)
        for row in range(2)
        for column in range(2)
    ]
    for left, top in corners[: count - 1]:
        spans.append(([left, left + each / whole], _upright(top, each / aspect / tall)))
    left, top = corners[-1]
    return Places(spans, [main] + [each] * (count - 1), (left, top + ABOVE / 2 / tall), UNDER)


def _beneath(count: int, aspect: float, width: int, height: int) -> Places:
    """The first map large, the others in a row under it."""
    whole, tall = width - LEFT, height - ABOVE - UNDER
    inner, others = whole - KEY_WIDTH, max(1, count - 1)
    each = min((inner - (others - 1) * GAP) / others, tall / 3 * aspect)
    main = min(inner, (tall - each / aspect - ABOVE - UNDER) * aspect)
    spans: list[Span] = [([0.0, main / whole], _upright(1.0, main / aspect / tall))]
    for i in range(count - 1):
        left = i * (each + GAP) / whole
        spans.append(([left, left + each / whole], [0.0, each / aspect / tall]))
    return Places(spans, [main] + [each] * (count - 1), _right(spans), UNDER)


def _row(aspect: float, width: int, height: int) -> Places:
    """Two maps, with the key under them."""
    whole, tall = width - LEFT, height - ABOVE - KEY_UNDER
    each = min((whole - GAP) / 2, tall * aspect)
    right = (each + GAP) / whole
    up = _upright(1.0, each / aspect / tall)
    return Places([([0.0, each / whole], up), ([right, right + each / whole], up)], [each] * 2, None, KEY_UNDER)


def _column(count: int, aspect: float, width: int, height: int) -> Places:
    whole, tall = width - LEFT, height - ABOVE - PHONE_KEY
    gap = (ABOVE + UNDER) / tall
    high = (1 - (count - 1) * gap) / count
    each = min(float(whole), high * tall * aspect)
    spans: list[Span] = [
        ([0.0, each / whole], _upright(1 - i * (high + gap), each / aspect / tall)) for i in range(count)
    ]
    return Places(spans, [each] * count, None, PHONE_KEY)
