"""The picture, the kernel and how it moves: the controls that both views share."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from landscape.dashboard.convolution.sheet import claim_drawing, forget_drawing, ink_of, pen, take_drawing, way_back
from landscape.dashboard.kit.address import Address, choice
from landscape.dashboard.kit.controls import knob_control, knob_value
from landscape.dashboard.kit.player import bring_head
from landscape.dashboard.kit.typed import typed_number
from landscape.datasets import IMAGES
from landscape.knob import Knob
from landscape.lessons.learnt import learnt_kernels
from landscape.lessons.slides import KERNELS, Convolved, convolved

DIGITS = [str(k) for k in range(10)]
WHICH = Knob(5, 0, 170, "integer", "which one", "Which of the digits of that kind.")
STRIDE = Knob(1, 1, 3, "integer", "stride", "How far the kernel moves from one window to the next.")
PADDING = Knob(0, 0, 2, "integer", "padding", "Rows and columns of zeros around the picture.")
# Those of one's own kernel, which begins as another.
ENTRIES = tuple(Knob(float(entry), -5.0, 5.0, "linear", "entry") for entry in KERNELS["upright"][1])
# What links call them.
ENTRY_NAMES = tuple(f"w{k + 1}" for k in range(len(ENTRIES)))
LEARNT = {f"learnt{k}": f"Learnt from digits, {k}" for k in range(1, 5)}
OWN = "own"


class Picture(NamedTuple):
    """What is convolved: a digit and which one of its kind, or, where there is one, a drawing; the kernel, row by row.

    drawing   as `claim_drawing` has it; "" for the digit
    erase     whether the pen takes ink away
    """

    digit: int
    which: int
    drawing: str
    kernel: tuple[float, ...]
    stride: int
    padding: int
    erase: bool = False


def picture_controls(address: Address, *, still: bool = False) -> Picture:
    """The controls; where the picture stands still there are others too, and the less used ones are under "More"."""
    drawing = claim_drawing(address)
    address.claim("digit", "3", choice("digit", DIGITS))
    digit = st.segmented_control(
        "Digit", DIGITS, key="digit", required=True, on_change=forget_drawing, help="A handwritten digit, 8 x 8."
    )
    erase = False if still else pen(address)
    way_back(drawing, "Back to the digit")
    kernel = _kernel(address)
    shown, more = st.container(), st.expander("More")
    with more if still else shown:
        stride = knob_control(address, "stride", STRIDE)
        padding = knob_control(address, "padding", PADDING)
    with more:
        which = knob_value(address, "which", WHICH)
        st.slider("Which one", int(WHICH.low), int(WHICH.high), key="which", help=WHICH.help, on_change=forget_drawing)
    return Picture(int(str(digit)), which, drawing, kernel, stride, padding, erase)


def _kernel(address: Address) -> tuple[float, ...]:
    titles = {key: title for key, (title, _) in KERNELS.items()} | LEARNT | {OWN: "My own"}
    address.claim("kernel", "upright", choice("kernel", titles))
    key = st.selectbox("Kernel", list(titles), key="kernel", format_func=lambda k: titles[k])
    if key != OWN:
        for k, entry in enumerate(ENTRIES):
            knob_value(address, f"w{k + 1}", entry)
        if key in KERNELS:
            return tuple(map(float, KERNELS[key][1]))
        return tuple(learnt_kernels()[int(key[-1]) - 1].ravel().tolist())
    rows, below = [st.columns(3) for _ in range(3)], st.container()
    return tuple(
        typed_number(
            address,
            f"w{k + 1}",
            entry,
            f"Row {k // 3 + 1}, column {k % 3 + 1}",
            place=rows[k // 3][k % 3],
            below=below,
            label_visibility="collapsed",
        )
        for k, entry in enumerate(ENTRIES)
    )


def image_of(picture: Picture) -> np.ndarray:
    """The ink, (8, 8), 0 to 1."""
    if picture.drawing:
        return ink_of(picture.drawing)
    digits = IMAGES["digits"].samples
    return digits.inputs[np.flatnonzero(digits.targets == picture.digit)[picture.which], 0]


@st.cache_data(max_entries=200, show_spinner=False)
def seen(picture: Picture, pooling: str) -> Convolved:
    kernel = np.array(picture.kernel).reshape(3, 3)
    return convolved(image_of(picture), kernel, picture.stride, picture.padding, pooling)


def take_hands() -> None:
    """In a callback: pixels that were held are a drawing; entries are those of one's own kernel."""
    take_drawing(own_kernel)


def own_kernel() -> None:
    st.session_state["kernel"] = OWN


def go_to(shape: tuple[int, int], x: float, y: float) -> None:
    """In a callback: the play head goes to the cell of the result, of this shape, that was clicked."""
    row, column = shape[0] - 1 - round(y), round(x)
    if 0 <= row < shape[0] and 0 <= column < shape[1]:
        bring_head(row * shape[1] + column + 1)
