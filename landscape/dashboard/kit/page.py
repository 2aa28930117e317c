"""What every page does alike: its frame, its theme, its complaints."""

from typing import Any

import numpy as np
import streamlit as st

from landscape.dashboard.kit.address import Address
from landscape.dashboard.kit.files import file_button
from landscape.figures.kit.export import to_html
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import THEMES, Theme
from landscape.numbers import latex_number, readable


def begin(question: str) -> None:
    """The page's title: one question."""
    st.title(question, anchor=False)


def theme() -> Theme:
    """The viewer's theme."""
    return THEMES["dark" if st.context.theme.type == "dark" else "light"]


def small(text: str) -> None:
    """A remark in small type, in the text's own colour: Streamlit's captions are too faint to read from afar."""
    st.markdown(f":small[{readable(text)}]")


def stage_download(place: Any, stage: Stage, title: str, name: str) -> None:
    """A button for the animated stage as one file that plays without a network."""
    file_button(place, "The animated stage, HTML", lambda: to_html(stage, title), f"{name}.html", "text/html")


def show_complaints(address: Address) -> None:
    """What the link said that was not understood, until the next link."""
    if address.complaints:
        st.warning(" ".join(address.complaints), icon=":material/link_off:")


def latex_matrix(values: np.ndarray) -> str:
    rows = r" \\ ".join(" & ".join(latex_number(v) for v in row) for row in values)
    return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"
