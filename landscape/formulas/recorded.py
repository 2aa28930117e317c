"""Recorded: an array that remembers what is done to it.

It holds no numbers but registers of a Tape. numpy hands every function that is called on one to the array itself
(`__array_ufunc__`, `__array_function__`), which writes the operation down, element by element. Code that never asks
what a number is can so be recorded as it stands; where it asks, as an `if` does, `AskedError` is raised.
"""

import operator
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from itertools import product
from typing import Any

import numpy as np

from landscape.formulas.program import NAMES, Tape, choose, mean

# What numpy calls and a program does not know under that name.
CANONICAL: dict[Any, Callable[..., Any]] = {
    np.add: operator.add,
    np.subtract: operator.sub,
    np.multiply: operator.mul,
    np.true_divide: operator.truediv,
    np.negative: operator.neg,
    np.bitwise_and: np.logical_and,
    np.bitwise_or: np.logical_or,
    np.invert: np.logical_not,
}
REDUCED: dict[Any, Callable[..., Any]] = {
    np.sum: operator.add,
    np.max: np.maximum,
    np.min: np.minimum,
    np.any: np.logical_or,
    np.all: np.logical_and,
}


class AskedError(TypeError):
    """Recorded code has asked what a number is.

    inputs   the tape's inputs that the number follows from
    """

    def __init__(self, inputs: set[int]) -> None:
        super().__init__("a recorded number has no value")
        self.inputs = inputs


class Recorded(np.lib.mixins.NDArrayOperatorsMixin):
    """Registers of a tape, an integer array of any shape, that behave as an array of floats of that shape."""

    # So that numpy's own scalars and arrays let this class do the arithmetic.
    __array_priority__ = 1000

    def __init__(self, tape: Tape, registers: Any) -> None:
        self.tape, self.registers = tape, np.asarray(registers, dtype=int)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.registers.shape

    @property
    def ndim(self) -> int:
        return self.registers.ndim

    @property
    def size(self) -> int:
        return self.registers.size

    @property
    def dtype(self) -> np.dtype[Any]:
        return np.dtype(float)

    @property
    def T(self) -> "Recorded":  # noqa: N802 as numpy has it
        return self._of(self.registers.T)

    def __len__(self) -> int:
        return len(self.registers)

    def __iter__(self) -> Iterator["Recorded"]:
        return (self._of(each) for each in self.registers)

    def __getitem__(self, key: Any) -> "Recorded":
        return self._of(self.registers[key])

    def __setitem__(self, key: Any, value: Any) -> None:
        self.registers[key] = self.placed(value)

    def reshape(self, *shape: Any) -> "Recorded":
        return self._of(self.registers.reshape(*shape))

    def astype(self, _: Any) -> "Recorded":
        return self

    def swapaxes(self, one: int, other: int) -> "Recorded":
        return self._of(self.registers.swapaxes(one, other))

    def transpose(self, *axes: int) -> "Recorded":
        return self._of(self.registers.transpose(*axes))

    def sum(self, axis: int | None = None, keepdims: bool = False) -> "Recorded":
        return self._reduced(operator.add, axis, keepdims)

    def max(self, axis: int | None = None, keepdims: bool = False) -> "Recorded":
        return self._reduced(np.maximum, axis, keepdims)

    def min(self, axis: int | None = None, keepdims: bool = False) -> "Recorded":
        return self._reduced(np.minimum, axis, keepdims)

    def all(self, axis: int | None = None, keepdims: bool = False) -> "Recorded":
        return self._reduced(np.logical_and, axis, keepdims)

    def any(self, axis: int | None = None, keepdims: bool = False) -> "Recorded":
        return self._reduced(np.logical_or, axis, keepdims)

    def lanes(self, values: np.ndarray) -> "Recorded":
        """A number that is another one in each of several lanes, (lanes,), on the same tape."""
        return self._of(self.tape.lanes(np.asarray(values, dtype=float)))

    def mean_of_lanes(self) -> "Recorded":
        """Each number's mean over its lanes."""
        return self._elementwise(mean, [self])

    def __bool__(self) -> bool:
        raise AskedError(_sources(self.tape, self.registers))

    __float__ = __int__ = __index__ = __bool__

    def __array__(self, *_: Any, **__: Any) -> np.ndarray:
        raise AskedError(_sources(self.tape, self.registers))

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, out: tuple[Any, ...] = (), **_: Any) -> Any:
        function = CANONICAL.get(ufunc, ufunc)
        if ufunc is np.positive:
            return inputs[0]
        if ufunc is np.matmul and method == "__call__":
            return self._matmul(*map(self.placed, inputs))
        if method != "__call__" or function not in NAMES:
            return NotImplemented
        result = self._elementwise(function, inputs)
        if not out:
            return result
        out[0].registers = result.registers
        return out[0]

    def __array_function__(self, function: Any, types: Any, args: Sequence[Any], settings: dict[str, Any]) -> Any:
        del types
        if function is np.where:
            return self._elementwise(choose, args)
        if function in REDUCED:
            return self._of(self.placed(args[0]))._reduced(REDUCED[function], *args[1:], **settings)
        if function in (np.empty_like, np.zeros_like, np.ones_like):
            return self._of(self.placed(function(args[0].registers, *(args[1:] or (float,)), **settings)))
        if function is np.stack:
            parts = np.broadcast_arrays(*map(self.placed, args[0]))
            return self._of(np.stack(parts, *args[1:], **settings))
        if function is np.concatenate:
            return self._of(np.concatenate([self.placed(each) for each in args[0]], *args[1:], **settings))
        if function in (np.swapaxes, np.moveaxis):
            return self._of(function(args[0].registers, *args[1:]))
        if function is np.shape:
            return args[0].shape
        if function is np.ndim:
            return args[0].ndim
        if function is np.array_equal:
            return bool(args[0])
        if function is np.clip:
            return np.minimum(np.maximum(args[0], args[1]), args[2])
        if function is np.einsum:
            return self._einsum(args[0], args[1:])
        return NotImplemented

    def _of(self, registers: Any) -> "Recorded":
        return Recorded(self.tape, registers)

    def placed(self, value: Any) -> np.ndarray:
        """The registers of a recorded array, or of numbers, which become constants."""
        if isinstance(value, Recorded):
            return value.registers
        numbers = np.asarray(value, dtype=float)
        return np.array([self.tape.constant(v) for v in numbers.ravel().tolist()], dtype=int).reshape(numbers.shape)

    def _elementwise(self, function: Callable[..., Any], values: Sequence[Any]) -> "Recorded":
        spread = np.broadcast_arrays(*map(self.placed, values))
        rows = zip(*(each.ravel().tolist() for each in spread), strict=True)
        registers = np.array([self.tape.emit(function, *row) for row in rows], dtype=int)
        return self._of(registers.reshape(spread[0].shape))

    def _reduced(self, function: Callable[..., Any], axis: int | None = None, keepdims: bool = False) -> "Recorded":
        registers = self.registers.reshape(-1) if axis is None else np.moveaxis(self.registers, axis, 0)
        out = np.empty(registers.shape[1:], dtype=int)
        for place in np.ndindex(out.shape):
            column = registers[(slice(None), *place)].tolist()
            out[place] = reduce(lambda one, other: self.tape.emit(function, one, other), column)
        return self._of(out if axis is None or not keepdims else np.expand_dims(out, axis))

    def _matmul(self, one: np.ndarray, other: np.ndarray) -> "Recorded":
        if max(one.ndim, other.ndim) > 2:
            leading = np.broadcast_shapes(one.shape[:-2], other.shape[:-2])
            ones, others = (np.broadcast_to(each, (*leading, *each.shape[-2:])) for each in (one, other))
            out = np.empty((*leading, one.shape[-2], other.shape[-1]), dtype=int)
            for place in np.ndindex(leading):
                out[place] = self._matmul(ones[place], others[place]).registers
            return self._of(out)
        left, right = "ij"[2 - one.ndim :], "jk"[: other.ndim]
        return self._einsum(f"{left},{right}->{left[:-1]}{right[1:]}", [self._of(one), self._of(other)])

    def _einsum(self, subscripts: str, operands: Sequence[Any]) -> "Recorded":
        """numpy's, of arrays without leading axes."""
        sources, _, result = subscripts.replace("...", "").partition("->")
        names, placed = sources.split(","), [self.placed(each) for each in operands]
        sizes = {n: s for name, each in zip(names, placed, strict=True) for n, s in zip(name, each.shape, strict=True)}
        summed = [n for n in sizes if n not in result]
        out = np.empty([sizes[n] for n in result], dtype=int)
        for place in np.ndindex(out.shape):
            terms = []
            for rest in product(*(range(sizes[n]) for n in summed)):
                at = dict(zip([*result, *summed], [*place, *rest], strict=True))
                factors = [int(each[tuple(at[n] for n in name)]) for name, each in zip(names, placed, strict=True)]
                terms.append(reduce(lambda a, b: self.tape.emit(operator.mul, a, b), factors))
            out[place] = reduce(lambda a, b: self.tape.emit(operator.add, a, b), terms)
        return self._of(out)


def _sources(tape: Tape, registers: np.ndarray) -> set[int]:
    """The inputs, and the constants, from which these registers follow."""
    wanted = set(registers.ravel().tolist())
    for register, _, arguments in reversed(tape.operations):
        if register in wanted:
            wanted.discard(register)
            wanted |= set(arguments)
    return {register for register in wanted if tape.registers[register] is None}
