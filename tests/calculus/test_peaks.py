"""What takes much memory while it is computed is computed in parts: several viewers may ask for it at once."""

import tracemalloc
from collections.abc import Callable

import pytest

from landscape.calculus.curves import CURVES
from landscape.calculus.mini_batches import NOISY, mini_batches
from landscape.calculus.random_points import random_points


@pytest.mark.parametrize(
    "compute",
    [
        lambda: random_points(CURVES["square"], 0.0, 2.0, 3),
        lambda: mini_batches(next(iter(NOISY)), 3, replacement=False),
        lambda: mini_batches(next(iter(NOISY)), 3, replacement=True),
    ],
)
def test_it_takes_little_memory(compute: Callable[[], object]) -> None:
    # What is made once for all is not counted.
    compute()
    tracemalloc.start()
    try:
        compute()
        assert tracemalloc.get_traced_memory()[1] < 30e6
    finally:
        tracemalloc.stop()
