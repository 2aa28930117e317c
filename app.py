"""The dashboard: `streamlit run app.py`."""

import streamlit as st

st.set_page_config(page_title="See calculus learn", page_icon="landscape/dashboard/icon.svg", layout="wide")
st.navigation([st.Page("pages/descent.py", title="Descent", icon=":material/downhill_skiing:", default=True)]).run()
