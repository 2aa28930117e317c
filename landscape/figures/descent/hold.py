"""What can be held on a race's stage: the start, on the map; every rate and momentum; the play head, on the curves."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from landscape.descent.race import Race, rounding
from landscape.descent.recorded import RecordedMethod, RecordedRace
from landscape.domain import Domain
from landscape.figures.descent.panels import START, THERE
from landscape.figures.kit.landmarks import EXITS
from landscape.figures.kit.meta import CLOCK, Descent
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import look
from landscape.knob import knobs
from landscape.optimizers import OPTIMIZERS

# The knobs that have a handle beside the play bar, and what they are called there.
HANDLES = {"lr": "rate", "momentum": "momentum", "beta1": "momentum"}
START_NAMES = ("x", "y")


def knob_name(key: str, knob: str) -> str:
    """What links call a method's knob."""
    return f"method.{key}.{knob}"


def let_hold(
    race: Race, recorded: RecordedRace, unit: str, traces: dict[str, list[int]], stage: Stage, floor: float
) -> None:
    """Let hands have the start and the rates, and runs follow them.

    traces  by method: its path, its heights and its slopes, by their places in the figure
    unit    what the clock counts
    floor   the least height and slope that are drawn
    """
    names = [trace["name"] for trace in stage.still]
    hold_start(stage, race.start, race.surface.domain)
    stage.grip("", *START_NAMES, names.index(START))
    for panel in ("2", "3"):
        stage.grip(panel, CLOCK)
    _handles(race, recorded, stage)
    stage.live["faint"], stage.live["stale"] = [names.index(EXITS)], [names.index(THERE)]
    low = race.lowest_known
    descents = [_descent(race, recorded, key, unit, traces[key]) for key in race.runs]
    slack = 0.0 if low is None else rounding(low)
    run_along(stage, recorded, descents, race.tolerance, low, slack, floor)


def hold_start(stage: Stage, start: np.ndarray, domain: Domain) -> None:
    """Let a hand have a start, (2,), on a map."""
    for name, at, span in zip(START_NAMES, start, domain, strict=True):
        stage.hold(name, at, span)


def run_along(
    stage: Stage,
    recorded: RecordedRace,
    descents: list[Descent],
    tolerance: float = 0.0,
    lowest: float | None = None,
    rounding: float = 0.0,
    floor: float = 0.0,
) -> None:
    """Let runs follow what is held, where the landscape is a formula; other names as in Course."""
    stage.live["descents"] = descents
    if recorded.measure is None:
        return
    stage.live["course"] = {
        "measure": dict(recorded.measure),
        "steps": len(recorded.factors),
        "tolerance": tolerance,
        "factors": [] if np.all(recorded.factors == 1) else recorded.factors.tolist(),
        "tilts": [] if recorded.tilts is None else recorded.tilts.ravel().tolist(),
        "lowest": lowest,
        "rounding": rounding,
        "floor": floor,
    }


def _handles(race: Race, recorded: RecordedRace, stage: Stage) -> None:
    """A handle for every rate and momentum that a recording takes."""
    for key in race.runs:
        known = knobs(race.optimizers[key])
        for knob in filter(HANDLES.__contains__, recorded.methods[key].knobs):
            each, at = known[knob], recorded.methods[key].knobs[knob]
            label = f"{OPTIMIZERS[key].title}, {HANDLES[knob]}"
            span = (each.low, each.high)
            stage.hold(
                knob_name(key, knob), at, span, scale=each.scale, label=label, color=look(key, stage.theme).color
            )


def descent(
    method: RecordedMethod, traces: list[int], held: Mapping[str, str] = MappingProxyType({}), cost: float = 1.0
) -> Descent:
    """A run that follows the start.

    traces  as in Descent, at least the path's
    held    the recording's knobs that are values, by name
    """
    told: Descent = {
        "traces": traces,
        "start": list(START_NAMES),
        "knobs": {knob: held.get(knob, at) for knob, at in method.knobs.items()},
        "cost": cost,
    }
    if method.recording is not None:
        told["recording"] = dict(method.recording)
    return told


def _descent(race: Race, recorded: RecordedRace, key: str, unit: str, traces: list[int]) -> Descent:
    clock = race.clock(key, unit)
    cost = float(clock[1] - clock[0]) if len(clock) > 1 else 1.0
    return descent(recorded.methods[key], traces, {knob: knob_name(key, knob) for knob in HANDLES}, cost)
