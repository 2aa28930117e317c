"""A network as columns of units: what is drawn of it, and what each unit is called."""

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from landscape.networks.layers import Layer
from landscape.numbers import LOWERED


class Column(NamedTuple):
    """The inputs, or the units of a layer with weights, as they go into the next such layer or come out at last.

    layer    the place of the layer with weights that leads here; None for the inputs
    values   what the units say, by name, as in Trace.values
    units    what each is called: "x₁", "hidden 3", "hidden 2.3" where several columns are hidden, "output"
    """

    layer: int | None
    values: str
    units: tuple[str, ...]


def columns(layers: Sequence[Layer], shape: tuple[int, ...]) -> tuple[Column, ...]:
    """The columns of a network of these layers, at least one of them with weights, from samples of this shape."""
    weighted = [k for k, layer in enumerate(layers) if layer.parameters]
    shapes = list(accumulate(layers, lambda before, layer: layer.shape(before), initial=shape))
    return tuple(
        Column(layer, str(end - 1) if end else "input", _names(c, len(weighted), shapes[end][0]))
        for c, (layer, end) in enumerate(zip([None, *weighted], [*weighted, len(layers)], strict=True))
    )


def _names(column: int, last: int, units: int) -> tuple[str, ...]:
    if column == 0:
        return ("x",) if units == 1 else tuple(f"x{k + 1}".translate(LOWERED) for k in range(units))
    if column == last:
        return ("output",) if units == 1 else tuple(f"output {k + 1}" for k in range(units))
    return tuple(f"hidden {k + 1}" if last == 2 else f"hidden {column}.{k + 1}" for k in range(units))
