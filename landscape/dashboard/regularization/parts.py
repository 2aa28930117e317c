"""What every view of the Regularization page has around its stage."""

from collections.abc import Iterable

import streamlit as st

from landscape.dashboard.kit.page import small, stage_download
from landscape.figures.kit.stage import Stage


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
