"""Samples: inputs and targets, and what a network for them needs to know."""

from dataclasses import dataclass, replace

import numpy as np

from landscape.datasets.scaling import standardize


@dataclass(frozen=True, eq=False)
class Samples:
    """N samples of d inputs each; images have inputs (N, channels, rows, columns) and sequences (N, T, d).

    inputs    (N, d)
    targets   (N,)    a class, 0 ... len(classes) - 1, or a number where there are no classes; (N, T) where each step
                      of a sequence has its own
    classes   the classes' names; () for regression
    columns   the inputs' names
    """

    inputs: np.ndarray
    targets: np.ndarray
    classes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ("x₁", "x₂")

    def __len__(self) -> int:
        return len(self.inputs)

    @property
    def loss(self) -> str:
        """The loss that suits them, a key of LOSSES."""
        if not self.classes:
            return "mse"
        return "binary_cross_entropy" if len(self.classes) == 2 else "cross_entropy"

    @property
    def outputs(self) -> int:
        """How many outputs a network with that loss has."""
        return len(self.classes) if len(self.classes) > 2 else 1

    def standardized(self) -> "Samples":
        """The same samples with each input at mean 0 and standard deviation 1, and so each target that is a number; an
        input that is constant becomes 0."""
        targets = self.targets if self.classes else standardize(self.targets[:, None]).X[:, 0]
        return replace(self, inputs=standardize(self.inputs).X, targets=targets)

    def split(self, share: float, rng: np.random.Generator) -> tuple["Samples", "Samples"]:
        """Samples to learn from, and the `share` held back to validate with; both at least one sample, but that a share
        of 0 holds back none."""
        if not 0 <= share < 1:
            raise ValueError(f"share is {share}; allowed is 0 and more, and below 1")
        if share == 0:
            return self, self._chosen(np.arange(0))
        if len(self) < 2:
            raise ValueError(f"there is {len(self)} sample; a split needs at least 2")
        order = rng.permutation(len(self))
        held = min(max(round(share * len(self)), 1), len(self) - 1)
        return self._chosen(order[held:]), self._chosen(order[:held])

    def _chosen(self, index: np.ndarray) -> "Samples":
        return replace(self, inputs=self.inputs[index], targets=self.targets[index])
