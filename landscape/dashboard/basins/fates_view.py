"""The Basins page's view of fates: where every start of the map ends up, method by method."""

from functools import partial
from typing import NamedTuple

import numpy as np
import streamlit as st

from landscape.dashboard.kit import runs
from landscape.dashboard.kit.address import Address, choice
from landscape.dashboard.kit.controls import knob_control, segmented_control, toggle
from landscape.dashboard.kit.descent_link import open_at, query
from landscape.dashboard.kit.drawer import more
from landscape.dashboard.kit.kept import Tell, Wanted, results
from landscape.dashboard.kit.landscapes import formula, landscape_controls, start_value
from landscape.dashboard.kit.methods import TUNE_HELP, method_menu, other_settings, rates
from landscape.dashboard.kit.page import small
from landscape.dashboard.kit.runs import Conditions, Method, Place
from landscape.dashboard.kit.view import Seen, View
from landscape.descent.report import markdown
from landscape.domain import Landscape, diagonal
from landscape.figures.basins.fate_colors import scheme
from landscape.figures.basins.fates import fate_stage, numbered
from landscape.figures.basins.paths import Paths
from landscape.figures.kit.said import saying
from landscape.figures.kit.stage import Stage
from landscape.knob import Knob
from landscape.maps import basins, report
from landscape.maps.atlas import Atlas, gathered, order
from landscape.maps.basins import Fates
from landscape.maps.commentary import from_start
from landscape.networks import PlanarProblem
from landscape.numbers import short
from landscape.optimizers import OPTIMIZERS

SURFACE = "himmelblau"
STEPS = Knob(200, 1, 1000, "integer", "steps", "How many steps each start gets.")
SIZES = {"32": 32, "64": 64, "128": 128, "256": 256}
AUTO = "auto"
# Starts times samples of a map whose size nobody has chosen: a few seconds a method.
WORK = 500_000
# Seconds after which a coarse map is shown instead of none.
FIRST = 1.0
# Of the map that is shown until the one that is asked for is there: a 64th of its work, or less.
COARSE = 32
SQUARES = {size: f"{size}²" for size in SIZES}
METHODS = ["gradient_descent", "momentum", "adam", "newton"]
MOST = 4
ROWS = 12


class Terms(NamedTuple):
    """The methods, the starts, resolution x resolution of them, and the one whose paths are drawn."""

    place: Place
    methods: tuple[Method, ...]
    resolution: int
    steps: int
    start: tuple[float, float]


def controls(address: Address) -> Terms:
    surface = landscape_controls(address, SURFACE, whole=True)
    chosen = method_menu(address, surface, METHODS, MOST)
    tune = toggle(address, "tune", "Tune each method", True, f"{TUNE_HELP} The start is the landscape's own.")
    with more():
        rate_slot = st.container()
    sizes = [AUTO, *SIZES]
    address.claim("size", AUTO, choice("size", sizes))
    size = segmented_control("Starts", sizes, key="size", format_func=lambda k: SQUARES.get(k, k), required=True)
    steps = knob_control(address, "steps", STEPS)
    start = start_value(address, surface.start)
    settings = other_settings(address, chosen)
    place, (x, y) = runs.place_of(surface), surface.start
    with more(), rate_slot:
        conditions = Conditions(place, (float(x), float(y)), steps)
        methods = rates(address, settings, tune, partial(runs.tuned_rate, conditions=conditions))
    return Terms(place, methods, SIZES.get(str(size)) or fitting(surface), steps, start)


def fitting(surface: Landscape) -> int:
    """As many starts a side as fit the cost of one: a formula's costs nothing, a network's goes with its samples."""
    samples = len(surface.samples) if isinstance(surface, PlanarProblem) else 1
    return max((size for size in SIZES.values() if size**2 * samples <= WORK), default=COARSE)


def run(terms: Terms) -> Atlas:
    jobs = {OPTIMIZERS[method.key].title: _job(terms, method) for method in terms.methods}
    keys = [method.key for method in terms.methods]
    maps = dict(zip(keys, results(jobs, first=FIRST).values(), strict=True))
    optimizers = {method.key: runs.optimizer(method) for method in terms.methods}
    surface, known = runs.landscape(terms.place), len(runs.stationary_around(terms.place))
    return Atlas(surface, terms.steps, optimizers, gathered(surface, maps, known))


def _job(terms: Terms, method: Method) -> Wanted[Fates]:
    place, resolution, steps = terms.place, terms.resolution, terms.steps

    def work(tell: Tell) -> Fates:
        surface, points = runs.landscape(place), runs.stationary_around(place)

        def fates(resolution: int, tell: Tell) -> Fates:
            return basins.fates(surface, runs.optimizer(method), surface.domain, resolution, steps, points, tell)

        if resolution > COARSE:
            tell(0.0, fates(COARSE, lambda _: tell(0.0)))
        return fates(resolution, tell)

    return ("fates", place, method, resolution, steps), work


def draw(terms: Terms, atlas: Atlas, seen: Seen) -> Stage:
    width, height = seen.size("fates", len(atlas.maps))
    paths = _paths(terms)
    stage = fate_stage(
        atlas.maps,
        atlas.surface,
        seen.theme,
        width=width,
        height=height,
        narrow=seen.narrow,
        paths=paths,
    )
    surface = atlas.surface
    places = numbered(atlas.maps, scheme(atlas.attractors, surface.domain))
    return saying(stage, [from_start(paths.start, paths.runs, places, basins.REACH * diagonal(surface.domain))])


def _paths(terms: Terms) -> Paths:
    held = Conditions(terms.place, terms.start, terms.steps)
    runs_ = runs.trajectories(terms.methods, held)
    return Paths(np.array(terms.start), runs_, runs.recorded(terms.methods, held))


def below(terms: Terms, atlas: Atlas, stage: Stage) -> None:
    """The share of starts that each basin takes, and the landscape."""
    small("Point at a start to see its path on every map. A click keeps it.")
    x, y = terms.start
    there = query(atlas.surface, terms.methods, x, y, terms.steps)
    st.button(f"Race from ({short(x)}, {short(y)}) on the Descent page", on_click=open_at, args=(there,))
    st.subheader("Share of starts in each basin", anchor=False)
    st.markdown(markdown(report.share_rows(atlas, ROWS)))
    reached = len(order(atlas.maps))
    if reached > ROWS:
        small(f"The {ROWS} that are reached most often, of {reached}.")
    st.subheader(atlas.surface.title, anchor=False)
    st.markdown(atlas.surface.note)
    formula(atlas.surface)


VIEW = View("fates", "Fates", "Where does each start end up?", controls, run, draw, report.fate_findings, below)
