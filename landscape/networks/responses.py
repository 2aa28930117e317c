"""What every unit of a network answers to every input, for many weight vectors at once: the pictures of a training."""

import numpy as np

from landscape.networks.network import Network
from landscape.networks.passes import blocks, forward, parameters


def responses(network: Network, w: np.ndarray, inputs: np.ndarray) -> list[np.ndarray]:
    """What the units of each of the network's columns say for weights (K, size) and inputs (N, *input_shape).

    (K, units, N) each; the first, the inputs themselves, is (1, units, N).
    """
    w, a = network.checked(w), network.arranged(inputs)
    shown = [0 if column.values == "input" else int(column.values) + 1 for column in network.columns]
    out: list[list[np.ndarray]] = [[] for _ in shown]
    with np.errstate(all="ignore"):
        for block in blocks(network.layers, a, len(w)):
            values = forward(network.layers, parameters(network.slots, w[block]), a)
            for kept, k in zip(out, shown, strict=True):
                kept.append(values[k])
    return [out[0][0], *(np.concatenate(kept) for kept in out[1:])]
