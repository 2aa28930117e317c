"""The Basins page's view of sweeps: what two knobs of one method make of one start."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from landscape.dashboard.kit import runs
from landscape.dashboard.kit.address import Address, choice
from landscape.dashboard.kit.controls import knob_control, knob_controls, segmented_control, selectbox
from landscape.dashboard.kit.descent_link import open_at, query
from landscape.dashboard.kit.kept import Tell, Wanted, results
from landscape.dashboard.kit.landscapes import formula, landscape_controls, off_the_map, start_controls
from landscape.dashboard.kit.methods import one_method_menu
from landscape.dashboard.kit.page import small
from landscape.dashboard.kit.runs import Method, Place
from landscape.dashboard.kit.view import Seen, View
from landscape.domain import diagonal
from landscape.figures.basins.sweeps import SHOWN, sweep_stage
from landscape.figures.kit.said import saying
from landscape.figures.kit.stage import Stage
from landscape.knob import Knob, knobs
from landscape.maps import report
from landscape.maps.commentary import of_pairs
from landscape.maps.sweeps import Sweep, axis, sweep
from landscape.maps.swept import Swept
from landscape.optimizers import OPTIMIZERS
from landscape.theory.convergence import bowl_below

SURFACE = "himmelblau"
STEPS = Knob(100, 1, 1000, "integer", "steps", "How many steps each run takes.")
SWEPT = [key for key, cls in OPTIMIZERS.items() if len(knobs(cls)) >= 2]
DEFAULT = "momentum"
COLUMNS, ROWS = 96, 60
TOLERANCE = 1e-6


class Terms(NamedTuple):
    """What is swept, from where, and what is shown.

    names    of the two knobs that are swept; method has the other settings
    shown    a key of SHOWN
    """

    place: Place
    method: Method
    names: tuple[str, str]
    start: tuple[float, float]
    steps: int
    shown: str


def controls(address: Address) -> Terms:
    surface = landscape_controls(address, SURFACE, whole=True)
    key = one_method_menu(address, SWEPT, surface, DEFAULT)
    names = _names(address, key)
    address.claim("shown", "value", choice("shown", SHOWN))
    shown = segmented_control("Show", list(SHOWN), key="shown", format_func=lambda k: SHOWN[k], required=True)
    rest = {name: knob for name, knob in knobs(OPTIMIZERS[key]).items() if name not in names}
    settings = knob_controls(address, f"method.{key}", rest)
    start = start_controls(address, surface.axes, surface.start)
    steps = knob_control(address, "steps", STEPS)
    off_the_map(surface, start)
    return Terms(runs.place_of(surface), Method(key, tuple(settings.items())), names, start, steps, str(shown))


def _names(address: Address, key: str) -> tuple[str, str]:
    """The two knobs of a method that are swept."""
    fields = knobs(OPTIMIZERS[key])
    names = list(fields)
    swept: list[str] = []
    for place, name in zip(("across", "up"), names, strict=False):
        others = [each for each in names if each not in swept]
        default = name if name in others else others[0]
        # Another method has other knobs.
        if st.session_state.get(place) not in others:
            st.session_state.pop(place, None)
        address.claim(place, default, choice(place, others))
        label = "Across" if place == "across" else "Up"
        swept.append(selectbox(label, others, key=place, format_func=lambda name: fields[name].spoken))
    return swept[0], swept[1]


def run(terms: Terms) -> Swept:
    surface, points = runs.landscape(terms.place), runs.stationary_around(terms.place)
    cls, settings, start = OPTIMIZERS[terms.method.key], dict(terms.method.settings), np.array(terms.start)
    (done,) = results({cls.title: _job(terms)}).values()
    index = bowl_below(surface, points, start, diagonal(surface.domain))
    eigenvalues = None if index is None else points.eigenvalues[index]
    return Swept(surface, cls, settings, start, terms.steps, TOLERANCE, done, eigenvalues)


def _job(terms: Terms) -> Wanted[Sweep]:
    place, (key, settings), names, start, steps, _ = terms

    def work(tell: Tell) -> Sweep:
        cls, fields = OPTIMIZERS[key], knobs(OPTIMIZERS[key])
        grid = {name: axis(fields[name], count) for name, count in zip(names, (COLUMNS, ROWS), strict=True)}
        return sweep(runs.landscape(place), cls, np.array(start), steps, grid, dict(settings), TOLERANCE, tell)

    return ("sweep", place, terms.method, names, start, steps), work


def draw(terms: Terms, swept: Swept, seen: Seen) -> Stage:
    stage = sweep_stage(swept, seen.theme, shown=terms.shown, height=seen.size("sweep")[1], narrow=seen.narrow)
    return saying(stage, [of_pairs(swept)])


def below(terms: Terms, swept: Swept, stage: Stage) -> None:
    if swept.factor is None:
        small("Theory draws no line here: this method is no linear map, or no bowl lies below the start.")
    small("Click a pair to race with it on the Descent page.")
    st.latex(swept.optimizer_class.rule)
    formula(swept.surface)


def click(terms: Terms, x: float, y: float, axis: str) -> None:
    """Open the Descent page with the pair that was clicked."""
    fields, settings = knobs(OPTIMIZERS[terms.method.key]), dict(terms.method.settings)
    values = {name: fields[name].nearest(float(f"{at:.4g}")) for name, at in zip(terms.names, (x, y), strict=True)}
    chosen = tuple((name, values.get(name, settings.get(name, knob.default))) for name, knob in fields.items())
    open_at(query(runs.landscape(terms.place), [Method(terms.method.key, chosen)], *terms.start, terms.steps))


VIEW = View(
    "sweep", "Sweep", "Which settings of two knobs work?", controls, run, draw, report.sweep_findings, below, click
)
