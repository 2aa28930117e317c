"""Travel: what a viewer has chosen on one page goes along to the next that can have it, if its link says nothing of it.

What belongs together goes together, led by one name: a start means nothing on another landscape. Where nothing of it
was chosen, each page begins where it has most to tell.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

import streamlit as st

# In the session: what was last chosen, by its leader, as {name: text}; what of that this page may have; and the names
# that it has asked for since.
CHOSEN, BROUGHT, ASKED = "travel.chosen", "travel.brought", "travel.asked"


class Group(NamedTuple):
    """What goes with a leader, names and, with a point at their end, beginnings of names; between which pages; and the
    name under which a page has one of several alone."""

    names: tuple[str, ...]
    pages: tuple[str, ...]
    one: str = ""

    def holds(self, name: str) -> bool:
        return name == self.one or any(
            name == each or (each[-1] == "." and name.startswith(each)) for each in self.names
        )


MAPS = ("descent", "curvature", "basins")
GROUPS = {
    "surface": Group(("surface", "surface.", "x", "y", "formula", "xlow", "xhigh", "ylow", "yhigh"), MAPS),
    "methods": Group(("methods", "method.", "tune"), MAPS, one="method"),
    "curve": Group(("curve", "curve.", "formula", "xlow", "xhigh"), ("slope", "area")),
    "penalty": Group(("penalty", "penalty."), ("regularization", "backpropagation")),
}


def arrive(page: str, given: Collection[str], *, alone: bool) -> None:
    """A page is entered by a link that gives these names.

    alone   whether the link is all that counts
    """
    chosen = {} if alone else st.session_state.get(CHOSEN, {})
    st.session_state[ASKED] = set()
    st.session_state[BROUGHT] = {
        leader: texts
        for leader, texts in chosen.items()
        if page in GROUPS[leader].pages and not any(map(GROUPS[leader].holds, given))
    }


def brought(name: str, texts: Mapping[str, str]) -> list[str]:
    """What there is for a name that a page asks for the first time, in the order in which to try it.

    texts   what the page has already, by name
    """
    asked = st.session_state.get(ASKED, set())
    if name in asked:
        # It has been let go since.
        return []
    asked.add(name)
    for leader, chosen in st.session_state.get(BROUGHT, {}).items():
        if name == GROUPS[leader].one:
            return chosen[leader].split(",")
        if name in chosen and (name == leader or texts.get(leader) == chosen[leader]):
            return [chosen[name]]
    return []


def pack(page: str, texts: Mapping[str, str], wanted: Collection[str]) -> None:
    """Remember what a page shows of what travels, once it has been chosen.

    texts    all that the page has, by name
    wanted   the names that its link has to say
    """
    chosen = st.session_state.setdefault(CHOSEN, {})
    for leader, group in GROUPS.items():
        if page in group.pages and leader in texts and (leader in chosen or any(map(group.holds, wanted))):
            chosen[leader] = {name: text for name, text in texts.items() if group.holds(name)}
