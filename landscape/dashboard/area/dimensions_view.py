"""The Area page's view of dimensions: grids against random points."""

from typing import NamedTuple

import streamlit as st

from landscape.calculus.area_guesses import dimensions_guess
from landscape.calculus.dimension_report import Asked, dimension_findings
from landscape.calculus.dimensions import MOST, Dimensions, dimensions
from landscape.dashboard.kit.address import Address
from landscape.dashboard.kit.ask import Asking
from landscape.dashboard.kit.controls import knob_control
from landscape.dashboard.kit.page import small, stage_download
from landscape.dashboard.kit.view import Seen, View
from landscape.figures.calculus.dimensions import dimensions_stage
from landscape.figures.kit.stage import Stage
from landscape.knob import Knob

D = Knob(5, 1, MOST, "integer", "dimension d", "Or drag it on the stage.")
SEED = Knob(0, 0, 99, "integer", "seed", "Another seed draws other points.")


class Terms(NamedTuple):
    """The dimension that is looked at, and the seed."""

    d: int
    seed: int


def controls(address: Address) -> Terms:
    return Terms(int(knob_control(address, "d", D)), int(knob_control(address, "seed", SEED)))


@st.cache_data(max_entries=20, show_spinner=False)
def _found(seed: int) -> Dimensions:
    return dimensions(seed)


def run(terms: Terms) -> Asked:
    return Asked(_found(terms.seed), terms.d)


def draw(terms: Terms, asked: Asked, seen: Seen) -> Stage:
    return dimensions_stage(asked, seen.theme, narrow=seen.narrow, height=seen.size("calculus")[1])


def held() -> None:
    # The slider has whole numbers alone.
    st.session_state["d"] = round(st.session_state["d"])


def ask(terms: Terms, asked: Asked) -> Asking:
    knob = Knob(1, 1, MOST, "integer", "your dimension", "The first dimension from which random points are closer.")
    n = int(asked.found.points[-1])
    question = f"With {n:,} points: from how many dimensions on do random ones beat a grid of midpoints?"
    return Asking("since", question, knob, dimensions_guess)


def below(terms: Terms, asked: Asked, stage: Stage) -> None:
    st.latex(r"\int_{[0,1]^d} \prod_{i=1}^{d} \frac{e^{x_i}}{e - 1}\, dx = 1")
    st.latex(r"\text{midpoints } O(n^{-2/d}),\quad \text{Simpson } O(n^{-4/d}),\quad \text{random points } O(n^{-1/2})")
    st.markdown("- For smooth f and many points, midpoints lose beyond 4 dimensions and Simpson beyond 8.")
    small("A grid has equally many points along every side, at most n in all. Simpson needs 3 a side.")
    small("Source: Davis & Rabinowitz (1984), “Methods of numerical integration”, chapter 5.")
    stage_download(st, stage, "Grids against random points", "dimensions")


VIEW = View(
    "dimensions",
    "Dimensions",
    "When do random points win?",
    controls,
    run,
    draw,
    dimension_findings,
    below,
    held=held,
    ask=ask,
)
