"""The controls of a formula of the viewer's own: the text, the map, a slider for every letter, and what was understood.

A text or a map that cannot be used is named in one sentence, and the last one that can stays in force.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from landscape.dashboard.kit.address import Address, plain, write_number
from landscape.dashboard.kit.controls import knob_controls, knob_value, selectbox
from landscape.dashboard.kit.drawer import folder
from landscape.dashboard.kit.page import small
from landscape.dashboard.kit.runs import Place, landscape
from landscape.dashboard.kit.typed import typed, typed_number
from landscape.domain import Domain, Landscape
from landscape.formulas.expression import Formula, parse
from landscape.formulas.tokens import MAX_LENGTH, letter
from landscape.knob import Knob
from landscape.starters import STARTERS
from landscape.typed import FARTHEST, LETTER, OWN, Own, check_domain

FORMULA, GALLERY = "formula", "own.gallery"
EDGES = ("xlow", "xhigh", "ylow", "yhigh")
EDGE = Knob(0.0, -FARTHEST, FARTHEST)
# The last map that could be used, and the start that goes with it.
KEPT, START = "own.kept", "own.start"
FIRST = STARTERS["tilted_waves"]
LABEL = "Formula, f(x, y) ="


def own_controls(address: Address) -> Landscape:
    """The viewer's own landscape, as it was last understood."""
    if address.reading:
        st.session_state.pop(KEPT, None)
    selectbox(
        "Begin with an example",
        list(STARTERS),
        index=None,
        key=GALLERY,
        format_func=lambda key: STARTERS[key].title,
        placeholder="Choose one of a dozen",
        on_change=_begin,
    )
    formula = formula_box(address, LABEL, FIRST.formula, parse)
    domain = kept(_edges(address), st.session_state.get(KEPT, FIRST.domain), check_domain)
    for name, edge, usual in zip(EDGES, _flat(domain), _flat(FIRST.domain), strict=True):
        if edge != st.session_state[name]:
            address.put(name, write_number(edge), write_number(usual))
    st.session_state[KEPT] = domain
    letters = {name: replace(LETTER, label=f"${letter(name)}$") for name, _ in formula.parameters}
    settings = knob_controls(address, f"surface.{OWN}", letters)
    surface = landscape(Place(OWN, tuple(settings.items()), formula.text, domain))
    _follow_start(surface)
    return surface


def own_query(surface: Own) -> dict[str, str]:
    """What a link says of the viewer's own landscape besides its letters."""
    wanted = {FORMULA: surface.formula} | dict(zip(EDGES, map(write_number, _flat(surface.domain)), strict=True))
    usual = {FORMULA: FIRST.formula} | dict(zip(EDGES, map(write_number, _flat(FIRST.domain)), strict=True))
    return {name: text for name, text in wanted.items() if text != usual[name]}


def _begin() -> None:
    """Take over a formula of the gallery."""
    starter = STARTERS.get(str(st.session_state.pop(GALLERY, "")))
    if starter is None:
        return
    st.session_state[FORMULA] = starter.formula
    for name, edge in zip(EDGES, _flat(starter.domain), strict=True):
        st.session_state[name] = edge
    for name, _ in parse(starter.formula).parameters:
        st.session_state[f"surface.{OWN}.{name}"] = dict(starter.values).get(name, LETTER.default)
    for name in ("x", "y"):
        st.session_state.pop(name, None)


def formula_box(address: Address, label: str, usual: str, read: Callable[[str], Formula]) -> Formula:
    """The box of a formula, and what was understood; `read` raises ValueError for what it cannot read."""

    def readable(text: str) -> str:
        try:
            read(text)
        except ValueError as error:
            raise ValueError(f"the formula cannot be read: {plain(str(error))}") from None
        return text

    _while_typing()(key="typing", data={"label": label})
    formula = read(typed(address, FORMULA, usual, readable, str, label, max_chars=MAX_LENGTH))
    # In the line, where a long formula is broken between its terms.
    st.markdown(rf"${label.removeprefix('Formula, ')} {formula.latex_as_typed()}$")
    for note in formula.notes:
        small(plain(note.text))
    return formula


@st.cache_resource
def _while_typing() -> Callable[..., Any]:
    """Reads the field while somebody types."""
    script = Path(__file__).with_name("typing.js").read_text(encoding="utf-8")
    return st.components.v2.component("landscape_typing", js=script)


def _edges(address: Address) -> Domain:
    """The edges of the map, whose fields stand in a drawer."""
    edges = {name: replace(EDGE, default=usual) for name, usual in zip(EDGES, _flat(FIRST.domain), strict=True)}
    left, right, bottom, top = (knob_value(address, name, edge) for name, edge in edges.items())
    with folder(f"Map: x {left:g} to {right:g}, y {bottom:g} to {top:g}", "own") as box:
        for axis, names in (("x", EDGES[:2]), ("y", EDGES[2:])) if box.open else ():
            columns, below = st.columns(2), st.container()
            for column, name, word in zip(columns, names, ("from", "to"), strict=True):
                typed_number(address, name, edges[name], f"{axis} {word}", place=column, below=below)
    return (left, right), (bottom, top)


def kept(given: Any, before: Any, check: Callable[[Any], Any]) -> Any:
    """What was given, where it passes the check; else a sentence that says why not, and what was there before."""
    try:
        check(given)
    except ValueError as error:
        st.error(plain(f"{error}."))
        return before
    return given


def _follow_start(surface: Landscape) -> None:
    """A start that nobody has chosen goes with the formula, and so does one that is on the map no more."""
    session = st.session_state
    before = session.get(START)
    session[START] = surface.start
    if before in (None, surface.start) or "x" not in session or "y" not in session:
        return
    at = session["x"], session["y"]
    off = any(not low <= v <= high for v, (low, high) in zip(at, surface.domain, strict=True))
    if off or at == before:
        for name in ("x", "y"):
            del session[name]


def _flat(domain: Domain) -> tuple[float, ...]:
    return (*domain[0], *domain[1])
