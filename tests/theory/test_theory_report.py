"""What theory's records say, and their tables: the numbers are the records'."""

import numpy as np
import pytest

from landscape.descent.descend import descend
from landscape.domain import diagonal
from landscape.landscapes import LANDSCAPES
from landscape.numbers import apart, short
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES, surface_from_formula
from landscape.theory.commentary import distances
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
        "level": (),
    }
    assert f"has the highest order, **{seen.order:.2f}**" in steepest.text
    assert lost.text == "Gradient descent closes in on no stationary point: it diverged."


def test_three_methods_that_end_in_a_small_pit_are_not_said_to_end_at_a_saddle() -> None:
    surface = SURFACES["ackley"]
    points = stationary_points(surface, surface.domain)
    methods = {key: OPTIMIZERS[key]() for key in ("trust_region", "newton")}
    methods["gradient_descent"] = OPTIMIZERS["gradient_descent"](lr=0.02)
    runs = {key: descend(surface, each, np.array([0.9, 0.1]), 60, tolerance=1e-10) for key, each in methods.items()}
    found = approaches(surface, points, methods, runs, diagonal(surface.domain))
    assert found.closing.keys() == methods.keys()
    assert {each.seen.kind for each in found.closing.values()} == {"minimum"}
    assert [each.kind for each in order_findings(found)] == ["order.steepest"]


def test_a_run_that_rests_on_a_plain_is_not_said_to_be_at_no_stationary_point() -> None:
    surface = LANDSCAPES["relu_neuron"]
    method = OPTIMIZERS["gradient_descent"](lr=0.1)
    run = descend(surface, method, np.array([-42.2, -380.9]), 13, tolerance=1e-10)
    assert (run.status, run.gradient_norm[-1]) == ("converged", 0)
    points = stationary_points(surface, surface.domain)
    found = approaches(surface, points, {method.key: method}, {method.key: run}, diagonal(surface.domain))
    none, told = order_findings(found)
    assert none.text == "No order can be measured: no run closes in on a stationary point."
    assert told.text == "Gradient descent rests where the slope is zero, at none of the stationary points found here."


def test_a_run_that_rests_on_a_crease_is_not_said_to_rest_where_the_slope_is_zero() -> None:
    surface = LANDSCAPES["relu_neuron"]
    method = OPTIMIZERS["gradient_descent"](lr=0.1)
    run = descend(surface, method, np.array([1.0, -3.0]), 5, tolerance=1e-10)
    points = stationary_points(surface, surface.domain)
    found = approaches(surface, points, {method.key: method}, {method.key: run}, diagonal(surface.domain))
    assert order_findings(found)[-1].text == (
        "Gradient descent rests on a crease, at none of the stationary points found here."
    )


def test_no_measured_factor_is_said_to_be_off_a_factor_of_0() -> None:
    """At rate 1/2 a step from x leads to -2 x**3, which is -x where x is 1/sqrt(2)."""
    surface = surface_from_formula("x**2 + y**2 + x**4")
    points, optimizer = stationary_points(surface, surface.domain), OPTIMIZERS["momentum"](lr=0.5, momentum=0.0)
    run = descend(surface, optimizer, np.array([0.5**0.5, 0.0]), 20)
    trial = Trial(surface, optimizer, run, toward(optimizer, run, points, 0))
    assert trial.forecast[0] == 0
    verdict = stability_findings(trial)[1]
    assert verdict.numbers["measured"] == pytest.approx(1, abs=1e-3)
    assert "off" not in verdict.numbers
    assert verdict.text.endswith(f" Measured: **{apart(verdict.numbers['measured'], 1.0, 4)[0]}**.")


def test_methods_that_are_alike_share_the_highest_order() -> None:
    found = approached((4.0, 3.0), 40, momentum={"lr": 0.01, "momentum": 0.0}, gradient_descent={"lr": 0.01})
    steepest = order_findings(found)[0]
    assert steepest.numbers["level"] == ("gradient_descent",)
    assert "As high: Gradient descent." in steepest.text


@pytest.mark.parametrize(
    ("start", "why"),
    [
        ((3.0, 2.0), "the runs are there after at most two steps"),
        ((-5.0, 5.5), "no run closes in on a stationary point"),
    ],
)
def test_where_no_order_is_measured_it_is_said_why(start: tuple[float, float], why: str) -> None:
    found = approached(start, 30, gradient_descent={"lr": 1e-6})
    assert order_findings(found)[0].text == f"No order can be measured: {why}."


def test_a_method_that_is_there_with_its_second_step_is_not_said_to_be_sooner() -> None:
    """Gauss-Newton on Rosenbrock: the first step mends one residual, the second the other."""
    method = OPTIMIZERS["gauss_newton"]()
    run = descend(ROSENBROCK, method, np.array([-1.2, 1.0]), 20, tolerance=1e-10)
    assert run.stop == 2
    points = stationary_points(ROSENBROCK, ROSENBROCK.domain)
    found = approaches(ROSENBROCK, points, {method.key: method}, {method.key: run}, 4.0)
    assert order_findings(found)[0].text == "No order can be measured: the runs are there after at most two steps."


def test_who_does_not_go_to_a_minimum_is_told() -> None:
    found = approached((-0.3, -1.0), 30, newton={}, gradient_descent={"lr": 0.01})
    (told,) = [each for each in order_findings(found) if each.kind == "order.elsewhere"]
    assert told.numbers == {"kind": "maximum", "methods": ("newton",)}
    assert told.text == "Closing in on a **maximum**, not a minimum: Newton."


def test_a_row_holds_what_was_measured_beside_what_theory_says() -> None:
    found = approached((4.0, 3.0), 200, newton={}, gradient_descent={"lr": 0.01})
    newton, plain = order_rows(found)
    assert newton["method"] == "Newton"
    assert newton["factor predicted"] == pytest.approx(0, abs=1e-9)
    assert plain["factor measured"] == pytest.approx(plain["factor predicted"], rel=1e-2)
    assert plain["closes in on"] == "minimum (3, 2)"


def test_the_best_rates_and_the_limit_are_those_of_the_curvatures() -> None:
    points = stationary_points(QUADRATIC, QUADRATIC.domain)
    optimizer = OPTIMIZERS["momentum"](lr=0.1, momentum=0.6)
    run = descend(QUADRATIC, optimizer, np.array([-4.0, 2.0]), 300)
    limit, verdict, best = stability_findings(Trial(QUADRATIC, optimizer, run, toward(optimizer, run, points, 0)))
    assert (limit.numbers["low"], limit.numbers["high"]) == pytest.approx((1, 10))
    assert limit.numbers["limit"] == pytest.approx(0.2)
    assert limit.text == (
        "Gradient descent is stable below a rate of 2/λmax = **0.2**. At the minimum (0, 0) the curvatures are **1** "
        "and **10**; the condition number is 10."
    )
    assert verdict.numbers["regime"] == "ripples"
    assert verdict.numbers["factor"] == pytest.approx(0.6**0.5)
    assert best.numbers["heavy_ball"] == best_heavy_ball(points.eigenvalues[0])
    assert best.numbers["gradient_descent"] == best_gradient_descent(points.eigenvalues[0])


def test_ground_that_bends_down_is_counted() -> None:
    got = study(HIMMELBLAU, OPTIMIZERS["newton"](), np.array([0.0, 0.0]), 30, 1e-10)
    (bends,) = [each for each in model_findings(got) if each.kind == "model.bends"]
    assert bends.numbers["count"] == np.sum(got.local.eigenvalues[:, 0] < 0)
    assert bends.text.startswith(
        f"The Hessian has a negative eigenvalue at {bends.numbers['count']} of {got.steps + 1} "
    )


@pytest.mark.parametrize(
    ("key", "step", "promised", "risen"),
    [("trust_region", 9, "0.3696", "0.2609"), ("levenberg_marquardt", 2, "2.539", "43.84")],
)
def test_of_a_step_that_was_refused_nothing_is_said_to_have_risen(
    key: str, step: int, promised: str, risen: str
) -> None:
    got = study(ROSENBROCK, OPTIMIZERS[key](), np.array([-1.2, 1.0]), 30, 1e-10)
    assert np.all(np.diff(got.run.value) <= 0)
    tried = got.run.x[step - 1] + got.models.step[step - 1]
    assert f"{ROSENBROCK.value(tried) - got.run.value[step - 1]:.4g}" == risen
    (trust,) = [each for each in model_findings(got) if each.kind == "model.trust"]
    assert not trust.numbers["taken"]
    assert trust.text.startswith(
        f"The model was most wrong at step {step}: it promised a fall of **{promised}**, but f would "
        f"have risen by **{risen}**. That step was refused."
    )


def test_a_model_that_is_right_to_all_digits_is_not_said_to_be_wrong() -> None:
    """On a quadratic Newton's model is the function itself: from (-4, 2) it falls by (16 + 10 * 4) / 2."""
    got = study(QUADRATIC, OPTIMIZERS["newton"](), np.array([-4.0, 2.0]), 5, 1e-10)
    assert model_findings(got)[0].text == (
        "The model was right at step 1: it promised a fall of **28**, and f fell by as much. "
        "Every step kept its promise to within a tenth."
    )


def test_a_leap_that_is_refused_is_told_with_what_it_would_have_done() -> None:
    """At 2 the slope of sqrt(1 + x**2) is 2/sqrt(5) and its curvature 5**-1.5: Newton's step is -10, all the radius."""
    surface = surface_from_formula("sqrt(1 + x**2) + y**2")
    got = study(surface, OPTIMIZERS["trust_region"](radius=10, max_radius=10), np.array([2.0, 0.0]), 5, 1e-10)
    trust = model_findings(got)[0]
    assert trust.numbers["promised"] == pytest.approx(2 * 5**0.5, rel=1e-9)
    assert trust.numbers["got"] == pytest.approx(5**0.5 - 65**0.5, rel=1e-9)
    assert "but f would have risen by **5.826**. That step was refused." in trust.text


def test_a_step_that_sets_out_downhill_and_goes_too_far_is_told_by_how_much() -> None:
    """At rate 2 a step takes (1, 0.1) to (-3, 0.5): x**2 - y**2 rises from 0.99 to 8.75."""
    saddle = surface_from_formula("x**2 - y**2")
    got = study(saddle, OPTIMIZERS["gradient_descent"](lr=2.0), np.array([1.0, 0.1]), 5, 1e-10)
    (bends,) = [each for each in model_findings(got) if each.kind == "model.bends"]
    assert bends.numbers["risen"] == pytest.approx(7.76, rel=1e-9)
    assert bends.text.endswith("so its step sets out downhill. It goes too far: f rises by **7.76**.")
    short = study(saddle, OPTIMIZERS["gradient_descent"](lr=0.1), np.array([1.0, 0.1]), 5, 1e-10)
    (bends,) = [each for each in model_findings(short) if each.kind == "model.bends"]
    assert bends.text.endswith("so its step sets out downhill.")


def test_where_the_model_has_no_stationary_point_none_is_spoken_of() -> None:
    got = study(surface_from_formula("y - x**2"), OPTIMIZERS["newton"](), np.array([1.0, 1.0]), 5, 1e-10)
    (bends,) = [each for each in model_findings(got) if each.kind == "model.bends"]
    assert bends.numbers["model"] == "singular"
    assert bends.text == (
        "The Hessian has a negative eigenvalue at 1 of 1 iterates, first at step 0. "
        "The model there has no single stationary point, so the method stays."
    )


def test_newton_on_a_hilltop_may_fall_and_is_not_said_to_climb() -> None:
    start = np.array([1.341, 0.271])
    got = study(HIMMELBLAU, OPTIMIZERS["newton"](), start, 1, 1e-10)
    assert got.local.shape[0] == "hilltop"
    assert f"{got.run.value[0] - got.run.value[1]:.4g}" == "43.52"
    told = {each.kind: each.text for each in model_findings(got)}
    assert "it foresaw a rise of **144.3**, and f fell by **43.52**" in told["model.trust"]
    assert told["model.bends"].endswith("no minimum, and the step may lead uphill.")


def test_the_true_hessian_is_said_with_its_shape() -> None:
    got = study(ROSENBROCK, OPTIMIZERS["newton"](), np.array([-1.2, 1.0]), 30, 1e-10)
    assert true_hessian(got, 0) == (
        "The true Hessian there has eigenvalues **23.63** and **1506**. That is a **bowl**: "
        "it curves upwards in every direction."
    )


def test_stationary_points_are_counted_by_kind_and_listed() -> None:
    assert counts(POINTS) == "This map has **4** minima, **4** saddles and **1** maximum."
    rows = point_rows(POINTS, ("w1", "w2"), 5)
    assert len(rows) == 5
    assert list(rows[0]) == ["kind", "w1", "w2", "value", "eigenvalues"]
    at = {(row["w1"], row["w2"]) for row in rows}
    assert ("3", "2") in at


def test_the_sentence_under_an_order_has_every_distance_or_of_many_the_least_and_the_largest() -> None:
    points = stationary_points(HIMMELBLAU, HIMMELBLAU.domain)
    keys = ("gradient_descent", "momentum", "adam", "newton", "bfgs", "levenberg_marquardt")
    for some in (keys[:2], keys):
        methods = {key: OPTIMIZERS[key]() for key in some}
        runs = {key: descend(HIMMELBLAU, each, np.array([2.9, 2.1]), 40) for key, each in methods.items()}
        found = approaches(HIMMELBLAU, points, methods, runs, 10.0)
        lines = distances(found, range(41))
        assert len(set(lines)) > 5
        left = [each.seen.errors[3] for each in found.closing.values()]
        assert all(short(error) in lines[3] for error in (left if len(left) < 6 else (min(left), max(left))))
    (late,) = distances(found, [5])
    assert late.startswith("Distance left: Gradient descent ")
    assert late.endswith(". At most 6.66·10⁻¹²: Newton, Levenberg-Marquardt.")


def test_under_an_order_of_many_methods_those_that_are_there_are_counted() -> None:
    points = stationary_points(HIMMELBLAU, HIMMELBLAU.domain)
    methods = {
        key: OPTIMIZERS[key]() for key in ("gradient_descent", "momentum", "nesterov", "newton", "bfgs", "lbfgs")
    }
    runs = {key: descend(HIMMELBLAU, each, np.array([2.9, 2.1]), 60) for key, each in methods.items()}
    first, late = distances(approaches(HIMMELBLAU, points, methods, runs, 10.0), [0, 60])
    # Of all at one place none is nearest: (2.9, 2.1) is sqrt(0.02) from (3, 2).
    assert first == "All: 0.141 away."
    assert late.startswith("Furthest: ")
    assert late.endswith(" 3 of 6 methods are at most 6.66·10⁻¹² away.")
