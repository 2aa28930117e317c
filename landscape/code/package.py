"""A race as a Python script that holds it again with this package."""

from landscape.descent.race import Race
from landscape.descent.schedules import Schedule
from landscape.domain import Landscape
from landscape.knob import knobs
from landscape.typed import Own


def snippet(race: Race, steps: int, *, noise: float = 0.0, seed: int = 0, schedule: Schedule | None = None) -> str:
    """A Python script that holds the same race again with this package and prints where each run ends."""
    source, surface = _surface(race.surface)
    methods = "".join(f'    "{key}": OPTIMIZERS["{key}"]({_arguments(o)}),\n' for key, o in race.optimizers.items())
    extras = f", noise={noise!r}, seed={seed!r}" if noise else ""
    names = {source, "OPTIMIZERS", "hold"}
    if schedule is not None and schedule.key != "constant":
        extras += f', schedule=SCHEDULES["{schedule.key}"]({_arguments(schedule)})'
        names.add("SCHEDULES")
    return (
        f"from landscape import {', '.join(sorted(names))}\n\n"
        f"surface = {surface}\n"
        f"methods = {{\n{methods}}}\n"
        f"start = {race.start.tolist()!r}\n"
        f"race = hold(surface, methods, start, {steps}{extras}, tolerance={race.tolerance!r})\n"
        "for key, run in race.runs.items():\n"
        "    print(key, run.x[-1], run.value[-1], run.status)\n"
    )


def _surface(surface: Landscape) -> tuple[str, str]:
    """The public name that a landscape is had from, and the expression that makes it."""
    if isinstance(surface, Own):
        # A text as typed, as a Python literal: its quotes and backslashes are escaped.
        return "own", f"own({surface.formula!r}, {surface.domain!r}, {dict(surface.settings)!r})"
    settings = ", ".join(f"{name}={value!r}" for name, value in surface.settings)
    return "LANDSCAPES", f'LANDSCAPES["{surface.key}"]' + (f".with_({settings})" if settings else "")


def _arguments(owner: object) -> str:
    return ", ".join(f"{name}={getattr(owner, name)!r}" for name in knobs(owner))
