"""What views of the Regularization page have in common: what is around a stage, and what a hand has of the data."""

from collections.abc import Iterable

import numpy as np
import streamlit as st

from landscape.dashboard.kit.page import small, stage_download
from landscape.dashboard.regularization.penalised import Loss
from landscape.figures.kit.stage import Stage
from landscape.figures.regularization.hold import Held
from landscape.regularization.two_weights import TWO_WEIGHTS


def rest(
    stage: Stage,
    question: str,
    *,
    notes: Iterable[str] = (),
    table: str = "",
    formulas: Iterable[str],
    remarks: Iterable[str],
) -> None:
    """What the stage leaves to words, a table, formulas and a file.

    notes     on what is shown, whatever comes of it, in Markdown
    table     in Markdown      formulas  LaTeX
    remarks   in small type: conventions and sources
    """
    for line in notes:
        st.markdown(f"- {line}")
    if table:
        st.markdown(table)
    for formula in formulas:
        st.latex(formula)
    for remark in remarks:
        small(remark)
    stage_download(st, stage, question, "regularization")


def held(loss: Loss) -> Held | None:
    """What of a loss's data a hand can hold."""
    chosen, settings = TWO_WEIGHTS[loss.key], dict(loss.settings)
    if not chosen.true:
        return None
    spans = [(chosen.knobs[name].low, chosen.knobs[name].high) for name in chosen.true]
    first, second = (f"loss.{loss.key}.{name}" for name in chosen.true)
    return Held((first, second), np.array([settings[name] for name in chosen.true]), spans)
