"""The view of methods on a penalised loss: which of them make a weight exactly zero."""

from landscape.dashboard.kit.address import Address, choices
from landscape.dashboard.kit.controls import knob_control, multiselect, toggle
from landscape.dashboard.kit.drawer import more
from landscape.dashboard.kit.landscapes import set_start
from landscape.dashboard.kit.view import Seen, View
from landscape.dashboard.regularization import penalised
from landscape.dashboard.regularization.parts import rest
from landscape.dashboard.regularization.penalised import ContestTerms, Problem
from landscape.dashboard.regularization.penalty_controls import (
    RATE,
    STEPS,
    applicable,
    corner_start,
    loss_controls,
    penalty_controls,
    presets,
    telling_strength,
)
from landscape.figures.kit.stage import Stage
from landscape.figures.regularization import contest
from landscape.figures.regularization.shrinkage import box
from landscape.knob import Knob
from landscape.optimizers import OPTIMIZERS
from landscape.regularization import report
from landscape.regularization.contest import Contest
from landscape.regularization.two_weights import TWO_WEIGHTS

STRENGTH = Knob(1.0, 1e-4, 100, "log", "strength λ", "How hard the penalty pulls.", zero=True)
METHODS = ["proximal_gradient", "gradient_descent"]


def controls(address: Address) -> ContestTerms:
    """Those of the loss come last, but decide where the others begin."""
    presets()
    pull = penalty_controls(address, aside=more)
    problem = Problem(loss_controls(address, shown=False), pull)
    found = penalised.shrinkage(problem)
    strength = knob_control(address, "strength", STRENGTH.beginning(telling_strength(found)))
    address.claim("methods", METHODS, choices("methods", OPTIMIZERS, address.complain), ",".join)
    chosen = multiselect("Methods", list(OPTIMIZERS), key="methods", format_func=lambda k: OPTIMIZERS[k].title)
    own = toggle(
        address, "own", "Use own weight decay", False, "Methods that have one, as AdamW, use λ as their decay."
    )
    share = knob_control(address, "rate", RATE, "Rate, in units of 1/L")
    steps = knob_control(address, "steps", STEPS)
    start = corner_start(address, box(found))
    problem = Problem(loss_controls(address), pull)
    objective = penalised.loss(problem.loss) + penalised.penalty(pull)
    chosen = applicable(chosen, objective, strength if own else None)
    return ContestTerms(problem, strength, tuple(chosen), start, steps, share, own)


def run(terms: ContestTerms) -> Contest:
    return penalised.contest(terms)


def draw(terms: ContestTerms, ran: Contest, seen: Seen) -> Stage:
    (x_low, x_high), (y_low, y_high) = box(penalised.shrinkage(terms.problem)).tolist()
    stage = contest.contest_stage(
        ran,
        ((x_low, x_high), (y_low, y_high)),
        seen.theme,
        names=TWO_WEIGHTS[terms.problem.loss.key].names,
        narrow=seen.narrow,
        height=seen.size("regularization")[1],
    )
    stage.alt = contest.alternative(ran, terms.steps)
    return stage


def below(terms: ContestTerms, ran: Contest, stage: Stage) -> None:
    curvature = penalised.loss(terms.problem.loss).curvature
    rest(
        stage,
        VIEW.question,
        formulas=[OPTIMIZERS[key].rule for key in terms.methods],
        remarks=[
            f"λ = {terms.strength:.4g}, L = {curvature:.4g}. On a crease the subgradient is the shortest of all. "
            "Methods whose rate is part of them, as Newton's, keep it.",
            "Adam divides L2's pull by the gradient's size; AdamW leaves its own decay whole. So where Adam comes to "
            "rest, it is at ridge's answer. AdamW comes near the loss's lowest point with |w| ≤ 1/λ in each weight, at "
            "small rates, after thousands of steps. Loshchilov & Hutter (2019), “Decoupled weight decay "
            "regularization”; Xie & Li (2024), “Implicit bias of AdamW: "
            r"$\ell_\infty$ norm constrained optimization”.",
        ],
    )


def click(terms: ContestTerms, x: float, y: float, axis: str) -> None:
    set_start(x, y)


VIEW = View(
    "methods",
    "Methods",
    "Which method makes a weight exactly zero?",
    controls,
    run,
    draw,
    report.on_contest,
    below,
    click,
)
