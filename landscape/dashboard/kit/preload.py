"""Has the browser fetch Plotly, its largest download, and what mounts it, while the server is still importing the rest;
and gives it what every page does by itself.

Nothing heavy is imported here: that is the point.
"""

import json
from pathlib import Path

import streamlit as st

BY_ITSELF = Path(__file__).with_name("page.js").read_text(encoding="utf-8")
# Of Streamlit's code what draws a stage, and what that imports in its turn: else it is asked for only when the large
# file has come and been read.
PARTS = (
    *("PlotlyChart", "withFullScreenWrapper", "printWidthCap", "resolveDefaultExport"),
    *("BidiComponent", "_arrayReduce", "recordbatch", "serialization"),
)
SCRIPTS = [path.name for part in PARTS for path in (Path(st.__file__).parent / "static/static/js").glob(f"{part}.*.js")]


def preload() -> None:
    """Ask for what Streamlit would otherwise ask for when the first chart arrives.

    It is said in every run, so that nothing on the page moves when it is not; the browser does it once.
    """
    fetch = "import(new URL('static/js/' + name, document.baseURI)).catch(() => {})"
    imports = f"for (const name of {json.dumps(SCRIPTS)}) {fetch};"
    with st.container(key="preload"):
        st.html(
            f"<style>.st-key-preload {{ display: none; }}</style><script>{imports}{BY_ITSELF}</script>",
            unsafe_allow_javascript=True,
        )
