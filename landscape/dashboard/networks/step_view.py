"""The view of one step on one example, operation by operation, in which a weight is followed."""

from typing import NamedTuple

import streamlit as st

from landscape.dashboard.kit.address import Address
from landscape.dashboard.kit.controls import knob_value
from landscape.dashboard.kit.page import small, stage_download
from landscape.dashboard.kit.player import screen
from landscape.dashboard.kit.runs import Method
from landscape.dashboard.kit.view import Seen, View
from landscape.dashboard.networks import lesson_notes as notes
from landscape.dashboard.networks import lessons
from landscape.dashboard.networks.lesson_controls import lines_control, plan_controls
from landscape.dashboard.networks.terms import Plan
from landscape.figures.kit.layouts import size
from landscape.figures.kit.stage import Stage
from landscape.figures.networks import walk_stage
from landscape.knob import Knob
from landscape.lessons import report
from landscape.lessons.example import Followed
from landscape.lessons.training import Training
from landscape.networks.walk import edge_name, edges


class Terms(NamedTuple):
    """A method and what it learns; which sample goes in, at which step of the training; and the weight to follow.

    weight   its place in the flat weights
    """

    method: Method
    plan: Plan
    example: int
    step: int
    weight: int


def controls(address: Address) -> Terms:
    """Those of the walk stand first, and need the training; RefusalError for a network that is too large."""
    lines_control(address, shown=False)
    slot = st.container()
    methods, plan = plan_controls(address, two=False)
    lessons.refuse_a_large_network(plan.lesson, "One step")
    with slot:
        return Terms(methods[0], plan, *_walk_controls(address, lessons.training(methods, plan)))


def _walk_controls(address: Address, training: Training) -> tuple[int, int, int]:
    """The sample, the step and the weight."""
    network, learn = training.lesson.network, training.lesson.learn
    example = _counter(address, "example", "Example", len(learn) - 1, "Which sample goes in.")
    inputs = ", ".join(f"{value:.3g}" for value in learn.inputs[example])
    small(f"x = ({inputs}), target {learn.targets[example]:.3g}")
    step = _counter(address, "step", "Weights from step", training.steps, "How far training had come.")
    every = edges(network)
    _within(address, "edge", network.size - 1, default=every[-2].place)
    names = {edge.place: edge_name(network, edge) for edge in every}
    weight = st.selectbox("Weight to follow", sorted(names), key="edge", format_func=lambda place: names[place])
    return example, step, weight


def _within(address: Address, name: str, most: int, default: int = 0) -> int:
    """A whole number from 0 to `most`, which moves with the other controls."""
    if not address.reading and name in st.session_state:
        st.session_state[name] = min(st.session_state[name], most)
    return knob_value(address, name, Knob(default, 0, most, "integer"))


def _counter(address: Address, name: str, label: str, most: int, help: str) -> int:
    """A slider for such a number, where there is a choice."""
    value = _within(address, name, most)
    return st.slider(label, 0, most, key=name, help=help) if most else value


def run(terms: Terms) -> Followed:
    network = lessons.prepared(terms.plan.lesson).network
    walked = lessons.example_walk(terms.method, terms.plan, terms.example, terms.step)
    return Followed(network, walked, next(edge for edge in edges(network) if edge.place == terms.weight))


def draw(terms: Terms, followed: Followed, seen: Seen) -> Stage:
    network, walked, edge = followed
    return walk_stage.stage(
        network, walked, seen.theme, edge, narrow=seen.narrow, size=seen.size("backpropagation")
    ).begin_at(0)


def between(terms: Terms, followed: Followed, stage: Stage) -> None:
    """The rule of the operation that is shown, and the chain rule for the weight that is followed."""
    operations = followed.walk.operations
    last, at = len(operations) - 1, st.session_state["at"]
    st.latex(operations[last if at is None else min(at, last)].symbols)
    notes.chain_rule(followed)


def below(terms: Terms, followed: Followed, stage: Stage) -> None:
    """The badge, and the stage as a file."""
    small("Click a line of the network, or choose a weight, to follow another one.")
    notes.badge((terms.method,), terms.plan, terms.step)
    stage_download(st, stage, VIEW.question, "one-step")


def click(terms: Terms, followed: Followed, x: float, y: float, axis: str) -> None:
    """Follow the weight whose line is nearest."""
    if axis == "x":
        graph = walk_stage.graph(followed.network, screen() == "phone", size("backpropagation", screen()))
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
