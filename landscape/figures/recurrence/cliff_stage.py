"""The stage of a fall off the cliff: the map with the wall, the gradient at every step, and its way back in time."""

import numpy as np

from landscape.descent.race import left_map
from landscape.figures.descent.hold import START_NAMES, hold_start
from landscape.figures.kit import terrain
from landscape.figures.kit.axes import legend, log_axis, title
from landscape.figures.kit.landmarks import EXITS, Exit, exits
from landscape.figures.kit.layouts import Arrangement, arrangement
from landscape.figures.kit.ranges import log_range
from landscape.figures.kit.room import Room, panel_pixels
from landscape.figures.kit.stage import Stage, frame_rate, frame_steps
from landscape.figures.kit.style import Look, Theme, look
from landscape.figures.kit.traces import Trace, curve, line, marks, moved, moving_marks, on
from landscape.figures.recurrence.cliff_hold import follow_back, follow_falls
from landscape.lessons.fall import WEIGHTS, Fall, steepest_so_far, strides
from landscape.networks.cliff import folds, wall
from landscape.numbers import counted, short, typeset

TITLES = {"thrown": "Gradient descent", "kept": "Clipped"}
# Gradients below this are drawn on the axis' end: they move nothing.
FLOOR = 1e-12
HIGHEST = 1e12
# Below the panels, and between them and the legend, in pixels.
BOTTOM, HEADING = 46, 34
# By how much a mark where a run has left lies over the edge of its panel.
EXITS_OVER = 8
START = 13


def looks(theme: Theme) -> dict[str, Look]:
    """Of both runs."""
    return {"thrown": look("gradient_descent", theme), "kept": Look(theme.hue("indigo"), "solid", "square")}


def stage(seen: Fall, theme: Theme, *, narrow: bool = False, height: int = 476) -> Stage:
    place = arrangement("picture", narrow)
    runs = {"thrown": seen.thrown, "kept": seen.kept}
    steps, top = frame_steps(seen.thrown.steps), 140 if narrow else 72
    out = Stage(
        theme,
        height=height,
        revision=f"cliff {narrow}",
        alt=alternative(seen),
        margin=(58, top, 12, BOTTOM),
        legend=legend(1 + HEADING / (height - top - BOTTOM), 13),
    )
    (low, high), (bottom, end) = seen.cliff.domain
    # On a phone the next panel's heading stands where the title would.
    words = [title("" if narrow else text) for text in ("weight w", "bias b")]
    across, up = {"range": [low, high], "title": words[0]}, {"range": [bottom, end], "title": words[1]}
    out.panel("", place["main"], across, up, "The loss E over w and b", raised=EXITS_OVER)
    _panels(out, seen, place, narrow)
    _ground(out, seen, theme, place)
    norms = {key: np.maximum(run.gradient_norm, FLOOR) for key, run in runs.items()}
    own = looks(theme)
    for m, (key, run) in enumerate(runs.items()):
        style = {"color": own[key].color, "dash": own[key].dash}
        path = curve(run.x[:, 0], run.x[:, 1], TITLES[key], "", {**style, "width": 3.5})
        out.trail(path | {"showlegend": True, "legendgroup": key}, m)
        out.trail(curve(np.arange(len(norms[key])), norms[key], TITLES[key], "2", {**style, "width": 2.5}), m)
    _left(out, seen, place, narrow)
    _heads(out, seen, norms, steps)
    _back(out, seen, steps, theme)
    _held(out, seen, theme)
    schedule = np.stack([steps, steps])
    out.play(steps, "steps", schedule=schedule, captions=captions(seen, steps), rate=frame_rate(len(steps)))
    # Just thrown.
    return out.begin_at(int(np.searchsorted(steps, strides(seen.thrown).argmax() + 1)))


def _panels(out: Stage, seen: Fall, place: Arrangement, narrow: bool) -> None:
    norms = np.concatenate([seen.thrown.gradient_norm, seen.kept.gradient_norm])
    end = max(seen.thrown.steps, 1)
    steps = {"range": [-0.02 * end, 1.02 * end], "nticks": 6}
    out.panel("2", place["upper"], steps, log_axis(*log_range(np.maximum(norms, FLOOR))), "|gradient| at each step")
    back = np.maximum(seen.back[steepest_so_far(seen)], FLOOR)
    last = seen.cliff.steps
    times = {"range": [-0.02 * last, 1.02 * last], "nticks": 6, "title": title("" if narrow else "t")}
    out.panel(
        "3",
        place["lower"],
        times,
        log_axis(*log_range(back)),
        "|dE/dx<sub>t</sub>|, steepest step; dashed: theory",
    )


def _ground(out: Stage, seen: Fall, theme: Theme, place: Arrangement) -> None:
    """The heights, the wall where theory has it, and where it was measured."""
    ground = terrain.survey(seen.cliff, seen.cliff.domain)
    bar = {"x": place["main"][0][1] + 0.005, "xanchor": "left", "y": 0.5 * sum(place["main"][1]), "yanchor": "middle"}
    bar["len"] = place["main"][1][1] - place["main"][1][0]
    drawn = terrain.contour(ground, theme, "E", bar)
    drawn["contours"] |= {"showlines": False}
    drawn["colorbar"]["title"]["text"] = ""
    out.draw(drawn)
    ends = np.array([1 / (wall(np.array(1.0)).slope), seen.cliff.domain[0][1]])
    out.draw(line(ends, wall(ends).bias, theme.ink, width=2.5, dash="7px,5px", name="The wall, by theory", legend=True))
    # From one end of the wedge through its tip to the other.
    wedge = np.linspace(4, ends[1], 60)
    low, high = folds(wedge)
    wedge = np.concatenate([wedge[::-1], wedge])
    fold: Trace = {"width": 1.5, "dash": "2px,3px", "name": "Fold: inside, two states attract", "legend": True}
    out.draw(line(wedge, np.concatenate([low[::-1], high]), theme.ink, **fold))
    walls = seen.walls
    said = [
        f"measured at w = {w:.4g}: b = {typeset(b)}, {short(abs(b - p))} from the line"
        for w, p, b in zip(walls.weights, walls.predicted, walls.measured, strict=True)
    ]
    measured = marks(WEIGHTS, walls.measured, theme.ink, symbol="line-ew-open", size=9, name="Measured", legend=True)
    out.draw(measured | {"hovertext": said, "hovertemplate": "%{hovertext}<extra></extra>", "hoverinfo": None})


def _left(out: Stage, seen: Fall, place: Arrangement, narrow: bool) -> None:
    """Where a run left the map."""
    room = Room(seen.cliff.domain, panel_pixels(place["main"], out.height, out.margin, narrow=narrow))
    room.mark(seen.start, START)
    own, crossed = looks(out.theme), []
    for key, run in (("thrown", seen.thrown), ("kept", seen.kept)):
        room.path(run.x)
        if there := left_map(run, seen.cliff.domain):
            crossed.append(Exit(TITLES[key], own[key].color, *there))
    out.draw(exits(crossed, room, out.theme))


def _heads(out: Stage, seen: Fall, norms: dict[str, np.ndarray], steps: np.ndarray) -> None:
    """Where each run is, on the map and on the curve."""
    own = looks(out.theme).values()
    marker = {
        "size": 14,
        "color": [each.color for each in own],
        "symbol": [each.marker for each in own],
        "line": {"width": 2, "color": "white"},
    }
    at = np.stack([seen.thrown.x[steps], seen.kept.x[steps]], axis=1)
    out.move(moving_marks("heads", at[..., 0], at[..., 1], marker, showlegend=False))
    now = np.stack([norms[key][steps] for key in TITLES], axis=1)
    where = np.stack([steps, steps], axis=1).astype(float)
    out.move(moving_marks("heads", where, now, {**marker, "size": 11}, showlegend=False, **on("2")))


def _back(out: Stage, seen: Fall, steps: np.ndarray, theme: Theme) -> None:
    """|dE/dx_t| where the plain run was steepest, and what it would be if every step back multiplied it by 0.2350 w."""
    times, steepest = np.arange(seen.cliff.steps + 1), steepest_so_far(seen)[steps]
    back = np.maximum(seen.back[steepest], FLOOR)
    slope = np.maximum(np.abs(wall(seen.thrown.x[steepest, 0]).slope), 1e-6)
    with np.errstate(all="ignore"):
        predicted = np.clip(back[:, :1] * slope[:, None] ** -times, FLOOR, HIGHEST)
    across = np.broadcast_to(times, back.shape)
    theory = line(None, None, theme.ink, "3", width=1.8, dash="7px,5px", name="theory")
    measured = line(None, None, looks(theme)["thrown"].color, "3", width=3, name="back in time")
    out.move(moved(theory, across, predicted), moved(measured, across, back))


def _held(out: Stage, seen: Fall, theme: Theme) -> None:
    """The start, which a hand can hold."""
    x, y = (float(v) for v in seen.start)
    place = len(out.still)
    out.draw(marks([x], [y], theme.paper, symbol="circle", size=START, edge=theme.ink, name="start"))
    hold_start(out, np.array(seen.start), seen.cliff.domain)
    # Where a run has left is elsewhere while the start is held.
    out.live["faint"] = [[trace["name"] for trace in out.still].index(EXITS)]
    trails = [trail["trace"] for trail in out.trails]
    follow_falls(
        out,
        seen,
        dict(zip(TITLES, trails[::2], strict=True)),
        dict(zip(TITLES, trails[1::2], strict=True)),
        (len(out.still), len(out.still) + 1),
        FLOOR,
    )
    follow_back(out, seen, (len(out.still) + 2, len(out.still) + 3), (FLOOR, HIGHEST))
    out.grip("", *START_NAMES, place)
    factor, bias = float(wall(np.array(1.0)).slope), float(wall(np.array(1.0)).bias) - 0.5
    out.tell(
        ["x", "y"],
        lambda x, y: {"factor": factor * x, "drop": y - (0.5 + bias * x)},
        "At the fixed point steps multiply by {factor}; above 1 there is a wall, {drop} below the start.",
    )


def captions(seen: Fall, steps: np.ndarray) -> list[str]:
    """What the last step did, and what the gradient is now, of both."""
    lengths = [np.concatenate([[0.0], strides(run)]) for run in (seen.thrown, seen.kept)]
    begin = short(seen.thrown.gradient_norm[0])
    return [
        f"Both runs begin here, where |gradient| is {begin}."
        if k == 0
        else f"This step moved it by {short(lengths[0][k])}, and clipped by {short(lengths[1][k])}. "
        f"|gradient| is now {short(seen.thrown.gradient_norm[k])}, and {short(seen.kept.gradient_norm[k])} clipped."
        for k in steps
    ]


def alternative(seen: Fall) -> str:
    """The stage in words."""
    w, b = seen.start
    return (
        f"The loss of a recurrent unit over weight and bias, with a wall along a line. From w = {w:.4g}, b = {b:.4g} "
        f"gradient descent ends at E = {seen.thrown.value[-1]:.4g}, clipped at E = {seen.kept.value[-1]:.4g}, "
        f"after {counted(seen.thrown.steps, 'step')}."
    )
