"""The view of one step on one example, operation by operation, in which a weight is followed."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import streamlit as st

from landscape.dashboard.kit.address import Address
from landscape.dashboard.kit.controls import knob_value, selectbox, slider
from landscape.dashboard.kit.page import small, stage_download
from landscape.dashboard.kit.player import screen
from landscape.dashboard.kit.runs import Method
from landscape.dashboard.kit.view import Seen, View
from landscape.dashboard.networks import lesson_notes as notes
from landscape.dashboard.networks import lessons
from landscape.dashboard.networks.lesson_controls import lines_control, plan_controls
from landscape.dashboard.networks.terms import Plan
from landscape.datasets import Samples
from landscape.figures.kit.layouts import size
from landscape.figures.kit.stage import Stage
from landscape.figures.networks import walk_stage
from landscape.figures.networks.walk_hold import Handle, Held
from landscape.knob import Knob
from landscape.lessons import report
from landscape.lessons.example import Followed
from landscape.lessons.training import Training
from landscape.networks.walk import edge_name, edges
from landscape.numbers import short

# The names of a sample's numbers begin so; what they are numbers of; and how far beyond the data they may go.
SAMPLE, OF, ROOM = "sample.", "step.sample", 0.25
TARGET = f"{SAMPLE}target"
# There is room for so many handles beside the play bar.
MOST_HANDLES = 5


class Terms(NamedTuple):
    """A method and what it learns; the sample that goes in, at which step of the training; and the weight to follow.

    weight   its place in the flat weights
    """

    method: Method
    plan: Plan
    inputs: tuple[float, ...]
    target: float
    step: int
    weight: int


def controls(address: Address) -> Terms:
    """Those of the walk stand first, and need the training; RefusalError for a network that is too large."""
    lines_control(address, shown=False)
    slot = st.container()
    methods, plan = plan_controls(address, two=False, few=True)
    lessons.refuse_a_large_network(plan.lesson, "One step")
    with slot:
        return Terms(methods[0], plan, *_walk_controls(address, lessons.training(methods, plan)))


def _walk_controls(address: Address, training: Training) -> tuple[tuple[float, ...], float, int, int]:
    """The sample, the step and the weight."""
    network, learn = training.lesson.network, training.lesson.learn
    example = _counter(address, "example", "Example", len(learn) - 1, "Which sample goes in.", _as_it_is)
    inputs, target = _sample(address, learn, example)
    step = _counter(
        address, "step", "Weights from step", training.steps, "The step of the training that the weights are from."
    )
    every = edges(network)
    _within(address, "edge", network.size - 1, default=every[-2].place)
    names = {edge.place: edge_name(network, edge) for edge in every}
    weight = selectbox("Weight to follow", sorted(names), key="edge", format_func=lambda place: names[place])
    return inputs, target, step, weight


def _sample(address: Address, learn: Samples, example: int) -> tuple[tuple[float, ...], float]:
    """The sample with this number, or what a hand has made of it."""
    of = (example, learn.inputs[example].tobytes())
    if not address.reading and st.session_state.get(OF) != of:
        _as_it_is()
    st.session_state[OF] = of
    handles = sample_handles(learn, example)
    values = [knob_value(address, each.name, Knob(each.at, *each.span)) for each in handles]
    target = values.pop() if len(values) > learn.inputs.shape[1] else float(learn.targets[example])
    numbers = f"x = ({', '.join(map(short, values))}), target {short(target)}."
    small(f"{numbers} Drag them below the play bar." if len(handles) <= MOST_HANDLES else numbers)
    return tuple(values), target


def sample_handles(learn: Samples, example: int) -> list[Handle]:
    """A handle for every number of a sample that may be any number, as the data have it."""
    spans = np.stack([learn.inputs.min(axis=0), learn.inputs.max(axis=0)], axis=1)
    handles = [
        Handle(f"{SAMPLE}x{i + 1}", name, float(at), _widened(*span))
        for i, (name, at, span) in enumerate(zip(learn.columns, learn.inputs[example], spans, strict=True))
    ]
    target = float(learn.targets[example])
    if learn.loss == "mse":
        handles.append(Handle(TARGET, "target", target, _widened(learn.targets.min(), learn.targets.max())))
    elif learn.outputs == 1:
        handles.append(Handle(TARGET, "target", target, (0.0, 1.0)))
    return handles


def _widened(low: float, high: float) -> tuple[float, float]:
    """A span and a quarter of it on either side."""
    room = ROOM * (high - low)
    return float(low - room), float(high + room)


def _as_it_is() -> None:
    """Forget what a hand has made of a sample."""
    for name in [str(name) for name in st.session_state if str(name).startswith(SAMPLE)]:
        del st.session_state[name]


def _within(address: Address, name: str, most: int, default: int = 0) -> int:
    """A whole number from 0 to `most`, which moves with the other controls."""
    if not address.reading and name in st.session_state:
        st.session_state[name] = min(st.session_state[name], most)
    return knob_value(address, name, Knob(default, 0, most, "integer"))


def _counter(
    address: Address, name: str, label: str, most: int, help: str, on_change: Callable[[], None] | None = None
) -> int:
    """A slider for such a number, where there is a choice."""
    value = _within(address, name, most)
    return slider(label, 0, most, key=name, help=help, on_change=on_change) if most else value


def run(terms: Terms) -> Followed:
    network = lessons.prepared(terms.plan.lesson).network
    walked = lessons.example_walk(terms.method, terms.plan, terms.inputs, terms.target, terms.step)
    return Followed(network, walked, next(edge for edge in edges(network) if edge.place == terms.weight))


def draw(terms: Terms, followed: Followed, seen: Seen) -> Stage:
    network, walked, edge = followed
    return walk_stage.stage(
        network,
        walked,
        seen.theme,
        edge,
        held=_held(terms),
        narrow=seen.narrow,
        size=seen.size("one step"),
    )


def _held(terms: Terms) -> Held | None:
    """What of the sample a hand can have; nothing where there is no room for its handles."""
    handles = sample_handles(lessons.prepared(terms.plan.lesson).learn, 0)
    if len(handles) > MOST_HANDLES:
        return None
    numbers = (*terms.inputs, terms.target)
    there = [handle._replace(at=at) for handle, at in zip(handles, numbers, strict=False)]
    count = len(terms.inputs)
    return Held(there[:count], there[count] if len(there) > count else None, terms.target)


def between(terms: Terms, followed: Followed, stage: Stage) -> None:
    """The rule of the operation that is shown, and the chain rule for the weight that is followed."""
    operations = followed.walk.operations
    last, at = len(operations) - 1, st.session_state["at"]
    st.latex(operations[last if at is None else min(at, last)].symbols)
    notes.chain_rule(followed)


def below(terms: Terms, followed: Followed, stage: Stage) -> None:
    """The badge, and the stage as a file."""
    small("To follow another weight, click a line of the network or choose it.")
    notes.badge((terms.method,), terms.plan, terms.step)
    stage_download(st, stage, VIEW.question, "one-step")


def click(terms: Terms, x: float, y: float, axis: str) -> None:
    """Follow the weight whose line is nearest."""
    if axis == "x":
        network = lessons.prepared(terms.plan.lesson).network
        graph = walk_stage.graph(network, screen() == "phone", size("one step", screen()))
        st.session_state["edge"] = graph.nearest(x, y).place


VIEW = View(
    "step",
    "One step",
    "How does one example move every weight?",
    controls,
    run,
    draw,
    report.example_findings,
    below,
    click,
    between,
)
