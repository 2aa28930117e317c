"""Two weights under a penalty: the ball that a level curve of the loss touches, the sum that has its minimum there, and
the weights and the curvature against strength, all moved by one strength."""

import numpy as np

from landscape.figures.kit import terrain
from landscape.figures.kit.animated import packed
from landscape.figures.kit.axes import around
from landscape.figures.kit.layouts import Arrangement, arrangement
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import Theme
from landscape.figures.kit.traces import Trace, line, marks, moved, on, strokes, xy
from landscape.figures.regularization.common import framed, title
from landscape.figures.regularization.shrinkage_curves import Curves, box, rings
from landscape.figures.regularization.shrinkage_panels import draw_panels
from landscape.numbers import short
from landscape.objective import Objective
from landscape.regularization.penalties import Registered
from landscape.regularization.report import WEIGHTS
from landscape.regularization.shrinkage import Shrinkage

POINT, BALL, SUM = "#0072B2", "#D55E00", "#CC3F8F"
LATTICE = 81


def shrinkage_stage(
    loss: Objective,
    unit: Registered,
    found: Shrinkage,
    drawn: Curves,
    theme: Theme,
    *,
    names: tuple[str, str],
    of: str = "Loss",
    narrow: bool = False,
    height: int = 500,
) -> Stage:
    """The linked picture; a frame a strength.

    unit     the penalty at strength 1
    names    what the two columns are
    of       the loss's title
    narrow   stack the panels, for a phone
    """
    place = arrangement("shrinkage", narrow)
    alt = alternative(found, of, unit.title)
    stage = framed(theme, height, 110 if narrow else 60, f"shrinkage {narrow}", alt)
    _map_panels(stage, found, place, names, narrow)
    _ball_map(stage, loss, found, drawn)
    _sum_map(stage, loss, unit, found, drawn)
    draw_panels(stage, found, place)
    labels = [f"λ = {short(s)}" for s in found.strengths]
    stage.play(found.strengths, "λ", labels=labels, captions=captions(found))
    return stage


def _map_panels(stage: Stage, found: Shrinkage, place: Arrangement, names: tuple[str, str], narrow: bool) -> None:
    (x_low, x_high), (y_low, y_high) = box(found).tolist()
    x, y = (f"{weight}, {name}" if name else weight for weight, name in zip(WEIGHTS, names, strict=True))
    across = {"range": [x_low, x_high], "title": title(x), "nticks": 6}
    up: Trace = {"range": [y_low, y_high], "title": title(y, 2), "nticks": 6}
    stage.panel("", place["ball"], across, {**up, "scaleanchor": "x"}, "Loss, and the ball it touches")
    # Side by side, the first map's numbers serve for both.
    shared = {} if narrow else {"showticklabels": False, "title": title("")}
    heading = "Loss + λ · penalty, and its minimum"
    stage.panel("2", place["total"], {**across, "matches": "x"}, {**up, "matches": "y", **shared}, heading)


def _ground(loss: Objective, found: Shrinkage) -> terrain.Terrain:
    return terrain.survey(loss, around(*box(found).T), LATTICE)


def _ball_map(stage: Stage, loss: Objective, found: Shrinkage, drawn: Curves) -> None:
    ground = terrain.contour(_ground(loss, found), stage.theme, "loss", {})
    del ground["colorbar"]
    stage.draw({**ground, "showscale": False, "name": "loss"})
    _common(stage, found, "")
    through = line(None, None, stage.theme.ink, width=2.5, name="loss through the minimum", legend=True)
    ball = line(None, None, BALL, width=4, dash="13px,4px", name="ball: penalty ≤ t", legend=True)
    stage.move(moved(through, *xy(drawn.touching)), moved(ball, *xy(drawn.ball)))
    _head(stage, found, "")


def _sum_map(stage: Stage, loss: Objective, unit: Registered, found: Shrinkage, drawn: Curves) -> None:
    stage.draw(_outline(_ground(loss, found), stage.theme.faint, "2"))
    curves = strokes(rings(unit, found))
    stage.draw(line(*curves, BALL, "2", width=1.2, dash="3px,3px", name="penalty", legend=True))
    _common(stage, found, "2")
    for j in range(drawn.total.shape[1]):
        stroke = line(None, None, SUM, "2", width=3, name="loss + λ · penalty", legend=j == 0)
        stage.move(moved(stroke, *xy(drawn.total[:, j])))
    _head(stage, found, "2")


def _outline(ground: terrain.Terrain, color: str, panel: str) -> Trace:
    """The loss's level curves alone, a few and thin."""
    z = ground.height(ground.f)
    return {
        "type": "contour",
        "x": packed(ground.x.astype("f4")),
        "y": packed(ground.y.astype("f4")),
        "z": packed(z.astype("f4")),
        "contours": {"coloring": "none"},
        "ncontours": 9,
        "line": {"width": 1, "color": color},
        "showscale": False,
        "hoverinfo": "skip",
        "showlegend": False,
        **on(panel),
        "name": "loss alone",
    }


def _common(stage: Stage, found: Shrinkage, panel: str) -> None:
    """The axes through 0, where weights are zero, the loss's own minimum, and the way from there."""
    (x_low, x_high), (y_low, y_high) = box(found) * 3
    cross = np.array([[[x_low, 0.0], [x_high, 0.0]], [[0.0, y_low], [0.0, y_high]]])
    theme, w = stage.theme, found.w
    stage.draw(line(*strokes(cross), theme.ink, panel, width=1, name="a weight is zero"))
    where = "w₁ = %{x:.4g}, w₂ = %{y:.4g}"
    stage.trail(line(*xy(w), POINT, panel, width=3.5, name="minimum as λ grows", hover=where))
    style: Trace = {"symbol": "star", "size": 15, "edge": theme.paper, "name": "λ = 0", "hover": f"λ = 0<br>{where}"}
    stage.draw(marks(*xy(w[:1]), theme.ink, panel, **style))


def _head(stage: Stage, found: Shrinkage, panel: str) -> None:
    head = marks(None, None, POINT, panel, size=15, edge="white", name="minimum at λ")
    stage.move(moved(head, found.w[:, :1], found.w[:, 1:]))


def captions(found: Shrinkage) -> list[str]:
    """For each strength: where the minimum is, and which weights are exactly zero and since when."""
    return [
        f"w = ({_signed(w[0])}, {_signed(w[1])}), ball of size t = {t:.3g}. {zeros(found, k)}"
        for k, (w, t) in enumerate(zip(found.w, found.size, strict=True))
    ]


def _signed(value: float) -> str:
    return "0" if value == 0 else f"{value:.3f}"


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
    start, end = found.w[0], found.w[-1]
    ends = [
        f"{name} is exactly zero from λ = {at:.3g} on" if at < np.inf else f"{name} never becomes zero"
        for name, at in zip(WEIGHTS, found.zero_from, strict=True)
    ]
    return (
        f"{loss}, penalty {penalty}: as λ grows from 0 to {found.strengths[-1]:.3g} the minimum moves from "
        f"({start[0]:.3g}, {start[1]:.3g}) to ({end[0]:.3g}, {end[1]:.3g}); {'; '.join(ends)}."
    )
