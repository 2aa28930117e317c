"""Stage: the one way to build what a view draws, from panels, traces and a clock, and all that a player is told of it.

A figure kind is one file with a function that takes a record of the core, builds a Stage and returns it:

    def slope_stage(found, theme, *, narrow=False, height=470):
        place = arrangement("picture", narrow)
        across = {"range": linear_range(found.x)}
        stage = Stage(theme, height=height, revision=f"slope {narrow}", alt=f"{found.title} and its slope.")
        stage.panel("", place["main"], across, {"range": linear_range(found.f)}, "f")
        stage.panel("2", place["upper"], across, {"range": linear_range(found.slope)}, "Its slope")
        stage.draw(line(found.x, found.f, theme.ink, name="f"))
        stage.trail(line(found.x, found.slope, theme.belief, "2", name="slope"))
        stage.move(moved(marks(None, None, theme.ink, name="here"), found.x, found.f))
        stage.play(found.x, "x", captions=[f"The slope is {short(s)}." for s in found.slope])
        return stage

What stands still is drawn in the order it comes; above it what moves, likewise. A run of more steps than MAX_FRAMES is
played at its `frame_steps`: they are the times, the schedule and what every `moved` is given. `layouts.py` has
arrangements of panels and their sizes, `axes.py` axes, `traces.py` lines and marks, `terrain.py` maps, `ranges.py` the
ranges of axes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from landscape.descent.descend import watched
from landscape.figures.kit.animated import AnimatedFigure, significant
from landscape.figures.kit.axes import heading, panel_axes
from landscape.figures.kit.layouts import Span
from landscape.figures.kit.meta import Meta, Paint, Trail
from landscape.figures.kit.style import Theme
from landscape.figures.kit.traces import Moving, Trace

MAX_FRAMES = 240
SPEED = 36  # frames a second at 1x, the most that is drawn
SLOWEST = 2.5  # so that a run of a few steps can be followed
SCENIC = ("scatter3d", "surface")


def frame_steps(steps: int) -> np.ndarray:
    """The step shown at each frame: every one of few, evenly chosen ones of many."""
    return watched(steps, MAX_FRAMES + 1)


def frame_rate(frames: int) -> float:
    """Frames a second at 1x: a short run is slow enough to follow, a long one over in about seven seconds."""
    return float(np.clip(frames / 7, SLOWEST, SPEED))


def play_button(inside: bool) -> Trace:
    """One button stands for the whole animation interface, so that the figure plays wherever Plotly does."""
    timing = {"frame": {"duration": 1000 / SPEED, "redraw": True}, "transition": {"duration": 0}}
    play = {"label": "▶", "method": "animate", "args": [None, {**timing, "mode": "immediate"}]}
    corner = ("left", "bottom") if inside else ("right", "top")
    return {
        "type": "buttons",
        "buttons": [play],
        "x": 0,
        "y": 0,
        "xanchor": corner[0],
        "yanchor": corner[1],
        "pad": {"r": 4},
    }


@dataclass
class Stage:
    """What a view draws.

    height     in pixels
    revision   names what is seen: a viewer's zoom and camera outlive all changes but one of this
    alt        the stage in whole sentences, for those who do not see it
    margin     left, top, right and bottom of the panels, in pixels
    legend     where it stands; nowhere if left out
    clicks     the panels, by their x axis, on which a click counts; the first alone if left out
    first      what the clock shows where the play head begins, None for the end
    inside     whether the hidden play button stands inside the panels: beside them Plotly would keep a margin for it
    settings   what else Plotly's layout is told
    """

    theme: Theme
    height: int
    revision: str
    alt: str = ""
    margin: tuple[int, int, int, int] = (52, 60, 12, 46)
    legend: Trace | None = None
    clicks: Sequence[str] | None = None
    first: float | None = None
    inside: bool = False
    settings: Trace = field(default_factory=dict)
    axes: Trace = field(default_factory=dict)
    annotations: list[Trace] = field(default_factory=list)
    still: list[Trace] = field(default_factory=list)
    moving: list[Moving] = field(default_factory=list)
    trails: list[Trail] = field(default_factory=list)
    paint: Paint = field(default_factory=Paint)
    clock: Meta = field(default_factory=Meta)

    def panel(self, panel: str, place: Span, x: Trace, y: Trace, text: str = "") -> None:
        """A panel's axes, each with settings of its own, and its heading."""
        self.axes |= panel_axes(panel, place, self.theme, x, y)
        if text:
            self.head(text, place)

    def head(self, text: str, place: Span) -> None:
        """A heading above a panel."""
        self.annotations.append(heading(text, place))

    def draw(self, *traces: Trace) -> None:
        """Traces that stand still."""
        self.still += traces

    def trail(self, trace: Trace, run: int = 0) -> None:
        """A line of which the player shows the points that its run has reached."""
        self.trails.append({"trace": len(self.still), "run": run})
        # A simplified line has fewer vertices than the run has steps, and could not be trimmed to a step.
        self.draw({**trace, "line": {**trace["line"], "simplify": False}})

    def move(self, *parts: Moving) -> None:
        """Traces that change from frame to frame."""
        self.moving += parts

    def film(self, trace: Trace, colors: list[str], grain: int, data: str) -> None:
        """A heat map that is painted anew in every frame; see Film for `grain` and `data`."""
        self.paint.setdefault("films", []).append(
            {"trace": len(self.still), "colors": colors, "grain": grain, "bytes": data}
        )
        self.draw(trace)

    def stroke(self, trace: Trace, colors: list[str], widths: list[float], data: str) -> None:
        """A line with gaps whose pieces change colour and width; see Strokes for `data`."""
        self.paint.setdefault("strokes", []).append(
            {"trace": len(self.still), "colors": colors, "widths": widths, "bytes": data}
        )
        self.draw(trace)

    def word(self, trace: Trace, texts: list[list[list[int | str]]]) -> None:
        """Text marks that say something else from some frame on; see Words for `texts`."""
        self.paint.setdefault("words", []).append({"trace": len(self.still), "texts": texts})
        self.draw(trace)

    def play(
        self,
        times: Any,
        unit: str,
        *,
        schedule: Any = None,
        labels: list[str] | None = None,
        captions: list[str] | None = None,
        rate: float = SPEED,
    ) -> None:
        """What the play head slides over, a frame each; names as in Meta. By default one run, a point further a frame.

        ValueError for labels, captions or a schedule of another number of frames.
        """
        # In as many digits as a link has.
        shown = significant(times, 8)
        reached = np.arange(len(shown))[None] if schedule is None else np.asarray(schedule)
        self.clock = {"times": shown, "unit": unit, "rate": rate, "schedule": reached.tolist()}
        if labels is not None:
            self.clock["labels"] = labels
        if captions is not None:
            self.clock["captions"] = captions
        for name, each in (("labels", labels), ("captions", captions), *(("schedule", row) for row in reached)):
            if each is not None and len(each) != len(shown):
                raise ValueError(f"{name} has {len(each)} frames; there are {len(shown)} times")

    @property
    def times(self) -> list[int] | list[float]:
        """What the play head slides over; nothing where the stage stands still."""
        return self.clock.get("times", [])

    def begin_at(self, frame: int) -> "Stage":
        """The stage itself, its play head at a frame to begin with."""
        self.first = self.times[frame]
        return self

    @property
    def meta(self) -> Meta:
        """What the player is told."""
        told: Meta = {} if self.clicks is None else {"clicks": list(self.clicks)}
        if self.clock:
            drawn = self.still + [trace for trace, _ in self.moving]
            told |= {"trails": self.trails, "redraw": any(trace["type"] in SCENIC for trace in drawn), **self.clock}
        if self.paint:
            told["paint"] = self.paint
        return told

    @property
    def figure(self) -> AnimatedFigure:
        """The figure that goes on the wire. ValueError for a moving part that has not a move for every frame."""
        left, top, right, bottom = self.margin
        layout = self.theme.layout(
            **self.axes,
            annotations=self.annotations,
            height=self.height,
            margin={"l": left, "t": top, "r": right, "b": bottom},
            uirevision=self.revision,
            updatemenus=[play_button(self.inside)],
            meta=self.meta,
            **({} if self.legend is None else {"legend": self.legend}),
            **self.settings,
        )
        return AnimatedFigure(self.still + [trace for trace, _ in self.moving], layout, self._frames())

    def _frames(self) -> list[Trace]:
        for trace, moves in self.moving:
            if len(moves) != len(self.times):
                raise ValueError(f"{trace['name']} has {len(moves)} moves; there are {len(self.times)} times")
        moved = list(range(len(self.still), len(self.still) + len(self.moving)))
        return [
            {"name": str(k), "data": [moves[k] for _, moves in self.moving], "traces": moved}
            for k in range(len(self.times))
        ]
