"""Central differences agree with what is known, and find a derivative that is wrong."""

import numpy as np
import pytest

from landscape.networks import NETWORKS
from landscape.objective import Wrapped
from landscape.surfaces import SURFACES
from landscape.theory.differences import central_gradient, central_hessian, truth


@pytest.mark.parametrize("key", ["rosenbrock", "himmelblau", "peaks"])
def test_differences_are_the_derivatives(key):
    surface, x = SURFACES[key], np.array([0.4, -0.7])
    np.testing.assert_allclose(central_gradient(surface, x), surface.gradient(x), rtol=1e-8)
    np.testing.assert_allclose(central_hessian(surface, x), surface.hessian(x), rtol=1e-8)


@pytest.mark.parametrize("key", [key for key in NETWORKS if not NETWORKS[key].kink])
def test_networks_pass_the_badge(key):
    badge = truth(NETWORKS[key], np.array(NETWORKS[key].start))
    assert badge.gradient < 1e-7
    assert badge.hessian < 1e-5


class Wrong(Wrapped):
    """One component out by one part in a thousand."""

    def gradient(self, x):
        return super().gradient(x) * [1, 1.001]


def test_a_wrong_gradient_is_found():
    badge = truth(Wrong(SURFACES["himmelblau"]), np.array([0.4, -0.7]))
    assert 1e-4 < badge.gradient < 1e-3
    assert badge.hessian > 1e-4
