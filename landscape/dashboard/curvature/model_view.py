"""The Curvature page's view of the quadratic model that each step trusts."""

import numpy as np
import streamlit as st

from landscape.curvature import SHAPES
from landscape.dashboard.kit import runs
from landscape.dashboard.kit.address import Address
from landscape.dashboard.kit.controls import knob_control, knob_controls
from landscape.dashboard.kit.landscapes import formula, off_the_map, set_start, start_controls
from landscape.dashboard.kit.methods import one_method_menu
from landscape.dashboard.kit.page import HEIGHT, latex_matrix, small, stage_download, theme
from landscape.dashboard.kit.player import animated_chart, screen
from landscape.domain import Landscape
from landscape.figures.curvature.model import model_stage
from landscape.knob import Knob, knobs
from landscape.optimizers import OPTIMIZERS
from landscape.optimizers.quadratic_model import Modelled
from landscape.theory.stationary import KINDS, StationaryPoints
from landscape.theory.study import Study, findings

STEPS = Knob(30, 1, 400, "integer", "steps", "How many steps at most: the run ends where it converges or stays.")
MODELLED = [key for key, cls in OPTIMIZERS.items() if issubclass(cls, Modelled)]
ROWS = 12


def show(address: Address, surface: Landscape) -> None:
    with st.sidebar:
        study = _controls(address, surface)
    points = runs.stationary(surface.key, surface.settings)
    seen_on = screen()
    stage = model_stage(study, surface, points, theme(), narrow=seen_on == "phone", height=HEIGHT[seen_on])
    animated_chart(address, "model", stage, lambda x, y, _: set_start(x, y))
    address.close()
    for line in findings(study):
        st.markdown(f"- {line}")
    at = st.session_state["at"]
    _formulas(study, surface, study.steps if at is None else min(at, study.steps))
    _points(points, surface)
    stage_download(st, stage, f"{surface.title}: {study.optimizer.title}", "model")


def _controls(address: Address, surface: Landscape) -> Study:
    key = one_method_menu(address, MODELLED, surface, "newton")
    settings = knob_controls(address, key, knobs(OPTIMIZERS[key]))
    start = start_controls(address, surface.axes, surface.start)
    steps = knob_control(address, "steps", STEPS)
    off_the_map(surface, start)
    return runs.model_study(surface.key, surface.settings, key, tuple(settings.items()), start, steps)


def _formulas(study: Study, surface: Landscape, k: int) -> None:
    """The model at iterate k, with its numbers; the method's rule."""
    m, f = study.models, surface.symbol
    st.subheader(f"The model at step {k}", anchor=False)
    if not np.isfinite(m.matrix[k]).all():
        small("The curvature here is not finite, and there is no model.")
        return
    g, bend = latex_matrix(m.gradient[k][:, None]), latex_matrix(m.matrix[k])
    damped = np.isinf(m.radius[k]) and m.damping[k] > 0
    extra = rf" + \tfrac{{1}}{{2}}\, {m.damping[k]:.4g}\, |p|^2" if damped else ""
    leash = "" if np.isinf(m.radius[k]) else rf",\quad |p| \le {m.radius[k]:.4g}"
    st.latex(rf"m(p) = {f} + g^\top p + \tfrac{{1}}{{2}}\, p^\top B\, p = ")
    st.latex(rf"{m.value[k]:.5g} + {g}^{{\!\top}} p + \tfrac{{1}}{{2}}\, p^\top {bend}\, p{extra}{leash}")
    st.latex(
        rf"p = {latex_matrix(m.step[k][:, None])},\quad m(0) - m(p) = {m.predicted[k]:.4g},"
        rf"\quad {f}(x) - {f}(x + p) = {m.actual[k]:.4g}"
    )
    low, high = study.local.eigenvalues[k]
    shape = str(study.local.shape[k])
    st.markdown(
        f"The true Hessian there, with eigenvalues **{low:.5g}** and **{high:.5g}**, says **{shape}**: {SHAPES[shape]}."
    )
    st.latex(rf"\nabla^2 {f} = {latex_matrix(study.local.hessian[k])}")
    st.markdown(f"**{study.optimizer.title}.** {study.optimizer.note}")
    st.latex(study.optimizer.rule)
    small(r"$g = \nabla f(x)$, $H = \nabla^2 f(x)$, $B$ the matrix that the method has for it, $\eta$ the rate.")


def _points(points: StationaryPoints, surface: Landscape) -> None:
    counts = {kind: len(points.of(kind)) for kind in KINDS}
    st.subheader("Where the slope is zero", anchor=False)
    words = ", ".join(f"{kind}: **{count}**" for kind, count in counts.items() if count)
    st.markdown(f"On this map, {words}." if words else "There is no isolated such point on this map.")
    if len(points):
        x, y = surface.axes
        lines = [f"| kind | {x} | {y} | value | eigenvalues |", "|---|---|---|---|---|"]
        for i in range(min(len(points), ROWS)):
            (u, v), (low, high) = points.x[i], points.eigenvalues[i]
            lines.append(f"| {points.kind[i]} | {u:.5g} | {v:.5g} | {points.value[i]:.5g} | {low:.4g}, {high:.4g} |")
        st.markdown("\n".join(lines))
        if len(points) > ROWS:
            small(f"The first {ROWS} of {len(points)}.")
    formula(surface)
    small(f"Source: {surface.source}")
