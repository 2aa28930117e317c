"""Runs from cache. Keys are primitives: Streamlit hashes nested dataclasses by their fields alone, not their type."""

import numpy as np
import streamlit as st

from landscape import race
from landscape.descent import Trajectory
from landscape.landscapes import LANDSCAPES, Landscape
from landscape.optimizers import OPTIMIZERS, Optimizer
from landscape.schedules import SCHEDULES, Schedule
from landscape.stationary import StationaryPoints, stationary_points

Settings = tuple[tuple[str, float], ...]

# The gradient norm at which a run rests: past it the curves show rounding.
TOLERANCE = 1e-10


@st.cache_resource(max_entries=100, show_spinner=False)
def landscape(key: str, settings: Settings) -> Landscape:
    """A landscape, kept because a network's brings its samples and its minima along."""
    return LANDSCAPES[key].with_(**dict(settings))


@st.cache_data(max_entries=200, show_spinner=False)
def stationary(key: str, settings: Settings) -> StationaryPoints:
    """The stationary points on a landscape's own map."""
    here = landscape(key, settings)
    return stationary_points(here, here.domain)


def optimizer(key: str, settings: Settings) -> Optimizer:
    return OPTIMIZERS[key](**dict(settings))


def schedule(key: str, settings: Settings) -> Schedule:
    return SCHEDULES[key](**dict(settings))


@st.cache_data(max_entries=400, show_spinner=False)
def trajectory(
    surface_key: str,
    surface_settings: Settings,
    optimizer_key: str,
    optimizer_settings: Settings,
    start: tuple[float, float],
    steps: int,
    noise: float,
    seed: int,
    schedule_key: str,
    schedule_settings: Settings,
) -> Trajectory:
    return race.run(
        landscape(surface_key, surface_settings),
        optimizer(optimizer_key, optimizer_settings),
        np.array(start),
        steps,
        noise=noise,
        seed=seed,
        schedule=schedule(schedule_key, schedule_settings),
        tolerance=TOLERANCE,
    )


@st.cache_data(max_entries=1000, show_spinner=False)
def tuned_rate(
    surface_key: str,
    surface_settings: Settings,
    optimizer_key: str,
    optimizer_settings: Settings,
    start: tuple[float, float],
    steps: int,
    noise: float,
    seed: int,
    schedule_key: str,
    schedule_settings: Settings,
) -> float | None:
    return race.tune(
        landscape(surface_key, surface_settings),
        optimizer(optimizer_key, optimizer_settings),
        np.array(start),
        steps,
        noise=noise,
        seed=seed,
        schedule=schedule(schedule_key, schedule_settings),
    )
