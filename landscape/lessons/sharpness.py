"""Sharpness: the curvatures that one run of a training meets, and the one above which its method is unstable."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from landscape.lessons.training import Training
from landscape.networks.spectrum import Spectrum, stability_edge


@dataclass(frozen=True)
class Sharpness:
    """The spectrum of the Hessian along the run of one method.

    key    of the method
    full   whether every step sees all samples: with mini-batches the edge is another
    """

    training: Training
    key: str
    spectrum: Spectrum
    full: bool

    @cached_property
    def edge(self) -> np.ndarray | None:
        """The curvature above which each step is unstable, (T,), at the rate that its schedule gives it.

        None where the method has no such number; inf where the schedule's rate is 0.
        """
        limit = stability_edge(self.training.optimizers[self.key])
        if limit is None:
            return None
        with np.errstate(divide="ignore"):
            return limit / self.training.rates
