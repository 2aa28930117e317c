"""Report: what a race says, in words, as a table, and as a script that runs it again."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.curvature import local
from landscape.descent.descend import Trajectory
from landscape.descent.ending import STATUS, UNBEGUN, fades, outcome, place, singular, unbegun
from landscape.descent.race import Race, left_map, rounding
from landscape.finding import Finding
from landscape.numbers import counted, readable
from landscape.optimizers import OPTIMIZERS

# Where a run rests that has found a bottom; where it may have, if no ground is known to be lower.
BOTTOMS = ("at a minimum", "at the bottom of a crease")
UNSURE = ("where one curvature is 0", "where the curvature is 0", "on a crease")

# pandas is imported where it is used: it takes a third of a second, and a first picture does not need it.
if TYPE_CHECKING:
    import pandas as pd


def sentence(race: Race, key: str) -> str:
    """How one run ended, in words."""
    trajectory = race.runs[key]
    stop = int(trajectory.stop)
    walked = f"after {counted(stop, 'step')}"
    ending = {
        "converged": f"converged at step {stop}",
        "diverged": f"diverged at step {stop}" if stop else unbegun(trajectory),
        "stalled": f"stalled at step {stop}, where {_slope_left(race, trajectory)}",
        "max_steps": f"was still moving {walked}",
    }[str(trajectory.status)]
    if fades(race.surface, trajectory, race.tolerance):
        ending += ", though its slope fades"
    if str(trajectory.status) == "converged":
        ending += f", {place(race.surface, trajectory)}"
    if str(trajectory.status) == "stalled" and singular(race.surface, race.optimizers[key], trajectory.x[-1]):
        ending += ". Its matrix is singular there, and no single step solves its model"
    if exit_ := left_map(trajectory, race.surface.domain):
        ending = f"left the map at step {exit_[0]} and {ending}"
    return f"{OPTIMIZERS[key].title} {ending}"


def _slope_left(race: Race, run: Trajectory) -> str:
    """The slope where a run has stalled; on a crease there are many, and a method is given one."""
    creased = str(local(race.surface, run.x[-1]).shape) == "crease"
    has = "it is given a slope of" if creased else "the slope is still"
    return f"{has} {run.gradient_norm[-1]:.3g}"


def findings(race: Race) -> list[Finding]:
    """Two or three things to notice, with this race's own numbers in them; who won comes first."""
    won, lost = _first(race) or _winner(race), _losses(race)
    return [*won, *_ground(race), *lost] if won else [*lost, *_ground(race)]


def _ground(race: Race) -> list[Finding]:
    """What slope and curvature at the start foretell."""
    gradient, here = race.surface.gradient(race.start), local(race.surface, race.start)
    if not (np.isfinite(gradient).all() and np.isfinite(here.hessian).all()):
        text = "At the start f has no finite slope, so no method can leave it."
        return [Finding("race.no_slope", {"start": race.start}, text)]
    # Without 0, a curvature of none may be written as -0.
    low, high = here.eigenvalues + 0.0
    # The squares of large slopes overflow long before the slope does.
    slope, shape = float(np.hypot(*gradient)), str(here.shape)
    if shape == "crease":
        text = f"The start lies on a crease, where the slope jumps. There methods are given a slope of **{slope:.4g}**."
        return [Finding("race.crease", {"slope": slope}, text)]
    text = f"At the start the slope is **{slope:.4g}**, the curvatures are **{high:.4g}** and **{low:.4g}**. "
    numbers = {"slope": slope, "low": low, "high": high, "shape": shape}
    if shape in ("bowl", "trough") and not race.surface.kink:
        numbers["largest_rate"] = float(here.largest_rate)
        text += f"There gradient descent is stable below a rate of 2/{high:.4g} = **{here.largest_rate:.4g}**."
        return [Finding("race.ground", numbers, text)]
    return [Finding("race.ground", numbers, text + _what_the_ground_says(shape))]


def _what_the_ground_says(shape: str) -> str:
    """What a shape of SHAPES at the start means for a race on a surface that is no bowl there, or has a crease."""
    if shape == "plateau":
        return "To second order the ground does not bend, so they tell nothing."
    if shape == "ridge":
        return "The ground bends down one way and not at all the other: Newton's model has no single stationary point."
    if shape == "hilltop":
        return "The ground bends down every way, so Newton makes for the top of its model."
    if shape == "saddle":
        return "The ground bends down one way and up the other, so Newton makes for its model's saddle."
    return "Across a crease no rate is safe."


def _at_the_bottom(race: Race) -> list[str]:
    """The methods that have come to rest at the lowest ground that is known, the first one first, cheaper ones before
    dearer ones."""
    there = [key for key, run in race.runs.items() if str(run.status) == "converged" and _at_bottom(race, run)]
    return sorted(there, key=lambda key: _when(race, key))


def _at_bottom(race: Race, run: Trajectory) -> bool:
    """Whether a run that rests does so at the lowest ground that is known."""
    low = race.lowest_known
    # As far above it as the slope that counts as none may leave it a step of one away.
    if low is None or abs(float(run.value[-1]) - low) > rounding(low) + race.tolerance:
        return False
    where = place(race.surface, run)
    return where in BOTTOMS or (where in UNSURE and abs(float(run.value[-1]) - low) <= rounding(low))


def _first(race: Race) -> list[Finding]:
    """Who found the bottom first, if anybody did."""
    there = _at_the_bottom(race)
    if not there:
        return []
    key = there[0]
    steps, cost, values = when = _when(race, key)
    low, high = np.array(race.surface.domain).T
    on = ((race.runs[key].x[-1] >= low) & (race.runs[key].x[-1] <= high)).all()
    where = "at the minimum"
    if not race.surface.proven:
        where = "at the lowest point of this map" if on else "off the map, at its lowest height,"
    # Another that was there as soon, and as cheaply, is first as well.
    level = tuple(other for other in there[1:] if _when(race, other) == when)
    *names, last = (f"**{OPTIMIZERS[each].title}**" for each in (key, *level))
    who = f"{last} is {'first' if len(race.runs) > 1 else 'there'}:"
    if level:
        who = f"{', '.join(names)} and {last} are first together. They are"
    text = (
        f"{who} {where} after {counted(steps, 'step')}, for the price of "
        f"{counted(cost, 'gradient')}{' each' if level else ''}{_and_values(values, 'Each' if level else 'It')}."
    )
    numbers = {"method": key, "steps": steps, "cost": cost, "values": values, "level": level}
    return [Finding("race.first", numbers, text)]


def _when(race: Race, key: str) -> tuple[int, int, int]:
    """The step, the price and the values at which a run came to its end."""
    run = race.runs[key]
    return int(run.stop), int(race.clock(key, "cost")[-1]), int(run.evaluations.value[-1])


def _winner(race: Race) -> list[Finding]:
    finals = {key: float(t.value[-1]) for key, t in race.runs.items() if str(t.status) != "diverged"}
    if not finals:
        return []
    key = min(finals, key=lambda k: (finals[k], int(race.runs[k].stop)))
    trajectory, low = race.runs[key], race.lowest_known
    height = f"f = {finals[key]:.3g}"
    if low is not None:
        above, proven = finals[key] - low, race.surface.proven
        height = f"{max(above, 0):.3g} above the {'minimum' if proven else 'lowest on this map'}"
        if above < -rounding(low):
            height = f"{-above:.3g} below the lowest found on this map,"
            if proven:
                height = f"off the map, {-above:.3g} below its lowest point,"
    steps, cost = int(trajectory.stop), int(race.clock(key, "cost")[-1])
    values = int(trajectory.evaluations.value[-1])
    text = (
        f"{_nobody(race)}Lowest: **{OPTIMIZERS[key].title}**, {height} after {counted(steps, 'step')}, "
        f"for the price of {counted(cost, 'gradient')}{_and_values(values)}."
    )
    numbers = {"method": key, "value": finals[key], "lowest_known": low, "steps": steps, "cost": cost}
    level = tuple(other for other, value in finals.items() if value == finals[key] and other != key)
    if level:
        text += f" As low: {', '.join(OPTIMIZERS[other].title for other in level)}."
    numbers |= {
        "values": values,
        "place": None,
        "fades": fades(race.surface, trajectory, race.tolerance),
        "level": level,
    }
    if str(trajectory.status) == "converged":
        numbers["place"] = place(race.surface, trajectory)
        text += f" It has come to rest {numbers['place']}."
    elif numbers["fades"]:
        text += " It is still moving, though its slope fades."
    return [Finding("race.lowest", numbers, text)]


def _nobody(race: Race) -> str:
    """That the question has no answer, where it is known how low the bottom is."""
    return "" if race.lowest_known is None else "None comes to rest at the bottom. "


def _and_values(count: int, who: str = "It") -> str:
    """What a search has asked for besides, which the price leaves out."""
    return f". {who} also took {counted(count, 'value')}" if count else ""


def _losses(race: Race) -> list[Finding]:
    """The runs that left, blew up or stalled: the lesson is usually there."""
    telling = [
        key
        for key, t in race.runs.items()
        if str(t.status) in ("diverged", "stalled") or left_map(t, race.surface.domain)
    ]
    if not telling:
        return []
    numbers = {key: _loss(race, key) for key in telling}
    return [Finding("race.losses", numbers, " ".join(f"{sentence(race, key)}." for key in telling))]


def _loss(race: Race, key: str) -> dict[str, Any]:
    """What `sentence` says of a run, in numbers; left is the step at which it left the map."""
    run, exit_ = race.runs[key], left_map(race.runs[key], race.surface.domain)
    numbers: dict[str, Any] = {"status": str(run.status), "stop": int(run.stop), "left": exit_[0] if exit_ else None}
    return numbers | ({"slope": float(run.gradient_norm[-1])} if numbers["status"] == "stalled" else {})


def scoreboard(race: Race, target: float) -> list[dict[str, Any]]:
    """One row a method, lowest final value first; diverged runs last.

    target   "steps to target" is the first step whose gradient norm is at most this
    """
    minima = np.array([m.point for m in race.surface.minima]).reshape(-1, 2)
    aim = "minimum" if race.surface.proven else "lowest"
    rows = []
    for key, trajectory in race.runs.items():
        reached = int(trajectory.first_step(trajectory.gradient_norm <= target))
        rows.append(
            {
                "method": OPTIMIZERS[key].title,
                "rate": getattr(race.optimizers[key], "lr", np.nan),
                "final value": float(trajectory.value[-1]),
                f"distance to {aim}": np.linalg.norm(minima - trajectory.x[-1], axis=-1).min(initial=np.inf),
                "steps to target": reached if reached >= 0 else None,
                "gradients": int(trajectory.evaluations.gradient[-1]),
                "Hessians": int(trajectory.evaluations.hessian[-1]),
                "values": int(trajectory.evaluations.value[-1]),
                "status": outcome(race.surface, trajectory, race.tolerance),
            }
        )
    lost = (STATUS["diverged"], UNBEGUN)
    return sorted(rows, key=lambda row: (row["status"] in lost, np.isnan(row["final value"]), row["final value"]))


def markdown(rows: Sequence[Mapping[str, object]]) -> str:
    """A table for people, in Markdown: numbers to four digits, a dash where there is nothing to say."""

    def cell(value: object) -> str:
        if value is None or value != value or value == np.inf:
            return "-"
        return readable(f"{value:.4g}" if isinstance(value, float) else str(value))

    lines = [list(rows[0]), ["---"] * len(rows[0]), *(row.values() for row in rows)]
    return "\n".join("| " + " | ".join(cell(v) for v in line) + " |" for line in lines)


def table(race: Race) -> "pd.DataFrame":
    """Every step of every run, tidy: the columns of `Trajectory.frame` and the method's key."""
    import pandas as pd

    frames = [t.frame().drop(columns="start").assign(method=key) for key, t in race.runs.items()]
    return pd.concat(frames, ignore_index=True)
