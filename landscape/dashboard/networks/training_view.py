"""The view of a whole training: the network, what it answers, and its losses."""

from typing import NamedTuple

from landscape.dashboard.kit.address import Address
from landscape.dashboard.kit.runs import Method
from landscape.dashboard.kit.view import Drawn, Seen, View
from landscape.dashboard.networks import lesson_notes as notes
from landscape.dashboard.networks import lessons
from landscape.dashboard.networks.lesson_controls import SIZE, lines_control, plan_controls
from landscape.dashboard.networks.terms import Look, Plan
from landscape.figures.networks.training_stage import alternative
from landscape.lessons import report
from landscape.lessons.checkup import Checkup


class Terms(NamedTuple):
    """One method or two, what they learn, and what the lines of the network show, a key of EDGES."""

    methods: tuple[Method, ...]
    plan: Plan
    lines: str


def controls(address: Address) -> Terms:
    lines = lines_control(address, shown=True)
    methods, plan = plan_controls(address, two=True)
    return Terms(methods, plan, lines)


def run(terms: Terms) -> Checkup:
    return lessons.checkup(terms.methods, terms.plan)


def draw(terms: Terms, looked: Checkup, seen: Seen) -> Drawn:
    look = Look(seen.theme.name, terms.lines, seen.narrow, SIZE[seen.screen])
    return Drawn(lessons.training_figure(terms.methods, terms.plan, look), alternative(looked.training))


def between(terms: Terms, looked: Checkup, drawn: Drawn) -> None:
    notes.shortened(looked.training, terms.plan.steps)


def below(terms: Terms, looked: Checkup, drawn: Drawn) -> None:
    """The badge, files, and what is minimised."""
    notes.badge(terms.methods, terms.plan, looked.training.steps)
    notes.take_away(looked.training, drawn.figure, VIEW.question)
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
