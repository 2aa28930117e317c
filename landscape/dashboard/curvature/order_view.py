"""The Curvature page's view of the order of convergence, for several methods at once."""

from functools import partial
from typing import NamedTuple

import streamlit as st

from landscape.dashboard.kit import runs
from landscape.dashboard.kit.address import Address
from landscape.dashboard.kit.controls import knob_control, toggle
from landscape.dashboard.kit.drawer import more
from landscape.dashboard.kit.landscapes import landscape_controls, off_the_map, set_start, start_controls
from landscape.dashboard.kit.methods import TUNE_HELP, method_menu, other_settings, rates
from landscape.dashboard.kit.page import small, stage_download
from landscape.dashboard.kit.runs import Conditions, Method
from landscape.dashboard.kit.view import RefusalError, Seen, View
from landscape.descent.report import markdown
from landscape.domain import diagonal
from landscape.figures.curvature.order import order_stage
from landscape.figures.kit.said import saying
from landscape.figures.kit.stage import Stage
from landscape.knob import Knob
from landscape.optimizers import OPTIMIZERS
from landscape.theory import report
from landscape.theory.commentary import distances
from landscape.theory.convergence import Approaches, approaches

SURFACE = "six_hump_camel"
STEPS = Knob(100, 4, 1000, "integer", "steps", "How many steps at most. A run ends earlier where it converges.")
METHODS = ["gradient_descent", "barzilai_borwein", "bfgs", "newton", "levenberg_marquardt"]


class Terms(NamedTuple):
    """The methods, and what their runs are held under."""

    methods: tuple[Method, ...]
    conditions: Conditions


def controls(address: Address) -> Terms:
    surface = landscape_controls(address, SURFACE, whole=True)
    chosen = method_menu(address, surface, [key for key in METHODS if OPTIMIZERS[key].applies_to(surface)])
    tune = toggle(address, "tune", "Tune each method", True, TUNE_HELP)
    with more():
        rate_slot = st.container()
    start = start_controls(address, surface.axes, surface.start)
    steps = knob_control(address, "steps", STEPS)
    off_the_map(surface, start)
    settings = other_settings(address, chosen)
    conditions = Conditions(runs.place_of(surface), start, steps)
    with more(), rate_slot:
        methods = rates(address, settings, tune, partial(runs.tuned_rate, conditions=conditions))
    return Terms(methods, conditions)


def run(terms: Terms) -> Approaches:
    place = terms.conditions.place
    surface = runs.landscape(place)
    found = approaches(
        surface,
        runs.stationary_around(place),
        {method.key: runs.optimizer(method) for method in terms.methods},
        runs.trajectories(terms.methods, terms.conditions),
        diagonal(surface.domain),
    )
    if not found.seen:
        raise RefusalError("No run can close in on a stationary point of this map, so there is no order to measure.")
    return found


def draw(terms: Terms, found: Approaches, seen: Seen) -> Stage:
    place = terms.conditions.place
    surface, points = runs.landscape(place), runs.stationary(place)
    return order_stage(
        found.seen,
        surface,
        points,
        seen.theme,
        closing=bool(found.closing),
        narrow=seen.narrow,
        height=seen.size("curvature")[1],
    )


def told(terms: Terms, found: Approaches, seen: Seen) -> Stage:
    """The stage, with the distances at its play head."""
    stage = draw(terms, found, seen)
    return saying(stage, distances(found, map(int, stage.times)))


def below(terms: Terms, found: Approaches, stage: Stage) -> None:
    if not found.closing:
        small("No run closes in on a point. Errors are distances to the lowest one, and there is no order to measure.")
    st.subheader("Measured and predicted", anchor=False)
    if found.closing:
        st.markdown(markdown(report.order_rows(found)))
    small("Theory gives a factor where a method is a linear map near the point. Newton's is 0.")
    st.latex(r"|x_{k+1} - x^*| \approx C\, |x_k - x^*|^{\,p}:\qquad p = 1 \text{ linear},\quad p = 2 \text{ quadratic}")
    small("Source: Nocedal & Wright (2006), appendix A.2, on rates of convergence.")
    title = f"{runs.landscape(terms.conditions.place).title}: order of convergence"
    stage_download(st, stage, title, "order")


def click(terms: Terms, x: float, y: float, axis: str) -> None:
    set_start(x, y)


VIEW = View("order", "Order", "How fast do the digits come?", controls, run, told, report.order_findings, below, click)
