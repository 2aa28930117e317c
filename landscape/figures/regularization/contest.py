"""Methods on a penalised loss: their paths on the map, the weight that should vanish, and how far each is from done."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from landscape.descent.commentary import named
from landscape.figures.descent.hold import START_NAMES, descent, hold_start, run_along
from landscape.figures.kit import terrain
from landscape.figures.kit.axes import Box, around, log_axis, title
from landscape.figures.kit.layouts import Span, arrangement
from landscape.figures.kit.meta import CLOCK
from landscape.figures.kit.ranges import log_range
from landscape.figures.kit.stage import Stage, frame_rate, frame_steps
from landscape.figures.kit.style import Theme, look
from landscape.figures.kit.traces import Trace, heads, line, marks, on, strokes, xy
from landscape.figures.regularization.common import framed
from landscape.formulas.record import played
from landscape.numbers import counted, short
from landscape.optimizers import OPTIMIZERS
from landscape.regularization.contest import Contest
from landscape.regularization.report import WEIGHTS

# Exact zeros stand here on a log axis, below anything that is not one.
ZERO = 1e-18
FLOOR = 1e-16
LATTICE = 121
# So many methods have a place in the live sentence.
NAMED = 3
# So many are drawn at full strength, with their rates in the key; more are thin.
FULL = 4
WHERE = "w₁ = %{x:.4g}, w₂ = %{y:.4g}"


def contest_stage(
    contest: Contest,
    domain: Box,
    theme: Theme,
    *,
    names: tuple[str, str],
    narrow: bool = False,
    height: int = 500,
) -> Stage:
    """The stage of a contest; a frame shows all methods after as many steps.

    names   of the two columns; "" where there is nothing to say
    """
    place = arrangement("contest", narrow)
    steps = len(next(iter(contest.runs.values())).x) - 1
    reached = frame_steps(steps)
    alt = alternative(contest, steps)
    stage = framed(theme, height, 150 if narrow else 70, f"contest {narrow} {domain}", alt)
    stage.fixed = True
    if len(contest.runs) > FULL and stage.legend is not None:
        # Two rows of names, in the room of one.
        stage.legend["font"] = {"size": 12}
    x, y = (f"{weight}, {name}" if name else weight for weight, name in zip(WEIGHTS, names, strict=True))
    up = {"range": list(domain[1]), "title": title(y, 2), "scaleanchor": "x"}
    stage.panel("", place["main"], {"range": list(domain[0]), "title": title(x)}, up, "Paths on loss + penalty")
    _map(stage, contest, domain, reached)
    across = {"range": [-0.02 * steps, 1.02 * steps], "nticks": 6}
    _sizes(stage, contest, reached, place["upper"], {**across, "title": title("")})
    _heights(stage, contest, reached, place["lower"], {**across, "title": title("steps")})
    stage.play(reached, "steps", schedule=[reached], captions=captions(contest, reached), rate=frame_rate(len(reached)))
    _let_hold(stage, contest, domain)
    return stage


def _let_hold(stage: Stage, contest: Contest, domain: Box) -> None:
    """Let a hand have the start, and every method's path and curves follow."""
    traces = [(trace["name"], trace.get("xaxis", "x")) for trace in stage.still]
    hold_start(stage, next(iter(contest.runs.values())).x[0], domain)
    stage.grip("", *START_NAMES, traces.index(("start", "x")))
    for panel in ("2", "3"):
        stage.grip(panel, CLOCK)
    recorded, ground, low = contest.recorded, played(contest.objective), contest.lowest
    places = {
        key: [
            traces.index((label(contest, key), "x")),
            *(traces.index((OPTIMIZERS[key].title, p)) for p in ("x2", "x3")),
        ]
        for key in contest.runs
    }
    followed = {key: recorded.follows(key) for key in contest.runs}
    # The curves are of other things than a descent's own.
    drawn = [descent(recorded.methods[key], at[:1] if followed[key] else at) for key, at in places.items()]
    run_along(stage, recorded, drawn)

    def size(k: Any, *w: Any) -> Any:
        return k, _shown_size(w[contest.watched])

    def above(*w: Any) -> dict[str, Any]:
        return {"height": np.maximum(ground.value(np.stack(w[:2])) - low, 0.0)}

    def height(*w: Any) -> Any:
        return np.maximum(above(*w)["height"], FLOOR)

    for i, (key, at) in enumerate(places.items()):
        if followed[key]:
            stage.follow(at[1], [], size, run=i)
            stage.follow(at[2], [], lambda k, *w: (k, height(*w)), run=i)
    if recorded.measure is not None:
        stage.tell(START_NAMES, above, "The start is {height} above the minimum.")


def _map(stage: Stage, contest: Contest, domain: Box, reached: np.ndarray) -> None:
    low, high = np.array(domain).T
    _ground(stage, contest, around(low, high, (0.35, 0.45)))
    trails, width = [], 3.5 if len(contest.runs) <= FULL else 2
    for key, run in contest.runs.items():
        hover = f"{OPTIMIZERS[key].title}<br>{WHERE}"
        style: Trace = {"dash": look(key, stage.theme).dash, "name": label(contest, key), "hover": hover, "group": key}
        trails.append(
            stage.trail(line(*xy(_finite(run.x)), look(key, stage.theme).color, width=width, **style, legend=True))
        )
    at = np.stack([_finite(run.x)[reached] for run in contest.runs.values()], axis=1)
    stage.ride(heads(list(contest.runs), *xy(at), 15, stage.theme, digits=4, edge=1.5, **on("")), trails)


def _ground(stage: Stage, contest: Contest, box: Box) -> None:
    """What the paths run on: the sum, where a weight is zero, the minimum and the start."""
    theme = stage.theme
    ground = terrain.contour(terrain.survey(contest.objective, box, LATTICE), theme, "loss + penalty", {})
    del ground["colorbar"]
    (x_low, x_high), (y_low, y_high) = box
    cross = np.array([[[x_low, 0.0], [x_high, 0.0]], [[0.0, y_low], [0.0, y_high]]])
    stage.draw({**ground, "showscale": False}, line(*strokes(cross), theme.ink, width=1, name="a weight is zero"))
    low, start = contest.minimum, next(iter(contest.runs.values())).x[0]
    star = marks(low[:1], low[1:], theme.ink, symbol="star", size=16, edge=theme.paper, name="minimum")
    stage.draw({**star, "hovertemplate": f"minimum<br>{WHERE}<extra></extra>"})
    stage.draw(marks(start[:1], start[1:], theme.ink, symbol="circle-open-dot", size=14, edge=theme.ink, name="start"))


def _finite(x: np.ndarray) -> np.ndarray:
    """x with what has run away to infinity far off the map: a mark must have a place."""
    return np.nan_to_num(x, nan=1e6, posinf=1e6, neginf=-1e6).clip(-1e6, 1e6)


def label(contest: Contest, key: str) -> str:
    """A method's name in the legend, of a few with its rate, and that its decay is its own where it is."""
    rate = getattr(contest.optimizers[key], "lr", None) if len(contest.runs) <= FULL else None
    name = OPTIMIZERS[key].title + ("" if rate is None else f", η {rate:.3g}")
    return f"{name}, own decay" if key in contest.own else name


def _curves(stage: Stage, series: dict[str, np.ndarray], reached: np.ndarray, panel: str) -> None:
    trails = []
    for key, values in series.items():
        shown = _finite(values)
        hover = f"{OPTIMIZERS[key].title}<br>step %{{x}}: %{{y:.4g}}"
        style: Trace = {
            "dash": look(key, stage.theme).dash,
            "name": OPTIMIZERS[key].title,
            "hover": hover,
            "group": key,
        }
        stroke = line(np.arange(len(shown)), shown, look(key, stage.theme).color, panel, width=2.5, **style)
        trails.append(stage.trail(stroke))
    at = np.stack([_finite(values)[reached] for values in series.values()], axis=1)
    steps = np.repeat(reached[:, None], len(series), axis=1)
    stage.ride(heads(list(series), steps, at, 11, stage.theme, digits=4, edge=1.5, **on(panel)), trails)


def _shown_size(weight: Any) -> Any:
    """A weight's size as it is drawn."""
    return np.where(weight == 0, ZERO, np.maximum(np.abs(weight), FLOOR))


def _sizes(stage: Stage, contest: Contest, reached: np.ndarray, place: Span, across: Trace) -> None:
    """The size of the watched weight, exact zeros apart from all else."""
    watched = {key: np.abs(run.x[:, contest.watched]) for key, run in contest.runs.items()}
    _curves(stage, {key: _shown_size(run.x[:, contest.watched]) for key, run in contest.runs.items()}, reached, "2")
    sizes = np.concatenate([w[np.isfinite(w) & (w > FLOOR)] for w in watched.values()] + [np.ones(1)])
    top = min(float(sizes.max()), 1e3 * max(float(w[0]) for w in watched.values()) + 1)
    zeros = any((w == 0).any() for w in watched.values())
    low = np.log10(ZERO) - 0.7 if zeros else log_range(sizes)[0]
    decades = [d for d in range(-16, int(np.ceil(np.log10(top))) + 1, 4) if d > low]
    if zeros or low < -2:
        ticks: Trace = {
            "exponentformat": "none",
            "tickvals": [ZERO] * zeros + [10.0**d for d in decades],
            "ticktext": ["0"] * zeros + [f"10<sup>{d}</sup>" if d else "1" for d in decades],
        }
    else:
        ticks = {}
    name = WEIGHTS[contest.watched]
    up = {**log_axis(low, float(np.log10(top)) + 0.7), **ticks}
    stage.panel("2", place, across, up, f"Size of {name}, |{name}|")


def _heights(stage: Stage, contest: Contest, reached: np.ndarray, place: Span, across: Trace) -> None:
    """The height above the minimum."""
    excess = {key: contest.excess(key) for key in contest.runs}
    _curves(stage, {key: np.maximum(e, FLOOR) for key, e in excess.items()}, reached, "3")
    first = max(float(e[0]) for e in excess.values())
    heights = [np.clip(e[np.isfinite(e)], FLOOR, 1e3 * max(first, FLOOR)) for e in excess.values()]
    stage.panel("3", place, across, log_axis(*log_range(*heights)), "Height above the minimum")


def captions(contest: Contest, reached: np.ndarray) -> list[str]:
    """For each frame what the watched weight is in each run, and which runs have diverged."""
    return [" ".join(_told(contest, int(k))) for k in reached]


def _told(contest: Contest, k: int) -> Iterator[str]:
    gone = [key for key, run in contest.runs.items() if str(run.status) == "diverged" and k >= int(run.stop)]
    parts = [f"{_size(contest, key, k)} with {OPTIMIZERS[key].title}" for key in contest.runs if key not in gone]
    if parts:
        more = ", …" if len(parts) > NAMED else "."
        yield f"{WEIGHTS[contest.watched]} is {', '.join(parts[:NAMED])}{more}"
    if gone:
        yield f"{named(gone)} {'has' if len(gone) == 1 else 'have'} diverged."


def _size(contest: Contest, key: str, k: int) -> str:
    w = float(contest.runs[key].x[k, contest.watched])
    return "exactly 0" if w == 0 else short(w)


def alternative(contest: Contest, steps: int) -> str:
    """The stage in words."""
    name = WEIGHTS[contest.watched]
    parts = []
    for key, run in contest.runs.items():
        if str(run.status) == "diverged":
            parts.append(f"{OPTIMIZERS[key].title} diverged at step {int(run.stop)}")
            continue
        since = contest.zero_since(key)
        # What is 0 may be written as -0.
        end = run.x[-1] + 0.0
        how = (
            f"{name} is exactly zero from step {since} on"
            if since is not None
            else f"{name} is {end[contest.watched]:.3g}"
        )
        parts.append(f"{OPTIMIZERS[key].title} ends at ({end[0]:.4g}, {end[1]:.4g}), where {how}")
    low = contest.minimum + 0.0
    return f"Paths of {counted(steps, 'step')} towards the minimum ({low[0]:.4g}, {low[1]:.4g}). {'. '.join(parts)}."
