"""Methods on a penalised loss: their paths on the map, the weight that should vanish, and how far each is from done."""

import numpy as np

from landscape.figures.kit import terrain
from landscape.figures.kit.animated import AnimatedFigure
from landscape.figures.kit.parts import Span, Trace, frame_steps, heading
from landscape.figures.kit.style import Theme, look
from landscape.figures.regularization.sheet import (
    Sheet,
    around,
    line,
    log_range,
    marks,
    panel_axes,
    sheet_layout,
    strokes,
    title,
    xy,
)
from landscape.optimizers import OPTIMIZERS
from landscape.regularization.contest import Contest
from landscape.regularization.report import WEIGHTS

# Exact zeros stand here on a log axis, below anything that is not one.
ZERO = 1e-18
FLOOR = 1e-16
LATTICE = 121

WIDE: tuple[Span, Span, Span] = (
    ([0.0, 0.53], [0.0, 1.0]),
    ([0.635, 1.0], [0.58, 1.0]),
    ([0.635, 1.0], [0.0, 0.42]),
)
NARROW: tuple[Span, Span, Span] = (
    ([0.0, 1.0], [0.52, 1.0]),
    ([0.0, 1.0], [0.27, 0.44]),
    ([0.0, 1.0], [0.0, 0.17]),
)


def contest_stage(
    contest: Contest,
    domain: terrain.Box,
    theme: Theme,
    *,
    names: tuple[str, str],
    narrow: bool = False,
    height: int = 500,
) -> AnimatedFigure:
    """The animated contest; a frame shows all methods after as many steps.

    names   of the two columns; "" where there is nothing to say
    """
    place = NARROW if narrow else WIDE
    steps = len(next(iter(contest.runs.values())).x) - 1
    reached = frame_steps(steps)
    sheet = Sheet()
    _map(sheet, contest, domain, reached, theme)
    watched = {key: np.abs(run.x[:, contest.watched]) for key, run in contest.runs.items()}
    excess = {key: contest.excess(key) for key in contest.runs}
    _curves(sheet, {key: np.where(w == 0, ZERO, np.maximum(w, FLOOR)) for key, w in watched.items()}, reached, "2")
    _curves(sheet, {key: np.maximum(e, FLOOR) for key, e in excess.items()}, reached, "3")
    name = WEIGHTS[contest.watched]
    titles = [
        heading("Paths on loss + penalty", place[0]),
        heading(f"Size of {name}, |{name}|", place[1]),
        heading("Height above the minimum", place[2]),
    ]
    layout = sheet_layout(
        theme,
        _axes(domain, steps, watched, excess, names, theme, place),
        titles,
        height,
        150 if narrow else 60,
        uirevision=f"contest {narrow} {domain}",
    )
    labels = [f"step {k} / {steps}" for k in reached]
    return sheet.figure(layout, reached.tolist(), "steps", labels, captions(contest, reached), reached.tolist())


def _map(sheet: Sheet, contest: Contest, domain: terrain.Box, reached: np.ndarray, theme: Theme) -> None:
    wider = around(*np.array(domain).T)
    ground = terrain.contour(terrain.survey(contest.objective, wider, LATTICE), theme, "loss + penalty", {})
    del ground["colorbar"]
    (x_low, x_high), (y_low, y_high) = wider
    cross = np.array([[[x_low, 0.0], [x_high, 0.0]], [[0.0, y_low], [0.0, y_high]]])
    start = next(iter(contest.runs.values())).x[0]
    where = "w₁ = %{x:.4g}, w₂ = %{y:.4g}"
    sheet.draw({**ground, "showscale": False}, line(*strokes(cross), theme.ink, width=1, name="a weight is zero"))
    low = contest.minimum
    star = marks(low[:1], low[1:], theme.ink, symbol="star", size=16, edge=theme.paper, name="minimum")
    sheet.draw({**star, "hovertemplate": f"minimum<br>{where}<extra></extra>"})
    sheet.draw(marks(start[:1], start[1:], theme.ink, symbol="circle-open-dot", size=14, edge=theme.ink, name="start"))
    for key, run in contest.runs.items():
        shown = _finite(run.x)
        hover = f"{OPTIMIZERS[key].title}<br>{where}"
        style: Trace = {"dash": look(key).dash, "name": label(contest, key), "hover": hover, "group": key}
        sheet.trail(line(*xy(shown), look(key).color, width=3.5, **style, legend=True))
    at = np.stack([_finite(run.x)[reached] for run in contest.runs.values()], axis=1)
    sheet.move(_heads(tuple(contest.runs), ""), at[..., 0], at[..., 1])


def _finite(x: np.ndarray) -> np.ndarray:
    """x with what has run away to infinity far off the map: a mark must have a place."""
    return np.nan_to_num(x, nan=1e6, posinf=1e6, neginf=-1e6).clip(-1e6, 1e6)


def label(contest: Contest, key: str) -> str:
    """A method's name in the legend, with its rate and, where it has its own, its decay."""
    optimizer = contest.optimizers[key]
    rate = getattr(optimizer, "lr", None)
    name = OPTIMIZERS[key].title + ("" if rate is None else f", η {rate:.3g}")
    return f"{name}, own decay" if key in contest.own else name


def _heads(keys: tuple[str, ...], panel: str) -> dict:
    looks = [look(key) for key in keys]
    colors, symbols = [each.color for each in looks], [each.marker for each in looks]
    return marks(None, None, colors, panel, symbol=symbols, size=11 if panel else 15, name="heads")


def _curves(sheet: Sheet, series: dict[str, np.ndarray], reached: np.ndarray, panel: str) -> None:
    for key, values in series.items():
        shown = _finite(values)
        hover = f"{OPTIMIZERS[key].title}<br>step %{{x}}: %{{y:.4g}}"
        style: Trace = {"dash": look(key).dash, "name": OPTIMIZERS[key].title, "hover": hover, "group": key}
        sheet.trail(line(np.arange(len(shown)), shown, look(key).color, panel, width=2.5, **style))
    at = np.stack([_finite(values)[reached] for values in series.values()], axis=1)
    sheet.move(_heads(tuple(series), panel), np.repeat(reached[:, None], len(series), axis=1), at)


def _axes(
    domain: terrain.Box,
    steps: int,
    watched: dict[str, np.ndarray],
    excess: dict[str, np.ndarray],
    names: tuple[str, str],
    theme: Theme,
    place: tuple[Span, Span, Span],
) -> dict[str, dict]:
    x, y = (f"{weight}, {name}" if name else weight for weight, name in zip(WEIGHTS, names, strict=True))
    across = {"range": [-0.02 * steps, 1.02 * steps], "nticks": 6, "title": title("steps")}
    power = {"type": "log", "exponentformat": "power", "tickfont": {"size": 11}}
    sizes = np.concatenate([w[np.isfinite(w) & (w > FLOOR)] for w in watched.values()] + [np.ones(1)])
    first = max(float(e[0]) for e in excess.values())
    heights = [np.clip(e[np.isfinite(e)], FLOOR, 1e3 * max(first, FLOOR)) for e in excess.values()]
    top = min(float(sizes.max()), 1e3 * max(float(w[0]) for w in watched.values()) + 1)
    zeros = any((w == 0).any() for w in watched.values())
    low = np.log10(ZERO) - 0.7 if zeros else log_range(sizes)[0]
    decades = [d for d in range(-16, int(np.ceil(np.log10(top))) + 1, 4) if d > low]
    if zeros or low < -2:
        ticks: Trace = {
            "tickvals": [ZERO] * zeros + [10.0**d for d in decades],
            "ticktext": ["0"] * zeros + [f"10<sup>{d}</sup>" for d in decades],
        }
    else:
        ticks = {"dtick": "D2", "tickfont": {"size": 13}, "exponentformat": "none"}
    return {
        **panel_axes(
            "",
            place[0],
            theme,
            {"range": list(domain[0]), "title": title(x)},
            {"range": list(domain[1]), "title": title(y, 2), "scaleanchor": "x"},
        ),
        **panel_axes(
            "2",
            place[1],
            theme,
            {**across, "title": title("")},
            {**power, **ticks, "range": [low, float(np.log10(top)) + 0.7]},
        ),
        **panel_axes("3", place[2], theme, across, {**power, "range": log_range(*heights), "nticks": 6}),
    }


def captions(contest: Contest, reached: np.ndarray) -> list[str]:
    """For each frame what the watched weight is in each run."""
    name = WEIGHTS[contest.watched]
    lines = []
    for k in reached:
        parts = []
        for key, run in contest.runs.items():
            w = run.x[k, contest.watched]
            parts.append(f"{OPTIMIZERS[key].title} {'exactly 0' if w == 0 else f'{w:.3g}'}")
        lines.append(f"{name}: {', '.join(parts[:4])}{' ...' if len(parts) > 4 else ''}")
    return lines


def alternative(contest: Contest, steps: int) -> str:
    """The stage in words."""
    name = WEIGHTS[contest.watched]
    parts = []
    for key, run in contest.runs.items():
        since = contest.zero_since(key)
        end = run.x[-1]
        how = (
            f"{name} is exactly zero from step {since} on"
            if since is not None
            else f"{name} is {end[contest.watched]:.3g}"
        )
        parts.append(f"{OPTIMIZERS[key].title} ends at ({end[0]:.4g}, {end[1]:.4g}), where {how}")
    low = contest.minimum
    return f"Paths of {steps} steps towards the minimum ({low[0]:.4g}, {low[1]:.4g}): {'; '.join(parts)}."
