"""The frame of all pages: what the product is called, and where question, views, stage and play bar stand.

It is said before anything else, so that nothing moves when it is understood. Nothing heavy is imported here.
"""

from pathlib import Path

import streamlit as st

from landscape.figures.kit.bare import bare

NAME = "See calculus learn"
ABOUT = "Watch and steer the calculus inside machine learning."

STYLE = f"<style>\n{bare(Path(__file__).parent / 'frame.css')}</style>"


def show_frame() -> None:
    """The frame, and the product's name with one sentence of what it is."""
    with st.container(key="frame"):
        # Not `st.html`, whose code a browser fetches first: the page would be seen without its style meanwhile.
        st.markdown(f"{STYLE}\n<p><b>{NAME}.</b> {ABOUT}</p>", unsafe_allow_html=True)
