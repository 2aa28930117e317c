"""What an optimizer is: a frozen dataclass of knobs with a pure `init` and a pure `step`, registered under a key."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from landscape.knob import check_knobs
from landscape.objective import Objective
from landscape.registry import registrar

OPTIMIZERS: dict[str, type["Optimizer"]] = {}


@dataclass(frozen=True)
class Optimizer(ABC):
    """An iterative method for minimising an Objective.

    init(x) -> state                          a NamedTuple, an array, or None for a method without memory
    step(objective, x, state) -> (x, state)   pure: mutates neither x nor state

    Both broadcast over leading axes of x, shape (..., n), and treat every start on its own. A hyper-parameter may be
    an array that broadcasts against x, shape (..., 1), so that a sweep over rates is one batched run. Every class says
    in `family`, `title`, `rule` (LaTeX of the update) and `note` (what it is good for showing) what a menu needs.

    applies_to(objective)   whether the method can run on it; if not, "{title} needs {needs}" is the reason to show
    retries(state)          where the last step was tried and refused, and the next try will differ, shape (...) or
                            False: an iterate that rests for that reason has not stalled
    """

    key: ClassVar[str]
    title: ClassVar[str]
    family: ClassVar[str]
    rule: ClassVar[str]
    note: ClassVar[str]
    # False where the rate's natural value is part of the method, as Newton's 1 is.
    tunable: ClassVar[bool] = True
    needs: ClassVar[str] = ""

    def __post_init__(self) -> None:
        check_knobs(self)

    @abstractmethod
    def init(self, x: np.ndarray) -> Any: ...

    @abstractmethod
    def step(self, objective: Objective, x: np.ndarray, state: Any) -> tuple[np.ndarray, Any]: ...

    @classmethod
    def applies_to(cls, objective: Objective) -> bool:
        del objective
        return True

    def retries(self, state: Any) -> bool | np.ndarray:
        del state
        return False

    def with_rate(self, lr: float | np.ndarray) -> Self:
        """This method with another rate, one number or an array (..., 1), even out of its knob's range."""
        # Not `replace`, which checks every knob: a schedule asks for this at every step of a run.
        other = object.__new__(type(self))
        vars(other).update(vars(self), lr=lr)
        return other

    def scaled(self, factor: float) -> Self:
        """This method with its rate times a schedule's factor; itself where it has none."""
        return self.with_rate(self.lr * factor) if factor != 1 and hasattr(self, "lr") else self


# Class decorator: enters a class in OPTIMIZERS. Menus, sliders, URLs and tests follow from that.
register = registrar(OPTIMIZERS)
