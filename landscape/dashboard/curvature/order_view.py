"""The Curvature page's view of the order of convergence, for several methods at once."""

import numpy as np
import streamlit as st

from landscape.dashboard.kit import runs
from landscape.dashboard.kit.address import Address
from landscape.dashboard.kit.controls import knob_control, toggle
from landscape.dashboard.kit.landscapes import off_the_map, set_start, start_controls
from landscape.dashboard.kit.methods import TUNE_HELP, method_menu, other_settings, rates
from landscape.dashboard.kit.page import HEIGHT, small, stage_download, theme
from landscape.dashboard.kit.player import animated_chart, screen
from landscape.descent import report
from landscape.domain import Landscape, diagonal
from landscape.figures.curvature.order import Closing, order_stage
from landscape.knob import Knob
from landscape.optimizers import OPTIMIZERS
from landscape.theory.convergence import convergence
from landscape.theory.stationary import KINDS

STEPS = Knob(100, 4, 1000, "integer", "steps", "How many steps at most: a run ends where it converges.")
METHODS = ["gradient_descent", "barzilai_borwein", "bfgs", "newton", "levenberg_marquardt"]


def show(address: Address, surface: Landscape) -> None:
    with st.sidebar:
        closing, lost = _controls(address, surface)
    seen_on = screen()
    points = runs.stationary(surface.key, surface.settings)
    if not closing:
        st.info("No run closes in on a stationary point: there is no order to measure.", icon=":material/help:")
        address.close()
        return
    stage = order_stage(closing, surface, points, theme(), narrow=seen_on == "phone", height=HEIGHT[seen_on])
    animated_chart(address, "order", stage, lambda x, y, _: set_start(x, y))
    address.close()
    _below(closing, lost)
    stage_download(st, stage, f"{surface.title}: order of convergence", "order")


def _controls(address: Address, surface: Landscape) -> tuple[dict[str, Closing], list[str]]:
    """The runs that close in on a point, and a sentence for each that does not."""
    chosen = method_menu(address, surface, [key for key in METHODS if OPTIMIZERS[key].applies_to(surface)])
    tune = toggle(address, "tune", "Tune each method", True, TUNE_HELP)
    slot = st.container()
    start = start_controls(address, surface.axes, surface.start)
    steps = knob_control(address, "steps", STEPS)
    off_the_map(surface, start)
    settings = other_settings(address, chosen)
    conditions = runs.conditions(surface.key, surface.settings, start, steps)
    with slot:
        methods = rates(address, settings, tune, conditions)
    points = runs.stationary_around(surface.key, surface.settings)
    size = diagonal(surface.domain)
    closing, lost = {}, []
    for key, chosen_settings in methods.items():
        run = runs.trajectory(optimizer_key=key, optimizer_settings=chosen_settings, **conditions)
        seen = convergence(runs.optimizer(key, chosen_settings), run, points, size)
        if seen is None:
            lost.append(f"{OPTIMIZERS[key].title} is {report.STATUS[str(run.status)]} far from every stationary point.")
        else:
            closing[key] = Closing(run, seen)
    return closing, lost


def _below(closing: dict[str, Closing], lost: list[str]) -> None:
    measured = {key: each.seen.order for key, each in closing.items() if np.isfinite(each.seen.order)}
    if measured:
        key = max(measured, key=lambda k: measured[k])
        seen = closing[key].seen
        st.markdown(
            f"- Steepest: **{OPTIMIZERS[key].title}**, measured order **{seen.order:.2f}**, in {len(seen.errors) - 1} "
            f"steps to a {seen.kind}. On a line of slope 2 the number of right digits doubles with every step; on "
            "slope 1 each step adds the same number of digits."
        )
    for kind in KINDS[1:]:
        drawn = [OPTIMIZERS[key].title for key, each in closing.items() if each.seen.kind == kind]
        if drawn:
            st.markdown(f"- Not to a minimum but to a **{kind}**: {', '.join(drawn)}.")
    for sentence in lost:
        st.markdown(f"- {sentence}")
    rows = [
        {
            "method": OPTIMIZERS[key].title,
            "order measured": each.seen.order,
            "factor a step, theory": np.nan if each.seen.predicted is None else each.seen.predicted,
            "factor measured": each.seen.rate,
            "distance left": float(each.seen.errors[-1]),
            "steps": len(each.seen.errors) - 1,
            "closes in on a": f"{each.seen.kind} ({each.seen.target[0]:.4g}, {each.seen.target[1]:.4g})",
        }
        for key, each in closing.items()
    ]
    st.subheader("Measured, and what theory says", anchor=False)
    st.markdown(report.markdown(rows))
    small("A factor from theory is there for the methods that are linear maps near a minimum; Newton's is 0.")
    st.latex(r"|x_{k+1} - x^*| \approx C\, |x_k - x^*|^{\,p}:\qquad p = 1 \text{ linear},\quad p = 2 \text{ quadratic}")
    small("Source: Nocedal & Wright (2006), appendix A.2, on rates of convergence.")
