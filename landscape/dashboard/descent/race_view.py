"""The Descent page's view: optimizers race down a landscape from a start you click."""

from functools import partial
from typing import NamedTuple

import numpy as np
import streamlit as st

from landscape.code.package import snippet
from landscape.dashboard.descent.race_notes import formulas
from landscape.dashboard.kit import runs
from landscape.dashboard.kit.address import Address, choice
from landscape.dashboard.kit.controls import knob_control, knob_value, segmented_control, toggle
from landscape.dashboard.kit.descent_link import METHODS, STEPS, SURFACE
from landscape.dashboard.kit.drawer import folder, more, tabs
from landscape.dashboard.kit.files import file_button
from landscape.dashboard.kit.landscapes import landscape_controls, off_the_map, set_start, start_controls
from landscape.dashboard.kit.methods import TUNE_HELP, method_menu, other_settings, rates, schedule_controls
from landscape.dashboard.kit.page import small, stage_download
from landscape.dashboard.kit.runs import Conditions, Method, Pace
from landscape.dashboard.kit.view import Seen, View
from landscape.descent import report
from landscape.descent.race import CLOCKS, Race
from landscape.figures.descent.race import VIEWS
from landscape.figures.descent.race import stage as race_stage
from landscape.figures.kit.stage import Stage
from landscape.knob import Knob

NOISE = Knob(
    0.0,
    0,
    20,
    "linear",
    "gradient noise",
    "How far noise scatters each component of a gradient: its standard deviation.",
)
SEED = Knob(0, 0, 999, "integer", "seed", "Another seed draws other noise, the same for every method.")
TARGET = 1e-6


class Look(NamedTuple):
    """How a race is shown: a key of VIEWS, a key of CLOCKS, and what is drawn besides the paths."""

    view: str
    unit: str
    field: bool
    arrows: bool


class Terms(NamedTuple):
    """What is raced, under which conditions, and how it is shown."""

    methods: tuple[Method, ...]
    conditions: Conditions
    look: Look


def controls(address: Address) -> Terms:
    """All controls, most used first."""
    surface = landscape_controls(address, SURFACE)
    chosen = method_menu(address, surface, METHODS)
    address.claim("view", "map", choice("view", VIEWS))
    with tabs():
        view = segmented_control(
            "View", list(VIEWS), key="view", format_func=VIEWS.get, required=True, label_visibility="collapsed"
        )
    tune = toggle(address, "tune", "Tune each method", True, TUNE_HELP)
    steps = knob_control(address, "steps", STEPS)
    with more():
        rate_slot = st.container()
        start = start_controls(address, surface.axes, surface.start)
        look = _look_controls(address, str(view))
    settings = other_settings(address, chosen)
    noise, seed, pace = _noise_and_schedule(address)
    conditions = Conditions(runs.place_of(surface), start, steps, noise, seed, pace)
    with more(), rate_slot:
        if not tune:
            small("The rates stay as they are when the start moves. Switch this on to find the best ones again.")
        methods = rates(address, settings, tune, partial(runs.tuned_rate, conditions=conditions))
    return Terms(methods, conditions, look)


def _look_controls(address: Address, view: str) -> Look:
    address.claim("clock", "steps", choice("clock", CLOCKS))
    unit = segmented_control(
        "Count", list(CLOCKS), key="clock", format_func=lambda k: CLOCKS[k].capitalize(), required=True
    )
    field = toggle(address, "field", "Gradient field", False)
    arrows = toggle(address, "arrows", "Gradient and step at each head", False)
    return Look(view, str(unit), field, arrows)


def _noise_and_schedule(address: Address) -> tuple[float, int, Pace]:
    with folder("Noise and schedule") as box:
        control = knob_control if box.open else knob_value
        noise, seed = control(address, "noise", NOISE), control(address, "seed", SEED)
        return noise, seed, schedule_controls(address, shown=box.open)


def run(terms: Terms) -> Race:
    conditions = terms.conditions
    return Race(
        runs.landscape(conditions.place),
        np.array(conditions.start),
        runs.TOLERANCE,
        {method.key: runs.optimizer(method) for method in terms.methods},
        runs.trajectories(terms.methods, conditions),
    )


def draw(terms: Terms, race: Race, seen: Seen) -> Stage:
    points = runs.stationary(terms.conditions.place)
    look = terms.look
    return race_stage(
        race,
        seen.theme,
        points=points,
        recorded=runs.recorded(terms.methods, terms.conditions),
        view=look.view,
        unit=look.unit,
        field=look.field,
        arrows=look.arrows,
        narrow=seen.narrow,
        height=seen.size("descent")[1],
    )


def between(terms: Terms, race: Race, stage: Stage) -> None:
    off_the_map(race.surface, terms.conditions.start)


def below(terms: Terms, race: Race, stage: Stage) -> None:
    """What the stage leaves to tables, formulas and files."""
    st.subheader("Scoreboard", anchor=False)
    st.markdown(report.markdown(report.scoreboard(race, TARGET)))
    small(f"The target is a slope of at most {TARGET:g}. A Hessian costs two gradients, a value nothing.")
    formulas(race)
    st.subheader("Take it with you", anchor=False)
    name = f"{race.surface.key}-race"
    csv, page, code = st.columns(3)
    file_button(csv, "Every step, CSV", lambda: report.table(race).to_csv(index=False), f"{name}.csv", "text/csv")
    stage_download(page, stage, race.surface.title, name)
    held = terms.conditions

    def script() -> str:
        return snippet(race, held.steps, noise=held.noise, seed=held.seed, schedule=runs.schedule(held.pace))

    file_button(code, "This race, Python", script, f"{name}.py", "text/x-python")
    with folder("Python that runs this race again") as box:
        if box.open:
            st.code(script(), language=None)


def click(terms: Terms, x: float, y: float, axis: str) -> None:
    set_start(x, y)


def held() -> None:
    """A rate that was tuned stays as it is while the start moves, until it is asked for anew."""
    st.session_state["tune"] = False


VIEW = View(
    "race",
    "Race",
    "Which method finds the bottom first?",
    controls,
    run,
    draw,
    report.findings,
    below,
    click,
    between,
    held=held,
)
