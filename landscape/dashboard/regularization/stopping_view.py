"""The view of early stopping beside ridge and weight decay."""

import numpy as np

from landscape.dashboard.kit.address import Address
from landscape.dashboard.kit.controls import knob_control
from landscape.dashboard.kit.picker import Option, picker
from landscape.dashboard.kit.view import Seen, View
from landscape.dashboard.regularization import penalised
from landscape.dashboard.regularization.parts import held, rest
from landscape.dashboard.regularization.penalised import StoppingTerms
from landscape.dashboard.regularization.penalty_controls import loss_settings
from landscape.figures.kit.stage import Stage
from landscape.figures.regularization.stopping import alternative, stopping_stage
from landscape.figures.regularization.stopping_hold import Turned
from landscape.knob import Knob
from landscape.regularization import report
from landscape.regularization.early_stopping import StoppingAndDecay
from landscape.regularization.selection import design
from landscape.regularization.two_weights import TWO_WEIGHTS

RATE = Knob(
    0.2,
    0.01,
    1.95,
    "linear",
    "rate, in units of 1/L",
    "L is the loss's largest curvature. Smaller rates fit the rule 1/(ηt) better.",
)
DECAY = Knob(0.5, 1e-3, 10, "log", "weight decay λ", "How hard the third run is pulled, and which ridge it ends at.")
TEN = "ten"


def controls(address: Address) -> StoppingTerms:
    # Only least squares has filter factors to compare.
    on = [Option(key, p.title) for key, p in TWO_WEIGHTS.items() if p.loss().has_residuals]
    on.append(Option(TEN, "Diabetes, ten weights", sign="10"))
    key = picker(address, "on", "Loss", on, "correlated", "losses")
    decay = knob_control(address, "decay", DECAY)
    share = knob_control(address, "eta", RATE, "Rate, in units of 1/L")
    return StoppingTerms(None if key == TEN else loss_settings(address, key), share, decay)


def run(terms: StoppingTerms) -> StoppingAndDecay:
    return penalised.stopping(terms)


def draw(terms: StoppingTerms, ran: StoppingAndDecay, seen: Seen) -> Stage:
    stage = stopping_stage(
        *ran,
        seen.theme,
        loss=None if terms.loss is None else penalised.loss(terms.loss),
        names=design("none", 442)[2] if terms.loss is None else TWO_WEIGHTS[terms.loss.key].names,
        turned=Turned(
            terms.decay,
            terms.share,
            {"decay": DECAY, "eta": RATE},
            None if terms.loss is None else held(terms.loss),
        ),
        narrow=seen.narrow,
        height=seen.size("regularization")[1],
    )
    stage.alt = alternative(ran.found, ran.lr)
    return stage.begin_at(int(np.argmin(np.linalg.norm(ran.found.stopped - ran.ridge, axis=1))))


def below(terms: StoppingTerms, ran: StoppingAndDecay, stage: Stage) -> None:
    rest(
        stage,
        VIEW.question,
        formulas=[
            r"\text{stopped: } 1 - (1 - \eta s)^t \qquad \text{ridge: } \frac{s}{s + \lambda}",
            r"\lambda \approx \frac{1}{\eta t}",
        ],
        remarks=[
            "Both are the share of least squares' answer along an eigenvector of curvature s. At rates up to 1/L they "
            "agree where ηst is small or large. In between they differ: stopping lets steep directions through more "
            "sharply. Nearest means the smallest Euclidean distance of weights.",
            "Bishop (1995), “Regularization and complexity control in feed-forward networks”; Goodfellow, Bengio & "
            "Courville (2016), “Deep learning”, section 7.8.",
        ],
    )


VIEW = View(
    "stopping",
    "Early stopping",
    "How many steps equal which λ?",
    controls,
    run,
    draw,
    report.on_stopping,
    below,
    clock=lambda terms: TEN if terms.loss is None else terms.loss.key,
)
