"""The player as a Streamlit component: controls under a chart, clicks on its map, and where the play head rests."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from landscape.figures.export import player_script, player_style

SCREENS = ("laptop", "hall", "phone")
KEY = "player"
BRIDGE = Path(__file__).with_name("bridge.js")


@st.cache_resource
def _component() -> Callable[..., Any]:
    return st.components.v2.component(
        "landscape_player",
        html='<div class="host"></div>',
        css=player_style(),
        js=player_script() + BRIDGE.read_text(encoding="utf-8"),
    )


def player(
    chart: str,
    *,
    at: float | None,
    speed: float,
    on_click: Callable[[float, float, str], None],
    on_rest: Callable[[float | None, float], None],
    key: str = KEY,
) -> None:
    """Mount the controls for the chart with key `chart`.

    at, speed   what the clock shows where the play head begins, None for the end; they matter when first mounted
    on_click    called before the script runs again with a click's data coordinates and its panel's x axis, as "x2"
    on_rest     called likewise with `at` and `speed` when the play head comes to rest
    key         another key is another player, whose play head begins anew
    """

    def clicked() -> None:
        if point := st.session_state[key].get("click"):
            on_click(float(point["x"]), float(point["y"]), str(point["axis"]))

    def rested() -> None:
        if rest := st.session_state[key].get("rest"):
            on_rest(rest["at"], float(rest["speed"]))

    def measured() -> None:
        st.session_state["screen"] = st.session_state[key].get("screen")

    _component()(
        key=key,
        data={"chart": chart, "screen": screen(), "at": at, "speed": speed},
        on_click_change=clicked,
        on_rest_change=rested,
        on_screen_change=measured,
    )


def screen() -> str:
    """What the page is seen on: a laptop or projector, a large screen in a hall, or a phone; known after a moment."""
    seen = st.session_state.get("screen")
    return seen if seen in SCREENS else "laptop"
