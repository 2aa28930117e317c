"""The dashboard: `streamlit run app.py`."""

from pathlib import Path

import streamlit as st

from landscape.dashboard.kit.frame import NAME, show_frame
from landscape.dashboard.kit.memory import keep_tidy
from landscape.dashboard.kit.preload import preload
from landscape.dashboard.kit.turns import TURNS, hand_over_soon
from landscape.dashboard.kit.uploads import keep_few_files

ICON = str(Path(__file__).with_name("landscape") / "dashboard" / "icon.svg")

keep_tidy()
hand_over_soon()
keep_few_files()
with TURNS.turn():
    # First: it is what the first visit waits for longest.
    preload()
    st.set_page_config(page_title=NAME, page_icon=ICON, layout="wide")
    show_frame()
    st.navigation(
        [
            # The first page is at the root, whatever its path; who writes one, as of the others, is there too.
            st.Page(
                "pages/descent.py", title="Descent", icon=":material/downhill_skiing:", url_path="first", default=True
            ),
            st.Page("pages/descent.py", title="Descent", visibility="hidden"),
            st.Page("pages/slope.py", title="Slope", icon=":material/show_chart:"),
            st.Page("pages/area.py", title="Area", icon=":material/area_chart:"),
            st.Page("pages/curvature.py", title="Curvature", icon=":material/ssid_chart:"),
            st.Page("pages/basins.py", title="Basins", icon=":material/grid_view:"),
            st.Page("pages/regularization.py", title="Regularization", icon=":material/compress:"),
            st.Page("pages/backpropagation.py", title="Backpropagation", icon=":material/hub:"),
            st.Page("pages/convolution.py", title="Convolution", icon=":material/grid_on:"),
            st.Page("pages/recurrence.py", title="Recurrence", icon=":material/repeat:"),
        ]
    ).run()
