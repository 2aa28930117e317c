"""Lessons, trainings and what is seen of them, from cache. Keys are primitives, as in `runs.py`."""

from time import perf_counter
from typing import Any

import numpy as np
import streamlit as st

from landscape.dashboard.kit.runs import Settings, optimizer, schedule
from landscape.datasets import DATASETS, Samples, from_csv
from landscape.descent.descend import Trajectory, descend, watched
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import THEMES
from landscape.figures.networks import training_stage
from landscape.lessons import report as training_report
from landscape.lessons.training import (
    Bout,
    Lesson,
    Training,
    affordable,
    ailing,
    bouts,
    build,
    lesson,
    train,
    tuned_rate,
)
from landscape.networks import INITIALISERS
from landscape.networks.spectrum import Spectrum, spectrum
from landscape.networks.walk import Walk, walk
from landscape.regularization.penalties import PENALTIES
from landscape.theory.differences import Truth, truth

# The key of a table of one's own, beside those of DATASETS.
OWN = "own"
# Hessians of one spectrum, at most and at least; work that they may be, in weights squared times samples.
SPECTRA = (41, 1001)
SPECTRA_WORK = 3e9
SPECTRA_BLOCK = 20
# Seconds after which work shows how far it is.
PATIENCE = 0.3
Methods = tuple[tuple[str, Settings], ...]


@st.cache_resource(max_entries=30, show_spinner=False)
def samples(data_key: str, data_settings: Settings, table: str) -> Samples:
    """The samples of a data set, or of the text of a table; TableError where that is none."""
    if data_key != OWN:
        return DATASETS[data_key].with_(**dict(data_settings)).samples
    own = from_csv(table)
    return own.standardized() if dict(data_settings)["standardize"] else own


@st.cache_resource(max_entries=30, show_spinner=False)
def prepared(
    data_key: str,
    data_settings: Settings,
    table: str,
    hidden: tuple[int, ...],
    activation: str,
    init_key: str,
    init_settings: Settings,
    init_seed: int,
    share: float,
    batch: int,
    penalty_key: str,
    penalty_settings: Settings,
) -> Lesson:
    """The lesson; a penalty leaves biases alone."""
    some = samples(data_key, data_settings, table)
    network = build(some, hidden, activation)
    start = network.init(np.random.default_rng(init_seed), INITIALISERS[init_key](**dict(init_settings)))
    free = tuple(np.flatnonzero(network.biases).tolist())
    penalty = PENALTIES[penalty_key](**dict(penalty_settings), free=free) if penalty_key else None
    return lesson(network, some, start, share=share, seed=init_seed, batch=batch, penalty=penalty)


@st.cache_data(max_entries=200, show_spinner="Tuning the rate …")
def rate(
    optimizer_key: str,
    optimizer_settings: Settings,
    steps: int,
    seed: int,
    schedule_key: str,
    schedule_settings: Settings,
    **conditions: Any,
) -> float | None:
    """The rate that tuning finds."""
    method, schedule_ = optimizer(optimizer_key, optimizer_settings), schedule(schedule_key, schedule_settings)
    return tuned_rate(prepared(**conditions), method, steps, seed=seed, schedule=schedule_)


@st.cache_resource(max_entries=12, show_spinner="Training …", show_time=True)
def _run(
    optimizer_key: str,
    optimizer_settings: Settings,
    steps: int,
    seed: int,
    schedule_key: str,
    schedule_settings: Settings,
    **conditions: Any,
) -> Trajectory:
    method, schedule_ = optimizer(optimizer_key, optimizer_settings), schedule(schedule_key, schedule_settings)
    return train(prepared(**conditions), method, steps, seed=seed, schedule=schedule_)


@st.cache_resource(max_entries=12, show_spinner=False)
def training(
    methods: Methods, steps: int, seed: int, schedule_key: str, schedule_settings: Settings, **conditions: Any
) -> Training:
    """One run or two, (key, settings) each, of as many steps as both can afford."""
    given = prepared(**conditions)
    optimizers = {key: optimizer(key, settings) for key, settings in methods}
    steps = min(affordable(given, each, steps) for each in optimizers.values())
    pace: dict[str, Any] = {
        "steps": steps,
        "seed": seed,
        "schedule_key": schedule_key,
        "schedule_settings": schedule_settings,
    }
    runs = {key: _run(key, settings, **pace, **conditions) for key, settings in methods}
    return Training(given, optimizers, runs, schedule(schedule_key, schedule_settings).factors(steps))


@st.cache_resource(max_entries=12, show_spinner=False)
def training_figure(
    theme: str, edges: str, narrow: bool, size: tuple[int, int], **plan: Any
) -> tuple[Stage, dict[str, list[Bout]]]:
    """The stage of a training, and what was wrong in each of its runs."""
    given = training(**plan)
    steps = training_stage.frame_steps(given)
    found = {key: ailing(given, key, steps) for key in given.runs}
    captions = training_report.captions(given, steps, found)
    stage = training_stage.stage(given, THEMES[theme], captions=captions, edges=edges, narrow=narrow, size=size)
    return stage, {key: bouts(each, steps) for key, each in found.items()}


@st.cache_resource(max_entries=12, show_spinner="Taking a step …")
def example_walk(key: str, example: int, step: int, **plan: Any) -> Walk:
    """One step of a method on one example, from where its run was at a step of the training."""
    given = training(**plan)
    learn, network = given.lesson.learn, given.lesson.network
    w, x, target = given.runs[key].x[step], learn.inputs[example], float(learn.targets[example])
    alone = network.objective(x[None], np.array([target]))
    after = descend(alone, given.optimizers[key], w, 1).x[1]
    return walk(network, w, x, target, after)


@st.cache_data(max_entries=50, show_spinner="Checking against central differences …")
def checked(key: str, step: int, **plan: Any) -> Truth:
    """How well gradient and Hessian agree with central differences where a run was at a step."""
    given = training(**plan)
    return truth(given.lesson.learning, given.runs[key].x[step])


@st.cache_data(max_entries=600, show_spinner=False)
def _spectra(key: str, at: tuple[int, ...], **plan: Any) -> np.ndarray:
    given = training(**plan)
    return spectrum(given.lesson.objective, given.runs[key].x, np.array(at)).eigenvalues


def spectra(key: str, **plan: Any) -> Spectrum:
    """The Hessian's eigenvalues along a run; where that takes long, a bar shows how far it is."""
    given = training(**plan)
    each = given.lesson.network.size**2 * len(given.lesson.learn)
    # As many as there are steps, if they can be had: curvature may flip from each step to the next.
    steps = watched(given.steps, int(np.clip(SPECTRA_WORK / each, *SPECTRA)))
    bar, begun = st.empty(), perf_counter()
    parts = []
    for first in range(0, len(steps), SPECTRA_BLOCK):
        parts.append(_spectra(key, tuple(steps[first : first + SPECTRA_BLOCK].tolist()), **plan))
        if perf_counter() - begun > PATIENCE:
            bar.progress(min(1.0, first / len(steps)), "Hessians along the run …")
    bar.empty()
    return Spectrum(steps, np.concatenate(parts))
