"""Taylor coefficients are mpmath's, kinks end them, and the radius is the distance to where the function breaks off."""

from collections.abc import Iterable

import mpmath
import numpy as np
import pytest
import sympy

from landscape.calculus import CURVES, radius, taylor
from landscape.calculus.expansions import partial_sums
from landscape.formulas.expression import parse
from landscape.formulas.series import RULES, Series
from landscape.formulas.vocabulary import FUNCTIONS

# One at least for every function that a formula may have, at a point where it is smooth.
SMOOTH = [
    ("x**3 - 2*x + 1", 0.7),
    ("sin(x)*exp(-x**2)", 0.3),
    ("cos(3*x)/(2 + sin(x))", 1.1),
    ("tan(x/2)", 0.9),
    ("log(1 + x**2)", -0.8),
    ("sqrt(2 + cos(x))", 2.0),
    ("sqrt(x)", 0.4),
    ("x**2.3", 1.7),
    ("x**(-1.5)", 0.8),
    ("2**x", 1.3),
    ("asin(x/2)", 0.5),
    ("acos(x/3)", -0.7),
    ("atan(x)*x", 0.2),
    ("sinh(x)", 0.01),
    ("cosh(x)*sinh(x)", 0.6),
    ("tanh(2*x)", 0.35),
    ("abs(x - 2)**3", 1.0),
    ("abs(sin(x))*x", -0.5),
    ("sign(x)*exp(x)", -0.4),
    ("1/(1 + exp(-3*x))", 0.2),
    ("exp(sin(x) + cos(x))", 0.9),
    ("(x**2 - 1)**4", 1.0),
    ("log(abs(x))", -1.5),
    ("x*cos(0.15*pi*x)", 6.0),
    ("atan2(1 + x**2, x)", 0.0),
    ("atan2(x, -1 - x**2)", -0.6),
    ("atan2(x, 2 + x)", 0.0),
]


def expected(text: str, at: float, order: int, settings: Iterable[tuple[str, float]] = ()) -> list[float]:
    """mpmath's, by differences in 60 digits; `settings` are the values of letters."""
    x = sympy.Symbol("x", real=True)
    expression = parse(text, ("x",)).derivatives.expression
    values = {letter: value for letter in expression.free_symbols for name, value in settings if letter.name == name}
    named = expression.subs(values).replace(
        lambda e: type(e).__name__ in NAMED, lambda e: NAMED[type(e).__name__](*e.args)
    )
    function = sympy.lambdify(x, named, "mpmath")
    with mpmath.workdps(60):
        return [float(c) for c in mpmath.taylor(function, mpmath.mpf(at), order)]


NAMED = {
    "Angle": sympy.atan2,
    "ArcCosh": sympy.acosh,
    "ArcSinh": sympy.asinh,
    "ArcTanh": sympy.atanh,
    "Cosh": sympy.cosh,
    "CubeRoot": lambda u: sympy.sign(u) * sympy.Abs(u) ** sympy.Rational(1, 3),
    "Larger": sympy.Max,
    "Magnitude": sympy.Abs,
    "Power": sympy.Pow,
    "Sigmoid": lambda u: 1 / (1 + sympy.exp(-u)),
    "Sign": sympy.sign,
    "Sinh": sympy.sinh,
    "Smaller": sympy.Min,
    "Tanh": sympy.tanh,
}


@pytest.mark.parametrize(("text", "at"), SMOOTH)
def test_coefficients_are_those_of_mpmath(text: str, at: float) -> None:
    found, exact = taylor(parse(text, ("x",)), at, 12), np.array(expected(text, at, 12))
    scale = np.maximum(np.abs(exact), np.abs(exact).max())
    assert (np.abs(found - exact)[:9] <= 1e-10 * np.maximum(np.abs(exact[:9]), 1e-3)).all()
    assert (np.abs(found - exact) <= 1e-12 * scale).all()


@pytest.mark.parametrize("key", CURVES)
def test_every_curve_has_its_derivatives_for_coefficients(key: str) -> None:
    curve = CURVES[key]
    x = np.array([[curve.at, curve.at / 2], [curve.at + 0.1, -0.05]])
    c = taylor(curve.compiled, x, 2)
    assert c.shape == (2, 2, 3)
    for k, of in enumerate((curve.value(x), curve.slope(x), curve.curvature(x) / 2)):
        np.testing.assert_allclose(c[..., k], of, rtol=1e-13, atol=1e-13)


def test_random_formulas_have_mpmath_s_coefficients() -> None:
    rng = np.random.default_rng(0)
    inner = ["x", "sin(x)", "exp(x/2)", "x**2", "cos(2*x)", "tanh(x)", "atan(x)"]
    outer = ["exp({}/3)", "log(3 + ({})**2)", "sqrt(4 + ({})**2)", "1/(2 + ({})**2)", "sin({})", "({})**3"]
    for _ in range(12):
        a, b = rng.choice(inner, 2)
        text = f"{rng.choice(outer).format(f'{a} + {b}')} * ({rng.choice(inner)} - {rng.uniform(0, 2):.3f})"
        at = float(rng.uniform(-1, 1))
        found, exact = taylor(parse(text, ("x",)), at, 8), np.array(expected(text, at, 8))
        assert (np.abs(found - exact) <= 1e-10 * np.maximum(np.abs(exact), 1e-2)).all(), (text, at)


def test_partial_sums_end_at_the_function() -> None:
    x = np.linspace(-1, 1, 5)
    sums = partial_sums(taylor(CURVES["exponential"].compiled, 0.0, 20), 0.0, x)
    assert sums.shape == (21, 5)
    np.testing.assert_allclose(sums[2], 1 + x + x**2 / 2)
    np.testing.assert_allclose(sums[-1], np.exp(x), rtol=1e-14)


@pytest.mark.parametrize(
    ("text", "at", "there"),
    [
        ("abs(x)", 0.0, 1),
        ("abs(x**3)", 0.0, 3),
        ("sqrt(x)", 0.0, 1),
        ("sign(x)", 0.0, 1),
        ("log(x)", 0.0, 0),
        ("log(x)", -1.0, 0),
        ("sin(x)/x", 0.0, 0),
        ("asin(x)", 2.0, 0),
    ],
)
def test_coefficients_end_where_the_derivatives_do(text: str, at: float, there: int) -> None:
    found = taylor(parse(text, ("x",)), at, 5)
    assert np.isfinite(found[:there]).all()
    assert np.isnan(found[there:]).all()


def test_numbers_and_constants_are_series_too() -> None:
    t = Series([2.0, 1.0, 0.0])
    np.testing.assert_allclose(np.maximum(t, 1.0).coefficients, [2, 1, 0])
    np.testing.assert_allclose(np.minimum(t, 1.0).coefficients, [1, 0, 0])
    np.testing.assert_allclose(np.hypot(t, 0.0).coefficients, [2, 1, 0], atol=1e-15)
    np.testing.assert_allclose((t**t).coefficients[:2], [4, 4 * (1 + np.log(2))])
    np.testing.assert_allclose(np.maximum(t, 2.0).coefficients, [2, np.nan, np.nan])
    np.testing.assert_array_equal(taylor(parse("3", ("x",)), [1.0, 2.0], 2), [[3, 0, 0], [3, 0, 0]])
    with pytest.raises(TypeError):
        np.remainder(t, 1.0)


def test_every_rule_is_tested_by_a_formula_or_by_hand() -> None:
    used = {f.__name__ for text, _ in SMOOTH for _, f, _ in parse(text, ("x",)).programs[0].operations}
    by_hand = {"maximum", "minimum", "hypot"}
    names = {"add", "sub", "neg", "mul", "truediv"} | {rule.__name__ for rule in RULES}
    arithmetic = {"subtract", "multiply", "divide", "negative"}
    assert names - arithmetic <= used | by_hand


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("exp(x)*sin(x) + x**5", 3.0, np.inf),
        ("log(1 + x)", 0.5, 1.5),
        ("1/(1 + x**2)", 0.5, np.sqrt(1.25)),
        ("1/((x - 1)**4 * (x + 3))", 0.25, 0.75),
        ("sqrt(1 + x**2)", 0.0, 1.0),
        ("tan(x)", 0.2, np.pi / 2 - 0.2),
        ("tanh(2*x)", 0.0, np.pi / 4),
        ("atan(x)", 1.0, np.sqrt(2)),
        ("asin(x/2)", 0.3, 1.7),
        ("x**0.3", 2.0, 2.0),
        ("exp(1/(x - 3))", 0.3, 2.7),
        # The two logarithms cancel, and the sympy expression knows.
        ("log(1 + x) - log(1 + x) + log(3 + x)", 0.3, 3.3),
        # To a kink, beyond which the series goes on as if there were none.
        ("abs(x)", 0.6, 0.6),
        ("abs((x - 1)**2)", 0.3, np.inf),
        ("abs(x - 2)/(x + 1)", 0.0, 1.0),
    ],
)
def test_the_radius_is_the_distance_to_where_the_function_breaks_off(text: str, at: float, expected: float) -> None:
    assert radius(parse(text, ("x",)), at) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    "text", ["1/(1 + exp(-x))", "(x**2 - 1)/(x - 1)", "log(x - 5)", "sqrt(sin(x))", "tan(1000*x**2)", "tan(sin(x))"]
)
def test_a_radius_that_is_not_known_is_not_told(text: str) -> None:
    assert np.isnan(radius(parse(text, ("x",)), 0.3))


@pytest.mark.parametrize(
    ("order", "at", "sentence"),
    [
        (-1, 0.0, "order is -1; allowed is a whole number from 0 to 60"),
        (1.5, 0.0, "order is 1.5; allowed is"),
        (61, 0.0, "order is 61; allowed is"),
        (3, np.inf, "at is inf; it must be finite"),
        (3, [0.0, np.nan], "at is nan; it must be finite"),
    ],
)
def test_what_cannot_be_is_named(order: float, at: float, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        taylor(parse("x", ("x",)), at, order)


def test_two_variables_have_no_series_here() -> None:
    with pytest.raises(ValueError, match="formula has the variables x, y; allowed is one"):
        taylor(parse("x*y"), 0.0, 2)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_of_a_formula_has_a_power_series(name: str) -> None:
    """By its slope and its curvature, where its arguments are between 0 and 1, and where none is a number."""
    most = min(FUNCTIONS[name].most, 3)
    for count in range(FUNCTIONS[name].least, most + 1):
        inner = ", ".join(("x/3 + 1.5" if name == "acosh" else "x/3", "x^2/4 + 0.1", "sin x")[:count])
        formula = parse(f"{name}({inner})", ("x",))
        at = np.array([0.7, 0.9])
        c = taylor(formula, at, 12)
        assert np.isfinite(c).all()
        np.testing.assert_allclose(c[:, 1], formula.gradient(at[:, None])[:, 0], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(2 * c[:, 2], formula.hessian(at[:, None])[:, 0, 0], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(c @ (0.05 ** np.arange(13)), formula.value(at[:, None] + 0.05), rtol=1e-9)


def test_where_an_angle_leaps_it_has_no_slope() -> None:
    assert np.isfinite(taylor(parse("atan2(x, 2)", ("x",)), 0.0, 4)).all()
    found = taylor(parse("atan2(x, -2)", ("x",)), 0.0, 4)
    assert found[0] == pytest.approx(np.pi)
    assert np.isnan(found[1:]).all()
