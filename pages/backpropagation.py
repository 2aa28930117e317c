"""Backpropagation: a small network learns, and every number of it can be seen."""

from typing import Any

import numpy as np
import streamlit as st

from landscape.dashboard.kit.address import Address, choice
from landscape.dashboard.kit.controls import knob_value
from landscape.dashboard.kit.page import begin, show_complaints, small, stage_download, theme
from landscape.dashboard.kit.player import animated_chart, screen
from landscape.dashboard.networks import lesson_notes as notes
from landscape.dashboard.networks import lessons
from landscape.dashboard.networks.lesson_controls import plan_controls
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import Theme
from landscape.figures.networks import spectrum_stage, training_stage, walk_stage
from landscape.knob import Knob
from landscape.lessons import report as training_report
from landscape.lessons.training import MAX_WATCHED, Training
from landscape.networks.spectrum import stability_edge
from landscape.networks.walk import edge_name, edges

VIEWS = {"training": "Train", "step": "One step", "spectrum": "Spectrum"}
QUESTIONS = {
    "training": "What does a network learn, step by step?",
    "step": "How does one example move every weight?",
    "spectrum": "How sharp a valley does training find?",
}
# Width, which need only be near, and height of the stage in pixels.
SIZE = {"laptop": (900, 500), "hall": (1500, 760), "phone": (360, 860)}


def view_control(address: Address) -> str:
    address.claim("view", "training", choice("view", VIEWS))
    return st.segmented_control("View", list(VIEWS), key="view", format_func=VIEWS.get, required=True)


def within(address: Address, name: str, most: int, default: int = 0) -> int:
    """A whole number from 0 to `most`, which moves with the other controls."""
    if not address.reading and name in st.session_state:
        st.session_state[name] = min(st.session_state[name], most)
    return knob_value(address, name, Knob(default, 0, most, "integer"))


def counter(address: Address, name: str, label: str, most: int, help: str) -> int:
    """A slider for such a number, where there is a choice."""
    value = within(address, name, most)
    return st.slider(label, 0, most, key=name, help=help) if most else value


def show(address: Address, view: str, stage: Stage, on_click: Any = lambda x, y, axis: None) -> None:
    animated_chart(address, f"{view}_stage", stage, on_click)
    settle(address)


def settle(address: Address) -> None:
    address.close()
    show_complaints(address)


def show_training(address: Address, methods: lessons.Methods, plan: dict[str, Any], colors: Theme, lines: str) -> None:
    training = lessons.training(methods, **plan)
    size = SIZE[screen()]
    stage, wrong = lessons.training_figure(colors.name, lines, screen() == "phone", size, methods=methods, **plan)
    show(address, "training", stage)
    shortened(training, plan["steps"])
    for line in training_report.findings(training, wrong):
        st.markdown(f"- {line}")
    notes.badge(methods[0][0], training.steps, plan | {"methods": methods}, training)
    notes.take_away(training, stage, QUESTIONS["training"])
    notes.formulas(training, plan)


def shortened(training: Training, asked: int) -> None:
    if training.steps < asked:
        st.info(f"This network and this method get {training.steps} of the {asked} steps: more would take too long.")


def too_large(address: Address, training: Training, what: str) -> bool:
    """Whether a view that goes weight by weight has to say no."""
    size = training.lesson.network.size
    if size > MAX_WATCHED:
        st.info(f"{what} is shown for networks of up to {MAX_WATCHED} weights; this one has {size:,}.")
        settle(address)
    return size > MAX_WATCHED


def show_step(address: Address, methods: lessons.Methods, plan: dict[str, Any], colors: Theme, slot: Any) -> None:
    training = lessons.training(methods[:1], **plan)
    key, network, learn = methods[0][0], training.lesson.network, training.lesson.learn
    if too_large(address, training, "One step"):
        return
    every = edges(network)
    with slot:
        example = counter(address, "example", "Example", len(learn) - 1, "Which sample goes in.")
        inputs = ", ".join(f"{value:.3g}" for value in learn.inputs[example])
        small(f"x = ({inputs}), target {learn.targets[example]:.3g}")
        step = counter(address, "step", "Weights from step", training.steps, "How far training had come.")
        within(address, "edge", network.size - 1, default=every[-2].place)
        names = {edge.place: edge_name(network, edge) for edge in every}
        place = st.selectbox("Weight to follow", sorted(names), key="edge", format_func=names.get)
    walked = lessons.example_walk(key, example, step, methods=methods[:1], **plan)
    chosen = next(edge for edge in every if edge.place == place)
    stage = walk_stage.stage(network, walked, colors, chosen, narrow=screen() == "phone", size=SIZE[screen()])
    drawn = walk_stage.graph(network, screen() == "phone", SIZE[screen()])

    def follow(x: float, y: float, axis: str) -> None:
        if axis == "x":
            st.session_state["edge"] = drawn.nearest(x, y).place

    show(address, "step", stage, follow)
    last, at = len(walked.operations) - 1, st.session_state["at"]
    st.latex(walked.operations[last if at is None else min(at, last)].symbols)
    notes.both_ways(walked, chosen, edge_name(network, chosen))
    notes.badge(key, step, plan | {"methods": methods[:1]}, training)
    stage_download(st, stage, QUESTIONS["step"], "one-step")


def show_spectrum(address: Address, methods: lessons.Methods, plan: dict[str, Any], colors: Theme) -> None:
    training = lessons.training(methods[:1], **plan)
    key = methods[0][0]
    if too_large(address, training, "The spectrum"):
        return
    shortened(training, plan["steps"])
    found = lessons.spectra(key, methods=methods[:1], **plan)
    limit = stability_edge(training.optimizers[key])
    with np.errstate(divide="ignore"):
        edge = None if limit is None else limit / training.rates
    narrow = screen() == "phone"
    stage = spectrum_stage.stage(training, key, found, edge, colors, narrow=narrow, size=SIZE[screen()])
    show(address, "spectrum", stage)
    for line in training_report.sharpness_findings(training, key, found, edge, full=not plan["batch"]):
        st.markdown(f"- {line}")
    notes.badge(key, training.steps, plan | {"methods": methods[:1]}, training)
    st.latex(
        r"\lambda_{\max}(\nabla^2 L) > \frac{2}{\eta}: \text{unstable under gradient descent;}\quad "
        r"> \frac{2 (1 + \mu)}{\eta}: \text{under heavy ball}"
    )
    small(
        "Source: Cohen, Kaur, Li, Kolter and Talwalkar (2021), Gradient descent on neural networks typically occurs at "
        "the edge of stability, ICLR."
    )
    stage_download(st, stage, QUESTIONS["spectrum"], "spectrum")


def main() -> None:
    address = Address("backpropagation")
    title = st.container()
    with st.sidebar:
        view = view_control(address)
        address.claim("lines", "weights", choice("lines", training_stage.EDGES))
        slot = st.container()
        if view == "training":
            lines = slot.segmented_control(
                "Lines show",
                list(training_stage.EDGES),
                key="lines",
                format_func=training_stage.EDGES.get,
                required=True,
            )
        methods, plan = plan_controls(address, two=view == "training")
    with title:
        begin(QUESTIONS[view])
    colors = theme()
    if view == "training":
        show_training(address, methods, plan, colors, lines)
    elif view == "step":
        show_step(address, methods, plan, colors, slot)
    else:
        show_spectrum(address, methods, plan, colors)


main()
