"""Programs: a straight line of numpy operations on registers, and the tape that one is written on.

No source text is generated and nothing is executed from text: what is computed is a list of (function, registers), each
distinct sub-expression once, and a sub-expression that holds no variable is worked out once, when parameters are bound.
`as_json` is the same list for an interpreter elsewhere, a browser's for one.
"""

import operator
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

# numpy's own for arrays: unlike Python's, which are faster on single numbers, they can be told where to write.
ON_ARRAYS: dict[Callable[..., Any], Callable[..., Any]] = {
    operator.add: np.add,
    operator.sub: np.subtract,
    operator.mul: np.multiply,
    operator.truediv: np.true_divide,
    operator.neg: np.negative,
}


def quotient_at_kink(numerator: Any, denominator: Any, out: Any = None) -> Any:
    """numerator / denominator, with 0 / 0 = 0: the minimum-norm subgradient at the tip of a cone such as |x|.

    out   taken as numpy's functions take it, but not used: it may be one of the arguments, needed to the end
    """
    del out
    ratio = np.divide(numerator, denominator)
    if np.isnan(ratio).any():
        ratio = np.where((numerator == 0) & (denominator == 0), 0.0, ratio)
    return ratio


def choose(condition: Any, yes: Any, no: Any, out: Any = None) -> Any:
    """yes where condition is not 0, and no elsewhere. `out` as in `quotient_at_kink`."""
    del out
    return np.where(condition, yes, no)


def mean(values: Any, out: Any = None) -> Any:
    """The mean over all lanes: one number. `out` as in `quotient_at_kink`."""
    del out
    return np.mean(values)


# Every function that a program may call, by the name that it has outside Python.
NAMES: dict[Callable[..., Any], str] = {
    operator.add: "add",
    operator.sub: "sub",
    operator.mul: "mul",
    operator.truediv: "div",
    operator.neg: "neg",
    np.remainder: "remainder",
    np.power: "pow",
    np.sqrt: "sqrt",
    np.hypot: "hypot",
    np.abs: "abs",
    np.sign: "sign",
    np.maximum: "max",
    np.minimum: "min",
    np.exp: "exp",
    np.log: "log",
    np.log1p: "log1p",
    np.sin: "sin",
    np.cos: "cos",
    np.tan: "tan",
    np.arcsin: "asin",
    np.arccos: "acos",
    np.arctan: "atan",
    np.sinh: "sinh",
    np.cosh: "cosh",
    np.tanh: "tanh",
    np.greater: "gt",
    np.greater_equal: "ge",
    np.less: "lt",
    np.less_equal: "le",
    np.equal: "eq",
    np.not_equal: "ne",
    np.logical_and: "and",
    np.logical_or: "or",
    np.logical_not: "not",
    np.isfinite: "isfinite",
    np.isnan: "isnan",
    choose: "choose",
    quotient_at_kink: "quotient_at_kink",
    mean: "mean",
}

FUNCTIONS = {name: function for function, name in NAMES.items()}

# What takes arguments from the registers: half as long as to go from one to the next in Python.
Take = Callable[[list[Any]], Sequence[Any]]

# Those that answer yes or no: numpy's arrays of these hold no floats, and nothing else can be written over them.
YES_OR_NO = {
    *(np.greater, np.greater_equal, np.less, np.less_equal, np.equal, np.not_equal),
    *(np.logical_and, np.logical_or, np.logical_not, np.isfinite, np.isnan),
}


@dataclass(frozen=True)
class Program:
    """Registers hold the inputs, then constants, then one result per operation.

    registers    what each register holds before a run; None where a run fills it in. An array has a number for each
                 of several lanes, as the samples of some data, and what follows from it has too, up to their `mean`
    operations   (register, function, argument registers), in order
    outputs      the registers of the results
    """

    inputs: tuple[str, ...]
    registers: tuple[float | np.ndarray | None, ...]
    operations: tuple[tuple[int, Callable[..., Any], tuple[int, ...]], ...]
    outputs: tuple[int, ...]

    def bind(self, values: Mapping[str, float]) -> "Program":
        """The program with some inputs fixed, and everything that follows from them alone worked out."""
        registers = list(self.registers)
        for name, value in values.items():
            registers[self.inputs.index(name)] = float(value)
        remaining = []
        with np.errstate(all="ignore"):
            for register, function, arguments in self.operations:
                known = [registers[a] for a in arguments]
                if None in known:
                    remaining.append((register, function, arguments))
                else:
                    registers[register] = float(function(*map(np.float64, known)))
        return replace(self, registers=tuple(registers), operations=tuple(remaining))

    @cached_property
    def _in_place(self) -> list[tuple[int, Callable[..., Any], Take, int]]:
        """The operations for arrays, each with what takes its arguments from the registers, and after it the array that
        its result is written over.

        That is an output's own, or one that nothing needs any more, so that what is worked on stays in the cache. The
        outputs' arrays follow the registers, and after them comes a None: write it anywhere.
        """
        own = {register: len(self.registers) + i for i, register in enumerate(self.outputs)}
        uses = Counter(a for _, _, arguments in self.operations for a in arguments)
        floats = {register for register, function, _ in self.operations if function not in YES_OR_NO}
        temporary = floats - set(self.outputs)
        free: list[int] = []
        placed = []
        for register, function, arguments in self.operations:
            uses.subtract(arguments)
            free += [a for a in set(arguments) if not uses[a] and a in temporary]
            if register in own:
                place = own[register]
            else:
                place = free.pop() if free else len(self.registers) + len(self.outputs)
            # Of one index it would give no sequence.
            places = arguments if len(arguments) > 1 else (slice(arguments[0], arguments[0] + 1),)
            take: Take = operator.itemgetter(*places)
            placed.append((register, ON_ARRAYS.get(function, function), take, place))
        return placed

    def fill(self, variables: np.ndarray, out: np.ndarray) -> None:
        """Write the outputs at `variables`, (inputs not bound, points), to the rows of out, (outputs, points)."""
        registers: list[Any] = [*self.registers, *out, None]
        registers[: len(variables)] = variables
        with np.errstate(all="ignore"):
            for register, function, take, place in self._in_place:
                registers[register] = function(*take(registers), out=registers[place])
        for row, output in zip(out, self.outputs, strict=True):
            if registers[output] is not row:
                row[...] = registers[output]

    def __call__(self, *variables: Any) -> list[Any]:
        """The outputs at `variables`, the inputs that are not bound; fastest where these are single numbers."""
        registers: list[Any] = list(self.registers)
        registers[: len(variables)] = variables
        with np.errstate(all="ignore"):
            for register, function, arguments in self.operations:
                registers[register] = function(*[registers[a] for a in arguments])
        return [registers[o] for o in self.outputs]

    def as_json(self) -> dict[str, Any]:
        """The program as JSON has it, registers numbered as here; null is a register that a run fills in.

        {"inputs": [name], "registers": [number or null or "nan" or "inf" or "-inf" or [number of each lane]],
         "operations": [[name of NAMES, result, argument ...]], "outputs": [register]}
        """
        return {
            "inputs": [name for name, r in zip(self.inputs, self.registers, strict=False) if r is None],
            "registers": [_as_json(r) for r in self.registers],
            "operations": [[NAMES[function], register, *args] for register, function, args in self.operations],
            "outputs": list(self.outputs),
        }

    @classmethod
    def from_json(cls, spec: Mapping[str, Any]) -> "Program":
        """What `as_json` has made of a program without lanes, no input of which is bound."""
        return cls(
            tuple(spec["inputs"]),
            tuple(None if r is None else float(r) for r in spec["registers"]),
            tuple((result, FUNCTIONS[name], tuple(arguments)) for name, result, *arguments in spec["operations"]),
            tuple(spec["outputs"]),
        )


def _as_json(register: float | np.ndarray | None) -> Any:
    if isinstance(register, np.ndarray):
        return register.tolist()
    return register if register is None or np.isfinite(register) else str(register)


class Tape:
    """What a program is written on: registers for inputs first, then a constant or one operation's result each.

    An operation that has been written down once is not written again.
    """

    def __init__(self, inputs: int) -> None:
        self.registers: list[float | np.ndarray | None] = [None] * inputs
        self.operations: list[tuple[int, Callable[..., Any], tuple[int, ...]]] = []
        self.of_operation: dict[tuple[Any, ...], int] = {}

    def constant(self, value: float) -> int:
        # By its bits: 0 and -0 are two, and NaN is itself.
        return self._new(("constant", float(value).hex()), float(value))

    def lanes(self, values: np.ndarray) -> int:
        """The register of constants, one a lane."""
        return self._new(("lanes", values.tobytes()), values)

    def emit(self, function: Callable[..., Any], *arguments: int) -> int:
        """The register of function(*arguments)."""
        key = (function, *arguments)
        if key not in self.of_operation:
            register = self._new(key, None)
            self.operations.append((register, function, arguments))
        return self.of_operation[key]

    def play(self, program: Program, arguments: Sequence[int]) -> list[int]:
        """Write down another program's operations, its inputs that are not bound in these registers; its outputs."""
        place = dict(enumerate(arguments))
        for register, value in enumerate(program.registers[len(arguments) :], len(arguments)):
            if value is not None:
                place[register] = self.lanes(value) if isinstance(value, np.ndarray) else self.constant(value)
        for register, function, registers in program.operations:
            place[register] = self.emit(function, *(place[r] for r in registers))
        return [place[r] for r in program.outputs]

    def program(self, inputs: Sequence[str], outputs: Sequence[int]) -> Program:
        """What is written, without what no output needs."""
        needed, kept = set(outputs), []
        for register, function, arguments in reversed(self.operations):
            if register in needed:
                needed |= set(arguments)
                kept.append((register, function, arguments))
        used = [r for r in range(len(self.registers)) if r < len(inputs) or r in needed]
        to = {register: place for place, register in enumerate(used)}
        return Program(
            tuple(inputs),
            tuple(self.registers[r] for r in used),
            tuple((to[r], function, tuple(to[a] for a in arguments)) for r, function, arguments in reversed(kept)),
            tuple(to[r] for r in outputs),
        )

    def _new(self, key: tuple[Any, ...], value: float | np.ndarray | None) -> int:
        if key not in self.of_operation:
            self.of_operation[key] = len(self.registers)
            self.registers.append(value)
        return self.of_operation[key]
