"""What theory's records say, and their tables: the numbers are the records'."""

import numpy as np
import pytest

from landscape.descent.descend import descend
from landscape.domain import diagonal
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES
from landscape.theory.convergence import Approaches, Trial, approaches, toward
from landscape.theory.quadratics import best_gradient_descent, best_heavy_ball
from landscape.theory.report import (
    counts,
    model_findings,
    order_findings,
    order_rows,
    point_rows,
    stability_findings,
    true_hessian,
)
from landscape.theory.stationary import stationary_points
from landscape.theory.study import study

HIMMELBLAU, QUADRATIC, ROSENBROCK = (SURFACES[key] for key in ("himmelblau", "quadratic", "rosenbrock"))
POINTS = stationary_points(HIMMELBLAU, HIMMELBLAU.domain)


def approached(start: tuple[float, float], steps: int, **settings: dict[str, float]) -> Approaches:
    optimizers = {key: OPTIMIZERS[key](**given) for key, given in settings.items()}
    runs = {key: descend(HIMMELBLAU, each, np.array(start), steps, tolerance=1e-10) for key, each in optimizers.items()}
    return approaches(HIMMELBLAU, POINTS, optimizers, runs, diagonal(HIMMELBLAU.domain))


def test_a_run_closes_in_on_a_point_or_is_lost() -> None:
    found = approached((4.0, 3.0), 40, newton={}, gradient_descent={"lr": 1.0})
    assert list(found.closing) == ["newton"]
    assert list(found.lost) == ["gradient_descent"]
    assert np.allclose(found.closing["newton"].seen.target, [3, 2])


def test_the_steepest_is_named_with_its_order_and_the_lost_with_how_they_ended() -> None:
    found = approached((4.0, 3.0), 40, newton={}, momentum={"lr": 0.01}, gradient_descent={"lr": 1.0})
    steepest, lost = order_findings(found)
    seen = found.closing["newton"].seen
    assert steepest.numbers == {
        "method": "newton",
        "order": seen.order,
        "steps": len(seen.errors) - 1,
        "kind": "minimum",
    }
    assert f"measured order **{seen.order:.2f}**" in steepest.text
    assert lost.text == "Gradient descent is diverged far from every stationary point."


def test_who_does_not_go_to_a_minimum_is_told() -> None:
    found = approached((-0.3, -1.0), 30, newton={}, gradient_descent={"lr": 0.01})
    (told,) = [each for each in order_findings(found) if each.kind == "order.elsewhere"]
    assert told.numbers == {"kind": "maximum", "methods": ("newton",)}
    assert told.text == "Not to a minimum but to a **maximum**: Newton."


def test_a_row_holds_what_was_measured_beside_what_theory_says() -> None:
    found = approached((4.0, 3.0), 200, newton={}, gradient_descent={"lr": 0.01})
    newton, plain = order_rows(found)
    assert newton["method"] == "Newton"
    assert newton["factor a step, theory"] == pytest.approx(0, abs=1e-9)
    assert plain["factor measured"] == pytest.approx(plain["factor a step, theory"], rel=1e-2)
    assert plain["closes in on a"] == "minimum (3, 2)"


def test_the_best_rates_and_the_limit_are_those_of_the_curvatures() -> None:
    points = stationary_points(QUADRATIC, QUADRATIC.domain)
    optimizer = OPTIMIZERS["momentum"](lr=0.1, momentum=0.6)
    run = descend(QUADRATIC, optimizer, np.array([-4.0, 2.0]), 300)
    limit, verdict, best = stability_findings(Trial(QUADRATIC, optimizer, run, toward(optimizer, run, points, 0)))
    assert (limit.numbers["low"], limit.numbers["high"]) == pytest.approx((1, 10))
    assert limit.numbers["limit"] == pytest.approx(0.2)
    assert limit.text == (
        "At the minimum (0, 0) the curvatures are **1** and **10**: gradient descent is stable below 2/λ = **0.2**, "
        "and the condition number is 10."
    )
    assert verdict.numbers["regime"] == "ripples"
    assert verdict.numbers["factor"] == pytest.approx(0.6**0.5)
    assert best.numbers["heavy_ball"] == best_heavy_ball(points.eigenvalues[0])
    assert best.numbers["gradient_descent"] == best_gradient_descent(points.eigenvalues[0])


def test_ground_that_bends_down_is_counted() -> None:
    got = study(HIMMELBLAU, OPTIMIZERS["newton"](), np.array([0.0, 0.0]), 30, 1e-10)
    (bends,) = [each for each in model_findings(got) if each.kind == "model.bends"]
    assert bends.numbers["count"] == np.sum(got.local.eigenvalues[:, 0] < 0)
    assert bends.text.startswith(f"At {bends.numbers['count']} of {got.steps + 1} iterates")


def test_the_true_hessian_is_said_with_its_shape() -> None:
    got = study(ROSENBROCK, OPTIMIZERS["newton"](), np.array([-1.2, 1.0]), 30, 1e-10)
    assert true_hessian(got, 0) == (
        "The true Hessian there, with eigenvalues **23.633** and **1506.4**, says **bowl**: "
        "it curves upwards in every direction."
    )


def test_stationary_points_are_counted_by_kind_and_listed() -> None:
    assert counts(POINTS) == "On this map, minimum: **4**, saddle: **4**, maximum: **1**."
    rows = point_rows(POINTS, ("w1", "w2"), 5)
    assert len(rows) == 5
    assert list(rows[0]) == ["kind", "w1", "w2", "value", "eigenvalues"]
    at = {(row["w1"], row["w2"]) for row in rows}
    assert ("3", "2") in at
