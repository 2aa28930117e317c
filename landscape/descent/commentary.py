"""Commentary: what is seen of a race while it runs, a line for each moment."""

from collections.abc import Iterator, Sequence

import numpy as np

from landscape.descent.ending import UNBEGUN, ended
from landscape.descent.race import Race, rounding
from landscape.numbers import MOST, short
from landscape.optimizers import OPTIMIZERS

# More methods than these are counted, not named.
MANY = 4


def captions(race: Race, reached: np.ndarray) -> list[str]:
    """For each moment: who is lowest and who highest, and who has come to rest or is gone.

    reached   the step that each run has come to, (runs, moments)
    """
    return [" ".join(_seen(race, dict(zip(race.runs, steps, strict=True)))) for steps in reached.T.tolist()]


def _seen(race: Race, at: dict[str, int]) -> Iterator[str]:
    over = {key: ended(race.runs[key]) for key, step in at.items() if step >= int(race.runs[key].stop)}
    gone = "diverged", UNBEGUN
    heights = {key: float(race.runs[key].value[step]) for key, step in at.items() if over.get(key) not in gone}
    if heights:
        yield from _heights(race, heights)
    for status, has, have in (
        ("converged", "is at rest", "are at rest"),
        ("stalled", "is stuck", "are stuck"),
        ("diverged", "has diverged", "have diverged"),
        (UNBEGUN, UNBEGUN, UNBEGUN),
    ):
        there = [key for key, each in over.items() if each == status]
        if there:
            yield f"{named(there)} {has if len(there) == 1 else have}."


def _heights(race: Race, heights: dict[str, float]) -> Iterator[str]:
    """Who is lowest, and who highest where that can be told apart."""
    least, most = min(heights.values()), max(heights.values())
    slack = rounding(least)
    lowest = [key for key, height in heights.items() if height <= least + slack]
    if len(lowest) == len(heights):
        yield f"{_all(lowest)} {_height(race, least)}."
        return
    highest = [key for key, height in heights.items() if height >= most - rounding(most) and key not in lowest]
    first = "" if _there(race, least) else "lowest, "
    # Heights that differ are told apart.
    digits = next((d for d in range(3, MOST) if _height(race, least, d) != _height(race, most, d)), MOST)
    yield f"{named(lowest)} {'is' if len(lowest) == 1 else 'are'} {first}{_height(race, least, digits)}."
    yield f"{named(highest)} {'is' if len(highest) == 1 else 'are'} highest, {_height(race, most, digits)}."


def _all(keys: Sequence[str]) -> str:
    return f"{OPTIMIZERS[keys[0]].title} is" if len(keys) == 1 else "All are"


def _height(race: Race, height: float, digits: int = 3) -> str:
    """Where a height is, seen from the lowest that is known."""
    low = race.lowest_known
    if low is None:
        return f"at f = {short(height, digits)}"
    lowest = "minimum" if race.surface.proven else "lowest on this map"
    if _there(race, height):
        return f"as low as the {lowest}"
    return f"{short(abs(height - low), digits)} {'above' if height > low else 'below'} the {lowest}"


def _there(race: Race, height: float) -> bool:
    """Whether a height is that of the lowest that is known."""
    low = race.lowest_known
    return low is not None and abs(height - low) <= rounding(low)


def named(keys: Sequence[str]) -> str:
    """Some methods by name inside a sentence: "Adam", "Adam and Newton", "Adam, Newton and BFGS"."""
    if len(keys) > MANY:
        return f"{len(keys)} methods"
    *others, last = (OPTIMIZERS[key].title for key in keys)
    return f"{', '.join(others)} and {last}" if others else last
