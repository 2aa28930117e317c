"""Hunt: random and hostile states of every view, each a link, taken through the view's `run` and `say`.

A view's own controls say what there is to draw: whatever they claim from a link is dealt, by the knob, the menu or the
list that would read it. So a new page is hunted through from its first day.
"""

import logging
import re
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from unittest.mock import patch
from urllib.parse import urlencode

import numpy as np
import streamlit as st

from landscape.dashboard.kit.address import Address, write_number
from landscape.dashboard.kit.ask import Asking
from landscape.dashboard.kit.view import RefusalError, View
from landscape.finding import Finding
from tests.claims.checks import CHECKS, numbers_in
from tests.claims.dealing import dealt, of_knob
from tests.claims.states import VIEWS
from tests.claims.tables import TABLES
from tests.claims.wording import shown

# A widget gives what its key holds.
WIDGETS = ("selectbox", "segmented_control", "multiselect", "slider", "select_slider", "toggle", "number_input")
WIDGETS += ("text_input", "text_area", "checkbox", "radio", "pills")
# One of what is counted, as if it were more.
THINGS = "variables pairs steps pieces points gradients values starts weights samples windows batches curves dimensions"
PLURAL = re.compile(rf"(?<![\d.,⁻·−/-])1 (?:{'|'.join(THINGS.split())})\b")
# A zero below zero.
SIGNED = re.compile(r"(?<![\w.)⁰¹²³⁴⁵⁶⁷⁸⁹])[-−]0(?:\.0*)?(?![\d.·])")
# What is said to go from a number to itself.
STILL = re.compile(r"(?i)\bfrom (?:x = )?\**([−\d.,·⁻⁰¹²³⁴⁵⁶⁷⁸⁹]*\d)\** to \**\1\**(?![\de·⁻⁰¹²³⁴⁵⁶⁷⁸⁹]|[.,]\d)")
# An eight begins with a vowel.
ARTICLE = re.compile(r"\ba \**(?:8|11(?!\d)|18(?!\d)|LSTM)")
# What has nothing to give.
SILENT = ("button", "file_uploader")

# States of a view in each round, where not one: the kinds of things said differ in number, the time in hundredfold.
WEIGHTS: dict[tuple[str, str], float] = {
    ("descent", "race"): 5.0,
    ("curvature", "model"): 3.0,
    ("curvature", "order"): 3.0,
    ("curvature", "stability"): 0.8,
    ("regularization", "weights"): 2.0,
    ("regularization", "methods"): 2.0,
    ("backpropagation", "training"): 2.0,
    ("backpropagation", "spectrum"): 2.0,
    ("basins", "sweep"): 0.12,
    ("basins", "fates"): 0.4,
    ("slope", "taylor"): 0.12,
    ("recurrence", "unrolled"): 0.1,
    ("recurrence", "series"): 0.1,
    ("area", "batch"): 0.4,
    ("regularization", "table"): 0.12,
    ("convolution", "train"): 0.3,
    ("regularization", "fit"): 0.5,
    ("area", "points"): 0.5,
    ("area", "ball"): 0.5,
    ("recurrence", "cliff"): 0.5,
}


class Hand(Address):
    """An Address that deals: what the view claims comes from a link where that has it, and by chance where not."""

    def __init__(self, page: str, rng: np.random.Generator, link: Mapping[str, str] | None = None) -> None:
        st.session_state.clear()
        st.session_state["address.complaints"] = []
        self._page, self._rng, self._known = page, rng, link
        self._claimed, self._wanted, self._texts, self._given = set[str](), dict[str, str](), dict[str, str](), {}
        self._sent, self.reading = {}, True
        self._given = dict(link or {})
        self._boldness = rng.choice([0.1, 0.4, 0.9])

    def claim(self, name: str, default: Any, parse: Callable[[str], Any], write: Callable[[Any], str] = str) -> Any:
        if self._known is None and name not in self._given and name not in st.session_state:
            text = dealt(self._page, name, default, parse, self._rng, self._boldness)
            if text is not None:
                self._given[name] = text
        return super().claim(name, default, parse, write)

    def guess(self, asking: Asking) -> float:
        """What the link has guessed, or chance."""
        if asking.knob is None:
            return float("nan")
        if self._known is None and asking.name not in self._given:
            self._given[asking.name] = write_number(of_knob(asking.knob, None, self._rng))
        return float(self._given.get(asking.name, asking.knob.default))

    @property
    def link(self) -> dict[str, str]:
        return self._given


class State(NamedTuple):
    """A view at a link: the kinds of what it said, and what is wrong with any of it; refused where it shows nothing."""

    page: str
    view: str
    link: Mapping[str, str]
    kinds: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    refused: bool = False

    @property
    def url(self) -> str:
        several = sum(page == self.page for page, _ in VIEWS) > 1
        return f"/{self.page}?" + urlencode({"view": self.view, **self.link} if several else dict(self.link))


@contextmanager
def without_streamlit() -> Iterator[None]:
    """Widgets answer from the session's state, without a running script."""

    def held(*_: Any, key: str, **__: Any) -> Any:
        return st.session_state.get(key)

    def nothing(*_: Any, **__: Any) -> None:
        return None

    # Of every widget Streamlit says that no script runs.
    logging.disable(logging.CRITICAL)
    try:
        with patch.multiple(st, **dict.fromkeys(WIDGETS, held) | dict.fromkeys(SILENT, nothing)):
            yield
    finally:
        logging.disable(logging.NOTSET)


def state(page: str, view: str, rng: np.random.Generator, link: Mapping[str, str] | None = None) -> State:
    """A view at a link, or where chance leads, and whatever is wrong there."""
    chosen = VIEWS[page, view]
    with without_streamlit():
        hand = Hand(page, rng, link)
    try:
        with without_streamlit():
            terms = chosen.controls(hand)
            record = chosen.run(terms)
            findings = (*chosen.say(record), *_answered(chosen, terms, record, hand))
            tables = [write(record) for write in TABLES.get((page, view), ())]
    except RefusalError as refused:
        return State(page, view, hand.link, faults=tuple(unfit(str(refused), ())), refused=True)
    except Exception as error:
        return State(page, view, hand.link, faults=(_told(error),))
    faults = [*(fault for finding in findings for fault in wrong(record, finding))]
    faults += [f"table: {fault}" for table in tables for fault in unfit(table, ())]
    return State(page, view, hand.link, tuple(each.kind for each in findings), tuple(faults))


def _answered(view: View[Any, Any], terms: Any, record: Any, hand: Hand) -> list[Finding]:
    """What somebody hears who has guessed."""
    asking = view.ask(terms, record)
    if asking is None:
        return []
    return [asking.answer(record, hand.guess(asking))]


def _told(error: Exception) -> str:
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {str(error)[:300]} ({place.filename.rsplit('/', 1)[-1]}, line {place.lineno})"


def wrong(record: Any, finding: Finding) -> list[str]:
    """What is false in a finding, and what is not fit to be read."""
    found = [f"{finding.kind}: {fault}" for fault in unfit(finding.text, list(numbers_in(finding.numbers)))]
    if finding.kind not in CHECKS:
        return [*found, f"{finding.kind} has no check"]
    try:
        with np.errstate(all="ignore"):
            CHECKS[finding.kind](record, finding)
    except Exception as error:
        found.append(f"{finding.kind}: {_told(error)} in {finding.text!r}")
    return found


def unfit(text: str, numbers: Sequence[float]) -> list[str]:
    """Not a number, infinity, a share that is not zero written as none, one of something called many, or `wooden`."""
    found = [f"{word[0]} in {text[:200]!r}" for word in re.finditer(r"(?<![A-Za-z])(nan|inf)(?![A-Za-z])", text)]
    if re.search(r"(?<![\d.,\u2070-\u2079])0 ?%", text) and not any(number == 0 for number in numbers):
        found.append(f"a share is said to be 0 % in {text[:200]!r}")
    found += [f"{one[0]!r} in {text[:200]!r}" for one in PLURAL.finditer(text)]
    found += [f"{one[0]!r} in {text[:200]!r}" for one in (*ARTICLE.finditer(text), *STILL.finditer(text))]
    found += [f"nothing with a sign in {text[:200]!r}" for _ in SIGNED.finditer(text)]
    return found + shown(text)


def hunt(seed: int, wanted: str = "") -> Iterator[State]:
    """States without an end: every view in turn, the slow ones less often; the same seed gives the same states.

    wanted   only views whose "page/view" has this in it
    """
    rng, views = np.random.default_rng(seed), [each for each in VIEWS if wanted in "/".join(each)]
    while True:
        for page, view in views:
            for _ in range(int(WEIGHTS.get((page, view), 1.0) + rng.random())):
                yield state(page, view, np.random.default_rng(rng.integers(2**63)))
