"""How long fate maps and sweeps take: `pytest tests/benchmarks --benchmark-enable`.

Wanted on two cores, for 200 x 200 starts on Himmelblau: Newton x 50 in 60 ms, Adam x 300 in 350 ms.
"""

import numpy as np
import pytest

from landscape.maps.basins import fates
from landscape.maps.sweeps import sweep
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES

HIMMELBLAU = SURFACES["himmelblau"]


@pytest.mark.parametrize(("key", "steps", "hyper"), [("newton", 50, {}), ("adam", 300, {"lr": 0.1})])
def test_fates(benchmark, key, steps, hyper):
    result = benchmark(fates, HIMMELBLAU, OPTIMIZERS[key](**hyper), HIMMELBLAU.domain, 200, steps)
    assert result.attractor.shape == (200, 200)


def test_sweep(benchmark):
    grid = {"lr": np.geomspace(1e-3, 0.5, 60), "momentum": np.linspace(0, 0.99, 60)}
    result = benchmark(sweep, SURFACES["quadratic"], OPTIMIZERS["momentum"], (-4.0, 2.0), 200, grid)
    assert result.value.shape == (60, 60)
