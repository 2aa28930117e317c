"""The model stage: a path, and at the play head the quadratic model that the step trusts, beside how true it was.

What the method believes is drawn in one colour, what is true of the ground in another.
"""

import numpy as np

from landscape.descent.recorded import RecordedRace
from landscape.domain import Landscape
from landscape.figures.curvature import conics
from landscape.figures.curvature.ground import mapped
from landscape.figures.curvature.hold import FLOOR, follow_decreases, follow_model
from landscape.figures.descent.hold import START_NAMES, descent, hold_start, run_along
from landscape.figures.kit.animated import packed
from landscape.figures.kit.axes import counts, map_axes, strip, title
from landscape.figures.kit.keys import key_beside
from landscape.figures.kit.layouts import Arrangement, arrangement, under_key
from landscape.figures.kit.meta import CLOCK
from landscape.figures.kit.ranges import log_range_of_runs
from landscape.figures.kit.room import Room, fitted, map_pixels
from landscape.figures.kit.stage import Stage, frame_rate, frame_steps
from landscape.figures.kit.style import Theme, look
from landscape.figures.kit.traces import Moving, Trace, curve, head_marker, heads, moved, moving_line, moving_marks, on
from landscape.surfaces import Surface
from landscape.theory.stationary import StationaryPoints
from landscape.theory.study import Study, caption, telling, verdict

LEVELS, TRIED, CENTRE, OFF = "its model", "step tried", "model's stationary point", "off the map"
# The ratios of actual to predicted decrease that have room.
RATIOS = (-1.1, 2.3)

# Half the longer axis of the curvature's ellipse, as a share of the map.
CROSS = 0.1


def model_stage(
    study: Study,
    surface: Landscape,
    points: StationaryPoints,
    theme: Theme,
    *,
    recorded: RecordedRace | None = None,
    narrow: bool = False,
    height: int = 470,
) -> Stage:
    """The stage of a study on `surface`; its play head begins at the step that tells most.

    points   stationary points to mark
    recorded the method, for a path that follows while the start is held; without it nothing can be held
    narrow   stack the panels, for a phone
    height   in pixels
    """
    place = arrangement("model", narrow)
    steps = frame_steps(study.steps)
    stage = Stage(
        theme,
        height=height,
        revision=f"model {surface.picture} {narrow}",
        alt=alternative(study),
        margin=(44, 96 if narrow else 26, 12, 40),
        columns=not narrow,
        fixed=True,
        settings={"shapes": [_level(1.0, theme.ink), _level(0.0, theme.faint)]},
    )
    place = fitted(place, "main", surface.domain, height, stage.margin, narrow=narrow)
    place = place if narrow else under_key(place, height, stage.margin)
    stage.legend = strip(72, 13) if narrow else key_beside(place["upper"])
    stage.axes |= map_axes(surface.domain, surface.axes, theme, place["main"])
    stage.head(f"{study.optimizer.title}: the model it trusts, step by step", place["main"])
    _curve_panels(stage, study, place)
    room = Room(surface.domain, map_pixels(surface.domain, place["main"], height, stage.margin, narrow=narrow))
    room.path(study.run.x[: study.steps + 1])
    stage.draw(*mapped(surface, points, study.run.x[:1], 15, theme, room))
    trails = [stage.trail(trace) for trace in (_path(study, theme), *_decreases(study, theme), _ratio(study, theme))]
    first = len(stage.still)
    stage.move(*_beliefs(study, surface, steps, theme), *_rises(study, steps, theme))
    # The path, what was got, and the ratio.
    for head, trail in zip(_at_the_play_head(study, steps, theme), (trails[0], *trails[2:]), strict=True):
        stage.ride(head, [trail])
    _hold(stage, study, surface, first, recorded)
    captions = [caption(study, int(k)) for k in steps]
    stage.play(steps, "steps", schedule=[steps], captions=captions, rate=frame_rate(len(steps)))
    return stage.begin_at(int(np.searchsorted(steps, telling(study, surface.domain))))


def _hold(stage: Stage, study: Study, surface: Landscape, moved: int, recorded: RecordedRace | None) -> None:
    """Let a hand have the start; the path follows, and the model there. `moved` is the place of the level curves."""
    if recorded is None:
        return
    names = [trace["name"] for trace in stage.still]
    hold_start(stage, study.run.x[0], surface.domain)
    stage.grip("", *START_NAMES, names.index("start"))
    for panel in ("2", "3"):
        stage.grip(panel, CLOCK)
    path = names.index(study.optimizer.title)
    run_along(stage, recorded, [descent(recorded.methods[study.optimizer.key], [path])])
    panels = [place for place, trace in enumerate(stage.still) if trace.get("xaxis") in ("x2", "x3")]
    stage.live["stale"] = panels
    if not isinstance(surface, Surface):
        return
    places = [trace["name"] for trace, _ in stage.moving]
    rings, step, centre = (moved + places.index(name) for name in (LEVELS, TRIED, CENTRE))
    follow_model(stage, study.optimizer, surface.compiled, rings, step, centre)
    if recorded.follows(study.optimizer.key) and study.optimizer.init(study.run.x[0]) is None:
        predicted, actual, ratio = panels
        follow_decreases(stage, study.optimizer, surface.compiled, (predicted, actual, ratio), RATIOS)
        stage.live["stale"] = []


def _path(study: Study, theme: Theme) -> Trace:
    style = look(study.optimizer.key, theme)
    x = study.run.x[: study.steps + 1].astype("f4")
    return {
        "type": "scatter",
        "mode": "lines",
        "x": packed(x[:, 0]),
        "y": packed(x[:, 1]),
        "line": {"color": style.color, "width": 3.5, "dash": style.dash},
        "hovertemplate": "x = %{x:.5g}, y = %{y:.5g}<extra></extra>",
        "name": study.optimizer.title,
    }


def _beliefs(study: Study, surface: Landscape, steps: np.ndarray, theme: Theme) -> list[Moving]:
    """What the step believes, in the colour of belief, and the true curvature, in ink."""
    (x_low, x_high), (y_low, y_high) = surface.domain
    size = min(x_high - x_low, y_high - y_low)
    m, at = study.models, study.models.x[steps]
    hidden = np.array([x_high, y_high]) + 10 * size
    centre = np.where(np.isfinite(study.centre[steps]), study.centre[steps], hidden)
    rings = [conics.rings(m.x[k], m.gradient[k], study.matrix[k], size) for k in steps]
    crosses = [conics.cross(m.x[k], study.local.hessian[k], CROSS * size) for k in steps]
    tried = [np.stack([m.x[k], m.x[k] + m.step[k]]) if np.isfinite(m.step[k]).all() else m.x[k][None] for k in steps]
    believed = {"color": theme.belief}
    moving = [
        moving_line(LEVELS, rings, at, line={**believed, "width": 1.6}, opacity=0.85),
        moving_line("true curvature", [c for c, _ in crosses], at, line={"color": theme.ink, "width": 2.2}),
        moving_line(
            "bends down",
            [d for _, d in crosses],
            at,
            line={"color": theme.alarm, "width": 4},
            showlegend=any(len(d) for _, d in crosses),
        ),
        moving_line(TRIED, tried, at, line={**believed, "width": 4}),
        moving_marks(
            CENTRE,
            centre[:, 0],
            centre[:, 1],
            {"symbol": "x", "size": 13, "color": theme.belief, "line": {"width": 1.5, "color": theme.paper}},
            showlegend=False,
        ),
        _off_the_map(study, surface, steps, hidden, theme),
    ]
    if np.isfinite(m.radius).any():
        leashes = [conics.circle(m.x[k], float(m.radius[k])) for k in steps]
        dashed = {**believed, "width": 2.5, "dash": "dash"}
        moving.append(moving_line("trust region", leashes, at, line=dashed, showlegend=False))
    return moving


def _off_the_map(study: Study, surface: Landscape, steps: np.ndarray, hidden: np.ndarray, theme: Theme) -> Moving:
    """A cross at the edge, where the iterate is beyond it."""
    low, high = np.array(surface.domain).T
    at = study.run.x[steps]
    edge = np.where(((at < low) | (at > high)).any(axis=-1)[:, None], np.clip(at, low, high), hidden)
    marker = {**head_marker(study.optimizer.key, 15, theme), "symbol": "x"}
    return moving_marks(OFF, edge[:, 0], edge[:, 1], marker, cliponaxis=False, showlegend=False)


def _at_the_play_head(study: Study, steps: np.ndarray, theme: Theme) -> list[Moving]:
    key, at = study.optimizer.key, study.run.x[steps]
    _, actual = _sizes(study)
    drawn = [heads(key, at[:, 0], at[:, 1], 14, theme, name="head", cliponaxis=False)]
    # A head with nothing to mark waits below the panel.
    for panel, y, below in (("2", actual, 1e-300), ("3", _drawn_ratio(study), -1e3)):
        height = np.where(np.isfinite(y[steps]), y[steps], below)
        drawn.append(heads(key, steps.astype(float), height, 10, theme, name="head", **on(panel)))
    return drawn


def _sizes(study: Study) -> tuple[np.ndarray, np.ndarray]:
    """|predicted| and |actual| decrease of the step that led to each iterate, (T+1,) each; NaN for the start."""
    predicted, actual = (
        np.concatenate([[np.nan], np.maximum(np.abs(each[: study.steps]), FLOOR)])
        for each in (study.models.predicted, study.models.actual)
    )
    return predicted, actual


def _drawn_ratio(study: Study) -> np.ndarray:
    """Actual over predicted, (T+1,), NaN for the start; what is off the panel stands at its edge."""
    return np.concatenate([[np.nan], np.clip(study.agreement[: study.steps], *RATIOS)])


def _decreases(study: Study, theme: Theme) -> list[Trace]:
    predicted, actual = _sizes(study)
    step = np.arange(study.steps + 1)
    return [
        curve(step, predicted, "predicted", "2", {"color": theme.belief, "width": 2, "dash": "6px,4px"}),
        curve(step, actual, "actual", "2", {"color": look(study.optimizer.key, theme).color, "width": 2.5}),
    ]


def _ratio(study: Study, theme: Theme) -> Trace:
    line = {"color": look(study.optimizer.key, theme).color, "width": 2.5}
    return curve(np.arange(study.steps + 1), _drawn_ratio(study), "actual / predicted", "3", line)


def _rises(study: Study, steps: np.ndarray, theme: Theme) -> list[Moving]:
    """Crosses over the steps so far by which the value rose by more than rounding, since a log axis has no sign."""
    actual = study.models.actual[: study.steps]
    rose = np.flatnonzero(np.isfinite(actual) & (actual < -study.rounding[: study.steps]))
    if not rose.size:
        return []
    size = np.where(rose + 1 <= steps[:, None], np.maximum(-actual[rose], FLOOR), np.nan)
    cross = {"symbol": "x-thin", "size": 12, "line": {"width": 3, "color": theme.alarm}}
    trace = {"type": "scatter", "mode": "markers", "marker": cross, **on("2"), "name": "f rose"}
    return [moved(trace, np.broadcast_to(rose + 1, size.shape), size)]


def _level(y: float, color: str) -> Trace:
    line = {"color": color, "width": 1.5, "dash": "dot"}
    return {"type": "line", "xref": "x3 domain", "yref": "y3", "x0": 0, "x1": 1, "y0": y, "y1": y, "line": line}


def _curve_panels(stage: Stage, study: Study, place: Arrangement) -> None:
    across = counts(study.steps)
    sizes = log_range_of_runs(list(_sizes(study)), FLOOR, rise=1e12)
    above = {**across, "matches": "x3", "showticklabels": False}
    down = {"type": "log", "range": sizes, "exponentformat": "power", "nticks": 6, "tickfont": {"size": 11}}
    stage.panel("2", place["upper"], above, down, "Change of f by step: predicted (dashed), actual")
    ratios = {"range": [RATIOS[0] - 0.1, RATIOS[1] + 0.1], "nticks": 6}
    below = {**across, "title": title("step")}
    stage.panel("3", place["lower"], below, ratios, "Actual over predicted: 1 is a true model")


def alternative(study: Study) -> str:
    """The model stage in words."""
    u, v = study.run.x[0] + 0.0
    start = f"({u:.4g}, {v:.4g})"
    return f"Contour map, and the path of {study.optimizer.title} from {start} with its models. {verdict(study)}"
