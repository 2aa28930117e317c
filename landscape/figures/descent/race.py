"""The race: optimizers over a landscape, beside their value and gradient norm, animated as one figure.

The paths are drawn once and whole and the heads ride on them: what is sent of six methods stays small and plays
smoothly.
"""

import numpy as np

from landscape.descent.commentary import captions
from landscape.descent.ending import UNBEGUN, ended, outcome
from landscape.descent.race import CLOCKS, Race, rounding
from landscape.descent.recorded import RecordedRace
from landscape.figures.descent import hold, panels, scenery
from landscape.figures.kit import terrain
from landscape.figures.kit.axes import map_axes, strip, title
from landscape.figures.kit.keys import key_beside
from landscape.figures.kit.layouts import Arrangement, arrangement, under_key
from landscape.figures.kit.ranges import linear_range_of_runs, log_range_of_runs
from landscape.figures.kit.room import Room, fitted, map_pixels
from landscape.figures.kit.stage import Stage, frame_steps
from landscape.figures.kit.style import Theme
from landscape.figures.kit.traces import Trace
from landscape.numbers import short
from landscape.optimizers import OPTIMIZERS
from landscape.theory.stationary import StationaryPoints

VIEWS = {"map": "Map", "surface": "3-D", "both": "Both"}
# What of them those hear who do not see it.
DRAWN = {"map": "contour map", "surface": "surface in 3-D", "both": "contour map, surface in 3-D"}
# Values below this are rounding; a log axis ends here.
FLOOR = 1e-16
# Pixels above the panels, and what of them their headings take; the rest is the methods' names'. Where these stand
# beside the map, as they do if it leaves them so much of the width, only half a number is above it.
TOP, HEADING, BARE, ASIDE = 62, 22, 10, 0.35


def schedule(race: Race, unit: str) -> tuple[np.ndarray, np.ndarray]:
    """What the clock shows at each frame, shape (frames,), and the step each run has reached, (runs, frames).

    Counting cost, all runs have spent the same at the same frame, so a dear method moves in fewer, later steps.
    """
    clocks = [race.clock(key, unit) for key in race.runs]
    end = max((int(clock[-1]) for clock in clocks), default=0)
    times = frame_steps(end)
    return times, np.array([np.searchsorted(clock, times, side="right") - 1 for clock in clocks])


def stage(
    race: Race,
    theme: Theme,
    *,
    points: StationaryPoints | None = None,
    recorded: RecordedRace | None = None,
    view: str = "map",
    unit: str = "steps",
    field: bool = False,
    arrows: bool = False,
    narrow: bool = False,
    height: int = 470,
) -> Stage:
    """The stage of a race of one method or more.

    points   stationary points to mark on the map
    recorded the race's methods, for runs that follow while a start or a rate is held; without it nothing can be held
    view     a key of VIEWS
    unit     what the curves' horizontal axis and the animation's clock count, a key of CLOCKS
    field    draw the negative gradient on a lattice
    arrows   draw the negative gradient and the step taken at each head
    narrow   stack the panels, for a phone
    height   in pixels

    ValueError for an unknown view or unit, or a race without runs.
    """
    if view not in VIEWS:
        raise ValueError(f"view is {view!r}; allowed are {', '.join(VIEWS)}")
    if unit not in CLOCKS:
        raise ValueError(f"unit is {unit!r}; allowed are {', '.join(CLOCKS)}")
    if not race.runs:
        raise ValueError("race has no runs; at least one method is needed")
    margin, place, beside = _frame(race, view, narrow, height)
    top = margin[1]
    drawn = Stage(
        theme,
        height=height,
        # A viewer's zoom and camera outlive a slider step, but not a change of landscape.
        revision=f"{race.surface.picture} {view} {narrow}",
        alt=alternative(race, view),
        margin=margin,
        legend=key_beside(place["value"]) if beside else strip(top - HEADING, 12 if narrow else 13),
        columns=beside,
        fixed=True,
    )
    ground = terrain.survey(race.surface, race.surface.domain)
    times, reached = schedule(race, unit)
    traces: dict[str, list[int]] = {key: [] for key in race.runs}
    if view != "surface":
        _map(drawn, race, ground, points, place, field, narrow, traces)
        drawn.move(*panels.head_arrows(race, reached, theme) if arrows else [])
        drawn.ride(panels.map_heads(race, reached, theme), list(range(len(race.runs))))
    if view != "map":
        drawn.settings["scene"] = scenery.scene(race, ground, theme, place["scene"], narrow=narrow)
        drawn.draw(*scenery.ground(race, ground, theme, legend=view == "surface"))
        drawn.move(scenery.heads(race, ground, reached, theme))
    _curves(drawn, race, unit, reached, place, view, traces)
    drawn.play(times, CLOCKS[unit], schedule=reached, captions=captions(race, reached))
    if recorded is not None and view != "surface":
        hold.let_hold(race, recorded, unit, traces, drawn, FLOOR)
    return drawn


def _frame(race: Race, view: str, narrow: bool, height: int) -> tuple[tuple[int, int, int, int], Arrangement, bool]:
    """The stage's margin, its panels, and whether the methods' names stand beside the main one: so it is higher."""
    kind = {"map": "race", "surface": "race, scene", "both": "race, map and scene"}[view]

    def placed(margin: tuple[int, int, int, int]) -> Arrangement:
        place = arrangement(kind, narrow)
        return fitted(place, "map", race.surface.domain, height, margin, narrow=narrow) if view == "map" else place

    high = (44, BARE, 12, 40)
    place = placed(high)
    if not narrow and 1 - place["value"][0][0] >= ASIDE:
        return high, under_key(place, height, high), True
    low = (44, TOP + 18 * narrow, 12, 40)
    return low, placed(low), False


def _map(
    drawn: Stage,
    race: Race,
    ground: terrain.Terrain,
    points: StationaryPoints | None,
    place: Arrangement,
    field: bool,
    narrow: bool,
    traces: dict[str, list[int]],
) -> None:
    across, (_, top) = place["map"]
    size = map_pixels(race.surface.domain, place["map"], drawn.height, drawn.margin, narrow=narrow)
    _, above, _, under = drawn.margin
    length = size[1] / (drawn.height - above - under)
    # The map is given no more height than its bar has, so that both are as high on a wider stage too.
    span = across, [max(0.0, top - length), top]
    bar = {"x": across[1] + 0.005, "xanchor": "left", "y": top, "yanchor": "top", "len": length}
    room = Room(race.surface.domain, size)
    drawn.draw(*panels.map_ground(race, ground, points, drawn.theme, field, bar, room))
    for m, key in enumerate(race.runs):
        traces[key].append(len(drawn.still))
        drawn.trail(panels.map_path(race, key, drawn.theme), m)
    drawn.axes |= map_axes(race.surface.domain, race.surface.axes, drawn.theme, span, toward="right")


def _curves(
    drawn: Stage,
    race: Race,
    unit: str,
    reached: np.ndarray,
    place: Arrangement,
    view: str,
    traces: dict[str, list[int]],
) -> None:
    """The values and the slopes by the clock."""
    values, slopes = gaps(race), gradient_norms(race)
    for panel, series in (("2", values), ("3", slopes)):
        trails = []
        for m, key in enumerate(race.runs):
            traces[key].append(len(drawn.still))
            trails.append(drawn.trail(panels.curve(race, key, unit, series[key], panel, drawn.theme), m))
        drawn.ride(panels.curve_heads(race, reached, unit, series, panel, drawn.theme), trails)
    known = race.lowest_known is not None
    end = max(int(race.clock(key, unit)[-1]) for key in race.runs)
    across = {"range": [-0.02 * max(end, 1), 1.04 * max(end, 1)], "nticks": 5}
    # Plotly draws powers a quarter larger than it is told.
    down: Trace = {"exponentformat": "power", "nticks": 6, "tickfont": {"size": 11}}
    log = {**down, "type": "log"}
    heights = (
        {**log, "range": _log_range(values)}
        if known
        else {**down, "range": linear_range_of_runs(list(values.values())), "tickfont": {"size": 13}}
    )
    above = {**across, "matches": "x3", "showticklabels": False}
    drawn.panel("2", place["value"], above, heights, _height_title(race, view))
    below = {**across, "title": title(CLOCKS[unit])}
    drawn.panel("3", place["slope"], below, {**log, "range": _log_range(slopes)}, "Slope, |∇f|")


def _log_range(series: dict[str, np.ndarray]) -> list[float]:
    """Whole decades: the axis stays while a start that moves does not carry a run far."""
    bottom, top = log_range_of_runs(list(series.values()), FLOOR, room=0)
    return [float(np.floor(bottom)), float(np.ceil(top))]


def gaps(race: Race) -> dict[str, np.ndarray]:
    """What the value panel shows of each run: f - f* where the minimum is known, else f.

    Off the map a run may come to lower ground than any on it, for which a log axis has no place: NaN.
    """
    low = race.lowest_known
    if low is None:
        return {key: t.value for key, t in race.runs.items()}
    return {
        key: np.where(t.value < low - rounding(low), np.nan, np.maximum(t.value - low, FLOOR))
        for key, t in race.runs.items()
    }


def gradient_norms(race: Race) -> dict[str, np.ndarray]:
    return {key: np.maximum(t.gradient_norm, FLOOR) for key, t in race.runs.items()}


def _height_title(race: Race, view: str) -> str:
    if race.lowest_known is None:
        return "Height, f"
    lowest = "minimum" if race.surface.proven else "lowest"
    return "Height, f − f*" if view == "both" else f"Height above the {lowest}, f − f*"


def alternative(race: Race, view: str = "map") -> str:
    """The stage in words, for those who do not see it: what ran where, and where each run ended; view as in `stage`."""
    ends = [
        f" {OPTIMIZERS[key].title} {UNBEGUN}."
        if ended(t) == UNBEGUN
        else f" {OPTIMIZERS[key].title} ends at {_point(t.x[-1])}{_height(float(t.value[-1]))}, "
        f"{outcome(race.surface, t, race.tolerance)}."
        for key, t in race.runs.items()
    ]
    return f"{race.surface.title}: {DRAWN[view]} and paths from {_point(race.start)}.{''.join(ends)}"


def _height(value: float) -> str:
    return f" with f = {short(value)}" if np.isfinite(value) else ""


def _point(x: np.ndarray) -> str:
    return f"({short(x[0])}, {short(x[1])})"
