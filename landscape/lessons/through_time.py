"""A gradient on its way back in time: how much of it is left at every step, for every kind of cell.

A recurrent network hears a sequence and is to say its first number after the last, the task "echo". Its weights are
drawn, uniform within scale / sqrt(hidden) of 0, and nothing is learnt: what is looked at is where training would begin.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from landscape.datasets import SEQUENCES, Samples
from landscape.finding import Finding
from landscape.networks import CELLS, RNN
from landscape.networks.layers.dual import Numbers, primal
from landscape.networks.layers.recurrence import Recurrence
from landscape.networks.layers.recurrence import Unrolled as Pass
from landscape.numbers import counted, short

# Sequences that the means are over.
SAMPLES = 32
# A share of the gradient below which it counts as vanished, and above whose inverse as exploded.
FADED = 1e-3
# A number below this is told as being below it: where cells are saturated, rounding is in its digits.
LEAST = 1e-9
# Which gate keeps the state where it is near 1, by cell: its place among the gates.
KEEPS = {"gru": 1, "lstm": 1}


class Unrolled(NamedTuple):
    """One cell, for T steps and n hidden units; root mean squares are over SAMPLES sequences.

    states      (n, T)   h_1 ... h_T of the first sequence
    gradient    (T,)     |dL/dh_t|, on all ways from h_t to the loss, root mean square
    influence   (T,)     |dz/dx_t| of the output z, root mean square
    largest     (T,)     the largest singular value of dh_T/dh_t for the first sequence; 1 at t = T
    bound       (T,)     the product of the largest singular values of the single steps; None where h is not all of the
                         state, and steps do not multiply
    """

    states: np.ndarray
    gradient: np.ndarray
    influence: np.ndarray
    largest: np.ndarray
    bound: np.ndarray | None

    @property
    def ratio(self) -> float:
        """|dL/dh_1| / |dL/dh_T|; NaN where nothing arrives at h_T."""
        with np.errstate(all="ignore"):
            return float(np.divide(self.gradient[0], self.gradient[-1]))


class Conditions(NamedTuple):
    """length and hidden count steps and units; gate is the bias of the gates that keep the state."""

    length: int
    hidden: int
    scale: float
    gate: float
    seed: int


class Compared(NamedTuple):
    """All kinds of cell under the same conditions, and the one that is looked at."""

    chosen: str
    conditions: Conditions
    cells: Mapping[str, Unrolled]

    @property
    def seen(self) -> Unrolled:
        return self.cells[self.chosen]


def compared(chosen: str, conditions: Conditions) -> Compared:
    """ValueError for a length out of range."""
    return Compared(chosen, conditions, {cell: unrolled(cell, conditions) for cell in CELLS})


def drawn(cell: str, conditions: Conditions) -> tuple[RNN, np.ndarray]:
    """The network and its weights, (size,): the same random numbers for every cell, as far as they go."""
    _, hidden, scale, gate, seed = conditions
    net = RNN(1, hidden, 1, cell)
    w = scale / np.sqrt(hidden) * np.random.default_rng(seed).uniform(-1, 1, net.size)
    w[list(net.biases)] = 0
    weights = {name: array.copy() for name, array in net.unpack(w).items()}
    if cell in KEEPS:
        weights["0.bias_ih_l0"][KEEPS[cell] * hidden : (KEEPS[cell] + 1) * hidden] = gate
    return net, net.pack(weights)


def heard(conditions: Conditions) -> Samples:
    """The sequences of the task."""
    return SEQUENCES["echo"].with_(length=conditions.length, size=SAMPLES, seed=conditions.seed).samples


def unrolled(cell: str, conditions: Conditions) -> Unrolled:
    (net, w), echo = drawn(cell, conditions), heard(conditions)
    layer, p = net.recurrence, [array[None] for array in list(net.unpack(w).values())[:4]]
    with np.errstate(all="ignore"):
        trace = net.trace(w, echo.inputs, echo.targets)
        a, delta = net.arranged(echo.inputs), np.moveaxis(trace.deltas["0"], -1, 0)[None]
        # Of each sequence's own loss, not of its share in the mean.
        back = _together(layer.back_in_time(p, a, SAMPLES * delta).states)
        says = np.zeros_like(delta)
        says[..., -1] = net.unpack(w)["2.weight"].T[None]
        inputs = layer.back_in_time(p, a, says).inputs
        assert isinstance(inputs, np.ndarray)
        largest, bound = _singular(net, p, a[:, :, :1], conditions.length)
        gradient = np.sqrt(back.shape[1]) * _mean_size(np.moveaxis(back, 0, -1).reshape(-1, len(back)))
        influence = _mean_size(inputs[0, 0])
    return Unrolled(trace.values["0"][0].T, gradient, influence, largest, bound)


def _mean_size(values: np.ndarray) -> np.ndarray:
    """Root mean squares, (k, T) -> (T,); no square overflows or is lost."""
    most = np.abs(values).max(axis=0)
    most = np.where(most > 0, most, 1.0)
    return np.asarray(most * np.sqrt(np.mean((values / most) ** 2, axis=0)))


def _singular(net: RNN, p: list[np.ndarray], a: np.ndarray, length: int) -> tuple[np.ndarray, np.ndarray | None]:
    """Largest singular values of dh_T/dh_t, (T,), and the product of those of the single steps from t to T."""
    layer, n = net.recurrence, net.hidden
    # A copy of the sequence for each row of the Jacobian, with a gradient of 1 at that unit of h_T.
    delta = np.zeros((1, n, n, length))
    delta[0, :, :, -1] = np.eye(n)
    states = layer.back_in_time(p, np.repeat(a, n, axis=2), delta, inward=False).states
    largest = _norms(_together(states))
    if layer.rule.states > 1:
        return largest, None
    single = _norms(_steps(layer, p, layer.unrolled(p, a)))
    return largest, np.append(np.cumprod(single[::-1])[::-1], 1.0)


def _steps(layer: Recurrence, p: list[np.ndarray], seen: Pass) -> np.ndarray:
    """The Jacobians dh_{t+1}/dh_t of the single steps, transposed, (T - 1, n, n), for a cell with one state."""
    n, count = layer.hidden, len(seen.u) - 1

    def copies(each: list[Numbers]) -> list[np.ndarray]:
        # Every step as a sample, n times: one for each row.
        together = [np.concatenate([primal(part) for part in parts], axis=2) for parts in zip(*each, strict=True)]
        return [np.repeat(array, n, axis=2) for array in together]

    u, v = copies(seen.u[1:]), copies(seen.v[1:])
    before, after = copies(seen.states[1:-1]), copies(seen.states[2:])
    delta = [np.tile(np.eye(n), count)[None]]
    pulled = layer.rule.pull(u, v, before, after, delta)
    through = p[1][0].T @ np.concatenate([primal(each)[0] for each in pulled.v]) + primal(pulled.states[0])[0]
    return through.reshape(n, count, n).swapaxes(0, 1)


def _together(states: Numbers) -> np.ndarray:
    """(T, hidden, N) of a single weight vector."""
    return np.stack([primal(each)[0] for each in states])


def _norms(matrices: np.ndarray) -> np.ndarray:
    """The largest singular value of each, NaN where it is not finite."""
    out = np.full(len(matrices), np.nan)
    sound = np.isfinite(matrices).all(axis=(1, 2))
    out[sound] = np.linalg.svd(matrices[sound], compute_uv=False)[:, 0]
    return out


def findings(told: Compared) -> list[Finding]:
    """What is left of the gradient, which cell keeps most, the bound, and which input is still heard."""
    return [*_left(told), *_keeper(told), *_bound(told), *_heard(told)]


def _left(told: Compared) -> list[Finding]:
    ratio, steps, title = told.seen.ratio, len(told.seen.gradient) - 1, CELLS[told.chosen].title
    if not np.isfinite(ratio):
        return []
    how = "vanishes" if ratio < FADED else "explodes" if ratio > 1 / FADED else "is carried"
    text = f"{title}: the gradient **{how}**. After {counted(steps, 'step')} back it is {_times(ratio)} what it was."
    return [Finding("unrolled.left", {"cell": told.chosen, "steps": steps, "ratio": ratio}, text)]


def _keeper(told: Compared) -> list[Finding]:
    """The cell whose gradient changes least, in orders of magnitude."""
    away = {key: abs(np.log10(each.ratio)) for key, each in told.cells.items() if 0 < each.ratio < np.inf}
    if not away:
        return []
    key = min(away, key=lambda k: float(away[k]))
    ratio = told.cells[key].ratio
    most = max(each.ratio for each in told.cells.values() if not np.isnan(each.ratio))
    if most < LEAST:
        text = "None of the four cells keeps a billionth of it."
        return [Finding("unrolled.lost", {}, text)]
    text = f"Of the four cells {CELLS[key].title} changes it least: it comes to {_times(ratio)} what it was."
    return [Finding("unrolled.keeper", {"cell": key, "ratio": ratio}, text)]


def _bound(told: Compared) -> list[Finding]:
    seen = told.seen
    if seen.bound is None or not np.isfinite(seen.bound[0]) or not np.isfinite(seen.largest[0]):
        return []
    largest, bound = float(seen.largest[0]), float(seen.bound[0])
    text = (
        f"The whole way back has largest singular value {_told(largest)}. Its bound, the product over single steps, "
        f"is {_told(bound)}."
    )
    return [Finding("unrolled.bound", {"largest": largest, "bound": bound}, text)]


def _heard(told: Compared) -> list[Finding]:
    influence = told.seen.influence
    if not np.isfinite(influence).all() or not influence.any():
        return []
    most = int(influence.argmax())
    first, top = float(influence[0]), float(influence[most])
    text = f"Input {most + 1} of {len(influence)} moves the output most, by {_told(top)}"
    text += f". The first one, which is asked for, moves it by {_told(first)}."
    return [Finding("unrolled.heard", {"input": most + 1, "of": len(influence), "most": top, "first": first}, text)]


def _times(ratio: float) -> str:
    return f"{_told(ratio)} {'times' if ratio > 1 else 'of'}"


def _told(value: float) -> str:
    return short(value) if value >= LEAST else "less than a billionth"
