"""The sheet that a digit is drawn on by hand: its ink in the link, and its pen."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from landscape.dashboard.kit.address import Address, quoted
from landscape.dashboard.kit.controls import button, toggle

SIDE, INK = 8, 16
# A pixel's ink in a link, 0 to 16.
LEVELS = "0123456789abcdefg"
EMPTY = LEVELS[0] * SIDE**2
# What the stage calls the pixels, row by row.
PIXEL_NAMES = tuple(f"p{k + 1}" for k in range(SIDE**2))


def claim_drawing(address: Address) -> str:
    """Ink by pixel, in LEVELS; "" where nothing has been drawn."""
    return str(address.claim("drawing", "", _parse))


def _parse(text: str) -> str:
    if len(text) != SIDE**2 or set(text) - set(LEVELS):
        raise ValueError(f"drawing is {quoted(text)}, which is not {SIDE**2} levels of ink, each from 0 to g")
    return text


def ink_of(drawing: str) -> np.ndarray:
    """The ink of a drawing, (8, 8), 0 to 1."""
    return np.array([LEVELS.index(level) for level in drawing]).reshape(SIDE, SIDE) / INK


def pen(address: Address) -> bool:
    """The controls of the pen; whether it takes ink away."""
    with st.container(horizontal=True, vertical_alignment="center"):
        button("Empty sheet", on_click=_draw, args=(EMPTY,), help="Draw a digit on the picture.")
        return toggle(address, "erase", "Eraser", False)


def way_back(drawing: str, label: str) -> None:
    """A button that puts the digit in the place of a drawing, where there is one."""
    if drawing:
        button(label, on_click=forget_drawing, width="stretch")


def forget_drawing() -> None:
    """In a callback: the digit is shown again."""
    _draw("")


def _draw(drawing: str) -> None:
    st.session_state["drawing"] = drawing


def take_drawing(otherwise: Callable[[], None] = lambda: None) -> None:
    """In a callback: what was let go of on the stage, if it was the sheet, is the drawing."""
    ink = [st.session_state.pop(name, None) for name in PIXEL_NAMES]
    if None in ink:
        otherwise()
    else:
        _draw("".join(LEVELS[round(INK * each)] for each in ink))
