"""Strokes: a line that was drawn by hand on a stage, as one short text in the URL.

Two characters a number: how far up its span it is, in 36 * 36 grades. A hand on the stage leaves each number under a
name of its own, see `stroke_names`, and the next run of the script takes them from there.
"""

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from landscape.dashboard.kit.address import Address, quoted

Span = tuple[float, float]
# Characters a number, and the highest grade.
WIDTH, MOST = 2, 36**2 - 1


def stroke_names(name: str, count: int) -> list[str]:
    """What the numbers are called while a hand holds them."""
    return [f"{name}.{k}" for k in range(count)]


def stroke_value(address: Address, name: str, spans: Sequence[Span], usual: Sequence[float]) -> np.ndarray | None:
    """The numbers of a line under the URL name `name`, each within its span; None where nobody has drawn.

    usual   what they are where a hand has moved only some of them
    """
    read, low_high = stroke_reader(name, len(spans)), np.array(spans, dtype=float)
    taken = {k: st.session_state.pop(n, None) for k, n in enumerate(stroke_names(name, len(spans)))}
    moved = {k: float(value) for k, value in taken.items() if value is not None}
    if moved and not address.reading:
        known = st.session_state.get(name)
        line = opened(known, low_high) if known else np.array(usual, dtype=float)
        line[list(moved)] = list(moved.values())
        st.session_state[name] = closed(line, low_high)
    text = address.claim(name, "", read)
    return opened(text, low_high) if text else None


def stroke_reader(name: str, count: int) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text and not (len(text) == WIDTH * count and text.isascii() and text.isalnum() and text == text.lower()):
            raise ValueError(f"{name} is {quoted(text)}, which is no line of {count} numbers that was drawn")
        return text

    return parse


def closed(line: np.ndarray, spans: np.ndarray) -> str:
    """Numbers (k,) in spans (k, 2) as text."""
    low, high = spans.T
    grades = np.round(np.clip((line - low) / (high - low), 0, 1) * MOST).astype(int)
    return "".join(np.base_repr(grade, 36).lower().zfill(WIDTH) for grade in grades.tolist())


def opened(text: str, spans: np.ndarray) -> np.ndarray:
    """The numbers of a text, to a grade what they were."""
    low, high = spans.T
    grades = [int(text[i : i + WIDTH], 36) for i in range(0, len(text), WIDTH)]
    return low + (high - low) * np.array(grades) / MOST
