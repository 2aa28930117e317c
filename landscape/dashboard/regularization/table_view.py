"""The view of ridge, the elastic net and the lasso on a real table: which of ten weights survive."""

from typing import NamedTuple

from landscape.dashboard.kit.address import Address
from landscape.dashboard.kit.controls import knob_control
from landscape.dashboard.kit.view import Seen, View
from landscape.dashboard.regularization import penalised
from landscape.dashboard.regularization.parts import rest
from landscape.dashboard.regularization.penalised import SelectionTerms
from landscape.dashboard.regularization.penalty_controls import pick
from landscape.descent.report import markdown
from landscape.figures.kit.stage import Stage
from landscape.figures.regularization.selection import selection_stage
from landscape.knob import Knob
from landscape.regularization import report
from landscape.regularization.selection import EXTRAS, TABLE, Selection, survivors

RATIO = Knob(
    0.5, 0.05, 0.95, "linear", r"L1 share $\rho$", "How much of the elastic net is L1: 0 is ridge, 1 is the lasso."
)
ROWS = Knob(442, 10, 442, "integer", "patients", "How many of the 442 patients are used, from the first on.")
FOLDS = Knob(
    10, 2, 10, "integer", "folds", "How many parts the data are split into. Each part judges a fit to the others."
)
PENALTIES_SHOWN = {"2": "Lasso", "1": "Elastic net", "0": "Ridge"}


class Terms(NamedTuple):
    """What is fitted, and whose paths are shown, a key of PENALTIES_SHOWN."""

    selection: SelectionTerms
    which: str


def controls(address: Address) -> Terms:
    which = pick(address, "show", "Paths of", PENALTIES_SHOWN, "2", PENALTIES_SHOWN.__getitem__)
    ratio = knob_control(address, "ratio", RATIO)
    extra = pick(address, "extra", "Add to the table", EXTRAS, "none", lambda k: EXTRAS[k][0])
    rows, folds = knob_control(address, "rows", ROWS), knob_control(address, "folds", FOLDS)
    return Terms(SelectionTerms(extra, rows, ratio, folds), which)


def run(terms: Terms) -> Selection:
    return penalised.selection(terms.selection)


def draw(terms: Terms, chosen: Selection, seen: Seen) -> Stage:
    result = list(chosen.results)[int(terms.which)]
    height = seen.size("regularization")[1]
    stage = selection_stage(chosen, result, seen.theme, narrow=seen.narrow, height=height)
    return stage.begin_at(len(chosen.strengths) - 1 - chosen.results[result].one_standard_error)


def below(terms: Terms, chosen: Selection, stage: Stage) -> None:
    rest(
        stage,
        VIEW.question,
        table=markdown(survivors(chosen)),
        formulas=[
            r"\min_{w, b}\ \tfrac{1}{2N} \lVert X w + b - y \rVert^2 + \lambda \Bigl( \rho \lVert w \rVert_1 + "
            r"\tfrac{1 - \rho}{2} \lVert w \rVert_2^2 \Bigr)",
            r"\rho = 0 \text{: ridge},\quad \rho = 1 \text{: lasso}",
        ],
        remarks=[
            "Columns are standardized, the target is not, and the intercept is not penalised. λ is scikit-learn's "
            "alpha for Lasso and ElasticNet; its Ridge has alpha = λN. The simplest λ is the strongest one "
            "within one standard error, s.e., of the smallest error. A dash is a dropped variable: its weight is 0.",
            f"Data: {TABLE.source}. Licence: {TABLE.licence}.",
        ],
    )


VIEW = View("table", "Ten weights", "Which of ten weights survive?", controls, run, draw, report.on_selection, below)
