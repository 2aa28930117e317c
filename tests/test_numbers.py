"""Numbers as people read them."""

import numpy as np
import pytest

from landscape.numbers import plain, short, typeset


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (1.6789, "1.68"),
        (1610.2, "1,610"),
        (1e-6, "10⁻⁶"),
        (1.3e-6, "1.3·10⁻⁶"),
        (-2e-5, "-2·10⁻⁵"),
        (3.21e9, "3.21·10⁹"),
        (np.inf, "inf"),
    ],
)
def test_short_numbers(value, text):
    assert short(value) == text


def test_plain_and_typeset_numbers():
    assert [plain(value) for value in (0.031249, -2.0, 1610.2)] == ["0.0312", "-2", "1.61e+03"]
    assert [typeset(value) for value in (0.0312345, -2.0, 1610.2)] == ["0.03123", "−2", "1610"]
