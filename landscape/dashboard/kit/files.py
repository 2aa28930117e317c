"""Files to take away: made when a button is pressed, and sent with the page's own data.

Streamlit's download button has its file fetched from an address of its own, where it is gone as soon as the script runs
again, and which another server does not know. Here a press is remembered until the browser says that it has the file:
a script that runs in between sends it again, and none after that.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import streamlit as st

from landscape.dashboard.kit.address import ENTERED
from landscape.figures.kit.bare import bare

# By a file's name: the press that asked for it, and the page. Not the link: a page asked for more meanwhile may have
# its own address back as one.
ASKED = "files.asked"
SCRIPT = Path(__file__).with_name("files.js")


@st.cache_resource
def _carrier() -> Callable[..., Any]:
    return st.components.v2.component("landscape_file", js=bare(SCRIPT))


def file_button(place: Any, label: str, make: Callable[[], str | bytes], name: str, mime: str) -> None:
    """A button in `place` by which a viewer saves what `make` returns as a file of that name."""

    def ask() -> None:
        st.session_state.setdefault(ASKED, {})[name] = uuid4().hex, st.session_state.get(ENTERED)

    place.button(label, key=f"file.{name}", on_click=ask, width="stretch")
    press, page = st.session_state.get(ASKED, {}).get(name, (None, None))
    if press is not None and page == st.session_state.get(ENTERED):
        made = make()
        _send(place, press, name, mime, made.encode() if isinstance(made, str) else made)


def _send(place: Any, press: str, name: str, mime: str, content: bytes) -> None:
    def got() -> None:
        # It may have been asked for anew, or been said already.
        if st.session_state[ASKED].get(name, ("",))[0] == press:
            del st.session_state[ASKED][name]

    head = json.dumps({"id": press, "name": name, "mime": mime}).encode()
    with place.container(key=f"carried.{name}"):
        _carrier()(key=f"file.{press}", data=head + b"\n" + content, on_got_change=got)
