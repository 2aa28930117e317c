"""A race as a Python script that holds it again with this package."""

from landscape.descent.race import Race
from landscape.descent.schedules import Schedule
from landscape.knob import knobs


def snippet(race: Race, steps: int, *, noise: float = 0.0, seed: int = 0, schedule: Schedule | None = None) -> str:
    """A Python script that holds the same race again with this package and prints where each run ends."""
    settings = ", ".join(f"{name}={value!r}" for name, value in race.surface.settings)
    surface = f'LANDSCAPES["{race.surface.key}"]' + (f".with_({settings})" if settings else "")
    methods = "".join(f'    "{key}": OPTIMIZERS["{key}"]({_arguments(o)}),\n' for key, o in race.optimizers.items())
    extras = f", noise={noise!r}, seed={seed!r}" if noise else ""
    names = ["LANDSCAPES", "OPTIMIZERS", "hold"]
    if schedule is not None and schedule.key != "constant":
        extras += f', schedule=SCHEDULES["{schedule.key}"]({_arguments(schedule)})'
        names.insert(2, "SCHEDULES")
    return (
        f"from landscape import {', '.join(names)}\n\n"
        f"surface = {surface}\n"
        f"methods = {{\n{methods}}}\n"
        f"start = {race.start.tolist()!r}\n"
        f"race = hold(surface, methods, start, {steps}{extras}, tolerance={race.tolerance!r})\n"
        "for key, run in race.runs.items():\n"
        "    print(key, run.x[-1], run.value[-1], run.status)\n"
    )


def _arguments(owner: object) -> str:
    return ", ".join(f"{name}={getattr(owner, name)!r}" for name in knobs(owner))
