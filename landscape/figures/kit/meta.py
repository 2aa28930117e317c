"""Meta: what a stage tells its player, as `layout.meta` of the Plotly figure.

The one description of these names: `player.js`, `paint.js` and `live.js` repeat them as types, and a test compares.
"""

from typing import Any, NotRequired, TypedDict

import numpy as np

# Nothing, in the place of a trace or a frame.
NONE = -1
# The play head: a grip may set it, and what follows may read it, as what the clock shows.
CLOCK = "clock"


class Trail(TypedDict):
    """A trace that is drawn only as far as its run has come: its place in the figure, and the run's in `schedule`."""

    trace: int
    run: int


class Ride(TypedDict):
    """Marks at the ends of trails: their trace, and for each mark its trail's place in `trails`."""

    trace: int
    trails: list[int]


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


class Value(TypedDict):
    """A number that can be held.

    at      as the stage is drawn for it
    scale   "linear" or "log"
    label   what its handle beside the play bar says; empty where a panel is its handle
    color   of its handle
    """

    at: float
    low: float
    high: float
    scale: str
    label: str
    color: str


class Stroke(TypedDict):
    """A line that a hand draws on a panel.

    across  the values that its points have across, by name; none where they stand at fixed places
    up      the values that they have upwards
    at      the fixed places
    chosen  the value that says which point arrow keys move; "" for none
    """

    across: list[str]
    up: list[str]
    at: list[float]
    chosen: str


class Grip(TypedDict):
    """A panel that can be held, by its x axis.

    across  the name of the value that it sets across, "" for none, or CLOCK for the play head; up: likewise
    mark    the trace of the mark that stands there, NONE for none
    off     how far the mark stands from the two values
    point   whether pointing holds it too, until the pointer leaves
    stroke  a line that a hand draws there instead
    """

    panel: str
    across: str
    up: str
    mark: int
    off: list[float]
    point: bool
    stroke: NotRequired[Stroke]


class Descent(TypedDict):
    """A run from a start that is held.

    traces     its path, its heights and its slopes, or its path alone, by their places in the figure
    start      the names of the values that are its start
    knobs      of the recording: for each its number, or the name of the value that it is
    cost       what the clock counts for each of its steps
    recording  as `Recording.as_json` has it; left out where the method cannot be recorded
    """

    traces: list[int]
    start: list[str]
    knobs: dict[str, float | str]
    cost: float
    recording: NotRequired[dict[str, Any]]


class Course(TypedDict):
    """What all descents have in common.

    measure   x -> value, gradient, as `Program.as_json` has it
    factors   (steps,) what a schedule multiplies the rate by; empty for 1
    tilts     (steps * n,) what noise adds to the gradient; empty for none
    lowest    what heights are measured from, None for none
    rounding  how far below it may still count as it
    floor     the least height and slope that are drawn
    """

    measure: dict[str, Any]
    steps: int
    tolerance: float
    factors: list[float]
    tilts: list[float]
    lowest: float | None
    rounding: float
    floor: float


class Way(TypedDict):
    """Numbers that are found by steps, lane by lane.

    names   what they are called by what reads them at the play head, a lane a frame; none where nothing does
    start   (values..., lane...) -> (numbers...), as `Program.as_json` has it
    step    (values..., lane..., numbers...) -> (numbers...), as often as `rounds` says at each lane
    reads   the names of the values that both are told
    fresh   whether each lane begins at its start; else where the one before has ended
    """

    names: list[str]
    start: dict[str, Any]
    step: dict[str, Any]
    reads: list[str]
    lanes: list[list[float | None]]
    rounds: int
    fresh: bool


class Curve(TypedDict):
    """A trace that follows what is held: a point for each of its lanes.

    program  (values..., lane...) -> (x, y), as `Program.as_json` has it
    reads    the names of the values that it is told
    along    the place of a way: its lanes, and the numbers found there, are the curve's lanes
    run      the place of a descent: its steps, from 0, where each came to and where from are the curve's lanes
    """

    trace: int
    program: dict[str, Any]
    reads: list[str]
    lanes: list[list[float | None]]
    along: NotRequired[int]
    run: NotRequired[int]


class Ground(TypedDict):
    """A map that goes along with two values, by as much as they change: a function that is moved as a whole."""

    trace: int
    across: str
    up: str


class Numerals(TypedDict):
    """Words that are numbers, and follow what is held wherever they say something: see Words.

    program  (values...) -> (number of each point...), as `Program.as_json` has it; reads: as of a curve
    lead     what stands before each
    """

    trace: int
    program: dict[str, Any]
    reads: list[str]
    lead: str


class Sentence(TypedDict):
    """What is said under the controls while something is held: texts, and numbers by their place in what comes out.

    program  (values...) -> (numbers...); reads: as of a curve
    """

    program: dict[str, Any]
    reads: list[str]
    parts: list[str | int]


class Grid(TypedDict):
    """A film and its words that follow what is held: a number a cell, row by row from the top, from -most to most.

    film, words  their traces, by their places in the figure; NONE for no words
    levels       how many of the film's colours, the first ones, stand for numbers from -1 to 1
    program      (values..., lane...) -> numbers, as `Program.as_json` has it
    reads        the names of the values that it is told
    lanes        what the program is told besides: numbers, or names of values
    span         what the first and the last of the colours stand for, instead
    each         whether a frame shows its own lane's numbers, or all lanes' together
    """

    film: int
    words: int
    levels: int
    columns: int
    program: dict[str, Any]
    reads: list[str]
    lanes: list[list[float | str]]
    span: NotRequired[list[float]]
    each: bool


class Entries(TypedDict):
    """Values that are the cells of a panel, row by row from the top, and are dragged up and down there."""

    panel: str
    columns: int
    names: list[str]


class Sheet(TypedDict):
    """Values from 0 to 1 that are cells of a panel, row by row from the top, and are drawn on with a pen.

    names  "" for a cell that is none
    erase  whether the pen takes away
    """

    panel: str
    columns: int
    names: list[str]
    erase: bool


class Live(TypedDict, total=False):
    """What can be held, and what the browser then computes itself; `values` and `grips` at least.

    values  by the names that links have for them
    faint   traces that stay where they were, faint, while something is held
    stale   traces that are out of sight while something is held, as nothing in the browser can follow
    """

    values: dict[str, Value]
    grips: list[Grip]
    descents: list[Descent]
    course: Course
    ways: list[Way]
    curves: list[Curve]
    grounds: list[Ground]
    numerals: list[Numerals]
    sentence: Sentence
    faint: list[int]
    stale: list[int]
    grids: list[Grid]
    entries: Entries
    sheet: Sheet


class Cell(TypedDict):
    """What happens when a cell is pointed at.

    text   what is said; empty for the caption of its frame
    frame  what the stage shows meanwhile, NONE for what it shows anyway
    lit    for each of the lights the columns and rows of its cells, flat, as the axes count them
    """

    text: str
    frame: int
    lit: list[list[int]]


class Field(TypedDict):
    """A panel of cells, by its x axis, row by row from the top; title is what the keyboard calls it."""

    title: str
    panel: str
    columns: int
    cells: list[Cell]


class Pointing(TypedDict):
    """Cells that light up what they are linked with.

    lights  traces, lines, that are drawn around the cells that are lit, a panel each
    """

    lights: list[int]
    fields: list[Field]


class Meta(TypedDict, total=False):
    """A stage that stands still has at most `clicks`; one that moves has all, but for what it may leave out:

    trails     which traces are paths, and whose
    rides      which marks ride on them; may be left out
    schedule   (runs, frames) the point of its path that a run has reached
    times      (frames,) what the play head slides over, rising: what a link says of it
    unit       what times count
    rate       frames a second at 1x
    labels     (frames,) what the clock shows where a number and its unit do not say it; may be left out
    captions   (frames,) a line of text under the controls; may be left out
    clicks     the panels, by their x axis, on which a click counts; the first alone if left out
    paint      may be left out
    live       may be left out
    pointing   may be left out
    base       names this figure where more than one is sent to the same place
    """

    trails: list[Trail]
    rides: list[Ride]
    schedule: list[list[int]]
    times: list[int] | list[float]
    unit: str
    rate: float
    labels: list[str]
    captions: list[str]
    clicks: list[str]
    paint: Paint
    live: Live
    pointing: Pointing
    base: str


def rows_of(lanes: Any) -> np.ndarray:
    """Lanes, (points,) or (points, k), as rows."""
    rows = np.asarray(lanes, dtype=float)
    return rows.reshape(len(rows), -1)


def as_numbers(rows: np.ndarray) -> list[list[float | None]]:
    """Rows as JSON has them; what is no number is null."""
    return [[None if np.isnan(t) else t for t in row] for row in rows.tolist()]
