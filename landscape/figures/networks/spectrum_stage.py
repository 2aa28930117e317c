"""The stage of a spectrum: the Hessian's eigenvalues through a training, and the curvature where it gets unstable."""

from typing import Any

import numpy as np

from landscape.figures.kit import parts
from landscape.figures.kit.animated import AnimatedFigure, packed
from landscape.figures.kit.parts import Moving, Span, Trace
from landscape.figures.kit.style import Theme, look
from landscape.figures.networks import loss_panel, network_graph
from landscape.lessons.training import Training
from landscape.networks.spectrum import Spectrum
from landscape.optimizers import OPTIMIZERS

# Lines below the largest eigenvalue, and marks at one step: the largest and the smallest of many.
LINES = 8
MARKS = 60
# Decades below the largest eigenvalue that are shown, and a size that is not.
DECADES = 6
HIDDEN = 1e-40
# An edge higher than so many times every eigenvalue is named, but the axis does not reach up to it.
FAR = 3.0
NARROW: dict[str, Span] = {
    "main": ([0.0, 1.0], [0.58, 1.0]),
    "upper": ([0.0, 1.0], [0.3, 0.48]),
    "lower": ([0.0, 1.0], [0.0, 0.18]),
}
EDGE = {"light": "#b00020", "dark": "#ff8a80"}


def stage(
    training: Training,
    key: str,
    spectrum: Spectrum,
    edge: np.ndarray | None,
    theme: Theme,
    *,
    narrow: bool = False,
    size: tuple[int, int] = (920, 470),
) -> AnimatedFigure:
    """The animated figure of one run's spectrum, as far as it is known.

    edge   the curvature above which each step is unstable, (T,), or None where there is no such number
    """
    place = NARROW if narrow else parts.WIDE
    last = spectrum.steps[-1]
    top = _ceiling(spectrum, edge)
    still, trails = _eigenvalue_lines(spectrum, key, theme)
    if edge is not None:
        still.append(_edge_line(edge[: max(last, 1)], theme))
    loss = training.losses[key][0]
    trails.append({"trace": len(still), "run": 1})
    still.append(
        _line(
            "loss", np.arange(len(loss)), loss_panel.positive(loss), "3", color=look(key).color, width=3, simplify=False
        )
    )
    marker = parts.head_marker(key, 13)
    shown = parts.frame_steps(len(spectrum.steps) - 1)
    frames = Spectrum(spectrum.steps[shown], spectrum.eigenvalues[shown])
    steps, heads = frames.steps, np.nan_to_num(frames.sharpness, nan=0.0)
    moving = [
        parts.moving_marks("largest", steps, heads, marker, showlegend=False),
        parts.moving_marks(
            "heads",
            steps,
            np.nan_to_num(loss_panel.positive(loss[steps]), nan=loss_panel.FLOOR),
            marker,
            xaxis="x3",
            yaxis="y3",
            showlegend=False,
        ),
        *_sizes(frames, theme),
    ]
    layout = _layout(training, place, theme, spectrum, top, size)
    layout["annotations"] += _edge_label(edge, top, place, theme)
    layout["meta"] = {
        "trails": trails,
        "schedule": [shown.tolist(), steps.tolist()],
        "times": steps.tolist(),
        "unit": "steps",
        "rate": parts.frame_rate(len(steps)),
        "captions": captions(frames, edge),
        "clicks": [],
    }
    return AnimatedFigure(still + [trace for trace, _ in moving], layout, parts.frames(moving, len(still)))


def captions(spectrum: Spectrum, edge: np.ndarray | None) -> list[str]:
    """A line for every step: the largest eigenvalue, against the edge, and how many are negative."""
    out = []
    for step, values in zip(spectrum.steps, spectrum.eigenvalues, strict=True):
        text = f"Largest eigenvalue {values[-1]:.4g}"
        if edge is not None and len(edge):
            limit = edge[min(step, len(edge) - 1)]
            text += f", {values[-1] / limit:.0%} of the edge {limit:.4g}"
        out.append(text + f"; {int((values < 0).sum())} of {len(values)} are negative")
    return out


def _ceiling(spectrum: Spectrum, edge: np.ndarray | None) -> float:
    finite = spectrum.sharpness[np.isfinite(spectrum.sharpness)]
    top = float(np.quantile(finite, 0.98)) if len(finite) else 1.0
    top = max(top, 1e-9)
    if edge is not None and len(edge) and np.median(edge) < FAR * top:
        top = max(top, float(np.median(edge)))
    return 1.15 * top


def _eigenvalue_lines(spectrum: Spectrum, key: str, theme: Theme) -> tuple[list[Trace], list[dict[str, int]]]:
    values = spectrum.eigenvalues
    ranks = [-1, *(-k for k in range(2, min(LINES, values.shape[1]) + 1))]
    if values.shape[1] > LINES:
        ranks.append(0)
    still: list[Trace] = []
    trails: list[dict[str, int]] = []
    for rank in reversed(ranks):
        line = {"color": theme.faint, "width": 1, "simplify": False}
        if rank == -1:
            line = {"color": look(key).color, "width": 2.2, "dash": look(key).dash, "simplify": False}
        trails.append({"trace": len(still), "run": 0})
        still.append(
            _line("smallest" if rank == 0 else f"eigenvalue {-rank}", spectrum.steps, values[:, rank], "", **line)
        )
    return still, trails


def _line(name: str, x: np.ndarray, y: np.ndarray, panel: str, **line: Any) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": packed(x.astype("i4")),
        "y": packed(y.astype("f4")),
        "line": line,
        "xaxis": f"x{panel}",
        "yaxis": f"y{panel}",
        "hovertemplate": f"{name}<br>step %{{x}}: %{{y:.4g}}<extra></extra>",
        "showlegend": False,
        "name": name,
    }


def _edge_line(edge: np.ndarray, theme: Theme) -> Trace:
    return _line("edge of stability", np.arange(len(edge)), edge, "", color=EDGE[theme.name], width=2.5, dash="9px,6px")


def _edge_label(edge: np.ndarray | None, top: float, place: dict[str, Span], theme: Theme) -> list[Trace]:
    if edge is None or not len(edge):
        return []
    at, inside = float(edge[-1]), edge[-1] <= top
    return [
        {
            "text": f"<b>edge of stability {at:.4g}</b>" + ("" if inside else ", far above"),
            "xref": "paper",
            "x": place["main"][0][1] - 0.005,
            "xanchor": "right",
            "y": at if inside else top,
            "yref": "y",
            "yanchor": "bottom" if inside else "top",
            "showarrow": False,
            "font": {"size": 15, "color": EDGE[theme.name]},
        }
    ]


def _sizes(spectrum: Spectrum, theme: Theme) -> list[Moving]:
    """The size of every eigenvalue at one step, largest first, of many the two ends; negative ones have their mark."""
    values = np.nan_to_num(spectrum.eigenvalues[:, ::-1], nan=0.0)
    count = values.shape[1]
    rank = np.arange(count)
    if count > MARKS:
        rank = np.concatenate([rank[: MARKS // 2], rank[-MARKS // 2 :]])
    shown, x = values[:, rank], np.tile(rank + 1, (len(values), 1))
    where: Trace = {"xaxis": "x2", "yaxis": "y2", "showlegend": False}
    bright = {"size": 8, "color": theme.ink, "symbol": "circle"}
    other = {"size": 9, "color": EDGE[theme.name], "symbol": "x-thin", "line": {"width": 2, "color": EDGE[theme.name]}}
    # What has the other sign is far below the axis.
    return [
        parts.moving_marks("positive", x, np.where(shown > 0, shown, HIDDEN), bright, **where),
        parts.moving_marks("negative", x, np.where(shown < 0, -shown, HIDDEN), other, **where),
    ]


def _layout(
    training: Training,
    place: dict[str, Span],
    theme: Theme,
    spectrum: Spectrum,
    top: float,
    size: tuple[int, int],
) -> dict[str, Any]:
    end, count = max(training.steps, 1), spectrum.eigenvalues.shape[1]
    low = float(np.nanmin(spectrum.eigenvalues, initial=0.0))
    vertical = {
        "range": [max(low, -top) * 1.1 - 0.03 * top, top],
        "nticks": 7,
        "zeroline": True,
        "zerolinecolor": theme.faint,
    }
    across = {"range": [-0.02 * end, 1.02 * end], "nticks": 6}
    loss = next(iter(training.losses.values()))[0]
    largest = float(np.log10(np.nanmax(np.abs(spectrum.eigenvalues), initial=1e-12)))
    headings = [
        parts.heading("Eigenvalues of the Hessian", place["main"]),
        parts.heading("Their sizes now (crosses: negative)", place["upper"]),
        parts.heading("Training loss", place["lower"]),
    ]
    step = {"text": "step", "standoff": 2}
    return theme.layout(
        xaxis=theme.axis(domain=place["main"][0], anchor="y", title=step, **across),
        yaxis=theme.axis(domain=place["main"][1], anchor="x", **vertical),
        xaxis2=theme.axis(
            domain=place["upper"][0], anchor="y2", range=[0, count + 1], nticks=6, title={"text": "rank", "standoff": 2}
        ),
        yaxis2=theme.axis(
            domain=place["upper"][1],
            anchor="x2",
            type="log",
            range=[largest - DECADES, largest + 0.4],
            dtick=2,
            exponentformat="power",
            tickfont={"size": 12},
        ),
        **loss_panel.axes([loss], training.steps, theme, place["lower"], "3"),
        annotations=headings,
        height=size[1],
        margin={"l": 52, "r": 12, "t": 32, "b": 42},
        uirevision=f"spectrum {training.lesson.network}",
        updatemenus=[network_graph.hidden_button()],
    )


def alternative(key: str, spectrum: Spectrum, edge: np.ndarray | None) -> str:
    """The stage in words."""
    first, last, most = spectrum.sharpness[0], spectrum.sharpness[-1], np.nanmax(spectrum.sharpness)
    text = (
        f"Eigenvalues of the Hessian while {OPTIMIZERS[key].title} trains: the largest begins at {first:.4g}, reaches "
        f"{most:.4g} and ends at {last:.4g}."
    )
    return text if edge is None else f"{text} Above {edge[-1]:.4g} a step is unstable."
