"""View: one question, and what answers it. A page is a list of views, and every page is shown by `show`.

A view is a record of functions, each of which does one thing:

    controls(address)             reads the widgets and the link into terms, a NamedTuple of primitives: most used first
    run(terms)                    the core's record for these terms; needs no running script, so that tests can call it
    draw(terms, record, seen)     the stage
    say(record)                   findings, which the core has made
    below(terms, record, stage)   tables, formulas and files under the findings
    click(terms, x, y, axis)      in a callback: what a click on a panel changes; axis is the panel's x axis, "x2"
    between(terms, record, stage) what the findings are read with, between the stage and them
    clock(terms)                  names what the play head slides over: under another name it begins anew
    held()                        in a callback: what else changes when something on the stage was held and let go
    ask(terms, record)            what those are asked who want to guess first, None for nothing
    sketch(terms, record, guess, seen)   the stage on which they guess; without one there is none until the answer

Terms are hashable and hold all that a view depends on: they are also what its results are cached under. A callback has
no more than them: Streamlit keeps callbacks for as long as a viewer is there, and what they hold.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import nan
from typing import Any, Generic, NamedTuple, TypeVar

import streamlit as st

from landscape.dashboard.kit.address import Address, choice
from landscape.dashboard.kit.ask import Asking, ask
from landscape.dashboard.kit.descent_link import leave_if_asked
from landscape.dashboard.kit.drawer import left_drawer
from landscape.dashboard.kit.kept import bar_here, go_on
from landscape.dashboard.kit.page import begin, show_complaints, small, theme
from landscape.dashboard.kit.player import Hands, chart, device, screen
from landscape.figures.kit import layouts
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import Theme
from landscape.finding import Finding
from landscape.numbers import readable

Terms = TypeVar("Terms")
Record = TypeVar("Record")
Ranges = Mapping[str, tuple[float, float]]


# The page, the view and the terms that were last shown.
LAST = "view.last"


class Seen(NamedTuple):
    """What a stage is drawn for: the viewer's theme, what `player.screen` says, and whether an answer is shown."""

    theme: Theme
    screen: str
    answered: bool = False

    @property
    def narrow(self) -> bool:
        return self.screen == "phone"

    def size(self, page: str, maps: int = 1) -> tuple[int, int]:
        """Width and height of a page's stage in pixels: the standard ones where `layouts.SIZES` has none of its own."""
        return layouts.size(page, self.screen, maps)


class RefusalError(Exception):
    """Raised by `controls`, `run` or `draw` where there is nothing to show; the text is the sentence that says why."""


def _nothing(*_: Any) -> None:
    pass


def _never() -> bool:
    return False


def _always_the_same(_: Any) -> str:
    return ""


@dataclass(frozen=True)
class View(Generic[Terms, Record]):
    """See the module. key is its name in links, title its name in the menu of views, question the page's heading."""

    key: str
    title: str
    question: str
    controls: Callable[[Address], Terms]
    run: Callable[[Terms], Record]
    draw: Callable[[Terms, Record, Seen], Stage]
    say: Callable[[Record], Sequence[Finding]]
    below: Callable[[Terms, Record, Stage], None] = _nothing
    click: Callable[[Terms, float, float, str], None] = _nothing
    between: Callable[[Terms, Record, Stage], None] = _nothing
    clock: Callable[[Terms], str] = _always_the_same
    held: Callable[[], None] = _nothing
    ask: Callable[[Terms, Record], Asking | None] = _nothing
    sketch: Callable[[Terms, Record, float, Seen], Stage] | None = None


class Page(NamedTuple):
    """A page: its key, which is its file's name and its name in links, and its views, the first one first.

    follow           called in a callback with the keys of the view that is left and the one that is chosen
    as_left          whether a link that says nothing opens the page as it was left, since it holds what no link can
    """

    key: str
    views: tuple[View[Any, Any], ...]
    follow: Callable[[str, str], None] = _nothing
    as_left: Callable[[], bool] = _never


def show(page: Page) -> None:
    """Run a page: the question, the controls, the stage, what was wrong in the link, the findings, and the rest."""
    leave_if_asked()
    with Address(page.key, as_left=page.as_left()) as address:
        view = _chosen(page, address)
        begin(view.question)
        row = st.container(key="views", horizontal=screen() != "phone")
        with row:
            _menu(page)
        try:
            terms, record, stage = _or_the_last(page, view, address, row)
        except RefusalError as refused:
            st.info(readable(str(refused)), icon=":material/help:")
            stage = None
    with st.container(key="rest"):
        show_complaints(address)
        if stage is not None:
            view.between(terms, record, stage)
            for finding in view.say(record):
                st.markdown(f"- {readable(finding.text)}")
            view.below(terms, record, stage)
    go_on()


def _or_the_last(
    page: Page, view: View[Terms, Record], address: Address, row: Any
) -> tuple[Terms, Record, Stage | None]:
    """As `_drawn`; where there is nothing to show, what this view has last shown, and under it why it stays."""
    try:
        drawn = _drawn(page, view, address, row)
    except RefusalError as refused:
        *of, terms = st.session_state.get(LAST, (None,))
        if address.reading or of != [page.key, view.key]:
            raise
        drawn = _staged(page, view, address, row, terms)
        st.info(readable(str(refused)), icon=":material/help:")
        return drawn
    st.session_state[LAST] = (page.key, view.key, drawn[0])
    return drawn


def _drawn(page: Page, view: View[Terms, Record], address: Address, row: Any) -> tuple[Terms, Record, Stage | None]:
    """The controls, and the stage that they ask for; none while somebody guesses."""
    with bar_here():
        with left_drawer(row):
            terms = view.controls(address)
        return _staged(page, view, address, row, terms)


def _staged(
    page: Page, view: View[Terms, Record], address: Address, row: Any, terms: Terms
) -> tuple[Terms, Record, Stage | None]:
    record = view.run(terms)
    asking = view.ask(terms, record)
    guess = None if asking is None else ask(address, row, asking, record)
    seen = Seen(theme(), screen())
    if guess is not None and not guess.shown:
        if view.sketch is not None:
            sketch = view.sketch(terms, record, guess.value, seen)
            chart(address, f"sketch-{view.key}", sketch, Hands(_nothing, partial(_put, _ranges(sketch))))
        else:
            small("The picture comes with the answer.")
        return terms, record, None
    stage = view.draw(terms, record, seen._replace(answered=guess is not None))
    if device() == "tablet":
        stage = stage.taller(layouts.TABLET)

    ranges = _ranges(stage)

    def grabbed(values: Mapping[str, float]) -> None:
        _put(ranges, values)
        view.held()

    name = "-".join(filter(None, ("stage", view.key, view.clock(terms))))
    chart(address, name, stage, Hands(partial(view.click, terms), grabbed))
    return terms, record, stage


def _ranges(stage: Stage) -> Ranges:
    """What can be held on the stage, by name, and from where to where."""
    return {name: (value["low"], value["high"]) for name, value in stage.live.get("values", {}).items()}


def _put(ranges: Ranges, values: Mapping[str, float]) -> None:
    """What was held on the stage is what its widgets have; a browser may say anything."""
    for name, value in values.items():
        # None lies between two that are not numbers.
        low, high = ranges.get(name, (nan, nan))
        if low <= value <= high:
            st.session_state[name] = value


def _chosen(page: Page, address: Address) -> View[Any, Any]:
    by_key = {view.key: view for view in page.views}
    if len(page.views) == 1:
        return page.views[0]
    key = address.claim("view", page.views[0].key, choice("view", by_key))
    st.session_state[_before(page)] = key
    return by_key[key]


def _before(page: Page) -> str:
    return f"{page.key}.view"


def _menu(page: Page) -> None:
    """The menu of views; where there is but one, its row is for what the view puts there."""
    if len(page.views) == 1:
        return
    titles = {view.key: view.title for view in page.views}
    st.segmented_control(
        "View",
        list(titles),
        key="view",
        format_func=lambda key: titles[key],
        on_change=lambda: page.follow(st.session_state[_before(page)], st.session_state["view"]),
        required=True,
        label_visibility="collapsed",
    )
