"""The player as a Streamlit component: controls under a chart, clicks on its map, and where the play head rests."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from landscape.dashboard.address import Address, number, write_number
from landscape.figures.export import player_script, player_style
from landscape.knob import Knob

SCREENS = ("laptop", "hall", "phone")
SPEED = Knob(1.0, 0.25, 4)
AT = Knob(0, 0, 100_000, "integer")
END = "end"
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
    at: int | None,
    speed: float,
    on_click: Callable[[float, float, str], None],
    on_rest: Callable[[int | None, float], None],
) -> None:
    """Mount the controls for the chart with key `chart`, or only listen for clicks where the chart does not move.

    at, speed   what the clock shows where the play head begins, None for the end; they matter when first mounted
    on_click    called before the script runs again with a click's data coordinates and its panel's x axis, as "x2"
    on_rest     called likewise with `at` and `speed` when the play head comes to rest
    """

    key = f"player.{chart}"

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


def play_head(
    address: Address, chart: str, on_click: Callable[[float, float, str], None], first: int | None = None
) -> None:
    """The player, its rest position and speed in the URL.

    first   what the clock shows where a link does not say, None for the end
    """

    def rest(at: int | None, speed: float) -> None:
        st.session_state["at"], st.session_state["speed"] = at, speed

    def parse(text: str) -> int | None:
        return None if text == END else number("at", AT)(text)

    fresh = address.reading or st.session_state.get("begin", {}).get("chart") != chart
    if fresh and not address.reading:
        # Another chart has another clock.
        st.session_state["at"] = first
    at = address.claim("at", first, parse, lambda value: END if value is None else str(value))
    speed = address.claim("speed", 1.0, number("speed", SPEED), write_number)
    if fresh:
        st.session_state["begin"] = {"chart": chart, "at": at, "speed": speed}
    player(**st.session_state["begin"], on_click=on_click, on_rest=rest)


def clicks(chart: str, on_click: Callable[[float, float, str], None]) -> None:
    """Listen for clicks on a chart that does not move."""
    player(chart, at=None, speed=1.0, on_click=on_click, on_rest=lambda at, speed: None)


def screen() -> str:
    """What the page is seen on: a laptop or projector, a large screen in a hall, or a phone; known after a moment."""
    seen = st.session_state.get("screen")
    return seen if seen in SCREENS else "laptop"
