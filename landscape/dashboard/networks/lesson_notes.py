"""What the views of a training leave to words, formulas and files."""

import streamlit as st

from landscape.code import trained as export
from landscape.dashboard.kit.drawer import folder
from landscape.dashboard.kit.files import file_button
from landscape.dashboard.kit.methods import rules
from landscape.dashboard.kit.page import small, stage_download
from landscape.dashboard.kit.runs import Method
from landscape.dashboard.networks import lessons
from landscape.dashboard.networks.terms import Plan
from landscape.datasets import DATASETS
from landscape.figures.kit.stage import Stage
from landscape.lessons import report as training_report
from landscape.lessons.example import Followed
from landscape.lessons.training import MAX_WATCHED, Training
from landscape.networks import INITIALISERS
from landscape.numbers import latex_number, short
from landscape.optimizers import OPTIMIZERS

# Differences up to which the badge is content.
GRADIENT_AGREES, HESSIAN_AGREES = 1e-7, 1e-5


def shortened(training: Training, asked: int) -> None:
    """A sentence where a training gets fewer steps than it was asked for."""
    if training.steps < asked:
        st.info(f"This network and method get {training.steps} of the {asked} steps; more would take too long.")


def badge(methods: tuple[Method, ...], plan: Plan, step: int) -> None:
    """How far the analytic derivatives are from central differences, on the first method's weights, now."""
    if lessons.prepared(plan.lesson).network.size > MAX_WATCHED:
        small(f"Derivatives are checked here for networks of up to {MAX_WATCHED} weights. This one has more.")
        return
    found = lessons.checked(methods, plan, step)
    agrees = found.gradient <= GRADIENT_AGREES and found.hessian <= HESSIAN_AGREES
    st.badge(
        f"Gradient {short(found.gradient)}, Hessian {short(found.hessian)}",
        icon=":material/verified:" if agrees else ":material/info:",
        color="green" if agrees else "orange",
    )
    small(f"The largest relative difference from central differences at step {step}, checked just now.")
    if not agrees:
        small("Differences fail at a kink of ReLU, and where rounding is all that is left of a derivative.")


def take_away(training: Training, stage: Stage, title: str) -> None:
    """Weights, network and stage as files."""
    st.subheader("Take it with you", anchor=False)
    key = next(iter(training.runs))
    network, w, some = training.lesson.network, training.runs[key].x[-1], training.lesson.learn.inputs[:20]
    json, npz, script, page = st.columns(4)
    file_button(json, "Weights, JSON", lambda: export.to_json(network, w), "weights.json", "application/json")
    file_button(npz, "Weights, npz", lambda: export.to_npz(network, w), "weights.npz", "application/octet-stream")
    file_button(
        script, "The network, PyTorch", lambda: export.to_torch(network, w, some), "network.py", "text/x-python"
    )
    stage_download(page, stage, title, "training")
    if len(training.runs) > 1:
        small(f"The weights are those of {OPTIMIZERS[key].title}.")


def formulas(training: Training, plan: Plan) -> None:
    """What is minimised and how, and where the data come from."""
    st.subheader("What is minimised", anchor=False)
    st.latex(training_report.loss_latex(training))
    with folder("How the weights begin, and how each method steps") as box:
        if box.open:
            initialiser = INITIALISERS[plan.lesson.start.initialiser]
            st.markdown(f"**{initialiser.title}.** {initialiser.note}")
            st.latex(initialiser.rule)
            rules(training.runs)
    if data := DATASETS.get(plan.lesson.data.key):
        small(f"{data.note} Source: {data.source}" + (f" Licence: {data.licence}." if data.licence else ""))


def chain_rule(followed: Followed) -> None:
    """The gradient of the weight that is followed, by the chain rule with its numbers."""
    walked, edge = followed.walk, followed.edge
    gradient, delta = walked.gradient[edge.place], walked.deltas[edge.column][edge.unit]
    st.subheader(f"The weight followed: {followed.name}", anchor=False)
    if edge.source is None:
        st.latex(rf"\frac{{\partial L}}{{\partial b}} = \delta = {latex_number(gradient)}")
    else:
        a = walked.values[edge.column - 1][edge.source]
        product = rf"{latex_number(delta, factor=True)} \cdot {latex_number(a, factor=True)}"
        # Two rows are as wide as a phone.
        st.latex(
            r"\begin{aligned} \frac{\partial L}{\partial w} &= \frac{\partial L}{\partial z} \cdot "
            r"\frac{\partial z}{\partial w} = \delta \cdot a \\[4pt] "
            rf"&= {product} = {latex_number(gradient)} \end{{aligned}}"
        )
