"""Over-fitting: a polynomial through noisy points, and its errors against strength and against degree."""

from typing import Any

import numpy as np

from landscape.figures.kit.animated import AnimatedFigure
from landscape.figures.kit.parts import SPEED, Span, heading
from landscape.figures.kit.style import Theme
from landscape.figures.regularization.sheet import Sheet, line, log_range, marks, panel_axes, sheet_layout, title
from landscape.regularization.polynomials import PolynomialFits, truth
from landscape.regularization.report import short

Points = tuple[np.ndarray, np.ndarray]

SWEEPS = {"strength": "Strength", "degree": "Degree"}
TRAIN, VALIDATION = "#0072B2", "#D55E00"
CURVE = "#CC3F8F"
SAMPLES = 101
# Errors below this are rounding: the curve goes through every point.
FLOOR = 1e-4

WIDE: tuple[Span, Span, Span] = (
    ([0.0, 0.55], [0.0, 1.0]),
    ([0.645, 1.0], [0.6, 1.0]),
    ([0.645, 1.0], [0.0, 0.4]),
)
NARROW: tuple[Span, Span, Span] = (
    ([0.0, 1.0], [0.55, 1.0]),
    ([0.0, 1.0], [0.29, 0.45]),
    ([0.0, 1.0], [0.0, 0.17]),
)


def overfitting_stage(
    fits: PolynomialFits,
    train: Points,
    validation: Points,
    at: tuple[int, int],
    theme: Theme,
    *,
    sweep: str = "strength",
    narrow: bool = False,
    height: int = 500,
) -> AnimatedFigure:
    """The fitted curve and its errors.

    fits     of all degrees at strengths that rise from 0
    at       the indices of the degree and the strength; of the one that slides it is not used
    sweep    what the play head slides, a key of SWEEPS
    """
    if sweep not in SWEEPS:
        raise ValueError(f"sweep is {sweep!r}; allowed are {', '.join(SWEEPS)}")
    place = NARROW if narrow else WIDE
    cells = _cells(fits, at, sweep)
    sheet = Sheet()
    _points(sheet, fits, train, validation, cells, theme)
    _errors(sheet, fits, cells, "2", theme)
    _errors(sheet, fits, cells, "3", theme)
    by_degree = sweep == "degree"
    titles = [
        heading("Fitted curve", place[0]),
        heading("Error against strength" + ("" if by_degree else f", degree {fits.degrees[at[0]]}"), place[1]),
        heading("Error against degree", place[2]),
    ]
    layout = sheet_layout(
        theme,
        _axes(fits, train, validation, theme, place),
        titles,
        height,
        130 if narrow else 60,
        uirevision=f"fit {narrow}",
    )
    strengths = [fits.strengths[j] for _, j in cells]
    degrees = [int(fits.degrees[i]) for i, _ in cells]
    labels = [f"degree {d}" for d in degrees] if by_degree else [f"λ = {short(s)}" for s in strengths]
    times = degrees if by_degree else [float(s) for s in strengths]
    return sheet.figure(
        layout, times, "degree" if by_degree else "λ", labels, captions(fits, cells), rate=4 if by_degree else SPEED
    )


def _cells(fits: PolynomialFits, at: tuple[int, int], sweep: str) -> list[tuple[int, int]]:
    """The degree's and the strength's index in each frame."""
    if sweep == "degree":
        return [(i, at[1]) for i in range(len(fits.degrees))]
    return [(at[0], j) for j in range(len(fits.strengths))]


def _points(
    sheet: Sheet, fits: PolynomialFits, train: Points, validation: Points, cells: list[tuple[int, int]], theme: Theme
) -> None:
    t = np.linspace(-1, 1, SAMPLES)
    sheet.draw(
        marks(
            *validation, VALIDATION, symbol="cross-thin-open", size=6, edge=VALIDATION, name="validation", legend=True
        ),
        line(t, truth(t), theme.faint, width=3, dash="4px,3px", name="truth", legend=True),
        marks(*train, TRAIN, size=11, name="train", hover="t = %{x:.3g}, y = %{y:.3g}", legend=True),
    )
    curves = fits.curve(t)
    shown = [curves[i, j] for i, j in cells]
    sheet.move(line(None, None, CURVE, width=4, name="fit", legend=True), [t] * len(cells), shown)


def _errors(sheet: Sheet, fits: PolynomialFits, cells: list[tuple[int, int]], panel: str, theme: Theme) -> None:
    """Both errors along one of the two axes; the curves move where the other axis slides."""
    against_strength = panel == "2"
    x = positions(fits.strengths) if against_strength else fits.degrees.astype(float)
    for errors, color, dash, name in (
        (fits.train, TRAIN, "solid", "train error"),
        (fits.validation, VALIDATION, "13px,4px", "validation error"),
    ):
        shown = np.maximum(errors, FLOOR)
        curves = [shown[i] if against_strength else shown[:, j] for i, j in cells]
        style: dict[str, Any] = {"width": 3, "dash": dash, "name": name, "legend": panel == "2"}
        if all(np.array_equal(c, curves[0]) for c in curves):
            hover = f"{name}<br>%{{x:.3g}}: %{{y:.3g}}"
            sheet.draw(line(x, curves[0], color, panel, **style, hover=hover))
        else:
            sheet.move(line(None, None, color, panel, **style), [x] * len(cells), curves)
    low, high = 10.0 ** np.array(_range(fits))
    here = x[[j if against_strength else i for i, j in cells]]
    sheet.cursor(here, (low, high), panel, theme)
    heads = [[max(e[i, j], FLOOR) for e in (fits.train, fits.validation)] for i, j in cells]
    sheet.move(marks(None, None, [TRAIN, VALIDATION], panel, name="errors now"), [[u, u] for u in here], heads)


def positions(strengths: np.ndarray) -> np.ndarray:
    """Where strengths stand on a log axis: 0 a decade below the smallest that is not."""
    return np.where(strengths > 0, strengths, strengths[strengths > 0].min() / 10)


def _range(fits: PolynomialFits) -> list[float]:
    # What a high degree does without a penalty would flatten everything else.
    top = min(float(fits.validation.max()), 30.0)
    return log_range(np.array([FLOOR, top]), room=0.02)


def _axes(
    fits: PolynomialFits, train: Points, validation: Points, theme: Theme, place: tuple[Span, Span, Span]
) -> dict[str, dict]:
    y = np.concatenate([train[1], validation[1], [-1.2, 1.2]])
    up = {"range": [float(y.min()) - 0.15, float(y.max()) + 0.15], "nticks": 6, "title": title("y", 2)}
    x = positions(fits.strengths)
    decades = np.arange(np.ceil(np.log10(x[1])), np.log10(x[-1]) + 0.01, 2)
    ticks = {
        "tickvals": [float(x[0]), *(10.0**decades).tolist()],
        "ticktext": ["0", *(f"10<sup>{int(d)}</sup>" for d in decades)],
    }
    error = {"type": "log", "range": _range(fits), "dtick": 1, "exponentformat": "power", "tickfont": {"size": 11}}
    return {
        **panel_axes("", place[0], theme, {"range": [-1.03, 1.03], "title": title("t")}, up),
        **panel_axes(
            "2",
            place[1],
            theme,
            {"type": "log", "range": log_range(x, room=0.02), "title": title("strength λ"), **ticks},
            {**error, "title": title("mean squared error", 2)},
        ),
        **panel_axes(
            "3",
            place[2],
            theme,
            {"range": [0.4, float(fits.degrees[-1]) + 0.6], "title": title("degree")},
            {**error, "title": title("mean squared error", 2)},
        ),
    }


def captions(fits: PolynomialFits, cells: list[tuple[int, int]]) -> list[str]:
    """For each frame both errors."""
    return [
        f"Degree {fits.degrees[i]}, λ = {short(fits.strengths[j])}: train error {short(fits.train[i, j])}, "
        f"validation error {short(fits.validation[i, j])}."
        for i, j in cells
    ]


def alternative(fits: PolynomialFits, at: tuple[int, int], sweep: str) -> str:
    """The stage in words."""
    i, j = fits.best
    best = f"degree {fits.degrees[i]} with λ = {fits.strengths[j]:.3g}"
    if sweep == "degree":
        k = int(np.argmin(fits.validation[:, at[1]]))
        here = f"At λ = {fits.strengths[at[1]]:.3g} the validation error is smallest at degree {fits.degrees[k]}"
        lowest = fits.validation[k, at[1]]
    else:
        k = int(np.argmin(fits.validation[at[0]]))
        here = f"At degree {fits.degrees[at[0]]} the validation error is smallest at λ = {fits.strengths[k]:.3g}"
        lowest = fits.validation[at[0], k]
    return (
        f"Polynomials through noisy points, and their errors. {here}: {lowest:.3g}. "
        f"Over everything it is smallest for {best}: {fits.validation[i, j]:.3g}."
    )
