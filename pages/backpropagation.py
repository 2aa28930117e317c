"""Backpropagation: a small network learns, and every number of it can be seen."""

from typing import Any

import numpy as np
import streamlit as st

from landscape import training_report
from landscape.dashboard import lessons
from landscape.dashboard.address import Address, choice, number, write_number
from landscape.dashboard.controls import knob_value
from landscape.dashboard.lesson_controls import plan_controls
from landscape.dashboard.page import begin, show_complaints, small, theme
from landscape.dashboard.player import player, screen
from landscape.datasets import DATASETS
from landscape.figures import spectrum_stage, training_stage, walk_stage
from landscape.figures.animated import AnimatedFigure
from landscape.figures.export import to_html
from landscape.figures.style import Theme
from landscape.knob import Knob
from landscape.networks import INITIALISERS, export
from landscape.networks.spectrum import stability_edge
from landscape.networks.walk import Edge, Walk, edge_name, edges
from landscape.optimizers import OPTIMIZERS
from landscape.training import MAX_WATCHED, Training

VIEWS = {"training": "Train", "step": "One step", "spectrum": "Spectrum"}
QUESTIONS = {
    "training": "What does a network learn, step by step?",
    "step": "How does one example move every weight?",
    "spectrum": "How sharp a valley does training find?",
}
SPEED = Knob(1.0, 0.25, 4)
AT = Knob(0, 0, 100_000, "integer")
# Width, which need only be near, and height of the stage in pixels.
SIZE = {"laptop": (900, 500), "hall": (1500, 760), "phone": (360, 860)}
# Differences up to which the badge is content.
GRADIENT_AGREES, HESSIAN_AGREES = 1e-7, 1e-5


def view_control(address: Address) -> str:
    def forget_play_head() -> None:
        st.session_state["at"] = None

    address.claim("view", "training", choice("view", VIEWS))
    return st.segmented_control(
        "View", list(VIEWS), key="view", format_func=VIEWS.get, required=True, on_change=forget_play_head
    )


def within(address: Address, name: str, label: str, most: int, help: str) -> int:
    """A slider from 0 to `most`, which moves with the other controls."""
    if not address.reading and name in st.session_state:
        st.session_state[name] = min(st.session_state[name], most)
    value = knob_value(address, name, Knob(0, 0, most, "integer"))
    return st.slider(label, 0, most, key=name, help=help) if most else value


def play_head(address: Address, chart: str, on_click: Any = lambda x, y, axis: None) -> None:
    """The player, its rest position and speed in the URL."""

    def rest(at: int | None, speed: float) -> None:
        st.session_state["at"], st.session_state["speed"] = at, speed

    at = address.claim("at", None, number("at", AT), str)
    speed = address.claim("speed", 1.0, number("speed", SPEED), write_number)
    if address.reading or st.session_state["begin"]["chart"] != chart:
        # A walk begins at its first operation, all else as it ends.
        first = 0 if chart == "step_stage" and at is None else at
        st.session_state["begin"] = {"chart": chart, "at": first, "speed": speed}
    player(**st.session_state["begin"], on_click=on_click, on_rest=rest)


def show(
    address: Address, view: str, figure: AnimatedFigure, words: str, on_click: Any = lambda x, y, axis: None
) -> None:
    """The stage with its player; on a phone the player is above, where the thumb can reach it."""
    above, chart, under = st.container(), st.container(), st.container()
    chart.plotly_chart(figure, key=f"{view}_stage", theme=None, config={"displaylogo": False}, alt=words)
    with above if screen() == "phone" else under:
        play_head(address, f"{view}_stage", on_click)
    settle(address)


def settle(address: Address) -> None:
    address.close()
    show_complaints(address)


def badge(key: str, step: int, plan: dict[str, Any], training: Training) -> None:
    """How far the analytic derivatives are from central differences, on these weights, now."""
    if training.lesson.network.size > MAX_WATCHED:
        small(f"Derivatives are checked on the spot for networks of up to {MAX_WATCHED} weights; this one has more.")
        return
    found = lessons.checked(key, step, **plan)
    agrees = found.gradient <= GRADIENT_AGREES and found.hessian <= HESSIAN_AGREES
    st.badge(
        f"Gradient {found.gradient:.1e}, Hessian {found.hessian:.1e}",
        icon=":material/verified:" if agrees else ":material/info:",
        color="green" if agrees else "orange",
    )
    small(f"The largest relative difference from central differences at step {step}, worked out just now.")
    if not agrees:
        small("Differences go astray at a kink of ReLU, and where rounding is all that is left of a derivative.")


def show_training(address: Address, methods: lessons.Methods, plan: dict[str, Any], colors: Theme, lines: str) -> None:
    training = lessons.training(methods, **plan)
    size = SIZE[screen()]
    figure, wrong = lessons.training_figure(colors.name, lines, screen() == "phone", size, methods=methods, **plan)
    show(address, "training", figure, training_stage.alternative(training))
    shortened(training, plan["steps"])
    for line in training_report.findings(training, wrong):
        st.markdown(f"- {line}")
    badge(methods[0][0], training.steps, plan | {"methods": methods}, training)
    take_away(training, figure, colors)
    formulas(training, plan)


def shortened(training: Training, asked: int) -> None:
    if training.steps < asked:
        st.info(f"This network and this method get {training.steps} of the {asked} steps: more would take too long.")


def take_away(training: Training, figure: AnimatedFigure, colors: Theme) -> None:
    st.subheader("Take it with you", anchor=False)
    key = next(iter(training.runs))
    network, w, some = training.lesson.network, training.runs[key].x[-1], training.lesson.learn.inputs[:20]
    texts = (
        ("Weights, JSON", lambda: export.to_json(network, w), "weights.json", "application/json"),
        ("Weights, npz", lambda: export.to_npz(network, w), "weights.npz", "application/octet-stream"),
        ("The network, PyTorch", lambda: export.to_torch(network, w, some), "network.py", "text/x-python"),
        (
            "The animated stage, HTML",
            lambda: to_html(figure, colors, QUESTIONS["training"], training_stage.alternative(training)),
            "training.html",
            "text/html",
        ),
    )
    for column, (label, make, name, kind) in zip(st.columns(len(texts)), texts, strict=True):
        column.download_button(label, make, name, kind, width="stretch")
    if len(training.runs) > 1:
        small(f"The weights are those of {OPTIMIZERS[key].title}.")


def formulas(training: Training, plan: dict[str, Any]) -> None:
    st.subheader("What is minimised", anchor=False)
    st.latex(training_report.loss_latex(training))
    with st.expander("How the weights begin, and how each method steps"):
        st.markdown(f"**{INITIALISERS[plan['init_key']].title}.** {INITIALISERS[plan['init_key']].note}")
        st.latex(INITIALISERS[plan["init_key"]].rule)
        for key in training.runs:
            st.markdown(f"**{OPTIMIZERS[key].title}.** {OPTIMIZERS[key].note}")
            st.latex(OPTIMIZERS[key].rule)
    if plan["data_key"] in DATASETS:
        data = DATASETS[plan["data_key"]]
        small(f"{data.note} Source: {data.source}" + (f" Licence: {data.licence}." if data.licence else ""))


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
        example = within(address, "example", "Example", len(learn) - 1, "Which sample goes in.")
        inputs = ", ".join(f"{value:.3g}" for value in learn.inputs[example])
        small(f"x = ({inputs}), target {learn.targets[example]:.3g}")
        step = within(address, "step", "Weights from step", training.steps, "How far training had come.")
        place = min(
            knob_value(address, "edge", Knob(every[-2].place if len(every) > 1 else 0, 0, network.size - 1, "integer")),
            network.size - 1,
        )
        names = {edge.place: edge_name(network, edge) for edge in every}
        st.session_state["edge"] = place
        place = st.selectbox("Weight to follow", sorted(names), key="edge", format_func=names.get)
    walked = lessons.example_walk(key, example, step, methods=methods[:1], **plan)
    chosen = next(edge for edge in every if edge.place == place)
    figure = walk_stage.stage(network, walked, colors, chosen, narrow=screen() == "phone", size=SIZE[screen()])
    drawn = walk_stage.graph(network, screen() == "phone", SIZE[screen()])

    def follow(x: float, y: float, axis: str) -> None:
        if axis == "x":
            st.session_state["edge"] = drawn.nearest(x, y).place

    show(address, "step", figure, walk_stage.alternative(network, walked, chosen), follow)
    at = st.session_state["at"] or 0
    st.latex(walked.operations[min(at, len(walked.operations) - 1)].symbols)
    both_ways(walked, chosen, edge_name(network, chosen))
    badge(key, step, plan | {"methods": methods[:1]}, training)


def both_ways(walked: Walk, chosen: Edge, name: str) -> None:
    """The chosen weight's gradient by the chain rule, beside its central difference."""
    gradient, measured = walked.gradient[chosen.place], walked.differences[chosen.place]
    st.subheader(f"The weight followed: {name}", anchor=False)
    delta = walked.deltas[chosen.column][chosen.unit]
    if chosen.source is None:
        st.latex(rf"\frac{{\partial L}}{{\partial b}} = \delta = {gradient:.6g}")
    else:
        a = walked.values[chosen.column - 1][chosen.source]
        st.latex(
            rf"\frac{{\partial L}}{{\partial w}} = \frac{{\partial L}}{{\partial z}} \cdot "
            rf"\frac{{\partial z}}{{\partial w}} = \delta \cdot a = {delta:.6g} \cdot {a:.6g} = {gradient:.6g}"
        )
    st.markdown(
        f"- By backpropagation **{gradient:.10g}**, by central differences **{measured:.10g}**: they differ by "
        f"{abs(gradient - measured):.1e}."
    )
    before, after = walked.before[chosen.place], walked.after[chosen.place]
    st.markdown(
        f"- The step moves this weight from {before:.6g} to **{after:.6g}**, and the loss on this example from "
        f"{walked.losses[0]:.4g} to **{walked.losses[1]:.4g}**."
    )
    small("Click a line of the network, or choose a weight, to follow another one.")


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
    figure = spectrum_stage.stage(training, key, found, edge, colors, narrow=narrow, size=SIZE[screen()])
    show(address, "spectrum", figure, spectrum_stage.alternative(key, found, edge))
    for line in training_report.sharpness_findings(training, key, found, edge, full=not plan["batch"]):
        st.markdown(f"- {line}")
    badge(key, training.steps, plan | {"methods": methods[:1]}, training)
    st.latex(r"\lambda_{\max}\left( \nabla^2 L(w) \right) \;\text{against}\; \frac{2}{\eta}")
    small(
        "Source: Cohen, Kaur, Li, Kolter and Talwalkar (2021), Gradient descent on neural networks typically occurs at "
        "the edge of stability, ICLR."
    )


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
