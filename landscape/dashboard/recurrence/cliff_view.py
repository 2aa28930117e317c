"""The view of the cliff: gradient descent thrown off it, and the same run clipped."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from landscape.dashboard.kit.address import Address
from landscape.dashboard.kit.controls import knob_control
from landscape.dashboard.kit.landscapes import off_the_map, set_start, start_controls
from landscape.dashboard.kit.page import small, stage_download
from landscape.dashboard.kit.view import Seen, View
from landscape.figures.kit.stage import Stage
from landscape.figures.recurrence.cliff_stage import stage
from landscape.knob import Knob
from landscape.lessons.fall import Fall, fall, findings
from landscape.networks.cliff import Cliff

RATE = Knob(0.3, 1e-3, 10, "log", "rate", "How far each step goes for a gradient of 1.")
LIMIT = Knob(0.3, 1e-2, 10, "log", "clip at", "Longer gradients are cut to this length.")
TIMES = Knob(50, 20, 100, "integer", "time steps", "How often the unit hears itself. More make a steeper wall.")
STEPS = Knob(60, 10, 200, "integer", "steps", "How many steps both runs take.")


class Terms(NamedTuple):
    """The start, the rate and the limit, how far back in time, and how many steps."""

    start: tuple[float, float]
    rate: float
    limit: float
    times: int
    steps: int


def controls(address: Address) -> Terms:
    rate = knob_control(address, "rate", RATE)
    limit = knob_control(address, "limit", LIMIT)
    times = knob_control(address, "times", TIMES)
    start = start_controls(address, ("w", "b"), Cliff.start)
    steps = knob_control(address, "steps", STEPS)
    off_the_map(Cliff(), start)
    return Terms(start, rate, limit, times, steps)


@st.cache_data(max_entries=50, show_spinner=False)
def _fallen(terms: Terms) -> Fall:
    cliff = Cliff().with_(steps=terms.times)
    return fall(cliff, np.array(terms.start), terms.rate, terms.limit, terms.steps)


def run(terms: Terms) -> Fall:
    return _fallen(terms)


def draw(terms: Terms, seen: Fall, where: Seen) -> Stage:
    return stage(seen, where.theme, narrow=where.narrow, height=where.size("recurrence")[1])


def below(terms: Terms, seen: Fall, shown: Stage) -> None:
    st.subheader("Why there is a wall", anchor=False)
    # Each of them is no wider than a phone.
    st.latex(r"x_t = w\, \sigma(x_{t-1}) + b,\quad x_0 = 0.5")
    st.latex(r"E = \left(\sigma(x_T) - 0.7\right)^2")
    st.latex(r"\frac{\partial E}{\partial x_{t-1}} = w\, \sigma'(x_{t-1})\, \frac{\partial E}{\partial x_t}")
    st.latex(r"w\, \sigma'(0.5) = 0.2350\, w > 1 \text{ for } w > 4.255")
    small("On the dashed line the start is a repelling fixed point: to its two sides x drifts far apart.")
    small(f"Source: {Cliff.source}")
    stage_download(st, shown, VIEW.question, "cliff")


def click(terms: Terms, x: float, y: float, axis: str) -> None:
    if axis == "x":
        set_start(x, y)


VIEW = View(
    "cliff",
    "The cliff",
    "Why does a recurrent network's gradient explode?",
    controls,
    run,
    draw,
    findings,
    below,
    click,
)
