"""Wire: what of a stage is sent again. A browser keeps the figure it has drawn; what differs from it travels apart.

A slider step changes numbers, not the picture: ground, axes and layout stay, and are neither sent nor drawn again.
"""

import hashlib
import json
import pickle
import zlib
from collections.abc import Set
from typing import Any, NamedTuple, NotRequired, TypedDict

import streamlit as st

from landscape.figures.kit.animated import AnimatedFigure

SENT = "wire.sent"
# What of an axis may change while the rest stays.
UNSET = {"range": None, "dtick": None}
Spec = dict[str, Any]


class Change(TypedDict):
    """What turns the figure that a browser has into the one it should show, as `player.js` takes it.

    traces  by place, as text: {attribute: value}
    layout  {"yaxis2.range": [low, high]} and the like
    meta    the parts that differ
    frames  all, where one differs
    """

    traces: dict[str, Spec]
    layout: Spec
    meta: Spec
    frames: NotRequired[list[Spec]]


class Sent(NamedTuple):
    """The figure that a chart was last drawn with; base is its name, which its meta has too.

    Every viewer who is there has one. As it is, a figure takes ten times the memory that it takes when it is packed.
    """

    chart: str
    base: str
    packed: bytes

    @classmethod
    def of(cls, chart: str, base: str, spec: Spec) -> "Sent":
        return cls(chart, base, zlib.compress(pickle.dumps(spec, protocol=5), 1))

    @property
    def spec(self) -> Spec:
        spec: Spec = pickle.loads(zlib.decompress(self.packed))
        return spec


def send(chart: str, figure: AnimatedFigure, *, zoomed: bool = True) -> tuple[str, AnimatedFigure, Change | None]:
    """The name of the figure to draw, the figure, and what is to change in it: the one drawn last, where what differs
    can be told.

    zoomed   whether the viewer may have zoomed in it
    """
    spec = figure.to_dict()
    before: Sent | None = st.session_state.get(SENT)
    if before is not None and before.chart == chart:
        drawn = before.spec
        change = difference(drawn, spec, zoomed=zoomed)
        if change is not None:
            return before.base, AnimatedFigure(**drawn), change
    base = hashlib.blake2b(json.dumps(spec, sort_keys=True).encode(), digest_size=8).hexdigest()
    layout = spec["layout"] | {"meta": spec["layout"]["meta"] | {"base": base}}
    spec = {**spec, "layout": layout}
    st.session_state[SENT] = Sent.of(chart, base, spec)
    return base, AnimatedFigure(**spec), None


def difference(drawn: Spec, wanted: Spec, *, zoomed: bool = True) -> Change | None:
    """What turns one figure into another of the same build; None where they differ in more than that.

    Of the same build are figures with the same traces in the same places, on the same axes: lines and marks may have
    other numbers and words, pictures other numbers, axes other ranges. `uirevision`, which says what a zoom
    outlives, is no part of the build while nobody has zoomed.
    """
    traces = _traces(drawn["data"], wanted["data"])
    layout = _layout(drawn["layout"], wanted["layout"], {"meta"} if zoomed else {"meta", "uirevision"})
    before, after = drawn["layout"]["meta"], wanted["layout"]["meta"]
    if traces is None or layout is None or not before.keys() - {"base"} <= after.keys():
        return None
    change: Change = {
        "traces": traces,
        "layout": layout,
        "meta": {key: value for key, value in after.items() if before.get(key) != value},
    }
    if drawn["frames"] != wanted["frames"]:
        change["frames"] = wanted["frames"]
    return change


def _traces(drawn: list[Spec], wanted: list[Spec]) -> dict[str, Spec] | None:
    if len(drawn) != len(wanted):
        return None
    changed = {}
    for place, (before, after) in enumerate(zip(drawn, wanted, strict=True)):
        other = {key: value for key, value in after.items() if before.get(key) != value}
        if not other:
            continue
        lines = before["type"] == after["type"] == "scatter"
        if before.keys() - after.keys() or not (lines or _picture(before, after, other.keys())):
            return None
        changed[str(place)] = other
    return changed


def _picture(before: Spec, after: Spec, other: Set[str]) -> bool:
    """Whether one picture becomes another by its numbers alone, a map with what its bar says of them."""
    if not before["type"] == after["type"] in ("heatmap", "contour"):
        return False
    known = {"z"} if after["type"] == "heatmap" else {"z", "customdata", "colorbar"}
    bars = [trace.get("colorbar", {}) | {"ticktext": None} for trace in (before, after)]
    return other <= known and bars[0] == bars[1] and _alike(before["z"], after["z"])


def _alike(before: Any, after: Any) -> bool:
    """Whether two pictures, as `packed` has them, are of one size."""
    return isinstance(before, dict) and isinstance(after, dict) and before.get("shape") == after.get("shape")


def _layout(drawn: Spec, wanted: Spec, passed_over: Set[str]) -> Spec | None:
    changed: Spec = {}
    for name in drawn.keys() | wanted.keys():
        before, after = drawn.get(name), wanted.get(name)
        if before == after or name in passed_over:
            continue
        if name == "annotations" and before is not None and after is not None and len(before) == len(after):
            changed[name] = after
        elif "axis" in name and before and after and before | UNSET == after | UNSET:
            changed |= {f"{name}.{part}": after[part] for part in UNSET if before.get(part) != after.get(part)}
        else:
            return None
    return changed
