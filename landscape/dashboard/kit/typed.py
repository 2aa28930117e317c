"""Typed: a box for what is written by hand, a number or a text, whose value stands in the URL.

What cannot be used stays in the box, to be mended, and the last value that can stays in force; a sentence says so.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from landscape.dashboard.kit.address import Address, number, plain, write_number
from landscape.dashboard.kit.controls import text_input
from landscape.knob import Knob

# Before a value's name: what its box holds; and after that: the value that this stood for.
BOX, MEANT = "typed.", ".meant"
# No number that is allowed is longer.
LONGEST = 24


def typed(
    address: Address,
    name: str,
    default: Any,
    parse: Callable[[str], Any],
    write: Callable[[Any], str],
    label: str,
    *,
    place: Any = None,
    below: Any = st,
    **look: Any,
) -> Any:
    """The value under the URL name `name`, which a box can change.

    parse, write   as `Address.claim` has them
    place          of the box, under More; else it is a control like others
    below          where the sentence stands
    look           what else st.text_input is told
    """
    value, session, box = address.claim(name, default, parse, write), st.session_state, BOX + name
    # What has been changed by a link, a hand on the stage or another menu is written into the box anew.
    if address.reading or box not in session or session.get(box + MEANT) != value:
        session[box], session[box + MEANT] = write(value), value

    def take() -> None:
        try:
            meant = parse(session[box])
        except ValueError:
            return
        session[name] = session[box + MEANT] = meant

    make = text_input if place is None else place.text_input
    text = make(label, key=box, on_change=take, **look)
    try:
        parse(text)
    except ValueError as error:
        sentence = str(error)
        # A variable is no word.
        begin = sentence[0] if sentence[1] == " " else sentence[0].upper()
        below.error(f"{begin}{sentence[1:]}. {plain(write(value)) or 'What was there'} stays.")
    return value


def typed_number(address: Address, name: str, knob: Knob, label: str, **look: Any) -> Any:
    """A number that is typed: one of a knob's."""
    parse = number(name, knob)
    return typed(address, name, knob.default, parse, write_number, label, max_chars=LONGEST, autocomplete="off", **look)
