"""What every page does alike: its frame, its theme, its complaints."""

from typing import Any

import numpy as np
import streamlit as st

from landscape.dashboard.kit.address import Address
from landscape.figures.kit.export import to_html
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import THEMES, Theme

STYLE = """<style>
.stMainBlockContainer { padding: 2.6rem 2.2rem 2rem; }
.stMainBlockContainer h1 { font-size: 1.7rem; padding: 0 0 .1rem; }
.stPlotlyChart .updatemenu-container { display: none; }
/* White on the dark theme's primary colour is too faint. */
.stMultiSelect [data-tag] { background: rgb(128 140 152 / 22%); color: inherit; }
.stMultiSelect [data-tag] * { color: inherit; }
/* Streamlit fades the pages' icons more than the eye can bear. */
[data-testid="stSidebarNav"] [data-testid="stIconMaterial"] { color: inherit; }
[data-testid="stSidebarUserContent"] { padding-top: 0; }
[data-testid="stHeader"] { background: transparent; }
/* What is wider than the page slides by itself. */
.stMain { overflow-x: hidden; }
.stMainBlockContainer .katex-display { overflow-x: auto; overflow-y: hidden; max-width: 100%; padding: .2rem 0; }
.stMainBlockContainer [data-testid="stMarkdownContainer"] table { display: block; overflow-x: auto; max-width: 100%; }
@media (max-width: 640px) {
  .stMainBlockContainer { padding-left: .8rem; padding-right: .8rem; }
  .stMainBlockContainer h1 { font-size: 1.3rem; }
}
</style>"""


def begin(question: str) -> None:
    """The page's title: one question."""
    st.html(STYLE)
    st.title(question, anchor=False)


def theme() -> Theme:
    """The viewer's theme."""
    return THEMES["dark" if st.context.theme.type == "dark" else "light"]


def small(text: str) -> None:
    """A remark in small type, in the text's own colour: Streamlit's captions are too faint to read from afar."""
    st.markdown(f":small[{text}]")


def stage_download(place: Any, stage: Stage, title: str, name: str) -> None:
    """A button for the animated stage as one file that plays without a network."""
    place.download_button(
        "The animated stage, HTML",
        lambda: to_html(stage, title),
        f"{name}.html",
        "text/html",
        width="stretch",
    )


def show_complaints(address: Address) -> None:
    """What the link said that was not understood, until the next link."""
    if address.complaints:
        st.warning(" ".join(address.complaints), icon=":material/link_off:")


def latex_matrix(values: np.ndarray) -> str:
    rows = r" \\ ".join(" & ".join(f"{v:.4g}" for v in row) for row in values)
    return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"
