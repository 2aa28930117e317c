"""Address: what a view shows is all in its URL, and the URL alone restores it.

A page works `with Address(page)`, and gives every widget its value through `claim` just before the widget is made; at
the end the URL is written. It is read when a page is entered and when the browser goes back or forward; at any other
time the widgets are the truth and the URL follows them. What it says that cannot be understood becomes a sentence in
`complaints`, and the default is used.

A knob is named by the menu that its owner was chosen from, its owner and itself, as "schedule.step.gamma". Links from
before the menu was part of the name are still read.

Streamlit's own `bind="query-params"` writes labels instead of keys and drops what it cannot read without a word.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.exceptions import ScriptControlException

from landscape.dashboard.kit import travel
from landscape.knob import Knob
from landscape.numbers import readable

ENTERED = "address.page"
COMPLAINTS = "address.complaints"
VISITS = "address.visits"
# Before a page's name: the parameters it had last.
LEFT = "address.left."
# Joins words, and takes no room.
JOINER = "\u2060"
# An underscore inside a word marks nothing.
_MARKS = re.compile(r"([\\`*{}\[\]()<>|~$:@&^!]|(?<![^\W_])_|_(?![^\W_]))")
# Addresses with and without http, of mail; icons; arrows and comparisons.
_MADE_INTO_SOMETHING = re.compile(r"(:(?=\S)|@|www(?=\.)|<|-(?=-|\\>)|>(?==)|~(?==))", re.IGNORECASE)
# A stranger's URL may be as long as the server admits; no value of ours is.
MAX_VALUE = 400


class Address:
    """The URL of one page during one run of its script.

    as_left   whether a URL that says nothing stands for what the page showed last, if it was left for another
    """

    def __init__(self, page: str, *, as_left: bool = False) -> None:
        if PagesManager.uses_pages_directory:
            # On a server that has just started, the folder's name makes Streamlit run a page by itself, without app.py
            # around it, until app.py has run once; a link to a page must not depend on who came before.
            PagesManager.uses_pages_directory = False
            st.rerun()
        self._sent = {key: st.query_params[key][:MAX_VALUE] for key in st.query_params}
        self._wanted: dict[str, str] = {}
        # All that is shown, by name, whether or not the URL has to say it.
        self._texts: dict[str, str] = {}
        self._claimed: set[str] = set()
        before = st.session_state.get(ENTERED)
        back = bool(getattr(get_script_run_ctx(), "is_history_navigation", False))
        left = before not in (None, page) and as_left and not back and not self._sent
        self._given = st.session_state.get(LEFT + page, {}) if left else self._sent
        self.reading = back or before != page
        self._page = st.session_state[ENTERED] = page
        if self.reading:
            st.session_state[COMPLAINTS] = []
            st.session_state[VISITS] = self.visit + 1
            travel.arrive(page, self._given, alone=back or left)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        # A script that ends itself early does so for another one, which writes its own.
        if not isinstance(error, ScriptControlException):
            self._close()

    @property
    def visit(self) -> int:
        """How many links this tab has read so far."""
        return st.session_state.get(VISITS, 0)

    @property
    def complaints(self) -> list[str]:
        """What the URL said that was not understood, and what was used instead: one sentence each."""
        return st.session_state[COMPLAINTS]

    def complain(self, sentence: str) -> None:
        if sentence not in self.complaints:
            self.complaints.append(sentence)

    def claim(self, name: str, default: Any, parse: Callable[[str], Any], write: Callable[[Any], str] = str) -> Any:
        """Put the value of the widget with key `name` in place and return it; the URL has it when not the default.

        parse   text to value; a ValueError's message is shown and the default used
        write   value to a text that `parse` reads
        """
        self._claimed |= {name, _former(name)}
        if self.reading:
            st.session_state[name] = self._read(name, default, parse, write)
        elif name not in st.session_state:
            st.session_state[name] = self._brought(name, default, parse)
        value = st.session_state[name]
        # Said again, so that it outlives a run in which its widget is not shown.
        st.session_state[name] = value
        self._texts[name] = write(value)
        if value != default:
            self._wanted[name] = self._texts[name]
        return value

    def _read(self, name: str, default: Any, parse: Callable[[str], Any], write: Callable[[Any], str]) -> Any:
        given = self._given.get(name, self._given.get(_former(name)))
        if given is None:
            return self._brought(name, default, parse)
        try:
            return parse(given)
        except ValueError as error:
            instead = write(default)
            self.complain(f"In the link, {error}. " + (f"{instead} is used instead." if instead else "It is left out."))
            return default

    def _brought(self, name: str, default: Any, parse: Callable[[str], Any]) -> Any:
        """What comes along from another page; the default where it brings nothing that can be had here."""
        for text in travel.brought(name, self._texts):
            with suppress(ValueError):
                return parse(text)
        return default

    def asks(self, name: str) -> bool:
        """Whether the link that is being read gives a value of that name."""
        return self.reading and not {name, _former(name)}.isdisjoint(self._given)

    def put(self, name: str, text: str, usual: str) -> None:
        """Have the URL say something else of a value than its widget does, which may hold what cannot be used; nothing
        where it is what is usual."""
        if text == usual:
            self.release(name)
        else:
            self._wanted[name] = self._texts[name] = text

    def release(self, name: str) -> None:
        """Keep a value out of the URL, because something else that is in it decides the value."""
        self._wanted.pop(name, None)
        self._texts.pop(name, None)

    def _close(self) -> None:
        """Write the URL, if it differs, and complain of what nothing claimed."""
        if self.reading:
            for name in sorted(set(self._given) - self._claimed):
                self.complain(f"In the link, {quoted(name)} is not known here. It is ignored.")
        st.session_state[LEFT + self._page] = self._wanted
        travel.pack(self._page, self._texts, self._wanted.keys())
        if self._wanted != self._sent:
            st.query_params.from_dict(self._wanted)


def _former(name: str) -> str:
    """What a knob was called in links before its menu was part of its name: "step.gamma" of "schedule.step.gamma"."""
    return name.partition(".")[2] if name.count(".") == 2 else name


def quoted(text: str) -> str:
    """What somebody has written, for a sentence: not all of it, and as `plain` has it."""
    return plain(repr(text[:40]))


def plain(text: str) -> str:
    """Words of strangers, or a sentence with some in it, as Markdown that shows them as they are: no link, no markup.

    A backslash takes its meaning from a mark. What makes a link, an icon or an arrow of text does so afterwards, and
    meets a joiner there, which is not seen.
    """
    text = _MARKS.sub(r"\\\1", " ".join(text.split()))
    text = re.sub(r"^(?=(?:[-+#]+|\d+[.)])(?: |$))", JOINER, text)
    return _MADE_INTO_SOMETHING.sub(rf"\1{JOINER}", text)


def number(name: str, knob: Knob) -> Callable[[str], Any]:
    """A parser for a knob's value: ValueError says what is allowed."""

    def parse(text: str) -> Any:
        if knob.scale == "switch":
            return switch(name)(text)
        try:
            # Nobody means a sign by -0.
            value = float(text.replace("\N{MINUS SIGN}", "-")) + 0.0
        except ValueError:
            hint = "; decimals have a point" if "," in text else ""
            raise ValueError(f"{name} is {quoted(text)}, which is not a number{hint}") from None
        try:
            knob.check(name, value)
        except ValueError as error:
            raise ValueError(readable(str(error))) from None
        return round(value) if knob.scale == "integer" else value

    return parse


def switch(name: str) -> Callable[[str], bool]:
    def parse(text: str) -> bool:
        if text not in ("0", "1"):
            raise ValueError(f"{name} is {quoted(text)}; allowed are 0 and 1")
        return text == "1"

    return parse


def choice(name: str, allowed: Any) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"{name} is {quoted(text)}, which is not known")
        return text

    return parse


def choices(name: str, allowed: Any, complain: Callable[[str], None]) -> Callable[[str], list[str]]:
    """A parser for a comma-separated list that keeps what it knows and complains of the rest."""

    def parse(text: str) -> list[str]:
        wanted = list(dict.fromkeys(filter(None, text.split(","))))
        known = [key for key in wanted if key in allowed]
        if not known:
            raise ValueError(f"{name} is {quoted(text)}, which names none that is known")
        for key in wanted:
            if key not in allowed:
                complain(f"In the link, {name} has {quoted(key)}, which is not known. It is left out.")
        return known

    return parse


def write_number(value: Any) -> str:
    """Short, and exact enough to restore the same picture to the last pixel; nothing for None."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, bool) else f"{value:.12g}"
