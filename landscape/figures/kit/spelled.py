"""Spelled: sentences that differ in a number from one to the next, as what differs, for the wire.

`player.js` reads them; a file that plays by itself has them in full.
"""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from landscape.figures.kit.animated import AnimatedFigure

# A sentence, or what of it is not as in the one before: how many letters at its begin and at its end are the same, and
# what stands between.
Spelled = str | tuple[int, int, str]


def spelled(sentences: Sequence[str]) -> list[Spelled]:
    # A browser counts letters beyond these as two.
    if not sentences or any(letter > "\uffff" for sentence in sentences for letter in sentence):
        return list(sentences)
    return [sentences[0], *(_differing(before, now) for before, now in pairwise(sentences))]


def _differing(before: str, now: str) -> Spelled:
    begin = _alike(before, now)
    end = _alike(before[begin:][::-1], now[begin:][::-1])
    return begin, end, now[begin : len(now) - end]


def _alike(one: str, other: str) -> int:
    """How many letters two texts begin with alike."""
    lengths = range(1, min(len(one), len(other)) + 1)
    return bisect_left(lengths, True, key=lambda length: one[:length] != other[:length])


def briefly(figure: AnimatedFigure) -> AnimatedFigure:
    """The figure itself, but for its captions, which are spelled."""
    spec = figure.to_dict()
    meta = spec["layout"]["meta"]
    if "captions" not in meta:
        return figure
    layout = spec["layout"] | {"meta": meta | {"captions": spelled(meta["captions"])}}
    return AnimatedFigure(spec["data"], layout, spec["frames"])
