"""The player as a Streamlit component: controls under a chart, clicks on its map, and where the play head rests."""

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from landscape.dashboard.kit.address import Address, number, quoted, write_number
from landscape.figures.kit.export import player_script, player_style
from landscape.figures.kit.stage import Stage
from landscape.knob import Knob

SCREENS = ("laptop", "hall", "phone")
SPEED = Knob(1.0, 0.25, 4)
END = "end"
# How much larger letters and lines are in a hall, whose stage is half as high again.
FROM_AFAR = 1.25
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
    visit: int,
    at: float | None,
    speed: float,
    look: str,
    on_click: Callable[[float, float, str], None],
    on_rest: Callable[[float | None, float], None],
    on_look: Callable[[str], None],
) -> None:
    """Mount the controls for the chart with key `chart`, or only listen for clicks where the chart does not move.

    visit       which link the page is at, as `Address.visit` counts them
    at, speed   what the clock shows where the play head begins, None for the end; they matter at a new visit
    on_click    called before the script runs again with a click's data coordinates and its panel's x axis, as "x2"
    look        ranges and camera where they are not the figure's own, as `parse_look` reads them; likewise
    on_rest     called likewise with `at` and `speed` when the play head comes to rest
    on_look     called likewise with `look` when the viewer has zoomed or turned the chart
    """

    key = f"player.{chart}"

    def clicked() -> None:
        if point := st.session_state[key].get("click"):
            on_click(float(point["x"]), float(point["y"]), str(point["axis"]))

    def rested() -> None:
        if rest := st.session_state[key].get("rest"):
            on_rest(rest["at"], float(rest["speed"]))

    def looked() -> None:
        if look := st.session_state[key].get("look"):
            on_look(str(look["text"]))

    def measured() -> None:
        st.session_state["screen"] = st.session_state[key].get("screen")

    _component()(
        key=key,
        data={"chart": chart, "visit": visit, "screen": screen(), "at": at, "speed": speed, "look": look},
        on_click_change=clicked,
        on_rest_change=rested,
        on_look_change=looked,
        on_screen_change=measured,
    )


def chart(address: Address, key: str, stage: Stage, on_click: Callable[[float, float, str], None]) -> None:
    """A stage, with a player where it moves: under it, on a phone above it, where the thumb reaches it with the chart
    in view."""
    above, place, under = st.container(), st.container(), st.container()
    _draw(place, key, stage)
    if not stage.times:
        player(
            key,
            visit=address.visit,
            at=None,
            speed=1.0,
            look="",
            on_click=on_click,
            on_rest=lambda *_: None,
            on_look=lambda _: None,
        )
        return
    with above if screen() == "phone" else under:
        play_head(address, key, stage, on_click)


def _draw(place: Any, chart: str, stage: Stage) -> None:
    figure = stage.figure.enlarged(FROM_AFAR) if screen() == "hall" and stage.times else stage.figure
    # On a phone the bar would lie over the legend for good; elsewhere it comes with the mouse, beside the legend.
    bar = {"displaylogo": False, "displayModeBar": False if screen() == "phone" else "hover"}
    place.plotly_chart(figure, key=chart, theme=None, config=bar, alt=stage.alt)


def play_head(address: Address, chart: str, stage: Stage, on_click: Callable[[float, float, str], None]) -> None:
    """The player; where it rests, its speed, and the viewer's zoom and camera are in the URL."""
    begin, end = stage.times[0], stage.times[-1]
    clock = Knob(begin, begin, end, "integer" if isinstance(begin, int) else "linear")

    def rest(at: float | None, speed: float) -> None:
        st.session_state["at"], st.session_state["speed"] = at, speed

    def look_anew(look: str) -> None:
        st.session_state["look"] = look

    def parse(text: str) -> float | None:
        return None if text == END else number("at", clock)(text)

    fresh = address.reading or st.session_state.get("begin", {}).get("chart") != chart
    if not address.reading:
        before = st.session_state.get("at")
        if fresh:
            # Another chart has another clock, and other axes.
            st.session_state["at"], st.session_state["look"] = stage.first, ""
        elif before is not None and not begin <= before <= end:
            # A run that has become shorter: the play head stands at its end, as the player has it.
            st.session_state["at"] = None if before > end else begin
    at = address.claim("at", stage.first, parse, lambda value: END if value is None else write_number(value))
    speed = address.claim("speed", 1.0, number("speed", SPEED), write_number)
    look = address.claim("look", "", parse_look)
    if fresh:
        st.session_state["begin"] = {"chart": chart, "at": at, "speed": speed, "look": look}
    player(**st.session_state["begin"], visit=address.visit, on_click=on_click, on_rest=rest, on_look=look_anew)


def parse_look(text: str) -> str:
    """Check a look: "x:-2:2,y:-1:3", the ranges of axes, and "camera:" with six numbers, the eye and the centre."""
    for part in text.split(","):
        name, *numbers = part.split(":")
        wanted = 6 if name == "camera" else 2
        try:
            sound = len(numbers) == wanted and all(math.isfinite(float(number)) for number in numbers)
        except ValueError:
            sound = False
        if not (sound and re.fullmatch(r"camera|[xy]\d{0,2}", name)):
            raise ValueError(f"look has {quoted(part)}, which is neither an axis with its range nor a camera")
    return text


def screen() -> str:
    """What the page is seen on: a laptop or projector, a large screen in a hall, or a phone; known after a moment."""
    seen = st.session_state.get("screen")
    if seen in SCREENS:
        return seen
    return "phone" if "Mobi" in st.context.headers.get("User-Agent", "") else "laptop"
