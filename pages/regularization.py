"""Regularization: what a penalty does to a loss, its minimum, its curvature, its path and its fit."""

import streamlit as st

from landscape.dashboard.address import Address, choice, number, write_number
from landscape.dashboard.landscapes import set_start
from landscape.dashboard.page import begin, show_complaints, small
from landscape.dashboard.penalty_views import VIEWS, Shown
from landscape.dashboard.player import player, screen
from landscape.knob import Knob

SPEED = Knob(1.0, 0.25, 4)
AT = Knob(0.0, 0, 1e9)
HEIGHT = {"laptop": 466, "hall": 750, "phone": 1300}


def view_control(address: Address) -> str:
    """The page's question, and the menu of its views."""

    def forget_head() -> None:
        # What one view's clock counts says nothing in another.
        st.session_state["at"] = None

    view = address.claim("view", "weights", choice("view", VIEWS))
    begin(VIEWS[view].question)
    st.segmented_control(
        "See",
        list(VIEWS),
        key="view",
        format_func=lambda k: VIEWS[k].title,
        on_change=forget_head,
        required=True,
        label_visibility="collapsed",
    )
    return view


def play_head(address: Address, view: str, shown: Shown) -> None:
    """The player, its rest position and speed in the URL."""
    last = shown.figure.to_dict()["layout"]["meta"]["times"][-1]

    def click(x: float, y: float, _: str) -> None:
        if shown.clicks:
            set_start(x, y)

    def rest(at: float | None, speed: float) -> None:
        # The end is said by its number: without one the play head begins where the view has it begin.
        st.session_state["at"], st.session_state["speed"] = last if at is None else at, speed

    at = address.claim("at", None, number("at", AT), write_number)
    speed = address.claim("speed", 1.0, number("speed", SPEED), write_number)
    if address.reading or st.session_state.get("begin.view") != view:
        st.session_state["begin"] = {"at": shown.at if at is None else at, "speed": speed}
        st.session_state["begin.view"] = view
    player("stage", **st.session_state["begin"], on_click=click, on_rest=rest, key=f"player.{view}")


def below(shown: Shown) -> None:
    """What the stage leaves to words, a table and formulas."""
    for line in shown.notes:
        st.markdown(f"- {line}")
    if shown.table:
        st.markdown(shown.table)
    for formula in shown.formulas:
        st.latex(formula)
    for remark in shown.remarks:
        small(remark)


def main() -> None:
    address = Address("regularization")
    seen = screen()
    view = view_control(address)
    with st.sidebar:
        shown = VIEWS[view].show(address, narrow=seen == "phone", height=HEIGHT[seen])
    # A phone has the controls above, where the thumb can reach them with the figure in view.
    above, chart, under = st.container(), st.container(), st.container()
    chart.plotly_chart(shown.figure, key="stage", theme=None, config={"displaylogo": False}, alt=shown.alt)
    with above if seen == "phone" else under:
        play_head(address, view, shown)
    address.close()
    show_complaints(address)
    below(shown)


main()
