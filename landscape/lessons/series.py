"""A small recurrent network learns the sunspots, with errors followed back all the way, or through a window only."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from landscape.datasets.sequences import SPOTS, sunspots
from landscape.descent.descend import watched
from landscape.finding import Finding
from landscape.networks import RNN
from landscape.networks.truncated import Truncated, angles, continued, gradient_by_lag
from landscape.numbers import apart, counted, short
from landscape.optimizers.adam import Adam

# The last year that is learned from, as in Weigend, Huberman & Rumelhart (1990), "Predicting the future: a
# connectionist approach", International Journal of Neural Systems 1.
LAST = 1920
# The longest window: as many steps as lie between the first year and the last that is learned from.
WINDOW = LAST - 1700
FRAMES = 25
# A gradient that is turned by less, in degrees, counts as near the whole one.
NEAR = 10.0


class Plan(NamedTuple):
    """A network, a rate for Adam, how many steps, and how many years an error is followed back."""

    cell: str
    hidden: int
    rate: float
    steps: int
    window: int
    seed: int


class Followed(NamedTuple):
    """A training so far, at F of its steps, and beside it the same training with the whole gradient.

    network      what learns, every year of 1700 ... 2007 heard and the next one said
    years        (308,) 1701 ... 2008, which are predicted; spots (308,), what they had
    steps        (F,) after how many steps each frame is
    weights      (F, size), of the run with the window
    missed       (F, 2, 2) root mean square errors in spots: with the window and without one, on the years that are
                 learned from and on those held back
    ahead        (F, 308) what it says one year ahead
    free         (F, 88) what it says from 1921 on if it hears itself
    turned       (F, WINDOW) the angle between its gradient cut to a window and the whole, in degrees, by window
    diverged     the step after which a run, its weights or its loss, was not finite, None where both were; what is kept
                 is from before
    broken       (2,) which run it was: with the window, without one
    """

    plan: Plan
    network: RNN
    years: np.ndarray
    spots: np.ndarray
    steps: np.ndarray
    weights: np.ndarray
    missed: np.ndarray
    ahead: np.ndarray
    free: np.ndarray
    turned: np.ndarray
    diverged: int | None
    broken: np.ndarray

    @property
    def learned(self) -> np.ndarray:
        """Which of the years are learned from, (308,)."""
        return self.years <= LAST

    @property
    def done(self) -> bool:
        return self.diverged is not None or bool(self.steps[-1] == self.plan.steps)


def learn(plan: Plan) -> Iterator[Followed]:
    """A training, again and again with one frame more."""
    years, spots = sunspots()
    net = RNN(1, plan.hidden, 1, plan.cell, every_step=True)
    inputs, targets = spots[None, :-1] / SPOTS, spots[None, 1:] / SPOTS
    heard, asked = inputs[:, :WINDOW], targets[:, :WINDOW]
    whole, method = net.objective(heard, asked), Adam(lr=plan.rate)
    loss = whole if plan.window >= WINDOW else Truncated(whole, net, heard, asked, plan.window)
    objectives = (loss,) if loss is whole else (loss, whole)
    w = [net.init(np.random.default_rng(plan.seed))] * len(objectives)
    states = [method.init(each) for each in w]
    frames: list[Frame] = []
    shown, passed = watched(plan.steps, FRAMES).tolist(), [np.stack([w[0], w[-1]])]
    for step in range(plan.steps + 1):
        if step in shown or not np.isfinite(passed[-1]).all():
            # The first that broke may have done so since the last frame: a loss is not looked at after every step.
            broken = _broken(net, np.stack(passed), spots)
            if step and broken.any():
                first = int(broken.any(axis=-1).argmax())
                at = step - len(passed) + 1 + first
                yield _followed(plan, net, years[1:], spots[1:], shown, frames, (at, broken[first]))
                return
            frames.append(_frame(net, passed[-1], spots))
            yield _followed(plan, net, years[1:], spots[1:], shown, frames)
            passed.clear()
        with np.errstate(all="ignore"):
            both = [method.step(*each) for each in zip(objectives, w, states, strict=True)]
        w, states = [each for each, _ in both], [state for _, state in both]
        passed.append(np.stack([w[0], w[-1]]))


class Frame(NamedTuple):
    """What Followed has of one step."""

    weights: np.ndarray
    missed: np.ndarray
    ahead: np.ndarray
    free: np.ndarray
    turned: np.ndarray


def _missed(said: np.ndarray, spots: np.ndarray) -> np.ndarray:
    """What is said one year ahead, (..., 308) -> (..., 2): by how much it misses the years learned from, and others."""
    with np.errstate(all="ignore"):
        off = (said - spots[1:]) ** 2
        return np.sqrt(np.stack([off[..., :WINDOW].mean(axis=-1), off[..., WINDOW:].mean(axis=-1)], axis=-1))


def _said(net: RNN, w: np.ndarray, spots: np.ndarray) -> np.ndarray:
    return SPOTS * net.forward(w, spots[None, :-1] / SPOTS)[..., 0, :, 0]


def _broken(net: RNN, w: np.ndarray, spots: np.ndarray) -> np.ndarray:
    """Which of these weights (..., size) are not finite, or have no finite loss."""
    with np.errstate(all="ignore"):
        said = _said(net, w, spots)
    missed = _missed(said, spots)[..., 0]
    return ~(np.isfinite(w).all(axis=-1) & np.isfinite(missed))


def _frame(net: RNN, w: np.ndarray, spots: np.ndarray) -> Frame:
    inputs, targets = spots[None, :-1] / SPOTS, spots[None, 1:] / SPOTS
    with np.errstate(all="ignore"):
        said = _said(net, w, spots)
        # The last year that is learned from is heard too.
        free = SPOTS * continued(net, w[0], inputs[:, : WINDOW + 1], len(spots) - 1 - WINDOW)[0, :, 0]
        turned = angles(gradient_by_lag(net, w[0], inputs[:, :WINDOW], targets[:, :WINDOW]))
    return Frame(w[0], _missed(said, spots), said[0], free, turned)


def _followed(
    plan: Plan,
    net: RNN,
    years: np.ndarray,
    spots: np.ndarray,
    shown: list[int],
    frames: list[Frame],
    off: tuple[int | None, np.ndarray] = (None, np.zeros(2, dtype=bool)),
) -> Followed:
    weights, missed, ahead, free, turned = (np.stack(each) for each in zip(*frames, strict=True))
    steps = np.array(shown[: len(frames)])
    return Followed(plan, net, years, spots, steps, weights, missed, ahead, free, turned, *off)


def whole(plan: Plan) -> Followed:
    """The training to its end."""
    for seen in learn(plan):
        last = seen
    return last


def repeated(seen: Followed) -> float:
    """By how much the held-back years are missed by saying the year before again, root mean square in spots."""
    held = np.flatnonzero(~seen.learned)
    return float(np.sqrt(np.mean((seen.spots[held] - seen.spots[held - 1]) ** 2)))


def by_mean(seen: Followed) -> float:
    """Likewise by saying the mean of the years that are learned from."""
    return float(np.sqrt(np.mean((seen.spots[~seen.learned] - seen.spots[seen.learned].mean()) ** 2)))


def missed_alone(seen: Followed) -> np.ndarray:
    """Likewise by the network that hears itself, at each frame, (F,)."""
    with np.errstate(all="ignore"):
        return np.sqrt(np.mean((seen.free - seen.spots[~seen.learned]) ** 2, axis=-1))


def near(turned: np.ndarray) -> int:
    """The window from which on no gradient is turned by NEAR or more, of the angles by window, (WINDOW,)."""
    return int(np.flatnonzero(~(turned < NEAR)).max(initial=-1)) + 2


def findings(seen: Followed) -> list[Finding]:
    """What a window loses, what that costs, and how well the network predicts, one year ahead and alone."""
    return [*_turned(seen), *_diverged(seen), _cost(seen), _ahead(seen), _free(seen)]


def _turned(seen: Followed) -> list[Finding]:
    turned, window, steps = seen.turned[-1], seen.plan.window, int(seen.steps[-1])
    if not np.isfinite(turned).all():
        return []
    numbers = {"window": window, "steps": steps, "angle": float(turned[window - 1]), "near": near(turned), "by": NEAR}
    text = (
        f"After {counted(steps, 'step')} a window of {counted(window, 'year')} turns the gradient by "
        f"**{degrees(numbers['angle'])}**. From {counted(near(turned), 'year')} on it is always less than {NEAR:g}°."
    )
    return [Finding("series.turned", numbers, text)]


def _diverged(seen: Followed) -> list[Finding]:
    if seen.diverged is None:
        return []
    step, (cut, full) = seen.diverged, seen.broken.tolist()
    text = f"With that window training **diverged** at step {step}; with all years it had not by then."
    if seen.plan.window >= WINDOW:
        text = f"Training **diverged** at step {step}."
    elif cut and full:
        text = f"With that window and with all years training **diverged** at step {step}."
    elif full:
        text = f"With all years training **diverged** at step {step}; with that window it had not by then."
    return [Finding("series.diverged", {"step": step, "window": cut, "whole": full}, text)]


def _cost(seen: Followed) -> Finding:
    cut, full = (float(each) for each in seen.missed[-1, :, 0])
    numbers, steps = {"cut": cut, "whole": full, "steps": int(seen.steps[-1])}, counted(int(seen.steps[-1]), "step")
    when = "" if seen.diverged is None else f"After {steps} "
    if seen.plan.window >= WINDOW:
        text = f"{when or 'With all years followed back, '}it misses the years it learned from by {short(cut)} spots."
        return Finding("series.cost", numbers, text)
    near, whole_way = apart(cut, full)
    text = f"{when or 'With that window '}it misses the years it learned from by {near} spots"
    return Finding("series.cost", numbers, f"{text}; trained with all years, by {whole_way}.")


def _ahead(seen: Followed) -> Finding:
    off, again = float(seen.missed[-1, 0, 1]), repeated(seen)
    then = "" if seen.diverged is None else "then "
    text = f"One year ahead it {then}misses the years held back by **{short(off)} spots**. "
    if not np.isfinite(off):
        text = "One year ahead, what it says of the years held back **overflows**. "
    numbers = {"off": off, "again": again}
    return Finding("series.ahead", numbers, f"{text}Repeating last year's number misses by {short(again)}.")


def _free(seen: Followed) -> Finding:
    off, mean = float(missed_alone(seen)[-1]), by_mean(seen)
    then = "" if seen.diverged is None else "then "
    text = f"Left to itself from {LAST + 1} on, it {then}misses by {short(off)} spots. "
    if not np.isfinite(off):
        text = f"Left to itself from {LAST + 1} on, what it says overflows. "
    numbers = {"off": off, "mean": mean, "from": LAST + 1}
    return Finding("series.free", numbers, f"{text}Always saying the mean misses by {short(mean)}.")


def degrees(angle: float) -> str:
    """An angle to a tenth of a degree, which rounding may keep from 0."""
    if angle == 0:
        return "0°"
    return f"{angle:.1f}°" if angle >= 0.05 else "less than 0.05°"
