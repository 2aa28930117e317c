"""Fates: where an optimizer ends up from every start on a map, and how long it takes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from landscape.descent.descend import check_steps
from landscape.descent.rest import length
from landscape.descent.walk import RUNAWAY, check_applies
from landscape.domain import Domain, diagonal
from landscape.maps.rests import with_rests_of
from landscape.objective import Objective
from landscape.optimizers import Optimizer
from landscape.theory.stationary import StationaryPoints, stationary_points

MAX_RESOLUTION = 1024

# What `Fates.attractor` holds where a start reached none of the attractors.
NONE, DIVERGED = -1, -2
# While a map is made: a start that rests, but at none of them.
RESTS = -3

# Starts moved at a time, at most, so that the optimizer's arrays stay in a core's own cache. Blocks in two threads cost
# no more work, but on cores that are shared they ended no sooner.
BLOCK = 8192

# Attractors whose distances from all others are known at a time: a bumpy map has two thousand.
ROWS = 64

# Iterates kept of a run, to tell afterwards when it arrived; with more steps than these the answer is coarser.
SAMPLES = 64

# A step this small, as a share of the map's diagonal, is taken for none; looked for every LOOK steps.
REST, LOOK = 1e-13, 4

# So few starts are not worth thinning out. No other axis of a method's state is longer: L-BFGS keeps 50 pairs at most.
FEW = 64

# Within this share of the map's diagonal of an attractor, or half-way to the next, a run is near it; it has reached it
# where it rests, or within a tenth of that still closes in: over so many samples, against as many before. As a share of
# that, THERE is no distance.
REACH, TENTH, LATE, THERE = 0.01, 0.1, 4, 1e-5


@dataclass(frozen=True)
class Fates:
    """Where each start of a map went. Rows of the map are y, columns x, as a heat map wants them.

    x, y        (r,) the starts' coordinates
    attractors  the stationary points that can be reached, k of them; some may lie off the map, and those at the end
                may be rest points that only the runs themselves have found
    attractor   (r, r) index into attractors, or NONE: elsewhere, passing or chattering; or DIVERGED: not finite, or
                further out than RUNAWAY
    steps       (r, r) the step from which on it stayed near, or at which it was seen to have run away; all of them
                where it reached nothing. A run is looked at every `stride` steps
    stride      1 for runs of up to SAMPLES steps
    """

    x: np.ndarray
    y: np.ndarray
    attractors: StationaryPoints
    attractor: np.ndarray
    steps: np.ndarray
    stride: int

    @property
    def fractions(self) -> np.ndarray:
        """The share of starts that reached each attractor, (k,)."""
        reached = self.attractor[self.attractor >= 0]
        return np.bincount(reached, minlength=len(self.attractors)) / self.attractor.size

    def share(self, fate: int | np.ndarray) -> np.ndarray:
        """The share of starts with a fate: an index into attractors, NONE or DIVERGED."""
        return np.mean(self.attractor.ravel() == np.asarray(fate)[..., None], axis=-1)


def fates(
    objective: Objective,
    optimizer: Optimizer,
    domain: Domain,
    resolution: int = 200,
    steps: int = 100,
    attractors: StationaryPoints | None = None,
    progress: Callable[[float], None] | None = None,
) -> Fates:
    """Run `optimizer`, without noise, from a resolution x resolution lattice of starts on a domain.

    attractors  what can be reached; found on the map and as far again around it if not given
    progress    called with the share that is done, every few steps of each block; what it raises ends the work

    ValueError for an objective that is not of two variables, for a resolution or steps out of range, and where the
    optimizer needs what the objective does not have.
    """
    check_applies(objective, optimizer)
    if not 2 <= resolution <= MAX_RESOLUTION:
        raise ValueError(f"resolution is {resolution}; allowed is 2 to {MAX_RESOLUTION}")
    check_steps(steps)
    attractors = stationary_points(objective, widened(domain)) if attractors is None else attractors
    x, y = (np.linspace(low, high, resolution) for low, high in domain)
    starts = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    reach = _reach(attractors, domain)
    stride = max(1, -(-steps // SAMPLES))

    rest = REST * diagonal(domain)
    blocks = np.array_split(starts, -(-len(starts) // BLOCK))
    # Memory that is used again costs nothing; fresh memory for every block would double the time.
    room = np.empty((2 + steps // stride, 2, len(blocks[0])), dtype=np.float32)
    done: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []

    def tell(share: float) -> None:
        if progress is not None:
            progress((len(done) + share) / len(blocks))

    for block in blocks:
        samples, still, ends = _sample(objective, optimizer, block, steps, stride, rest, room[:, :, : len(block)], tell)
        done.append((*_judge(samples, still, attractors.x, reach, steps, stride), ends))
        tell(0.0)
    fate, arrival, ends = (np.concatenate(part) for part in zip(*done, strict=True))
    resting = fate == RESTS
    attractors, fate[resting] = with_rests_of(objective, attractors, ends[resting], diagonal(domain))
    arrival[fate == NONE] = steps
    shape = resolution, resolution
    return Fates(x, y, attractors, fate.reshape(shape), arrival.reshape(shape), stride)


def widened(domain: Domain) -> Domain:
    """A domain and half as far again on every side."""
    (x_low, x_high), (y_low, y_high) = domain
    x, y = (x_high - x_low) / 2, (y_high - y_low) / 2
    return (x_low - x, x_high + x), (y_low - y, y_high + y)


def _reach(attractors: StationaryPoints, domain: Domain) -> np.ndarray:
    """How near a run must come to each attractor, (k,)."""
    x, near = attractors.x, np.empty(len(attractors))
    for first in range(0, len(x), ROWS):
        between = np.linalg.norm(x[first : first + ROWS, None] - x, axis=-1)
        np.fill_diagonal(between[:, first:], np.inf)
        near[first : first + ROWS] = between.min(axis=-1, initial=np.inf)
    return np.minimum(REACH * diagonal(domain), near / 2)


def _sample(
    objective: Objective,
    optimizer: Optimizer,
    starts: np.ndarray,
    steps: int,
    stride: int,
    rest: float,
    room: np.ndarray,
    tell: Callable[[float], None],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Iterates 0, stride, 2 * stride ... and the last, (samples, 2, starts), written to room; starts is (starts, 2).

    And which of them did not move any more when they were last looked at, (starts,), and where each ended, (starts, 2),
    to all digits.

    A start that has not moved by more than `rest` for LOOK steps, though its method was not trying again, or that is
    not finite any more, leaves the batch; a method without state does the same at the same place for ever, and one
    look is enough.
    """
    # Component first in memory: each operation then runs over one contiguous block.
    x = np.asfortranarray(starts)
    live, seen, still, ends = np.arange(len(starts)), x, np.zeros(len(starts), dtype=bool), starts.copy()
    room[0] = x.T
    kept = 1
    with np.errstate(all="ignore"):
        state = optimizer.init(x)
        for step in range(1, steps + 1):
            new, state = optimizer.step(objective, x, state)
            moving = None
            if step % LOOK == 0:
                tell(step / steps)
                moving = length(new - x) > rest
                if state is not None:
                    moving |= (length(new - seen) > rest) | optimizer.retries(state)
                    seen = new
                still[live] = ~moving
            x = new
            over = moving is not None and not moving.any()
            if step % stride == 0 or step == steps or over:
                if len(live) < len(starts):
                    room[kept] = room[kept - 1]
                    room[kept][:, live] = x.T
                else:
                    room[kept] = x.T
                kept += 1
            if over:
                break
            many = state is None or len(live) > FEW
            if many and moving is not None and step % stride == 0 and 4 * moving.sum() < 3 * len(live):
                ends[live] = x
                live, x, state = live[moving], np.asfortranarray(x[moving]), _thinned(state, moving)
                seen = x
    ends[live] = x
    return room[:kept], still, ends


def _thinned(state: Any, kept: np.ndarray) -> Any:
    """The state of some starts: of every array, wherever in it, the axis that is as long as there were starts."""
    if isinstance(state, tuple):
        parts = [_thinned(part, kept) for part in state]
        return type(state)(*parts) if hasattr(state, "_fields") else tuple(parts)
    if not isinstance(state, np.ndarray) or len(kept) not in state.shape:
        return state
    axis = state.shape.index(len(kept))
    if state.flags.f_contiguous:
        # As it lay in memory, which else numpy changes: of two orders in one operation each costs twice as much.
        return np.compress(kept, state.T, axis=state.ndim - 1 - axis).T
    return np.compress(kept, state, axis=axis)


def _judge(
    samples: np.ndarray, still: np.ndarray, attractors: np.ndarray, reach: np.ndarray, steps: int, stride: int
) -> tuple[np.ndarray, np.ndarray]:
    """The fate and the steps of each start, both (starts,), from its samples (samples, 2, starts).

    One that rests elsewhere has the fate RESTS, and the steps to where it rests.
    """
    fate, nearest = _nearest(samples[-1], attractors, reach)
    arrival = np.zeros(len(fate), dtype=np.int32)
    with np.errstate(all="ignore"):
        x, y = attractors.astype(np.float32)[nearest].T if len(attractors) else samples[-1]
        square = reach.astype(np.float32)[nearest] ** 2 if len(attractors) else np.zeros(len(fate), dtype=np.float32)
        passing = (fate != NONE) & ~still
        late = samples[-2 * LATE :, :, passing]
        fate[passing] = np.where(_closing_in(late, x[passing], y[passing], square[passing]), fate[passing], NONE)
        own = (fate == NONE) & still
        fate[own] = RESTS
        fate[~(np.abs(samples[-1]).max(axis=0) <= RUNAWAY)] = DIVERGED
        if own.any():
            x, y = np.where(own, samples[-1], np.stack([x, y]))
            square = np.where(own, np.float32(reach.max(initial=0) ** 2), square)
        for k, (u, v) in enumerate(samples[:-1]):
            outside = ~((u - x) ** 2 + (v - y) ** 2 <= square)
            np.copyto(arrival, min((k + 1) * stride, steps), where=outside)
        gone = np.flatnonzero(fate == DIVERGED)
        away = ~(np.abs(samples[:, :, gone]).max(axis=1) <= RUNAWAY)
    arrival[gone] = np.minimum(away.argmax(axis=0) * stride, steps)
    return fate, arrival


def _closing_in(late: np.ndarray, x: np.ndarray, y: np.ndarray, square: np.ndarray) -> np.ndarray:
    """Whether the last samples, (samples, 2, starts), come nearer to a point that they are very near already."""
    distance = (late[:, 0] - x) ** 2 + (late[:, 1] - y) ** 2
    half = len(distance) // 2
    last, before = distance[len(distance) - half :].max(axis=0, initial=0), distance[: len(distance) - half].max(axis=0)
    return (distance[-1] <= TENTH**2 * square) & (last < before) | (distance.max(axis=0) <= THERE**2 * square)


def _nearest(x: np.ndarray, attractors: np.ndarray, reach: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The attractor each end, (2, starts), is within reach of, else NONE; and the nearest one, (starts,) each."""
    best = np.full(x.shape[-1], np.inf)
    nearest = np.zeros(x.shape[-1], dtype=np.int32)
    with np.errstate(all="ignore"):
        for k, (a, b) in enumerate(attractors):
            distance = (x[0] - a) ** 2 + (x[1] - b) ** 2
            closer = distance < best
            np.copyto(best, distance, where=closer)
            np.copyto(nearest, k, where=closer)
    reached = best <= (reach[nearest] ** 2 if len(attractors) else -1.0)
    return np.where(reached, nearest, NONE).astype(np.int32), nearest
