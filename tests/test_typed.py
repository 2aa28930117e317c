"""A typed formula as a landscape: its lowest ground is the lowest on its map, and where it has no value it says so."""

import pickle

import numpy as np
import pytest

from landscape.descent.descend import descend
from landscape.formulas.wording import ExpressionError
from landscape.optimizers import OPTIMIZERS
from landscape.starters import STARTERS
from landscape.theory.stationary import stationary_points
from landscape.typed import LETTER, own

SQUARE = ((-2.0, 2.0), (-2.0, 2.0))


def started(key):
    starter = STARTERS[key]
    return own(starter.formula, starter.domain, dict(starter.values))


def scattered(surface, count=40_000):
    low, high = np.array(surface.domain).T
    return surface.value(np.random.default_rng(8).uniform(low, high, (count, 2)))


@pytest.mark.parametrize("key", STARTERS)
def test_a_starter_can_be_begun_with(key):
    surface, starter = started(key), STARTERS[key]
    assert starter.note.endswith(".")
    assert len(starter.note.split()) <= 20
    assert set(dict(starter.values)) <= set(surface.knobs)
    assert surface.note == starter.note
    assert np.isfinite(surface.gradient(np.array(surface.start))).all()
    assert np.linalg.norm(surface.gradient(np.array(surface.start))) > 0
    (ground, *_) = surface.lowest_ground
    assert ground.value == pytest.approx(float(surface.value(np.array(ground.point))), abs=1e-12)
    assert np.nanmin(scattered(surface)) >= ground.value - 1e-12


def test_there_is_a_dozen_of_them():
    assert len(STARTERS) >= 12


@pytest.mark.parametrize(
    ("text", "domain", "ground", "listed"),
    [
        ("x^2 + 3(y - 1)^2", SQUARE, (0, 1), True),
        ("|x - 1| + 2|y|", SQUARE, (1, 0), True),
        ("100|y - x^2| + |1 - x|", SQUARE, (1, 1), True),
        ("max(|x - 0.3|, |y|)", SQUARE, (0.3, 0), True),
        ("x + y", SQUARE, (-2, -2), False),
        ("x^2 + y", SQUARE, (0, -2), False),
        ("ln(x) + y^2", ((1.0, 3.0), (-1.0, 1.0)), (1, 0), False),
        ("√x + y^2", ((-1.0, 3.0), (-1.0, 1.0)), (0, 0), False),
    ],
)
def test_the_lowest_ground_is_found_at_a_kink_and_on_an_edge_too(text, domain, ground, listed):
    surface = own(text, domain)
    (found,) = surface.lowest_ground
    np.testing.assert_allclose(found.point, ground, atol=1e-6)
    assert bool(surface.minima) == listed
    assert surface.lowest_called == "lowest on this map"
    kinds = stationary_points(surface, surface.domain).kind
    assert ("minimum" in kinds) == listed


@pytest.mark.parametrize("text", ["1/x", "ln|x|", "-1/(x^2+y^2)", "tan x", "√(-1-x^2)", "7", "x^y", "a"])
def test_ground_that_falls_without_end_or_is_level_or_nowhere_has_no_lowest_point(text):
    assert own(text, SQUARE).lowest_ground == ()


def test_minima_on_a_curve_are_no_points():
    surface = own("(x y - 1)^2", SQUARE)
    assert surface.minima == ()
    assert surface.lowest_ground[0].value == pytest.approx(0, abs=1e-15)


def test_a_letter_is_a_knob():
    surface = own("a x^2 + λ y", SQUARE, {"lambda": 3.0, "b": 9.0})
    assert dict(surface.settings) == {"a": 1.0, "lambda": 3.0}
    assert set(surface.knobs.values()) == {LETTER}
    assert surface.with_(a=2).value(np.array([1.0, 1.0])) == 5
    with pytest.raises(ValueError, match=r"^a is 11; allowed is -10 to 10$"):
        surface.with_(a=11)


def test_it_is_shown_with_its_letters_in_the_order_in_which_it_was_typed():
    surface = own("y^2 + a x^2", SQUARE, {"a": 3.0})
    assert surface.latex() == "y^{2} + a x^{2}"
    assert surface.latex("gradient") == r"\left[\begin{matrix}2 a x\\2 y\end{matrix}\right]"


def test_numbers_that_would_grow_without_bound_are_shown_by_their_letters():
    for text in ("e^(a^40*ln(3)) x", "(((a x)^20 + 1)^2)/3", "9^(a^9) + x", "e^(e^(a^9)) + y"):
        surface = own(text, SQUARE, {"a": 10.0})
        for part in ("value", "gradient", "hessian"):
            assert len(surface.latex(part)) < 2000
            assert len(surface.compiled.latex(part)) < 2000


def test_only_what_has_a_kink_says_so():
    kinked = ["|x|", "max(x, y)", "√(x^2+y^2)", "cbrt(x)", "sign(x)", "x^1.5", "√(x^2)"]
    assert all(own(text, SQUARE).kink for text in kinked)
    assert not any(own(text, SQUARE).kink for text in ("x^2", "e^x y", "√2 x", "1/(1+x^2)", "tanh(x)"))


@pytest.mark.parametrize(
    ("domain", "sentence"),
    [
        (((1, -1), (0, 1)), "domain in x is 1 to -1; the first must be the smaller"),
        (((0, 1), (2, 2)), "domain in y is 2 to 2; the first must be the smaller"),
        (((0, 1e7), (0, 1)), r"domain in x is 0 to 1e\+07; allowed is -1e\+06 to 1e\+06"),
        (((0, float("nan")), (0, 1)), "domain in x is 0 to nan; allowed is"),
        (((1, 1 + 1e-9), (0, 1)), "domain in x is 1 to 1; the first must be the smaller"),
    ],
)
def test_a_map_that_cannot_be_drawn_is_refused(domain, sentence):
    with pytest.raises(ValueError, match=f"^{sentence}"):
        own("x", domain)


def test_a_text_that_is_no_formula_is_refused():
    with pytest.raises(ExpressionError, match="Something is missing at the end"):
        own("x +", SQUARE)


@pytest.mark.parametrize("text", ["√(-1-x^2)", "ln(-1-x^2)", "0x + 3", "x^(-40)", "10^12 x^40"])
def test_there_is_a_start_whatever_the_formula(text):
    surface = own(text, SQUARE)
    run = descend(surface, OPTIMIZERS["gradient_descent"](), np.array(surface.start), 5)
    assert run.status in ("diverged", "converged", "stalled", "max_steps")


def test_a_run_that_steps_off_the_ground_ends_with_a_status():
    surface = started("edge")
    run = descend(surface, OPTIMIZERS["gradient_descent"](lr=10.0), np.array(surface.start), 20)
    assert run.status == "diverged"


def test_a_typed_landscape_is_a_value():
    one, same = own("a x^2", SQUARE), own("a x^2", SQUARE)
    assert one == same
    assert hash(one) == hash(same)
    assert pickle.loads(pickle.dumps(one)) == one
    assert one.picture == same.picture != own("a x^3", SQUARE).picture
