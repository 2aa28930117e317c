"""The Area page's view of mini-batches: the gradients of a few samples about the gradient of all."""

from typing import NamedTuple

import streamlit as st

from landscape.calculus.area_guesses import batch_guess
from landscape.calculus.batch_report import TOLD, batch_findings
from landscape.calculus.mini_batches import MOST, NOISY, MiniBatches, mini_batches
from landscape.dashboard.kit.address import Address, choice
from landscape.dashboard.kit.ask import Asking
from landscape.dashboard.kit.controls import knob_control, selectbox, toggle
from landscape.dashboard.kit.page import small, stage_download
from landscape.dashboard.kit.view import Seen, View
from landscape.figures.calculus.mini_batches import batch_stage
from landscape.figures.kit.stage import Stage
from landscape.knob import Knob

TAKEN = Knob(1, 0, MOST, "integer", "steps taken", "Steps of gradient descent before the gradients are looked at.")
SEED = Knob(0, 0, 99, "integer", "seed", "Another seed draws other batches.")


class Terms(NamedTuple):
    """A loss on data by its key, where it is looked at, how batches are drawn, and the seed."""

    data: str
    taken: int
    replacement: bool
    seed: int


def controls(address: Address) -> Terms:
    data = address.claim("data", "diabetes", choice("data", NOISY))
    selectbox("Loss", list(NOISY), key="data", format_func=lambda key: NOISY[key].title)
    return Terms(
        data,
        int(knob_control(address, "taken", TAKEN)),
        toggle(address, "replacement", "A sample may come twice", False),
        int(knob_control(address, "seed", SEED)),
    )


@st.cache_data(max_entries=20, show_spinner=False)
def _found(data: str, taken: int, replacement: bool, seed: int) -> MiniBatches:
    return mini_batches(data, taken, replacement, seed)


def run(terms: Terms) -> MiniBatches:
    return _found(*terms)


def draw(terms: Terms, found: MiniBatches, seen: Seen) -> Stage:
    stage = batch_stage(found, seen.theme, narrow=seen.narrow, height=seen.size("calculus")[1])
    return stage.begin_at(found.at(TOLD))


def ask(terms: Terms, found: MiniBatches) -> Asking:
    knob = Knob(1.0, 1, 20, "linear", "times narrower", "The wider cloud's width over the narrower one's.")
    question = f"Batches of {TOLD} instead of single samples: how many times narrower is the cloud?"
    return Asking("narrower", question, knob, batch_guess)


def below(terms: Terms, found: MiniBatches, stage: Stage) -> None:
    st.latex(r"g_B = \frac{1}{B} \sum_{i \in \text{batch}} \nabla \ell_i(w),\qquad \mathrm{E}[g_B] = \nabla L(w)")
    st.latex(
        r"\mathrm{Cov}[g_B] = \frac{\Sigma}{B}\ \text{with},\quad \frac{\Sigma}{B} \cdot \frac{N - B}{N - 1}"
        r"\ \text{without replacement}"
    )
    st.markdown("- The cloud lies about the true gradient at every size, and larger batches make it narrower.")
    small(found.noisy.note)
    small("Σ: the covariance of one sample's gradient. Ellipses hold 95 in 100 where the noise is normal.")
    small("Sources: Cochran (1977), theorem 2.2; McCandlish, Kaplan & Amodei (2018), section 2.2, for the noise scale.")
    small(f"Data: {found.noisy.source}.")
    stage_download(st, stage, "The noise of mini-batches", "mini_batches")


VIEW = View(
    "batch",
    "Mini-batch",
    "What does a batch know of the gradient?",
    controls,
    run,
    draw,
    batch_findings,
    below,
    # Another data set has other sizes.
    clock=lambda terms: terms.data,
    ask=ask,
)
