"""Compiled programs: each distinct operation once, constants folded when parameters are bound, numpy's own answers."""

import operator

import numpy as np
import pytest
import sympy

from landscape.formulas.compiler import UNARY, compile_program
from landscape.formulas.expression import BLOCK, parse
from landscape.formulas.functions import Magnitude, Sign
from landscape.formulas.program import quotient_at_kink

x, y, a, b = sympy.symbols("x y a b", real=True)


def count(program, function=None):
    return sum(function is None or f is function for _, f, _ in program.operations)


def run(expression, *values, **kwargs):
    return compile_program([expression], (x, y)[: len(values)], **kwargs)(*values)[0]


def test_a_common_sub_expression_is_worked_out_once():
    shared = sympy.sin(x * y + 1)
    program = compile_program([shared + shared**2, sympy.exp(shared), shared], (x, y))
    assert count(program, np.sin) == 1
    # x*y, +1, sin, square, sum, exp
    assert count(program) == 6


def test_value_gradient_and_hessian_share_across_outputs():
    f = sympy.exp(-(x**2) - y**2)
    together = count(compile_program([f.diff(x), f.diff(y)], (x, y)))
    apart = count(compile_program([f.diff(x)], (x, y))) + count(compile_program([f.diff(y)], (x, y)))
    assert together < apart
    assert count(compile_program([f.diff(x), f.diff(y)], (x, y)), np.exp) == 1


@pytest.mark.parametrize("exponent", range(1, 41))
def test_integer_powers_are_few_products(exponent):
    program = compile_program([x**exponent], (x,))
    assert count(program, np.power) == 0
    assert count(program, operator.mul) == count(program) <= 2 * np.log2(exponent)
    np.testing.assert_allclose(program(np.array([1.1, -0.9]))[0], np.array([1.1, -0.9]) ** exponent, rtol=1e-14)


@pytest.mark.parametrize("exponent", ["-3", "1/2", "-1/2", "5/2", "1/3", "-7/3", "0.3"])
def test_other_powers_equal_numpys(exponent):
    at = np.array([0.3, 1.0, 7.0])
    np.testing.assert_allclose(
        run(x ** sympy.Rational(exponent), at), at ** float(sympy.Rational(exponent)), rtol=1e-14
    )


@pytest.mark.parametrize("function", UNARY, ids=lambda f: f.__name__)
def test_functions_equal_numpys(function):
    at = np.array([0.2, 0.7])
    np.testing.assert_allclose(run(function(x), at), UNARY[function](at), rtol=1e-15)


def test_differences_and_quotients_are_single_operations():
    assert count(compile_program([x - y], (x, y))) == 1
    assert count(compile_program([x / y], (x, y))) == 1
    assert count(compile_program([-x], (x,))) == 1


def test_arithmetic_equals_numpys():
    u, v = np.random.default_rng(0).uniform(0.5, 2, (2, 50))
    for expression, expected in [
        (-x - y, -u - v),
        (3 - 2 * x, 3 - 2 * u),
        (x / (y * (x + y)), u / (v * (u + v))),
        (-x / y**2 * sympy.sqrt(x), -u / v**2 * np.sqrt(u)),
        (1 / x, 1 / u),
        (x**y, u**v),
    ]:
        np.testing.assert_allclose(run(expression, u, v), expected, rtol=1e-14)


def test_binding_folds_all_that_follows_from_parameters():
    program = compile_program([sympy.sin(a) ** 2 * x + sympy.exp(a * b)], (x, a, b))
    bound = program.bind({"a": 0.5, "b": 2.0})
    assert count(program) == 6
    assert count(bound) == 2
    np.testing.assert_allclose(bound(3.0)[0], np.sin(0.5) ** 2 * 3 + np.e, rtol=1e-15)


def test_binding_one_parameter_leaves_the_other():
    program = compile_program([a * x + b], (x, b, a)).bind({"a": 2.0})
    assert program(3.0, 1.0) == [7.0]


def test_binding_leaves_the_original_alone():
    program = compile_program([a * x], (x, a))
    assert program.bind({"a": 2.0})(3.0) == [6.0]
    assert program.bind({"a": 5.0})(3.0) == [15.0]
    assert program(3.0, 7.0) == [21.0]


def test_a_constant_output_needs_no_operation():
    program = compile_program([sympy.Integer(3), sympy.pi, x], (x,))
    assert count(program) == 0
    assert program(2.0) == [3.0, np.pi, 2.0]


def test_a_division_by_zero_is_an_answer_not_a_warning():
    assert run(1 / x, np.zeros(1)) == np.inf
    assert compile_program([x / a], (x, a)).bind({"a": 0.0})(np.float64(1)) == [np.inf]
    assert np.isnan(compile_program([sympy.log(a) * x], (x, a)).bind({"a": -1.0})(np.float64(1))[0])


def test_nothing_unknown_is_compiled():
    with pytest.raises(ValueError, match=r"gamma\(x\) has no numpy equivalent here"):
        compile_program([sympy.gamma(x)], (x,))


def test_zero_over_zero_counts_as_zero_only_at_a_kink():
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(quotient_at_kink(np.r_[0.0, 1.0, 6.0], np.r_[0.0, 0.0, 3.0]), [0, np.inf, 2])
        assert np.isnan(quotient_at_kink(np.r_[np.nan, 0.0], np.r_[0.0, np.nan])).all()
    cone = x / sympy.sqrt(x**2 + y**2)
    assert run(cone, np.zeros(1), np.zeros(1), kinks=True) == 0
    assert np.isnan(run(cone, np.zeros(1), np.zeros(1)))
    # An integer power has no tip there: 0 / 0 stays what it is.
    assert np.isnan(run(x / (x**2 + y**2), np.zeros(1), np.zeros(1), kinks=True))


def test_magnitude_and_sign_know_their_derivatives_and_their_numbers():
    assert Magnitude(x).diff(x) == Sign(x)
    assert Sign(x).diff(x) == 0
    assert Magnitude(sympy.Integer(-3)) == 3
    assert Sign(sympy.Integer(0)) == 0
    assert Magnitude(sympy.log(x)).diff(x) == Sign(sympy.log(x)) / x
    assert sympy.latex(Magnitude(x) ** 2) == r"\left|{x}\right|^{2}"
    assert sympy.latex(Sign(x) ** 2) == r"\operatorname{sign}\left(x\right)^{2}"


# Blocks.


@pytest.mark.parametrize("count", [BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 3])
def test_blocks_leave_no_seam(count):
    f = parse("sin(x)*exp(-y**2) + abs(x - y) + 3")
    points = np.random.default_rng(1).uniform(-2, 2, (count, 2))
    near_seams = sorted({i for s in range(0, count + 1, BLOCK) for i in (s - 1, s, s + 1) if 0 <= i < count})
    for method in (f.value, f.gradient, f.hessian):
        together = method(points)
        np.testing.assert_allclose(
            together[near_seams], [method(points[i]) for i in near_seams], rtol=1e-13, atol=1e-14
        )
        np.testing.assert_array_equal(together, np.concatenate([method(points[:100]), method(points[100:])]))


def test_a_grid_equals_its_points_whatever_its_memory_order():
    f = parse("(x**2 + y - 11)**2 + (x + y**2 - 7)**2")
    grid = np.random.default_rng(1).uniform(-4, 4, (3, 100, 50, 2))
    for method in (f.value, f.gradient, f.hessian):
        np.testing.assert_array_equal(method(np.asfortranarray(grid)), method(grid))
        np.testing.assert_allclose(method(grid)[2, 99, 49], method(grid[2, 99, 49]), rtol=1e-13)
        np.testing.assert_array_equal(method(grid), method(grid.reshape(-1, 2)).reshape(method(grid).shape))


@pytest.mark.parametrize(
    "expressions",
    [
        [x, sympy.Integer(3), x + y],
        [x + y, x + y, (x + y) ** 2],
        [sympy.exp(x * y) * (x - y) ** 3 / (1 + x**2), sympy.sin(x - y) - sympy.exp(x * y), x - y],
        [sympy.sqrt(x**2 + y**2) / (x * y), -(sympy.Abs(x) ** 0.3)],
    ],
    ids=["inputs and constants", "one result twice", "shared parts", "roots"],
)
def test_results_written_in_place_are_those_worked_out_apart(expressions):
    program = compile_program(expressions, (x, y), kinks=True)
    at = np.random.default_rng(3).normal(size=(2, 50))
    kept = at.copy()
    out = np.full((len(expressions), 50), np.nan)
    program.fill(at, out)
    apart = np.transpose([program(*point) for point in at.T])
    np.testing.assert_array_equal(at, kept)
    np.testing.assert_allclose(out, apart, rtol=1e-15, atol=0)
