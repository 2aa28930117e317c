"""What is looked at in a training: ailments by step, the edge of stability along a run, a weight through one step."""

import numpy as np
import pytest

from landscape.descent.schedules import SCHEDULES
from landscape.lessons import report
from landscape.lessons.checkup import checkup
from landscape.lessons.example import Followed, example_walk
from landscape.lessons.sharpness import Sharpness
from landscape.lessons.training import Training, ailing, bouts, train
from landscape.networks.spectrum import Spectrum, spectrum
from landscape.networks.walk import edges
from landscape.numbers import typeset
from landscape.optimizers import OPTIMIZERS
from landscape.theory.quadratics import Diagonal
from tests.lessons.test_training import moons, trained


def sharpness(key: str, full: bool = True, **settings) -> Sharpness:
    training = trained(moons((3,)), 12, **{key: OPTIMIZERS[key](**settings)})
    found = spectrum(training.lesson.objective, training.runs[key].x, np.arange(13))
    return Sharpness(training, key, found, full)


def test_a_checkup_finds_what_ails_each_run():
    methods = {"gradient_descent": OPTIMIZERS["gradient_descent"](lr=0.5), "adam": OPTIMIZERS["adam"](lr=0.1)}
    training, steps = trained(moons(init="zeros"), **methods), np.array([0, 20, 40])
    looked = checkup(training, steps)
    for key in methods:
        assert looked.bouts[key] == bouts(ailing(training, key, steps), steps)
    told = [finding for finding in report.findings(looked) if finding.kind == "training.ailment"]
    assert {finding.numbers["method"] for finding in told} == set(methods)
    for _, numbers, text in told:
        assert report.NAMES[numbers["ailment"]] in text
        assert 0 <= numbers["first"] <= numbers["last"] <= 40


def test_the_edge_is_two_over_the_rate_of_each_step():
    found = sharpness("gradient_descent", lr=0.5)
    np.testing.assert_allclose(found.edge, 4.0, rtol=1e-9)
    sharpest, edge = report.sharpness_findings(found)
    eigenvalues = found.spectrum.eigenvalues
    assert sharpest.numbers["most"] == eigenvalues[:, -1].max()
    assert sharpest.numbers["negative_first"] == (eigenvalues[0] < 0).sum()
    assert edge.numbers["edge"] == pytest.approx(4.0, rel=1e-9)
    assert edge.numbers["nearest"] == pytest.approx(eigenvalues[:, -1].max() / 4, rel=1e-9)
    assert f"came to {25 * eigenvalues[:, -1].max():.3g} % of it" in edge.text


def test_a_schedule_moves_the_edge():
    given, schedule = moons((3,)), SCHEDULES["cosine"]()
    method = OPTIMIZERS["gradient_descent"](lr=0.5)
    run = train(given, method, 12, schedule=schedule)
    training = Training(given, {"gradient_descent": method}, {"gradient_descent": run}, schedule.factors(12))
    found = Sharpness(training, "gradient_descent", spectrum(given.objective, run.x, np.arange(13)), True)
    np.testing.assert_allclose(found.edge * schedule.factors(12), 4.0, rtol=1e-9)


def test_an_edge_that_moves_is_told_from_first_to_last_and_counted_step_by_step():
    """2 / (0.5 f): 4, 8, 16 and 16. The sharpest points, 5, 7, 15 and 17, are beyond it at the first and the last."""
    method = OPTIMIZERS["gradient_descent"](lr=0.5)
    given = moons((3,))
    run = train(given, method, 3)
    training = Training(given, {"gradient_descent": method}, {"gradient_descent": run}, np.array([1, 0.5, 0.25]))
    sharpest = np.array([[-1.0, 5], [-1, 7], [-1, 15], [-1, 17]])
    edge = report.sharpness_findings(Sharpness(training, "gradient_descent", Spectrum(np.arange(4), sharpest), True))[1]
    assert (edge.numbers["edge"], edge.numbers["edge_last"]) == pytest.approx((4, 16), rel=1e-9)
    assert edge.numbers["beyond"] == 0.5
    assert edge.text == (
        "Gradient descent's edge of stability moves with its rate, from **4** to **16**. This run is beyond it at "
        "50 % of the points looked at: there the loss need not fall."
    )


def test_of_steps_that_nobody_looked_at_nothing_is_said():
    training = trained(moons((3,)), 4, gradient_descent=OPTIMIZERS["gradient_descent"](lr=0.1))
    values = np.array([[-1.0, 2.0], [-1.0, 3.0], [-1.0, 1.0]])
    some = Sharpness(training, "gradient_descent", Spectrum(np.array([0, 2, 4]), values), True)
    sharpest, edge = (each.text for each in report.sharpness_findings(some))
    assert sharpest.startswith("The largest eigenvalue begins at 2, reaches **3** where looked at, and ends at **1**.")
    assert edge.endswith("The sharpest point looked at came to 15 % of it.")
    every = Sharpness(training, "gradient_descent", Spectrum(np.arange(5), np.tile(values[:1], (5, 1))), True)
    sharpest, edge = (each.text for each in report.sharpness_findings(every))
    assert sharpest.startswith("The largest eigenvalue begins at 2, reaches **2** and ends at **2**.")
    assert edge.endswith("The sharpest point of this run came to 10 % of it.")


def test_rounding_is_no_negative_curvature():
    training = trained(moons((3,)), 2, gradient_descent=OPTIMIZERS["gradient_descent"]())
    values = np.array([[-1e-17, 2.0], [-1e-17, 1.0], [-0.5, 1.0]])
    told = report.sharpness_findings(Sharpness(training, "gradient_descent", Spectrum(np.arange(3), values), True))[0]
    assert (told.numbers["negative_first"], told.numbers["negative_last"]) == (0, 1)
    assert told.text.endswith("Negative curvatures: 0 of 2 at first, 1 at the end.")


def test_a_method_that_scales_its_steps_has_no_edge_and_mini_batches_are_told():
    kinds = [finding.kind for finding in report.sharpness_findings(sharpness("adam"))]
    assert kinds == ["spectrum.sharpness", "spectrum.no_edge"]
    kinds = [finding.kind for finding in report.sharpness_findings(sharpness("momentum", full=False, lr=0.1))]
    assert kinds == ["spectrum.sharpness", "spectrum.edge", "spectrum.mini_batches"]


@pytest.mark.parametrize(("bends", "grows"), [((1.0, 1.0), False), ((0.1, 1.9), True)])
def test_below_the_edge_the_error_grows_only_with_mini_batches_that_bend_differently(bends, grows):
    """Of one curvature a step leaves 1 - rate * curvature of the error; of two the mean of both squares."""
    told = report.sharpness_findings(sharpness("gradient_descent", full=False, lr=0.1))[-1]
    assert "With mini-batches that bend differently the error can grow below it too." in told.text
    damped = report.sharpness_findings(sharpness("newton", full=False, lr=2.4, damping=100.0))[-1]
    assert damped.text == "This edge is for steps on all samples."
    curvatures = 0.98 * (2 / 0.1) * np.array(bends)
    assert (np.mean((1 - 0.1 * curvatures) ** 2) > 1) == grows


def test_fista_has_no_edge_that_theory_gives_though_its_errors_grow_at_large_rates():
    """Its momentum grows from step to step: there is an edge, but not that of one linear map."""
    told = report.sharpness_findings(sharpness("fista", lr=0.1))[1]
    assert told.kind == "spectrum.no_edge"
    assert told.text == (
        "Theory tells the edge of stability for a fixed rate and momentum. FISTA sets its steps otherwise."
    )
    ends = []
    for curvature in (5.0, 25.0):
        x, method = np.ones(1), OPTIMIZERS["fista"](lr=0.1)
        state = method.init(x)
        for _ in range(200):
            x, state = method.step(Diagonal(np.array([curvature])), x, state)
        ends.append(abs(float(x[0])))
    assert ends[0] < 1e-6
    assert ends[1] > 1e6


def test_a_weight_is_followed_through_one_step_on_one_example():
    training = trained(moons((3,)), 12, gradient_descent=OPTIMIZERS["gradient_descent"](lr=0.5))
    given = training.lesson
    walked = example_walk(training, "gradient_descent", given.learn.inputs[7], float(given.learn.targets[7]), 3)
    followed = Followed(given.network, walked, edges(given.network)[1])
    assert followed.name == "x₂ → hidden 1"
    step, gradient = report.example_findings(followed)
    w = training.runs["gradient_descent"].x[3]
    alone = given.network.objective(given.learn.inputs[7:8], given.learn.targets[7:8])
    at = followed.edge.place
    assert gradient.numbers["gradient"] == pytest.approx(alone.gradient(w)[at], rel=1e-12)
    assert gradient.numbers["difference"] == pytest.approx(gradient.numbers["gradient"], rel=1e-6)
    after = w - 0.5 * alone.gradient(w)
    assert step.numbers["before"] == w[at]
    assert step.numbers["after"] == pytest.approx(after[at], rel=1e-12)
    assert step.numbers["loss_after"] == pytest.approx(alone.value(after), rel=1e-12)
    assert f"to {typeset(after[at])}." in step.text
