"""The player as a Streamlit component: controls under a chart, clicks on its map, and where the play head rests."""

import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypedDict

import streamlit as st

from landscape.dashboard.kit.address import VISITS, Address, number, quoted, write_number
from landscape.dashboard.kit.packed import packed
from landscape.dashboard.kit.wire import Change, send
from landscape.figures.kit import layouts
from landscape.figures.kit.bare import bare
from landscape.figures.kit.export import player_script, player_style
from landscape.figures.kit.spelled import briefly
from landscape.figures.kit.stage import Stage
from landscape.knob import Knob
from landscape.numbers import readable

SCREENS = ("laptop", "hall", "phone", "tablet")
SPEED = Knob(1.0, 0.25, 4)
END = "end"
# What bridge.js calls the screen of the last visit.
COOKIE = "landscape_screen"
# How much larger letters and lines are in a hall, whose stage is half as high again.
FROM_AFAR = 1.25
# Pixels of a handle beside its letters, of one of them, and letters of its number; they stand in two rows at most.
FRAME, LETTER, NUMBER = 28, 6.5, 6
# Letters of a sentence that surely stand in a line on a phone, its most lines, and letters of a number that follows.
LINE, LINES, FOLLOWS = 41, ("one", "two", "three", "four"), 6
HERE = Path(__file__).parent


@st.cache_resource
def _components() -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The player's code, and the place of a player."""
    library, history, bridge, mount = (bare(HERE / f"{name}.js") for name in ("library", "history", "bridge", "mount"))
    code = library + history + player_script() + bridge
    first = st.components.v2.component("landscape_library", js=packed(code))
    place = '<div class="host"></div>'
    return first, st.components.v2.component("landscape_player", html=place, css=player_style(), js=library + mount)


class Hands(NamedTuple):
    """What the stage is told of hands, each called before the script runs again.

    click   a click's data coordinates and its panel's x axis, as "x2"
    grab    what was held and let go, by name, and where
    """

    click: Callable[[float, float, str], None]
    grab: Callable[[Mapping[str, float]], None]


class Shown(TypedDict):
    """What a player is told: its chart and the figure that this has, what changes in it, and which link the page is at.

    visit      as `Address.visit` counts them
    arrive     whether no link has named a step: then the stage plays once by itself up to `at`
    at, speed  what the clock shows where the play head begins, None for the end; they matter at a new visit
    look       ranges and camera where they are not the figure's own, as `parse_look` reads them; likewise
    alt        the stage in words
    """

    chart: str
    base: str
    change: Change | None
    visit: int
    arrive: bool
    at: float | None
    speed: float
    look: str
    alt: str


def player(
    shown: Shown,
    hands: Hands,
    on_rest: Callable[[float | None, float], None],
    on_look: Callable[[str], None],
) -> None:
    """Mount the controls for a chart, or only listen for hands where the chart does not move.

    on_rest     called before the script runs again, with `at` and `speed`, when the play head comes to rest
    on_look     called likewise with `look` when the viewer has zoomed or turned the chart
    """

    key = f"player.{shown['chart']}"

    def clicked() -> None:
        if point := st.session_state[key].get("click"):
            hands.click(float(point["x"]), float(point["y"]), str(point["axis"]))

    def grabbed() -> None:
        if held := st.session_state[key].get("grab"):
            hands.grab({str(name): float(value) for name, value in held.items()})

    def rested() -> None:
        if rest := st.session_state[key].get("rest"):
            on_rest(rest["at"], float(rest["speed"]))

    def looked() -> None:
        if look := st.session_state[key].get("look"):
            on_look(str(look["text"]))

    def measured() -> None:
        st.session_state["screen"] = st.session_state[key].get("screen")

    _, place = _components()
    place(
        key=key,
        # In a list, as the picker's.
        data=[{**shown, "screen": device()}],
        on_click_change=clicked,
        on_grab_change=grabbed,
        on_rest_change=rested,
        on_look_change=looked,
        on_screen_change=measured,
        # Nothing but another run, which sees the theme for itself.
        on_paper_change=lambda: None,
    )


def chart(address: Address, key: str, stage: Stage, hands: Hands) -> None:
    """A stage, with a player where it moves: under it, on a phone above it, where the thumb reaches it with the chart
    in view."""
    above, place = st.container(), st.container()
    # What comes later stands lower, so that nothing is moved by it.
    bar = _room(above, stage) if screen() == "phone" else None
    base, change = _draw(place, key, stage)
    bar = bar or _room(st.container(), stage)
    still: Shown = {
        "chart": key,
        "base": base,
        "change": change,
        "visit": address.visit,
        "arrive": False,
        "at": None,
        "speed": 1.0,
        "look": "",
        "alt": readable(stage.alt),
    }
    if not stage.times:
        with bar:
            player(still, hands, on_rest=lambda *_: None, on_look=lambda _: None)
        return
    with bar:
        play_head(address, still, stage, hands)


def _room(place: Any, stage: Stage) -> Any:
    """The room of the play bar, with the player's code in it."""
    library, _ = _components()
    bar = place.container(key=_bar(stage))
    with bar:
        library(key="library")
    return bar


def _bar(stage: Stage) -> str:
    """The key of the play bar's place: how much room it has, as the frame's style says."""
    # What stands still has a sentence without a play bar.
    said = ("said" if stage.times else "told") if stage.clock.get("captions") else ""
    lines = _lines(stage) if said and screen() == "phone" else ""
    return "-".join(filter(None, ("bar", ("", "few", "many")[_rows(stage)], said, lines)))


def _rows(stage: Stage) -> int:
    """How many rows the handles take, at most two; by their labels, since their numbers change."""
    labels = [value["label"] for value in stage.live.get("values", {}).values() if value["label"]]
    width, taken = layouts.STANDARD[screen()][0], 0.0
    for label in labels:
        needed = FRAME + LETTER * (len(label) + NUMBER)
        taken = taken + needed if taken % width + needed <= width else (taken // width + 1) * width + needed
    return min(2, math.ceil(taken / width))


def _lines(stage: Stage) -> str:
    """How many lines a phone's sentence has at most; three where cells have their own."""
    follows = stage.live.get("sentence", {"parts": []})["parts"]
    sizes = [sum(len(part) if isinstance(part, str) else FOLLOWS for part in follows)]
    sizes += map(len, stage.clock["captions"])
    return "three" if stage.pointing else LINES[min(len(LINES), math.ceil(max(sizes) / LINE)) - 1]


def _draw(place: Any, chart: str, stage: Stage) -> tuple[str, Change | None]:
    """Draw a stage, or what was drawn last where it can become that stage; its name, and what is to change in it."""
    figure = briefly(stage.sent.enlarged(FROM_AFAR) if screen() == "hall" and stage.times else stage.sent)
    # Of a stage without a clock nobody says whether it is zoomed.
    base, drawn, change = send(chart, figure, zoomed=not stage.times or bool(st.session_state.get("look")))
    # Plotly's own bar has stops that nobody sees: the play bar has what it is for.
    bar = {"displaylogo": False, "displayModeBar": False}
    # The player says what is seen in words: said here, a word that changes would have the whole figure sent again.
    place.plotly_chart(drawn, key=chart, theme=None, config=bar)
    return base, change


def play_head(address: Address, still: Shown, stage: Stage, hands: Hands) -> None:
    """The player; where it rests, its speed, and the viewer's zoom and camera are in the URL."""
    chart, begin, end = still["chart"], stage.times[0], stage.times[-1]
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
        arrive = not address.asks("at")
        st.session_state["begin"] = {"chart": chart, "arrive": arrive, "at": at, "speed": speed, "look": look}
    shown: Shown = {**still, **st.session_state["begin"]}
    player(shown, hands, on_rest=rest, on_look=look_anew)


def bring_head(at: float) -> None:
    """In a callback: the play head goes there, as if a link had named it."""
    state = st.session_state
    state["at"] = at
    state["begin"] = {**state["begin"], "at": at, "speed": state["speed"], "look": state["look"]}
    state[VISITS] = state[VISITS] + 1


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
    """What a stage is drawn for: a laptop or projector, a large screen in a hall, or a phone, as on a tablet too."""
    seen = device()
    return "phone" if seen == "tablet" else seen


def device() -> str:
    """What the page is seen on, one of SCREENS; known after a moment, or from the last visit, so that the stage is not
    drawn for one and then for the other."""
    seen = st.session_state.get("screen", st.context.cookies.get(COOKIE))
    if seen in SCREENS:
        return seen
    return "phone" if "Mobi" in st.context.headers.get("User-Agent", "") else "laptop"
