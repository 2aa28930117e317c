"""The view of the curvatures that a training meets, and of the edge above which its method is unstable."""

from typing import NamedTuple

import streamlit as st

from landscape.dashboard.kit.address import Address
from landscape.dashboard.kit.page import small, stage_download
from landscape.dashboard.kit.runs import Method
from landscape.dashboard.kit.view import Seen, View
from landscape.dashboard.networks import lesson_notes as notes
from landscape.dashboard.networks import lessons
from landscape.dashboard.networks.lesson_controls import lines_control, plan_controls
from landscape.dashboard.networks.terms import Plan
from landscape.figures.kit.stage import Stage
from landscape.figures.networks import spectrum_stage
from landscape.lessons import report
from landscape.lessons.sharpness import Sharpness


class Terms(NamedTuple):
    """A method, and what it learns."""

    method: Method
    plan: Plan


def controls(address: Address) -> Terms:
    lines_control(address, shown=False)
    methods, plan = plan_controls(address, two=False)
    return Terms(methods[0], plan)


def run(terms: Terms) -> Sharpness:
    """The spectrum along the run; RefusalError for a network that is too large."""
    method, plan = terms
    lessons.refuse_a_large_network(plan.lesson, "The spectrum")
    training = lessons.training((method,), plan)
    full = not 0 < plan.lesson.batch < len(training.lesson.learn)
    return Sharpness(training, method.key, lessons.spectra(method, plan), full)


def draw(terms: Terms, found: Sharpness, seen: Seen) -> Stage:
    return spectrum_stage.stage(
        found.training,
        found.key,
        found.spectrum,
        found.edge,
        seen.theme,
        narrow=seen.narrow,
        size=seen.size("backpropagation"),
    )


def between(terms: Terms, found: Sharpness, stage: Stage) -> None:
    notes.shortened(found.training, terms.plan.steps)


def below(terms: Terms, found: Sharpness, stage: Stage) -> None:
    """The badge, the rule, its source, and the stage as a file."""
    notes.badge((terms.method,), terms.plan, found.training.steps)
    st.latex(
        r"\begin{aligned} \lambda_{\max}(\nabla^2 L) &> \tfrac{2}{\eta}: \text{unstable} \\[4pt] "
        r"\text{with momentum } \mu: \quad &> \tfrac{2 (1 + \mu)}{\eta} \end{aligned}"
    )
    small(
        "Source: Cohen, Kaur, Li, Kolter and Talwalkar (2021), Gradient descent on neural networks typically occurs at "
        "the edge of stability, ICLR."
    )
    stage_download(st, stage, VIEW.question, "spectrum")


VIEW = View(
    "spectrum",
    "Spectrum",
    "How sharp a valley does training find?",
    controls,
    run,
    draw,
    report.sharpness_findings,
    below=below,
    between=between,
)
