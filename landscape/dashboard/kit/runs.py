"""Runs from cache.

Keys are NamedTuples of primitives: Streamlit hashes nested dataclasses by their fields alone, not by their type.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import streamlit as st

from landscape.dashboard.kit.kept import in_turn
from landscape.dashboard.kit.memory import when_all_have_left
from landscape.dashboard.kit.shelf import Shelf
from landscape.dashboard.kit.turns import TURNS
from landscape.descent import race
from landscape.descent.descend import Trajectory, descend, judge
from landscape.descent.recorded import RecordedRace
from landscape.descent.recorded import recorded as record_race
from landscape.descent.schedules import SCHEDULES, Constant, Schedule
from landscape.descent.tuning import Tuning, tune
from landscape.domain import Domain, Landscape
from landscape.landscapes import LANDSCAPES
from landscape.maps.basins import widened
from landscape.optimizers import OPTIMIZERS, Optimizer
from landscape.theory.stationary import StationaryPoints, stationary_points
from landscape.typed import DOMAIN, OWN, Own, own

Settings = tuple[tuple[str, float], ...]

# The gradient norm at which a run rests: past it the curves show rounding.
TOLERANCE = 1e-10

# Bytes of runs and tunings that can go on, for all viewers: a tuning of 300 steps takes 0.6 MB.
ROOM = 16 * 2**20


class Place(NamedTuple):
    """A landscape, by its key and its settings; one of the viewer's own by its formula and its domain, too."""

    surface: str
    settings: Settings
    formula: str = ""
    domain: Domain = DOMAIN


class Method(NamedTuple):
    """An optimizer, by its key and its settings."""

    key: str
    settings: Settings


class Pace(NamedTuple):
    """A schedule, by its key and its settings."""

    schedule: str = "constant"
    settings: Settings = ()


class Conditions(NamedTuple):
    """What a run is held under.

    noise   standard deviation of each gradient component; seed: which noise
    """

    place: Place
    start: tuple[float, float]
    steps: int
    noise: float = 0.0
    seed: int = 0
    pace: Pace = Pace()


@st.cache_resource(max_entries=100, show_spinner=False)
def landscape(place: Place) -> Landscape:
    """A landscape, kept because a network's brings its samples and its minima along."""
    if place.surface == OWN:
        return own(place.formula, place.domain, dict(place.settings))
    return LANDSCAPES[place.surface].with_(**dict(place.settings))


def place_of(here: Landscape) -> Place:
    place = Place(here.key, here.settings)
    return place._replace(formula=here.formula, domain=here.domain) if isinstance(here, Own) else place


@st.cache_data(max_entries=200, show_spinner=False)
def stationary(place: Place) -> StationaryPoints:
    """The stationary points on a landscape's own map."""
    here = landscape(place)
    return stationary_points(here, here.domain)


@st.cache_data(max_entries=200, show_spinner=False)
def stationary_around(place: Place) -> StationaryPoints:
    """The stationary points on a landscape's map and as far again around it: what a run can come to."""
    here = landscape(place)
    return stationary_points(here, widened(here.domain))


def optimizer(method: Method) -> Optimizer:
    return OPTIMIZERS[method.key](**dict(method.settings))


def schedule(pace: Pace) -> Schedule:
    return SCHEDULES[pace.schedule](**dict(pace.settings))


@st.cache_resource(show_spinner=False)
def _begun() -> Shelf:
    """Runs and tunings that can go on: asked for another length, they take those steps alone that they have not."""
    shelf = Shelf(ROOM)
    when_all_have_left(shelf.clear)
    return shelf


def _endless(conditions: Conditions) -> bool:
    """Whether a shorter run under such conditions is the beginning of a longer one."""
    return conditions.pace.schedule == Constant.key


@st.cache_data(max_entries=400, show_spinner=False)
def trajectory(method: Method, conditions: Conditions) -> Trajectory:
    """A run, which rests where it arrives."""
    here, start, noise = landscape(conditions.place), np.array(conditions.start), conditions.noise
    steps, seed, runner = conditions.steps, conditions.seed, optimizer(method)
    if not _endless(conditions):
        pace = schedule(conditions.pace)
        return race.run(
            here,
            runner,
            start,
            steps,
            noise=noise,
            seed=seed,
            schedule=pace,
            tolerance=TOLERANCE,
            progress=TURNS.give_way,
        )
    return _begun().use(
        ("run", method, conditions._replace(steps=0)),
        lambda: race.begin(here, runner, start, noise=noise, seed=seed, tolerance=TOLERANCE),
        lambda walk: judge(walk.go(steps, TURNS.give_way), steps),
    )


def trajectories(methods: Sequence[Method], conditions: Conditions) -> dict[str, Trajectory]:
    """The methods' runs, by key."""
    each = in_turn(methods, lambda method: f"Running {OPTIMIZERS[method.key].title}")
    return {method.key: trajectory(method, conditions) for method in each}


def recorded(methods: Sequence[Method], conditions: Conditions) -> RecordedRace:
    """What a browser needs to run these methods itself."""
    return record_race(
        landscape(conditions.place),
        {method.key: optimizer(method) for method in methods},
        conditions.steps,
        noise=conditions.noise,
        seed=conditions.seed,
        schedule=schedule(conditions.pace),
    )


@st.cache_data(max_entries=1000, show_spinner=False)
def tuned_rate(method: Method, conditions: Conditions) -> float | None:
    """The rate that serves such a run best."""
    here, start, noise = landscape(conditions.place), np.array(conditions.start), conditions.noise
    steps, seed, runner = conditions.steps, conditions.seed, optimizer(method)
    if not _endless(conditions):
        pace = schedule(conditions.pace)
        return tune(here, runner, start, steps, noise=noise, seed=seed, schedule=pace, progress=TURNS.give_way)
    return _begun().use(
        ("tuning", method, conditions._replace(steps=0)),
        lambda: Tuning(here, runner, start, noise=noise, seed=seed),
        lambda tuning: tuning.best(steps, TURNS.give_way),
    )


@st.cache_data(max_entries=100, show_spinner=False)
def restless(method: Method, place: Place, start: tuple[float, float], steps: int) -> Trajectory:
    """A plain run that does not rest when it has arrived, so that its rate can be measured down to rounding."""
    return descend(landscape(place), optimizer(method), np.array(start), steps)
