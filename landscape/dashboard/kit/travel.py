"""Travel: what a viewer has chosen on one page goes along to the next that can have it, if its link says nothing of it.

What belongs together goes together, led by one name: a start means nothing on another landscape. Where nothing of it
was chosen, each page begins where it has most to tell.
"""

from collections.abc import Collection, Mapping, Set
from types import MappingProxyType
from typing import NamedTuple

import streamlit as st

# In the session: what was last chosen, by its leader, as {name: text}; what of that this page may have; and the names
# that it has asked for since.
CHOSEN, BROUGHT, ASKED = "travel.chosen", "travel.brought", "travel.asked"


class Group(NamedTuple):
    """What goes with a leader, names and, with a point at their end, beginnings of names; and between which pages.

    one      the name under which a page has one of several alone
    guests   pages that have nothing but that, and what it may be compared with, under these names: what else goes with
             the leader means something else there
    """

    names: tuple[str, ...]
    pages: tuple[str, ...]
    one: str = ""
    guests: Mapping[str, tuple[str, ...]] = MappingProxyType({})

    def holds(self, name: str) -> bool:
        return name == self.one or any(
            name == each or (each[-1] == "." and name.startswith(each)) for each in self.names
        )

    def welcome(self, page: str, given: Collection[str]) -> bool:
        """Whether a page may have this from elsewhere, if its link gives these names."""
        if page in self.guests:
            return set(given).isdisjoint(self.guests[page])
        return page in self.pages and not any(map(self.holds, given))


MAPS = ("descent", "curvature", "basins")
GROUPS = {
    "surface": Group(("surface", "surface.", "x", "y", "formula", "xlow", "xhigh", "ylow", "yhigh"), MAPS),
    "methods": Group(
        ("methods", "method.", "tune"),
        MAPS,
        one="method",
        guests=MappingProxyType({"backpropagation": ("method", "second")}),
    ),
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
        leader: texts for leader, texts in chosen.items() if GROUPS[leader].welcome(page, given)
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


def pack(page: str, texts: Mapping[str, str], wanted: Set[str]) -> None:
    """Remember what a page shows of what travels, once it has been chosen.

    texts    all that the page has, by name
    wanted   the names that its link has to say
    """
    chosen = st.session_state.setdefault(CHOSEN, {})
    for leader, group in GROUPS.items():
        if page in group.pages and leader in texts and (leader in chosen or any(map(group.holds, wanted))):
            chosen[leader] = {name: text for name, text in texts.items() if group.holds(name)}
        names = group.guests.get(page, ())
        if leader in chosen or not wanted.isdisjoint(names):
            _pack_guests(chosen, leader, [texts[name] for name in names if texts.get(name)])


def _pack_guests(chosen: dict[str, dict[str, str]], leader: str, ones: list[str]) -> None:
    """Remember these alone, unless they are among what has come along."""
    if not set(ones) <= set(chosen.get(leader, {}).get(leader, "").split(",")):
        chosen[leader] = {leader: ",".join(ones)}
