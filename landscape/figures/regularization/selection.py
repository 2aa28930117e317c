"""Ten weights: one penalty's paths, how many weights every penalty keeps, and the errors that choose a strength."""

import numpy as np

from landscape.figures.kit.axes import title
from landscape.figures.kit.layouts import Span, arrangement
from landscape.figures.kit.ranges import linear_range, log_range
from landscape.figures.kit.room import panel_pixels, spaced
from landscape.figures.kit.stage import Stage, frame_rate
from landscape.figures.kit.style import Look, Theme, numbered
from landscape.figures.kit.traces import Trace, cursor, line, marks, moved
from landscape.figures.regularization.common import framed
from landscape.numbers import counted, short
from landscape.regularization.report import LISTED
from landscape.regularization.selection import Selection
from landscape.regularization.validation import CrossValidation

# Only so many variables have a look and a name of their own; of more, the table's are named and the others are faint.
NAMED = 11
# The penalties' dashes, in the order of their L1 share.
DASHES = ("3px,3px", "13px,4px", "solid")
BEST, SIMPLEST = "best λ", "simplest λ within 1 s.e."
# Room for names before the first strength, as a share of the axis, and what a name's line takes, in pixels.
NAME_ROOM, NAME_ROWS = {False: 0.11, True: 0.2}, 20


def looks(names: tuple[str, ...], theme: Theme) -> list[Look]:
    """How each variable is drawn."""
    return [
        numbered(i, theme) if i < _named(names) else Look(theme.faint, "2px,3px", "circle") for i in range(len(names))
    ]


def _named(names: tuple[str, ...]) -> int:
    return len(names) if len(names) <= NAMED else NAMED - 1


def selection_stage(
    selection: Selection, shown: str, theme: Theme, *, narrow: bool = False, height: int = 500
) -> Stage:
    """The paths of the penalty `shown`, and beside them, or below if narrow, what all of them keep and their errors."""
    alt = alternative(selection)
    stage = framed(theme, height, 130 if narrow else 60, f"selection {narrow}", alt)
    place, across = arrangement("selection", narrow), _strength_axis(selection)
    _paths(stage, selection, shown, place["main"], narrow=narrow)
    _kept(stage, selection, shown, place["upper"], across)
    _errors(stage, selection, shown, place["lower"], across)
    rising = selection.strengths[::-1]
    labels = [f"λ = {short(s)}" for s in rising]
    stage.play(rising, "λ", labels=labels, captions=captions(selection, shown), rate=frame_rate(len(labels)))
    return stage


def _paths(stage: Stage, selection: Selection, shown: str, place: Span, *, narrow: bool) -> None:
    """The weights of one penalty against the strength, with their names where they begin."""
    theme, result = stage.theme, selection.results[shown]
    strengths, w = selection.strengths[::-1], result.path.coefficients[::-1]
    stage.draw(line(strengths[[0, -1]], [0, 0], theme.faint, width=1, name="zero"))
    styles = looks(selection.names, theme)
    # The faint ones first, so that they lie below the others.
    for j in reversed(range(len(styles))):
        hover = f"{selection.names[j]}<br>λ = %{{x:.4g}}<br>weight = %{{y:.4g}}"
        style: Trace = {"dash": styles[j].dash, "name": selection.names[j], "hover": hover}
        stage.draw(line(strengths, w[:, j], styles[j].color, width=3 if j < _named(selection.names) else 1.2, **style))
    span = linear_range(*(each.path.coefficients for each in selection.results.values()))
    _chosen(stage, result, "", span, legend=True)
    _names(stage, selection, w[0], span, place, narrow=narrow)
    heads = marks(None, None, [each.color for each in styles], size=10, name="weights at λ")
    heads["marker"]["symbol"] = [each.marker for each in styles]
    at = np.repeat(strengths[:, None], len(styles), axis=1)
    stage.move(cursor(strengths, span, "", theme), moved(heads, at, w))
    across = _strength_axis(selection, NAME_ROOM[narrow]) | {"title": title("strength λ")}
    stage.panel("", place, across, {"range": span, "nticks": 7}, f"{shown}: each weight as λ grows")


def _names(
    stage: Stage, selection: Selection, first: np.ndarray, span: list[float], place: Span, *, narrow: bool
) -> None:
    """The variables' names beside the left ends of their lines, none upon another."""
    count, styles = _named(selection.names), looks(selection.names, stage.theme)
    _, pixels = panel_pixels(place, stage.height, stage.margin, narrow=narrow)
    rows = spaced(first[:count], NAME_ROWS * (span[1] - span[0]) / pixels)
    texts = {
        "type": "scatter",
        "mode": "text",
        "x": [float(selection.strengths[-1])] * count,
        "y": rows.tolist(),
        "text": [f"{name} " for name in selection.names[:count]],
        "textposition": "middle left",
        "textfont": {"size": 14, "color": [each.color for each in styles[:count]]},
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
        "name": "names",
    }
    stage.draw(texts)


def _kept(stage: Stage, selection: Selection, shown: str, place: Span, across: Trace) -> None:
    """How many weights are not zero, of every penalty."""
    strengths, theme, count = selection.strengths[::-1], stage.theme, len(selection.names)
    kept = {name: result.path.nonzero[::-1] for name, result in selection.results.items()}
    for (name, numbers), dash in zip(kept.items(), DASHES, strict=True):
        color, width = _weight(theme, name == shown)
        hover = f"{name}<br>λ = %{{x:.4g}}: %{{y}} weights"
        steps = line(strengths, numbers, color, "2", width=width, dash=dash, name=name, hover=hover, legend=True)
        stage.draw({**steps, "line": {**steps["line"], "shape": "hvh"}})
    _chosen(stage, selection.results[shown], "2", [0, count])
    now = marks(None, None, theme.ink, "2", name="kept at λ")
    stage.move(cursor(strengths, [0, count], "2", theme), moved(now, strengths, kept[shown]))
    up = {"range": [-0.06 * count, 1.06 * count], "nticks": 6}
    stage.panel("2", place, across, up, f"How many of {count} weights are kept")


def _weight(theme: Theme, shown: bool) -> tuple[str, float]:
    """Colour and width of a penalty's line: the one shown stands out."""
    return (theme.ink, 3.5) if shown else (theme.faint, 2)


def _errors(stage: Stage, selection: Selection, shown: str, place: Span, across: Trace) -> None:
    """The cross-validated error of every penalty, with a band about that of the one shown."""
    strengths, theme, result = selection.strengths[::-1], stage.theme, selection.results[shown]
    mean, error = result.mean[::-1], result.standard_error[::-1]
    span = linear_range(*(band for r in selection.results.values() for band in (r.mean - r.standard_error, _capped(r))))
    there, edge = np.concatenate([strengths, strengths[::-1]]), np.concatenate([mean + error, (mean - error)[::-1]])
    band = line(there, edge, theme.faint, "3", width=0, name="± 1 s.e.")
    stage.draw({**band, "fill": "toself", "fillcolor": "rgba(128,140,152,0.25)"})
    for (name, each), dash in zip(selection.results.items(), DASHES, strict=True):
        color, width = _weight(theme, name == shown)
        hover = f"{name}<br>λ = %{{x:.4g}}<br>error = %{{y:.5g}}"
        stage.draw(
            line(strengths, each.mean[::-1], color, "3", width=width, dash=dash, name=f"error, {name}", hover=hover)
        )
    _chosen(stage, result, "3", span)
    now = marks(None, None, theme.ink, "3", name="error at λ")
    stage.move(cursor(strengths, span, "3", theme), moved(now, strengths[:, None], mean[:, None]))
    words = "Cross-validated error ± 1 s.e."
    stage.panel("3", place, {**across, "title": title("strength λ")}, {"range": span, "nticks": 5}, words)


def _capped(result: CrossValidation) -> np.ndarray:
    """The upper edge of the band, as far up as the choice of a strength is decided."""
    edge = result.mean + result.standard_error
    return np.minimum(edge, result.mean[result.best] + 9 * result.standard_error[result.best])


def _chosen(stage: Stage, result: CrossValidation, panel: str, span: list[float], legend: bool = False) -> None:
    """The strengths that cross-validation chooses."""
    for index, color, dash, name in (
        (result.best, stage.theme.ink, "solid", BEST),
        (result.one_standard_error, stage.theme.belief, "13px,4px", SIMPLEST),
    ):
        at = float(result.strengths[index])
        hover = f"{name}: λ = {at:.3g}, {result.path.nonzero[index]} weights"
        # Several points, so that the pointer finds it.
        up = np.linspace(span[0], span[1], 9)
        stage.draw(line([at] * 9, up, color, panel, width=2, dash=dash, name=name, hover=hover, legend=legend))


def _strength_axis(selection: Selection, before: float = 0.0) -> Trace:
    """The strengths on a log axis, with room before the first for a share of it."""
    low, high = log_range(selection.strengths, room=0.015)
    return {"type": "log", "range": [low - before * (high - low), high]}


def captions(selection: Selection, shown: str) -> list[str]:
    """For each strength, rising: how many weights each penalty keeps, and which the one shown, if few."""
    lines = []
    for k in reversed(range(len(selection.strengths))):
        kept = {name: np.flatnonzero(each.path.coefficients[k]) for name, each in selection.results.items()}
        ridge, net, lasso = (str(len(each) or "none") for each in kept.values())
        text = f"Ridge keeps {ridge} of {len(selection.names)} weights, the elastic net {net}, the lasso {lasso}."
        names = ", ".join(selection.names[j] for j in kept[shown])
        if 0 < len(names.split()) <= LISTED:
            text += f" {_subject(shown)} keeps {names}."
        lines.append(text)
    return lines


def _subject(shown: str) -> str:
    name = shown.split(",")[0]
    return name if name == "Ridge" else f"The {name.lower()}"


def alternative(selection: Selection) -> str:
    """The stage in words."""
    parts = []
    for name, result in selection.results.items():
        best, simpler = result.best, result.one_standard_error
        kept = counted(int(result.path.nonzero[best]), "variable")
        parts.append(
            f"{name}: the error is smallest, {result.mean[best]:.4g}, at λ = {result.strengths[best]:.3g} with {kept}. "
            f"One standard error allows λ = {result.strengths[simpler]:.3g} with {result.path.nonzero[simpler]}"
        )
    size = f"{selection.samples} patients, {len(selection.names)} variables"
    return f"Coefficients and cross-validated error against strength on the diabetes data, {size}. {'. '.join(parts)}."
