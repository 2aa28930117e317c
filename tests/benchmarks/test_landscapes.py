"""How long a landscape's points take after a knob has been turned: `pytest tests/benchmarks --benchmark-enable`.

Wanted of a network with two weights: its minima and stationary points in 0.15 s, and in 1 s on the most samples.
"""

from itertools import count

import numpy as np
import pytest

from landscape.landscapes import LANDSCAPES
from landscape.networks import PlanarProblem
from landscape.surfaces import SURFACES
from landscape.theory.stationary import StationaryPoints, stationary_points

NETWORKS = [key for key, landscape in LANDSCAPES.items() if isinstance(landscape, PlanarProblem)]


def points(landscape: PlanarProblem) -> StationaryPoints:
    """What a page asks of a map, its minima among them."""
    return stationary_points(landscape, landscape.domain)


@pytest.mark.parametrize("samples", ["default", "high"])
@pytest.mark.parametrize("key", NETWORKS)
def test_a_networks_knob_step(benchmark, key, samples):
    network, seeds = LANDSCAPES[key], count(1)
    size = getattr(network.knobs["size"], samples)
    found = benchmark.pedantic(points, setup=lambda: ((network.with_(seed=next(seeds), size=size),), {}), rounds=5)
    assert np.isfinite(found.value).all()


def test_all_surfaces(benchmark):
    # A map is searched once and kept: a domain that is a hair wider each time is a new one.
    rounds = count(1)

    def wider():
        shift = 1e-9 * next(rounds)
        return ([(s, tuple((low - shift, high + shift) for low, high in s.domain)) for s in SURFACES.values()],), {}

    found = benchmark.pedantic(lambda maps: [stationary_points(*each) for each in maps], setup=wider, rounds=5)
    assert sum(map(len, found)) > 1500
