"""The Area page's view of the noise ball: stochastic gradient descent around a minimum."""

from typing import NamedTuple

import streamlit as st

from landscape.calculus import area_report
from landscape.calculus.area_guesses import ball_guess
from landscape.calculus.noise_ball import NoiseBall, noise_ball
from landscape.dashboard.kit.address import Address
from landscape.dashboard.kit.ask import Asking
from landscape.dashboard.kit.controls import knob_control, toggle
from landscape.dashboard.kit.page import small, stage_download
from landscape.dashboard.kit.view import Seen, View
from landscape.figures.calculus.noise_ball import ball_stage
from landscape.figures.kit.stage import Stage
from landscape.knob import Knob

RATE = Knob(0.1, 0.02, 1, "log", "rate η", "While the rate is small, twice the rate makes about twice the variance.")
BATCH = Knob(2, 1, 64, "integer", "batch size", "Twice the batch makes half the variance.")
SEED = Knob(0, 0, 99, "integer", "seed", "Another seed draws other noise.")


class Terms(NamedTuple):
    """The rate, the batch size, whether the decaying rate's cloud is drawn, and the seed."""

    rate: float
    batch: int
    decays: bool
    seed: int


def controls(address: Address) -> Terms:
    return Terms(
        float(knob_control(address, "rate", RATE)),
        int(knob_control(address, "batch", BATCH)),
        toggle(address, "decays", "Let the rate decay", False),
        int(knob_control(address, "seed", SEED)),
    )


@st.cache_data(max_entries=20, show_spinner=False)
def _found(rate: float, batch: int, seed: int) -> NoiseBall:
    return noise_ball(rate, batch, seed)


def run(terms: Terms) -> NoiseBall:
    return _found(terms.rate, terms.batch, terms.seed)


def draw(terms: Terms, found: NoiseBall, seen: Seen) -> Stage:
    rates = RATE.low, RATE.high
    return ball_stage(found, terms.decays, rates, seen.theme, narrow=seen.narrow, height=seen.size("calculus")[1])


def ask(terms: Terms, found: NoiseBall) -> Asking | None:
    if not found.settles:
        return None
    knob = Knob(1.0, 0, 10, "linear", "times the variance", "Say 0 if you think nothing holds the runs any more.")
    question = f"Twice the rate, {2 * terms.rate:.3g}: how many times as large is the variance of the ball?"
    return Asking("larger", question, knob, ball_guess)


def below(terms: Terms, found: NoiseBall, stage: Stage) -> None:
    st.latex(r"S = (I - \eta H)\, S\, (I - \eta H) + \eta^2 \tfrac{1}{B} C")
    st.latex(r"s_\lambda = \frac{\eta\, c}{\lambda\,(2 - \eta\lambda)\, B} \approx \frac{\eta\, c}{2\,\lambda\, B}")
    st.markdown("- Twice the batch halves the ball's variance. A decaying rate lets it shrink, and so does averaging.")
    small("H: the loss's curvature. C: the covariance of one sample's gradient.")
    small("Once the cloud has settled, about 95 of 100 runs lie in the ellipse.")
    small("The decaying rate is η/(1 + 4t/T), where the constant one settles in T steps.")
    small("Sources: Mandt, Hoffman & Blei (2017), JMLR 18; Polyak & Juditsky (1992), theorem 1, for the mean.")
    stage_download(st, stage, "The noise ball", "noise_ball")


VIEW = View(
    "ball",
    "Noise ball",
    "Why does stochastic descent not arrive?",
    controls,
    run,
    draw,
    area_report.ball_findings,
    below,
    # Another rate has other steps.
    clock=lambda terms: f"{terms.rate:g}".replace(".", "_"),
    ask=ask,
)
