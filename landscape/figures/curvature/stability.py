"""The stability stage: heavy ball's regimes over rate and momentum, and a run that puts the prediction to the test."""

from functools import partial
from typing import Any

import numpy as np

from landscape.descent.recorded import RecordedRace
from landscape.domain import Landscape
from landscape.figures.curvature.ground import mapped
from landscape.figures.descent.hold import START_NAMES, descent, hold_start, knob_name, run_along
from landscape.figures.kit.animated import packed
from landscape.figures.kit.axes import counts, map_axes, strip, title
from landscape.figures.kit.layouts import Span, arrangement
from landscape.figures.kit.meta import CLOCK
from landscape.figures.kit.ranges import log_range_of_runs
from landscape.figures.kit.room import LETTER, LINE, Room, map_pixels, panel_pixels
from landscape.figures.kit.stage import Stage, frame_rate, frame_steps
from landscape.figures.kit.style import Theme, look
from landscape.figures.kit.traces import Moving, Trace, curve, head_marker, heads, on, point_marks
from landscape.knob import knobs
from landscape.numbers import apart
from landscape.optimizers.first_order import Momentum
from landscape.theory.convergence import Trial
from landscape.theory.quadratics import best_gradient_descent, best_heavy_ball, boundaries, heavy_ball, largest_roots
from landscape.theory.stationary import StationaryPoints

RATES, MOMENTA = 160, 90
# Rates drawn: from this share of 2 / lambda_max up to twice it and a little more.
LOWEST, HIGHEST = 5e-3, 5.0
# The font size of the regimes' names, and how large the largest mark is, with some air.
NAME, MARK = 16, 24
RATE, MOMENTUM, RUN = knob_name(Momentum.key, "lr"), knob_name(Momentum.key, "momentum"), "this run"
THERE = "The start is the minimum: the run is already there."
FORECAST = "Predicted: stable below a rate of {limit}. Here a step multiplies the error by {factor}."
# Distances below this are rounding and are not drawn.
FLOOR = 1e-16


def stability_stage(
    trial: Trial,
    surface: Landscape,
    points: StationaryPoints,
    theme: Theme,
    *,
    recorded: RecordedRace | None = None,
    narrow: bool = False,
    height: int = 470,
) -> Stage:
    """The stage of a trial on `surface`; the eigenvalues at its target must be positive.

    recorded   the method, for a path that follows while its rate or its start is held; without it nothing can be held
    """
    place = arrangement("stability", narrow)
    steps = frame_steps(len(trial.seen.errors) - 1)
    stage = Stage(
        theme,
        height=height,
        revision=f"stability {surface.key} {narrow}",
        alt=alternative(trial),
        margin=(52, 114 if narrow else 60, 12, 44),
        legend=strip(90 if narrow else 36, 13),
        fixed=True,
    )
    _regime_panel(stage, trial, place["main"], narrow)
    room = Room(surface.domain, map_pixels(surface.domain, place["upper"], height, stage.margin, narrow=narrow))
    room.path(trial.run.x)
    room.mark(trial.seen.target, 8)
    stage.draw(*mapped(surface, points, trial.run.x[:1], 13, theme, room, "2"))
    target = point_marks(trial.seen.target[None], "the minimum that is predicted for", "circle-open", 14, theme)
    stage.draw({**target, **on("2")})
    stage.axes |= map_axes(surface.domain, ("", ""), theme, place["upper"], "2")
    stage.head("The run", place["upper"])
    stage.trail(_path(trial, theme))
    _error_panel(stage, trial, place["lower"])
    stage.move(*_at_the_play_head(trial, steps, theme))
    words = captions(trial, steps)
    stage.play(steps, "steps", schedule=[steps], captions=words, rate=frame_rate(len(steps)))
    if recorded is not None:
        _hold(stage, trial, surface, recorded)
    return stage


def _hold(stage: Stage, trial: Trial, surface: Landscape, recorded: RecordedRace) -> None:
    """Let a hand have rate and momentum, and the start; the path follows, and the predicted factor."""
    names = [trace["name"] for trace in stage.still]
    given = knobs(Momentum)
    for name, knob, at in ((RATE, given["lr"], trial.lr), (MOMENTUM, given["momentum"], trial.momentum)):
        stage.hold(name, at, (knob.low, knob.high))
    hold_start(stage, trial.run.x[0], surface.domain)
    stage.grip("", RATE, MOMENTUM, names.index(RUN))
    stage.grip("2", *START_NAMES, names.index("start"))
    stage.grip("3", CLOCK)
    held = {"lr": RATE, "momentum": MOMENTUM}
    run_along(stage, recorded, [descent(recorded.methods[trial.key], [names.index("path")], held)])
    stage.live["stale"] = [names.index(name) for name in ("measured", "predicted slope")]
    stage.tell([RATE, MOMENTUM], partial(_forecast, trial.seen.eigenvalues), FORECAST)


def _forecast(eigenvalues: np.ndarray, lr: Any, momentum: Any) -> dict[str, Any]:
    """The rate up to which heavy ball is stable, and the factor of the error that a step leaves, as `heavy_ball`."""
    _, _, sizes = largest_roots(lr, momentum, eigenvalues)
    return {"limit": 2 * (1 + momentum) / eigenvalues.max(), "factor": sizes.max()}


def captions(trial: Trial, steps: np.ndarray) -> list[str]:
    """What is predicted, at every frame, and what was measured, at the last."""
    factor, regime = trial.forecast
    effect = (
        f"{apart(factor, 1.0, 4)[0]} of the error is left after a step"
        if factor < 1
        else f"a step multiplies the error by {apart(factor, 1.0, 4)[0]}"
    )
    if trial.seen.errors[0] <= trial.seen.floor:
        return [THERE] * len(steps)
    text = f"Predicted: stable below a rate of 2(1+μ)/λmax = {trial.limit:.4g}. Here {effect}: {regime}."
    return [text] * (len(steps) - 1) + [f"{text} Measured: {_measured(trial)}."]


def _measured(trial: Trial) -> str:
    if str(trial.run.status) == "diverged":
        return "it diverged"
    if trial.elsewhere:
        return "nothing, as it is on other ground"
    if trial.steady:
        return apart(trial.seen.rate, 1.0, 4)[0]
    return "no steady factor" if np.isfinite(trial.seen.rate) else "too few steps to tell"


def rates_drawn(trial: Trial) -> tuple[float, float]:
    """The range of rates, which takes in the trial's own."""
    edge = 2 / float(trial.seen.eigenvalues.max())
    return min(LOWEST * edge, trial.lr / 1.5), max(HIGHEST * edge, trial.lr * 1.5)


def _regime_panel(stage: Stage, trial: Trial, place: Span, narrow: bool) -> None:
    """The heat map of the spectral radius, its boundaries, and the marks of this run and of the best."""
    rates, momenta = np.geomspace(*rates_drawn(trial), RATES), np.linspace(0, 0.999, MOMENTA)
    radius, regime = heavy_ball(rates, momenta[:, None], trial.seen.eigenvalues)
    stage.draw(_radius(rates, momenta, radius, place, stage.theme))
    stage.draw(*_boundaries(trial, stage.theme), *_marks(trial, stage.theme))
    size = panel_pixels(place, stage.height, stage.margin, narrow=narrow)
    stage.annotations += _names(trial, (rates, momenta, regime), size, stage.theme)
    low, high = np.log10(rates_drawn(trial))
    across = {"type": "log", "range": [float(low), float(high)], "nticks": 7, "exponentformat": "power"}
    up = {"range": [0, 1], "title": title("momentum")}
    heading = "Error left after a step, by rate and momentum"
    stage.panel("", place, {**across, "title": title("rate")}, up, heading)


def _names(
    trial: Trial, regimes: tuple[np.ndarray, np.ndarray, np.ndarray], size: tuple[float, float], theme: Theme
) -> list[Trace]:
    """The regimes' names, each where it has room between the boundaries and beside the marks, upright if need be.

    regimes   the rates, the momenta and the regime of each pair; size: of the panel, in pixels
    """
    rates, momenta, regime = regimes
    cells = np.array([MOMENTA, RATES]) / np.array(size[::-1])
    free = _free(trial, rates, momenta, cells)
    names = []
    for name in dict.fromkeys(regime.ravel().tolist()):
        box = np.array([LINE, LETTER * len(name)]) * NAME / 2
        for angle, half in ((0, box), (-90, box[::-1])):
            rows, columns = np.nonzero(_roomy((regime == name) & free, np.ceil(half * cells).astype(int)))
            if not len(rows):
                continue
            # A regime may be bent: the member nearest its mean.
            middle = int(np.argmin((rows - rows.mean()) ** 2 + (columns - columns.mean()) ** 2))
            place = {"x": float(np.log10(rates[columns[middle]])), "y": float(momenta[rows[middle]])}
            names.append({"text": f"<b>{name}</b>", **place, "textangle": angle, **_on_a_veil(theme)})
            break
    return names


def _on_a_veil(theme: Theme) -> Trace:
    return {"showarrow": False, "font": {"size": NAME, "color": theme.ink}, "bgcolor": theme.veil}


def _free(trial: Trial, rates: np.ndarray, momenta: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """The cells on which no mark stands, (momenta, rates)."""
    free = np.ones((len(momenta), len(rates)), dtype=bool)
    up, across = np.ceil(MARK / 2 * cells).astype(int)
    for _, lr, momentum, _ in _marked(trial):
        row, column = np.abs(momenta - momentum).argmin(), np.abs(np.log(rates / lr)).argmin()
        free[max(0, row - up) : row + up + 1, max(0, column - across) : column + across + 1] = False
    return free


def _radius(rates: np.ndarray, momenta: np.ndarray, radius: np.ndarray, place: Span, theme: Theme) -> Trace:
    """The heat map of the spectral radius in percent, 101 where it diverges."""
    percent = np.where(radius >= 1, 101, np.minimum(np.round(100 * radius), 100))
    return {
        "type": "heatmap",
        "x": packed(rates),
        "y": packed(momenta),
        "z": packed(percent.astype("u1")),
        "zmin": 0,
        "zmax": 101,
        "colorscale": theme.shrinking,
        "colorbar": {
            "thickness": 9,
            "ypad": 0,
            "outlinewidth": 0,
            "tickvals": [0, 25, 50, 75, 99],
            "ticktext": ["0", "0.25", "0.5", "0.75", "1"],
            "tickfont": {"size": 12},
            "x": place[0][1] + 0.005,
            "xanchor": "left",
            "y": sum(place[1]) / 2,
            "len": place[1][1] - place[1][0],
        },
        "hovertemplate": "rate %{x:.3g}, momentum %{y:.2f}<br>%{z} % of the error is left<extra></extra>",
        "name": "spectral radius",
    }


def _roomy(mask: np.ndarray, half: np.ndarray) -> np.ndarray:
    """The cells of a mask around which it holds for so many cells up and down, and left and right."""
    for axis, count in enumerate(half.tolist()):
        padded = np.pad(mask, [(count, count) if axis == k else (0, 0) for k in (0, 1)])
        windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * count + 1, axis=axis)
        mask = np.asarray(windows.all(axis=-1))
    return mask


def _boundaries(trial: Trial, theme: Theme) -> list[Trace]:
    momenta = np.linspace(0, 0.9999, 400)
    lines = boundaries(momenta, trial.seen.eigenvalues)
    heavy = {"stable": 3.5}
    return [
        curve(rate, momenta, name, "", {"color": theme.ink, "width": heavy.get(name, 1.5)}, hoverinfo="skip")
        for name, rate in lines.items()
    ]


def _marked(trial: Trial) -> list[tuple[str, float, float, Trace]]:
    """What is marked among the regimes: its name, its rate and momentum, and how, where that is no method's look."""
    best, plain = best_heavy_ball(trial.seen.eigenvalues), best_gradient_descent(trial.seen.eigenvalues)
    return [
        ("best heavy ball", best.lr, best.momentum, {"symbol": "star", "size": 16}),
        ("best gradient descent", plain.lr, 0.0, {"symbol": "triangle-up", "size": 15}),
        (RUN, trial.lr, trial.momentum, {}),
    ]


def _marks(trial: Trial, theme: Theme) -> list[Trace]:
    marks = [
        (name, lr, momentum, {**style, "color": theme.ink} if style else head_marker(trial.key, 18, theme))
        for name, lr, momentum, style in _marked(trial)
    ]
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [lr],
            "y": [momentum],
            "marker": {"line": {"width": 1.5, "color": theme.paper}, **marker},
            "cliponaxis": False,
            "hovertemplate": f"{name}<br>rate %{{x:.4g}}, momentum %{{y:.4g}}<extra></extra>",
            "name": name,
        }
        for name, lr, momentum, marker in marks
    ]


def _path(trial: Trial, theme: Theme) -> Trace:
    x = trial.run.x[: len(trial.seen.errors)]
    return curve(x[:, 0], x[:, 1], "path", "2", {"color": look(trial.key, theme).color, "width": 2.5})


def _drawn_errors(trial: Trial) -> np.ndarray:
    return np.maximum(trial.seen.errors, FLOOR)


def _error_panel(stage: Stage, trial: Trial, place: Span) -> None:
    errors = _drawn_errors(trial)
    measured = {"color": look(trial.key, stage.theme).color, "width": 3}
    stage.trail(curve(np.arange(len(errors)), errors, "measured", "3", measured))
    stage.draw(_predicted(trial, stage.theme))
    across = {**counts(len(errors) - 1), "title": title("step")}
    span = log_range_of_runs([errors], FLOOR)
    down = {"type": "log", "range": span, "exponentformat": "power", "nticks": 6, "tickfont": {"size": 11}}
    stage.panel("3", place, across, down, "Distance to the minimum")


def _predicted(trial: Trial, theme: Theme) -> Trace:
    """The predicted slope, from the first error on."""
    step = np.arange(len(trial.seen.errors))
    factor = max(trial.forecast[0], 1e-300)
    with np.errstate(all="ignore"):
        line = 10 ** np.clip(np.log10(max(trial.seen.errors[0], FLOOR)) + step * np.log10(factor), -300, 300)
    dashed = {"color": theme.belief, "width": 2.5, "dash": "8px,5px"}
    return curve(step, line, "predicted slope", "3", dashed, showlegend=True)


def _at_the_play_head(trial: Trial, steps: np.ndarray, theme: Theme) -> list[Moving]:
    at = trial.run.x[steps]
    return [
        heads(trial.key, at[:, 0], at[:, 1], 11, theme, name="head", **on("2")),
        heads(trial.key, steps.astype(float), _drawn_errors(trial)[steps], 11, theme, name="head", **on("3")),
    ]


def alternative(trial: Trial) -> str:
    """The stability stage in words."""
    factor, regime = trial.forecast
    return (
        f"Heat map of heavy ball's spectral radius over rate and momentum. At rate {trial.lr:.4g} and momentum "
        f"{trial.momentum:.4g} theory predicts a factor of {apart(factor, 1.0, 4)[0]} a step, {regime}. "
        f"Measured: {_measured(trial)}."
    )
