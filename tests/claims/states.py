"""States: every view of every page, and what a link makes of it, without a browser."""

import importlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from streamlit.testing.v1 import AppTest

from landscape.dashboard.kit.view import Page, RefusalError, View
from landscape.finding import Finding

ROOT = Path(__file__).parents[2]

Query = tuple[tuple[str, str], ...]


def pages() -> dict[str, Page]:
    """Every page, by the name of its file."""
    return {file.stem: importlib.import_module(f"pages.{file.stem}").PAGE for file in (ROOT / "pages").glob("*.py")}


VIEWS = {(name, view.key): view for name, page in pages().items() for view in page.views}


class Told(NamedTuple):
    """A view at some terms: its record, and what it says of it."""

    terms: Any
    record: Any
    findings: Sequence[Finding]


def terms(page: str, view: str, query: Mapping[str, str] | None = None) -> Any:
    """What a link's parameters make of a view's controls; RefusalError where the view has nothing to show for them.

    The controls alone run as a script, which takes a few hundredths of a second.
    """
    app = AppTest.from_function(_controls, args=(page, view), default_timeout=60)
    for name, value in (query or {}).items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, app.exception
    if "refused" in app.session_state:
        raise RefusalError(app.session_state["refused"])
    return app.session_state["terms"]


def _controls(page: str, view: str) -> None:
    """A script by itself, of which AppTest takes the text: what it needs is imported inside."""
    import streamlit as st

    from landscape.dashboard.kit.address import Address
    from landscape.dashboard.kit.view import RefusalError
    from tests.claims.states import VIEWS

    with Address(page) as address:
        try:
            st.session_state["terms"] = VIEWS[page, view].controls(address)
        except RefusalError as refused:
            st.session_state["refused"] = str(refused)


@cache
def told(page: str, view: str, query: Query = ()) -> Told:
    """What a view says for a link's parameters; `run` and `say` are called without a running script."""
    chosen: View[Any, Any] = VIEWS[page, view]
    asked = terms(page, view, dict(query))
    record = chosen.run(asked)
    return Told(asked, record, chosen.say(record))
