"""Every optimizer that is registered keeps the contract; each follows its source, step for step."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from landscape.formulas.expression import parse
from landscape.knob import knobs
from landscape.optimizers import OPTIMIZERS, Optimizer, register

QUADRATIC = parse("x**2/2 + 2*y**2")
HIMMELBLAU = parse("(x**2 + y - 11)**2 + (x + y**2 - 7)**2")
STARTS = np.array([[0.1, -0.2], [-3.2, 0.6], [2.0, 2.5]])

TORCH = np.load(Path(__file__).parents[1] / "data" / "torch_trajectories.npz")
TORCH_RUNS = json.loads(str(TORCH["runs"]))
TORCH_STARTS = json.loads(str(TORCH["starts"]))
TORCH_OBJECTIVES = {name: parse(text) for name, text in json.loads(str(TORCH["formulas"])).items()}


def run(optimizer, objective, start, steps):
    """Iterates of shape (steps + 1, ...)."""
    x = np.asarray(start, dtype=float)
    state = optimizer.init(x)
    path = [x]
    for _ in range(steps):
        x, state = optimizer.step(objective, x, state)
        path.append(x)
    return np.array(path)


def parts(state):
    """The arrays and numbers of a state, out of tuples in tuples."""
    return [leaf for part in state for leaf in parts(part)] if isinstance(state, tuple) else [state]


def same_paths(a, b, objective=HIMMELBLAU, steps=30):
    np.testing.assert_allclose(run(a, objective, STARTS, steps), run(b, objective, STARTS, steps), rtol=1e-12, atol=0)


@pytest.fixture(params=OPTIMIZERS)
def key(request):
    return request.param


# The contract, for every entry of the registry.


def test_a_menu_has_what_it_needs(key):
    optimizer = OPTIMIZERS[key]
    assert optimizer.key == key
    assert optimizer.family in ("First order", "Adaptive", "Second order", "Quasi-Newton", "Line search")
    assert optimizer.title
    assert optimizer.note.endswith(".")
    assert r"x \leftarrow" in optimizer.rule
    assert optimizer.rule.count("{") == optimizer.rule.count("}")
    assert optimizer.rule.count(r"\left(") == optimizer.rule.count(r"\right)")
    assert all(each.label and each.help.endswith(".") for each in knobs(optimizer).values())
    assert "Source" in optimizer.__doc__


def test_step_is_pure(key):
    optimizer = OPTIMIZERS[key]()
    x = STARTS.copy()
    state = optimizer.init(x)
    for _ in range(3):
        before = [np.array(part).tobytes() for part in parts((x, state))]
        for part in parts((x, state)):
            if isinstance(part, np.ndarray):
                part.setflags(write=False)
        once, again = optimizer.step(HIMMELBLAU, x, state), optimizer.step(HIMMELBLAU, x, state)
        assert before == [np.array(part).tobytes() for part in parts((x, state))]
        np.testing.assert_equal(once, again)
        x, state = once


def test_the_defaults_lower_a_quadratic(key):
    path = run(OPTIMIZERS[key](), QUADRATIC, [1.0, -1.0], 100)
    assert QUADRATIC.value(path[-1]) < QUADRATIC.value(path[0])


def test_a_lively_rate_comes_close_to_the_minimum(key):
    optimizer = OPTIMIZERS[key]
    lively = {"lr": max(optimizer().lr, 0.05)} if "lr" in knobs(optimizer) else {}
    path = run(optimizer(**lively), QUADRATIC, [1.0, -1.0], 400)
    assert QUADRATIC.value(path[-1]) < 0.01 * QUADRATIC.value(path[0])


def test_a_batch_equals_its_starts_one_at_a_time(key):
    optimizer = OPTIMIZERS[key]()
    alone = np.stack([run(optimizer, HIMMELBLAU, start, 25) for start in STARTS], axis=1)
    np.testing.assert_allclose(run(optimizer, HIMMELBLAU, STARTS, 25), alone, rtol=1e-11)
    in_a_grid = run(optimizer, HIMMELBLAU, STARTS.reshape(3, 1, 2), 25)
    np.testing.assert_allclose(in_a_grid, alone[:, :, None], rtol=1e-11)


def test_arrays_of_hyper_parameters_equal_scalars(key):
    optimizer = OPTIMIZERS[key]
    settings = [{}, {}]
    for name, each in knobs(optimizer).items():
        if each.scale in ("linear", "log"):
            lower = each.default / 2 if each.default / 2 >= each.low else (each.low + each.default) / 2
            settings[0][name] = each.default
            settings[1][name] = lower or each.high / 10
    # In the second setting every hyper-parameter differs; one start serves both.
    columns = {name: np.array([[s[name]] for s in settings]) for name in settings[0]}
    batched = run(optimizer(**columns), HIMMELBLAU, np.tile(STARTS[0], (2, 1)), 25)
    scalar = np.stack([run(optimizer(**s), HIMMELBLAU, STARTS[0], 25) for s in settings], axis=1)
    np.testing.assert_allclose(batched, scalar, rtol=1e-11)


def test_component_first_memory_stays_component_first(key):
    optimizer = OPTIMIZERS[key]()
    x = np.asfortranarray(STARTS)
    new, state = optimizer.step(HIMMELBLAU, x, optimizer.init(x))
    assert all(part.flags.f_contiguous for part in parts((new, state)) if np.shape(part) == x.shape)


def test_a_rate_is_set_on_a_copy_and_leaves_its_range(key):
    optimizer = OPTIMIZERS[key]()
    if "lr" not in knobs(optimizer):
        assert optimizer.scaled(0.5) is optimizer
        return
    assert optimizer.with_rate(0.25) == OPTIMIZERS[key](lr=0.25)
    assert optimizer.with_rate(1e6).lr == 1e6
    assert optimizer.scaled(0.5) == optimizer.with_rate(optimizer.lr / 2)
    assert optimizer.scaled(1.0) is optimizer
    assert optimizer == OPTIMIZERS[key]()


def test_a_minimum_is_a_place_to_stay(key):
    path = run(OPTIMIZERS[key](), QUADRATIC, [0.0, 0.0], 3)
    np.testing.assert_array_equal(path, 0.0)


def test_bounds_are_named_in_the_error(key):
    for name, each in knobs(OPTIMIZERS[key]).items():
        outside = "yes" if each.scale == "switch" else each.high * 2
        allowed = "are True and False" if each.scale == "switch" else f"is {each.low:g} to {each.high:g}"
        with pytest.raises(ValueError, match="^" + re.escape(f"{name} is {outside!r}; allowed {allowed}") + "$"):
            OPTIMIZERS[key](**{name: outside})
        with pytest.raises(ValueError, match=f"^{name} is"):
            OPTIMIZERS[key](**{name: np.array([[each.default], [np.nan]])})


def test_a_key_can_be_taken_once():
    with pytest.raises(ValueError, match="'adam', which Adam already has"):
        register("adam")(Optimizer)


# Step for step as PyTorch.


@pytest.mark.parametrize("index", range(len(TORCH_RUNS)), ids=["-".join(r[:2]) + str(len(r[2])) for r in TORCH_RUNS])
def test_trajectories_equal_torch(index):
    key, surface, hyper = TORCH_RUNS[index]
    expected, kept = TORCH["x"][index], TORCH["kept"]
    path = run(OPTIMIZERS[key](**hyper), TORCH_OBJECTIVES[surface], TORCH_STARTS[surface], kept[-1])
    assert kept[-1] >= 200
    np.testing.assert_allclose(path[kept], expected, rtol=0, atol=1e-10 * np.abs(expected).max())


# Relations between methods.


@pytest.mark.parametrize("key", ["momentum", "nesterov"])
def test_without_momentum_it_is_gradient_descent(key):
    same_paths(OPTIMIZERS[key](lr=0.01, momentum=0.0), OPTIMIZERS["gradient_descent"](lr=0.01))


def test_qhm_joins_gradient_descent_nesterov_and_momentum():
    qhm = OPTIMIZERS["qhm"]
    same_paths(qhm(lr=0.01, momentum=0.9, nu=0.0), OPTIMIZERS["gradient_descent"](lr=0.01))
    same_paths(qhm(lr=0.01, momentum=0.75, nu=0.75), OPTIMIZERS["nesterov"](lr=0.0025, momentum=0.75))
    same_paths(qhm(lr=0.01, momentum=0.75, nu=1.0), OPTIMIZERS["momentum"](lr=0.0025, momentum=0.75))


def test_nesterov_is_the_look_ahead_point_of_its_textbook_form():
    lr, mu = 0.01, 0.8
    theta = ahead = STARTS
    v = np.zeros_like(theta)
    expected = [ahead]
    for _ in range(20):
        v = mu * v - lr * HIMMELBLAU.gradient(ahead)
        theta = theta + v
        ahead = theta + mu * v
        expected.append(ahead)
    actual = run(OPTIMIZERS["nesterov"](lr=lr, momentum=mu), HIMMELBLAU, STARTS, 20)
    np.testing.assert_allclose(actual, expected, rtol=1e-11)


@pytest.mark.parametrize("key", ["adam", "adamax", "adamw", "amsgrad", "qhadam"])
def test_the_first_step_is_lr_whatever_the_slope(key):
    hyper = {"weight_decay": 0.0} if key == "adamw" else {}
    start = np.array([[1e-3, 2.0], [500.0, -1e4]])
    step = np.diff(run(OPTIMIZERS[key](lr=0.03, eps=1e-12, **hyper), QUADRATIC, start, 1), axis=0)[0]
    np.testing.assert_allclose(step, -0.03 * np.sign(start), rtol=1e-8)


def test_the_adam_family_meets_at_adam():
    adam = OPTIMIZERS["adam"](lr=0.01)
    same_paths(OPTIMIZERS["adamw"](lr=0.01, weight_decay=0.0), adam)
    same_paths(OPTIMIZERS["qhadam"](lr=0.01, beta1=0.9, nu1=1.0, nu2=1.0), adam)
    same_paths(OPTIMIZERS["nadam"](lr=0.01, beta1=0.0), OPTIMIZERS["adam"](lr=0.01, beta1=0.0))


def test_adam_without_memory_and_rmsprop_without_memory_follow_the_sign():
    sign = OPTIMIZERS["sign_descent"](lr=0.01)
    same_paths(OPTIMIZERS["lion"](lr=0.01, beta1=0.0, beta2=0.0), sign)
    np.testing.assert_allclose(
        run(OPTIMIZERS["adam"](lr=0.01, beta1=0.0, beta2=0.0, eps=1e-16), HIMMELBLAU, STARTS, 10),
        run(sign, HIMMELBLAU, STARTS, 10),
    )


def test_adam_is_penalised_by_its_weight_decay():
    penalised = parse("(x**2 + y - 11)**2 + (x + y**2 - 7)**2 + 0.35*(x**2 + y**2)")
    np.testing.assert_allclose(
        run(OPTIMIZERS["adam"](lr=0.01, weight_decay=0.7), HIMMELBLAU, STARTS, 30),
        run(OPTIMIZERS["adam"](lr=0.01), penalised, STARTS, 30),
        rtol=1e-11,
    )


def test_radam_waits_five_steps_before_it_divides():
    # Where the slope is constant m_hat is that slope: a method that does not divide takes steps in proportion to it.
    path = run(OPTIMIZERS["radam"](lr=0.01), parse("3*x + 500*y"), [0.0, 0.0], 7)
    step = np.diff(path, axis=0)
    np.testing.assert_allclose(step[:5], np.tile([-0.03, -5.0], (5, 1)))
    assert np.all(np.abs(step[5:]) < 0.01)


def test_amsgrad_rates_only_fall():
    optimizer = OPTIMIZERS["amsgrad"](lr=0.05, beta2=0.9)
    x, state = STARTS, OPTIMIZERS["amsgrad"]().init(STARTS)
    for _ in range(50):
        x, new = optimizer.step(HIMMELBLAU, x, state)
        assert np.all(new.v_max >= state.v_max)
        state = new


def test_a_centered_rmsprop_survives_a_constant_gradient():
    # With slopes of 0.7 and 1.1 the spread v - m**2 rounds to less than 0 from about step 50 on.
    path = run(OPTIMIZERS["rmsprop"](alpha=0.5, centered=True), parse("0.7*x + 1.1*y"), [0.0, 0.0], 100)
    assert np.all(np.isfinite(path))


def test_rprop_keeps_its_steps_in_bounds():
    optimizer = OPTIMIZERS["rprop"](lr=0.5, step_min=0.01, step_max=0.6)
    moves = np.abs(np.diff(run(optimizer, HIMMELBLAU, STARTS, 60), axis=0))
    assert moves.max() <= 0.6 + 1e-12
    assert moves[moves > 0].min() >= 0.01 - 1e-12


# Newton.


def test_newton_solves_a_quadratic_in_one_step():
    skewed = parse("3*(x - 1)**2 + 4*(x - 1)*(y + 2) + 5*(y + 2)**2")
    np.testing.assert_allclose(run(OPTIMIZERS["newton"](), skewed, STARTS, 1)[-1], np.tile([1.0, -2.0], (3, 1)))
    saddle = parse("x**2 - y**2")
    np.testing.assert_allclose(run(OPTIMIZERS["newton"](), saddle, STARTS, 1)[-1], 0.0, atol=1e-15)


def test_newton_in_three_variables():
    objective = parse("x**2 + 2*y**2 + 3*z**2 + x*y + y*z - x", ("x", "y", "z"))
    end = run(OPTIMIZERS["newton"](), objective, [[1.0, 2.0, 3.0], [-1.0, 0.0, 5.0]], 1)[-1]
    np.testing.assert_allclose(objective.gradient(end), 0.0, atol=1e-13)


def test_newton_stays_where_its_model_has_no_answer_and_nowhere_else():
    cubic = parse("x**3 + y**2")
    path = run(OPTIMIZERS["newton"](), cubic, [[0.0, 1.0], [1.0, 1.0]], 1)
    np.testing.assert_allclose(path[-1], [[0.0, 1.0], [0.5, 0.0]])
    ravine = parse("(0.1*x + 0.3*y)**2")
    np.testing.assert_array_equal(run(OPTIMIZERS["newton"](), ravine, STARTS, 2)[-1], STARTS)


def test_newton_doubles_the_digits():
    minimum = np.array([3.0, 2.0])
    error = np.linalg.norm(run(OPTIMIZERS["newton"](), HIMMELBLAU, [3.2, 2.2], 3) - minimum, axis=-1)
    assert np.all(error[1:] < 2 * error[:-1] ** 2)
