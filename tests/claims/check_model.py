"""Checks of what is said of the models that a run trusted."""

import re

import numpy as np

from landscape.finding import Finding
from landscape.objective import Objective
from landscape.optimizers import Optimizer
from landscape.theory.study import Study
from tests.claims.checks import checks, same
from tests.claims.digits import formula_of, in_digits
from tests.claims.ground import crease_beside, creased, ground_at, told_by_steps


@checks("model.verdict")
def verdict(study: Study, finding: Finding) -> None:
    numbers, run = finding.numbers, study.run
    moves = [k for k in range(1, len(run.x)) if not np.array_equal(run.x[k], run.x[k - 1])]
    last = moves[-1] if moves else 0
    status = numbers["status"]
    assert status == str(run.status)
    with np.errstate(all="ignore"):
        value, slope = study.objective.value(run.x[0]), study.objective.gradient(run.x[0])
        begins = np.isfinite(value) and np.isfinite(np.sum(slope * slope))
    if not begins:
        assert (status, numbers["step"]) == ("diverged", 0)
        assert ("no value at the start" in finding.text) == (not np.isfinite(value))
        return
    end = {"converged": last, "stalled": last, "diverged": last + 1}.get(status, len(run.x) - 1)
    # A method that tries again where it is rests before it stalls.
    again = status == "stalled" and type(study.optimizer).retries is not Optimizer.retries
    assert numbers["step"] >= end if again else numbers["step"] == end
    here = ground_at(study.objective, run.x[last])
    if "place" in numbers:
        assert np.array_equal(numbers["place"], run.x[last])
    if "shape" in numbers and numbers["shape"] == "crease":
        assert creased(study.objective, run.x[last])
    elif "shape" in numbers:
        assert numbers["shape"] in here.shapes
    if status == "converged" and numbers["shape"] != "crease":
        assert np.abs(here.gradient).max() <= 1e-6 * max(1.0, here.scale) + here.slope_doubt
    if "slope" in numbers and numbers["shape"] == "crease":
        assert "given a slope" in finding.text
        given = study.objective.gradient(run.x[last])
        same(numbers["slope"], float(np.hypot(*given)))
        between(study.objective, run.x[last], given)
    elif "slope" in numbers:
        same(numbers["slope"], float(np.hypot(*here.gradient)), 1e-5, here.slope_doubt)
    if "singular" in numbers and numbers["shape"] != "crease" and not getattr(study.optimizer, "damping", 0):
        assert numbers["singular"] in singular(study, run.x[last])
        assert numbers["singular"] == ("singular" in finding.text)
    if "The Hessian there is singular" in finding.text:
        low, high = sorted(np.abs(here.eigenvalues))
        assert low <= 1e-6 * high + here.bend_doubt, "the Hessian is regular"
        assert numbers["shape"] != "crease"
    if "value" in numbers:
        same(numbers["value"], float(study.objective.value(run.x[last])))
        # "No floor in sight": further along its last move it is lower still.
        beyond = run.x[last] + (run.x[last] - run.x[0])
        assert study.objective.value(beyond) < numbers["value"] < float(run.value[0])


def between(objective: Objective, x: np.ndarray, given: np.ndarray) -> None:
    """What a method is given on a crease is none of the slopes beyond those to its sides, unless those grow to it."""
    size = max(1.0, float(np.abs(x).max()))
    slopes, nearer = (_around(objective, x, reach * size) for reach in (1e-6, 1e-7))
    slack = 1e-3 * float(np.abs(slopes).max()) + 1e-6 * (1 + abs(float(objective.value(x))))
    if np.abs(nearer).max() > 2 * np.abs(slopes).max():
        return
    assert (given >= slopes.min(axis=0) - slack).all()
    assert (given <= slopes.max(axis=0) + slack).all()


def _around(objective: Objective, x: np.ndarray, reach: float) -> np.ndarray:
    """Slopes on a ring around x, from values, (32, 2)."""
    angle = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    beside, h = x + reach * np.stack([np.cos(angle), np.sin(angle)], axis=-1), 1e-2 * reach * np.eye(2)
    return np.array([[objective.value(p + e) - objective.value(p - e) for e in h] for p in beside]) / (2e-2 * reach)


def singular(study: Study, x: np.ndarray) -> set[bool]:
    """Whether the model that a step from x would trust is singular; both where doubles cannot tell."""
    matrix, formula = study.models.matrix[-1], formula_of(study.objective)
    # A model that is not the Hessian's is singular or not by itself.
    if formula is None or not np.allclose(matrix, study.objective.hessian(x)):
        return {bool(np.linalg.matrix_rank(matrix) < 2)}
    (a, b), (c, d) = in_digits(formula, x)[1]
    parts = abs(a * d) + abs(b * c)
    # Entries are rounded, and where their products cancel, or are so small, nobody can tell what is left.
    if 0 < max(abs(a), abs(b), abs(d)) < 1e-60:
        return {True, False}
    share = float(abs(a * d - b * c) / parts) if parts else 0.0
    return {True, False} if 1e-17 < share < 1e-13 else {share <= 1e-17}


def strides(objective: Objective, x: np.ndarray) -> bool:
    """Whether differences of doubles reach over a crease at x or beside it: shorter ones tell another slope."""
    if formula_of(objective) is not None:
        return False
    if creased(objective, x):
        return True
    wide, near = (told_by_steps(objective, x, unit) for unit in (1.0, 1e-4))
    apart = np.abs(wide.gradient - near.gradient).max()
    return bool(apart > wide.slope_doubt + near.slope_doubt + 1e-6 * np.abs(near.gradient).max())


def promise(study: Study, k: int) -> tuple[float, float]:
    """What the model of step k promised, with the slope by differences, and what came of it."""
    x, p, matrix = study.models.x[k], study.models.step[k], study.models.matrix[k]
    here = ground_at(study.objective, x)

    def promised(gradient: np.ndarray) -> float:
        return float(-(gradient @ p + p @ matrix @ p / 2))

    # Where doubles cancel in the slope, or a step is so long that their doubt counts, it is what the method has seen.
    told = promised(here.gradient)
    sure = here.slope_doubt <= 1e-6 * float(np.abs(here.gradient).max()) and not strides(study.objective, x)
    sure &= here.slope_doubt * float(np.abs(p).sum()) <= 1e-5 * abs(told)
    told = told if sure else promised(study.objective.gradient(x))
    return told, float(study.objective.value(x) - study.objective.value(x + p))


@checks("model.trust")
def trust(study: Study, finding: Finding) -> None:
    numbers = finding.numbers
    off, doubt, surely = {}, {}, set()
    for k in range(study.steps):
        promised, got = promise(study, k)
        rounding = 1e-14 * max(1.0, abs(float(study.models.value[k])))
        # A promise of nothing, but for rounding, tells nothing.
        p = np.abs(study.models.step[k])
        parts = float(np.abs(study.models.gradient[k]) @ p + p @ np.abs(study.models.matrix[k]) @ p)
        if abs(promised) > max(rounding, 1e-9 * parts):
            off[k + 1], doubt[k + 1] = abs(got / promised - 1), 2 * rounding / abs(promised) + 1e-4
            surely |= {k + 1} if abs(promised) > 1e-7 * parts else set()
    assert numbers["step"] in off
    k = numbers["step"] - 1
    assert numbers["taken"] == (not np.array_equal(study.run.x[k + 1], study.run.x[k])) != ("refused" in finding.text)
    promised, got = promise(study, k)
    # Of a step that was refused nothing is said to have happened.
    assert numbers["taken"] or not re.search(r"f (rose|fell)", finding.text)
    alike = f"{numbers['promised']:.4g}" == f"{numbers['got']:.4g}"
    assert ("most wrong" in finding.text) == (not numbers["taken"] or not alike)
    slack = 1e-6 * max(abs(promised), abs(got)) + doubt[numbers["step"]] * abs(promised)
    same(numbers["promised"], promised, 1e-5, min(slack, 0.01 * abs(promised)))
    if np.isfinite(numbers["got"]):
        same(numbers["got"], got, 1e-5, slack)
    furthest = abs(numbers["got"] / numbers["promised"] - 1)
    assert all(off[k] <= 1.001 * furthest + doubt[k] for k in surely)
    wrong = {k for k in surely if off[k] > 0.1 + doubt[k]}
    perhaps = {k for k in off if off[k] > 0.1 - doubt[k]}
    since = numbers["right_from"]
    if since is None:
        assert max(off) in perhaps
        return
    assert all(k < since for k in wrong)
    assert since == min(off) or max((k for k in off if k < since), default=0) in perhaps
    assert not wrong if "Every step kept" in finding.text else perhaps


@checks("model.bends")
def bends(study: Study, finding: Finding) -> None:
    numbers, models = finding.numbers, study.models
    grounds = [ground_at(study.objective, x) for x in models.x]
    surely, perhaps_on = np.array([crease_beside(study.objective, x) for x in models.x]).T
    down = np.array([each.eigenvalues[0] < 0 for each in grounds])
    vague = np.array([each.vague[0] for each in grounds])
    certain, perhaps = down & ~vague & ~perhaps_on, (down | vague) & ~surely
    assert certain.sum() <= numbers["count"] <= perhaps.sum()
    assert (~perhaps_on).sum() <= numbers["iterates"] <= (~surely).sum()
    assert ("off a crease" in finding.text) == (numbers["iterates"] < len(grounds))
    first = numbers["first"]
    assert first < len(grounds)
    assert perhaps[first]
    assert not certain[:first].any()
    p, gradient = models.step[first], models.gradient[first]
    held = models.matrix[first] + float(models.damping[first]) * np.eye(2)
    if numbers["model"] == "at rest":
        assert not p.any()
        assert np.abs(grounds[first].gradient).max() <= 1e-9 * max(1.0, grounds[first].scale)
    elif numbers["model"] == "singular":
        # Of a matrix of two rows one is next to a multiple of the other.
        low, high = sorted(np.abs(np.linalg.eigvalsh(held)))
        assert low <= 1e-12 * high
        assert np.array_equal(study.run.x[first], study.run.x[-1])
    elif numbers["model"] == "leashed":
        same(float(np.hypot(*p)), float(models.radius[first]), 1e-6)
    elif numbers["model"] == "bent":
        assert np.roots([1, -np.trace(held), np.linalg.det(held)]).real.min() > 0
        assert gradient @ p < 0
        x = study.run.x[first]
        taken = first < study.steps and not np.array_equal(study.run.x[first + 1], x)
        rise = float(study.objective.value(x + p) - study.objective.value(x))
        if "risen" in numbers:
            same(numbers["risen"], rise, 1e-6)
        else:
            assert not taken or rise <= 1e-12 * max(1.0, abs(float(study.objective.value(x))))
    else:
        assert numbers["model"] == "as it is"
        assert np.isinf(models.radius[first])
        assert np.roots([1, -np.trace(held), np.linalg.det(held)]).real.min() <= 0
