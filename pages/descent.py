"""Descent: optimizers race down a landscape from a start you click."""

from typing import Any

import numpy as np
import streamlit as st

from landscape.code.package import snippet
from landscape.dashboard.kit import runs
from landscape.dashboard.kit.address import Address, choice
from landscape.dashboard.kit.controls import drawer, knob_control, knob_value, toggle
from landscape.dashboard.kit.descent_link import METHODS, STEPS, SURFACE
from landscape.dashboard.kit.landscapes import formula, landscape_controls, off_the_map, set_start, start_controls
from landscape.dashboard.kit.methods import TUNE_HELP, method_menu, other_settings, rates, rules, schedule_controls
from landscape.dashboard.kit.page import HEIGHT, begin, latex_matrix, show_complaints, small, stage_download, theme
from landscape.dashboard.kit.player import animated_chart, screen
from landscape.descent import report
from landscape.descent.race import CLOCKS, Race
from landscape.domain import Landscape
from landscape.figures.descent.race import VIEWS, stage
from landscape.figures.kit.stage import Stage
from landscape.knob import Knob

NOISE = Knob(0.0, 0, 20, "linear", "gradient noise", "Standard deviation of the noise on each gradient component.")
SEED = Knob(0, 0, 999, "integer", "seed", "Another seed, another noise; the same for every method.")
TARGET = 1e-6


def noise_and_schedule(address: Address) -> dict[str, Any]:
    with drawer("Noise and schedule") as box:
        control = knob_control if box.open else knob_value
        noise, seed = control(address, "noise", NOISE), control(address, "seed", SEED)
        return {"noise": noise, "seed": seed, **schedule_controls(address, shown=box.open)}


def sidebar(address: Address) -> tuple[Race, dict[str, Any], dict[str, Any]]:
    """All controls, most used first; returns the race, how it is shown, and the conditions it was held under."""
    surface = landscape_controls(address, SURFACE)
    chosen = method_menu(address, surface, METHODS)
    tune = toggle(address, "tune", "Tune each method", True, TUNE_HELP)
    rate_slot = st.container()
    conditions = {
        "surface_key": surface.key,
        "surface_settings": surface.settings,
        "start": start_controls(address, surface.axes, surface.start),
        "steps": knob_control(address, "steps", STEPS),
    }
    shown = show_controls(address)
    settings = other_settings(address, chosen)
    conditions |= noise_and_schedule(address)
    with rate_slot:
        methods = rates(address, settings, tune, conditions)
    race = Race(
        surface,
        np.array(conditions["start"]),
        runs.TOLERANCE,
        {key: runs.optimizer(key, chosen_settings) for key, chosen_settings in methods.items()},
        {
            key: runs.trajectory(optimizer_key=key, optimizer_settings=chosen_settings, **conditions)
            for key, chosen_settings in methods.items()
        },
    )
    return race, shown, conditions


def show_controls(address: Address) -> dict[str, Any]:
    address.claim("view", "map", choice("view", VIEWS))
    view = st.segmented_control("View", list(VIEWS), key="view", format_func=VIEWS.get, required=True)
    address.claim("clock", "steps", choice("clock", CLOCKS))
    unit = st.segmented_control(
        "Count", list(CLOCKS), key="clock", format_func=lambda k: CLOCKS[k].capitalize(), required=True
    )
    return {
        "view": view,
        "unit": unit,
        "field": toggle(address, "field", "Gradient field", False),
        "arrows": toggle(address, "arrows", "Gradient and step at each head", False),
    }


def below(race: Race, conditions: dict[str, Any], drawn: Stage) -> None:
    """What the stage leaves to words, tables, formulas and files."""
    for line in report.findings(race):
        st.markdown(f"- {line}")
    st.subheader("Scoreboard", anchor=False)
    st.markdown(report.markdown(report.scoreboard(race, TARGET)))
    small(f"Steps to target: until the slope is at most {TARGET:g}. A Hessian costs as much as two gradients.")
    formulas(race)
    st.subheader("Take it with you", anchor=False)
    name = f"{race.surface.key}-race"
    csv, page, code = st.columns(3)
    csv.download_button(
        "Every step, CSV", lambda: report.table(race).to_csv(index=False), f"{name}.csv", "text/csv", width="stretch"
    )
    stage_download(page, drawn, race.surface.title, name)
    script = snippet(
        race,
        conditions["steps"],
        noise=conditions["noise"],
        seed=conditions["seed"],
        schedule=runs.schedule(conditions["schedule_key"], conditions["schedule_settings"]),
    )
    code.download_button("This race, Python", script, f"{name}.py", "text/x-python", width="stretch")
    with drawer("Python that holds this race again") as box:
        if box.open:
            st.code(script, language=None)


def formulas(race: Race) -> None:
    surface = race.surface
    st.subheader(surface.title, anchor=False)
    st.markdown(surface.note)
    formula(surface)
    with drawer("Gradient and Hessian, and their values at the start") as box:
        if box.open:
            derivatives(surface, race.start)
    with drawer("How each method steps") as box:
        if box.open:
            rules(race.runs)
            small(r"$g = \nabla f(x)$, $H = \nabla^2 f(x)$, $\eta$ the rate.")
    small(f"Source: {surface.source}")


def derivatives(surface: Landscape, at: np.ndarray) -> None:
    f = surface.symbol
    st.latex(rf"\nabla {f} = {surface.latex('gradient')} = {latex_matrix(surface.gradient(at)[:, None])}")
    st.latex(rf"\nabla^2 {f} = {surface.latex('hessian')} = {latex_matrix(surface.hessian(at))}")
    if surface.kink:
        small(surface.kink)


def main() -> None:
    begin("Which method finds the bottom first?")
    address = Address("descent")
    with st.sidebar:
        race, shown, conditions = sidebar(address)
    off_the_map(race.surface, conditions["start"])
    seen_on = screen()
    points = runs.stationary(race.surface.key, race.surface.settings)
    drawn = stage(race, theme(), points=points, narrow=seen_on == "phone", height=HEIGHT[seen_on], **shown)
    animated_chart(address, "stage", drawn, lambda x, y, _: set_start(x, y))
    address.close()
    show_complaints(address)
    below(race, conditions, drawn)


main()
