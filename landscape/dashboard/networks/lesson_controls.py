"""The controls by which a page chooses what a network learns, what it is, and how it is trained."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from landscape.dashboard.kit.address import Address, choice, quoted
from landscape.dashboard.kit.controls import drawer, knob_control, knob_controls, knob_value, toggle
from landscape.dashboard.kit.methods import able, other_settings, rates, schedule_controls
from landscape.dashboard.kit.page import small
from landscape.dashboard.kit.runs import Method, Pace
from landscape.dashboard.kit.typed import typed
from landscape.dashboard.networks import lessons, own_table
from landscape.dashboard.networks.terms import Data, LessonTerms, Net, Plan, Pull, Start
from landscape.datasets import DATASETS
from landscape.figures.networks.training_stage import EDGES
from landscape.knob import Knob, knobs
from landscape.lessons.training import MAX_HIDDEN, MAX_WIDTH, build, checked_hidden
from landscape.networks import ACTIVATIONS, INITIALISERS
from landscape.optimizers import OPTIMIZERS
from landscape.regularization.penalties import PENALTIES

STEPS = Knob(200, 1, 2000, "integer", "steps", "How many steps the training takes.")
SHARE = Knob(0.25, 0, 0.5, "linear", "held back", "The share of samples held back for validation.")
SEED = Knob(
    0, 0, 999, "integer", "seed", "Another seed draws other weights, other samples to hold back and other mini-batches."
)
BATCH = Knob(0, 0, 200, "integer", "mini-batch", "How many samples each step draws at random: 0 takes them all.")
OWN_KNOBS = {
    "standardize": Knob(True, scale="switch", label="standardize", help="Scales each input to mean 0 and deviation 1.")
}
# A penalty on a mean loss is felt from here on.
MILD = 1e-3
DATA, HIDDEN = "moons", "8"
WIDTHS = f"one number from 1 to {MAX_WIDTH} for each of at most {MAX_HIDDEN} layers, as 8 or 8,8"


def widths(text: str) -> tuple[int, ...]:
    """Hidden layers as they are typed: "8", "16,16", "" for none; ValueError says what is allowed."""
    try:
        found = tuple(int(part) for part in text.replace(",", " ").split())
    except ValueError:
        raise ValueError(f"allowed is {WIDTHS}") from None
    return checked_hidden(found)


def data_controls(address: Address) -> tuple[Data, Any]:
    """The menu of data sets, and a table of one's own where that is chosen, with a place for what is said of it;
    settings are left to `data_settings`."""
    address.claim("data", DATA, choice("data", [*DATASETS, lessons.OWN]))
    key = st.selectbox(
        "Data",
        [*DATASETS, lessons.OWN],
        key="data",
        format_func=lambda k: "A table of your own" if k == lessons.OWN else DATASETS[k].title,
    )
    if key != lessons.OWN:
        return Data(key), None
    text, slot = own_table.upload()
    if text:
        return Data(lessons.OWN, table=text), slot
    knob_controls(address, f"data.{lessons.OWN}", OWN_KNOBS, shown=False)
    own_table.keep_columns(address)
    small(f"{own_table.INVITATION} Until then the page shows {DATASETS[DATA].title.lower()}.")
    return Data(DATA), slot


def data_settings(address: Address, data: Data, slot: Any) -> tuple[Data, float]:
    """The data with the knobs in their drawer, and the share held back."""
    own = OWN_KNOBS if data.key == lessons.OWN else DATASETS[data.key].knobs
    with drawer("Samples") as box:
        if data.key == lessons.OWN:
            data = own_table.chosen(address, data, slot, shown=box.open)
        settings = knob_controls(address, f"data.{data.key}", own, shown=box.open)
        share = (knob_control if box.open else knob_value)(address, "share", SHARE)
    return data._replace(settings=tuple(settings.items())), share


def network_controls(address: Address, data: Data) -> Net:
    """Widths and activation; widths that are not allowed are named, and the network that was asked for last stays."""
    left, right = st.columns(2)
    below, some = st.container(), lessons.samples(data)
    with right:
        address.claim("activation", "tanh", choice("activation", ACTIVATIONS))
        activation = st.selectbox(
            "Activation", list(ACTIVATIONS), key="activation", format_func=lambda k: ACTIVATIONS[k].title
        )

    def affordable(text: str) -> str:
        try:
            build(some, widths(text), activation)
        except ValueError as error:
            raise ValueError(f"hidden is {quoted(text)}: {error}") from None
        return text

    if not address.reading:
        _shrink(affordable, below)
    help = f"Units: {WIDTHS}. Empty: none."
    box = {"place": left, "below": below, "help": help, "max_chars": 40}
    return Net(widths(typed(address, "hidden", HIDDEN, affordable, str, "Hidden layers", **box)), activation)


def _shrink(affordable: Callable[[str], str], below: Any) -> None:
    """Widths that other data make too many give way to the usual ones, with a sentence."""
    try:
        affordable(st.session_state.get("hidden", HIDDEN))
    except ValueError as error:
        sentence = str(error)
        below.error(f"{sentence[0].upper()}{sentence[1:]}. {HIDDEN} is used instead.")
        st.session_state["hidden"] = HIDDEN


def start_controls(address: Address) -> Start:
    """How the weights begin."""
    with drawer("Initial weights") as box:
        key = address.claim("init", "glorot", choice("init", INITIALISERS))
        if box.open:
            st.selectbox("Drawn from", list(INITIALISERS), key="init", format_func=lambda k: INITIALISERS[k].title)
            small(INITIALISERS[key].note)
        settings = knob_controls(address, f"init.{key}", knobs(INITIALISERS[key]), shown=box.open)
        seed = (knob_control if box.open else knob_value)(address, "seed", SEED)
    return Start(key, tuple(settings.items()), seed)


def regime_controls(address: Address) -> tuple[int, Pull, Pace]:
    """Mini-batch and penalty, which belong to the lesson, and the schedule."""
    with drawer("Mini-batch, penalty, schedule") as box:
        batch = (knob_control if box.open else knob_value)(address, "batch", BATCH)
        penalty = address.claim("penalty", "", choice("penalty", PENALTIES))
        if box.open:
            st.selectbox(
                "Penalty",
                ["", *PENALTIES],
                key="penalty",
                format_func=lambda k: PENALTIES[k].title if k else "None",
            )
        own = {name: _mild(knob) for name, knob in knobs(PENALTIES[penalty]).items()} if penalty else {}
        pulls = knob_controls(address, f"penalty.{penalty}", own, shown=box.open)
        return batch, Pull(penalty, tuple(pulls.items())), schedule_controls(address, shown=box.open)


def _mild(knob: Knob) -> Knob:
    """A knob that may be off begins mildly."""
    return replace(knob, default=MILD) if knob.zero else knob


def method_menus(address: Address, two: bool) -> list[str]:
    """The method, and where wanted a second one to compare it with."""
    address.claim("method", "gradient_descent", choice("method", OPTIMIZERS))
    first = st.selectbox("Method", list(OPTIMIZERS), key="method", format_func=lambda k: OPTIMIZERS[k].title)
    second = address.claim("second", "", choice("second", OPTIMIZERS))
    if not two:
        return [first]
    others = ["", *(key for key in OPTIMIZERS if key != first)]
    if second == first:
        st.session_state["second"] = second = ""
        address.release("second")
    second = st.selectbox(
        "Compared with", others, key="second", format_func=lambda k: OPTIMIZERS[k].title if k else "Nothing"
    )
    return [first, second] if second else [first]


def plan_controls(address: Address, two: bool) -> tuple[tuple[Method, ...], Plan]:
    """All of them, most used first: the methods with their settings, and what else a training is made of."""
    data, slot = data_controls(address)
    network_slot, method_slot = st.container(), st.container()
    with method_slot:
        chosen = method_menus(address, two)
        tune = toggle(address, "tune", "Tune the rate", True, "The best of some rates over the first steps.")
        rate_slot = st.container()
        steps = knob_control(address, "steps", STEPS)
    extra_slot = st.container()
    data, share = data_settings(address, data, slot)
    with network_slot:
        net = network_controls(address, data)
    start = start_controls(address)
    batch, pull, pace = regime_controls(address)
    terms = LessonTerms(data, net, start, share, batch, pull)
    with extra_slot:
        chosen = able(chosen, lessons.prepared(terms).objective, "this network") or ["gradient_descent"]
    own = other_settings(address, chosen, "Settings of the method")
    plan = Plan(terms, steps, pace)
    with rate_slot:
        return rates(address, own, tune, partial(lessons.rate, plan=plan)), plan


def lines_control(address: Address, *, shown: bool) -> str:
    """What the lines of a training's network show; a view without them keeps it in its link."""
    address.claim("lines", "weights", choice("lines", EDGES))
    if shown:
        st.segmented_control("Lines show", list(EDGES), key="lines", format_func=lambda k: EDGES[k], required=True)
    return st.session_state["lines"]
