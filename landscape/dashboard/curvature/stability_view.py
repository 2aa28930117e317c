"""The Curvature page's view of stability: predicted from the eigenvalues, then put to the test."""

from dataclasses import replace

import numpy as np
import streamlit as st

from landscape.dashboard.kit import runs
from landscape.dashboard.kit.address import Address
from landscape.dashboard.kit.controls import knob_control
from landscape.dashboard.kit.landscapes import off_the_map, set_start, start_controls
from landscape.dashboard.kit.page import HEIGHT, latex_matrix, small, stage_download, theme
from landscape.dashboard.kit.player import animated_chart, screen
from landscape.domain import Landscape, diagonal
from landscape.figures.curvature.stability import stability_stage
from landscape.knob import Knob, knobs
from landscape.optimizers import OPTIMIZERS
from landscape.theory.convergence import Trial, bowl_below, toward, verdict
from landscape.theory.quadratics import Best, best_gradient_descent, best_heavy_ball
from landscape.theory.stationary import StationaryPoints

STEPS = Knob(200, 8, 2000, "integer", "steps", "How long the run is.")
HEAVY_BALL = OPTIMIZERS["momentum"]
FIRST = 0.5
RATE, MOMENTUM = f"{HEAVY_BALL.key}.lr", f"{HEAVY_BALL.key}.momentum"


def show(address: Address, surface: Landscape) -> None:
    points = runs.stationary_around(surface.key, surface.settings)
    with st.sidebar:
        slot = st.container()
        start = start_controls(address, surface.axes, surface.start)
        steps = knob_control(address, "steps", STEPS)
    off_the_map(surface, start)
    index = bowl_below(surface, points, np.array(start), diagonal(surface.domain))
    if index is None:
        st.info(
            "Downhill from this start there is no minimum that curves upwards every way, so theory predicts no rate. "
            "Choose another start or landscape.",
            icon=":material/help:",
        )
        address.close()
        return
    best, plain = best_heavy_ball(points.eigenvalues[index]), best_gradient_descent(points.eigenvalues[index])
    with slot:
        lr, momentum = _knobs(address, best, plain)
    trial = _trial(surface, points, index, (("lr", lr), ("momentum", momentum)), start, steps)
    seen_on = screen()
    stage = stability_stage(trial, surface, points, theme(), narrow=seen_on == "phone", height=HEIGHT[seen_on])
    animated_chart(address, "stability", stage, _clicked)
    address.close()
    _below(trial, surface, best, plain)
    stage_download(st, stage, f"{surface.title}: stability", "stability")


def _clicked(x: float, y: float, axis: str) -> None:
    if axis == "x2":
        set_start(x, y)
    else:
        _set(x, y)


def _set(lr: float, momentum: float) -> None:
    """Move the run to a rate and a momentum, as near as their knobs allow."""
    for name, value in ((RATE, lr), (MOMENTUM, momentum)):
        st.session_state[name] = _rounded(value, knobs(HEAVY_BALL)[name.rsplit(".", 1)[1]])


def _rounded(value: float, knob: Knob) -> float:
    return float(np.clip(float(f"{value:.4g}"), knob.low, knob.high))


def _knobs(address: Address, best: Best, plain: Best) -> tuple[float, float]:
    """Rate and momentum, at first gradient descent's best rate and FIRST; buttons for the two classical choices."""
    given = knobs(HEAVY_BALL)
    lr = replace(given["lr"], default=_rounded(plain.lr, given["lr"]))
    momentum = replace(given["momentum"], default=FIRST)
    chosen = knob_control(address, RATE, lr), knob_control(address, MOMENTUM, momentum)
    for label, each in (("Best heavy ball", best), ("Best gradient descent", plain)):
        st.button(label, on_click=_set, args=(each.lr, each.momentum), width="stretch")
    return chosen


def _trial(
    surface: Landscape,
    points: StationaryPoints,
    index: int,
    settings: runs.Settings,
    start: tuple[float, float],
    steps: int,
) -> Trial:
    run = runs.restless(surface.key, surface.settings, HEAVY_BALL.key, settings, start, steps)
    optimizer = runs.optimizer(HEAVY_BALL.key, settings)
    return Trial(optimizer, run, toward(optimizer, run, points, index))


def _below(trial: Trial, surface: Landscape, best: Best, plain: Best) -> None:
    low, high = trial.seen.eigenvalues
    u, v = trial.seen.target
    st.markdown(
        f"- At the minimum ({u:.4g}, {v:.4g}) the curvatures are **{low:.4g}** and **{high:.4g}**: gradient descent is "
        f"stable below 2/λ = **{2 / high:.5g}**, and the condition number is {high / low:.4g}."
    )
    st.markdown(f"- {verdict(trial)}")
    st.markdown(
        f"- Best of all rates and momenta: {best.lr:.4g} and {best.momentum:.4g}, which leaves **{best.rate:.4g}** of "
        f"the error a step; gradient descent at its best, {plain.lr:.4g}, leaves **{plain.rate:.4g}**."
    )
    st.subheader("Where the prediction comes from", anchor=False)
    st.markdown("Near the minimum every eigenvalue $h$ of the Hessian has an error of its own, and heavy ball maps it:")
    st.latex(
        r"\begin{bmatrix} v \\ e \end{bmatrix} \leftarrow "
        r"\begin{bmatrix} \mu & h \\ -\eta\mu & 1 - \eta h \end{bmatrix} \begin{bmatrix} v \\ e \end{bmatrix},"
        r"\qquad z^2 - (1 + \mu - \eta h)\, z + \mu = 0"
    )
    st.markdown("The larger $|z|$ is the factor; complex roots ripple, a negative one changes sign with every step.")
    st.latex(
        r"\eta < \frac{2(1+\mu)}{\lambda_{\max}},\qquad "
        r"\eta^* = \frac{4}{(\sqrt{\lambda_{\min}}+\sqrt{\lambda_{\max}})^2},\quad "
        r"\mu^* = \left(\frac{\sqrt{\kappa}-1}{\sqrt{\kappa}+1}\right)^2"
    )
    st.latex(rf"\nabla^2 {surface.symbol} = {latex_matrix(surface.hessian(trial.seen.target))}")
    small("Sources: Polyak (1964), theorem 9; Nesterov (2004), theorem 2.1.14; the regimes after Goh (2017), Distill.")
