"""Runs from cache.

Keys are NamedTuples of primitives: Streamlit hashes nested dataclasses by their fields alone, not by their type.
"""

from typing import NamedTuple

import numpy as np
import streamlit as st

from landscape.descent import race, tuning
from landscape.descent.descend import Trajectory, descend
from landscape.descent.schedules import SCHEDULES, Schedule
from landscape.domain import Landscape
from landscape.landscapes import LANDSCAPES
from landscape.maps.basins import widened
from landscape.optimizers import OPTIMIZERS, Optimizer
from landscape.theory.stationary import StationaryPoints, stationary_points

Settings = tuple[tuple[str, float], ...]

# The gradient norm at which a run rests: past it the curves show rounding.
TOLERANCE = 1e-10


class Place(NamedTuple):
    """A landscape, by its key and its settings."""

    surface: str
    settings: Settings


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
    return LANDSCAPES[place.surface].with_(**dict(place.settings))


def place_of(here: Landscape) -> Place:
    return Place(here.key, here.settings)


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


@st.cache_data(max_entries=400, show_spinner=False)
def trajectory(method: Method, conditions: Conditions) -> Trajectory:
    """A run, which rests where it arrives."""
    return race.run(
        landscape(conditions.place),
        optimizer(method),
        np.array(conditions.start),
        conditions.steps,
        noise=conditions.noise,
        seed=conditions.seed,
        schedule=schedule(conditions.pace),
        tolerance=TOLERANCE,
    )


@st.cache_data(max_entries=1000, show_spinner=False)
def tuned_rate(method: Method, conditions: Conditions) -> float | None:
    """The rate that serves such a run best."""
    return tuning.tune(
        landscape(conditions.place),
        optimizer(method),
        np.array(conditions.start),
        conditions.steps,
        noise=conditions.noise,
        seed=conditions.seed,
        schedule=schedule(conditions.pace),
    )


@st.cache_data(max_entries=100, show_spinner=False)
def restless(method: Method, place: Place, start: tuple[float, float], steps: int) -> Trajectory:
    """A plain run that does not rest when it has arrived, so that its rate can be measured down to rounding."""
    return descend(landscape(place), optimizer(method), np.array(start), steps)
