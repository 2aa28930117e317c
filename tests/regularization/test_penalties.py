"""Every penalty that is registered keeps the contract: its value, subgradient, Hessian and prox belong together."""

import re
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from landscape.formulas.expression import parse
from landscape.knob import knobs
from landscape.objective import Counting, Noisy, Penalized
from landscape.regularization.penalties import PENALTIES, Registered, register, soft
from tests.numerics import check_gradient, check_hessian, check_taylor

NOTHING = parse("0*x + 0*y + 0*z", ("x", "y", "z"))
BOWL = parse("(x - 1)**2 + 2*(y + 1)**2 + x*y + (z - 0.1)**2", ("x", "y", "z"))
POINTS = np.array([[1.0, -0.3, 0.2], [0.0, 0.0, 0.4], [0.0, 0.0, 0.0], [0.4, 0.0, -2.0]])
SMOOTH_POINTS = np.array([[1.0, -0.31, 0.2], [-0.2, 0.7, -1.4]])


@pytest.fixture(params=PENALTIES)
def key(request):
    return request.param


def settings(penalty):
    """The defaults, and each knob at its ends and at 0 where it may be 0."""
    yield penalty()
    for name, each in knobs(penalty).items():
        for value in (each.low, each.high, *([0.0] if each.zero else [])):
            yield penalty(**{name: value})


def test_a_menu_has_what_it_needs(key):
    penalty = PENALTIES[key]
    assert penalty.key == key
    assert penalty.title
    assert penalty.note.endswith(".")
    assert r"\lambda" in penalty.rule
    assert penalty.rule.count("{") == penalty.rule.count("}")
    assert all(each.label and each.help.endswith(".") for each in knobs(penalty).values())
    assert next(iter(knobs(penalty))) == "strength"
    assert "Source" in penalty.__doc__


def test_bounds_are_named_in_the_error(key):
    for strength in (-0.1, np.inf, np.nan, 1001.0):
        message = f"strength is {strength}; allowed is 0, or 1e-05 to 1000"
        with pytest.raises(ValueError, match="^" + re.escape(message) + "$"):
            PENALTIES[key](strength)
    with pytest.raises(ValueError, match=r"^strength is"):
        PENALTIES[key](np.array([[0.1], [-0.1]]))
    with pytest.raises(ValueError, match=r"^free has 3; allowed are the coordinates -3 to 2"):
        PENALTIES[key](free=(3,)).value(POINTS)


def test_derivatives_belong_to_the_value(key):
    rng = np.random.default_rng(1)
    for x in SMOOTH_POINTS:
        for penalty in (PENALTIES[key](0.7), PENALTIES[key](0.7, free=(1,))):
            penalized = NOTHING + penalty
            check_gradient(penalized, x, rng)
            check_hessian(penalized, x, rng)
            check_taylor(penalized, x, rng)


def test_strength_zero_is_no_penalty(key):
    penalty = PENALTIES[key](0.0)
    for answer in (penalty.value(POINTS), penalty.gradient(POINTS), penalty.hessian(POINTS)):
        np.testing.assert_array_equal(answer, 0.0)
    np.testing.assert_array_equal(penalty.prox(POINTS, 0.5), POINTS)


def test_prox_is_the_minimum_found_by_a_search(key):
    rng = np.random.default_rng(2)
    for penalty in settings(PENALTIES[key]):
        for x, step in zip(rng.standard_normal(5), (0.01, 0.1, 0.6, 2.0, 30.0), strict=True):

            def model(z, penalty=penalty, x=x, step=step):
                return float(penalty.value(np.array([z])) + (z - x) ** 2 / (2 * step))

            found = minimize_scalar(model, bounds=(-1 - abs(x), 1 + abs(x)), options={"xatol": 1e-12})
            z = penalty.prox(np.array([x]), step)[0]
            assert model(z) <= found.fun + 1e-14 * (1 + abs(found.fun))
            np.testing.assert_allclose(z, found.x, rtol=0, atol=1e-6)


def test_nothing_around_the_prox_is_lower(key):
    # The model grows by at least |z - prox|**2 / (2 step) in every direction, as a strongly convex function must.
    rng = np.random.default_rng(8)
    for penalty in settings(PENALTIES[key]):
        x, step = rng.standard_normal(5), 0.6
        z = penalty.prox(x, step)
        away = rng.standard_normal((4000, 5)) * 10.0 ** rng.uniform(-6, 1, (4000, 1))
        model = penalty.value(z + away) + np.sum((z + away - x) ** 2, axis=-1) / (2 * step)
        lowest = penalty.value(z) + np.sum((z - x) ** 2) / (2 * step)
        assert np.all(model >= lowest + np.sum(away**2, axis=-1) / (2 * step) - 1e-13 * (1 + model))


def test_prox_meets_its_optimality_condition(key):
    # 0 is a subgradient of penalty(z) + |z - x|**2 / (2 step) at z: the shortest one is 0.
    x = np.random.default_rng(3).standard_normal((50, 3))
    for penalty in settings(PENALTIES[key]):
        for step in (1e-3, 0.5, 20.0):
            z = penalty.prox(x, step)
            np.testing.assert_allclose(penalty.subgradient(z, (z - x) / step), 0.0, atol=1e-11 / step)


def test_the_subgradient_is_one_and_none_is_shorter(key):
    rng = np.random.default_rng(4)
    for penalty in (PENALTIES[key](0.7), PENALTIES[key](0.7, free=(0,))):
        for x in POINTS:
            slope = 2 * rng.standard_normal(3)
            u = penalty.subgradient(x, slope) - slope
            z = x + rng.standard_normal((2000, 3)) * 10.0 ** rng.uniform(-4, 1, (2000, 1))
            assert np.all(penalty.value(z) >= penalty.value(x) + (z - x) @ u - 1e-12)
            # The directional derivative of the whole along minus the shortest subgradient is minus its length squared.
            shortest = u + slope
            t = 1e-7
            fall = (penalty.value(x - t * shortest) - penalty.value(x)) / t - slope @ shortest
            np.testing.assert_allclose(fall, -shortest @ shortest, rtol=0, atol=1e-5)


def test_leading_axes_and_arrays_of_strengths(key):
    rng = np.random.default_rng(5)
    strengths, steps = np.array([[0.0], [0.2], [3.0], [0.5]]), np.array([[0.1], [1.0], [0.3], [2.0]])
    slope = rng.standard_normal(POINTS.shape)
    many = PENALTIES[key](strengths, free=(-1,))
    for i, x in enumerate(POINTS):
        one = replace(many, strength=float(strengths[i, 0]))
        np.testing.assert_allclose(many.value(POINTS)[i], one.value(x), rtol=1e-14)
        np.testing.assert_allclose(many.subgradient(POINTS, slope)[i], one.subgradient(x, slope[i]), rtol=1e-14)
        np.testing.assert_allclose(many.hessian(POINTS)[i], one.hessian(x), rtol=1e-14)
        np.testing.assert_allclose(many.hessian_vector(POINTS, slope)[i], one.hessian(x) @ slope[i], atol=1e-14)
        np.testing.assert_allclose(many.prox(POINTS, steps)[i], one.prox(x, float(steps[i, 0])), rtol=1e-14)
    grid = POINTS.reshape(2, 2, 3)
    one = PENALTIES[key](0.7)
    assert one.value(grid).shape == (2, 2)
    assert one.gradient(grid).shape == one.prox(grid, 0.1).shape == (2, 2, 3)
    assert one.hessian(grid).shape == (2, 2, 3, 3)


# Biases.


class Biased(Penalized):
    """BOWL whose last coordinate is a bias."""

    def __init__(self):
        super().__init__(BOWL, PENALTIES["l2"](0.0))

    biases = (2,)

    def split(self):
        return self, None


def test_biases_are_left_out_unless_asked_for(key):
    biased, penalty = Biased(), PENALTIES[key](0.7)
    spared, whole = biased + penalty, biased + replace(penalty, free=())
    x = np.array([0.0, 0.0, 5.0])
    assert spared.value(x) == biased.value(x)
    assert spared.gradient(x)[2] == biased.gradient(x)[2]
    assert spared.penalty.prox(x, 0.5)[2] == 5.0
    np.testing.assert_array_equal(spared.hessian(x)[2], biased.hessian(x)[2])
    assert whole.value(x) > biased.value(x)
    assert whole.gradient(x)[2] > biased.gradient(x)[2]
    assert whole.penalty.prox(x, 0.5)[2] < 5.0
    assert (Counting(biased, {}) + penalty).penalty.free == spared.biases == (2,)


def test_a_key_can_be_taken_once():
    with pytest.raises(ValueError, match="'l1', which L1 already has"):
        register("l1")(Registered)


# Relations between penalties.


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (PENALTIES["elastic_net"](0.3, ratio=1.0), PENALTIES["l1"](0.3)),
        (PENALTIES["elastic_net"](0.3, ratio=0.0), PENALTIES["l2"](0.3)),
        (PENALTIES["group_lasso"](0.3, size=1), PENALTIES["l1"](0.3)),
        (PENALTIES["group_lasso"](0.3, size=1, free=(1,)), PENALTIES["l1"](0.3, free=(1,))),
    ],
)
def test_penalties_that_are_the_same(a, b):
    slope = np.random.default_rng(6).standard_normal(POINTS.shape)
    np.testing.assert_allclose(a.value(POINTS), b.value(POINTS), rtol=1e-14)
    np.testing.assert_allclose(a.subgradient(POINTS, slope), b.subgradient(POINTS, slope), atol=1e-14)
    np.testing.assert_allclose(a.hessian(POINTS), b.hessian(POINTS), atol=1e-14)
    np.testing.assert_allclose(a.prox(POINTS, 0.4), b.prox(POINTS, 0.4), atol=1e-14)


def test_huber_is_the_envelope_of_l1():
    strength, delta, x = 0.8, 0.5, np.linspace(-2, 2, 41)[:, None]
    z = soft(x, delta)
    envelope = strength * np.abs(z) + strength * (x - z) ** 2 / (2 * delta)
    np.testing.assert_allclose(PENALTIES["huber"](strength, delta).value(x), envelope[:, 0], rtol=0, atol=1e-15)


def test_a_group_is_zero_as_a_whole():
    penalty = PENALTIES["group_lasso"](1.0, size=2)
    np.testing.assert_array_equal(penalty.prox(np.array([0.9, 1.0, 0.9]), 1.0), [0.0, 0.0, 0.0])
    kept = penalty.prox(np.array([0.9, 1.2, 1.5]), 1.0)
    np.testing.assert_allclose(kept, [0.9 * (1 - 2**0.5 / 1.5), 1.2 * (1 - 2**0.5 / 1.5), 0.5])


# Objective + penalty.


def test_a_sum_answers_with_its_parts():
    penalty = PENALTIES["elastic_net"](0.4)
    penalized = BOWL + penalty
    assert penalized.split() == (BOWL, replace(penalty, free=()))
    assert penalized.dimension == 3
    np.testing.assert_array_equal(penalized.value(POINTS), BOWL.value(POINTS) + penalty.value(POINTS))
    np.testing.assert_array_equal(penalized.hessian(POINTS), BOWL.hessian(POINTS) + penalty.hessian(POINTS))
    assert BOWL.split() == (BOWL, None)


def test_the_gradient_is_zero_where_a_slope_is_within_the_crease():
    # At 0 the bowl's slope is (-2, 4, -0.2): L1 of strength 3 holds the first and the third weight at zero.
    gradient = (BOWL + PENALTIES["l1"](3.0)).gradient(np.zeros(3))
    np.testing.assert_allclose(gradient, [0.0, 1.0, 0.0], atol=1e-15)


def test_one_penalty_at_a_time():
    with pytest.raises(ValueError, match=r"^penalty is L2\(.*the objective has one already, L1\(.*allowed is one$"):
        BOWL + PENALTIES["l1"](1.0) + PENALTIES["l2"](1.0)
    with pytest.raises(TypeError):
        BOWL + 1.0


def test_wrappers_pass_the_parts_on():
    penalized = BOWL + PENALTIES["l1"](3.0)
    calls = {"gradient": 0}
    smooth, penalty = Counting(penalized, calls).split()
    assert penalty == penalized.penalty
    smooth.gradient(POINTS)
    assert calls == {"gradient": 1}
    np.testing.assert_array_equal(smooth.gradient(POINTS), BOWL.gradient(POINTS))
    noisy = Noisy(penalized, 0.1)
    assert noisy.split() == (Noisy(BOWL, 0.1), penalty)
    np.testing.assert_array_equal(noisy.gradient(POINTS), penalized.gradient(POINTS))


def test_noise_goes_under_the_penalty():
    penalized = BOWL + PENALTIES["l1"](3.0)
    for noisy in (Noisy(penalized, 0.1), Noisy(BOWL, 0.1) + PENALTIES["l1"](3.0)):
        drawn = noisy.draw(np.random.default_rng(7))
        slope = 0.1 * np.random.default_rng(7).standard_normal(3)
        smooth, penalty = drawn.split()
        np.testing.assert_allclose(smooth.gradient(POINTS), BOWL.gradient(POINTS) + slope)
        np.testing.assert_allclose(drawn.gradient(POINTS), penalty.subgradient(POINTS, BOWL.gradient(POINTS) + slope))
        np.testing.assert_allclose(drawn.value(POINTS), penalized.value(POINTS) + POINTS @ slope)


def test_a_slider_for_strength_begins_at_off():
    strength = knobs(PENALTIES["l1"])["strength"]
    grid = strength.grid()
    assert grid[0] == 0
    np.testing.assert_allclose(grid[[1, -1]], [1e-5, 1000])
    assert np.all(np.diff(grid) > 0)
