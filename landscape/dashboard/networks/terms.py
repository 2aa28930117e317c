"""What a training is made of, in NamedTuples of primitives: terms of views and keys of results."""

from typing import NamedTuple

from landscape.dashboard.kit.runs import Pace, Settings
from landscape.datasets.table import AUTOMATIC, Columns


class Data(NamedTuple):
    """A data set, by its key and its settings, or the text of a table of one's own and what is taken from it."""

    key: str
    settings: Settings = ()
    table: str = ""
    columns: Columns = AUTOMATIC


class Net(NamedTuple):
    """Widths of the hidden layers, and a key of ACTIVATIONS."""

    hidden: tuple[int, ...]
    activation: str


class Start(NamedTuple):
    """How weights are drawn: an initialiser, by its key and its settings, and a seed for all that is random."""

    initialiser: str
    settings: Settings
    seed: int


class Pull(NamedTuple):
    """A penalty, by its key and its settings; none for the key ""."""

    penalty: str = ""
    settings: Settings = ()


class LessonTerms(NamedTuple):
    """What a lesson is made of.

    share   of the samples that is held back     batch   samples drawn for a step, 0 for all
    """

    data: Data
    net: Net
    start: Start
    share: float
    batch: int
    pull: Pull


class Plan(NamedTuple):
    """A lesson, and how long and at which pace it is learned."""

    lesson: LessonTerms
    steps: int
    pace: Pace


class Look(NamedTuple):
    """How a training is drawn: a key of THEMES, one of EDGES, whether it is for a phone, and its size in pixels."""

    theme: str
    lines: str
    narrow: bool
    size: tuple[int, int]
