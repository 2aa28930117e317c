"""Has the browser fetch Plotly, its largest download, while the server is still importing the rest.

Nothing heavy is imported here: that is the point.
"""

from pathlib import Path

import streamlit as st


def preload_charts() -> None:
    """Ask for the chart library that Streamlit would otherwise ask for when the first chart arrives, once a session."""
    slot = st.empty()
    if "preloaded" in st.session_state:
        return
    st.session_state["preloaded"] = True
    for library in (Path(st.__file__).parent / "static/static/js").glob("PlotlyChart.*.js"):
        script = f"import(new URL('static/js/{library.name}', document.baseURI).href).catch(() => {{}})"
        slot.html(f"<script>{script}</script>", unsafe_allow_javascript=True)
