"""Has the browser fetch Plotly, its largest download, while the server is still importing the rest; and gives it what
every page does by itself.

Nothing heavy is imported here: that is the point.
"""

from pathlib import Path

import streamlit as st

BY_ITSELF = Path(__file__).with_name("page.js").read_text(encoding="utf-8")
LIBRARIES = [path.name for path in (Path(st.__file__).parent / "static/static/js").glob("PlotlyChart.*.js")]


def preload_charts() -> None:
    """Ask for the chart library that Streamlit would otherwise ask for when the first chart arrives.

    It is said in every run, so that nothing on the page moves when it is not; the browser does it once.
    """
    imports = "".join(
        f"import(new URL('static/js/{name}', document.baseURI).href).catch(() => {{}});" for name in LIBRARIES
    )
    with st.container(key="preload"):
        st.html(
            f"<style>.st-key-preload {{ display: none; }}</style><script>{imports}{BY_ITSELF}</script>",
            unsafe_allow_javascript=True,
        )
