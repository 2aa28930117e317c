"""The Taylor stage: polynomials about a point, what they leave, and how far they serve."""

from collections.abc import Callable
from typing import Any

import numpy as np

from landscape.calculus.expansion_run import HIGHEST, Expansion
from landscape.calculus.expansions import partial_sums
from landscape.calculus.report import taylor_captions
from landscape.figures.calculus.common import (
    followed,
    function_line,
    function_range,
    opened,
    span,
    veiled,
)
from landscape.figures.kit.axes import log_axis, title
from landscape.figures.kit.layouts import Span, arrangement
from landscape.figures.kit.meta import CLOCK
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import Theme
from landscape.figures.kit.traces import Trace, line, marks, moved, strokes
from landscape.formulas.program import Program
from landscape.formulas.series import expand
from landscape.numbers import short

# The remainder is hatched: every so many points of the curve.
HATCH = 3
# Below this share of the curve's size a remainder is rounding.
ROUNDING = 1e-16
ORDERS_A_SECOND = 1.6
# Above and below the curve, so that a polynomial is seen to leave it.
ROOM = 0.35
# The orders that are drawn thin, and at how many places a polynomial follows the point while it is held.
LOW, FOLLOWED = (1, 2, 4, 8), 121


def taylor_stage(found: Expansion, theme: Theme, *, narrow: bool = False, height: int = 466) -> Stage:
    """A frame an order. The curve must have a value at the point."""
    place = arrangement("calculus", narrow)
    stage = opened(theme, height, f"taylor {found.curve.key} {narrow}", alternative(found), narrow)
    stage.hold("about", found.at, found.curve.domain)
    stage.hold("probe", found.probe, found.curve.domain)
    _polynomials(stage, found, place["main"])
    _remainders(stage, found, place["upper"])
    _probe(stage, found, place["lower"])
    _say(stage, found)
    labels = [f"order {k}" for k in range(HIGHEST + 1)]
    stage.play(np.arange(HIGHEST + 1), "orders", labels=labels, captions=taylor_captions(found), rate=ORDERS_A_SECOND)
    return stage


def _polynomials(stage: Stage, found: Expansion, place: Span) -> None:
    theme, low_high = stage.theme, function_range(found.curve, ROOM)
    low, high = low_high
    # Far beyond the panel a polynomial is drawn no further.
    sums = np.clip(found.sums, low - 3 * (high - low), high + 3 * (high - low))
    feet = np.stack([np.broadcast_to(found.x, sums.shape), np.broadcast_to(found.f, sums.shape)], axis=-1)[:, ::HATCH]
    tops = np.stack([np.broadcast_to(found.x, sums.shape), sums], axis=-1)[:, ::HATCH]
    hatch = strokes(np.stack([feet, tops], axis=2))
    left = line(None, None, veiled(theme.alarm, 0.28), width=2.5, name="remainder", legend=True)
    stage.move(moved(left, *hatch))
    _reach(stage, found, low_high, "", legend=True)
    stage.draw(function_line(found.curve, theme))
    _low_orders(stage, found)
    _held(stage, found)
    polynomial = line(None, None, theme.belief, width=3, dash="13px,4px", name="Taylor polynomial", legend=True)
    stage.move(moved(polynomial, np.broadcast_to(found.x, sums.shape), sums))
    up = {"range": low_high, "title": title("f(x)", 2)}
    stage.panel("", place, span(found.curve), up, "f and its Taylor polynomial")


def _low_orders(stage: Stage, found: Expansion) -> None:
    """A few polynomials that stay, thin, and follow the point."""
    x, program = np.linspace(*found.curve.domain, FOLLOWED), found.curve.compiled.programs[0]
    sums = partial_sums(found.coefficients, found.at, x)
    for order in LOW:
        stage.follow(len(stage.still), ["about"], _polynomial(program, order), x)
        name = f"orders {', '.join(map(str, LOW))}"
        style: Trace = {"width": 1.2, "name": name, "legend": order == LOW[0], "hover": f"order {order}"}
        stage.draw(line(x, sums[order], stage.theme.belief, **style))


def _polynomial(program: Program, order: int) -> Callable[[Any, Any], tuple[Any, Any]]:
    """A Taylor polynomial as the browser follows it: the program itself, run on power series."""

    def point(about: Any, t: Any) -> tuple[Any, Any]:
        first, *rest = reversed(expand(program, about, order))
        total = first
        for c in rest:
            total = total * (t - about) + c
        return t, total + 0.0 * t

    return point


def _held(stage: Stage, found: Expansion) -> None:
    """The point, and where the polynomials are judged: both can be held."""
    f, theme = followed(found.curve), stage.theme
    probe: Trace = {"color": theme.paper, "symbol": "diamond", "size": 12, "edge": theme.ink}
    about: Trace = {"color": theme.belief, "size": 15, "edge": theme.paper}
    for name, at, style in (("probe", found.probe, probe), ("about", found.at, about)):
        stage.grip("", across=name, mark=len(stage.still))
        stage.follow(len(stage.still), [name], lambda x, t: (x + t, f(x)), [0.0])
        stage.draw(marks([at], found.curve.value(np.array([at])), name=name, **style))


def _say(stage: Stage, found: Expansion) -> None:
    """One sentence follows what is held: how far off the polynomial of the play head's order is."""
    f, program = followed(found.curve), found.curve.compiled.programs[0]

    def value(about: Any, order: Any, t: Any) -> Any:
        first, *rest = reversed(list(enumerate(expand(program, about, HIGHEST))))
        total = np.where(order >= first[0], first[1], 0.0)
        for k, c in rest:
            total = total * (t - about) + np.where(order >= k, c, 0.0)
        return total

    def told(about: Any, probe: Any, order: Any) -> dict[str, Any]:
        return {"order": order, "probe": probe, "error": np.abs(value(about, order, probe) - f(probe))}

    said = "Order {order}: at x = {probe} the polynomial is off by {error}."
    stage.tell(["about", "probe", CLOCK], told, said)


def _reach(stage: Stage, found: Expansion, low_high: list[float], panel: str, *, legend: bool = False) -> None:
    """Upright lines as far out as the series serves."""
    ends = found.at + (found.reach if np.isfinite(found.reach) else np.nan) * np.array([-1.0, 1.0])
    lines = np.stack([np.stack([ends, np.full(2, y)], axis=-1) for y in low_high], axis=1)
    style: Trace = {"width": 1.5, "dash": "3px,4px", "name": "as far as it serves", "legend": legend}
    x, y = strokes(lines)
    stage.live.setdefault("stale", []).append(len(stage.still))
    stage.draw(line(x, y, stage.theme.ink, panel, **style))


def _size(found: Expansion) -> float:
    return float(np.abs(found.f[np.isfinite(found.f)]).max(initial=0.0)) or 1.0


def _known(left: np.ndarray, floor: float) -> np.ndarray:
    """What is left, the floor where it is no number."""
    return np.where(np.isfinite(left), left, floor)


def _remainders(stage: Stage, found: Expansion, place: Span) -> None:
    floor = ROUNDING * _size(found)
    left = np.clip(_known(np.abs(found.sums - found.f), floor), floor, 1e6 * _size(found))
    span_of = np.log10([floor / 3, 30 * _size(found)])
    _reach(stage, found, (10.0**span_of).tolist(), "2")
    _left_by_low_orders(stage, found, floor)
    curve = line(None, None, stage.theme.alarm, "2", width=2, name="what is left")
    stage.move(moved(curve, np.broadcast_to(found.x, left.shape), left))
    along = {**span(found.curve), "title": title(""), "nticks": 6}
    stage.panel("2", place, along, log_axis(*span_of.tolist()), "What is left: |f − polynomial|")


def _left_by_low_orders(stage: Stage, found: Expansion, floor: float) -> None:
    """What a few orders leave, thin; they follow the point."""
    x, f = np.linspace(*found.curve.domain, FOLLOWED), followed(found.curve)
    left = np.abs(partial_sums(found.coefficients, found.at, x) - found.curve.value(x))
    for order in LOW:
        point = _polynomial(found.curve.compiled.programs[0], order)
        stage.follow(
            len(stage.still),
            ["about"],
            lambda about, t, point=point: (t, np.maximum(np.abs(point(about, t)[1] - f(t)), floor)),
            x,
        )
        shown = np.maximum(left[order], floor)
        stage.draw(line(x, shown, stage.theme.belief, "2", width=1.2, name="left by orders 1, 2, 4, 8"))


def _probe(stage: Stage, found: Expansion, place: Span) -> None:
    floor = ROUNDING * _size(found)
    orders, left = np.arange(HIGHEST + 1), np.maximum(_known(found.there_error, floor), floor)
    low, high = np.log10(left.min()) - 0.7, np.log10(left.max()) + 0.7
    hover = "order %{x}<br>off by %{y:.3g}"
    stage.follow(len(stage.still), ["about", "probe"], _left_by_order(found, floor), orders)
    stage.draw(line(orders, left, stage.theme.faint, "3", width=1.5, name="at the probe", hover=hover))
    stage.live.setdefault("stale", []).append(len(stage.still))
    stage.trail(line(orders, left, stage.theme.alarm, "3", width=3, name="so far"))
    head = marks(None, None, stage.theme.alarm, "3", size=12, name="now")
    stage.move(moved(head, orders[:, None].astype(float), left[:, None]))
    along = {"range": [-0.5, HIGHEST + 0.5], "dtick": 2, "title": title("order")}
    heading = f"Left at x = {short(found.probe)}, by order"
    stage.panel("3", place, along, log_axis(float(low), float(high)), heading)


def _left_by_order(found: Expansion, floor: float) -> Callable[[Any, Any, Any], tuple[Any, Any]]:
    """What each order leaves at the probe, as the browser follows it: an order a lane."""
    f, program = followed(found.curve), found.curve.compiled.programs[0]

    def left(about: Any, probe: Any, order: Any) -> tuple[Any, Any]:
        off = f(probe)
        power: Any = 1.0
        total: Any = 0.0
        for k, c in enumerate(expand(program, about, HIGHEST)):
            total = total + np.where(order >= k, c * power, 0.0)
            power = power * (probe - about)
        # Where a coefficient does not exist there is no polynomial, and nothing is drawn.
        return order, np.maximum(np.abs(total - off), floor)

    return left


def alternative(found: Expansion) -> str:
    """The stage in words."""
    about = f"{found.curve.title}: Taylor polynomials about x = {short(found.at)}."
    return f"{about} {taylor_captions(found)[2]} {taylor_captions(found)[-1]}"
