"""Lessons, trainings and what is seen of them, from cache. Keys are those of `terms.py`."""

import numpy as np
import streamlit as st

from landscape.dashboard.kit.kept import Tell, Wanted, results
from landscape.dashboard.kit.runs import Method, optimizer, schedule
from landscape.dashboard.kit.view import RefusalError
from landscape.dashboard.networks.terms import Data, LessonTerms, Look, Plan
from landscape.datasets import DATASETS, Samples
from landscape.datasets.sheet import sheet
from landscape.datasets.table import Columns, Taken, taken
from landscape.descent.descend import Trajectory, watched
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import THEMES
from landscape.figures.networks import training_stage
from landscape.lessons import checkup as checkups
from landscape.lessons import example as examples
from landscape.lessons import report
from landscape.lessons.checkup import Checkup
from landscape.lessons.training import MAX_WATCHED, Lesson, Training, affordable, build, lesson, train, tuned_rate
from landscape.networks import INITIALISERS
from landscape.networks.spectrum import Spectrum, spectrum
from landscape.networks.walk import Walk
from landscape.optimizers import OPTIMIZERS
from landscape.regularization.penalties import PENALTIES
from landscape.theory.differences import Truth, truth

# The key of a table of one's own, beside those of DATASETS.
OWN = "own"
# Hessians of one spectrum, at most and at least; work that they may be, in weights squared times samples.
SPECTRA = (41, 1001)
SPECTRA_WORK = 3e9
SPECTRA_BLOCK = 20


@st.cache_resource(max_entries=30, show_spinner=False)
def table(text: str, columns: Columns) -> Taken:
    """What is taken from the text of a table; TableError where that is none."""
    return taken(sheet(text), columns)


@st.cache_resource(max_entries=30, show_spinner=False)
def samples(data: Data) -> Samples:
    """The samples of a data set, or of the text of a table; TableError where that is none."""
    settings = dict(data.settings)
    if data.key != OWN:
        return DATASETS[data.key].with_(**settings).samples
    own = table(data.table, data.columns).samples
    return own.standardized() if settings["standardize"] else own


@st.cache_resource(max_entries=30, show_spinner=False)
def prepared(terms: LessonTerms) -> Lesson:
    """The lesson; a penalty leaves biases alone."""
    some, (_, settings, seed) = samples(terms.data), terms.start
    network = build(some, *terms.net)
    start = network.init(np.random.default_rng(seed), INITIALISERS[terms.start.initialiser](**dict(settings)))
    key, pulls = terms.pull
    penalty = PENALTIES[key](**dict(pulls), free=None) if key else None
    return lesson(network, some, start, share=terms.share, seed=seed, batch=terms.batch, penalty=penalty)


def rate(method: Method, plan: Plan) -> float | None:
    """The rate that tuning finds."""
    given, how, pace, seed = prepared(plan.lesson), optimizer(method), schedule(plan.pace), plan.lesson.start.seed

    def work(tell: Tell) -> float | None:
        return tuned_rate(given, how, plan.steps, seed=seed, schedule=pace, progress=tell)

    (found,) = results({f"Tuning {OPTIMIZERS[method.key].title}": (("rate", method, plan), work)}).values()
    return found


def training(methods: tuple[Method, ...], plan: Plan) -> Training:
    """One run or two, of as many steps as both can afford."""
    given = prepared(plan.lesson)
    optimizers = {method.key: optimizer(method) for method in methods}
    plan = plan._replace(steps=min(affordable(given, each, plan.steps) for each in optimizers.values()))
    jobs = {OPTIMIZERS[method.key].title: _training(given, method, plan) for method in methods}
    runs = dict(zip(optimizers, results(jobs).values(), strict=True))
    return Training(given, optimizers, runs, schedule(plan.pace).factors(plan.steps))


def _training(given: Lesson, method: Method, plan: Plan) -> Wanted[Trajectory]:
    how, pace, seed = optimizer(method), schedule(plan.pace), plan.lesson.start.seed

    def work(tell: Tell) -> Trajectory:
        return train(given, how, plan.steps, seed=seed, schedule=pace, progress=tell)

    return ("training", method, plan), work


def checkup(methods: tuple[Method, ...], plan: Plan) -> Checkup:
    """A training, and what is wrong in it at the steps that are drawn."""
    return _checkup(methods, plan, training(methods, plan))


@st.cache_data(show_spinner=False)
def _checkup(methods: tuple[Method, ...], plan: Plan, _given: Training) -> Checkup:
    return checkups.checkup(_given, training_stage.frame_steps(_given))


@st.cache_data(show_spinner=False)
def drawn(methods: tuple[Method, ...], plan: Plan, look: Look, _looked: Checkup) -> Stage:
    """The stage of a training, which methods and plan tell."""
    captions = report.captions(_looked.training, _looked.steps, _looked.ailments)
    return training_stage.stage(
        _looked.training,
        THEMES[look.theme],
        captions=captions,
        edges=look.lines,
        narrow=look.narrow,
        size=look.size,
    )


def example_walk(method: Method, plan: Plan, inputs: tuple[float, ...], target: float, step: int) -> Walk:
    """One step of a method on one example, from where its run was at a step of the training."""
    return examples.example_walk(training((method,), plan), method.key, np.array(inputs), target, step)


def checked(methods: tuple[Method, ...], plan: Plan, step: int) -> Truth:
    """How well gradient and Hessian agree with central differences where the first method's run was at a step."""
    return _checked(methods, plan, step, training(methods, plan))


@st.cache_data(show_spinner="Checking against central differences …")
def _checked(methods: tuple[Method, ...], plan: Plan, step: int, _given: Training) -> Truth:
    return truth(_given.lesson.learning, _given.runs[methods[0].key].x[step])


def spectra(method: Method, plan: Plan) -> Spectrum:
    """The Hessian's eigenvalues along a run."""
    given = training((method,), plan)
    objective, x = given.lesson.objective, given.runs[method.key].x
    each = given.lesson.network.size**2 * len(given.lesson.learn)
    # As many as there are steps, if they can be had: curvature may flip from each step to the next.
    steps = watched(given.steps, int(np.clip(SPECTRA_WORK / each, *SPECTRA)))

    def work(tell: Tell) -> Spectrum:
        parts = []
        for first in range(0, len(steps), SPECTRA_BLOCK):
            tell(first / len(steps))
            parts.append(spectrum(objective, x, steps[first : first + SPECTRA_BLOCK]).eigenvalues)
        return Spectrum(steps, np.concatenate(parts))

    (found,) = results({"Hessians along the run": (("spectrum", method, plan), work)}).values()
    return found


def refuse_a_large_network(terms: LessonTerms, what: str) -> None:
    """RefusalError where a view that goes weight by weight has to say no."""
    size = prepared(terms).network.size
    if size > MAX_WATCHED:
        raise RefusalError(f"{what} is shown for networks of up to {MAX_WATCHED} weights. This one has {size:,}.")
