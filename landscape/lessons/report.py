"""What a training says, in words: where the losses went, who won, and what was wrong and when."""

import numpy as np

from landscape.descent.report import STATUS
from landscape.lessons.training import Bout, Training
from landscape.networks.health import Ailment
from landscape.networks.losses import LOSSES
from landscape.networks.spectrum import Spectrum
from landscape.numbers import plain
from landscape.optimizers import OPTIMIZERS

NAMES = {
    "vanishing": "Vanishing gradient",
    "exploding": "Exploding gradient",
    "dead": "Dead units",
    "saturated": "Saturated units",
    "symmetric": "Symmetric units",
}


def accuracy(training: Training, key: str, step: int = -1) -> tuple[float, float] | None:
    """The share that is classified rightly, of the samples learned from and of those held back; None in regression."""
    lesson, w = training.lesson, training.runs[key].x[step]
    shares = []
    for samples in (lesson.learn, lesson.held):
        if not samples.classes:
            return None
        outputs = lesson.network.forward(w, samples.inputs)
        chosen = outputs.argmax(axis=-1) if outputs.shape[-1] > 1 else outputs[:, 0] > 0
        shares.append(float(np.mean(chosen == samples.targets)))
    return shares[0], shares[1]


def findings(training: Training, wrong: dict[str, list[Bout]]) -> list[str]:
    """Two to four things to notice, in Markdown, with this training's own numbers in them."""
    return [
        *(_progress(training, key) for key in training.runs),
        *_comparison(training),
        *(sentence for key in training.runs for sentence in _trouble(training, key, wrong[key])),
    ]


def _progress(training: Training, key: str) -> str:
    learned, held = training.losses[key]
    status, stop = str(training.runs[key].status), int(training.runs[key].stop)
    if status == "diverged":
        return f"**{OPTIMIZERS[key].title} diverged** at step {stop}: a smaller rate, or smaller weights, would hold."
    text = f"{OPTIMIZERS[key].title}: the loss falls from {plain(learned[0])} to **{plain(learned[-1])}**"
    if learned[-1] > learned[0]:
        text = f"{OPTIMIZERS[key].title}: the loss rises from {plain(learned[0])} to **{plain(learned[-1])}**"
    text += f", on the samples held back to **{plain(held[-1])}**"
    best = int(np.argmin(np.where(np.isfinite(held), held, np.inf)))
    # Risen since, clearly, while the loss on what is learned from still fell: not a bounce, and not rounding.
    if held[-1] > 1.1 * held[best] and held[-1] > 1e-4 * held[0] and learned[-1] < learned[best]:
        text += f"; there it was lowest at step {best}, {plain(held[best])}, and has risen since: overfitting"
    if right := accuracy(training, key):
        text += f". Right on {right[0]:.0%} and {right[1]:.0%}"
    return text + (f". It {STATUS[status]} at step {stop}." if status in ("converged", "stalled") else ".")


def _comparison(training: Training) -> list[str]:
    if len(training.runs) < 2:
        return []
    (one, a), (two, b) = ((key, training.losses[key][0]) for key in training.runs)
    if not (a[-1] < np.inf and b[-1] < np.inf and a[-1] != b[-1]):
        return []
    ahead, behind, first, second = (one, two, a, b) if a[-1] < b[-1] else (two, one, b, a)
    reached = int(np.argmax(first <= second[-1]))
    return [
        f"From the same weights **{OPTIMIZERS[ahead].title}** is at step {reached} where {OPTIMIZERS[behind].title} "
        f"is at step {training.steps}."
    ]


def _trouble(training: Training, key: str, wrong: list[Bout]) -> list[str]:
    title = f"{OPTIMIZERS[key].title}, " if len(training.runs) > 1 else ""
    return [
        f"**{NAMES[bout.ailment.key]}**, {title}{place(training, bout.ailment)}, {span(bout, training.steps)}: "
        + bout.ailment.text.removeprefix(f"{NAMES[bout.ailment.key]}: ")
        for bout in wrong
    ]


def place(training: Training, ailment: Ailment) -> str:
    """Which layer an ailment is in, in words."""
    weighted = [k for k, layer in enumerate(training.lesson.network.layers) if layer.parameters]
    number = sum(k <= int(ailment.layer) for k in weighted)
    return "output layer" if number == len(weighted) else f"hidden layer {number}"


def span(bout: Bout, steps: int) -> str:
    """When an ailment was there."""
    if bout.first == bout.last:
        return f"step {bout.first}"
    whole = bout.first == 0 and bout.last == steps
    return "at every step" if whole else f"steps {bout.first} to {bout.last}"


def captions(training: Training, steps: np.ndarray, found: dict[str, list[list[Ailment]]]) -> list[str]:
    """A line for each of these steps: the losses, and what is wrong there."""
    out = []
    for k, step in enumerate(steps):
        parts = []
        for key in training.runs:
            learned, held = (series[step] for series in training.losses[key])
            name = f"{OPTIMIZERS[key].title}: loss" if len(training.runs) > 1 else "Loss"
            text = f"{name} {plain(learned)}, validation {plain(held)}"
            wrong = [f"{NAMES[each.key].lower()} in {place(training, each)}" for each in found[key][k]]
            ended = int(training.runs[key].stop) <= step
            if ended and str(training.runs[key].status) == "diverged":
                wrong.insert(0, "diverged")
            parts.append(text + (f" · {', '.join(dict.fromkeys(wrong))}" if wrong else ""))
        out.append("   |   ".join(parts))
    return out


def sharpness_findings(
    training: Training, key: str, spectrum: Spectrum, edge: np.ndarray | None, full: bool
) -> list[str]:
    """What to notice in the Hessian's eigenvalues, in Markdown; `full` where every step sees all samples."""
    sharpest, values = spectrum.sharpness, spectrum.eigenvalues
    title = OPTIMIZERS[key].title
    out = [
        f"The largest eigenvalue begins at {plain(sharpest[0])}, reaches **{plain(np.nanmax(sharpest))}** and ends "
        f"at **{plain(sharpest[-1])}**; at first {int((values[0] < 0).sum())} of {values.shape[1]} curvatures are "
        f"negative, at the end {int((values[-1] < 0).sum())}."
    ]
    if edge is None:
        return [*out, f"{title} scales its steps as it goes, so no fixed curvature is its edge of stability."]
    limit = edge[np.minimum(spectrum.steps, len(edge) - 1)]
    with np.errstate(invalid="ignore"):
        beyond = float(np.mean(sharpest > limit))
    text = f"Above **{plain(float(limit[-1]))}** {title}'s error along that direction grows from step to step"
    if beyond == 0:
        text += f"; the sharpest point of this run came to {np.nanmax(sharpest / limit):.0%} of that."
    else:
        text += f"; {beyond:.0%} of the points looked at are beyond it, and the loss need not fall at every step."
    out.append(text)
    if not full:
        out.append("The edge is that of steps on all samples; with mini-batches training settles below it.")
    return out


def loss_latex(training: Training) -> str:
    """LaTeX of what is minimised: the mean loss over the samples learned from."""
    network, count = training.lesson.network, len(training.lesson.learn)
    loss = LOSSES[network.loss]
    return (
        rf"L(w) = \frac{{1}}{{{count}}} \sum_{{i=1}}^{{{count}}} \ell(z(x_i), t_i),\quad "
        rf"\ell(z, t) = {loss.latex},\quad z(x) = {network.latex()}"
    )
