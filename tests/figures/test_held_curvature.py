"""What follows while a point, a rate or a start is held on Curvature and Basins, against what Python computes."""

from typing import Any

import numpy as np
import pytest

from landscape.descent.descend import descend
from landscape.descent.recorded import recorded
from landscape.descent.schedules import SCHEDULES
from landscape.figures.basins.paths import Paths, lay
from landscape.figures.curvature.hold import follow_decreases, follow_model
from landscape.figures.curvature.stability import _forecast
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import THEMES
from landscape.formulas.program import NAMES
from landscape.formulas.record import write_down
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES
from landscape.theory.quadratics import heavy_ball
from landscape.theory.study import study

ROSENBROCK = SURFACES["rosenbrock"]


def empty() -> Stage:
    return Stage(THEMES["light"], height=400, revision="held")


CALLED = {name: function for function, name in NAMES.items()}


def ran(program: dict[str, Any], *values: Any) -> list[Any]:
    """What a program gives that is read as a browser reads it."""
    registers = [None if each is None else float(each) for each in program["registers"]]
    registers[: len(values)] = values
    with np.errstate(all="ignore"):
        for name, result, *arguments in program["operations"]:
            registers[result] = CALLED[name](*[registers[a] for a in arguments])
    return [np.broadcast_to(registers[output], np.shape(values[-1])) for output in program["outputs"]]


@pytest.mark.parametrize("start", [(-1.2, 1.0), (0.5, 2.0), (1.9, -0.9)])
def test_the_model_has_one_value_along_each_of_its_level_curves(start: tuple[float, float]) -> None:
    stage, newton = empty(), OPTIMIZERS["newton"]()
    follow_model(stage, newton, ROSENBROCK.compiled, 0, 1, 2)
    rings, tried, centre = stage.live["curves"]
    lanes = np.array(rings["lanes"], dtype=float)
    points = np.stack(ran(rings["program"], *start, *lanes.T), axis=-1)
    x, g, h = np.array(start), ROSENBROCK.gradient(np.array(start)), ROSENBROCK.hessian(np.array(start))
    p = points - x
    value = p @ g + np.einsum("ki,ij,kj->k", p, h, p) / 2
    level = -g @ np.linalg.solve(h, g) / 2
    bowl = np.linalg.det(h) > 0
    shares = lanes[:, 0] if bowl else lanes[:, 2]
    drawn = np.isfinite(points).all(axis=1)
    assert drawn.sum() >= 200
    # From the centre the value grows as the square of the share, either way on a saddle.
    assert np.allclose(np.abs(value[drawn] - level), shares[drawn] ** 2 * abs(level), rtol=1e-6)
    assert np.allclose(np.ravel(ran(centre["program"], *start, np.zeros(1))), x - np.linalg.solve(h, g))
    ends = np.stack(ran(tried["program"], *start, np.array([0.0, 1.0])), axis=-1)
    assert np.allclose(ends, [x, x - np.linalg.solve(h, g)])


@pytest.mark.parametrize("key", ["newton", "saddle_free_newton", "gradient_descent"])
def test_promises_and_what_came_of_them_follow(key: str) -> None:
    stage, optimizer = empty(), OPTIMIZERS[key]()
    follow_decreases(stage, optimizer, ROSENBROCK.compiled, (0, 1, 2), (-1.1, 2.3))
    there = study(ROSENBROCK, optimizer, np.array([0.5, 2.0]), 30, 1e-10)
    x, steps = there.run.x[: there.steps + 1], np.arange(1, there.steps + 1)
    lanes = np.concatenate([steps[:, None], x[1:], x[:-1]], axis=1)
    predicted, actual, ratio = (ran(curve["program"], *lanes.T)[1] for curve in stage.live["curves"])
    # The last steps gain so little that rounding is much of it.
    big = np.abs(there.models.predicted[: there.steps]) > 1e-9
    assert big.sum() >= 3
    assert np.allclose(predicted[big], np.abs(there.models.predicted[: there.steps])[big], rtol=1e-5)
    assert np.allclose(actual[big], np.abs(there.models.actual[: there.steps])[big], rtol=1e-5)
    assert np.allclose(ratio[big], np.clip(there.agreement[: there.steps][big], -1.1, 2.3), rtol=1e-5)
    # A step that was not taken is not drawn.
    still = np.concatenate([[7.0], x[0], x[0]])[:, None]
    assert np.isnan([ran(curve["program"], *still)[1] for curve in stage.live["curves"]]).all()


def test_the_forecast_is_heavy_ball_s() -> None:
    eigenvalues = np.array([1.0, 10.0])
    program = write_down(lambda *terms: list(_forecast(eigenvalues, *terms).values()), ["lr", "momentum"])
    rng = np.random.default_rng(3)
    for lr, momentum in zip(rng.uniform(0.01, 0.5, 30), rng.uniform(0, 0.99, 30), strict=True):
        limit, factor = program(lr, momentum)
        expected, _ = heavy_ball(np.array([lr]), np.array([momentum]), eigenvalues)
        assert factor == pytest.approx(float(expected[0]), rel=1e-9)
        assert limit == pytest.approx(0.2 * (1 + momentum))


def test_paths_are_laid_over_their_maps_and_can_be_pointed_at() -> None:
    stage, methods = empty(), {key: OPTIMIZERS[key]() for key in ("newton", "gradient_descent")}
    start = np.array([0.5, 2.0])
    runs = {key: descend(ROSENBROCK, method, start, 20) for key, method in methods.items()}
    given = recorded(ROSENBROCK, methods, 20, noise=0.0, seed=0, schedule=SCHEDULES["constant"]())
    lay(Paths(start, runs, given), methods, ROSENBROCK, stage)
    live = stage.live
    assert [(grip["panel"], grip["point"]) for grip in live["grips"]] == [("x", True), ("x2", True)]
    # One run draws both strokes of its path.
    assert [descent["traces"] for descent in live["descents"]] == [[1], [4]]
    assert [(curve["trace"], curve["run"]) for curve in live["curves"]] == [(0, 0), (3, 1)]
    assert [stage.still[grip["mark"]]["name"] for grip in live["grips"]] == ["start", "start"]
    assert (live["values"]["x"]["at"], live["course"]["steps"]) == (0.5, 20)
