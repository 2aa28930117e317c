"""Ask: a question before the answer is seen, a guess, and Reveal. It takes one line, and only of those who want it.

A link with ask=1 asks at once; with shown=1, too, the answer stands beside the guess that the link has.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import streamlit as st

from landscape.dashboard.kit.address import Address, switch, write_number
from landscape.dashboard.kit.controls import knob_control, knob_value, toggle
from landscape.finding import Finding
from landscape.knob import Knob

ASK, SHOWN = "ask", "shown"


class Asking(NamedTuple):
    """What is asked of a view.

    name      of the guess in links, and of what a hand holds on a stage that takes it
    question  one sentence
    knob      for the guess; None where the stage itself is the answer sheet
    answer    (record, guess) -> what it is, beside the guess
    menu      a name and titles by key, where there is more than one thing to ask; the view has claimed it
    """

    name: str
    question: str
    knob: Knob | None
    answer: Callable[[Any, float], Finding]
    menu: tuple[str, Mapping[str, str]] | None = None


class Guess(NamedTuple):
    """What has been guessed, NaN without a knob, and whether the answer is shown."""

    value: float
    shown: bool


def ask(address: Address, place: Any, asking: Asking, record: Any) -> Guess | None:
    """The switch, beside the menu of views; when it is on the question, or the answer. None when it is off."""
    with place:
        on = toggle(address, ASK, "Guess first", False)
    shown = address.claim(SHOWN, False, switch(SHOWN), write_number) if on else st.session_state.pop(SHOWN, False)
    if not on:
        return None
    if asking.menu is not None:
        name, titles = asking.menu
        with place:
            look: dict[str, Any] = {"required": True, "label_visibility": "collapsed"}
            st.segmented_control("What to guess", list(titles), key=name, format_func=titles.__getitem__, **look)
    knob = asking.knob
    known = None if knob is None else st.session_state.get(asking.name)
    if known is not None and knob is not None and not knob.low <= known <= knob.high:
        # Another curve has another range.
        del st.session_state[asking.name]
    if shown:
        value = float("nan") if knob is None else float(knob_value(address, asking.name, knob))
        st.markdown(asking.answer(record, value).text)
        return Guess(value, shown=True)
    words, field, button = st.columns([5, 4, 1.4] if knob else [9, 0.1, 1.4], vertical_alignment="center")
    words.markdown(f"**{asking.question}**")
    value = float("nan")
    if knob is not None:
        with field:
            value = float(knob_control(address, asking.name, knob))
    button.button("Reveal", key="reveal", on_click=_reveal, type="primary")
    return Guess(value, shown=False)


def _reveal() -> None:
    st.session_state[SHOWN] = True
