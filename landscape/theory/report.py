"""Report: what theory foretold of a run at a point, and what came of it, in words and as tables."""

from typing import Any

import numpy as np

from landscape.curvature import SHAPES
from landscape.descent.descend import Trajectory
from landscape.descent.ending import ended, place
from landscape.finding import Finding
from landscape.numbers import apart, counted, fixed, percent
from landscape.objective import Objective
from landscape.optimizers import OPTIMIZERS
from landscape.theory.convergence import Approaches, Trial
from landscape.theory.quadratics import best_gradient_descent, best_heavy_ball
from landscape.theory.stationary import KINDS, StationaryPoints
from landscape.theory.study import Study, verdict

# A model whose promise is off by more than this share was wrong; a run that is off by more than that needs a reason.
TENTH, HUNDREDTH = 0.1, 0.01
# An order below this is none.
LINEAR = 0.9
# How a run ended that closes in on nothing. Shapes of SHAPES that bend downwards some way.
LOST = {
    "diverged": "diverged",
    "stalled": "stalled elsewhere",
    "max_steps": "is still under way",
}
DOWN = ("saddle", "hilltop", "ridge")
# Two roots nearly coincide where they are apart by no more than this share of the larger.
NEARLY = 0.1


def model_findings(study: Study) -> list[Finding]:
    """Two or three things to notice about the models that a run trusted."""
    return [*_trust(study), _ended(study), *_bends(study)]


def _ended(study: Study) -> Finding:
    status, k = str(study.run.status), study.steps
    numbers: dict[str, Any] = {"status": status, "step": int(study.run.stop)}
    if status != "diverged":
        numbers["shape"] = str(study.local.shape[k])
    if status in ("converged", "stalled"):
        numbers["place"] = study.run.x[k]
    if status in ("stalled", "max_steps"):
        numbers["slope"] = float(study.run.gradient_norm[k])
    if status == "stalled":
        numbers["singular"] = not bool(np.isfinite(study.centre[k]).all())
    if status in ("diverged", "max_steps") and study.sunk:
        numbers["value"] = float(study.run.value[k])
    return Finding("model.verdict", numbers, verdict(study))


def _trust(study: Study) -> list[Finding]:
    """Where the model was furthest from the truth, and from when on it was true."""
    rho = study.agreement[: study.steps]
    told = np.flatnonzero(np.isfinite(rho))
    if not told.size:
        return []
    worst = int(told[np.argmax(np.abs(rho[told] - 1))])
    promised, got = float(study.models.predicted[worst]), float(study.models.actual[worst])
    taken = bool(study.models.accepted[worst])
    change = "fell" if got >= 0 else "rose"
    # What is right to all digits shown is wrong nowhere.
    right = taken and f"{promised:.4g}" == f"{got:.4g}"
    text = f"The model was {'right' if right else 'most wrong'} at step {worst + 1}: it "
    text += f"promised a fall of **{promised:.4g}**, " if promised >= 0 else f"foresaw a rise of **{-promised:.4g}**, "
    if taken and right:
        text += f"and f {change} by as much."
    elif taken:
        text += f"and f {change} by **{abs(got):.4g}**."
    elif np.isfinite(got):
        text += f"but f would have {'fallen' if got >= 0 else 'risen'} by **{abs(got):.4g}**. That step was refused."
    else:
        text += "but f has no value there. That step was refused."
    wrong = told[np.abs(rho[told] - 1) > TENTH]
    after = told[told > wrong[-1]] if wrong.size else told
    right_from = int(after[0]) + 1 if after.size else None
    if not wrong.size:
        text += " Every step kept its promise to within a tenth."
    elif after.size:
        text += f" From step {right_from} on it is right to within a tenth."
    numbers = {"step": worst + 1, "promised": promised, "got": got, "right_from": right_from, "taken": taken}
    return [Finding("model.trust", numbers, text)]


def _bends(study: Study) -> list[Finding]:
    """How often the ground bent downwards somewhere, where plain Newton makes for the wrong point."""
    # A curvature within rounding of none bends nothing.
    shape = study.local.shape
    down, smooth = np.flatnonzero(np.isin(shape, DOWN)), int((shape != "crease").sum())
    if not down.size:
        return []
    first = int(down[0])
    where = "iterates" if smooth == shape.size else "iterates off a crease"
    text = f"The Hessian has a negative eigenvalue at {down.size} of {smooth} {where}, first at step {first}. "
    believed = np.linalg.eigvalsh(study.matrix[first])[0] if np.isfinite(study.matrix[first]).all() else np.nan
    if not study.models.step[first].any():
        model = "at rest"
        text += "The slope there is zero, so no step leads away."
    elif not np.isfinite(study.models.step[first]).all():
        model = "singular"
        text += "The model there has no single stationary point, so the method stays."
    elif np.isfinite(study.models.radius[first]):
        model = "leashed"
        text += "There the model is lowest on the edge of the circle, and the step goes there."
    elif believed > 0:
        model = "bent"
        text += f"The method's own model bends upwards there, so its step sets out downhill{_too_far(study, first)}."
    else:
        model = "as it is"
        text += "There the model's stationary point is no minimum, and the step may lead uphill."
    numbers = {"count": int(down.size), "iterates": smooth, "first": first, "model": model}
    return [Finding("model.bends", numbers | (_risen(study, first) if model == "bent" else {}), text)]


def _risen(study: Study, k: int) -> dict[str, float]:
    """By how much f rose with the step from iterate k, where it was taken and f did."""
    got = float(study.models.actual[k])
    return {"risen": -got} if study.models.accepted[k] and got < -study.rounding[k] else {}


def _too_far(study: Study, k: int) -> str:
    return "".join(f". It goes too far: f rises by **{each:.4g}**" for each in _risen(study, k).values())


def true_hessian(study: Study, k: int) -> str:
    """What the eigenvalues at iterate k say, one sentence in Markdown."""
    low, high = study.local.eigenvalues[k]
    shape = str(study.local.shape[k])
    if shape == "crease":
        return f"A **crease**: {SHAPES[shape]}."
    if not np.isfinite([low, high]).all():
        return "The Hessian there is not finite."
    both = f"The true Hessian there has eigenvalues **{low:.4g}** and **{high:.4g}**."
    return f"{both} That is a **{shape}**: {SHAPES[shape]}."


def counts(points: StationaryPoints) -> str:
    """How many stationary points there are of each kind, one sentence in Markdown."""
    found = {kind: len(points.of(kind)) for kind in KINDS}
    told = [f"**{count}** {_many(kind) if count > 1 else _called(kind)}" for kind, count in found.items() if count]
    if not told:
        return "No isolated point on this map has slope zero."
    return f"This map has {', '.join(told[:-1])}{' and ' * (len(told) > 1)}{told[-1]}."


def point_rows(points: StationaryPoints, axes: tuple[str, str], most: int) -> list[dict[str, str]]:
    """One row a stationary point, the first `most` of them, as text; axes are what the variables are called."""
    # What is left of a coordinate that is 0 is rounding.
    places, values = np.round(points.x, 8) + 0.0, np.round(points.value, 12) + 0.0
    return [
        {
            "kind": str(points.kind[i]),
            **{axis: f"{at:.5g}" for axis, at in zip(axes, places[i], strict=True)},
            "value": f"{values[i]:.5g}",
            "eigenvalues": _eigenvalues(points.eigenvalues[i]),
        }
        for i in range(min(len(points), most))
    ]


def _eigenvalues(both: np.ndarray) -> str:
    return "{:.4g}, {:.4g}".format(*both) if np.isfinite(both).all() else "none: slopes jump"


def stability_findings(trial: Trial) -> list[Finding]:
    """What was predicted at the minimum below the start, what came of it, and what would be best."""
    low, high = (float(each) for each in trial.seen.eigenvalues)
    # What is left of a coordinate that is 0 is rounding.
    u, v = np.round(trial.seen.target, 9) + 0.0
    ground = (
        f"Gradient descent is stable below a rate of 2/λmax = **{2 / high:.4g}**. At the minimum ({u:.4g}, {v:.4g}) "
        f"the curvatures are **{low:.4g}** and **{high:.4g}**; the condition number is {high / low:.4g}."
    )
    numbers = {"target": trial.seen.target, "low": low, "high": high, "limit": 2 / high, "condition": high / low}
    best, plain = best_heavy_ball(trial.seen.eigenvalues), best_gradient_descent(trial.seen.eigenvalues)
    choice = (
        f"Best is the rate {best.lr:.4g} with momentum {best.momentum:.4g}: a step leaves **{best.rate:.4g}** of the "
        f"error. Without momentum the best rate is {plain.lr:.4g}, and a step leaves **{plain.rate:.4g}**."
    )
    return [
        Finding("stability.limit", numbers, ground),
        _verdict(trial),
        Finding("stability.best", {"heavy_ball": best, "gradient_descent": plain}, choice),
    ]


def _verdict(trial: Trial) -> Finding:
    """What was predicted and what came of it."""
    factor, regime = trial.forecast
    rate, status, steps = float(trial.seen.rate), str(trial.run.status), len(trial.seen.errors) - 1
    side = "below" if trial.lr < trial.limit else "above" if trial.lr > trial.limit else "at"
    here, limit = apart(trial.lr, trial.limit, 4)
    text = f"The rate {here} is {side} the limit **{limit}** for this momentum. "
    # What grows, and what shrinks, is not said to stay.
    text += f"Predicted: **{regime}**, a factor of **{apart(factor, 1.0, 4)[0]}** a step. "
    numbers = {"lr": trial.lr, "limit": trial.limit, "side": side, "regime": regime, "factor": factor, "status": status}
    if status == "diverged":
        away = "" if factor >= 1 else ": the start is too far out, as the prediction holds near the minimum"
        numbers["step"] = int(trial.run.stop)
        text += f"The run diverged at step {int(trial.run.stop)}{away}."
    elif trial.elsewhere:
        end = float(trial.seen.errors[-1])
        numbers |= {"steps": steps, "end": end, "elsewhere": True}
        text += f"After {counted(steps, 'step')} it is {end:.3g} away, on ground that is not this minimum's."
    elif trial.steady:
        off = abs(rate / factor - 1) if factor > 0 else np.inf
        numbers["measured"] = rate
        text += f"Measured: **{apart(rate, 1.0, 4)[0]}**"
        # No number is a share of 0.
        if factor > 0:
            numbers["off"] = off
            text += f", {percent(off)} off"
        text += "."
        if off > HUNDREDTH and _roots_apart(trial) < NEARLY:
            numbers["coincide"] = True
            text += " Two roots nearly coincide, so the measured factor comes near the predicted one slowly."
    else:
        end = float(trial.seen.errors[-1])
        numbers |= {"steps": steps, "end": end}
        text += f"After {counted(steps, 'step')} the distance is {end:.3g}, with no steady factor to measure."
    return Finding("stability.verdict", numbers, text)


def _roots_apart(trial: Trial) -> float:
    """How far apart the two roots of z**2 - b z + momentum = 0 are, as a share of the larger one, which decides."""
    b = 1 + trial.momentum - trial.lr * trial.seen.eigenvalues
    apart = np.sqrt(b * b - 4 * trial.momentum + 0j)
    larger = np.maximum(np.abs(b + apart), np.abs(b - apart)) / 2
    first = np.argmax(larger)
    return float(np.abs(apart[first]) / larger[first]) if larger[first] else np.inf


def order_findings(seen: Approaches) -> list[Finding]:
    """Which method's digits come fastest, or why that cannot be told, and which runs do not go to a minimum."""
    others = [(kind, tuple(key for key, each in seen.closing.items() if each.seen.kind == kind)) for kind in KINDS[1:]]
    elsewhere = [
        Finding(
            "order.elsewhere",
            {"kind": kind, "methods": keys},
            f"Closing in on a **{_called(kind)}**, not a minimum: {', '.join(OPTIMIZERS[key].title for key in keys)}.",
        )
        for kind, keys in others
        if keys
    ]
    lost = [
        Finding(
            "order.lost",
            {"method": key, "status": str(run.status), "crease": on_a_crease(seen.objective, run)},
            f"{OPTIMIZERS[key].title} {_lost(seen.objective, run)}.",
        )
        for key, run in seen.lost.items()
    ]
    return [_steepest(seen), *elsewhere, *lost]


def on_a_crease(objective: Objective, run: Trajectory) -> bool:
    """Whether a run has come to rest where slopes jump, and a method is given one that is zero."""
    return str(run.status) == "converged" and "crease" in place(objective, run)


def _lost(objective: Objective, run: Trajectory) -> str:
    # On a plain every point is stationary, and none by itself; and beyond the map there are others.
    if on_a_crease(objective, run):
        return f"rests {place(objective, run)}, at none of the stationary points found here"
    if str(run.status) == "converged":
        return "rests where the slope is zero, at none of the stationary points found here"
    return f"closes in on no stationary point: it {LOST.get(ended(run), ended(run))}"


def _called(kind: str) -> str:
    """A kind of stationary point as a noun."""
    return "degenerate point" if kind == "degenerate" else kind


def _many(kind: str) -> str:
    """The plural: minima, saddles, degenerate points."""
    return f"{kind[:-2]}a" if kind.endswith("um") else f"{_called(kind)}s"


def _steepest(seen: Approaches) -> Finding:
    """Which order is highest; where none is to be had, why."""
    measured = {key: each.seen.order for key, each in seen.closing.items() if np.isfinite(each.seen.order)}
    if not measured:
        return _unmeasured(seen)
    key = max(measured, key=lambda k: measured[k])
    at = seen.closing[key].seen
    steps, title = len(at.errors) - 1, f"**{OPTIMIZERS[key].title}**"
    level = tuple(other for other, order in measured.items() if order == at.order and other != key)
    numbers = {"method": key, "order": at.order, "steps": steps, "kind": at.kind, "level": level}
    also = f" As high: {', '.join(OPTIMIZERS[other].title for other in level)}." if level else ""
    # Below 1 errors that follow it shrink ever more slowly.
    if at.order < LINEAR:
        text = f"The highest order measured is **{fixed(at.order)}**, of {title}, in {steps} steps towards a "
        text += f"{_called(at.kind)}.{also} Order 1, equally many right digits a step, is not reached."
        return Finding("order.slow", numbers, text)
    text = (
        f"{title} has the highest order, **{fixed(at.order)}**, in {steps} steps towards a {_called(at.kind)}.{also} "
    )
    text += "At order 2 every step doubles the right digits; at order 1 it adds equally many."
    return Finding("order.steepest", numbers, text)


def _unmeasured(seen: Approaches) -> Finding:
    """Why no order is measured: nothing closes in, or what does tells none."""
    why = "no run closes in on a stationary point"
    if seen.closing:
        most = max(int(np.sum(each.seen.errors > each.seen.floor / 10)) for each in seen.closing.values())
        why = "the runs are there after at most two steps"
        if most > 2:
            why = "the distances are too few, change too little, or lie on no line"
    return Finding("order.none", {"closing": tuple(seen.closing)}, f"No order can be measured: {why}.")


def order_rows(seen: Approaches) -> list[dict[str, Any]]:
    """One row a run that closes in on a point: what was measured beside what theory says."""
    return [
        {
            "method": OPTIMIZERS[key].title,
            "order measured": each.seen.order if each.seen.order >= LINEAR else np.nan,
            "factor predicted": np.nan if each.seen.predicted is None else each.seen.predicted,
            "factor measured": each.seen.rate,
            "distance left": float(each.seen.errors[-1]),
            "steps": len(each.seen.errors) - 1,
            "closes in on": f"{each.seen.kind} ({each.seen.target[0]:.4g}, {each.seen.target[1]:.4g})",
        }
        for key, each in seen.closing.items()
    ]
