"""The stability stage: heavy ball's regimes over rate and momentum, and a run that puts the prediction to the test."""

from typing import Any

import numpy as np

from landscape.domain import Landscape
from landscape.figures.descent.panels import point_marks
from landscape.figures.kit import parts, terrain
from landscape.figures.kit.animated import AnimatedFigure, packed
from landscape.figures.kit.style import Theme, look
from landscape.theory.convergence import Trial
from landscape.theory.quadratics import best_gradient_descent, best_heavy_ball, boundaries, heavy_ball
from landscape.theory.stationary import StationaryPoints

WIDE: dict[str, parts.Span] = {
    "main": ([0.0, 0.5], [0.0, 1.0]),
    "upper": ([0.6, 1.0], [0.5, 1.0]),
    "lower": ([0.62, 1.0], [0.0, 0.34]),
}
NARROW: dict[str, parts.Span] = {
    "main": ([0.0, 0.88], [0.62, 1.0]),
    "upper": ([0.0, 1.0], [0.26, 0.52]),
    "lower": ([0.0, 1.0], [0.0, 0.16]),
}

RATES, MOMENTA = 160, 90
# Rates drawn: from this share of 2 / lambda_max up to twice it and a little more.
LOWEST, HIGHEST = 5e-3, 5.0
# A regime is named where there is room: as many cells of its own above and below, left and right.
ROOM = (4, 12)
# Distances below this are not drawn.
FLOOR = 1e-40


def stability_stage(
    trial: Trial, surface: Landscape, points: StationaryPoints, theme: Theme, *, narrow: bool = False, height: int = 470
) -> AnimatedFigure:
    """The animated figure of a trial on `surface`; the eigenvalues at its target must be positive."""
    place = NARROW if narrow else WIDE
    steps = parts.frame_steps(len(trial.seen.errors) - 1)
    regimes, names = _regimes(trial, theme, place["main"])
    still = [*regimes, *_boundaries(trial, theme), *_marks(trial, theme), *_ground(trial, surface, points, theme)]
    paths = [_path(trial), _error(trial)]
    trails = [{"trace": len(still) + i, "run": 0} for i in range(2)]
    still += [*paths, _predicted(trial, theme)]
    moving = _heads(trial, steps)
    return parts.run_stage(
        still,
        moving,
        theme,
        axes={
            **_regime_axes(trial, theme, place["main"]),
            **parts.map_axes(surface.domain, ("", ""), theme, place["upper"], "2"),
            **_error_axes(trial, theme, place["lower"]),
        },
        titles=[
            *names,
            parts.heading("Error left after a step, by rate and momentum", place["main"]),
            parts.heading("The run", place["upper"]),
            parts.heading("Distance to the minimum", place["lower"]),
        ],
        margin=(52, 84 if narrow else 62, 44),
        height=height,
        narrow=narrow,
        revision=f"stability {surface.key}",
        steps=steps,
        schedule=[steps.tolist()],
        trails=trails,
        captions=captions(trial, steps),
        clicks=["x", "x2"],
    )


def captions(trial: Trial, steps: np.ndarray) -> list[str]:
    """What is predicted, at every frame, and what was measured, at the last."""
    factor, regime = trial.forecast
    effect = (
        f"{factor:.4g} of the error is left after a step"
        if factor < 1
        else f"a step multiplies the error by {factor:.4g}"
    )
    text = f"Predicted: stable below 2(1+μ)/λmax = {trial.limit:.4g}; here {effect}: {regime}."
    measured = f"{trial.seen.rate:.4g}" if np.isfinite(trial.seen.rate) else "too few steps to tell"
    if str(trial.run.status) == "diverged":
        measured = "it diverged"
    return [text] * (len(steps) - 1) + [f"{text} Measured: {measured}."]


def rates_drawn(trial: Trial) -> tuple[float, float]:
    """The range of rates, which takes in the trial's own."""
    edge = 2 / float(trial.seen.eigenvalues.max())
    return min(LOWEST * edge, trial.lr / 1.5), max(HIGHEST * edge, trial.lr * 1.5)


def _regimes(trial: Trial, theme: Theme, place: parts.Span) -> tuple[list[parts.Trace], list[parts.Trace]]:
    """The heat map of the spectral radius in percent, 101 where it diverges, and the regimes' names."""
    rates, momenta = np.geomspace(*rates_drawn(trial), RATES), np.linspace(0, 0.999, MOMENTA)
    radius, regime = heavy_ball(rates, momenta[:, None], trial.seen.eigenvalues)
    percent = np.where(radius >= 1, 101, np.minimum(np.round(100 * radius), 100))
    names = []
    for name in dict.fromkeys(regime.ravel().tolist()):
        rows, columns = np.nonzero(_roomy(regime == name))
        if not len(rows):
            continue
        # A regime may be bent: the member nearest its mean.
        middle = int(np.argmin((rows - rows.mean()) ** 2 + (columns - columns.mean()) ** 2))
        names.append(
            {
                "text": f"<b>{name}</b>",
                "x": float(np.log10(rates[columns[middle]])),
                "y": float(momenta[rows[middle]]),
                "showarrow": False,
                "font": {"size": 16, "color": theme.ink},
                "bgcolor": theme.veil,
            }
        )
    heat = {
        "type": "heatmap",
        "x": packed(rates),
        "y": packed(momenta),
        "z": packed(percent.astype("u1")),
        "zmin": 0,
        "zmax": 101,
        "colorscale": theme.shrinking,
        "colorbar": {
            "thickness": 9,
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
    return [heat], names


def _roomy(mask: np.ndarray) -> np.ndarray:
    """The cells of a mask whose neighbours at ROOM's distance are in it too."""
    up, across = ROOM
    padded = np.pad(mask, ((up, up), (across, across)))
    inner = padded[up:-up, across:-across].copy()
    for rows, columns in ((0, across), (2 * up, across), (up, 0), (up, 2 * across)):
        inner &= padded[rows : rows + mask.shape[0], columns : columns + mask.shape[1]]
    return inner


def _boundaries(trial: Trial, theme: Theme) -> list[parts.Trace]:
    momenta = np.linspace(0, 0.9999, 400)
    lines = boundaries(momenta, trial.seen.eigenvalues)
    heavy = {"stable": 3.5}
    return [
        parts.curve(rate, momenta, name, "", {"color": theme.ink, "width": heavy.get(name, 1.5)}, hoverinfo="skip")
        for name, rate in lines.items()
    ]


def _marks(trial: Trial, theme: Theme) -> list[parts.Trace]:
    eigenvalues = trial.seen.eigenvalues
    best, plain = best_heavy_ball(eigenvalues), best_gradient_descent(eigenvalues)
    marks = [
        ("best heavy ball", best.lr, best.momentum, {"symbol": "star", "size": 16, "color": theme.ink}),
        ("best gradient descent", plain.lr, 0.0, {"symbol": "triangle-up", "size": 15, "color": theme.ink}),
        ("this run", trial.lr, trial.momentum, parts.head_marker(trial.key, 18)),
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


def _ground(trial: Trial, surface: Landscape, points: StationaryPoints, theme: Theme) -> list[parts.Trace]:
    traces = [terrain.contour(terrain.survey(surface, surface.domain), theme, surface.title, {})]
    traces[0]["showscale"] = False
    traces += terrain.marks(points, theme)
    traces += [
        point_marks(trial.run.x[:1], "start", "circle-open-dot", 13, theme),
        point_marks(trial.seen.target[None], "the minimum that is predicted for", "star", 14, theme),
    ]
    return [{**trace, "xaxis": "x2", "yaxis": "y2"} for trace in traces]


def _path(trial: Trial) -> parts.Trace:
    x = trial.run.x[: len(trial.seen.errors)]
    return parts.curve(x[:, 0], x[:, 1], "path", "2", {"color": look(trial.key).color, "width": 2.5})


def _drawn_errors(trial: Trial) -> np.ndarray:
    return np.maximum(trial.seen.errors, FLOOR)


def _error(trial: Trial) -> parts.Trace:
    errors = _drawn_errors(trial)
    return parts.curve(np.arange(len(errors)), errors, "measured", "3", {"color": look(trial.key).color, "width": 3})


def _predicted(trial: Trial, theme: Theme) -> parts.Trace:
    """The predicted slope, from the first error on."""
    step = np.arange(len(trial.seen.errors))
    factor = max(trial.forecast[0], 1e-300)
    with np.errstate(all="ignore"):
        line = 10 ** np.clip(np.log10(max(trial.seen.errors[0], FLOOR)) + step * np.log10(factor), -300, 300)
    dashed = {"color": theme.belief, "width": 2.5, "dash": "8px,5px"}
    return parts.curve(step, line, "predicted slope", "3", dashed, showlegend=True)


def _heads(trial: Trial, steps: np.ndarray) -> list[parts.Moving]:
    marker = parts.head_marker(trial.key, 11)
    at = trial.run.x[steps]
    return [
        parts.moving_marks("head", at[:, 0], at[:, 1], marker, xaxis="x2", yaxis="y2", showlegend=False),
        parts.moving_marks(
            "head", steps, _drawn_errors(trial)[steps], marker, xaxis="x3", yaxis="y3", showlegend=False
        ),
    ]


def _regime_axes(trial: Trial, theme: Theme, place: parts.Span) -> dict[str, Any]:
    low, high = np.log10(rates_drawn(trial))
    rate = {"type": "log", "range": [float(low), float(high)], "title": {"text": "rate", "standoff": 4}}
    return {
        "xaxis": theme.axis(domain=place[0], anchor="y", nticks=7, exponentformat="power", **rate),
        "yaxis": theme.axis(domain=place[1], anchor="x", range=[0, 1], title={"text": "momentum", "standoff": 4}),
    }


def _error_axes(trial: Trial, theme: Theme, place: parts.Span) -> dict[str, Any]:
    end = max(1, len(trial.seen.errors) - 1)
    across = {"range": [-0.02 * end, 1.02 * end]}
    down = {"type": "log", "exponentformat": "power", "nticks": 6, "tickfont": {"size": 11}}
    span = parts.log_range([_drawn_errors(trial)], FLOOR)
    return {
        "xaxis3": theme.axis(domain=place[0], anchor="y3", nticks=6, title={"text": "step", "standoff": 4}, **across),
        "yaxis3": theme.axis(domain=place[1], anchor="x3", range=span, **down),
    }


def alternative(trial: Trial) -> str:
    """The stability stage in words."""
    factor, regime = trial.forecast
    return (
        f"Heat map of heavy ball's spectral radius over rate and momentum. At rate {trial.lr:.4g} and momentum "
        f"{trial.momentum:.4g} theory predicts a factor of {factor:.4g} a step, {regime}; "
        f"measured {trial.seen.rate:.4g}."
    )
