"""Ten weights: coefficient paths above and cross-validated error below, with the strengths that it chooses."""

import numpy as np

from landscape.figures.kit.axes import title
from landscape.figures.kit.layouts import Span
from landscape.figures.kit.ranges import linear_range, log_range
from landscape.figures.kit.stage import Stage, frame_rate
from landscape.figures.kit.style import Theme, numbered
from landscape.figures.kit.traces import Trace, cursor, line, marks, moved
from landscape.figures.regularization.common import framed
from landscape.numbers import short
from landscape.regularization.selection import Selection
from landscape.regularization.validation import CrossValidation

# Only so many variables get a line in the legend; the others are extras, and share a look.
NAMED = 11


def looks(names: tuple[str, ...], theme: Theme) -> list[tuple[str, str, str]]:
    """Colour, dash and marker of each variable."""
    own = [numbered(i, theme) for i in range(min(len(names), NAMED))]
    others = [(theme.faint, "2px,3px", "circle")] * max(0, len(names) - NAMED)
    return [(each.color, each.dash, each.marker) for each in own] + others


def selection_stage(
    selection: Selection, shown: tuple[str, ...], theme: Theme, *, narrow: bool = False, height: int = 500
) -> Stage:
    """A column of two panels for each title in `shown`, side by side, or one under the other if narrow."""
    alt = alternative(selection, shown)
    stage = framed(theme, height, 190 if narrow else 60, f"selection {narrow}", alt)
    # Rising, so that the play head moves to the right.
    strengths = selection.strengths[::-1]
    results = [selection.results[name] for name in shown]
    coefficients = linear_range(*(r.path.coefficients for r in results))
    errors = linear_range(*(band for r in results for band in (r.mean - r.standard_error, _capped(r))))
    for i, (name, result, (paths, error)) in enumerate(zip(shown, results, _places(len(shown), narrow), strict=True)):
        top, bottom = str(2 * i + 1) if i else "", str(2 * i + 2)
        _paths(stage, selection, result, top, coefficients, legend=i == 0)
        _error(stage, result, bottom, errors)
        first = i == 0 or narrow
        across, side = _strength_axis(strengths), {"nticks": 7, "showticklabels": first}
        stage.panel(top, paths, {**across, "showticklabels": False}, {"range": coefficients, **side}, name)
        words = "Cross-validated error ± 1 s.e." if first else ""
        stage.panel(bottom, error, {**across, "title": title("strength λ")}, {"range": errors, **side}, words)
    labels = [f"λ = {short(s)}" for s in strengths]
    stage.play(strengths, "λ", labels=labels, captions=captions(selection, shown), rate=frame_rate(len(labels)))
    return stage


def _capped(result: CrossValidation) -> np.ndarray:
    """The upper edge of the band, as far up as the choice of a strength is decided."""
    edge = result.mean + result.standard_error
    return np.minimum(edge, result.mean[result.best] + 9 * result.standard_error[result.best])


def _places(count: int, narrow: bool) -> list[tuple[Span, Span]]:
    if narrow:
        cell = 1 / count
        parts = [(1 - i * cell, cell) for i in range(count)]
        return [
            (([0.0, 1.0], [top - 0.47 * c, top]), ([0.0, 1.0], [top - 0.82 * c, top - 0.57 * c])) for top, c in parts
        ]
    gap = 0.025
    width = (1 - gap * (count - 1)) / count
    columns = [[i * (width + gap), i * (width + gap) + width] for i in range(count)]
    return [((across, [0.45, 1.0]), (across, [0.0, 0.34])) for across in columns]


def _paths(
    stage: Stage, selection: Selection, result: CrossValidation, panel: str, span: list[float], legend: bool
) -> None:
    theme, strengths, w = stage.theme, result.strengths[::-1], result.path.coefficients[::-1]
    stage.draw(line(strengths[[0, -1]], [0, 0], theme.faint, panel, width=1, name="zero"))
    styles = looks(selection.names, theme)
    for j, (name, (color, dash, _)) in enumerate(zip(selection.names, styles, strict=True)):
        hover = f"{name}<br>λ = %{{x:.4g}}<br>coefficient = %{{y:.4g}}"
        entry = legend and j < NAMED
        stage.draw(line(strengths, w[:, j], color, panel, width=2.5, dash=dash, name=name, hover=hover, legend=entry))
    _chosen(stage, result, panel, span, legend=legend)
    colors, _, symbols = zip(*styles, strict=True)
    heads = marks(None, None, list(colors), panel, symbol=list(symbols), size=10, name="coefficients at λ")
    at = np.repeat(strengths[:, None], len(styles), axis=1)
    stage.move(cursor(strengths, span, panel, theme), moved(heads, at, w))


def _chosen(stage: Stage, result: CrossValidation, panel: str, span: list[float], legend: bool) -> None:
    for index, color, dash, name in (
        (result.best, stage.theme.ink, "solid", "best λ"),
        (result.one_standard_error, stage.theme.belief, "13px,4px", "1-s.e. λ"),
    ):
        at = float(result.strengths[index])
        hover = f"{name}: λ = {at:.3g}, {result.path.nonzero[index]} variables"
        # Several points, so that the pointer finds it.
        up = np.linspace(span[0], span[1], 9)
        stage.draw(line([at] * 9, up, color, panel, width=2, dash=dash, name=name, hover=hover, legend=legend))


def _error(stage: Stage, result: CrossValidation, panel: str, span: list[float]) -> None:
    strengths, mean, error = result.strengths[::-1], result.mean[::-1], result.standard_error[::-1]
    theme = stage.theme
    band = line(
        np.concatenate([strengths, strengths[::-1]]),
        np.concatenate([mean + error, (mean - error)[::-1]]),
        theme.faint,
        panel,
        width=0,
        name="± 1 s.e.",
    )
    stage.draw({**band, "fill": "toself", "fillcolor": "rgba(128,140,152,0.25)"})
    hover = "λ = %{x:.4g}<br>error = %{y:.5g}"
    stage.draw(line(strengths, mean, theme.ink, panel, width=3, name="cross-validated error", hover=hover))
    _chosen(stage, result, panel, span, legend=False)
    now = marks(None, None, theme.ink, panel, name="error at λ")
    stage.move(cursor(strengths, span, panel, theme), moved(now, strengths[:, None], mean[:, None]))


def _strength_axis(strengths: np.ndarray) -> Trace:
    # The last decade has no label: the next panel's first would touch it.
    decades = np.arange(np.ceil(np.log10(strengths[0]) - 0.01), np.log10(strengths[-1]) - 0.5).astype(int)
    return {
        "type": "log",
        "range": log_range(strengths, room=0.015),
        "tickvals": [10.0**d for d in decades],
        "ticktext": [f"10<sup>{d}</sup>" for d in decades],
    }


def captions(selection: Selection, shown: tuple[str, ...]) -> list[str]:
    """For each strength, rising: how many variables each penalty keeps, and the names where they are few."""
    lines = []
    for k in reversed(range(len(selection.strengths))):
        parts = []
        for name in shown:
            kept = np.flatnonzero(selection.results[name].path.coefficients[k])
            listed = f" ({', '.join(selection.names[j] for j in kept)})" if 0 < len(kept) <= 4 else ""
            parts.append(f"{name.split(',')[0]} keeps {len(kept)} of {len(selection.names)}{listed}")
        lines.append("; ".join(parts) + ".")
    return lines


def alternative(selection: Selection, shown: tuple[str, ...]) -> str:
    """The stage in words."""
    parts = []
    for name in shown:
        result = selection.results[name]
        best, simpler = result.best, result.one_standard_error
        parts.append(
            f"{name}: the error is smallest, {result.mean[best]:.4g}, at λ = {result.strengths[best]:.3g} with "
            f"{result.path.nonzero[best]} variables, and one standard error allows λ = "
            f"{result.strengths[simpler]:.3g} with {result.path.nonzero[simpler]}"
        )
    size = f"{selection.samples} patients, {len(selection.names)} variables"
    return f"Coefficients and cross-validated error against strength on the diabetes data, {size}. {'; '.join(parts)}."
