"""The view of a kernel that slides over a picture."""

import streamlit as st

from landscape.dashboard.convolution.picture import ENTRY_NAMES, Picture, go_to, picture_controls, seen, take_hands
from landscape.dashboard.convolution.sheet import PIXEL_NAMES
from landscape.dashboard.kit.page import small, stage_download
from landscape.dashboard.kit.view import Seen, View
from landscape.datasets import IMAGES
from landscape.figures.convolution.hands import Hands
from landscape.figures.convolution.slide_stage import Names, stage
from landscape.figures.kit.stage import Stage
from landscape.lessons.slide_report import forward_findings
from landscape.lessons.slides import Convolved

NAMES = Names("The picture X", "The kernel W", "Window times kernel", "What it makes, Y", ("X", "W", "Y"), ink=True)


def run(terms: Picture) -> Convolved:
    return seen(terms, "max")


def draw(terms: Picture, record: Convolved, where: Seen) -> Stage:
    hands = Hands(ENTRY_NAMES, PIXEL_NAMES, terms.erase)
    size = where.size("convolution")
    return stage(record.forward, NAMES, where.theme, narrow=where.narrow, size=size, hands=hands)


def below(terms: Picture, record: Convolved, shown: Stage) -> None:
    small(
        "Draw on X: a click fills a pixel or clears it. Drag an entry of W up or down. Click a cell of Y to stay there."
    )
    small("Point at any cell to see what it is linked with. By keyboard: Tab, the arrow keys, space, plus and minus.")
    st.subheader("The rule", anchor=False)
    st.latex(r"Y_{rs} = \sum_{i,j} W_{ij}\, X_{ru + i - p,\ su + j - p}")
    small("Here u is the stride and p the padding. Outside the picture X is 0.")
    small("As in PyTorch and TensorFlow the kernel is not flipped: in mathematics this is a correlation.")
    small("Source: Dumoulin & Visin (2016), A guide to convolution arithmetic for deep learning, section 2.")
    small(f"{IMAGES['digits'].source} Licence: {IMAGES['digits'].licence}.")
    stage_download(st, shown, VIEW.question, "convolution")


def click(terms: Picture, x: float, y: float, axis: str) -> None:
    """Go to a cell of the result."""
    go_to(run(terms).forward.out.shape, x, y)


VIEW = View(
    "forward",
    "Forward",
    "What does a kernel see?",
    picture_controls,
    run,
    draw,
    forward_findings,
    below,
    click,
    clock=lambda terms: f"{terms.stride}-{terms.padding}",
    held=take_hands,
)
