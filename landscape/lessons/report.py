"""What a training says, in words: where the losses went, who won, and what was wrong and when."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from landscape.descent.ending import STATUS
from landscape.finding import Finding
from landscape.lessons.checkup import Checkup
from landscape.lessons.example import Followed
from landscape.lessons.sharpness import Sharpness
from landscape.lessons.training import Bout, Training
from landscape.networks.health import Ailment
from landscape.numbers import apart, counted, course, percent, plain, short, typeset
from landscape.objective import Penalized
from landscape.optimizers import OPTIMIZERS

# Negative eigenvalues up to this share of the largest are rounding.
ROUNDED = 1e-12
# A rise of the validation loss by less than this share of what it was at first is none.
CLEARLY = 0.01

NAMES = {
    "vanishing": "Vanishing gradient",
    "exploding": "Exploding gradient",
    "dead": "Dead units",
    "saturated": "Saturated units",
    "symmetric": "Symmetric units",
}


def accuracy(training: Training, key: str, step: int = -1) -> tuple[float, ...]:
    """The share that is classified rightly, of the samples learned from and, if any are, of those held back; none in
    regression."""
    lesson, w = training.lesson, training.runs[key].x[step]
    shares = []
    for samples in (lesson.learn, lesson.held) if lesson.learn.classes else ():
        if not len(samples):
            continue
        outputs = lesson.network.forward(w, samples.inputs)
        chosen = outputs.argmax(axis=-1) if outputs.shape[-1] > 1 else outputs[:, 0] > 0
        shares.append(float(np.mean(chosen == samples.targets)))
    return tuple(shares)


def findings(looked: Checkup) -> list[Finding]:
    """Two to four things to notice: where each loss went, who is ahead, and what went wrong."""
    training = looked.training
    return [
        *(_progress(training, key) for key in training.runs),
        *(finding for key in training.runs for finding in _no_minimum(training, key)),
        *_comparison(training),
        *(finding for key in training.runs for finding in _trouble(looked, key)),
    ]


def _progress(training: Training, key: str) -> Finding:
    learned, *rest = training.losses[key]
    status, stop = str(training.runs[key].status), int(training.runs[key].stop)
    title = OPTIMIZERS[key].title
    if status == "diverged":
        text = f"**{title} diverged** at step {stop}. A smaller rate or smaller weights would hold."
        return Finding("training.diverged", {"method": key, "step": stop}, text)
    numbers = {
        "method": key,
        "first": learned[0],
        "last": learned[-1],
        "status": status,
        "step": stop,
    }
    way, (before, after) = "rises" if learned[-1] > learned[0] else "falls", apart(learned[0], learned[-1])
    text = f"{title}: the loss {way} from {before} to **{after}**"
    if learned[-1] == learned[0]:
        text = f"{title}: the loss ends at **{after}**, where it began"
    for held in rest:
        text += _held_back(learned, held, numbers)
    if right := accuracy(training, key):
        numbers |= dict(zip(("right", "right_held"), right, strict=False))
        text += f". It gets {percent(right[0])} right" + "".join(
            f", and {percent(each)} of those held back" for each in right[1:]
        )
    text += f". It {STATUS[status]} at step {stop}." if status in ("converged", "stalled") else "."
    return Finding("training.progress", numbers, text)


def _held_back(learned: np.ndarray, held: np.ndarray, numbers: dict[str, Any]) -> str:
    """Where the loss on the samples held back went; its numbers are put with the others."""
    numbers["held"] = held[-1]
    text = f". On the samples held back it ends at **{plain(held[-1])}**"
    best = int(np.argmin(np.where(np.isfinite(held), held, np.inf)))
    # Risen since, clearly, and above a loss on what is learned from that still fell: not a bounce, and not rounding.
    risen = held[-1] - held[best] > max(0.1 * held[best], CLEARLY * held[0])
    if risen and held[-1] > learned[-1] and learned[-1] < learned[best]:
        numbers |= {"best_step": best, "best_held": held[best]}
        text += f". There it was lowest at step {best}, {plain(held[best])}, and has risen since: overfitting"
    return text


def _comparison(training: Training) -> list[Finding]:
    if len(training.runs) < 2:
        return []
    (one, a), (two, b) = ((key, training.losses[key][0]) for key in training.runs)
    if any(str(run.status) == "diverged" for run in training.runs.values()) or a[-1] == b[-1]:
        return []
    ahead, behind, first, second = (one, two, a, b) if a[-1] < b[-1] else (two, one, b, a)
    # As low as the other ever was: a loss that bounces may end above that.
    best = int(np.argmin(second))
    reached = int(np.argmax(first <= second[best]))
    # Where the worse one's loss never falls there is no step of the better one to name.
    if not (second[best] < second[0] and first[reached] <= second[best] and reached < best):
        return []
    text = (
        f"**{OPTIMIZERS[ahead].title}** gets as low in {counted(reached, 'step')} as "
        f"{OPTIMIZERS[behind].title} does in {best}."
    )
    numbers = {"ahead": ahead, "behind": behind, "step": reached, "end": best, "loss": second[best]}
    return [Finding("training.comparison", numbers, text)]


def _no_minimum(training: Training, key: str) -> list[Finding]:
    """Where every sample is right and no penalty pulls, larger weights are always better."""
    run, objective = training.runs[key], training.lesson.objective
    right = accuracy(training, key)
    if str(run.status) == "diverged" or not right or right[0] < 1 or isinstance(objective, Penalized):
        return []
    text = (
        f"{OPTIMIZERS[key].title} gets every sample it learns from right. So the loss has no minimum: larger weights "
        "always lower it."
    )
    return [Finding("training.no_minimum", {"method": key, "right": right[0]}, text)]


def _trouble(looked: Checkup, key: str) -> list[Finding]:
    training = looked.training
    title = f"{OPTIMIZERS[key].title}, " if len(training.runs) > 1 else ""
    out = []
    for bout in looked.bouts[key]:
        ailment, first, last, _ = bout
        name = NAMES[ailment.key]
        when = span(bout, training.steps, len(looked.steps))
        # Another number of units may have had it before.
        then = "" if first == last else "At the end, " if last == training.steps else "When last seen, "
        text = f"**{name}**, {title}{place(training, ailment)}, {when}. {then}{ailment.text.removeprefix(f'{name}: ')}"
        numbers = {
            "method": key,
            "ailment": ailment.key,
            "layer": ailment.layer,
            "column": _column(training, ailment),
            "units": ailment.units,
            "first": first,
            "last": last,
            "unbroken": bout.unbroken,
            **ailment.numbers,
        }
        out.append(Finding("training.ailment", numbers, text))
    return out


def place(training: Training, ailment: Ailment) -> str:
    """Which layer an ailment is in, in words."""
    column = _column(training, ailment)
    weighted = sum(bool(layer.parameters) for layer in training.lesson.network.layers)
    return "output layer" if column == weighted else f"hidden layer {column}"


def _column(training: Training, ailment: Ailment) -> int:
    """The layer with weights that an ailment is in or behind, from 1."""
    return sum(bool(layer.parameters) for layer in training.lesson.network.layers[: int(ailment.layer) + 1])


def span(bout: Bout, steps: int, looked: int) -> str:
    """When an ailment was there, of so many steps and those among them that were looked at."""
    if bout.first == bout.last:
        return f"step {bout.first}"
    if not bout.unbroken:
        return f"now and then from step {bout.first} to {bout.last}"
    if bout.first == 0 and bout.last == steps:
        return "at every step" if looked > steps else "at every step looked at"
    return f"steps {bout.first} to {bout.last}"


def captions(training: Training, steps: np.ndarray, found: Mapping[str, list[list[Ailment]]]) -> list[str]:
    """A line for each of these steps: the losses, and what is wrong there, a sentence for each ailment."""
    out = []
    for k, step in enumerate(steps):
        parts = []
        for key in training.runs:
            learned, *held = (series[step] for series in training.losses[key])
            name = f"{OPTIMIZERS[key].title}'s training loss" if len(training.runs) > 1 else "The training loss"
            text = f"{name} is {plain(learned)}" + "".join(f", the validation loss {plain(loss)}" for loss in held)
            ended = int(training.runs[key].stop) <= step
            parts.append(f"{text}: diverged." if ended and str(training.runs[key].status) == "diverged" else f"{text}.")
            parts += _in_layers(training, found[key][k])
        out.append(" ".join(parts))
    return out


def _in_layers(training: Training, wrong: list[Ailment]) -> list[str]:
    """A sentence for each ailment, with the layers that have it or their number."""
    where: dict[str, list[str]] = {}
    for each in wrong:
        where.setdefault(NAMES[each.key], []).append(place(training, each))
    out = []
    for name, layers in where.items():
        named = list(dict.fromkeys(layers))
        out.append(f"{name} in {' and '.join(named) if len(named) <= 2 else f'{len(named)} layers'}.")
    return out


def sharpness_findings(found: Sharpness) -> list[Finding]:
    """What to notice in the Hessian's eigenvalues along a run."""
    sharpest, values = found.spectrum.sharpness, found.spectrum.eigenvalues
    numbers = {
        "first": sharpest[0],
        "most": np.nanmax(sharpest),
        "last": sharpest[-1],
        "negative_first": negative(values[0]),
        "negative_last": negative(values[-1]),
        "weights": values.shape[1],
    }
    first, last, weights = (numbers[name] for name in ("negative_first", "negative_last", "weights"))
    seen = "" if _all_looked_at(found) else " where looked at,"
    text = (
        f"The largest eigenvalue begins at {plain(sharpest[0])}, reaches **{plain(np.nanmax(sharpest))}**{seen} and "
        f"ends at **{plain(sharpest[-1])}**. Negative curvatures: {first} of {weights} at first, {last} at the end."
    )
    out = [Finding("spectrum.sharpness", numbers, text)]
    if str(found.training.runs[found.key].status) == "diverged":
        out.append(_progress(found.training, found.key))
    return [*out, *_edge(found)]


def _all_looked_at(found: Sharpness) -> bool:
    return len(found.spectrum.steps) > found.training.steps


def negative(values: np.ndarray) -> int:
    """How many eigenvalues of one Hessian are negative, beyond rounding."""
    return int((values < -ROUNDED * np.abs(values).max()).sum())


def _edge(found: Sharpness) -> list[Finding]:
    """How near a run came to where its method is unstable."""
    title, edge = OPTIMIZERS[found.key].title, found.edge
    if edge is None:
        text = f"Theory tells the edge of stability for a fixed rate and momentum. {title} sets its steps otherwise."
        return [Finding("spectrum.no_edge", {"method": found.key}, text)]
    if not np.isfinite(edge).any():
        return []
    sharpest, limit = found.spectrum.sharpness, edge[np.minimum(found.spectrum.steps, len(edge) - 1)]
    with np.errstate(invalid="ignore"):
        beyond = float(np.mean(sharpest > limit))
    numbers = {"method": found.key, "edge": float(edge[0]), "edge_last": float(edge[-1]), "beyond": beyond}
    moves = bool((edge != edge[0]).any())
    text = f"Above an eigenvalue of **{plain(float(edge[0]))}**, the edge of stability, {title}'s error along it grows"
    if moves:
        first, last = (plain(float(each)) if np.isfinite(each) else "no limit" for each in (edge[0], edge[-1]))
        text = f"{title}'s edge of stability moves with its rate, from **{first}** to **{last}**"
    of_run = "of this run" if _all_looked_at(found) else "looked at"
    if beyond == 0:
        nearest = numbers["nearest"] = float(np.nanmax(sharpest / limit))
        text += f". The sharpest point {of_run} came to {percent(nearest)} of it."
    else:
        text += f". This run is beyond it at {percent(beyond)} of the points looked at: there the loss need not fall."
    out = [Finding("spectrum.edge", numbers, text)]
    if not found.full:
        text = "This edge is for steps on all samples."
        # A step that divides by the batch's own curvature may gain by what batches differ in.
        if OPTIMIZERS[found.key].family != "Second order":
            text += " With mini-batches that bend differently the error can grow below it too."
        out.append(Finding("spectrum.mini_batches", {}, text))
    return out


def example_findings(followed: Followed) -> list[Finding]:
    """What a step did with the weight that is followed: its gradient both ways, and where it went."""
    walked, at = followed.walk, followed.edge.place
    gradient, measured = walked.gradient[at], walked.differences[at]
    before, after = walked.before[at], walked.after[at]
    both = (
        f"This weight's gradient is **{typeset(gradient)}** by backpropagation. Central differences are off by "
        f"{short(abs(gradient - measured))}."
    )
    where = f"The step moves this weight by **{typeset(after - before)}** to {typeset(after)}."
    if after == before:
        where = f"The step leaves this weight at **{typeset(after)}**."
    moved = f"{where} The loss on this example {course(*walked.losses, digits=4, mark='**')}."
    losses = dict(zip(("loss_before", "loss_after"), walked.losses, strict=True))
    return [
        Finding(
            "example.step", {"weight": at, "before": before, "after": after, "moved": after - before, **losses}, moved
        ),
        Finding(
            "example.gradient",
            {"weight": at, "gradient": gradient, "difference": measured, "apart": abs(gradient - measured)},
            both,
        ),
    ]


def loss_latex(training: Training) -> str:
    """LaTeX of what is minimised: the mean loss over the samples learned from."""
    network, count = training.lesson.network, len(training.lesson.learn)
    loss = network.loss_function
    return (
        rf"\begin{{aligned}} L(w) &= \frac{{1}}{{{count}}} \sum_{{i=1}}^{{{count}}} \ell(z(x_i), t_i) \\ "
        rf"\ell(z, t) &= {loss.latex} \\[4pt] z(x) &= {network.latex()} \end{{aligned}}"
    )
