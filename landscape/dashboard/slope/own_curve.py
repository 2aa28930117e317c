"""The controls of a curve of the viewer's own: the formula in x, from where to where, and a slider for every letter."""

from dataclasses import replace
from typing import Any

import streamlit as st

from landscape.calculus.curves import FARTHEST, OWN, Curve, own_curve
from landscape.dashboard.kit.address import Address, write_number
from landscape.dashboard.kit.controls import knob_controls, knob_value
from landscape.dashboard.kit.drawer import folder
from landscape.dashboard.kit.own import formula_box, kept
from landscape.dashboard.kit.typed import typed_number
from landscape.formulas.expression import Formula, parse
from landscape.formulas.tokens import letter
from landscape.knob import Knob
from landscape.typed import LETTER

TEXT, DOMAIN = "x^3/3 - a x", (-3.0, 3.0)
ENDS = ("xlow", "xhigh")
END = Knob(0.0, -FARTHEST, FARTHEST)
# The last text and domain that could be used.
KEPT = "own.curve.kept"
LABEL = "Formula, f(x) ="


def own_curve_controls(address: Address) -> Curve:
    """The viewer's own curve, as it was last understood."""
    if address.reading:
        st.session_state.pop(KEPT, None)
    text, domain = st.session_state.get(KEPT, (TEXT, DOMAIN))
    formula = formula_box(address, LABEL, TEXT, _in_x)
    letters = {name: replace(LETTER, label=f"${letter(name)}$") for name, _ in formula.parameters}
    settings = knob_controls(address, f"curve.{OWN}", letters)

    def usable(ends: Any) -> Curve:
        return own_curve(formula.text, ends, settings)

    ends = _ends(address)
    try:
        curve = usable(kept(ends, domain, usable))
    except ValueError:
        # On neither stretch has this formula a value, as has been said: the last curve stays.
        curve = own_curve(text, domain, settings)
    for name, end, usual in zip(ENDS, curve.domain, DOMAIN, strict=True):
        if end != st.session_state[name]:
            address.put(name, write_number(end), write_number(usual))
    st.session_state[KEPT] = (curve.formula, curve.domain)
    return curve


def _in_x(text: str) -> Formula:
    return parse(text, ("x",))


def _ends(address: Address) -> tuple[float, float]:
    """The ends of the domain, whose fields stand in a drawer."""
    ends = {name: replace(END, default=usual) for name, usual in zip(ENDS, DOMAIN, strict=True)}
    low, high = (knob_value(address, name, end) for name, end in ends.items())
    with folder(f"Drawn: x {low:g} to {high:g}", "own.curve") as box:
        if box.open:
            columns, below = st.columns(2), st.container()
            for column, name, word in zip(columns, ENDS, ("from", "to"), strict=True):
                typed_number(address, name, ends[name], f"x {word}", place=column, below=below)
    return low, high
