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

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from string import Formatter
from typing import Any

import numpy as np

from landscape.descent.descend import watched
from landscape.figures.kit.animated import AnimatedFigure, significant
from landscape.figures.kit.axes import as_far, heading, panel_axes
from landscape.figures.kit.keys import keyed
from landscape.figures.kit.layouts import Span
from landscape.figures.kit.meta import Curve, Live, Meta, Paint, Pointing, Stroke, Trail, as_numbers, rows_of
from landscape.figures.kit.style import Theme
from landscape.figures.kit.traces import Moving, Trace, readably
from landscape.formulas.record import write_down
from landscape.numbers import readable

MAX_FRAMES = 240
SPEED = 36  # frames a second at 1x, the most that is drawn
SLOWEST = 2.5  # so that a run of a few steps can be followed


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
    corner = {"xanchor": "left", "yanchor": "bottom"} if inside else {"xanchor": "right", "yanchor": "top"}
    return {"type": "buttons", "buttons": [play], "x": 0, "y": 0, **corner, "pad": {"r": 4}}


@dataclass
class Stage:
    """What a view draws.

    height     in pixels
    revision   names what is seen: a viewer's zoom and camera outlive all changes but one of this
    alt        the stage in whole sentences, for those who do not see it
    margin     left, top, right and bottom of the panels, in pixels; fixed: no legend or colour bar makes it larger
    legend     where it stands; nowhere if left out
    columns    whether it has two columns
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
    columns: bool = False
    clicks: Sequence[str] | None = None
    first: float | None = None
    inside: bool = False
    fixed: bool = False
    settings: Trace = field(default_factory=dict)
    axes: Trace = field(default_factory=dict)
    annotations: list[Trace] = field(default_factory=list)
    still: list[Trace] = field(default_factory=list)
    moving: list[Moving] = field(default_factory=list)
    trails: list[Trail] = field(default_factory=list)
    ridden: list[tuple[Moving, list[int]]] = field(default_factory=list)
    paint: Paint = field(default_factory=Paint)
    live: Live = field(default_factory=Live)
    pointing: Pointing | None = None
    clock: Meta = field(default_factory=Meta)

    def panel(self, panel: str, place: Span, x: Trace, y: Trace, text: str = "", *, raised: int = 0) -> None:
        """A panel's axes, each with settings of its own, and its heading, raised as in `heading`."""
        self.axes |= panel_axes(panel, place, self.theme, x, y)
        if text:
            self.head(text, place, raised)

    def head(self, text: str, place: Span, raised: int = 0) -> None:
        """A heading above a panel."""
        self.annotations.append(heading(text, place, raised))

    def draw(self, *traces: Trace) -> None:
        """Traces that stand still."""
        self.still += traces

    def trail(self, trace: Trace, run: int = 0) -> int:
        """A line of which the player shows the points that its run has reached; its place among the trails."""
        self.trails.append({"trace": len(self.still), "run": run})
        # A simplified line has fewer vertices than the run has steps, and could not be trimmed to a step.
        self.draw({**trace, "line": {**trace["line"], "simplify": False}})
        return len(self.trails) - 1

    def ride(self, part: Moving, trails: list[int]) -> None:
        """Marks that ride at the ends of trails, one each: the player finds them there, so they are not sent."""
        self.ridden.append((part, trails))

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

    def hold(
        self, name: str, at: float, span: Sequence[float], *, scale: str = "linear", label: str = "", color: str = ""
    ) -> None:
        """A number that a hand can hold, `name` in links, within a span: on a panel, see `grip`, or by its handle.

        scale, label, color   of the handle beside the play bar, which a number with a label has
        """
        values = self.live.setdefault("values", {})
        self.live.setdefault("grips", [])
        low, high = map(float, span)
        values[name] = {"at": float(at), "low": low, "high": high, "scale": scale, "label": label, "color": color}

    def grip(
        self,
        panel: str,
        across: str = "",
        up: str = "",
        mark: int = -1,
        *,
        off: Sequence[float] = (0.0, 0.0),
        point: bool = False,
    ) -> None:
        """A panel on which a hand holds values, or with CLOCK the play head.

        mark    the trace of the mark that stands there, by its place; off: how far it stands from the values
        point   whether pointing holds them too, until the pointer leaves
        """
        self.live.setdefault("values", {})
        grips = self.live.setdefault("grips", [])
        grips.append({"panel": f"x{panel}", "across": across, "up": up, "mark": mark, "off": [*off], "point": point})

    def drawn(
        self,
        panel: str,
        up: Sequence[str],
        *,
        across: Sequence[str] = (),
        at: Sequence[float] = (),
        chosen: str = "",
    ) -> None:
        """A panel on which a hand draws a line, whose points are values that can be held; names as in Stroke."""
        self.grip(panel)
        stroke: Stroke = {"across": [*across], "up": [*up], "at": [float(x) for x in at], "chosen": chosen}
        self.live["grips"][-1]["stroke"] = stroke

    def carry(self, trace: int, across: str, up: str) -> None:
        """A map, by its place, that goes along with two values."""
        self.live.setdefault("grounds", []).append({"trace": trace, "across": across, "up": up})

    def way(
        self,
        reads: Sequence[str],
        start: Callable[..., Sequence[Any]],
        step: Callable[..., Sequence[Any]],
        lanes: Any,
        rounds: int,
        *,
        names: Sequence[str] = (),
        fresh: bool = False,
    ) -> int:
        """Numbers found by steps, lane by lane; names as in Way, functions recorded. The way's place for `follow`."""
        rows = rows_of(lanes)
        labels = [*reads, *(f"t{i}" for i in range(rows.shape[1]))]
        first = write_down(start, labels)
        ways = self.live.setdefault("ways", [])
        ways.append(
            {
                "names": list(names),
                "start": first.as_json(),
                "step": write_down(step, [*labels, *(f"n{i}" for i in range(len(first.outputs)))]).as_json(),
                "reads": list(reads),
                "lanes": as_numbers(rows),
                "rounds": rounds,
                "fresh": fresh,
            }
        )
        return len(ways) - 1

    def follow(
        self,
        trace: int,
        reads: Sequence[str],
        function: Callable[..., Sequence[Any]],
        lanes: Any = None,
        *,
        along: int | None = None,
        run: int | None = None,
    ) -> None:
        """A line or marks, by their place, that follow what is held: function(*reads, *lane) -> (x, y), lane by lane.

        lanes   numbers (points,) or rows (points, k); NaN makes a gap
        along   the way, by its place, whose lanes and numbers are the lanes
        run     the descent, by its place, whose lanes are (step, x, y, x before, y before)

        The function is recorded, see `write_down`. The drawn trace is what it gives for the values as they are.
        """
        if along is not None:
            way = self.live["ways"][along]
            rows = np.empty((0, len(way["lanes"][0]) + len(way["start"]["outputs"])))
        else:
            rows = rows_of(lanes) if run is None else np.empty((0, 5))
        program = write_down(function, [*reads, *(f"t{i}" for i in range(rows.shape[1]))]).as_json()
        curve: Curve = {"trace": trace, "program": program, "reads": list(reads), "lanes": as_numbers(rows)}
        if along is not None:
            curve["along"] = along
        if run is not None:
            curve["run"] = run
        self.live.setdefault("curves", []).append(curve)

    def count(self, trace: int, reads: Sequence[str], function: Callable[..., Sequence[Any]], lead: str = "") -> None:
        """Words, by their place, that are numbers and follow: function(*reads), recorded, has one for each point.

        lead   what stands before each
        """
        program = write_down(function, list(reads)).as_json()
        told = self.live.setdefault("numerals", [])
        told.append({"trace": trace, "program": program, "reads": list(reads), "lead": lead})

    def tell(self, reads: Sequence[str], function: Callable[..., Mapping[str, Any]], text: str) -> None:
        """One sentence that follows: "The slope is {slope}.", with the numbers that function(*reads), recorded, names.

        ValueError for a name that the function does not give.
        """
        places: dict[str, int] = {}

        def numbers(*values: Any) -> list[Any]:
            found = function(*values)
            places.update(zip(found, range(len(found)), strict=True))
            return list(found.values())

        program = write_down(numbers, list(reads)).as_json()
        parts: list[str | int] = []
        for before, name, *_ in Formatter().parse(text):
            if name is not None and name not in places:
                raise ValueError(f"text has {{{name}}}; allowed are {', '.join(places)}")
            parts += [part for part in (before, places.get(name or "")) if part not in ("", None)]
        self.live["sentence"] = {"program": program, "reads": list(reads), "parts": parts}

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
            self.clock["labels"] = [readable(label) for label in labels]
        if captions is not None:
            self.clock["captions"] = [readable(caption) for caption in captions]
        for name, each in (("labels", labels), ("captions", captions), *(("schedule", row) for row in reached)):
            if each is not None and len(each) != len(shown):
                raise ValueError(f"{name} has {len(each)} frames; there are {len(shown)} times")

    def taller(self, times: float) -> "Stage":
        """The same stage, so many times as high: its panels grow with it, and its key stays as far from them."""
        height, outside = round(times * self.height), self.margin[1] + self.margin[3]
        share = (self.height - outside) / (height - outside)
        return replace(self, height=height, legend=self.legend and as_far(self.legend, share))

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
            told |= {"trails": self.trails, **self.clock}
        if self.ridden:
            first = len(self.still) + len(self.moving)
            told["rides"] = [{"trace": first + i, "trails": trails} for i, (_, trails) in enumerate(self.ridden)]
        if self.paint:
            told["paint"] = self.paint
        if self.live:
            told["live"] = self.live
        if self.pointing:
            told["pointing"] = self.pointing
        return told

    @property
    def figure(self) -> AnimatedFigure:
        """The figure as it plays wherever Plotly does. ValueError for a moving part without a move for every frame."""
        return self._figure(self.moving + [part for part, _ in self.ridden])

    @property
    def sent(self) -> AnimatedFigure:
        """The figure as it goes to a player, who knows where the marks that ride are: its frames are without them."""
        return self._figure(self.moving)

    def _figure(self, moving: list[Moving]) -> AnimatedFigure:
        left, top, right, bottom = self.margin
        movers = self.moving + [part for part, _ in self.ridden]
        drawn = [readably(trace) for trace in self.still + [trace for trace, _ in movers]]
        traces, legends = keyed(drawn, self.legend, self.columns)
        layout = self.theme.layout(
            **self.axes,
            annotations=[readably(note) for note in self.annotations],
            height=self.height,
            margin={"l": left, "t": top, "r": right, "b": bottom, **({"autoexpand": False} if self.fixed else {})},
            uirevision=self.revision,
            updatemenus=[play_button(self.inside)],
            meta=self.meta,
            **legends,
            **self.settings,
        )
        return AnimatedFigure(traces, layout, self._frames(moving))

    def _frames(self, moving: list[Moving]) -> list[Trace]:
        for trace, moves in moving:
            if len(moves) != len(self.times):
                raise ValueError(f"{trace['name']} has {len(moves)} moves; there are {len(self.times)} times")
        if not moving:
            return []
        moved = list(range(len(self.still), len(self.still) + len(moving)))
        return [
            {"name": str(k), "data": [moves[k] for _, moves in moving], "traces": moved} for k in range(len(self.times))
        ]
