"""LANDSCAPES: all that a map can show, test surfaces first, then the networks with two weights, the cliff last."""

from landscape.domain import Landscape
from landscape.networks import NETWORKS, PlanarProblem
from landscape.networks.cliff import Cliff
from landscape.surfaces import SURFACES

LANDSCAPES: dict[str, Landscape] = {
    **SURFACES,
    **{key: problem for key, problem in NETWORKS.items() if isinstance(problem, PlanarProblem)},
    Cliff.key: Cliff(),
}
