"""Backpropagation through time, cut off after so many steps: the gradient by how far it came back, and its angle."""

from dataclasses import dataclass

import numpy as np

from landscape.networks.layers import Arrays
from landscape.networks.layers.dual import Numbers, affine_back, primal
from landscape.networks.passes import backward, flattened, forward, parameters
from landscape.networks.rnn import RNN
from landscape.objective import Wrapped


def gradient_by_lag(
    network: RNN, w: np.ndarray, inputs: np.ndarray, targets: np.ndarray, window: int | None = None
) -> np.ndarray:
    """The gradient of the loss in parts, (..., T, size): part k has come back exactly k steps from where the error was.

    The first W parts add up to the gradient of truncated backpropagation with a window of W steps, in which every
    error is followed through W steps; all T add up to the gradient. The output's own weights are in part 0.

    w (..., size); inputs and targets as for `network.objective`. With a window there are no more than so many parts;
    ValueError where it is below 1.
    Source: Williams & Peng (1990), "An efficient gradient-based algorithm for on-line training of recurrent network
    trajectories", Neural Computation 2: BPTT(h), with h for W. Libraries often cut the sequence into pieces instead, in
    which errors at the beginning of a piece see less.
    """
    if window is not None and window < 1:
        raise ValueError(f"window is {window}; allowed is 1 and more")
    w, a, t = network.checked(w), network.arranged(inputs), network.encoded(targets)
    network.checked_samples(a, t)
    leading, p = w.shape[:-1], parameters(network.slots, w.reshape(-1, network.size))
    with np.errstate(all="ignore"):
        values = forward(network.layers, p, a)
        delta = network.loss_function.slope(values[-1], t) / t[0].size
        deltas, own = backward(network.layers[1:], p[1:], values[1:], delta, to_inputs=True)
        parts = _back(network, p[0], a, deltas[0], min(window or a.shape[3], a.shape[3]))
    count, batch = len(parts), len(p[0][0])
    rest = flattened(own, (batch,))
    out = np.zeros((batch, count, network.size))
    out[:, :, : network.size - rest.shape[-1]] = np.stack([flattened([part], (batch,)) for part in parts], axis=1)
    out[:, 0, network.size - rest.shape[-1] :] = rest
    return out.reshape(*leading, count, network.size)


def _back(network: RNN, p: Arrays, a: np.ndarray, delta: np.ndarray, window: int) -> list[Arrays]:
    """For each lag below the window the derivatives in the recurrent layer's parameters.

    All steps go back together, a sample each: after k steps what is at h_t comes from the error at t + k.
    """
    layer, (samples, length) = network.recurrence, a.shape[2:]
    seen = layer.unrolled(p, a)

    def together(steps: list[Numbers]) -> list[np.ndarray]:
        return [np.concatenate([primal(part) for part in parts], axis=2) for parts in zip(*steps, strict=True)]

    u, v, states = together(seen.u), together(seen.v), together(seen.states)
    heard = a.swapaxes(2, 3).reshape(1, a.shape[1], -1)
    later = [delta.swapaxes(2, 3).reshape(*delta.shape[:2], -1)]
    later += [np.zeros_like(later[0])] * (layer.rule.states - 1)
    out: list[Arrays] = []
    for lag in range(window):
        left = slice(0, (length - lag) * samples)
        before = [each[..., left] for each in states]
        after = [each[..., samples:][..., left] for each in states]
        pulled = layer.rule.pull([each[..., left] for each in u], [each[..., left] for each in v], before, after, later)
        through_v, through_u = (np.concatenate([primal(e) for e in each], axis=1) for each in (pulled.v, pulled.u))
        (w_hh, b_hh), through = affine_back(layer.from_before, p[1::2], before[0], through_v)
        (w_ih, b_ih), _ = affine_back(layer.from_input, p[0::2], heard[..., left], through_u, inward=False)
        assert through is not None
        out.append([primal(each) for each in (w_ih, w_hh, b_ih, b_hh)])
        # What has come to the state before the first step goes nowhere.
        later = [primal(each)[..., samples:] for each in (through + pulled.states[0], *pulled.states[1:])]
    return out


@dataclass(frozen=True)
class Truncated(Wrapped):
    """A network's loss whose gradient is that of backpropagation through time with a window of so many steps."""

    network: RNN
    inputs: np.ndarray
    targets: np.ndarray
    window: int

    def gradient(self, x: np.ndarray) -> np.ndarray:
        return gradient_by_lag(self.network, x, self.inputs, self.targets, self.window).sum(axis=-2)


def angles(by_lag: np.ndarray) -> np.ndarray:
    """The angle between the gradient truncated to each window 1 ... T and the whole, (..., T), in degrees.

    NaN where one of them is 0, or its length not finite. Half the difference of the unit vectors over half their sum is
    the tangent of half the angle, which loses no digits where the angle is small.
    Source: Kahan (2006), "How futile are mindless assessments of roundoff in floating-point computation?", section 12.
    """
    with np.errstate(all="ignore"):
        cut = np.cumsum(by_lag, axis=-2)
        length = np.linalg.norm(cut, axis=-1, keepdims=True)
        # What is divided by infinity is no unit vector.
        units = np.where(np.isfinite(length), cut / length, np.nan)
        whole = units[..., -1:, :]
        apart, sum_ = (np.linalg.norm(each, axis=-1) for each in (units - whole, units + whole))
        return np.degrees(2 * np.arctan2(apart, sum_))


def continued(network: RNN, w: np.ndarray, inputs: np.ndarray, steps: int) -> np.ndarray:
    """What a network says that hears inputs (N, T, inputs) and then its own outputs: (..., N, steps, outputs).

    The first is what it says after the last input. ValueError unless it has as many outputs as inputs.
    """
    if network.inputs != network.outputs:
        raise ValueError(f"network has {network.inputs} inputs and {network.outputs} outputs; it cannot hear itself")
    w, a = network.checked(w), network.arranged(inputs)
    leading, p = w.shape[:-1], parameters(network.slots, w.reshape(-1, network.size))
    said = []
    with np.errstate(all="ignore"):
        states = network.recurrence.unrolled(p[0], a).states[-1]
        for step in range(steps):
            said.append(network.layers[-1].forward(p[-1], primal(states[0])))
            if step < steps - 1:
                states = network.recurrence.after(p[0], said[-1], states)
    out = np.moveaxis(np.stack(said, axis=-1), 1, -1)
    return out.reshape(*leading, *out.shape[1:])
