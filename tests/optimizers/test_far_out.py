"""A search that begins where the gradient is huge comes back from its first trial."""

import numpy as np
import pytest

from landscape.descent.descend import descend
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES


@pytest.mark.parametrize("key", ["gradient_descent_wolfe", "conjugate_gradient", "hestenes_stiefel", "bfgs", "lbfgs"])
@pytest.mark.parametrize(("surface", "start"), [("goldstein_price", (30.0, 30.0)), ("beale", (50.0, 50.0))])
def test_the_first_search_does_not_give_up(key: str, surface: str, start: tuple[float, float]) -> None:
    run = descend(SURFACES[surface], OPTIMIZERS[key](), np.array(start), 30)
    assert not np.array_equal(run.x[1], run.x[0])
    assert run.value[-1] < 1e-6 * run.value[0]
