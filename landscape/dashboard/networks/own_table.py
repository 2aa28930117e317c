"""The controls of a table of one's own: the file, and which of its columns are taken.

No link carries a table: it is kept in the session, on whatever page the viewer is.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from landscape.dashboard.kit.address import Address, plain, quoted
from landscape.dashboard.kit.controls import file_uploader, selectbox
from landscape.dashboard.kit.page import small
from landscape.dashboard.networks import lessons
from landscape.dashboard.networks.terms import Data
from landscape.datasets import TableError
from landscape.datasets.encoded import decoded
from landscape.datasets.sheet import MAX_NAME, MAX_ROWS
from landscape.datasets.table import AUTOMATIC, MAX_CLASSES, NOTHING, Columns

# Bytes of a file that are looked at; no table that is allowed comes near.
MAX_FILE = 1_000_000
# Text, what is to be known of how its bytes were read, and the columns that were taken last.
TABLE, READING, KEPT = "table", "table.reading", "table.columns"
TYPES = ["csv", "tsv", "txt", "dat", "data", "xlsx", "xls", "ods"]
INVITATION = (
    "No table is here: links carry none, and a restarted server has lost it. "
    f"Choose a file of numbers with a label in each row, at most {MAX_ROWS:,} rows and {MAX_CLASSES} classes."
)
TITLES = {"label": "Label", "first": "First input", "second": "Second input"}
WORDS = {"": "Chosen for you", NOTHING: "None"}


def is_there() -> bool:
    """Whether a table has been brought in this session."""
    return TABLE in st.session_state


def upload() -> tuple[str, Any]:
    """The table in force, "" where there is none: what is wrong with a file is said, and the last good one stays; and
    a place for what is said of it."""
    file = file_uploader("A table, CSV", type=TYPES)
    if file is not None:
        try:
            if file.size > MAX_FILE:
                raise TableError(f"The file has {file.size / 1e6:.1f} MB; at most {MAX_FILE / 1e6:.0f} MB are allowed")
            _take(file.getvalue())
        except TableError as error:
            st.error(plain(f"{error}."))
    return st.session_state.get(TABLE, ""), st.container()


def _take(data: bytes) -> None:
    text, remarks = decoded(data)
    lessons.table(text, AUTOMATIC)
    if text == st.session_state.get(TABLE):
        return
    st.session_state[TABLE], st.session_state[READING] = text, remarks
    # Another table has other columns; a link may name those of the first.
    if st.session_state.pop(KEPT, None) is not None:
        for name in TITLES:
            st.session_state[_key(name)] = ""


def _key(name: str) -> str:
    return f"data.{lessons.OWN}.{name}"


def keep_columns(address: Address) -> None:
    """What a link says of the columns of a table that is still to come."""
    for name in TITLES:
        address.claim(_key(name), "", lambda text: text[:MAX_NAME])


def chosen(address: Address, data: Data, slot: Any, *, shown: bool) -> Data:
    """The data with the columns that are taken, and in `slot` a sentence that says which; menus for them if `shown`."""
    names = lessons.table(data.table, AUTOMATIC).names
    wanted = Columns(*(_column(address, name, names, shown=shown) for name in TITLES))
    try:
        found = lessons.table(data.table, wanted)
    except TableError as error:
        slot.error(plain(f"{error}. The columns stay as they were."))
        wanted = st.session_state.get(KEPT, AUTOMATIC)
        found = lessons.table(data.table, wanted)
        for name, value in wanted._asdict().items():
            address.put(_key(name), value, "")
    st.session_state[KEPT] = wanted
    with slot:
        for sentence in (found.text, *st.session_state.get(READING, []), *found.remarks):
            small(plain(sentence))
    return data._replace(columns=wanted)


def _column(address: Address, name: str, names: Sequence[str], *, shown: bool) -> str:
    """The column chosen as label or input, "" for the one that the table suggests."""
    key = _key(name)
    allowed = ["", *names, *([NOTHING] if name == "second" else [])]

    def known(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"{key} is {quoted(text)}, which is no column of the table")
        return text

    if st.session_state.get(key, "") not in allowed:
        st.session_state[key] = ""
    value = address.claim(key, "", known)
    if shown:
        selectbox(TITLES[name], allowed, key=key, format_func=lambda each: WORDS.get(each, each))
    return value
