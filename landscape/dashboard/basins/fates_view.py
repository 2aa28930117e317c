"""The Basins page's view of fates: where every start of the map ends up, method by method."""

from collections.abc import Callable, Hashable
from functools import partial
from typing import NamedTuple

import streamlit as st

from landscape.dashboard.kit import kept, runs
from landscape.dashboard.kit.address import Address, choice
from landscape.dashboard.kit.controls import knob_control, toggle
from landscape.dashboard.kit.descent_link import open_at, query
from landscape.dashboard.kit.landscapes import formula, landscape_controls
from landscape.dashboard.kit.methods import TUNE_HELP, method_menu, other_settings, rates
from landscape.dashboard.kit.page import small
from landscape.dashboard.kit.runs import Conditions, Method, Place
from landscape.dashboard.kit.view import Seen, View
from landscape.descent.report import markdown
from landscape.figures.basins.fates import fate_stage
from landscape.figures.kit.stage import Stage
from landscape.knob import Knob
from landscape.maps import basins, report
from landscape.maps.atlas import Atlas, order
from landscape.maps.basins import Fates
from landscape.optimizers import OPTIMIZERS

SURFACE = "himmelblau"
STEPS = Knob(200, 1, 1000, "integer", "steps", "How many steps each start is given.")
SIZES = {"64": 64, "128": 128, "256": 256}
METHODS = ["gradient_descent", "momentum", "adam", "newton"]
MOST = 4
ROWS = 12


class Terms(NamedTuple):
    """The methods, and the starts: resolution x resolution of them."""

    place: Place
    methods: tuple[Method, ...]
    resolution: int
    steps: int


def controls(address: Address) -> Terms:
    surface = landscape_controls(address, SURFACE)
    chosen = method_menu(address, surface, METHODS, MOST)
    tune = toggle(address, "tune", "Tune each method", True, f"{TUNE_HELP} The start is the landscape's own.")
    rate_slot = st.container()
    address.claim("size", "256", choice("size", SIZES))
    size = st.segmented_control("Starts", list(SIZES), key="size", format_func=lambda k: f"{k}²", required=True)
    steps = knob_control(address, "steps", STEPS)
    settings = other_settings(address, chosen)
    place, (x, y) = runs.place_of(surface), surface.start
    with rate_slot:
        conditions = Conditions(place, (float(x), float(y)), steps)
        methods = rates(address, settings, tune, partial(runs.tuned_rate, conditions=conditions))
    return Terms(place, methods, SIZES[str(size)], steps)


def run(terms: Terms) -> Atlas:
    jobs = {OPTIMIZERS[method.key].title: _job(terms, method) for method in terms.methods}
    maps = kept.results(jobs).values()
    keys = [method.key for method in terms.methods]
    optimizers = {method.key: runs.optimizer(method) for method in terms.methods}
    return Atlas(runs.landscape(terms.place), terms.steps, optimizers, dict(zip(keys, maps, strict=True)))


def _job(terms: Terms, method: Method) -> tuple[Hashable, Callable[[Callable[[float], None]], Fates]]:
    place, resolution, steps = terms.place, terms.resolution, terms.steps

    def work(tell: Callable[[float], None]) -> Fates:
        surface, points = runs.landscape(place), runs.stationary_around(place)
        return basins.fates(surface, runs.optimizer(method), surface.domain, resolution, steps, points, tell)

    return ("fates", place, method, resolution, steps), work


def draw(terms: Terms, atlas: Atlas, seen: Seen) -> Stage:
    width, height = seen.size("fates", len(atlas.maps))
    return fate_stage(atlas.maps, atlas.surface, seen.theme, width=width, height=height, narrow=seen.narrow)


def below(terms: Terms, atlas: Atlas, stage: Stage) -> None:
    """The share of starts that each basin takes, and the landscape."""
    small("Click a map to open the Descent page at that start, with these methods as they are set here.")
    st.subheader("The share of starts that each basin takes", anchor=False)
    st.markdown(markdown(report.share_rows(atlas, ROWS)))
    reached = len(order(atlas.maps))
    if reached > ROWS:
        small(f"The {ROWS} most often reached of {reached}.")
    st.subheader(atlas.surface.title, anchor=False)
    st.markdown(atlas.surface.note)
    formula(atlas.surface)


def click(terms: Terms, atlas: Atlas, x: float, y: float, axis: str) -> None:
    open_at(query(atlas.surface, terms.methods, x, y, terms.steps))


VIEW = View("fates", "Fates", "Where does each start end up?", controls, run, draw, report.fate_findings, below, click)
