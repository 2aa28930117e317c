"""Over-fitting: a polynomial through noisy points, and its errors against strength and against degree."""

import numpy as np

from landscape.figures.kit.axes import log_axis, title
from landscape.figures.kit.layouts import Span, arrangement
from landscape.figures.kit.ranges import log_range
from landscape.figures.kit.stage import Stage, frame_rate
from landscape.figures.kit.style import Theme, pair
from landscape.figures.kit.traces import Trace, cursor, line, marks, moved
from landscape.figures.regularization.common import framed
from landscape.numbers import short
from landscape.regularization.polynomials import PolynomialFits, truth

Points = tuple[np.ndarray, np.ndarray]

SWEEPS = {"strength": "Strength", "degree": "Degree"}
NAMES = ("training error", "validation error")
SAMPLES = 101
# Errors below this are rounding: the curve goes through every point.
FLOOR = 1e-4


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
) -> Stage:
    """The fitted curve and its errors.

    fits     of all degrees at strengths that rise from 0
    at       the indices of the degree and the strength; of the one that slides it is not used
    sweep    what the play head slides, a key of SWEEPS
    """
    if sweep not in SWEEPS:
        raise ValueError(f"sweep is {sweep!r}; allowed are {', '.join(SWEEPS)}")
    place = arrangement("overfitting", narrow)
    cells, by_degree = _cells(fits, at, sweep), sweep == "degree"
    stage = framed(theme, height, 130 if narrow else 60, f"fit {narrow}", alternative(fits, at, sweep))
    _curve(stage, fits, train, validation, cells, place["main"])
    of = "" if by_degree else f", degree {fits.degrees[at[0]]}"
    _errors(stage, fits, cells, "2")
    _errors(stage, fits, cells, "3")
    error = {**_error_axis(fits), "title": title("mean squared error", 2)}
    stage.panel("2", place["upper"], _strength_axis(fits), error, f"Error against strength{of}")
    degree = {"range": [0.4, float(fits.degrees[-1]) + 0.6], "title": title("degree")}
    stage.panel("3", place["lower"], degree, error, "Error against degree")
    words = captions(fits, cells)
    if by_degree:
        degrees = [int(fits.degrees[i]) for i, _ in cells]
        stage.play(degrees, "degree", labels=[f"degree {d}" for d in degrees], captions=words, rate=4)
    else:
        strengths = [float(fits.strengths[j]) for _, j in cells]
        labels = [f"λ = {short(s)}" for s in strengths]
        stage.play(strengths, "λ", labels=labels, captions=words, rate=frame_rate(len(strengths)))
    # Where the points held back are met best; at the end where that is the first frame.
    best = int(np.argmin([fits.validation[cell] for cell in cells]))
    return stage.begin_at(best or -1)


def _cells(fits: PolynomialFits, at: tuple[int, int], sweep: str) -> list[tuple[int, int]]:
    """The degree's and the strength's index in each frame."""
    if sweep == "degree":
        return [(i, at[1]) for i in range(len(fits.degrees))]
    return [(at[0], j) for j in range(len(fits.strengths))]


def _curve(
    stage: Stage, fits: PolynomialFits, train: Points, validation: Points, cells: list[tuple[int, int]], place: Span
) -> None:
    """The points, the truth and the fit."""
    t, (learned, held_back) = np.linspace(-1, 1, SAMPLES), (each.color for each in pair(stage.theme))
    cross: Trace = {"symbol": "cross-thin-open", "size": 6, "edge": held_back, "name": "validation", "legend": True}
    stage.draw(
        marks(*validation, held_back, **cross),
        line(t, truth(t), stage.theme.ink, width=2.5, dash="4px,3px", name="truth", legend=True),
        marks(*train, learned, size=11, name="training", hover="t = %{x:.3g}, y = %{y:.3g}", legend=True),
    )
    curves = fits.curve(t)
    shown = [curves[i, j] for i, j in cells]
    stage.move(moved(line(None, None, stage.theme.value, width=4, name="fit", legend=True), [t] * len(cells), shown))
    y = np.concatenate([train[1], validation[1], [-1.2, 1.2]])
    up = {"range": [float(y.min()) - 0.15, float(y.max()) + 0.15], "nticks": 6, "title": title("y", 2)}
    stage.panel("", place, {"range": [-1.03, 1.03], "title": title("t")}, up, "Fitted curve")


def _errors(stage: Stage, fits: PolynomialFits, cells: list[tuple[int, int]], panel: str) -> None:
    """Both errors along one of the two axes; the curves move where the other axis slides."""
    against_strength = panel == "2"
    x = positions(fits.strengths) if against_strength else fits.degrees.astype(float)
    looks = pair(stage.theme)
    for errors, look, name in zip((fits.train, fits.validation), looks, NAMES, strict=True):
        shown = np.maximum(errors, FLOOR)
        curves = [shown[i] if against_strength else shown[:, j] for i, j in cells]
        style: Trace = {"width": 3, "dash": look.dash, "name": name, "legend": panel == "2"}
        if all(np.array_equal(c, curves[0]) for c in curves):
            stage.draw(line(x, curves[0], look.color, panel, **style, hover=f"{name}<br>%{{x:.3g}}: %{{y:.3g}}"))
        else:
            stage.move(moved(line(None, None, look.color, panel, **style), [x] * len(cells), curves))
    low, high = 10.0 ** np.array(_range(fits))
    here = x[[j if against_strength else i for i, j in cells]]
    now = marks(None, None, [each.color for each in looks], panel, name="errors now")
    heads = [[max(e[i, j], FLOOR) for e in (fits.train, fits.validation)] for i, j in cells]
    stage.move(cursor(here, (low, high), panel, stage.theme), moved(now, [[u, u] for u in here], heads))


def positions(strengths: np.ndarray) -> np.ndarray:
    """Where strengths stand on a log axis: 0 a decade below the smallest that is not."""
    return np.where(strengths > 0, strengths, strengths[strengths > 0].min() / 10)


def _range(fits: PolynomialFits) -> list[float]:
    # What a high degree does without a penalty would flatten everything else.
    top = min(float(fits.validation.max()), 30.0)
    return log_range(np.array([FLOOR, top]), room=0.02)


def _error_axis(fits: PolynomialFits) -> Trace:
    return log_axis(*_range(fits))


def _strength_axis(fits: PolynomialFits) -> Trace:
    x = positions(fits.strengths)
    decades = np.arange(np.ceil(np.log10(x[1])), np.log10(x[-1]) + 0.01, 2)
    return {
        "type": "log",
        "range": log_range(x, room=0.02),
        "title": title("strength λ"),
        "tickvals": [float(x[0]), *(10.0**decades).tolist()],
        "ticktext": ["0", *(f"10<sup>{int(d)}</sup>" for d in decades)],
    }


def captions(fits: PolynomialFits, cells: list[tuple[int, int]]) -> list[str]:
    """For each frame both errors."""
    return [
        f"With degree {fits.degrees[i]} and λ = {short(fits.strengths[j])} the training error is "
        f"{short(fits.train[i, j])}, the validation error {short(fits.validation[i, j])}."
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
