"""What every view of the Regularization page has around its stage."""

from collections.abc import Iterable

import streamlit as st

from landscape.dashboard.kit.page import small, stage_download
from landscape.dashboard.kit.view import Drawn
from landscape.figures.kit.animated import AnimatedFigure

# Of a stage, in pixels.
HEIGHT = {"laptop": 466, "hall": 750, "phone": 1300}


def clock_at(figure: AnimatedFigure, frame: int) -> float:
    """What the clock shows at a frame."""
    return figure.to_dict()["layout"]["meta"]["times"][frame]


def rest(
    drawn: Drawn,
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
    stage_download(st, drawn.figure, question, drawn.alt, "regularization")
