"""500 random formulas: value, gradient and Hessian against numbers that carry their derivatives along."""

import random

import numpy as np
import pytest

from landscape.formulas.expression import parse
from landscape.formulas.wording import ExpressionError
from tests.formulas.jets import drawn, variables

COUNT, PARTS = 500, 5
POINTS = np.random.default_rng(21).uniform(-1.7, 1.7, (12, 2))


@pytest.mark.parametrize("part", range(PARTS))
def test_gradient_and_hessian_of_random_formulas(part):
    rng, checked, refused = random.Random(20 + part), 0, 0
    while checked < COUNT // PARTS:
        text, jet = drawn(rng, rng.choice((1, 1, 2, 2, 2)))
        try:
            f = parse(text)
        except ExpressionError:
            # Too large to be differentiated, which other tests are about.
            refused += 1
            continue
        with np.errstate(all="ignore"):
            exact = jet(*variables(POINTS))
        smooth = exact.nearest > 1e-3
        for got, meant in ((f.value, exact.value), (f.gradient, exact.gradient), (f.hessian, exact.hessian)):
            answers, expected = got(POINTS)[smooth], np.asarray(meant[smooth], dtype=float)
            whole = tuple(range(1, expected.ndim))
            scale = np.abs(expected).max(axis=whole, keepdims=True) if whole else np.abs(expected)
            wrong = np.abs(answers - expected) > 1e-9 * scale + 1e-12
            assert not wrong.any(), (
                text,
                got.__name__,
                answers[wrong.any(axis=whole)],
                expected[wrong.any(axis=whole)],
            )
        checked += smooth.any()
