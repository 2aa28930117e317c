"""The Curvature page's view of stability: predicted from the eigenvalues, then put to the test."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import streamlit as st

from landscape.dashboard.kit import runs
from landscape.dashboard.kit.address import Address
from landscape.dashboard.kit.controls import button, knob_control
from landscape.dashboard.kit.drawer import more
from landscape.dashboard.kit.landscapes import landscape_controls, off_the_map, start_controls
from landscape.dashboard.kit.page import latex_matrix, small, stage_download
from landscape.dashboard.kit.runs import Conditions, Method, Place
from landscape.dashboard.kit.view import RefusalError, Seen, View
from landscape.domain import diagonal
from landscape.figures.curvature.stability import stability_stage
from landscape.figures.kit.stage import Stage
from landscape.knob import Knob, knobs
from landscape.optimizers.first_order import Momentum
from landscape.theory import report
from landscape.theory.convergence import Trial, bowl_below, toward
from landscape.theory.quadratics import best_gradient_descent, best_heavy_ball

SURFACE = "quadratic"
STEPS = Knob(200, 8, 2000, "integer", "steps", "How many steps the run takes.")
FIRST = 0.5
RATE, MOMENTUM = f"method.{Momentum.key}.lr", f"method.{Momentum.key}.momentum"
NO_BOWL = (
    "Downhill from this start no minimum curves upwards every way, so theory predicts no rate. "
    "Choose another start or landscape."
)


class Terms(NamedTuple):
    """Heavy ball's settings, and its run."""

    place: Place
    start: tuple[float, float]
    steps: int
    lr: float
    momentum: float


def controls(address: Address) -> Terms:
    surface = landscape_controls(address, SURFACE, whole=True)
    slot = st.container()
    start = start_controls(address, surface.axes, surface.start)
    with more():
        steps = knob_control(address, "steps", STEPS)
    off_the_map(surface, start)
    place = runs.place_of(surface)
    eigenvalues = runs.stationary_around(place).eigenvalues[_bowl(place, start)]
    with slot:
        lr, momentum = _knobs(address, eigenvalues)
    return Terms(place, start, steps, lr, momentum)


def _bowl(place: Place, start: tuple[float, float]) -> int:
    """The index of the minimum below the start, for which theory predicts a rate."""
    index = _bowl_below(place, start)
    if index is None:
        raise RefusalError(NO_BOWL)
    return index


@st.cache_data(max_entries=200, show_spinner=False)
def _bowl_below(place: Place, start: tuple[float, float]) -> int | None:
    surface = runs.landscape(place)
    return bowl_below(surface, runs.stationary_around(place), np.array(start), diagonal(surface.domain))


def _knobs(address: Address, eigenvalues: np.ndarray) -> tuple[float, float]:
    """Rate and momentum, at first gradient descent's best rate and FIRST; buttons for the two classical choices."""
    given = knobs(Momentum)
    best, plain = best_heavy_ball(eigenvalues), best_gradient_descent(eigenvalues)
    lr, momentum = given["lr"].beginning(_rounded(plain.lr)), replace(given["momentum"], default=FIRST)
    chosen = knob_control(address, RATE, lr), knob_control(address, MOMENTUM, momentum)
    for label, each in (("Best heavy ball", best), ("Best gradient descent", plain)):
        button(label, on_click=_set, args=(each.lr, each.momentum), width="stretch")
    return chosen


def _set(lr: float, momentum: float) -> None:
    """Move the run to a rate and a momentum, as near as their knobs allow."""
    for name, value in ((RATE, lr), (MOMENTUM, momentum)):
        st.session_state[name] = knobs(Momentum)[name.rsplit(".", 1)[1]].nearest(_rounded(value))


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


def run(terms: Terms) -> Trial:
    points, index = runs.stationary_around(terms.place), _bowl(terms.place, terms.start)
    method = Method(Momentum.key, (("lr", terms.lr), ("momentum", terms.momentum)))
    optimizer, path = Momentum(terms.lr, terms.momentum), runs.restless(method, terms.place, terms.start, terms.steps)
    return Trial(runs.landscape(terms.place), optimizer, path, toward(optimizer, path, points, index))


def draw(terms: Terms, trial: Trial, seen: Seen) -> Stage:
    surface, points = runs.landscape(terms.place), runs.stationary_around(terms.place)
    method = Method(Momentum.key, (("lr", terms.lr), ("momentum", terms.momentum)))
    held = runs.recorded([method], Conditions(terms.place, terms.start, terms.steps))
    return stability_stage(
        trial, surface, points, seen.theme, recorded=held, narrow=seen.narrow, height=seen.size("curvature")[1]
    )


def below(terms: Terms, trial: Trial, stage: Stage) -> None:
    """Where the prediction comes from."""
    surface = runs.landscape(terms.place)
    st.subheader("Where the prediction comes from", anchor=False)
    st.markdown("Near the minimum each eigenvalue $h$ of the Hessian has its own error $e$. Heavy ball maps it:")
    st.latex(
        r"\begin{bmatrix} v \\ e \end{bmatrix} \leftarrow "
        r"\begin{bmatrix} \mu & h \\ -\eta\mu & 1 - \eta h \end{bmatrix} \begin{bmatrix} v \\ e \end{bmatrix},"
        r"\qquad z^2 - (1 + \mu - \eta h)\, z + \mu = 0"
    )
    st.markdown("The larger $|z|$ is the factor. Complex roots ripple; a negative root changes sign with every step.")
    st.latex(
        r"\eta < \frac{2(1+\mu)}{\lambda_{\max}},\qquad "
        r"\eta^* = \frac{4}{(\sqrt{\lambda_{\min}}+\sqrt{\lambda_{\max}})^2},\quad "
        r"\mu^* = \left(\frac{\sqrt{\kappa}-1}{\sqrt{\kappa}+1}\right)^2"
    )
    st.latex(rf"\nabla^2 {surface.symbol} = {latex_matrix(surface.hessian(trial.seen.target))}")
    small("Sources: Polyak (1964), theorem 9; Nesterov (2004), theorem 2.1.14; the regimes after Goh (2017), Distill.")
    stage_download(st, stage, f"{surface.title}: stability", "stability")


VIEW = View(
    "stability",
    "Stability",
    "How large a step is still safe?",
    controls,
    run,
    draw,
    report.stability_findings,
    below,
)
