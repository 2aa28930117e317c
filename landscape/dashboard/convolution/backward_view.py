"""The view of a convolution's derivatives, product by product."""

from typing import NamedTuple

import streamlit as st

from landscape.dashboard.convolution.picture import Picture, go_to, picture_controls, seen
from landscape.dashboard.kit.address import Address, choice
from landscape.dashboard.kit.controls import segmented_control
from landscape.dashboard.kit.page import small, stage_download
from landscape.dashboard.kit.view import Seen, View
from landscape.figures.convolution.slide_stage import Names, stage
from landscape.figures.kit.stage import Stage
from landscape.lessons.slide_report import backward_findings
from landscape.lessons.slides import POOL, Convolved, Routed, Slide

OF = {"kernel": "Kernel", "image": "Picture", "pool": "Pool"}
POOLINGS = {"max": "Max", "average": "Average"}
OF_KERNEL, OF_IMAGE = ("X", "dL/dY", "dL/dW"), ("Spread dL/dY", "Turned W", "dL/dX")
OF_POOL = ("Y", "dL/dP", "dL/dY")
NAMES = {
    "kernel": Names("The picture X", "Arriving, dL/dY", "Window times dL/dY", "dL/dW", OF_KERNEL, ink=True),
    "image": Names(
        "Arriving, dL/dY, spread",
        "W, turned half round",
        "Their products",
        "dL/dX",
        OF_IMAGE,
        ink=False,
    ),
    "pool": Names("The answers Y", "Arriving, dL/dP", "What each gets", "dL/dY", OF_POOL, ink=False),
}
RULES = {
    "kernel": r"\frac{\partial L}{\partial W_{ij}} = \sum_{r,s} \frac{\partial L}{\partial Y_{rs}}\, "
    r"X_{ru + i - p,\ su + j - p}",
    "image": r"\frac{\partial L}{\partial X_{mn}} = \sum_{r,s} \frac{\partial L}{\partial Y_{rs}}\, "
    r"W_{m + p - ru,\ n + p - su}",
    "pool": r"\frac{\partial L}{\partial Y_{rs}} = \text{its share of the pool} \cdot \frac{\partial L}{\partial P}",
}
STEPS = "Here u is the stride and p the padding. Outside its picture or kernel every number is 0."
WORDS = {
    "kernel": STEPS,
    "image": f"{STEPS} This convolves dL/dY, spread out by the stride, with W, less the padding.",
    "pool": "Max-pooling gives all of it to the largest; average-pooling gives each of the four a quarter.",
}


class Terms(NamedTuple):
    """The picture and the kernel, the pooling behind them, and what the gradient comes back through or to."""

    picture: Picture
    pooling: str
    of: str


def controls(address: Address) -> Terms:
    address.claim("of", "kernel", choice("of", OF))
    of = segmented_control("The gradient of the", list(OF), key="of", format_func=lambda k: OF[k], required=True)
    address.claim("pooling", "max", choice("pooling", POOLINGS))
    pooling = segmented_control(
        "Pooling behind it", list(POOLINGS), key="pooling", format_func=lambda k: POOLINGS[k], required=True
    )
    return Terms(picture_controls(address, still=True), str(pooling), str(of))


def run(terms: Terms) -> Convolved:
    return seen(terms.picture, terms.pooling)


def _slide(terms: Terms, record: Convolved) -> Slide | Routed:
    slides: dict[str, Slide | Routed] = {
        "kernel": record.to_kernel,
        "image": record.to_image,
        "pool": record.to_answers,
    }
    return slides[terms.of]


def draw(terms: Terms, record: Convolved, where: Seen) -> Stage:
    slide = _slide(terms, record)
    return stage(slide, NAMES[terms.of], where.theme, narrow=where.narrow, size=where.size("convolution"))


def below(terms: Terms, record: Convolved, shown: Stage) -> None:
    small("Point at any cell to see its products. Click a cell of the result to stay there.")
    st.subheader("The rule", anchor=False)
    st.latex(RULES[terms.of])
    small(WORDS[terms.of])
    st.latex(r"P = \text{pool}(Y),\quad L = \tfrac{1}{2} \sum P^2,\quad \frac{\partial L}{\partial P} = P")
    small("Source: Dumoulin & Visin (2016), A guide to convolution arithmetic for deep learning, section 4.")
    stage_download(st, shown, VIEW.question, "convolution-backward")


def click(terms: Terms, x: float, y: float, axis: str) -> None:
    slide = _slide(terms, run(terms))
    if axis == "x4" and isinstance(slide, Slide):
        go_to(slide.out.shape, x, y)
    elif axis == "x4":
        # The window that the clicked answer is in.
        rows = len(slide.out)
        go_to(slide.stencil.shape, round(x) // POOL, len(slide.stencil) - 1 - (rows - 1 - round(y)) // POOL)


VIEW = View(
    "backward",
    "Backward",
    "How does the gradient come back through a convolution?",
    controls,
    run,
    draw,
    backward_findings,
    below,
    click,
    clock=lambda terms: f"{terms.of}-{terms.picture.stride}-{terms.picture.padding}",
)
