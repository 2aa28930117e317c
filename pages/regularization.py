"""Regularization: what a penalty does to a loss, its minimum, its curvature, its path and its fit."""

import streamlit as st

from landscape.dashboard.kit.address import Address, choice
from landscape.dashboard.kit.landscapes import set_start
from landscape.dashboard.kit.page import begin, show_complaints, small, stage_download
from landscape.dashboard.kit.player import animated_chart, screen
from landscape.dashboard.regularization.penalty_views import VIEWS, Shown

HEIGHT = {"laptop": 466, "hall": 750, "phone": 1300}


def view_control(address: Address) -> str:
    """The page's question, and the menu of its views."""
    view = address.claim("view", "weights", choice("view", VIEWS))
    begin(VIEWS[view].question)
    st.segmented_control(
        "See",
        list(VIEWS),
        key="view",
        format_func=lambda k: VIEWS[k].title,
        required=True,
        label_visibility="collapsed",
    )
    return view


def below(shown: Shown, question: str) -> None:
    """What the stage leaves to words, a table, formulas and a file."""
    for line in shown.notes:
        st.markdown(f"- {line}")
    if shown.table:
        st.markdown(shown.table)
    for formula in shown.formulas:
        st.latex(formula)
    for remark in shown.remarks:
        small(remark)
    stage_download(st, shown.stage, question, "regularization")


def main() -> None:
    address = Address("regularization")
    seen = screen()
    view = view_control(address)
    with st.sidebar:
        shown = VIEWS[view].show(address, narrow=seen == "phone", height=HEIGHT[seen])
    animated_chart(
        address,
        # Another clock is another chart, whose play head begins anew.
        f"stage-{view}-{shown.clock}",
        shown.stage,
        lambda x, y, _: set_start(x, y) if shown.clicks else None,
    )
    address.close()
    show_complaints(address)
    below(shown, VIEWS[view].question)


main()
