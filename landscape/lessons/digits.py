"""A small convolutional network learns to read digits: what it is at every epoch, and what it makes of one digit."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from landscape.datasets import IMAGES, Samples
from landscape.finding import Finding
from landscape.networks import CNN
from landscape.numbers import article, counted, percent, short
from landscape.optimizers import Optimizer

SHARE, BATCH = 0.2, 64
# A chance above is no longer told in digits.
SURE = 0.999


class Learned(NamedTuple):
    """E epochs of training, so far; the first of E + 1 entries is before any.

    network, method   what learns, and how
    held              the fifth of the digits that is held back, N of them
    planned           how many epochs there are to be
    weights           (E + 1, size); where a run leaves the finite world it rests at the last epoch that was sound
    losses            (E + 1, 2), on what is learned from and on what is held back
    right             (E + 1, 2), the shares that are read rightly, likewise
    read              (E + 1, N), what the network takes each held-back digit for
    diverged          the epoch that was not finite, None where all were
    """

    network: CNN
    method: Optimizer
    held: Samples
    planned: int
    weights: np.ndarray
    losses: np.ndarray
    right: np.ndarray
    read: np.ndarray
    diverged: int | None

    @property
    def epochs(self) -> int:
        return len(self.weights) - 1

    @property
    def done(self) -> bool:
        return self.diverged is not None or self.epochs == self.planned

    @property
    def wrong(self) -> np.ndarray:
        """The held-back digits that are misread at the end."""
        return np.flatnonzero(self.read[-1] != self.held.targets)

    def confusion(self) -> np.ndarray:
        """How many of each digit are taken for which, (E + 1, 10, 10): rows are what they are."""
        out = np.zeros((self.epochs + 1, 10, 10), dtype=int)
        for epoch, said in enumerate(self.read):
            np.add.at(out[epoch], (self.held.targets, said), 1)
        return out


class Looked(NamedTuple):
    """What the network makes of one picture, epoch by epoch: of a held-back digit, or of a drawing.

    image      (8, 8)
    digit      its place among the held, None for a drawing
    targets    (E + 1,), what it is; what a drawing is taken for, since nobody says what it is
    maps       (E + 1, channels, rows, columns), after the activation
    deltas     likewise, the derivatives in them of its own loss L, -log(chance of its target)
    gradients  (E + 1, channels, 3, 3), those in the kernels
    saliency   (E + 1, 8, 8), |dL/dpixel|
    chances    (E + 1, 10)
    """

    learned: Learned
    image: np.ndarray
    digit: int | None
    targets: np.ndarray
    maps: np.ndarray
    deltas: np.ndarray
    gradients: np.ndarray
    saliency: np.ndarray
    chances: np.ndarray

    @property
    def kernels(self) -> np.ndarray:
        """(E + 1, channels, 3, 3)."""
        return self.learned.network.unpack(self.learned.weights)["0.weight"][:, :, 0]


class Epoch(NamedTuple):
    """What Learned has of one epoch."""

    weights: np.ndarray
    losses: np.ndarray
    right: np.ndarray
    read: np.ndarray


def learn(method: Optimizer, channels: int, epochs: int, seed: int) -> Iterator[Learned]:
    """Training in mini-batches of BATCH, again and again with one epoch more.

    The seed decides what is held back, how it begins and what is drawn.
    """
    rng = np.random.default_rng(seed)
    train, held = IMAGES["digits"].samples.split(SHARE, rng)
    net = CNN((8, 8), (channels,))
    whole, objective = (net.objective(train.inputs, train.targets, batch) for batch in (None, BATCH))
    others, w = net.objective(held.inputs, held.targets), net.init(rng)
    state, kept = method.init(w), list[Epoch]()

    def judged() -> Epoch:
        said = [net.forward(w, some.inputs).argmax(axis=-1) for some in (train, held)]
        right = [np.mean(each == some.targets) for each, some in zip(said, (train, held), strict=True)]
        losses = np.array([whole.value(w), others.value(w)])
        return Epoch(w, losses, np.array(right), said[1])

    def so_far(diverged: int | None) -> Learned:
        weights, losses, right, read = (np.stack(each) for each in zip(*kept, strict=True))
        return Learned(net, method, held, epochs, weights, losses, right, read, diverged)

    for epoch in range(epochs + 1):
        with np.errstate(all="ignore"):
            for _ in range(len(train) // BATCH if epoch else 0):
                w, state = method.step(objective.draw(rng), w, state)
            if not np.isfinite(w).all() or not np.isfinite(whole.value(w)):
                yield so_far(epoch)
                return
            kept.append(judged())
        yield so_far(None)


def learnt(method: Optimizer, channels: int, epochs: int, seed: int) -> Learned:
    """The training to its end."""
    return [*learn(method, channels, epochs, seed)][-1]


def look(learned: Learned, digit: int) -> Looked:
    """ValueError for a digit that is not among those held back."""
    if not 0 <= digit < len(learned.held):
        raise ValueError(f"digit is {digit}; allowed is 0 to {len(learned.held) - 1}")
    targets = np.full(learned.epochs + 1, learned.held.targets[digit])
    return _looked(learned, learned.held.inputs[digit, 0], digit, targets)


def read(learned: Learned, image: np.ndarray) -> Looked:
    """What the network makes of a drawing, (8, 8), ink from 0 to 1."""
    outputs = learned.network.forward(learned.weights, image[None, None])[:, 0]
    return _looked(learned, image, None, outputs.argmax(axis=-1))


def _looked(learned: Learned, image: np.ndarray, digit: int | None, targets: np.ndarray) -> Looked:
    epochs, parts = [np.flatnonzero(targets == target) for target in np.unique(targets)], []
    for alike in epochs:
        trace = learned.network.trace(learned.weights[alike], image[None, None], targets[alike[:1]])
        gradients, saliency = trace.gradients["0.weight"][:, :, 0], np.abs(trace.deltas["input"][:, 0, 0])
        parts.append((trace.values["1"][:, 0], trace.deltas["1"][:, 0], gradients, saliency, trace.outputs[:, 0]))
    order = np.argsort(np.concatenate(epochs))
    maps, deltas, gradients, saliency, z = (np.concatenate(each)[order] for each in zip(*parts, strict=True))
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    chances = e / e.sum(axis=-1, keepdims=True)
    return Looked(learned, image, digit, targets, maps, deltas, gradients, saliency, chances)


def findings(seen: Looked) -> list[Finding]:
    """What it takes a drawing for, how many are read rightly, what is confused most, and what the network looks at."""
    learned = seen.learned
    return [*_drawn(seen), _right(learned), *_confused(learned), *_pixel(seen)]


def _drawn(seen: Looked) -> list[Finding]:
    if seen.digit is not None:
        return []
    chances = seen.chances[-1]
    second, first = (int(k) for k in np.argsort(chances, kind="stable")[-2:])
    numbers = {"read": first, "chance": float(chances[first]), "second": second, "other": float(chances[second])}
    sure = f"and is almost sure. Next is {second}."
    unsure = f"with a chance of {percent(chances[first])}. Next is {second}, with {percent(chances[second])}."
    text = f"It takes the drawing for {article(str(first))} **{first}**, {sure if chances[first] > SURE else unsure}"
    if not seen.image.any():
        text = f"The sheet is empty, and it still says **{first}**, since it must choose one of ten."
    return [Finding("digits.drawn", numbers, text)]


def _right(learned: Learned) -> Finding:
    share, count = float(learned.right[-1, 1]), len(learned.held)
    numbers = {"epochs": learned.epochs, "share": share, "count": count, "loss": float(learned.losses[-1, 1])}
    text = (
        f"After {counted(learned.epochs, 'epoch')} it reads **{percent(share)}** of the {count} digits held back "
        f"correctly. Their loss is {short(learned.losses[-1, 1])}."
    )
    return Finding("digits.right", numbers, text)


def _confused(learned: Learned) -> list[Finding]:
    last = learned.confusion()[-1]
    np.fill_diagonal(last, 0)
    if not last.any():
        return []
    digit, taken = (int(k) for k in np.unravel_index(last.argmax(), last.shape))
    times = int(last[digit, taken])
    most = "Its most frequent mistake" if (last == times).sum() == 1 else "One of its most frequent mistakes"
    text = f"{most}: {digit} is taken for {taken}, {counted(times, 'time')}."
    return [Finding("digits.confused", {"digit": digit, "taken": taken, "times": times}, text)]


def _pixel(seen: Looked) -> list[Finding]:
    saliency = seen.saliency[-1]
    if not saliency.any():
        return []
    row, column = (int(k) for k in np.unravel_index(saliency.argmax(), saliency.shape))
    numbers = {"row": row + 1, "column": column + 1, "slope": float(saliency[row, column])}
    what = "Its answer to the drawing" if seen.digit is None else "This digit's loss"
    text = f"{what} depends most on row {row + 1}, column {column + 1}: |dL/dpixel| is {short(saliency.max())}."
    return [Finding("digits.pixel", numbers, text)]
