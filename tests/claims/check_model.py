"""Checks of what is said of the models that a run trusted."""

import numpy as np

from landscape.finding import Finding
from landscape.theory.study import Study
from tests.claims.check_race import possible_shapes, slope_and_bends
from tests.claims.checks import checks, same

# Beside the largest, a curvature may be taken for none or for some.
VAGUE = 1e-6


@checks("model.verdict")
def verdict(study: Study, finding: Finding) -> None:
    numbers, run = finding.numbers, study.run
    moves = [k for k in range(1, len(run.x)) if not np.array_equal(run.x[k], run.x[k - 1])]
    last = moves[-1] if moves else 0
    status = numbers["status"]
    assert status == str(run.status)
    end = {"converged": last, "stalled": last, "diverged": last + 1}.get(status, len(run.x) - 1)
    assert numbers["step"] == end
    gradient, eigenvalues = slope_and_bends(study.objective, run.x[last])
    scale = max(1.0, float(np.abs(eigenvalues).max()))
    if "place" in numbers:
        assert np.array_equal(numbers["place"], run.x[last])
    if "shape" in numbers:
        assert numbers["shape"] in possible_shapes(eigenvalues)
    if status == "converged":
        assert np.abs(gradient).max() <= 1e-6 * scale
    if "slope" in numbers:
        same(numbers["slope"], float(np.hypot(*gradient)), 1e-5, 1e-7 * scale)
    if "singular" in numbers:
        flat = np.abs(eigenvalues).min() <= VAGUE * np.abs(eigenvalues).max()
        assert numbers["singular"] == flat == ("singular" in finding.text)
    if "value" in numbers:
        same(numbers["value"], float(study.objective.value(run.x[last])))
        # "No floor in sight": further along its last move it is lower still.
        beyond = run.x[last] + (run.x[last] - run.x[0])
        assert study.objective.value(beyond) < numbers["value"] < float(run.value[0])


def promise(study: Study, k: int) -> tuple[float, float]:
    """What the model of step k promised, with the slope by differences, and what came of it."""
    x, p, matrix = study.models.x[k], study.models.step[k], study.models.matrix[k]
    gradient, _ = slope_and_bends(study.objective, x)
    promised = -sum(gradient[i] * p[i] + sum(p[i] * matrix[i, j] * p[j] for j in range(2)) / 2 for i in range(2))
    return float(promised), float(study.objective.value(x) - study.objective.value(x + p))


@checks("model.trust")
def trust(study: Study, finding: Finding) -> None:
    numbers = finding.numbers
    ratios = {}
    for k in range(study.steps):
        promised, got = promise(study, k)
        # Where both are rounding nothing is told.
        if abs(promised) > 1e-10 * max(1.0, abs(float(study.models.value[k]))):
            ratios[k + 1] = got / promised
    assert numbers["step"] in ratios or len(ratios) < study.steps
    promised, got = promise(study, numbers["step"] - 1)
    slack = 1e-7 * max(abs(promised), abs(got)) + 1e-9 * max(1.0, abs(float(study.models.value[numbers["step"] - 1])))
    same(numbers["promised"], promised, 1e-5, slack)
    same(numbers["got"], got, 1e-5, slack)
    furthest = abs(numbers["got"] / numbers["promised"] - 1)
    assert all(abs(ratio - 1) <= 1.001 * furthest + 1e-4 for ratio in ratios.values())
    wrong = [step for step, ratio in ratios.items() if abs(ratio - 1) > 0.1]
    if numbers["right_from"] is None:
        assert wrong
    else:
        assert all(step < numbers["right_from"] for step in wrong)
        assert not wrong or numbers["right_from"] - 1 in wrong or numbers["right_from"] - 1 not in ratios
        assert ("Every step kept" in finding.text) == (not wrong)


@checks("model.bends")
def bends(study: Study, finding: Finding) -> None:
    numbers, models = finding.numbers, study.models
    lowest, sure = [], []
    for x in models.x:
        _, (low, high) = slope_and_bends(study.objective, x)
        lowest.append(low < 0)
        sure.append(abs(low) > VAGUE * max(abs(low), abs(high)))
    certain = sum(low and known for low, known in zip(lowest, sure, strict=True))
    assert certain <= numbers["count"] <= certain + sum(not known for known in sure)
    assert numbers["iterates"] == len(lowest)
    first = numbers["first"]
    assert lowest[first] or not sure[first]
    assert not any(low and known for low, known in zip(lowest[:first], sure[:first], strict=True))
    p, gradient = models.step[first], models.gradient[first]
    held = models.matrix[first] + float(models.damping[first]) * np.eye(2)
    if numbers["model"] == "leashed":
        same(float(np.hypot(*p)), float(models.radius[first]), 1e-6)
    elif numbers["model"] == "bent":
        assert np.roots([1, -np.trace(held), np.linalg.det(held)]).real.min() > 0
        assert gradient @ p < 0
    else:
        assert numbers["model"] == "as it is"
        assert np.isinf(models.radius[first])
        assert np.roots([1, -np.trace(held), np.linalg.det(held)]).real.min() <= 0
