"""Report: what theory foretold of a run at a point, and what came of it, in words and as tables."""

from typing import Any

import numpy as np

from landscape.curvature import SHAPES
from landscape.descent.report import STATUS
from landscape.finding import Finding
from landscape.optimizers import OPTIMIZERS
from landscape.theory.convergence import Approaches, Trial
from landscape.theory.quadratics import best_gradient_descent, best_heavy_ball
from landscape.theory.stationary import KINDS, StationaryPoints
from landscape.theory.study import Study, verdict

# A model whose promise is off by more than this share was wrong; a run that is off by more than that needs a reason.
TENTH, HUNDREDTH = 0.1, 0.01
# Two roots nearly coincide where the larger is within this share of what it would be if they did.
NEARLY = 0.02


def model_findings(study: Study) -> list[Finding]:
    """Two or three things to notice about the models that a run trusted."""
    return [_ended(study), *_trust(study), *_bends(study)]


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
    change = "fell" if got >= 0 else "rose"
    text = f"The model was furthest from the truth at step {worst + 1}: it promised a fall of **{promised:.4g}**, "
    if promised < 0:
        text = f"The model was furthest from the truth at step {worst + 1}: it foresaw a rise of **{-promised:.4g}**, "
    text += f"and f {change} by **{abs(got):.4g}**."
    wrong = told[np.abs(rho[told] - 1) > TENTH]
    after = told[told > wrong[-1]] if wrong.size else told
    right_from = int(after[0]) + 1 if after.size else None
    if not wrong.size:
        text += " Every step kept what was promised to within a tenth."
    elif after.size:
        text += f" From step {right_from} on it is right to within a tenth."
    numbers = {"step": worst + 1, "promised": promised, "got": got, "right_from": right_from}
    return [Finding("model.trust", numbers, text)]


def _bends(study: Study) -> list[Finding]:
    """How often the ground bent downwards somewhere, where plain Newton makes for the wrong point."""
    down = np.flatnonzero(study.local.eigenvalues[:, 0] < 0)
    if not down.size:
        return []
    first = int(down[0])
    text = f"At {down.size} of {study.steps + 1} iterates the Hessian has a negative eigenvalue, first at {first}: "
    believed = np.linalg.eigvalsh(study.matrix[first])[0] if np.isfinite(study.matrix[first]).all() else np.nan
    if np.isfinite(study.models.radius[first]):
        model = "leashed"
        text += "the model has no least point but on the edge of the circle, and the step goes there."
    elif believed > 0:
        model = "bent"
        text += "the method bends its model upwards there, and the step leads downhill."
    else:
        model = "as it is"
        text += "the model's stationary point there is no minimum, and the step may lead uphill."
    numbers = {"count": int(down.size), "iterates": study.steps + 1, "first": first, "model": model}
    return [Finding("model.bends", numbers, text)]


def true_hessian(study: Study, k: int) -> str:
    """What the eigenvalues at iterate k say, one sentence in Markdown."""
    low, high = study.local.eigenvalues[k]
    shape = str(study.local.shape[k])
    return (
        f"The true Hessian there, with eigenvalues **{low:.5g}** and **{high:.5g}**, says **{shape}**: {SHAPES[shape]}."
    )


def counts(points: StationaryPoints) -> str:
    """How many stationary points there are of each kind, one sentence in Markdown."""
    found = {kind: len(points.of(kind)) for kind in KINDS}
    words = ", ".join(f"{kind}: **{count}**" for kind, count in found.items() if count)
    return f"On this map, {words}." if words else "There is no isolated such point on this map."


def point_rows(points: StationaryPoints, axes: tuple[str, str], most: int) -> list[dict[str, str]]:
    """One row a stationary point, the first `most` of them, as text; axes are what the variables are called."""
    return [
        {
            "kind": str(points.kind[i]),
            **{axis: f"{at:.5g}" for axis, at in zip(axes, points.x[i], strict=True)},
            "value": f"{points.value[i]:.5g}",
            "eigenvalues": "{:.4g}, {:.4g}".format(*points.eigenvalues[i]),
        }
        for i in range(min(len(points), most))
    ]


def stability_findings(trial: Trial) -> list[Finding]:
    """What was predicted at the minimum below the start, what came of it, and what would be best."""
    low, high = (float(each) for each in trial.seen.eigenvalues)
    u, v = trial.seen.target
    ground = (
        f"At the minimum ({u:.4g}, {v:.4g}) the curvatures are **{low:.4g}** and **{high:.4g}**: gradient descent is "
        f"stable below 2/λ = **{2 / high:.5g}**, and the condition number is {high / low:.4g}."
    )
    numbers = {"target": trial.seen.target, "low": low, "high": high, "limit": 2 / high, "condition": high / low}
    best, plain = best_heavy_ball(trial.seen.eigenvalues), best_gradient_descent(trial.seen.eigenvalues)
    choice = (
        f"Best of all rates and momenta: {best.lr:.4g} and {best.momentum:.4g}, which leaves **{best.rate:.4g}** of "
        f"the error a step; gradient descent at its best, {plain.lr:.4g}, leaves **{plain.rate:.4g}**."
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
    side = "below" if trial.lr < trial.limit else "above"
    text = f"The rate {trial.lr:.4g} lies {side} the limit **{trial.limit:.4g}** for this momentum: **{regime}**, "
    text += f"and a factor of **{factor:.5g}** a step was predicted. "
    numbers = {"lr": trial.lr, "limit": trial.limit, "side": side, "regime": regime, "factor": factor, "status": status}
    if status == "diverged":
        away = "" if factor >= 1 else ", for the start is too far out: the prediction holds near the minimum"
        numbers["step"] = int(trial.run.stop)
        text += f"The run diverged at step {int(trial.run.stop)}{away}."
    elif np.isfinite(rate):
        off = abs(rate / factor - 1) if factor > 0 else np.inf
        numbers |= {"measured": rate, "off": off}
        text += f"Measured: **{rate:.5g}**, {100 * off:.2g} % off."
        if off > HUNDREDTH and abs(factor / np.sqrt(max(trial.momentum, 1e-12)) - 1) < NEARLY:
            numbers["coincide"] = True
            text += " Here two roots nearly coincide: the error shrinks as k times the factor's powers, and the "
            text += "measured rate comes near it slowly."
    else:
        end = float(trial.seen.errors[-1])
        numbers |= {"steps": steps, "end": end}
        text += f"In {steps} steps the distance came to {end:.3g}; there is no rate to measure."
    return Finding("stability.verdict", numbers, text)


def order_findings(seen: Approaches) -> list[Finding]:
    """Which method's digits come fastest, and which runs do not go to a minimum."""
    others = [(kind, tuple(key for key, each in seen.closing.items() if each.seen.kind == kind)) for kind in KINDS[1:]]
    elsewhere = [
        Finding(
            "order.elsewhere",
            {"kind": kind, "methods": keys},
            f"Not to a minimum but to a **{kind}**: {', '.join(OPTIMIZERS[key].title for key in keys)}.",
        )
        for kind, keys in others
        if keys
    ]
    lost = [
        Finding(
            "order.lost",
            {"method": key, "status": str(run.status)},
            f"{OPTIMIZERS[key].title} is {STATUS[str(run.status)]} far from every stationary point.",
        )
        for key, run in seen.lost.items()
    ]
    return [*_steepest(seen), *elsewhere, *lost]


def _steepest(seen: Approaches) -> list[Finding]:
    measured = {key: each.seen.order for key, each in seen.closing.items() if np.isfinite(each.seen.order)}
    if not measured:
        return []
    key = max(measured, key=lambda k: measured[k])
    at = seen.closing[key].seen
    steps = len(at.errors) - 1
    text = (
        f"Steepest: **{OPTIMIZERS[key].title}**, measured order **{at.order:.2f}**, in {steps} "
        f"steps to a {at.kind}. On a line of slope 2 the number of right digits doubles with every step; on "
        "slope 1 each step adds the same number of digits."
    )
    return [Finding("order.steepest", {"method": key, "order": at.order, "steps": steps, "kind": at.kind}, text)]


def order_rows(seen: Approaches) -> list[dict[str, Any]]:
    """One row a run that closes in on a point: what was measured beside what theory says."""
    return [
        {
            "method": OPTIMIZERS[key].title,
            "order measured": each.seen.order,
            "factor a step, theory": np.nan if each.seen.predicted is None else each.seen.predicted,
            "factor measured": each.seen.rate,
            "distance left": float(each.seen.errors[-1]),
            "steps": len(each.seen.errors) - 1,
            "closes in on a": f"{each.seen.kind} ({each.seen.target[0]:.4g}, {each.seen.target[1]:.4g})",
        }
        for key, each in seen.closing.items()
    ]
