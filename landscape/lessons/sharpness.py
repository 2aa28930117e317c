"""Sharpness: the curvatures that one run of a training meets, and the one above which its method is unstable."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from landscape.lessons.training import Training
from landscape.networks.spectrum import Spectrum, stability_edges


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

        None where the method has no such number; inf where no curvature is too much for that rate, as for one of 0.
        """
        return stability_edges(self.training.optimizers[self.key], self.training.rates)
