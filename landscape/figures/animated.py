"""A Plotly figure whose frames stay plain dictionaries.

Validating a few hundred frames costs more than computing what is in them; they are built here, by code that tests
check, so they go out as they are.
"""

from typing import Any

import plotly.graph_objects as go


class AnimatedFigure(go.Figure):
    """A go.Figure with unvalidated frames: dicts of `name`, `data`, and `traces`, the indices that `data` replaces."""

    def __init__(self, data: list[dict[str, Any]], layout: dict[str, Any], frames: list[dict[str, Any]]) -> None:
        super().__init__(data=data, layout=layout)
        # go.Figure's own attribute machinery turns away names that do not start with an underscore.
        self._plain_frames = tuple(frames)

    @property
    def frames(self) -> tuple[dict[str, Any], ...]:
        return self._plain_frames

    def to_dict(self) -> dict[str, Any]:
        return {**super().to_dict(), "frames": list(self._plain_frames)}


def significant(values: Any, digits: int = 5) -> list[float | None]:
    """Numbers for a frame, short on the wire: rounded to significant digits, None where not finite."""
    return [float(f"{v:.{digits}g}") if abs(v) < 1e300 else None for v in map(float, values)]
