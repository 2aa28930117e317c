"""The view of a penalty on a loss of two weights: where its minimum goes as the penalty grows."""

from landscape.dashboard.kit.address import Address
from landscape.dashboard.kit.view import Seen, View
from landscape.dashboard.regularization import penalised
from landscape.dashboard.regularization.parts import held, rest
from landscape.dashboard.regularization.penalised import Problem
from landscape.dashboard.regularization.penalty_controls import loss_controls, penalty_controls
from landscape.figures.kit.stage import Stage
from landscape.figures.regularization import shrinkage
from landscape.regularization import report
from landscape.regularization.penalties import PENALTIES
from landscape.regularization.shrinkage import Shrinkage
from landscape.regularization.two_weights import TWO_WEIGHTS


def controls(address: Address) -> Problem:
    pull = penalty_controls(address)
    return Problem(loss_controls(address), pull)


def run(problem: Problem) -> Shrinkage:
    return penalised.shrinkage(problem)


def draw(problem: Problem, found: Shrinkage, seen: Seen) -> Stage:
    chosen, penalty = TWO_WEIGHTS[problem.loss.key], PENALTIES[problem.pull.key]
    stage = shrinkage.shrinkage_stage(
        penalised.loss(problem.loss),
        penalised.penalty(problem.pull),
        found,
        penalised.curves(problem),
        seen.theme,
        names=chosen.names,
        held=held(problem.loss),
        narrow=seen.narrow,
        height=seen.size("regularization")[1],
    )
    stage.alt = shrinkage.alternative(found, chosen.title, penalty.title)
    return stage


def below(problem: Problem, found: Shrinkage, stage: Stage) -> None:
    chosen, penalty = TWO_WEIGHTS[problem.loss.key], PENALTIES[problem.pull.key]
    rest(
        stage,
        VIEW.question,
        notes=[penalty.note, chosen.note],
        formulas=[
            rf"w(\lambda) = \arg\min_w\ \ell(w) + {penalty.rule}",
            r"\text{least squares: } \ell(w) = \tfrac{1}{2N} \lVert X w - y \rVert^2",
            r"\text{logistic: } \ell(w) = \tfrac{1}{N} \sum_i \log(1 + e^{m_i}) - y_i m_i,\quad m = X w",
        ],
        remarks=[
            "Each w(λ) is also a lowest point of the loss inside the ball penalty(w) ≤ t. The loss is a mean over "
            "samples, so λ means the same for any number of them.",
            f"Data: {chosen.source}.",
        ],
    )


VIEW = View(
    "weights",
    "Two weights",
    "What does a penalty do to a loss?",
    controls,
    run,
    draw,
    report.on_shrinkage,
    below,
    clock=lambda problem: f"{problem.loss.key}-{problem.pull.key}",
)
