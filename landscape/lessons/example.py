"""Example: one step of a method on one example, and the weight that is followed through it."""

from typing import NamedTuple

import numpy as np

from landscape.descent.descend import descend
from landscape.lessons.training import Training
from landscape.networks import Network
from landscape.networks.walk import Edge, Walk, edge_name, walk


class Followed(NamedTuple):
    """A walk through a network, and the weight to follow."""

    network: Network
    walk: Walk
    edge: Edge

    @property
    def name(self) -> str:
        return edge_name(self.network, self.edge)


def example_walk(training: Training, key: str, x: np.ndarray, target: float, step: int) -> Walk:
    """A step of a method on one sample, inputs (d,), from where its run was at a step of the training."""
    network, w = training.lesson.network, training.runs[key].x[step]
    alone = network.objective(x[None], np.array([target]))
    after = descend(alone, training.optimizers[key], w, 1).x[1]
    return walk(network, w, x, target, after)
