"""What a convolution says, forwards and backwards."""

import numpy as np

from landscape.finding import Finding
from landscape.lessons.slides import Convolved, Routed, Slide
from landscape.numbers import counted, short, typeset

# Numbers that differ by no more than this share are equal.
EQUAL = 1e-12


def forward_findings(seen: Convolved) -> list[Finding]:
    """Where the kernel answers most, how large the answer is, and what sharing saves."""
    return [_strongest(seen), _size(seen), _shared(seen)]


def _strongest(seen: Convolved) -> Finding:
    out = seen.forward.out
    r, s = (int(k) for k in np.unravel_index(np.abs(out).argmax(), out.shape))
    value = float(out[r, s])
    if value == 0:
        return Finding("convolution.silent", {"cells": out.size}, f"All {out.size} answers are 0.")
    others = _as_large(out)
    text = f"The kernel answers most strongly at row {r + 1}, column {s + 1}: **{typeset(value)}**."
    text += f" {counted(others, 'other answer')} {'is' if others == 1 else 'are'} as strong." if others else ""
    return Finding("convolution.strongest", {"row": r + 1, "column": s + 1, "value": value, "others": others}, text)


def _as_large(values: np.ndarray) -> int:
    """How many others are as far from 0 as the first that is farthest, but for rounding; none where all are 0."""
    sizes = np.abs(values)
    return int((sizes >= (1 - EQUAL) * sizes.max()).sum()) - 1 if sizes.any() else 0


def _size(seen: Convolved) -> Finding:
    side, kernel, made = len(seen.image), len(seen.kernel), len(seen.forward.out)
    text = (
        f"A side of {side} becomes {made}: (side + 2 · padding − kernel) / stride + 1, rounded down, "
        f"is ({side} + 2 · {seen.padding} − {kernel}) / {seen.stride} + 1."
    )
    numbers = {"side": side, "padding": seen.padding, "kernel": kernel, "stride": seen.stride, "made": made}
    return Finding("convolution.size", numbers, text)


def _shared(seen: Convolved) -> Finding:
    weights, cells = seen.kernel.size, seen.forward.out.size
    dense = seen.image.size * cells
    text = f"{weights} weights, used at every place, make all {cells} numbers. An affine layer would need {dense:,}."
    return Finding("convolution.shared", {"weights": weights, "cells": cells, "dense": dense}, text)


def backward_findings(seen: Convolved) -> list[Finding]:
    """Where the loss is most sensitive, how far differences agree, and what the pool lets through."""
    return [
        *(_steepest(name, slide) for name, slide in (("kernel", seen.to_kernel), ("picture", seen.to_image))),
        _agreement(seen),
        _passed(seen),
    ]


def _steepest(name: str, slide: Slide) -> Finding:
    r, s = (int(k) for k in np.unravel_index(np.abs(slide.out).argmax(), slide.out.shape))
    value, products = float(slide.out[r, s]), int(np.count_nonzero(slide.products(r, s)))
    others = _as_large(slide.out)
    numbers = {"of": name, "row": r + 1, "column": s + 1, "value": value, "products": products, "others": others}
    if value == 0:
        return Finding("backward.steepest", numbers, f"Every derivative of the {name} is 0.")
    text = f"The {name}'s largest derivative is **{typeset(value)}**, at row {r + 1}, column {s + 1}: "
    text += "one nonzero product." if products == 1 else f"a sum of {products} nonzero products."
    text += f" {counted(others, 'other')} {'is' if others == 1 else 'are'} as large." if others else ""
    return Finding("backward.steepest", numbers, text)


def _agreement(seen: Convolved) -> Finding:
    ties = int(seen.ties.sum())
    if ties:
        have = "pool has" if ties == 1 else "pools have"
        text = f"{ties} {have} a tie. The first takes all, and a central difference may disagree."
        return Finding("backward.ties", {"ties": ties}, text)
    gap = max(float(np.abs(slide.out - truth).max()) for slide, truth in _checked(seen))
    return Finding(
        "backward.gap", {"gap": gap}, f"No derivative is further than {short(gap)} from its central difference."
    )


def _checked(seen: Convolved) -> list[tuple[Slide | Routed, np.ndarray]]:
    both = (seen.to_kernel, seen.to_image, seen.to_answers)
    return [(slide, slide.differences) for slide in both if slide.differences is not None]


def _passed(seen: Convolved) -> Finding:
    reached, cells = int(np.count_nonzero(seen.to_answers.out)), seen.to_answers.out.size
    how = "gives its derivative to the largest of four" if seen.pooling == "max" else "gives each of four a quarter"
    hear = "hears" if reached == 1 else "hear"
    text = f"A pool {how}: {reached} of {cells} answers {hear} of the loss."
    return Finding("backward.passed", {"pooling": seen.pooling, "reached": reached, "cells": cells}, text)
