"""A sweep equals its runs made one at a time."""

import numpy as np
import pytest

from landscape.descent.descend import descend
from landscape.knob import Knob
from landscape.maps.sweeps import axis, predicted, stability_limit, sweep
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES
from landscape.theory.quadratics import heavy_ball

BOWL = SURFACES["quadratic"]
START = (-4.0, 2.0)


@pytest.mark.parametrize(
    ("key", "grid", "settings"),
    [
        ("momentum", {"lr": [0.01, 0.1, 0.19, 1.0], "momentum": [0.0, 0.5, 0.9]}, {}),
        ("adam", {"beta1": [0.0, 0.9], "lr": [0.01, 0.1, 1.0]}, {"beta2": 0.9}),
        ("lbfgs", {"history": [1, 3], "c2": [0.1, 0.9]}, {}),
        ("newton", {"lr": [0.5, 1.0], "line_search": [False, True]}, {}),
        ("trust_region", {"radius": [0.1, 1.0], "max_radius": [0.5, 10.0]}, {}),
    ],
)
def test_a_sweep_equals_its_runs(key, grid, settings):
    result = sweep(BOWL, OPTIMIZERS[key], START, 80, grid, settings, tolerance=1e-5)
    first, second = grid
    assert result.names == (first, second)
    assert result.value.shape == (len(grid[second]), len(grid[first]))
    for i, b in enumerate(grid[second]):
        for j, a in enumerate(grid[first]):
            optimizer = OPTIMIZERS[key](**settings, **{first: a, second: b})
            run = descend(BOWL, optimizer, START, 80, tolerance=1e-5)
            assert result.status[i, j] == run.status
            if run.status != "diverged":
                np.testing.assert_allclose(result.x[i, j], run.x[-1], rtol=1e-9, atol=1e-12)
                np.testing.assert_allclose(result.value[i, j], run.value[-1], rtol=1e-9, atol=1e-15)
            assert result.steps[i, j] == (run.stop if run.status == "converged" else -1)


def test_what_converges_is_what_theory_says():
    lr, momentum = np.geomspace(0.02, 0.6, 12), np.linspace(0, 0.9, 7)
    result = sweep(BOWL, OPTIMIZERS["momentum"], START, 800, {"lr": lr, "momentum": momentum})
    radius, _ = heavy_ball(lr, momentum[:, None], [1.0, 10.0])
    clear = np.abs(radius - 1) > 0.03
    np.testing.assert_array_equal(result.status[clear] == "converged", radius[clear] < 1)


def test_a_sweep_of_one_block_too_says_how_far_it_is():
    seen = []
    grid = {"lr": [1e-4, 2e-4], "momentum": [0.5, 0.6]}
    sweep(BOWL, OPTIMIZERS["momentum"], START, 39, grid, progress=seen.append)
    assert seen == pytest.approx([0.0, 0.25, 0.5, 0.75, 1.0])


def test_bad_input_is_named():
    def attempt(grid, **more):
        return sweep(BOWL, OPTIMIZERS["momentum"], START, 10, grid, **more)

    with pytest.raises(ValueError, match="'nu' is not a knob of Momentum; it has lr, momentum"):
        attempt({"lr": [0.1], "nu": [0.5]})
    with pytest.raises(ValueError, match="grid has 1 knobs"):
        attempt({"lr": [0.1]})
    with pytest.raises(ValueError, match="momentum is"):
        attempt({"lr": [0.1], "momentum": [0.5, 1.5]})
    with pytest.raises(ValueError, match="at most 250000"):
        attempt({"lr": np.full(1000, 0.1), "momentum": np.full(1000, 0.1)})
    with pytest.raises(ValueError, match="start is"):
        sweep(BOWL, OPTIMIZERS["momentum"], (1.0, np.nan), 10, {"lr": [0.1], "momentum": [0.5]})


def test_an_axis_keeps_to_the_knob() -> None:
    assert np.allclose(axis(Knob(0.1, 1e-9, 10, "log"), 3), [1e-5, 1e-2, 10])
    assert axis(Knob(0.5, 0, 1), 5).tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert axis(Knob(2, 1, 4, "integer"), 60).tolist() == [1, 2, 3, 4]
    assert axis(Knob(False, scale="switch"), 60).tolist() == [False, True]


@pytest.mark.parametrize("order", [("lr", "momentum"), ("momentum", "lr")])
def test_the_limit_is_the_one_known_for_heavy_ball(order: tuple[str, str]) -> None:
    grid = {"lr": np.geomspace(1e-2, 1, 30), "momentum": np.linspace(0, 0.99, 20)}
    grid = {name: grid[name] for name in order}
    cls, eigenvalues = OPTIMIZERS["momentum"], np.array([1.0, 10.0])
    done = sweep(SURFACES["quadratic"], cls, np.array([-4.0, 2.0]), 300, grid)
    limit = dict(zip(order, stability_limit(cls, done, {}, eigenvalues).T, strict=True))
    assert len(limit["lr"]) >= 20
    assert np.allclose(limit["lr"], 2 * (1 + limit["momentum"]) / 10, rtol=1e-6)
    factor = predicted(cls, done, {}, eigenvalues)
    assert factor is not None
    # Where growth is plain, theory and the runs agree on every pair.
    plain = np.abs(factor - 1) > 0.1
    assert np.array_equal((factor > 1)[plain], (done.status == "diverged")[plain])


def test_there_is_no_limit_where_theory_has_no_factor() -> None:
    adam = OPTIMIZERS["adam"]
    grid = {"lr": np.array([0.1, 0.2]), "beta1": np.array([0.5, 0.9])}
    done = sweep(SURFACES["quadratic"], adam, np.array([-4.0, 2.0]), 5, grid)
    assert predicted(adam, done, {}, np.array([1.0, 10.0])) is None
    assert stability_limit(adam, done, {}, np.array([1.0, 10.0])).shape == (0, 2)
