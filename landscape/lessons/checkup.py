"""Checkup: what goes wrong in a training, looked for at some of its steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from landscape.lessons.training import Bout, Training, ailing, bouts
from landscape.networks.health import Ailment


@dataclass(frozen=True)
class Checkup:
    """A training, and what is wrong in it.

    steps     that are looked at, (K,), rising
    ailments  by optimizer key, of its run at each of these steps
    """

    training: Training
    steps: np.ndarray
    ailments: Mapping[str, list[list[Ailment]]]

    @cached_property
    def bouts(self) -> dict[str, list[Bout]]:
        """The same as one entry an ailment and layer, with the first and the last step that had it."""
        return {key: bouts(found[: self._moving(key)], self.steps) for key, found in self.ailments.items()}

    def _moving(self, key: str) -> int:
        """At how many of the steps a run has not diverged yet: from then on it stands still."""
        run = self.training.runs[key]
        return max(1, int((self.steps < run.stop).sum())) if str(run.status) == "diverged" else len(self.steps)


def checkup(training: Training, steps: np.ndarray) -> Checkup:
    """What is wrong in each run at these steps, (K,)."""
    return Checkup(training, steps, {key: ailing(training, key, steps) for key in training.runs})
