"""The view of a whole training: the network, what it answers, and its losses."""

from typing import NamedTuple

from landscape.dashboard.kit.address import Address
from landscape.dashboard.kit.runs import Method
from landscape.dashboard.kit.view import Seen, View
from landscape.dashboard.networks import lesson_notes as notes
from landscape.dashboard.networks import lessons
from landscape.dashboard.networks.lesson_controls import lines_control, plan_controls
from landscape.dashboard.networks.terms import Look, Plan
from landscape.figures.kit.stage import Stage
from landscape.lessons import report
from landscape.lessons.checkup import Checkup


class Terms(NamedTuple):
    """One method or two, what they learn, and what the lines of the network show, a key of EDGES."""

    methods: tuple[Method, ...]
    plan: Plan
    lines: str


def controls(address: Address) -> Terms:
    methods, plan = plan_controls(address, two=True)
    # Of two methods the answers are compared.
    return Terms(methods, plan, lines_control(address, shown=len(methods) == 1))


def run(terms: Terms) -> Checkup:
    return lessons.checkup(terms.methods, terms.plan)


def draw(terms: Terms, looked: Checkup, seen: Seen) -> Stage:
    look = Look(seen.theme.name, terms.lines, seen.narrow, seen.size("backpropagation"))
    return lessons.drawn(terms.methods, terms.plan, look, looked)


def between(terms: Terms, looked: Checkup, stage: Stage) -> None:
    notes.shortened(looked.training, terms.plan.steps)


def below(terms: Terms, looked: Checkup, stage: Stage) -> None:
    """The badge, files, and what is minimised."""
    notes.badge(terms.methods, terms.plan, looked.training.steps)
    notes.take_away(looked.training, stage, VIEW.question)
    notes.formulas(looked.training, terms.plan)


VIEW = View(
    "training",
    "Train",
    "What does a network learn, step by step?",
    controls,
    run,
    draw,
    report.findings,
    below=below,
    between=between,
)
