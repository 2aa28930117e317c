"""Every ready-made network with its data: as an Objective, and those with two weights as surfaces."""

import itertools
import pickle

import numpy as np
import pytest

from landscape.descent.descend import descend
from landscape.networks import MLP, NETWORKS, PlanarProblem, Problem
from landscape.optimizers import OPTIMIZERS
from landscape.regularization.penalties import PENALTIES
from landscape.surfaces import SURFACES
from landscape.theory.stationary import global_minima
from tests.numerics import check_gradient, check_hessian, check_taylor

PLANAR = {key: problem for key, problem in NETWORKS.items() if isinstance(problem, PlanarProblem)}
each_problem = pytest.mark.parametrize("problem", NETWORKS.values(), ids=NETWORKS)
each_planar = pytest.mark.parametrize("problem", PLANAR.values(), ids=PLANAR)


def variants(problem: Problem) -> list[Problem]:
    """The problem as it comes, with each setting at either end, and with other seeds; each once."""
    ends = [problem.with_(**{name: knob.grid()[end]}) for name, knob in problem.knobs.items() for end in (0, -1)]
    return list(dict.fromkeys([problem, *ends, *(problem.with_(seed=seed) for seed in (1, 2, 3))]))


VARIANTS = [variant for problem in PLANAR.values() for variant in variants(problem)]
each_variant = pytest.mark.parametrize(
    "problem", VARIANTS, ids=lambda p: "-".join([p.key, *(f"{name}={value:g}" for name, value in p.settings)])
)


def points(problem: Problem, count: int) -> np.ndarray:
    """Seeded points of the domain, or around the start of a problem that has none, shape (count, n)."""
    rng = np.random.default_rng(20240607)
    if not isinstance(problem, PlanarProblem):
        return problem.start + 0.3 * rng.standard_normal((count, problem.dimension))
    low, high = np.transpose(problem.domain)
    return rng.uniform(low, high, (count, 2))


@each_problem
@pytest.mark.parametrize("check", [check_gradient, check_hessian, check_taylor])
def test_derivatives(problem, check):
    rng = np.random.default_rng(7)
    for x in points(problem, 4):
        if problem.kink and check is check_taylor:
            continue  # Within a step of a crease a remainder has no order; the other two choose their step.
        check(problem, x, rng)


@each_variant
def test_minima_are_global_minima(problem):
    low, high = np.transpose(problem.domain)
    grid = np.stack(np.meshgrid(*np.linspace(low, high, 301).T, indexing="ij"), axis=-1)
    values = problem.value(grid)
    if not problem.minima:
        sides = [np.linspace(a, b, 20_001) for a, b in zip(low, high, strict=True)]
        edges = [np.stack(np.broadcast_arrays(sides[0], end), axis=-1) for end in problem.domain[1]]
        edges += [np.stack(np.broadcast_arrays(end, sides[1]), axis=-1) for end in problem.domain[0]]
        assert problem.value(np.array(edges)).min() <= values.min(), "a map without a minimum is lowest on its edge"
        return
    for point, value in problem.minima:
        x = np.array(point)
        eigenvalues = np.linalg.eigvalsh(problem.hessian(x))
        assert (low < x).all()
        assert (x < high).all()
        assert problem.value(x) == value == pytest.approx(problem.minima[0].value, rel=1e-12, abs=1e-14)
        assert np.abs(problem.gradient(x)).max() <= 1e-12 * (1 + eigenvalues.max())
        assert eigenvalues.min() > 0
        assert values.min() >= value - 1e-14
    # Whatever lies on the grid about as low as the lowest lies beside a minimum that is listed.
    deepest = grid[values <= values.min() + 1e-12]
    distance = np.linalg.norm(deepest[:, None] - [point for point, _ in problem.minima], axis=-1).min(axis=1)
    assert distance.max() < 0.02 * (high - low).max()


def test_without_noise_a_neuron_finds_the_neuron_that_made_its_data():
    for key, weights in {"tanh_neuron": (1.5, -0.75), "relu_neuron": (1.0, -0.5)}.items():
        (minimum,) = NETWORKS[key].with_(noise=0).minima
        assert minimum.point == pytest.approx(weights, abs=1e-9)
        assert minimum.value == pytest.approx(0, abs=1e-20)


def test_classes_that_can_be_separated_leave_no_minimum():
    assert NETWORKS["logistic_neuron"].minima
    assert NETWORKS["logistic_neuron"].with_(noise=0).minima == ()


def test_two_weights_in_a_row_have_mirrored_minima_and_a_saddle():
    chain = NETWORKS["tanh_chain"]
    first, second = chain.minima
    assert first.point == pytest.approx([-c for c in second.point], abs=1e-12)
    assert np.abs(chain.gradient(np.zeros(2))).max() == 0
    assert np.linalg.eigvalsh(chain.hessian(np.zeros(2)))[0] < 0 < np.linalg.eigvalsh(chain.hessian(np.zeros(2)))[1]


@pytest.mark.parametrize(
    "key",
    [
        *("quadratic", "booth", "rosenbrock", "beale", "himmelblau", "three_hump_camel", "six_hump_camel", "branin"),
        *("mccormick", "styblinski_tang", "goldstein_price", "peaks", "rastrigin"),
    ],
)
def test_the_search_finds_the_listed_minima_of_surfaces(key):
    """The same search, where minima are known from elsewhere."""
    surface = SURFACES[key]
    found = global_minima(surface, surface.domain)
    np.testing.assert_allclose([m.point for m in found], sorted(m.point for m in surface.minima), atol=1e-6)


@each_planar
def test_it_answers_what_a_page_asks_of_a_surface(problem):
    surface = SURFACES["quadratic"]
    asked = ("key", "title", "group", "domain", "start", "minima", "source", "note", "kink", "knobs", "settings")
    for name in (*asked, "axes", "symbol", "arguments"):
        assert isinstance(getattr(problem, name), type(getattr(surface, name))), name
    assert problem.dimension == surface.dimension == 2
    assert all(problem.axes)
    start = np.array(problem.start)
    assert np.linalg.norm(problem.gradient(start)) > 1e-6, "a start where nothing moves teaches nothing"


@each_problem
def test_record_is_complete(problem):
    assert NETWORKS[problem.key] is problem
    for text in (problem.title, problem.group, problem.source, problem.note):
        assert text == text.strip() != ""
    assert problem.source.endswith(".")
    assert problem.note.endswith(".")
    assert len(problem.start) == problem.dimension
    assert problem.network.loss in (problem.samples.loss, "mse"), "squared error is allowed everywhere, to compare"
    assert problem.network.outputs == problem.samples.outputs
    assert all(problem.latex(part) for part in ("value", "gradient", "hessian"))
    for part in ("value", "gradient", "hessian"):
        assert problem.latex(part).count("{") == problem.latex(part).count("}")
    with pytest.raises(ValueError, match="part is 'slope'; allowed are value, gradient, hessian"):
        problem.latex("slope")


def test_menus_can_hold_networks_beside_surfaces():
    assert not set(NETWORKS) & set(SURFACES)
    titles = [entry.title for entry in (*SURFACES.values(), *NETWORKS.values())]
    assert len(set(titles)) == len(titles)
    headings = [heading for heading, _ in itertools.groupby(e.group for e in (*SURFACES.values(), *NETWORKS.values()))]
    assert len(headings) == len(set(headings))


@each_problem
def test_a_problem_survives_pickling_and_can_be_hashed(problem):
    problem.value(np.array(problem.start))
    again = pickle.loads(pickle.dumps(problem))
    assert again == problem
    assert hash(again) == hash(problem)
    assert again.value(np.array(problem.start)) == problem.value(np.array(problem.start))


@each_problem
def test_settings_reach_the_data_and_the_batch(problem):
    changed = problem.with_(size=20, batch_size=5)
    assert len(changed.samples) == 20
    drawn = changed.draw(np.random.default_rng(0))
    assert drawn.samples == 5
    assert problem.draw(np.random.default_rng(0)).samples == len(problem.samples)
    assert changed.with_(batch_size=20).draw(np.random.default_rng(0)).samples == 20
    np.testing.assert_array_equal(changed.value(problem.start), changed.with_(batch_size=0).value(problem.start))


@each_planar
@pytest.mark.parametrize("key", OPTIMIZERS)
def test_every_optimizer_runs_on_it(problem, key):
    method = OPTIMIZERS[key]()
    if not method.applies_to(problem):
        with pytest.raises(ValueError, match=f"{method.title} needs"):
            descend(problem, method, np.array(problem.start), 30)
        return
    run = descend(problem.with_(batch_size=10), method, np.array(problem.start), 30)
    assert run.status.item() in ("converged", "diverged", "stalled", "max_steps")
    assert np.isfinite(run.x).all()


@each_problem
def test_gradient_descent_goes_down(problem):
    run = descend(problem, OPTIMIZERS["gradient_descent"](lr=0.02), np.array(problem.start), 50)
    assert (np.diff(run.value) < 0).all()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"nose": 1}, "nose is 1, but tanh_neuron has no such parameter; allowed are noise, size, seed, batch_size"),
        ({"noise": -1}, "noise is -1; allowed is 0 to 1"),
        ({"batch_size": 0.5}, "batch_size is 0.5; it must be a whole number"),
        ({"batch_size": 1000}, "batch_size is 1000; allowed is 0 to 100"),
    ],
)
def test_a_wrong_setting_is_named(settings, message):
    with pytest.raises(ValueError, match=message):
        NETWORKS["tanh_neuron"].with_(**settings)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"start": (9.0, 0.0)}, "start has x = 9; the domain allows -4 to 5"),
        ({"start": (1.0, 0.0, 0.0)}, "start has 3 numbers; it must have 2, one a weight"),
        ({"network": MLP((1, 2, 1)), "start": ()}, "there are 7 weights; only two can be drawn"),
    ],
)
def test_a_wrong_record_is_refused(changes, message):
    problem = NETWORKS["tanh_neuron"]
    fields = {
        name: getattr(problem, name) for name in ("key", "title", "group", "network", "data", "note", "domain", "axes")
    }
    with pytest.raises(ValueError, match=message):
        PlanarProblem(**(fields | changes))


# Penalties.


@pytest.mark.parametrize("key", PENALTIES)
@pytest.mark.parametrize("build", ["objective", "problem", "draw"])
def test_a_penalty_leaves_the_biases_alone(key, build):
    problem = NETWORKS["moons_network"].with_(batch_size=8)
    whole = {"objective": problem.objective, "problem": problem, "draw": problem.draw(np.random.default_rng(0))}
    loss, x = whole[build], np.random.default_rng(1).standard_normal(problem.dimension)
    names = [name for name, array in problem.network.unpack(x).items() for _ in array.flat]
    biases = np.array([name.endswith(".bias") for name in names])
    assert loss.biases == tuple(np.flatnonzero(biases))
    penalized = loss + PENALTIES[key](0.7)
    assert penalized.penalty == PENALTIES[key](0.7, free=loss.biases)
    only = np.where(biases, x, 0.0)
    assert penalized.value(only) == loss.value(only)
    np.testing.assert_array_equal(penalized.gradient(x)[biases], loss.gradient(x)[biases])
    assert (penalized.gradient(x)[~biases] != loss.gradient(x)[~biases]).all()
    np.testing.assert_array_equal(penalized.hessian(x)[biases], loss.hessian(x)[biases])
    np.testing.assert_array_equal(penalized.penalty.prox(x, 0.5)[biases], x[biases])
    assert (penalized.penalty.prox(x, 0.5)[~biases] != x[~biases]).all()
    assert penalized.biases == loss.biases
