"""What a map shows: a rectangle of the plane, its lowest points, and the Landscape, an Objective that has both."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np

from landscape.knob import Knob
from landscape.objective import Objective

Domain = tuple[tuple[float, float], tuple[float, float]]


def diagonal(domain: Domain) -> float:
    """How far apart the corners of a map are."""
    return float(np.hypot(*np.ptp(np.array(domain), axis=1)))


class Minimum(NamedTuple):
    """A global minimum: where, and how low."""

    point: tuple[float, float]
    value: float


class Landscape(Objective):
    """An Objective of dimension 2 with a map, and with what a page says of it.

    key, title, group   its name in code and links, its name for people, the menu heading it stands under
    domain              ((x_low, x_high), (y_low, y_high)), the part that is drawn
    start               where a first path begins
    source, note        where it comes from; what it is good for showing, in one line
    kink                where it is not smooth and what is answered there; "" where there is no such place
    knobs, settings     its parameters by name; the (name, value) pairs in force, defaults filled in
    axes                what the two variables are called
    symbol, arguments   how the function and what it is a function of are written
    minima              every global minimum in the domain at the settings in force; () if it is lower outside
    proven              whether that is known; else `minima` are the lowest that was found on the map
    lowest_ground       what a map marks as lowest: the minima, or, where a search is all there is, what it has found
    """

    key: str
    title: str
    group: str
    domain: Domain
    start: tuple[float, ...]
    note: str
    kink: str
    settings: tuple[tuple[str, Any], ...]
    proven: bool = True
    axes: tuple[str, str]
    symbol: str
    arguments: str

    if TYPE_CHECKING:
        # Fields of some landscapes and properties of others; at run time a dataclass would take these for defaults.
        @property
        def source(self) -> str: ...

        @property
        def knobs(self) -> Mapping[str, Knob]: ...

    @property
    @abstractmethod
    def minima(self) -> tuple[Minimum, ...]: ...

    @property
    def recordable(self) -> Objective | None:
        """The same function as a method's step can be recorded on it, see `formulas.record`; None where it cannot."""
        return None

    @property
    def drawn(self) -> tuple[str, ...]:
        """The knobs by which a step sees a part drawn at random, as a mini-batch; by default it sees the whole."""
        return ()

    @property
    def lowest_ground(self) -> tuple[Minimum, ...]:
        return self.minima

    @property
    def lowest_called(self) -> str:
        """What its lowest ground is called."""
        return "global minimum" if self.proven else "lowest on this map"

    @property
    def picture(self) -> str:
        """Names what is drawn of it: with another name, a viewer's zoom and camera begin anew."""
        return self.key

    @abstractmethod
    def with_(self, **settings: Any) -> Self:
        """The same landscape with some parameters changed; ValueError for one that is unknown or out of range."""

    @abstractmethod
    def latex(self, part: str = "value") -> str:
        """LaTeX of the "value", the "gradient" or the "hessian"."""
