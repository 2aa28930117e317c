"""What every unit of a network answers to every input, for many weight vectors at once: the pictures of a training."""

import numpy as np

from landscape.networks.network import Network
from landscape.networks.passes import blocks, forward, parameters


def columns(network: Network) -> list[str]:
    """The layers a drawing shows, as in Trace.values: the input, and the last layer before each set of weights."""
    weighted = [k for k, layer in enumerate(network.layers) if layer.parameters]
    return ["input", *(str(k - 1) for k in weighted[1:]), str(len(network.layers) - 1)]


def responses(network: Network, w: np.ndarray, inputs: np.ndarray) -> list[np.ndarray]:
    """What comes out of each of `columns` for weights (K, size) and inputs (N, *input_shape): (K, units, N) each.

    The first, the inputs themselves, is (1, units, N).
    """
    w, a = network.checked(w), network.arranged(inputs)
    shown = [0 if name == "input" else int(name) + 1 for name in columns(network)]
    out: list[list[np.ndarray]] = [[] for _ in shown]
    with np.errstate(all="ignore"):
        for block in blocks(network.layers, a, len(w)):
            values = forward(network.layers, parameters(network.slots, w[block]), a)
            for kept, k in zip(out, shown, strict=True):
                kept.append(values[k])
    return [out[0][0], *(np.concatenate(kept) for kept in out[1:])]
