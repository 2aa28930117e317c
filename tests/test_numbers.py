"""Numbers as people read them."""

import numpy as np
import pytest

from landscape.numbers import apart, fixed, latex_number, percent, plain, portion, readable, short, typeset


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.6789, "1.68"),
        (1610.2, "1,610"),
        (999.7, "1,000"),
        (-999.96, "−1,000"),
        (999.4, "999"),
        (1e-6, "10⁻⁶"),
        (1.3e-6, "1.3·10⁻⁶"),
        (-2e-5, "−2·10⁻⁵"),
        (3.21e9, "3.21·10⁹"),
        (-1e15, "−10¹⁵"),
        (np.inf, "inf"),
    ],
)
def test_short_numbers(value, text):
    assert short(value) == text


@pytest.mark.parametrize(
    ("a", "b", "texts"),
    [
        (0.58371, 0.58364, ("0.5837", "0.5836")),
        (0.58, 0.58, ("0.58", "0.58")),
        (0.99999, 1.0, ("0.99999", "1")),
        (1610.2, 1610.4, ("1,610.2", "1,610.4")),
        (1.30001e-6, 1.3e-6, ("1.30001·10⁻⁶", "1.3·10⁻⁶")),
        (1.0, np.nextafter(1.0, 2.0), ("1", "1.0000000000000002")),
        (-2.0, 3.0, ("−2", "3")),
        (np.inf, 3.0, ("inf", "3")),
    ],
)
def test_numbers_that_differ_are_told_apart(a, b, texts):
    assert apart(a, b) == texts


def test_plain_and_typeset_numbers():
    assert [plain(value) for value in (0.031249, -2.0, 1610.2)] == ["0.0312", "-2", "1.61e+03"]
    assert [typeset(value) for value in (0.0312345, -2.0, 1610.2, -1.2345e-5)] == [
        "0.03123",
        "−2",
        "1610",
        "−1.234·10⁻⁵",
    ]


def test_numbers_in_formulas():
    values = (0.0312345, -2.0, -1.2345e-5, 1e-300, -1e-7, 4e8, np.inf, -np.inf, np.nan)
    assert [latex_number(value) for value in values] == [
        "0.03123",
        "-2",
        r"-1.234 \cdot 10^{-5}",
        "10^{-300}",
        "-10^{-7}",
        r"4 \cdot 10^{8}",
        r"\infty",
        r"-\infty",
        r"\text{no number}",
    ]
    assert [latex_number(value, factor=True) for value in (0.25, -2.0)] == ["0.25", r"\left(-2\right)"]


def test_a_minus_stands_before_numbers_alone():
    text = "A 2-8-1 network at (-3, -.5) falls to -1.2, not `-5`, $x^{-2}$ or [there](/?x=-1); re-3 and 5-7 stay."
    expected = "A 2-8-1 network at (−3, −.5) falls to −1.2, not `-5`, $x^{-2}$ or [there](/?x=-1); re-3 and 5-7 stay."
    assert readable(text) == expected


def test_powers_and_shares_are_written_as_people_read_them():
    text = "1.92e+05 pits, 1e-05 off, -3e-07; 32% of them, `1e+05`, w1e+2, %{x:.2e} and %{y:.0%}"
    expected = "1.92·10⁵ pits, 10⁻⁵ off, −3·10⁻⁷; 32 % of them, `1e+05`, w1e+2, %{x:.2e} and %{y:.0%}"
    assert readable(text) == expected


@pytest.mark.parametrize(
    ("share", "told", "inside", "coarse"),
    [
        (0, "0 %", "none", "0 %"),
        (1.3e-7, "1.3·10⁻⁵ %", "1.3·10⁻⁵ %", "1.3·10⁻⁵ %"),
        (0.12345, "12.3 %", "12.3 %", "12 %"),
        (0.5, "50 %", "50 %", "50 %"),
        (0.99949, "99.9 %", "99.9 %", "> 99 %"),
        (0.99951, "> 99.9 %", "nearly all", "> 99 %"),
        (1, "100 %", "all", "100 %"),
        (13.4, "1,340 %", "1,340 %", "1,300 %"),
    ],
)
def test_a_share_is_told_as_one_and_what_is_nearly_all_is_not_all(
    share: float, told: str, inside: str, coarse: str
) -> None:
    assert percent(share) == told
    assert portion(share) == inside
    assert percent(share, 2) == coarse


@pytest.mark.parametrize(("value", "text"), [(-0.004, "0.00"), (-1.5, "−1.50"), (2, "2.00")])
def test_so_many_decimals(value: float, text: str) -> None:
    assert fixed(value) == text
