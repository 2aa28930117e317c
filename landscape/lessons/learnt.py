"""Kernels that a small network learnt from the digits."""

from functools import cache

import numpy as np

from landscape.datasets import IMAGES
from landscape.networks import CNN
from landscape.optimizers.adam import Adam

STEPS, BATCH, RATE = 300, 64, 0.01


@cache
def learnt_kernels() -> np.ndarray:
    """The kernels of CNN() after 300 steps of Adam on the digits, (4, 3, 3), read-only; made once, in half a second."""
    digits, net = IMAGES["digits"].samples, CNN()
    rng = np.random.default_rng(0)
    objective, w = net.objective(digits.inputs, digits.targets, BATCH), net.init(rng)
    method = Adam(lr=RATE)
    state = method.init(w)
    for _ in range(STEPS):
        w, state = method.step(objective.draw(rng), w, state)
    kernels = net.unpack(w)["0.weight"][:, 0].round(3)
    kernels.setflags(write=False)
    return kernels
