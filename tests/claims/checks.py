"""Checks: for each kind of finding, a function that decides from the raw record alone whether what is said is true.

A check goes another way than the code that said it: differences instead of derivatives, a run made once more instead
of the run's own status, roots instead of a formula, a count instead of a mean. It raises AssertionError where the
finding is false.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import numpy as np

from landscape.finding import Finding

Check = Callable[[Any, Finding], None]
Decorated = TypeVar("Decorated", bound=Check)
Record = TypeVar("Record")

CHECKS: dict[str, Check] = {}


def checks(kind: str) -> Callable[[Decorated], Decorated]:
    """Make a function the check of a kind of finding."""

    def enter(check: Decorated) -> Decorated:
        assert kind not in CHECKS, f"{kind} has two checks"
        CHECKS[kind] = check
        return check

    return enter


def same(claimed: float, found: float, share: float = 1e-6, absolute: float = 0.0) -> None:
    """Two numbers agree to a share of the larger one, or to `absolute`."""
    assert np.isclose(claimed, found, rtol=share, atol=absolute), f"{claimed} is claimed and {found} found"


def of(records: Mapping[str, Record], key: str) -> Record:
    """What is kept under a key that a finding names."""
    assert key in records, f"there is no {key!r}"
    return records[key]


def numbers_in(value: Any) -> Iterator[float]:
    """All numbers in what a finding rests on, however deep."""
    if isinstance(value, bool | np.bool_ | str) or value is None:
        return
    if isinstance(value, Mapping):
        for each in value.values():
            yield from numbers_in(each)
    elif isinstance(value, tuple | list | np.ndarray):
        for each in value:
            yield from numbers_in(each)
    else:
        yield float(value)
