"""The dashboard: `streamlit run app.py`."""

from pathlib import Path

import streamlit as st

from landscape.dashboard.kit.preload import preload_charts

ICON = str(Path(__file__).with_name("landscape") / "dashboard" / "icon.svg")

st.set_page_config(page_title="See calculus learn", page_icon=ICON, layout="wide")
preload_charts()
st.navigation(
    [
        st.Page("pages/descent.py", title="Descent", icon=":material/downhill_skiing:", default=True),
        st.Page("pages/curvature.py", title="Curvature", icon=":material/ssid_chart:"),
        st.Page("pages/basins.py", title="Basins", icon=":material/grid_view:"),
        st.Page("pages/regularization.py", title="Regularization", icon=":material/compress:"),
        st.Page("pages/backpropagation.py", title="Backpropagation", icon=":material/hub:"),
    ]
).run()
