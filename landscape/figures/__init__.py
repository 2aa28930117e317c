"""Figures: pure functions from records to Plotly figures. Nothing here imports streamlit."""
