"""Meta: what a stage tells its player, as `layout.meta` of the Plotly figure.

The one description of these names: `player.js` and `paint.js` repeat them as types, and a test compares the three.
"""

from typing import TypedDict


class Trail(TypedDict):
    """A trace that is drawn only as far as its run has come: its place in the figure, and the run's in `schedule`."""

    trace: int
    run: int


class Film(TypedDict):
    """A heat map: a byte a cell, row by row from the bottom, an index into colors.

    grain   with 2 and more each cell is drawn as grain x grain, smoothly
    bytes   base64 of zlib of all frames, each but the first as differences from the one before, modulo 256 (`filmed`)
    """

    trace: int
    colors: list[str]
    grain: int
    bytes: str


class Strokes(TypedDict):
    """A line with gaps: a byte a segment, an index into colors and widths; bytes as in a film."""

    trace: int
    colors: list[str]
    widths: list[float]
    bytes: str


class Words(TypedDict):
    """Text marks: for each point (frame, text) pairs, said from that frame on."""

    trace: int
    texts: list[list[list[int | str]]]


class Paint(TypedDict, total=False):
    """What changes its colours or words from frame to frame."""

    films: list[Film]
    strokes: list[Strokes]
    words: list[Words]


class Meta(TypedDict, total=False):
    """A stage that stands still has at most `clicks`; one that moves has all, but for what it may leave out:

    trails     which traces are paths, and whose
    schedule   (runs, frames) the point of its path that a run has reached
    times      (frames,) what the play head slides over, rising: what a link says of it
    unit       what times count
    rate       frames a second at 1x
    redraw     whether a frame needs a whole redraw, as 3-D does
    labels     (frames,) what the clock shows where a number and its unit do not say it; may be left out
    captions   (frames,) a line of text under the controls; may be left out
    clicks     the panels, by their x axis, on which a click counts; the first alone if left out
    paint      may be left out
    """

    trails: list[Trail]
    schedule: list[list[int]]
    times: list[int] | list[float]
    unit: str
    rate: float
    redraw: bool
    labels: list[str]
    captions: list[str]
    clicks: list[str]
    paint: Paint
