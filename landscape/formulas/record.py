"""record: an optimizer's own step, once, on arrays that remember, as a Program.

The browser runs it with the very arithmetic that Python runs: no method is written a second time.
"""

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np

from landscape.formulas.expression import Formula
from landscape.formulas.program import Program, Tape
from landscape.formulas.recorded import AskedError, Recorded
from landscape.knob import knobs
from landscape.objective import Objective, Tilted
from landscape.optimizers import Optimizer

# Knobs of these scales choose between ways to step, or say how long something is: no number that a step works with.
STRUCTURAL = ("switch", "integer")


class Recording(NamedTuple):
    """A method on a formula, as two programs.

    init   (x..., knobs...) -> (state...)
    step   (x..., state..., knobs..., tilt...) -> (x..., state...); tilt is what noise adds to the gradient, 0 without
    knobs  the names of the knobs that are inputs; the others are settled, because the step decides by them
    """

    init: Program
    step: Program
    knobs: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Both programs as `Program.as_json` has them, and the knobs."""
        return {"init": self.init.as_json(), "step": self.step.as_json(), "knobs": list(self.knobs)}


class UnrecordableError(ValueError):
    """A method's step cannot be written down once for all; the text says why."""


def record(optimizer: Optimizer, objective: Objective) -> Recording:
    """The optimizer's `init` and `step` on an objective that can be recorded, as `played` says, for one start.

    Knobs are inputs, so that one recording serves every rate. A knob by which the step decides, as one that is off
    while it is 0, is settled at its value instead; a switch and a whole number always are. UnrecordableError where the
    step decides by anything else, as a line search does, or does what no Program can.
    """
    if not optimizer.applies_to(objective):
        raise UnrecordableError(f"{optimizer.title} needs {optimizer.needs}")
    names = tuple(name for name, knob in knobs(optimizer).items() if knob.scale not in STRUCTURAL)
    while True:
        try:
            return _recorded(optimizer, objective, names)
        except _SettledError as settled:
            names = tuple(name for name in names if name not in settled.names)
        except TypeError as error:
            raise UnrecordableError(f"{optimizer.title} does what no program can: {error}") from None


def write_down(function: Callable[..., Sequence[Any]], names: Sequence[str]) -> Program:
    """A function of numbers as a program: (names...) -> what it gives, numbers all.

    The function does arithmetic and calls numpy; `played` brings a formula in. UnrecordableError where it asks what a
    number is.
    """
    sheet = _Sheet(list(names))
    try:
        results = [register for each in function(*sheet.inputs) for register in sheet.registers(each)]
    except AskedError:
        raise UnrecordableError("the function asks what a number is") from None
    return sheet.tape.program(sheet.names, results)


def played(objective: Objective) -> Objective:
    """An objective that answers recorded numbers: `played(f).value(np.stack([x, y]))` inside of `write_down`.

    A formula plays its own programs, and so does one under a penalty; any other is asked as it stands, and can be
    recorded where it does arithmetic and calls numpy.
    """
    smooth, penalty = objective.split()
    there = _OnTape(smooth) if isinstance(smooth, Formula) else smooth
    return there if penalty is None else there + penalty


def turned(thing: Any, values: Mapping[str, Any]) -> Any:
    """An optimizer or a penalty with recorded numbers in the place of knobs, which no check could pass."""
    other = copy.copy(thing)
    vars(other).update(values)
    return other


def measure(objective: Objective) -> Program:
    """An objective's value and gradient as one program: (x...) -> (value, gradient...)."""
    sheet = _Sheet([f"x{i}" for i in range(objective.dimension)])
    x, there = sheet.vector(range(objective.dimension)), played(objective)
    try:
        return sheet.tape.program(sheet.names, sheet.registers(there.value(x)) + sheet.registers(there.gradient(x)))
    except TypeError as error:
        raise UnrecordableError(f"{type(objective).__name__} does what no program can: {error}") from None


class _SettledError(Exception):
    def __init__(self, names: set[str]) -> None:
        super().__init__(names)
        self.names = names


def _recorded(optimizer: Optimizer, objective: Objective, names: tuple[str, ...]) -> Recording:
    n = objective.dimension
    labels = [f"x{i}" for i in range(n)]
    init = _Sheet([*labels, *names])
    method = turned(optimizer, dict(zip(names, init.inputs[n:], strict=True)))
    with _asked(init, optimizer, names):
        state = method.init(init.vector(range(n)))
    leaves = list(_leaves(state))
    first = [r for leaf in leaves for r in init.registers(leaf)]
    shapes = [np.shape(leaf) for leaf in leaves]
    sizes = [int(np.prod(shape)) for shape in shapes]
    slots = [f"s{i}" for i in range(sum(sizes))]
    tilt = [f"tilt{i}" for i in range(n)]
    step = _Sheet([*labels, *slots, *names, *tilt])
    after_state = n + len(slots)
    method = turned(optimizer, dict(zip(names, step.inputs[after_state:], strict=False)))
    ends = np.cumsum([n, *sizes])
    parts = iter(step.vector(range(a, a + size), shape) for a, size, shape in zip(ends, sizes, shapes, strict=False))
    # The tilt goes under the penalty, as in Noisy.
    smooth, penalty = played(objective).split()
    tilted = Tilted(smooth, step.vector(range(after_state + len(names), len(step.inputs))))
    with _asked(step, optimizer, names):
        there = tilted if penalty is None else tilted + penalty
        x, state = method.step(there, step.vector(range(n)), _rebuilt(state, parts))
    results = step.registers(x)
    for leaf, shape in zip(_leaves(state), shapes, strict=True):
        results += step.registers(leaf, shape)
    return Recording(init.tape.program(init.names, first), step.tape.program(step.names, results), names)


class _Sheet:
    """A tape with named inputs."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.tape = Tape(len(names))

    @property
    def inputs(self) -> list[Recorded]:
        """Each input as a recorded number."""
        return [Recorded(self.tape, i) for i in range(len(self.names))]

    def vector(self, places: range, shape: tuple[int, ...] | None = None) -> Any:
        """Some inputs as a recorded array, by default a vector."""
        flat = np.array(places, dtype=int)
        return Recorded(self.tape, flat if shape is None else flat.reshape(shape))

    def registers(self, value: Any, shape: tuple[int, ...] | None = None) -> list[int]:
        """The registers that hold a recorded array or plain numbers, spread over a shape where one is given."""
        placed = value.registers if isinstance(value, Recorded) else Recorded(self.tape, []).placed(value)
        return np.broadcast_to(placed, placed.shape if shape is None else shape).ravel().tolist()


class _OnTape(Objective):
    """A formula that answers recorded x, shape (n,), with recorded numbers: its own programs, played on x's tape."""

    def __init__(self, formula: Formula) -> None:
        self.formula = formula

    @property
    def dimension(self) -> int:
        return self.formula.dimension

    @property
    def has_residuals(self) -> bool:
        return self.formula.has_residuals

    def value(self, x: Any) -> Any:
        return self._play(self.formula.programs[0], x)[0] + 0.0

    def gradient(self, x: Any) -> Any:
        return self._defined(x, self._play(self.formula.programs[1], x))

    def hessian(self, x: Any) -> Any:
        upper, n = self._play(self.formula.programs[2], x), self.dimension
        places = np.empty((n, n), dtype=int)
        places[np.triu_indices(n)] = np.arange(len(upper.registers))
        places.T[np.triu_indices(n)] = np.arange(len(upper.registers))
        out = upper[places]
        # As Formula.hessian has it at the tip of a cone, where the formula reads 1/0 although the surface is there.
        there = np.isfinite(self.value(x)) & np.isfinite(self.gradient(x)).all()
        return self._defined(x, np.where(there & ~np.isfinite(out), 0.0, out))

    def residuals(self, x: Any) -> Any:
        assert self.formula.squares is not None
        return self._play(self.formula.squares.residuals, x)

    def jacobian(self, x: Any) -> Any:
        assert self.formula.squares is not None
        return self._play(self.formula.squares.jacobian, x).reshape(-1, self.dimension)

    def _play(self, program: Program, x: Any) -> Any:
        return Recorded(x.tape, x.tape.play(program, x.registers.tolist()))

    def _defined(self, x: Any, answer: Any) -> Any:
        """As `Formula._defined`: NaN where the value is."""
        if not self.formula.compiled.guarded:
            return answer
        return np.where(np.isnan(self.value(x)), np.nan, answer)


@contextmanager
def _asked(sheet: _Sheet, optimizer: Optimizer, names: tuple[str, ...]) -> Iterator[None]:
    """Turns a question for a number's value into the knobs that it follows from, or into a refusal."""
    try:
        with np.errstate(all="ignore"):
            yield
    except AskedError as asked:
        sources = {sheet.names[i] for i in asked.inputs}
        if sources <= set(names):
            raise _SettledError(sources) from None
        raise UnrecordableError(f"{optimizer.title} decides by what it finds how each step goes on") from None


def _leaves(state: Any) -> Iterator[Any]:
    """The arrays and numbers of a state, a NamedTuple, an array or None, in order."""
    if isinstance(state, tuple):
        for part in state:
            yield from _leaves(part)
    elif state is not None:
        yield state


def _rebuilt(state: Any, leaves: Iterator[Any]) -> Any:
    """A state of the same shape with other leaves."""
    if isinstance(state, tuple):
        return type(state)(*(_rebuilt(part, leaves) for part in state))
    return None if state is None else next(leaves)
