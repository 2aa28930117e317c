"""Two weights under a penalty: the ball that a level curve of the loss touches, the sum that has its minimum there, and
the weights and the curvatures against strength, all moved by one strength."""

import numpy as np

from landscape.figures.kit.axes import title
from landscape.figures.kit.layouts import Arrangement, arrangement
from landscape.figures.kit.stage import Stage, frame_rate
from landscape.figures.kit.style import Theme
from landscape.figures.kit.traces import Trace, line, marks, moved, strokes, xy
from landscape.figures.regularization.common import draw_ground, framed
from landscape.figures.regularization.hold import Held, let_hold, place_true
from landscape.figures.regularization.shrinkage_curves import Curves, box, condition_number
from landscape.figures.regularization.shrinkage_panels import draw_panels
from landscape.numbers import short
from landscape.objective import Objective
from landscape.regularization.penalties import Registered
from landscape.regularization.regression import Regression
from landscape.regularization.report import WEIGHTS
from landscape.regularization.shrinkage import Shrinkage

POINT, BALL, SUM = "indigo", "ochre", "teal"
LATTICE = 51


def shrinkage_stage(
    loss: Regression,
    unit: Registered,
    found: Shrinkage,
    drawn: Curves,
    theme: Theme,
    *,
    names: tuple[str, str],
    of: str = "Loss",
    held: Held | None = None,
    narrow: bool = False,
    height: int = 500,
) -> Stage:
    """The linked picture; a frame a strength.

    unit     the penalty at strength 1
    names    what the two columns are
    of       the loss's title
    held     the true weights, where there are such
    narrow   stack the panels, for a phone
    """
    place = arrangement("shrinkage", narrow)
    alt = alternative(found, of, unit.title)
    stage = framed(theme, height, 110 if narrow else 60, f"shrinkage {narrow}", alt)
    _map_panel(stage, found, place, names)
    _map(stage, loss, found, drawn, held)
    draw_panels(stage, found, place)
    labels = [f"λ = {short(s)}" for s in found.strengths]
    stage.play(found.strengths, "λ", labels=labels, captions=captions(found), rate=frame_rate(len(labels)))
    stage.begin_at(telling(found))
    if held is not None:
        let_hold(stage, loss, unit, found, held)
    return stage


def _map_panel(stage: Stage, found: Shrinkage, place: Arrangement, names: tuple[str, str]) -> None:
    (x_low, x_high), (y_low, y_high) = box(found).tolist()
    x, y = (f"{weight}, {name}" if name else weight for weight, name in zip(WEIGHTS, names, strict=True))
    across = {"range": [x_low, x_high], "title": title(x), "nticks": 6}
    up: Trace = {"range": [y_low, y_high], "title": title(y, 2), "nticks": 6, "scaleanchor": "x"}
    stage.panel("", place["map"], across, up, "The lowest point of loss + λ · penalty")


def _map(stage: Stage, loss: Objective, found: Shrinkage, drawn: Curves, held: Held | None) -> None:
    draw_ground(stage, loss, box(found), LATTICE)
    if held is not None:
        place_true(stage, held)
    _way(stage, found)
    for j in range(drawn.total.shape[1]):
        stroke = line(None, None, stage.theme.hue(SUM), width=2, name="loss + λ · penalty", legend=j == 0)
        stage.move(moved(_smooth(stroke), *xy(drawn.total[:, j])))
    through = _smooth(line(None, None, stage.theme.ink, width=2.5, name="loss through the minimum", legend=True))
    ball = line(None, None, stage.theme.hue(BALL), width=4, dash="13px,4px", name="ball: penalty ≤ t", legend=True)
    stage.move(moved(through, *xy(drawn.touching)), moved(ball, *xy(drawn.ball)))
    head = marks(None, None, stage.theme.hue(POINT), size=15, edge="white", name="minimum at λ")
    stage.move(moved(head, found.w[:, :1], found.w[:, 1:]))


def _smooth(stroke: Trace) -> Trace:
    """A closed curve that the player rounds off."""
    return {**stroke, "line": {**stroke["line"], "shape": "spline"}}


def _way(stage: Stage, found: Shrinkage) -> None:
    """The axes through 0, where weights are zero, the loss's own minimum, and the way from there."""
    (x_low, x_high), (y_low, y_high) = box(found) * 3
    cross = np.array([[[x_low, 0.0], [x_high, 0.0]], [[0.0, y_low], [0.0, y_high]]])
    theme, w = stage.theme, found.w
    stage.draw(line(*strokes(cross), theme.ink, width=1, name="a weight is zero"))
    where = "w₁ = %{x:.4g}, w₂ = %{y:.4g}"
    stage.trail(line(*xy(w), theme.hue(POINT), width=3.5, name="minimum as λ grows", hover=where))
    style: Trace = {"symbol": "star", "size": 15, "edge": theme.paper, "name": "λ = 0", "hover": f"λ = 0<br>{where}"}
    stage.draw(marks(*xy(w[:1]), theme.ink, **style))


def telling(found: Shrinkage) -> int:
    """The frame at which a weight has just become exactly zero; past the middle where none ever does."""
    if np.isinf(found.first_zero):
        return int(0.55 * len(found.strengths))
    return int(np.searchsorted(found.strengths, found.first_zero))


def captions(found: Shrinkage) -> list[str]:
    """For each strength: the minimum, which weights are exactly zero and since when, and the condition number."""
    conditions = condition_number(found.eigenvalues)
    return [
        f"w = ({_signed(w[0])}, {_signed(w[1])}), ball of size t = {short(t)}. {zeros(found, k)} "
        + (f"Condition number {short(condition)}." if np.isfinite(condition) else "One direction is flat.")
        for k, (w, t, condition) in enumerate(zip(found.w, found.size, conditions, strict=True))
    ]


def _signed(value: float) -> str:
    return f"{value:.3f}" if abs(value) >= 1e-3 else short(value)


def zeros(found: Shrinkage, k: int) -> str:
    """Which weights are exactly zero at the k-th strength, in words."""
    parts = [
        f"{name} is exactly 0" + (f" since λ = {since:.3g}" if found.strengths[k] >= since > 0 else "")
        for name, value, since in zip(WEIGHTS, found.w[k], found.zero_from, strict=True)
        if value == 0
    ]
    return " and ".join(parts) + "." if parts else "Neither weight is zero."


def alternative(found: Shrinkage, loss: str, penalty: str) -> str:
    """The stage in words."""
    # What is 0 may be written as -0.
    start, end = found.w[0] + 0.0, found.w[-1] + 0.0
    ends = [
        f"{name} is exactly zero from λ = {at:.3g} on" if at < np.inf else f"{name} is not zero at the end"
        for name, at in zip(WEIGHTS, found.zero_from, strict=True)
    ]
    return (
        f"{loss}, penalty {penalty}. As λ grows from 0 to {found.strengths[-1]:.3g} the minimum moves from "
        f"({start[0]:.3g}, {start[1]:.3g}) to ({end[0]:.3g}, {end[1]:.3g}). {'. '.join(ends)}."
    )
