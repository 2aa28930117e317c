"""The frame of all pages: what the product is called, and where question, views, stage and play bar stand.

It is said before anything else, so that nothing moves when it is understood. Nothing heavy is imported here.
"""

import streamlit as st

NAME = "See calculus learn"
ABOUT = "Watch and steer the calculus inside machine learning."

STYLE = """<style>
/* Until now all is out of sight, as config.toml has it, and until there is a menu beside it: nothing is seen where it
   does not stay. It has to be out of sight for a frame, lest what has moved meanwhile count as seen. */
.stAppViewContainer:has([data-testid="stSidebarNavLink"]) { animation-delay: 1ms; }
/* Controls have their own height once the browser has their code. */
.stApp:not(:has(.played)) :is([data-testid="stSidebarUserContent"], .st-key-views):has([data-testid="stSkeleton"]) {
  visibility: hidden;
}
.stMainBlockContainer { padding: 3rem 2.2rem 2rem; }
.stMainBlockContainer h1 { font-size: 1.7rem; padding: 0 0 .1rem; }
[data-testid="stLayoutWrapper"]:has(> .st-key-frame) { position: absolute; right: 2.2rem; top: .8rem; width: auto; }
[data-testid="stLayoutWrapper"]:has(> .st-key-preload) { display: none; }
.st-key-frame p { font-size: .875rem; margin: 0; }
/* One row, whether a page has views to choose from or not. */
.st-key-views { min-height: 2.5rem; }
.st-key-views [role="radiogroup"] { flex-wrap: wrap; }
/* The play bar has its place before it is there. */
.st-key-library { display: none; }
.st-key-bar { min-height: 42px; }
.st-key-bar-said { min-height: 98px; }
.st-key-bar-told { min-height: 56px; }
.st-key-bar-few { min-height: 80px; }
.st-key-bar-said-few { min-height: 136px; }
.st-key-bar-many { min-height: 114px; }
.st-key-bar-said-many { min-height: 170px; }
.stPlotlyChart .updatemenu-container { display: none; }
.stPlotlyChart .js-plotly-plot { outline: none; }
.stPlotlyChart .js-plotly-plot:focus-visible { outline: 3px solid var(--st-primary-color, #0072b2); }
.stPlotlyChart .held .nsewdrag { cursor: grabbing !important; }
/* White on the dark theme's primary colour is too faint. */
.stMultiSelect [data-tag] { background: rgb(128 140 152 / 22%); color: inherit; }
.stMultiSelect [data-tag] * { color: inherit; }
/* Streamlit fades the pages' icons more than the eye can bear. */
[data-testid="stSidebarNav"] [data-testid="stIconMaterial"] { color: inherit; }
/* Wide enough for the longest name of a menu, under More too. */
[data-testid="stSidebarUserContent"] { margin: 0 -15px; padding: 0 0 1rem; }
.st-key-more details { border: 0; }
.st-key-more :is(summary, [data-testid="stExpanderDetails"]) { padding-left: 0; padding-right: 0; }
.stMultiSelect [data-tag], .stMultiSelect [data-tag] * { height: auto; max-width: 100%; white-space: normal; }
[data-testid="stHeader"] { background: transparent; }
/* By Tab the drawer comes after the page, where a browser knows of it. */
[data-testid="stAppViewContainer"] { reading-flow: source-order; }
[data-testid="stSidebar"] { reading-order: 1; }
/* What is wider than the page slides by itself. */
.stMain { overflow-x: hidden; }
.stMainBlockContainer .katex-display { overflow-x: auto; overflow-y: hidden; max-width: 100%; padding: .2rem 0; }
/* What listens while somebody types, or brings a file, has nothing to show. */
.st-key-typing, [class*=st-key-carried] { display: none; }
.stMainBlockContainer [data-testid="stMarkdownContainer"] table { display: block; overflow-x: auto; max-width: 100%; }
/* On the first visit a large screen is known as one only once there is a stage. */
@media (min-width: 1500px) and (min-height: 850px) {
  [class*="st-key-stage-"] { min-height: 740px; }
}
/* What shows how far work is covers the stage that is to come. */
.stMain [data-testid="stElementContainer"]:has(> .stProgress) { position: absolute; z-index: 1; }
@media (max-width: 640px) {
  .stMainBlockContainer { padding-left: .8rem; padding-right: .8rem; }
  .stMainBlockContainer h1 { font-size: 1.3rem; }
  [data-testid="stLayoutWrapper"]:has(> .st-key-frame) { left: 3.4rem; right: .8rem; top: .5rem; }
  .st-key-frame p { font-size: .8rem; line-height: 1.2; }
  .st-key-bar-told { min-height: 82px; }
  /* On the first visit a narrow window is known as one only once there is a stage. */
  .stApp:has([class*="st-key-stage-"], [class*="st-key-bar"]):not(:has(.st-key-for-phone)) .stMainBlockContainer {
    visibility: hidden;
  }
  /* The views take rows of their own. */
  .stApp:not(:has(.played)):has(.st-key-views [data-testid="stSkeleton"]) .stMain { visibility: hidden; }
}
/* As wide as where the play bar has two rows. */
@media (max-width: 560px) {
  .st-key-bar { min-height: 78px; }
  .st-key-bar-said { min-height: 163px; }
  .st-key-bar-few, .st-key-bar-many { min-height: 150px; }
  .st-key-bar-said-few, .st-key-bar-said-many { min-height: 236px; }
}
#link { display: none; }
/* On paper: the question, the stage, what is said of it, and the link. */
@page { margin: 10mm; size: landscape; }
@media print {
  [data-testid="stSidebar"], [data-testid="stHeader"], .st-key-views, .st-key-rest, .callout {
    display: none !important;
  }
  [data-testid="stApp"], [data-testid="stApp"] * { print-color-adjust: exact; }
  [data-testid="stApp"], [data-testid="stAppViewContainer"], .stMain {
    display: block; height: auto; overflow: visible; position: static;
  }
  .stMainBlockContainer { padding: 0; zoom: var(--paper, 1); }
  #link { display: block; font: 12px/1.4 sans-serif; margin: 1rem 0 0; overflow-wrap: anywhere; }
}
</style>"""


def show_frame() -> None:
    """The frame, and the product's name with one sentence of what it is."""
    with st.container(key="frame"):
        # Not `st.html`, whose code a browser fetches first: the page would be seen without its style meanwhile.
        st.markdown(f"{STYLE}\n<p><b>{NAME}.</b> {ABOUT}</p>", unsafe_allow_html=True)
