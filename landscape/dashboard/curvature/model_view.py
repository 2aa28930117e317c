"""The Curvature page's view of the quadratic model that each step trusts."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from landscape.dashboard.kit import runs
from landscape.dashboard.kit.address import Address
from landscape.dashboard.kit.controls import knob_control, knob_controls
from landscape.dashboard.kit.landscapes import formula, landscape_controls, off_the_map, start_controls
from landscape.dashboard.kit.methods import one_method_menu
from landscape.dashboard.kit.page import latex_matrix, small, stage_download
from landscape.dashboard.kit.runs import Conditions, Method, Place
from landscape.dashboard.kit.view import Seen, View
from landscape.domain import Landscape
from landscape.figures.curvature.model import model_stage
from landscape.figures.kit.stage import Stage
from landscape.knob import Knob, knobs
from landscape.numbers import latex_number
from landscape.optimizers import OPTIMIZERS
from landscape.optimizers.quadratic_model import Modelled
from landscape.theory import report
from landscape.theory.stationary import StationaryPoints
from landscape.theory.study import Study, study

SURFACE = "rosenbrock"
STEPS = Knob(
    30, 1, 400, "integer", "steps", "How many steps at most. The run ends earlier where it converges or stays."
)
MODELLED = [key for key, cls in OPTIMIZERS.items() if issubclass(cls, Modelled)]
ROWS = 12


class Terms(NamedTuple):
    """The method, and its run."""

    place: Place
    method: Method
    start: tuple[float, float]
    steps: int


def controls(address: Address) -> Terms:
    surface = landscape_controls(address, SURFACE, whole=True)
    key = one_method_menu(address, MODELLED, surface, "newton")
    steps = knob_control(address, "steps", STEPS)
    settings = knob_controls(address, f"method.{key}", knobs(OPTIMIZERS[key]))
    start = start_controls(address, surface.axes, surface.start)
    off_the_map(surface, start)
    return Terms(runs.place_of(surface), Method(key, tuple(settings.items())), start, steps)


@st.cache_data(max_entries=100, show_spinner=False)
def run(terms: Terms) -> Study:
    method = runs.optimizer(terms.method)
    if not isinstance(method, Modelled):
        raise ValueError(f"method is {method.key}; allowed are {', '.join(MODELLED)}")
    return study(runs.landscape(terms.place), method, np.array(terms.start), terms.steps, runs.TOLERANCE)


def draw(terms: Terms, study: Study, seen: Seen) -> Stage:
    surface, points = runs.landscape(terms.place), runs.stationary(terms.place)
    held = runs.recorded([terms.method], Conditions(terms.place, terms.start, terms.steps))
    return model_stage(
        study, surface, points, seen.theme, recorded=held, narrow=seen.narrow, height=seen.size("curvature")[1]
    )


def below(terms: Terms, study: Study, stage: Stage) -> None:
    """The model where the play head rests, and the stationary points."""
    surface, at = runs.landscape(terms.place), st.session_state["at"]
    _formulas(study, surface, study.steps if at is None else min(at, study.steps))
    _points(runs.stationary(terms.place), surface)
    stage_download(st, stage, f"{surface.title}: {study.optimizer.title}", "model")


def _formulas(study: Study, surface: Landscape, k: int) -> None:
    """The model at iterate k, with its numbers; the method's rule."""
    m, f = study.models, surface.symbol
    st.subheader(f"The model at step {k}", anchor=False)
    if not np.isfinite(m.matrix[k]).all():
        small("The curvature here is not finite, so there is no model.")
        return
    g, bend = latex_matrix(m.gradient[k][:, None]), latex_matrix(m.matrix[k])
    damped = np.isinf(m.radius[k]) and m.damping[k] > 0
    extra = rf" + \tfrac{{1}}{{2}}\, {latex_number(m.damping[k])}\, |p|^2" if damped else ""
    leash = "" if np.isinf(m.radius[k]) else rf",\quad |p| \le {latex_number(m.radius[k])}"
    st.latex(rf"m(p) = {f} + g^\top p + \tfrac{{1}}{{2}}\, p^\top B\, p = ")
    st.latex(rf"{latex_number(m.value[k])} + {g}^{{\!\top}} p + \tfrac{{1}}{{2}}\, p^\top {bend}\, p{extra}{leash}")
    if not np.isfinite(m.step[k]).all():
        small("The model is singular. No single step solves it, so the method stays where it is.")
    else:
        st.latex(_step(study, f, k))
    st.markdown(report.true_hessian(study, k))
    st.latex(rf"\nabla^2 {f} = {latex_matrix(study.local.hessian[k])}")
    st.markdown(f"**{study.optimizer.title}.** {study.optimizer.note}")
    st.latex(study.optimizer.rule)
    small(r"$g = \nabla f(x)$, $H = \nabla^2 f(x)$, $B$ the method's own matrix for it, $\eta$ the rate.")


def _step(study: Study, f: str, k: int) -> str:
    """The step from iterate k, and what it promised and got; LaTeX."""
    m = study.models
    return (
        rf"p = {latex_matrix(m.step[k][:, None])},\quad m(0) - m(p) = {latex_number(m.predicted[k])},"
        rf"\quad {f}(x) - {f}(x + p) = {latex_number(m.actual[k])}"
    )


def _points(points: StationaryPoints, surface: Landscape) -> None:
    st.subheader("Where the slope is zero", anchor=False)
    st.markdown(report.counts(points))
    if len(points):
        rows = report.point_rows(points, surface.axes, ROWS)
        lines = [list(rows[0]), *(row.values() for row in rows)]
        table = ["| " + " | ".join(line) + " |" for line in lines]
        st.markdown("\n".join([table[0], "|" + "---|" * len(rows[0]), *table[1:]]))
        if len(points) > ROWS:
            small(f"The first {ROWS} of {len(points)}.")
    formula(surface)
    small(f"Source: {surface.source}")


VIEW = View(
    "model", "Model", "What does a second-order step believe?", controls, run, draw, report.model_findings, below
)
