"""A Plotly figure that is built ready for the wire.

Validating, copying and encoding a few hundred frames costs several times what computing them does. The dictionaries are
built here, by code that tests check against Plotly's own validators, so they go out as they are.
"""

import base64
import re
import zlib
from collections.abc import Sequence
from functools import cached_property
from typing import Any, overload

import numpy as np
import plotly.graph_objects as go

# Where a figure says how large letters, lines, marks and margins are.
SIZES = re.compile(
    r"font\.size$|line\.width$|marker\.size$|^\.margin\.[ltb]$|legend\.entrywidth$|legend2\.indentation$"
)


class AnimatedFigure(go.Figure):
    """A go.Figure made of plain dictionaries.

    data, layout   as Plotly's JSON has them, arrays packed by `packed`
    frames         dicts of `name`, `data`, and `traces`, the indices that `data` replaces

    `to_dict` answers with these as they are; `checked` answers with an ordinary go.Figure, validated.
    """

    def __init__(self, data: list[dict[str, Any]], layout: dict[str, Any], frames: list[dict[str, Any]]) -> None:
        super().__init__()
        # go.Figure turns away attributes whose names do not start with an underscore.
        self._spec: dict[str, Any] = {"data": data, "layout": layout, "frames": frames}

    def to_dict(self) -> dict[str, Any]:
        return dict(self._spec)

    def enlarged(self, factor: float) -> "AnimatedFigure":
        """The same figure, its letters, lines and marks larger: a stage that is high is seen from far away."""
        # Frames hold coordinates alone.
        return AnimatedFigure(
            _enlarged(self._spec["data"], factor), _enlarged(self._spec["layout"], factor), self._spec["frames"]
        )

    def checked(self) -> go.Figure:
        return go.Figure(self._spec)


def _enlarged(part: Any, factor: float, inside: str = "") -> Any:
    """A copy of a part of a figure; `inside` is the key that holds it."""
    if isinstance(part, dict):
        return {key: _enlarged(value, factor, f"{inside}.{key}") for key, value in part.items()}
    if isinstance(part, list) and part and isinstance(part[0], dict):
        return [_enlarged(value, factor, inside) for value in part]
    if isinstance(part, (int, float)) and SIZES.search(inside):
        return factor * part
    return part


def single(values: np.ndarray) -> np.ndarray:
    """In single precision, which is enough for a pixel; what is too large for it is the largest there is."""
    most = np.finfo("f4").max
    return np.clip(values, -most, most).astype("f4")


def packed(values: np.ndarray) -> dict[str, Any]:
    """An array as Plotly's JSON carries it, base64: shorter than digits, and nothing to parse."""
    values = np.ascontiguousarray(values)
    spec = {"dtype": values.dtype.str[1:], "bdata": base64.b64encode(values.tobytes()).decode("ascii")}
    return spec if values.ndim == 1 else {**spec, "shape": ", ".join(map(str, values.shape))}


def unpacked(spec: dict[str, Any]) -> np.ndarray:
    """The array that `packed` packed."""
    values = np.frombuffer(base64.b64decode(spec["bdata"]), dtype=spec["dtype"])
    return values.reshape([int(n) for n in spec["shape"].split(", ")]) if "shape" in spec else values


def filmed(frames: np.ndarray) -> str:
    """Whole numbers 0 to 255 that change from frame to frame, (frames, ...), for `paint.js`: short, as little changes.

    Base64 of zlib of each frame's differences, modulo 256, from the frame before.
    """
    flat = np.asarray(frames, dtype=np.uint8).reshape(len(frames), -1)
    changes = np.diff(flat, axis=0, prepend=np.zeros_like(flat[:1]))
    return base64.b64encode(zlib.compress(changes.tobytes(), 6)).decode("ascii")


def significant(values: Any, digits: int = 5) -> list[Any]:
    """Numbers for a frame, in lists as deep as they come, short on the wire: to significant digits, None if not finite.

    A whole number over a power of ten is the double nearest to that decimal, so it is written in as many digits.
    """
    exact = np.asarray(values)
    if exact.dtype.kind == "i":
        return exact.tolist()
    exact = exact.astype(float)
    with np.errstate(all="ignore"):
        size = np.abs(exact)
        places = digits - 1 - np.floor(np.log10(np.where(size > 1e-290, size, 1.0)))
        scale = 10.0 ** np.abs(places)
        rounded = np.where(places >= 0, np.round(exact * scale) / scale, np.round(exact / scale) * scale)
    finite = size < 1e300
    if finite.all():
        return rounded.tolist()
    shown = rounded.astype(object)
    shown[~finite] = None
    return shown.tolist()


def updates(digits: int, **coordinates: np.ndarray) -> list[dict[str, list[Any]]]:
    """What each frame changes in a trace: of coordinates (frames, points), one row, to significant digits."""
    rows = zip(*(significant(each, digits) for each in coordinates.values()), strict=True)
    return [dict(zip(coordinates, row, strict=True)) for row in rows]


class Moves(Sequence[dict[str, list[Any]]]):
    """`updates`, worked out when a frame is asked for: of marks that ride on trails only the last ever is."""

    def __init__(self, digits: int, **coordinates: np.ndarray) -> None:
        self._digits, self._coordinates = digits, coordinates

    @cached_property
    def _all(self) -> list[dict[str, list[Any]]]:
        return updates(self._digits, **self._coordinates)

    @property
    def last(self) -> dict[str, list[Any]]:
        return updates(self._digits, **{name: rows[-1:] for name, rows in self._coordinates.items()})[0]

    def __len__(self) -> int:
        return len(next(iter(self._coordinates.values())))

    @overload
    def __getitem__(self, frame: int) -> dict[str, list[Any]]: ...
    @overload
    def __getitem__(self, frame: slice) -> list[dict[str, list[Any]]]: ...
    def __getitem__(self, frame: int | slice) -> dict[str, list[Any]] | list[dict[str, list[Any]]]:
        return self._all[frame]
