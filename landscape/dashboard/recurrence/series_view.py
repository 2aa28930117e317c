"""The view of a series that is learned: the sunspots, with backpropagation through time cut to a window."""

import streamlit as st

from landscape.dashboard.kit.address import Address, choice
from landscape.dashboard.kit.controls import knob_control, segmented_control
from landscape.dashboard.kit.drawer import more
from landscape.dashboard.kit.kept import grown
from landscape.dashboard.kit.page import small, stage_download
from landscape.dashboard.kit.view import Seen, View
from landscape.datasets.sequences import SEQUENCES
from landscape.figures.kit.stage import Stage
from landscape.figures.recurrence.series_stage import stage
from landscape.knob import Knob
from landscape.lessons.series import LAST, WINDOW, Followed, Plan, findings, learn
from landscape.networks import CELLS

RUN_WINDOW = Knob(4, 1, WINDOW, "integer", "window", "How many years every error is followed back.")
RATE = Knob(0.02, 1e-3, 10, "log", "rate", "How far each step of Adam goes.")
STEPS = Knob(80, 1, 200, "integer", "steps", "How many steps both runs take.")
HIDDEN = Knob(8, 1, 16, "integer", "hidden units", "How many numbers the state has.")
SEED = Knob(0, 0, 99, "integer", "seed", "Another seed draws other weights.")


def controls(address: Address) -> Plan:
    address.claim("cell", "tanh", choice("cell", CELLS))
    cell = segmented_control("Cell", list(CELLS), key="cell", format_func=lambda k: CELLS[k].title, required=True)
    window = knob_control(address, "window", RUN_WINDOW)
    rate = knob_control(address, "rate", RATE)
    steps = knob_control(address, "steps", STEPS)
    with more():
        hidden = knob_control(address, "hidden", HIDDEN)
        seed = knob_control(address, "seed", SEED)
    return Plan(str(cell), hidden, rate, steps, window, seed)


def run(terms: Plan) -> Followed:
    """As far as it has come."""
    return grown(("series", *terms), lambda: learn(terms))


def draw(terms: Plan, seen: Followed, where: Seen) -> Stage:
    return stage(seen, where.theme, narrow=where.narrow, height=where.size("recurrence")[1])


def between(terms: Plan, seen: Followed, shown: Stage) -> None:
    if not seen.done:
        st.progress(float(seen.steps[-1] / terms.steps), f"Step {seen.steps[-1]} of {terms.steps} …")
    if seen.diverged is not None:
        st.info(f"Training diverged at step {seen.diverged}. A smaller rate would hold.")


def below(terms: Plan, seen: Followed, shown: Stage) -> None:
    st.subheader("Truncated backpropagation through time", anchor=False)
    st.latex(
        r"\nabla_K L = \sum_{t} \sum_{k=0}^{K-1} \left(\frac{\partial h_{t-k}}{\partial w}\right)^{\!\top} "
        r"\frac{\partial L_t}{\partial h_{t-k}}"
    )
    st.latex(r"\nabla_T L = \nabla L")
    small("K is the window: every year's error is followed K years back, and what lies before counts as given.")
    small(f"It learns from 1701 to {LAST}; the rest is held back. All errors are root mean squares, in spots.")
    small("The split is that of Weigend, Huberman and Rumelhart (1990), Predicting the future.")
    small("Source: Williams and Peng (1990), An efficient gradient-based algorithm, Neural Computation 2.")
    small(f"Data: {SEQUENCES['sunspots'].source} Licence: {SEQUENCES['sunspots'].licence}.")
    stage_download(st, shown, VIEW.question, "series")


def held() -> None:
    """A window is a whole number of years."""
    st.session_state["window"] = round(st.session_state["window"])


VIEW = View(
    "series",
    "Series",
    "What is lost if errors are followed back only a few years?",
    controls,
    run,
    draw,
    findings,
    below,
    between=between,
    clock=lambda terms: f"{terms.steps}",
    held=held,
)
