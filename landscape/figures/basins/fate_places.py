"""Where fate maps stand: two side by side, of more the first large and the others in a column beside it."""

from typing import NamedTuple

import numpy as np

from landscape.domain import Domain
from landscape.figures.kit.layouts import Span

# Pixels above a map for its title and its bar, left of it and under it for its axes; under it where the key is there;
# and the key's width where it stands beside the maps.
ABOVE, LEFT, UNDER, KEY_UNDER, KEY_WIDTH = 46, 34, 26, 104, 190
# On a phone the key has so much room, under all maps.
PHONE_KEY = 150
# Between the maps of a row.
GAP = 46


def _upright(top: float, high: float) -> list[float]:
    """From so far under the top down; what is left of 0 is rounding."""
    return [max(0.0, top - high), top]


class Places(NamedTuple):
    """Where each map stands, how wide each is in pixels, whether the key is under them, and the margin for that."""

    spans: list[Span]
    widths: list[float]
    key_under: bool
    under: int


def places(count: int, domain: Domain, width: int, height: int, *, narrow: bool) -> Places:
    """The places of one to four maps on a stage of about this size."""
    (x_low, x_high), (y_low, y_high) = domain
    aspect = float(np.clip((x_high - x_low) / (y_high - y_low), 1 / 3, 3))
    if narrow:
        return _column(count, aspect, width, height)
    if count == 2:
        return _row(aspect, width, height)
    return max(_beside(count, aspect, width, height), _beneath(count, aspect, width, height), key=lambda p: p.widths[0])


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
    return Places(spans, [main] + [small * aspect] * others, False, UNDER)


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
    return Places(spans, [main] + [each] * (count - 1), False, UNDER)


def _row(aspect: float, width: int, height: int) -> Places:
    """Two maps, with the key under them."""
    whole, tall = width - LEFT, height - ABOVE - KEY_UNDER
    each = min((whole - GAP) / 2, tall * aspect)
    right = (each + GAP) / whole
    up = _upright(1.0, each / aspect / tall)
    return Places([([0.0, each / whole], up), ([right, right + each / whole], up)], [each] * 2, True, KEY_UNDER)


def _column(count: int, aspect: float, width: int, height: int) -> Places:
    whole, tall = width - LEFT, height - ABOVE - PHONE_KEY
    gap = (ABOVE + UNDER) / tall
    high = (1 - (count - 1) * gap) / count
    each = min(float(whole), high * tall * aspect)
    spans: list[Span] = [
        ([0.0, each / whole], _upright(1 - i * (high + gap), each / aspect / tall)) for i in range(count)
    ]
    return Places(spans, [each] * count, True, PHONE_KEY)
