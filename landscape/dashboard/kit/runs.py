"""Runs from cache. Keys are primitives: Streamlit hashes nested dataclasses by their fields alone, not their type."""

from typing import Any

import numpy as np
import streamlit as st

from landscape.descent import race, tuning
from landscape.descent.descend import Trajectory, descend
from landscape.descent.schedules import SCHEDULES, Schedule
from landscape.domain import Landscape
from landscape.landscapes import LANDSCAPES
from landscape.maps.basins import widened
from landscape.optimizers import OPTIMIZERS, Optimizer
from landscape.optimizers.quadratic_model import Modelled
from landscape.theory.stationary import StationaryPoints, stationary_points
from landscape.theory.study import Study, study

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
def trajectory(**terms: Any) -> Trajectory:
    """The run of a method, named by optimizer_key and optimizer_settings, under `conditions`."""
    return race.run(**_held(**terms), tolerance=TOLERANCE)


@st.cache_data(max_entries=1000, show_spinner=False)
def tuned_rate(**terms: Any) -> float | None:
    """The rate that serves such a run best."""
    return tuning.tune(**_held(**terms))


def _held(
    surface_key: str,
    surface_settings: Settings,
    optimizer_key: str,
    optimizer_settings: Settings,
    start: tuple[float, float],
    schedule_key: str,
    schedule_settings: Settings,
    **others: Any,
) -> dict[str, Any]:
    return {
        "surface": landscape(surface_key, surface_settings),
        "optimizer": optimizer(optimizer_key, optimizer_settings),
        "start": np.array(start),
        "schedule": schedule(schedule_key, schedule_settings),
        **others,
    }


@st.cache_data(max_entries=100, show_spinner=False)
def model_study(
    surface_key: str,
    surface_settings: Settings,
    optimizer_key: str,
    optimizer_settings: Settings,
    start: tuple[float, float],
    steps: int,
) -> Study:
    """A study of a method that makes models, from the cache."""
    method = optimizer(optimizer_key, optimizer_settings)
    if not isinstance(method, Modelled):
        raise ValueError(f"{method.title} makes no quadratic model")
    return study(landscape(surface_key, surface_settings), method, np.array(start), steps, TOLERANCE)


@st.cache_data(max_entries=200, show_spinner=False)
def stationary_around(key: str, settings: Settings) -> StationaryPoints:
    """The stationary points on a landscape's map and as far again around it: what a run can come to."""
    here = landscape(key, settings)
    return stationary_points(here, widened(here.domain))


def conditions(surface_key: str, surface_settings: Settings, start: tuple[float, float], steps: int) -> dict[str, Any]:
    """What a run without noise or schedule, and its tuning, are held under, by argument name."""
    return {
        "surface_key": surface_key,
        "surface_settings": surface_settings,
        "start": start,
        "steps": steps,
        "noise": 0.0,
        "seed": 0,
        "schedule_key": "constant",
        "schedule_settings": (),
    }


@st.cache_data(max_entries=100, show_spinner=False)
def restless(
    surface_key: str,
    surface_settings: Settings,
    optimizer_key: str,
    optimizer_settings: Settings,
    start: tuple[float, float],
    steps: int,
) -> Trajectory:
    """A plain run that does not rest when it has arrived, so that its rate can be measured down to rounding."""
    method = optimizer(optimizer_key, optimizer_settings)
    return descend(landscape(surface_key, surface_settings), method, np.array(start), steps)
