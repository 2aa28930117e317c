"""The view of a gradient on its way back through time."""

from typing import NamedTuple

import streamlit as st

from landscape.dashboard.kit.address import Address, choice
from landscape.dashboard.kit.controls import knob_control, segmented_control
from landscape.dashboard.kit.drawer import more
from landscape.dashboard.kit.page import small, stage_download
from landscape.dashboard.kit.view import Seen, View
from landscape.figures.kit.stage import Stage
from landscape.figures.recurrence.unrolled_stage import stage
from landscape.knob import Knob
from landscape.lessons.through_time import Compared, Conditions, compared, findings
from landscape.networks import CELLS

LENGTH = Knob(30, 2, 100, "integer", "length", "How many steps the sequence has.")
SCALE = Knob(
    1.0,
    0.1,
    10,
    "log",
    "weight scale",
    "Weights are drawn evenly, up to this over the root of the number of hidden units.",
)
GATE = Knob(2.0, -2, 6, "linear", "gate bias", "How far open the gates that keep the state begin: GRU's z, LSTM's f.")
HIDDEN = Knob(8, 1, 32, "integer", "hidden units", "How many numbers the state has.")
SEED = Knob(0, 0, 99, "integer", "seed", "Another seed draws other weights and sequences.")


class Terms(NamedTuple):
    """The cell that is looked at, and the conditions of all of them."""

    cell: str
    length: int
    hidden: int
    scale: float
    gate: float
    seed: int


def controls(address: Address) -> Terms:
    address.claim("cell", "tanh", choice("cell", CELLS))
    cell = segmented_control("Cell", list(CELLS), key="cell", format_func=lambda k: CELLS[k].title, required=True)
    length = knob_control(address, "length", LENGTH)
    scale = knob_control(address, "scale", SCALE)
    gate = knob_control(address, "gate", GATE)
    with more():
        hidden = knob_control(address, "hidden", HIDDEN)
        seed = knob_control(address, "seed", SEED)
    return Terms(str(cell), length, hidden, scale, gate, seed)


@st.cache_data(max_entries=100, show_spinner=False)
def _compared(terms: Terms) -> Compared:
    return compared(terms.cell, Conditions(*terms[1:]))


def run(terms: Terms) -> Compared:
    return _compared(terms)


def draw(terms: Terms, told: Compared, where: Seen) -> Stage:
    return stage(told, where.theme, narrow=where.narrow, size=where.size("recurrence"))


def below(terms: Terms, told: Compared, shown: Stage) -> None:
    cell = CELLS[terms.cell]
    st.subheader(f"The cell: {cell.title}", anchor=False)
    small(cell.note)
    st.latex(cell.latex)
    st.latex(
        r"\frac{\partial L}{\partial h_t} = \left(\frac{\partial h_{t+1}}{\partial h_t}\right)^{\!\top} "
        r"\frac{\partial L}{\partial h_{t+1}}"
    )
    st.latex(
        r"\left\lVert \frac{\partial h_T}{\partial h_t} \right\rVert \le "
        r"\prod_{k=t}^{T-1} \left\lVert \frac{\partial h_{k+1}}{\partial h_k} \right\rVert"
    )
    small("σmax, the largest singular value, is the most by which the way back can stretch a gradient.")
    small("The task is echo: repeat the first number after the last step. Nothing is learnt yet.")
    small("An LSTM's gradient has a second way, through c. Both formulas leave it out, so it has no dashed bound.")
    small("Source: Pascanu, Mikolov and Bengio (2013), On the difficulty of training recurrent neural networks.")
    stage_download(st, shown, VIEW.question, "unrolled")


VIEW = View(
    "unrolled",
    "Unrolled",
    "How much of the gradient comes back through time?",
    controls,
    run,
    draw,
    findings,
    below,
    clock=lambda terms: f"{terms.length}-{terms.cell}",
)
