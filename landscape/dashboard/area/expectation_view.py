"""The Area page's view of expectations: an average is an area, and two densities are compared by one."""

from typing import NamedTuple

import streamlit as st

from landscape.calculus.area_guesses import kl_guess
from landscape.calculus.densities import SHAPES, density
from landscape.calculus.expectation_report import expectation_findings
from landscape.calculus.expectations import AVERAGED, Expectation, expectation
from landscape.dashboard.kit.address import Address, choice
from landscape.dashboard.kit.ask import Asking
from landscape.dashboard.kit.controls import knob_control, segmented_control, selectbox
from landscape.dashboard.kit.drawer import more
from landscape.dashboard.kit.page import small, stage_download
from landscape.dashboard.kit.view import Seen, View
from landscape.figures.calculus.expectation import expectation_stage
from landscape.figures.calculus.guess import densities_stage
from landscape.figures.kit.layouts import ONE_PANEL
from landscape.figures.kit.stage import Stage
from landscape.knob import Knob

MEANS, WIDTHS = (-4.0, 4.0), (0.3, 2.5)
FIRST = {"pmean": -0.5, "pwidth": 1.2, "qmean": 1.5, "qwidth": 0.9}
LABELS = {"pmean": "mean of p", "pwidth": "width of p", "qmean": "mean of q", "qwidth": "width of q"}


class Terms(NamedTuple):
    """p's shape, what is averaged, and both densities' mean and width."""

    shape: str
    averaged: str
    p: tuple[float, float]
    q: tuple[float, float]


def controls(address: Address) -> Terms:
    shape = address.claim("p", "normal", choice("p", SHAPES))
    segmented_control("Shape of p", list(SHAPES), key="p", format_func=lambda k: SHAPES[k].title, required=True)
    averaged = address.claim("of", "ratio", choice("of", AVERAGED))
    selectbox("Averaged under p", list(AVERAGED), key="of", format_func=lambda k: AVERAGED[k].title)
    with more():
        at = {name: float(knob_control(address, name, _knob(name))) for name in FIRST}
    return Terms(shape, averaged, (at["pmean"], at["pwidth"]), (at["qmean"], at["qwidth"]))


def _knob(name: str) -> Knob:
    low, high = MEANS if name.endswith("mean") else WIDTHS
    return Knob(FIRST[name], low, high, "linear", LABELS[name], "Or drag it on the stage.")


def run(terms: Terms) -> Expectation:
    return expectation(density(terms.shape, *terms.p), density("normal", *terms.q), terms.averaged)


def draw(terms: Terms, found: Expectation, seen: Seen) -> Stage:
    height = seen.size("calculus")[1]
    return expectation_stage(found, (MEANS, WIDTHS), seen.theme, narrow=seen.narrow, height=height)


def ask(terms: Terms, found: Expectation) -> Asking:
    knob = Knob(0.0, 0, 5, "linear", "your guess", "In nats: 0 where q is p.")
    return Asking("kl", "How large is KL(p‖q), what q costs where p is true?", knob, kl_guess)


def sketch(terms: Terms, found: Expectation, guess: float, seen: Seen) -> Stage:
    height = ONE_PANEL if seen.narrow else seen.size("calculus")[1]
    return densities_stage(found, seen.theme, narrow=seen.narrow, height=height)


def below(terms: Terms, found: Expectation, stage: Stage) -> None:
    st.latex(r"\mathrm{E}_p[g] = \int g(x)\, p(x)\, dx,\qquad \int p(x)\, dx = 1")
    st.latex(rf"g(x) = {found.averaged.latex}")
    st.latex(
        r"\underbrace{-\int p \ln q}_{\text{cross entropy}} = \underbrace{-\int p \ln p}_{\text{entropy}}"
        r" + \underbrace{\int p \ln\frac{p}{q}}_{\mathrm{KL}(p\|q)\; \ge\; 0}"
    )
    st.markdown("- Training a classifier on cross entropy brings q to p: the entropy of p does not move.")
    small("Widths are standard deviations, entropies are in nats. q is normal.")
    small("Source: Cover & Thomas (2006), “Elements of information theory”, chapters 2 and 8.")
    stage_download(st, stage, "An expectation is an area", "expectation")


VIEW = View(
    "expectation",
    "Expectation",
    "How is an average an area?",
    controls,
    run,
    draw,
    expectation_findings,
    below,
    ask=ask,
    sketch=sketch,
)
