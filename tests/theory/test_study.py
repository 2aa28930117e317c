"""Studies: the models are those of the run, and every ending has its sentence."""

import numpy as np
import pytest

from landscape.descent.descend import descend
from landscape.domain import diagonal
from landscape.networks import NETWORKS
from landscape.optimizers import OPTIMIZERS
from landscape.optimizers.quadratic_model import Modelled
from landscape.surfaces import SURFACES, Surface, surface_from_formula
from landscape.theory.report import model_findings
from landscape.theory.study import SEEN, Study, caption, study, telling, verdict

MODELLED = [key for key, cls in OPTIMIZERS.items() if issubclass(cls, Modelled)]


def studied(key: str, surface: Surface, start: tuple[float, float], steps: int = 30, **settings: float) -> Study:
    return study(surface, OPTIMIZERS[key](**settings), np.array(start), steps, 1e-10)


@pytest.mark.parametrize("key", MODELLED)
def test_models_stand_at_the_iterates_of_the_run(key: str) -> None:
    surface = SURFACES["himmelblau"]
    got = studied(key, surface, surface.start)
    run = descend(surface, OPTIMIZERS[key](), np.array(surface.start), 30, tolerance=1e-10)
    assert np.array_equal(got.models.x, run.x[: got.steps + 1])
    assert np.allclose(got.local.hessian, surface.hessian(got.models.x))
    accepted = got.models.accepted[: got.steps]
    moved = got.models.x[:-1] + np.where(accepted[:, None], got.models.step[:-1], 0)
    assert np.allclose(moved, got.models.x[1:])


@pytest.mark.parametrize("key", MODELLED)
def test_the_believed_centre_has_no_slope(key: str) -> None:
    surface = SURFACES["rosenbrock"]
    got = studied(key, surface, surface.start)
    p = got.centre - got.models.x
    slope = got.models.gradient + np.einsum("kij,kj->ki", got.matrix, p)
    known = np.isfinite(p).all(axis=-1)
    assert known.any()
    assert np.abs(slope[known]).max() <= 1e-8 * max(1.0, np.abs(got.models.gradient).max())


def test_newton_steps_to_the_centre_and_a_trust_region_stays_within_its_radius() -> None:
    surface = SURFACES["himmelblau"]
    newton = studied("newton", surface, (2.0, 1.0))
    assert np.allclose(newton.models.x[:-1] + newton.models.step[:-1], newton.centre[:-1])
    leashed = studied("trust_region", surface, (-0.3, -1.0))
    assert np.all(np.linalg.norm(leashed.models.step, axis=-1) <= leashed.models.radius * (1 + 1e-9))
    assert np.array_equal(leashed.matrix, leashed.models.matrix)


def test_agreement_is_one_on_a_quadratic_and_nothing_where_both_are_rounding() -> None:
    got = studied("levenberg_marquardt", SURFACES["quadratic"], (-4.0, 2.0))
    rho = got.agreement[: got.steps]
    assert np.allclose(rho[np.isfinite(rho)][:5], 1, rtol=1e-6)
    at_rest = studied("newton", SURFACES["sphere"], (0.0, 0.0))
    assert np.isnan(at_rest.agreement).all()


@pytest.mark.parametrize(
    ("formula", "key", "start", "sentence"),
    [
        ("x**2 + y**2", "newton", (0.0, 0.0), "The slope at the start is already zero, on a bowl"),
        ("x**2 - y**2", "newton", (0.0, 0.0), "already zero, on a saddle"),
        ("x**4 + y**4", "newton", (0.0, 0.0), "already zero, on a plateau"),
        ("x**2 + y", "newton", (1.0, 1.0), "The Hessian there is singular"),
        (
            "(x**2 + y - 11)**2 + (x + y**2 - 7)**2",
            "gauss_newton",
            (0.5, 0.5),
            "46.7. Its matrix there is singular. So",
        ),
        ("abs(x) + y", "newton", (0.0, 1.0), "given a slope of 1. Its matrix there is singular. So"),
        ("x + y", "newton", (1.0, 1.0), "it has no curvature in any direction"),
        ("-x**2 - y**2", "newton", (1.0, 1.0), "on a hilltop: it curves downwards in every direction"),
        ("x**2 - y**2", "trust_region", (1.0, 0.1), "with no floor in sight"),
        ("-x**2 - y**2", "gradient_descent", (1.0, 1.0), "diverged at step"),
        ("exp(-x**2 - y**2)", "gradient_descent", (3.0, 3.0), "still moving after 30 steps"),
    ],
    ids=[
        "zero gradient",
        "at a saddle",
        "at a plateau",
        "singular",
        "singular though the Hessian is not",
        "singular on a crease",
        "linear",
        "indefinite",
        "unbounded",
        "diverged",
        "flat",
    ],
)
def test_every_ending_has_its_sentence(formula: str, key: str, start: tuple[float, float], sentence: str) -> None:
    settings = {"lr": 1.0} if key == "gradient_descent" and "exp" not in formula else {}
    got = studied(key, surface_from_formula(formula), start, **settings)
    assert sentence in verdict(got)
    assert verdict(got) in [each.text for each in model_findings(got)]
    assert all(caption(got, k).endswith(".") for k in range(got.steps + 1))


def test_a_caption_says_the_curvatures_and_the_shape() -> None:
    got = studied("newton", SURFACES["rosenbrock"], (-1.2, 1.0))
    words = caption(got, 0)
    # Newton's first two steps from there, by hand: f falls from 24.2 to 4.73, and then rises to 1411.8.
    assert words == (
        "At (-1.2, 1) the curvatures are 23.63 and 1506: a bowl. The model promises a fall of 19.4; f falls by 19.5."
    )
    assert caption(got, 1).endswith(" The model promises a fall of 4.22; f rises by 1,407.")
    assert "promises" not in caption(got, got.steps)
    refused = studied("trust_region", SURFACES["rosenbrock"], (-1.2, 1.0))
    k = int(np.flatnonzero(~refused.models.accepted[: refused.steps])[0])
    assert "step refused. The model promises" in caption(refused, k)
    assert "; f would " in caption(refused, k)
    assert "off the map" not in words
    assert "already there" not in words
    assert "already there" in caption(studied("newton", SURFACES["rosenbrock"], (1.0, 1.0)), 0)
    assert "(0.7631, -3.175), off the map, the curvatures" in caption(got, 2)
    damped = studied("levenberg_marquardt", SURFACES["rosenbrock"], (-1.2, 1.0))
    assert "Damping 1" in caption(damped, 0)
    assert "Radius 1" in caption(studied("trust_region", SURFACES["rosenbrock"], (-1.2, 1.0)), 0)
    singular = studied("newton", surface_from_formula("x**2 + y"), (1.0, 1.0))
    assert caption(singular, 0).endswith(". The model is singular.")


@pytest.mark.parametrize("key", ["newton", "levenberg_marquardt", "trust_region"])
def test_models_are_those_of_the_run_where_a_mini_batch_could_be_drawn(key: str) -> None:
    problem = NETWORKS["relu_neuron"].with_(batch_size=30)
    got = study(problem, OPTIMIZERS[key](), np.array([-0.762, -2.075]), 30, 1e-10)
    assert np.array_equal(got.models.x, got.run.x[: got.steps + 1])
    assert got.run.value[0] == problem.value(got.run.x[0])


def test_the_worst_promise_is_named() -> None:
    got = studied("newton", SURFACES["rosenbrock"], (-1.2, 1.0))
    worst = int(np.nanargmax(np.abs(got.agreement[: got.steps] - 1)))
    (line,) = [each.text for each in model_findings(got) if "most wrong" in each.text]
    assert f"at step {worst + 1}:" in line
    assert f"rose by **{-got.models.actual[worst]:.4g}**" in line


@pytest.mark.parametrize(("start", "step"), [((-1.2, 1.0), 3), ((1.0, 1.0), 0)], ids=["seen", "there from the first"])
def test_the_iterate_that_tells_most_is_the_last_on_the_map_with_a_step_that_is_seen(
    start: tuple[float, float], step: int
) -> None:
    got = studied("newton", SURFACES["rosenbrock"], start)
    domain = SURFACES["rosenbrock"].domain
    assert telling(got, domain) == step
    low, high = np.array(domain).T
    assert ((got.run.x[step] >= low) & (got.run.x[step] <= high)).all()
    later = np.linalg.norm(np.diff(got.run.x[step + 1 : got.steps + 1], axis=0), axis=-1)
    assert (later < SEEN * diagonal(domain)).all()
