"""The dashboard: `streamlit run app.py`."""

import streamlit as st

from landscape.dashboard.preload import preload_charts

st.set_page_config(page_title="See calculus learn", page_icon="landscape/dashboard/icon.svg", layout="wide")
preload_charts()
st.navigation([st.Page("pages/descent.py", title="Descent", icon=":material/downhill_skiing:", default=True)]).run()
