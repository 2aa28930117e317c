"""What goes wrong in a network, named where it happens: read off one trace."""

from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from landscape.networks.layers import Elementwise
from landscape.networks.network import Network, Trace
from landscape.numbers import counted, short

# Where the deltas of the first layer with weights are this many times smaller or larger than those of the last.
FADED = 1e-3
# A unit is saturated on a sample where its slope is below this share of the steepest.
FLAT = 0.01


class Ailment(NamedTuple):
    """One thing that is wrong.

    key      "vanishing", "exploding", "dead", "saturated" or "symmetric"
    layer    the name of the layer it is in, as in Trace.values
    units    which units of the layer; () where it concerns the layer as a whole
    text     a sentence that says what, with its numbers
    numbers  those, by name: the "ratio" of the first deltas to the last, or the "count" of units "of" how many
    """

    key: str
    layer: str
    units: tuple[int, ...]
    text: str
    numbers: Mapping[str, float]


def delta_sizes(network: Network, trace: Trace) -> dict[str, float]:
    """The root mean square of dL/dz, times N, by affine layer: how strong a sample's error still is there."""
    names = [str(k) for k, layer in enumerate(network.layers) if layer.parameters]
    return {name: float(np.sqrt(np.mean(trace.deltas[name] ** 2)) * trace.losses.shape[-1]) for name in names}


def ailments(network: Network, trace: Trace) -> list[Ailment]:
    """What is wrong at one weight vector, from the trace of a pass over its samples; [] where all is well.

    vanishing, exploding   the deltas of the first affine layer against the last: below FADED, above 1 / FADED
    dead                   units of an activation whose slope is 0 on every sample: no gradient ever comes through
    saturated              units whose slope is below FLAT of the steepest on every sample, but not off
    symmetric              hidden units with equal weights in and out: they stay alike for ever
    """
    out = _flow(delta_sizes(network, trace))
    for k, layer in enumerate(network.layers):
        if isinstance(layer, Elementwise):
            before = trace.values["input" if k == 0 else str(k - 1)]
            out += _units(str(k), layer, before, trace.values[str(k)])
    return out + _symmetric(network, trace)


def _flow(sizes: dict[str, float]) -> list[Ailment]:
    first, last = next(iter(sizes)), list(sizes)[-1]
    if first == last or not sizes[last] > 0:
        return []
    ratio = sizes[first] / sizes[last]
    if ratio < FADED:
        text = f"Vanishing gradient: {short(ratio)} of the last layer's is left here."
        return [Ailment("vanishing", first, (), text, {"ratio": ratio})]
    if ratio > 1 / FADED:
        text = f"Exploding gradient: {short(ratio)} times the last layer's arrives here."
        return [Ailment("exploding", first, (), text, {"ratio": ratio})]
    return []


def _units(name: str, layer: Elementwise, before: np.ndarray, after: np.ndarray) -> list[Ailment]:
    wide = np.linspace(-5, 5, 101)
    steepest = np.abs(layer.activation.slope(wide, layer.activation.value(wide))).max()
    slope = np.abs(layer.activation.slope(before, after))
    slope = np.moveaxis(slope, 1, 0).reshape(slope.shape[1], -1).max(axis=1)
    # An S-shaped activation has no slope of 0 but for rounding: at its ends a unit is saturated, not off.
    off = (slope == 0) & (np.abs(layer.activation.slope(wide, layer.activation.value(wide))).min() == 0)
    dead = tuple(np.flatnonzero(off).tolist())
    saturated = tuple(np.flatnonzero(~off & (slope < FLAT * steepest)).tolist())
    out = []
    if dead:
        text = f"{_units_of(len(dead), len(slope))} off for every sample."
        out.append(Ailment("dead", name, dead, text, {"count": len(dead), "of": len(slope)}))
    if saturated:
        text = f"{_units_of(len(saturated), len(slope))} saturated on every sample."
        out.append(Ailment("saturated", name, saturated, text, {"count": len(saturated), "of": len(slope)}))
    return out


def _units_of(count: int, of: int) -> str:
    return f"{count} of {counted(of, 'unit')} {'is' if count == 1 else 'are'}"


def _symmetric(network: Network, trace: Trace) -> list[Ailment]:
    learning = [k for k, layer in enumerate(network.layers) if layer.parameters]
    out = []
    for here, there in pairwise(learning):
        mine, next_ = ([trace.weights[f"{k}.{name}"] for name in network.layers[k].parameters] for k in (here, there))
        hears = network.layers[here].hears(mine)
        signature = np.concatenate([hears, network.layers[there].heard(next_, len(hears))], axis=1)
        _, inverse, counts = np.unique(signature, axis=0, return_inverse=True, return_counts=True)
        twins = tuple(np.flatnonzero(counts[inverse.ravel()] > 1).tolist())
        if twins:
            text = f"{len(twins)} of {len(signature)} units have a twin with the same weights: they learn the same."
            out.append(Ailment("symmetric", str(here), twins, text, {"count": len(twins), "of": len(signature)}))
    return out
