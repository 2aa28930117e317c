"""The stage of a spectrum: the Hessian's eigenvalues through a training, and the curvature where it gets unstable."""

from typing import Any

import numpy as np

from landscape.descent.descend import watched
from landscape.figures.kit.animated import packed
from landscape.figures.kit.axes import title
from landscape.figures.kit.layouts import Arrangement, arrangement
from landscape.figures.kit.stage import Stage, frame_rate
from landscape.figures.kit.style import Theme, look
from landscape.figures.kit.traces import Moving, Trace, heads, moving_marks, on
from landscape.figures.networks.loss_panel import FLOOR, loss_panel, positive
from landscape.lessons.report import negative
from landscape.lessons.training import Training
from landscape.networks.spectrum import Spectrum
from landscape.numbers import percent, short
from landscape.optimizers import OPTIMIZERS

# Lines below the largest eigenvalue, and marks at one step: the largest and the smallest of many.
LINES = 8
MARKS = 60
# Each frame moves every mark, so there are fewer than elsewhere.
MAX_FRAMES = 100
# Decades below the largest eigenvalue that are shown, and a size that is not.
DECADES = 6
HIDDEN = 1e-40
# An edge higher than so many times every eigenvalue is named, but the axis does not reach up to it.
FAR = 3.0


def stage(
    training: Training,
    key: str,
    spectrum: Spectrum,
    edge: np.ndarray | None,
    theme: Theme,
    *,
    narrow: bool = False,
    size: tuple[int, int] = (920, 470),
) -> Stage:
    """The stage of one run's spectrum, as far as it is known.

    edge   the curvature above which each step is unstable, (T,), or None where there is no such number
    """
    place = arrangement("spectrum", narrow)
    drawn = Stage(
        theme,
        height=size[1],
        revision=f"spectrum {training.lesson.network}",
        alt=alternative(key, spectrum, edge),
        margin=(52, 32, 12, 42),
        clicks=[],
        inside=True,
    )
    loss = training.losses[key][0]
    _panels(drawn, training, spectrum, edge, place)
    for trace in _eigenvalue_lines(spectrum, key, theme):
        drawn.trail(trace)
    if edge is not None:
        drawn.draw(_edge_line(edge[: max(spectrum.steps[-1], 1)], theme))
    drawn.trail(_line("loss", np.arange(len(loss)), positive(loss), "3", color=look(key, theme).color, width=3), 1)
    shown = watched(len(spectrum.steps) - 1, MAX_FRAMES + 1)
    frames = Spectrum(spectrum.steps[shown], spectrum.eigenvalues[shown])
    drawn.move(*_at_the_play_head(key, frames, loss, theme), *_sizes(frames, theme))
    told = captions(frames, edge)
    drawn.play(frames.steps, "steps", schedule=[shown, frames.steps], captions=told, rate=frame_rate(len(shown)))
    return drawn


def _at_the_play_head(key: str, frames: Spectrum, loss: np.ndarray, theme: Theme) -> list[Moving]:
    steps = frames.steps.astype(float)
    losses = np.nan_to_num(positive(loss[frames.steps]), nan=FLOOR)
    return [
        heads(key, steps, np.nan_to_num(frames.sharpness, nan=0.0), 13, theme, name="largest"),
        heads(key, steps, losses, 13, theme, **on("3")),
    ]


def captions(spectrum: Spectrum, edge: np.ndarray | None) -> list[str]:
    """A line for every step: the largest eigenvalue, against the edge, and how many are negative."""
    out = []
    for step, values in zip(spectrum.steps, spectrum.eigenvalues, strict=True):
        text = f"The largest eigenvalue is {short(values[-1])}"
        limit = edge[min(step, len(edge) - 1)] if edge is not None and len(edge) else np.inf
        if np.isfinite(limit):
            text += f", {percent(values[-1] / limit)} of the edge of stability ({short(limit)})"
        out.append(text + f", and {negative(values)} of {len(values)} are negative.")
    return out


def _ceiling(spectrum: Spectrum, edge: np.ndarray | None) -> float:
    finite = spectrum.sharpness[np.isfinite(spectrum.sharpness)]
    top = float(np.quantile(finite, 0.98)) if len(finite) else 1.0
    top = max(top, 1e-9)
    if edge is not None and len(edge) and np.median(edge) < FAR * top:
        top = max(top, float(np.median(edge)))
    return 1.15 * top


def _eigenvalue_lines(spectrum: Spectrum, key: str, theme: Theme) -> list[Trace]:
    values = spectrum.eigenvalues
    ranks = [-1, *(-k for k in range(2, min(LINES, values.shape[1]) + 1))]
    if values.shape[1] > LINES:
        ranks.append(0)
    traces = []
    for rank in reversed(ranks):
        line: Trace = {"color": theme.faint, "width": 1}
        if rank == -1:
            line = {"color": look(key, theme).color, "width": 2.2, "dash": look(key, theme).dash}
        name = "smallest" if rank == 0 else f"eigenvalue {-rank}"
        traces.append(_line(name, spectrum.steps, values[:, rank], "", **line))
    return traces


def _line(name: str, x: np.ndarray, y: np.ndarray, panel: str, **line: Any) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": packed(x.astype("i4")),
        "y": packed(y.astype("f4")),
        "line": line,
        **on(panel),
        "hovertemplate": f"{name}<br>step %{{x}}: %{{y:.4g}}<extra></extra>",
        "showlegend": False,
        "name": name,
    }


def _edge_line(edge: np.ndarray, theme: Theme) -> Trace:
    return _line("edge of stability", np.arange(len(edge)), edge, "", color=theme.ink, width=2.5, dash="9px,6px")


def _edge_label(edge: np.ndarray | None, top: float, place: Arrangement, theme: Theme) -> list[Trace]:
    if edge is None or not len(edge):
        return []
    at, inside = float(edge[-1]), edge[-1] <= top or np.isinf(edge[-1])
    return [
        {
            "text": _named(at) + ("" if inside else ", far above"),
            "xref": "paper",
            "x": place["main"][0][1] - 0.005,
            "xanchor": "right",
            "y": min(at, top),
            "yref": "y",
            "yanchor": "bottom" if at <= top else "top",
            "showarrow": False,
            "font": {"size": 15, "color": theme.ink},
        }
    ]


def _named(edge: float) -> str:
    return f"<b>edge of stability {short(edge)}</b>" if np.isfinite(edge) else "<b>edge of stability</b>: at last none"


def _sizes(spectrum: Spectrum, theme: Theme) -> list[Moving]:
    """The size of every eigenvalue at one step, largest first, of many the two ends; negative ones have their mark."""
    values = np.nan_to_num(spectrum.eigenvalues[:, ::-1], nan=0.0)
    count = values.shape[1]
    rank = np.arange(count)
    if count > MARKS:
        rank = np.concatenate([rank[: MARKS // 2], rank[-MARKS // 2 :]])
    shown, x = values[:, rank], np.tile(rank + 1, (len(values), 1))
    where: Trace = {**on("2"), "showlegend": False}
    bright = {"size": 8, "color": theme.ink, "symbol": "circle"}
    other = {"size": 9, "color": theme.alarm, "symbol": "x-thin", "line": {"width": 2, "color": theme.alarm}}
    # What has the other sign is far below the axis.
    return [
        moving_marks("positive", x.astype(float), np.where(shown > 0, shown, HIDDEN), bright, **where),
        moving_marks("negative", x.astype(float), np.where(shown < 0, -shown, HIDDEN), other, **where),
    ]


def _panels(drawn: Stage, training: Training, spectrum: Spectrum, edge: np.ndarray | None, place: Arrangement) -> None:
    top, end = _ceiling(spectrum, edge), max(training.steps, 1)
    low = float(np.nanmin(spectrum.eigenvalues, initial=0.0))
    vertical = {
        "range": [max(low, -top) * 1.1 - 0.03 * top, top],
        "nticks": 7,
        "zeroline": True,
        "zerolinecolor": drawn.theme.faint,
    }
    across = {"range": [-0.02 * end, 1.02 * end], "nticks": 6, "title": title("steps", 2)}
    drawn.panel("", place["main"], across, vertical, "Eigenvalues of the Hessian")
    rank = {"range": [0, spectrum.eigenvalues.shape[1] + 1], "nticks": 6, "title": title("rank", 2)}
    drawn.panel("2", place["upper"], rank, _size_axis(spectrum), "All of them now, by size (×: negative)")
    loss = next(iter(training.losses.values()))[0]
    loss_panel(drawn, [loss], training.steps, place["lower"], "3", "Training loss")
    drawn.annotations += _edge_label(edge, top, place, drawn.theme)


def _size_axis(spectrum: Spectrum) -> Trace:
    largest = float(np.log10(np.nanmax(np.abs(spectrum.eigenvalues), initial=1e-12)))
    return {
        "type": "log",
        "range": [largest - DECADES, largest + 0.4],
        "dtick": 2,
        "exponentformat": "power",
    }


def alternative(key: str, spectrum: Spectrum, edge: np.ndarray | None) -> str:
    """The stage in words."""
    first, last, most = spectrum.sharpness[0], spectrum.sharpness[-1], np.nanmax(spectrum.sharpness)
    text = (
        f"Eigenvalues of the Hessian while {OPTIMIZERS[key].title} trains: the largest begins at {first:.4g}, reaches "
        f"{most:.4g} and ends at {last:.4g}."
    )
    return text if edge is None or np.isinf(edge[-1]) else f"{text} Above {edge[-1]:.4g} a step is unstable."
