"""What people type is read as they mean it, says which of two readings it took, or is refused with a way to mend it."""

import numpy as np
import pytest

from landscape.formulas.expression import parse
from landscape.formulas.reader import MAX_EXPONENT, MAX_NUMBER, read
from landscape.formulas.tokens import MAX_LENGTH
from landscape.formulas.vocabulary import CALLED, FUNCTIONS, MAX_PARAMETERS
from landscape.formulas.wording import CHARACTERS, WORDS, ExpressionError

POINTS = np.random.default_rng(3).uniform(0.2, 1.8, (30, 2))
BOTH = np.concatenate([POINTS, -POINTS, POINTS * [1, -1]])

sin, cos, exp, log, sqrt, pi, e = np.sin, np.cos, np.exp, np.log, np.sqrt, np.pi, np.e


def sigmoid(u):
    return 1 / (1 + exp(-u))


# One reading: text, and what is meant. Every letter that is no variable is 1.
PLAIN = {
    "x^2": lambda x, y: x**2,
    "x**2": lambda x, y: x**2,
    "x ^ 2": lambda x, y: x**2,
    "2x": lambda x, y: 2 * x,
    "2 x": lambda x, y: 2 * x,
    "3 x**2": lambda x, y: 3 * x**2,
    "x y": lambda x, y: x * y,
    "2(x+y)": lambda x, y: 2 * (x + y),
    "2 (x + y)": lambda x, y: 2 * (x + y),
    "x(x-1)": lambda x, y: x * (x - 1),
    "(x+1)(x-1)": lambda x, y: x**2 - 1,
    "(x+1)x": lambda x, y: (x + 1) * x,
    "(x+1)sin(x)": lambda x, y: (x + 1) * sin(x),
    "3sin(x)": lambda x, y: 3 * sin(x),
    "2x^2 + 3x*y + y": lambda x, y: 2 * x**2 + 3 * x * y + y,
    "sin x": lambda x, y: sin(x),
    "sin(x)": lambda x, y: sin(x),
    "Sin(x)": lambda x, y: sin(x),
    "SIN(X)": lambda x, y: sin(x),
    "Sin[x]": lambda x, y: sin(x),
    "sin x + 1": lambda x, y: sin(x) + 1,
    "sin(x)^2": lambda x, y: sin(x) ** 2,
    "sin(x)cos(y)": lambda x, y: sin(x) * cos(y),
    "sin x cos y": lambda x, y: sin(x) * cos(y),
    "sin(cos(x))": lambda x, y: sin(cos(x)),
    "|x|": lambda x, y: abs(x),
    "|x - y|": lambda x, y: abs(x - y),
    "2|x|": lambda x, y: 2 * abs(x),
    "|x||y|": lambda x, y: abs(x * y),
    "ln|x|": lambda x, y: log(abs(x)),
    "||x| - 1|": lambda x, y: abs(abs(x) - 1),
    "|x|^3": lambda x, y: abs(x) ** 3,
    "abs(x)": lambda x, y: abs(x),
    "Abs(x)": lambda x, y: abs(x),
    "fabs(x)": lambda x, y: abs(x),
    "ln(2 + x^2)": lambda x, y: log(2 + x**2),
    "log10(2 + x²)": lambda x, y: np.log10(2 + x**2),
    "log_10(2 + x²)": lambda x, y: np.log10(2 + x**2),
    "log2(2 + x²)": lambda x, y: np.log2(2 + x**2),
    "log1p(x^2)": lambda x, y: np.log1p(x**2),
    "expm1(x)": lambda x, y: np.expm1(x),
    "e^x": lambda x, y: exp(x),
    "e^(-x)": lambda x, y: exp(-x),
    "exp(x)": lambda x, y: exp(x),
    "exp x": lambda x, y: exp(x),
    "2^x": lambda x, y: 2**x,
    "pow(x, 3)": lambda x, y: x**3,
    "power(x, 3)": lambda x, y: x**3,
    "square(x)": lambda x, y: x**2,
    "sqrt(x^2 + y^2)": lambda x, y: np.hypot(x, y),
    "hypot(x, y)": np.hypot,
    "cbrt(x)": lambda x, y: np.cbrt(x),
    "min(x, y)": np.minimum,
    "max(x, y, 0)": lambda x, y: np.maximum(np.maximum(x, y), 0),
    "max(1 - x, 0)^2": lambda x, y: np.maximum(1 - x, 0) ** 2,
    "atan2(y, x)": lambda x, y: np.arctan2(y, x),
    "arctan2(y, x)": lambda x, y: np.arctan2(y, x),
    "arcsin(x/2)": lambda x, y: np.arcsin(x / 2),
    "asin(x/2)": lambda x, y: np.arcsin(x / 2),
    "arctan(x)": lambda x, y: np.arctan(x),
    "sinh(x)": lambda x, y: np.sinh(x),
    "cosh(x) - tanh(y)": lambda x, y: np.cosh(x) - np.tanh(y),
    "arcsinh(x)": lambda x, y: np.arcsinh(x),
    "artanh(x/2)": lambda x, y: np.arctanh(x / 2),
    "sec(x)": lambda x, y: 1 / cos(x),
    "cot(x)": lambda x, y: 1 / np.tan(x),
    "sigmoid(x)": lambda x, y: sigmoid(x),
    "expit(x)": lambda x, y: sigmoid(x),
    "relu(x)": lambda x, y: np.maximum(x, 0),
    "ReLU(x)": lambda x, y: np.maximum(x, 0),
    "softplus(x)": lambda x, y: log(1 + exp(x)),
    "sign(x)y": lambda x, y: np.sign(x) * y,
    "sgn(x)": lambda x, y: np.sign(x),
    "πx": lambda x, y: pi * x,
    "pi*x": lambda x, y: pi * x,
    "2PI x": lambda x, y: 2 * pi * x,
    "2πx": lambda x, y: 2 * pi * x,
    "√(x²+1)": lambda x, y: sqrt(x**2 + 1),
    "√2": lambda x, y: sqrt(2) + 0 * x,
    "∛x": lambda x, y: np.cbrt(x),
    "x²": lambda x, y: x**2,
    "x²+y³": lambda x, y: x**2 + y**3,
    "x⁴ − x²": lambda x, y: x**4 - x**2,
    "x¹⁰": lambda x, y: x**10,
    "x⁻²": lambda x, y: x**-2.0,
    "(x+y)²": lambda x, y: (x + y) ** 2,
    "½x²": lambda x, y: x**2 / 2,
    "x·y": lambda x, y: x * y,
    "3×x": lambda x, y: 3 * x,
    "3⋅x∗y": lambda x, y: 3 * x * y,
    "x ÷ 2": lambda x, y: x / 2,
    "3−x": lambda x, y: 3 - x,
    "x – y": lambda x, y: x - y,
    "2\N{NO-BREAK SPACE}x\N{THIN SPACE}+ y": lambda x, y: 2 * x + y,
    "x\N{ZERO WIDTH SPACE}^2": lambda x, y: x**2,
    "（x＋1）＾2": lambda x, y: (x + 1) ** 2,
    "𝑥² + 𝑦²": lambda x, y: x**2 + y**2,
    "X^2 + Y^2": lambda x, y: x**2 + y**2,
    "[x+1]^2": lambda x, y: (x + 1) ** 2,
    "{x+1}^2": lambda x, y: (x + 1) ** 2,
    "np.sin(x)": lambda x, y: sin(x),
    "np.sin(x)**2 + np.cos(y)": lambda x, y: sin(x) ** 2 + cos(y),
    "numpy.exp(x)*np.pi": lambda x, y: exp(x) * pi,
    "math.exp(x)": lambda x, y: exp(x),
    "math.pow(x, 2)": lambda x, y: x**2,
    "torch.tanh(x)": lambda x, y: np.tanh(x),
    "np.maximum(x, 0)": lambda x, y: np.maximum(x, 0),
    "1_000*x": lambda x, y: 1000 * x,
    ".5x": lambda x, y: 0.5 * x,
    "2.x": lambda x, y: 2 * x,
    "007": lambda x, y: 7 + 0 * x,
    "x*-y": lambda x, y: -x * y,
    "--x": lambda x, y: x,
    "x**-2": lambda x, y: x**-2.0,
    "x^(y-y+2)": lambda x, y: x**2,
    "a x^2 + b y^2": lambda x, y: x**2 + y**2,
    "α x + β y": lambda x, y: x + y,
    "alpha*x + lambda*y": lambda x, y: x + y,
    "λ|x|": lambda x, y: abs(x),
    "k_1 x + k₂ y": lambda x, y: x + y,
    "a1 x": lambda x, y: x,
    "A sin(ωx)": lambda x, y: sin(x),
    r"\frac{x}{2}": lambda x, y: x / 2,
    r"\frac{1}{2}x^2 + \frac{x+1}{y}": lambda x, y: x**2 / 2 + (x + 1) / y,
    r"\sqrt{x^2+1}": lambda x, y: sqrt(x**2 + 1),
    r"\sqrt[3]{x}": lambda x, y: np.cbrt(x),
    r"\left(x+1\right)^{2}": lambda x, y: (x + 1) ** 2,
    r"\sin\left(x\right) \cdot \cos y": lambda x, y: sin(x) * cos(y),
    r"\pi x \, y": lambda x, y: pi * x * y,
    r"\alpha x + \operatorname{sign}(y)": lambda x, y: x + np.sign(y),
    r"\left|x\right| + \lvert y\rvert": lambda x, y: abs(x) + abs(y),
    "$x^2 + y^2$": lambda x, y: x**2 + y**2,
    " x^2\n": lambda x, y: x**2,
}

# Two readings: text, what it is read as, and a word of the note that says so.
CHOSEN = {
    "-x^2": (lambda x, y: -(x**2), "-x^2 is read as -(x^2)"),
    "exp(-x**2)": (lambda x, y: exp(-(x**2)), "-x**2 is read as -(x**2)"),
    "1/2x": (lambda x, y: 1 / (2 * x), "1/2x is read as 1/(2x)"),
    "1/2 x": (lambda x, y: x / 2, "1/2 before a blank"),
    "x/2y": (lambda x, y: x / (2 * y), "x/2y is read as x/(2y)"),
    "1/2(2+x^2)": (lambda x, y: 1 / (2 * (2 + x**2)), "is read as 1/(2(2+x^2))"),
    "x/y/2": (lambda x, y: x / y / 2, "divided from the left"),
    "sin x y": (lambda x, y: sin(x * y), "sin x y is read as sin(x y)"),
    "sin 2x": (lambda x, y: sin(2 * x), "sin 2x is read as sin(2x)"),
    "sin x^2": (lambda x, y: sin(x**2), "sin x^2 is read as sin(x^2)"),
    "sin x / 2": (lambda x, y: sin(x) / 2, "sin x / … is read as sin(x)"),
    "sin x * y": (lambda x, y: sin(x) * y, "sin x * … is read as sin(x)"),
    "sin x(x+1)": (lambda x, y: sin(x) * (x + 1), "sin(x) times the bracket"),
    "sin 2(x+y)": (lambda x, y: sin(2 * (x + y)), "sin(2(x+y))"),
    "exp -x": (lambda x, y: exp(-x), "exp(-x)"),
    "sin^2(x)": (lambda x, y: sin(x) ** 2, "sin(x)^2"),
    "sin^2 x": (lambda x, y: sin(x) ** 2, "sin(x)^2"),
    "sin²x": (lambda x, y: sin(x) ** 2, "sin(x)^2"),
    "tan^-1(x)": (lambda x, y: np.arctan(x), "is read as atan"),
    "sin⁻¹(x/2)": (lambda x, y: np.arcsin(x / 2), "is read as asin"),
    "log(1 + x^2)": (lambda x, y: log(1 + x**2), "log is the natural logarithm"),
    "log(2 + x^2, 2)": (lambda x, y: np.log2(2 + x**2), "base of the logarithm"),
    "1,5*x": (lambda x, y: 1.5 * x, "1,5 is read as 1.5"),
    "0,25x^2": (lambda x, y: 0.25 * x**2, "0,25 is read as 0.25"),
    "max(1,5)x": (lambda x, y: 5 * x, "separates two numbers"),
    "max(0,5; x)": (lambda x, y: np.maximum(0.5, x), "0,5 is read as 0.5"),
    "2^x^2": (lambda x, y: 2 ** (x**2), "2^(x^2)"),
    "x^2y": (lambda x, y: x**2 * y, "(x^2)*y"),
    "e^2x": (lambda x, y: exp(2) * x, "(e^2)*x"),
    "x^1/2": (lambda x, y: x / 2, "(x^1)/2"),
    "2e3x": (lambda x, y: 2000 * x, "2e3 is read as 2000"),
    "1e-3*x": (lambda x, y: 1e-3 * x, "1e-3 is read as 0.001"),
    "E^x": (lambda x, y: exp(x), "E is read as the number e"),
    "x1^2 + x2": (lambda x, y: x**2 + y, "x1 is read as x"),
    "x_1 - x_2": (lambda x, y: x - y, "x_2 is read as y"),
    "x₁x₂": (lambda x, y: x * y, "x₁ is read as x"),
    "√2x": (lambda x, y: sqrt(2) * x, "root is taken of 2 alone"),
    "sin2x": (lambda x, y: sin(2 * x), "sin2 is read as sin 2"),
    "cos2πx": (lambda x, y: cos(2 * pi * x), "cos 2πx is read as cos(2πx)"),
    "1/xy": (lambda x, y: 1 / (x * y), "1/xy is read as 1/(xy). Write (1/x) first"),
    "sinx": (lambda x, y: sin(x), "sinx is read as sin x"),
    "xsinx": (lambda x, y: x * sin(x), "xsinx is read as x*sin x"),
    "xy": (lambda x, y: x * y, "xy is read as x*y"),
    "axy + bx": (lambda x, y: x * y + x, "axy is read as a*x*y, bx is read as b*x"),
    "xe^y": (lambda x, y: x * exp(y), "xe is read as x*e"),
    "log2x + 0*y": (lambda x, y: np.log2(x), "log2(x)"),
    "a(x+1)": (lambda x, y: x + 1, "a times the bracket"),
    "σ(x)": (lambda x, y: sigmoid(x), "read as the sigmoid"),
    "f(x, y) = x^2 + y": (lambda x, y: x**2 + y, "after f(x, y) ="),
    "y = x^2": (lambda x, y: x**2, "after y ="),
    "i x": (lambda x, y: x, "all numbers are real"),
    "|x|y|x|": (lambda x, y: x**2 * y, "closed at its second bar"),
    "(2 + x)^(1/3)": (lambda x, y: np.cbrt(2 + x), "cbrt has them everywhere"),
}


@pytest.mark.parametrize("text", PLAIN)
def test_what_people_type_is_read_as_they_mean_it(text):
    with np.errstate(all="ignore"):
        expected = PLAIN[text](*BOTH.T)
    np.testing.assert_allclose(parse(text).value(BOTH), expected, rtol=1e-12, atol=1e-14)
    assert read(text).notes == ()


@pytest.mark.parametrize("text", CHOSEN)
def test_of_two_readings_the_mathematicians_is_taken_and_named(text):
    meant, words = CHOSEN[text]
    with np.errstate(all="ignore"):
        expected = meant(*POINTS.T)
    np.testing.assert_allclose(parse(text).value(POINTS), expected, rtol=1e-12)
    notes = parse(text).notes
    assert any(words in note.text for note in notes), notes
    assert all(0 <= note.position < len(text) and note.text.endswith((".", "…")) for note in notes)


def test_there_are_enough_of_both():
    assert len(PLAIN) + len(CHOSEN) >= 150


@pytest.mark.parametrize("name", CALLED)
def test_a_function_answers_to_each_of_its_names(name):
    arguments = ", ".join("xy"[: FUNCTIONS[CALLED[name]].least])
    assert read(f"{name}({arguments})").expression == read(f"{CALLED[name]}({arguments})").expression


# Refused: text, the index of the place, words of the sentence, and the text that it asks for, which then is read.
REFUSED = [
    ("", None, "is empty. Write one, as x^2 + y^2", "x^2 + y^2"),
    (" \t ", None, "is empty", "x^2"),
    ("sin", 0, "sin needs an argument, as in sin(x)", "sin(x)"),
    ("sin*x", 0, "as in sin(x)", "sin(x)"),
    ("sin^2", 0, "Write sin(x)^2", "sin(x)^2"),
    ("sin^-2 x", 0, "Write this power after the bracket, as sin(x)^2", "sin(x)^-2"),
    ("sin^x(y)", 0, "Write sin(x)^2 for its power", "sin(y)^2"),
    ("sin()", 3, "Nothing stands between these brackets", "sin(x)"),
    ("sin(x, y)", 0, "sin takes one argument, as in sin(x)", "sin(x)"),
    ("atan2(x)", 0, "atan2 takes two arguments, as in atan2(x, y)", "atan2(x, y)"),
    ("max(x)", 0, "max takes two or more arguments, as in max(x, y)", "max(x, y)"),
    ("max x y", 0, "as in max(x, y)", "max(x, y)"),
    ("sin2(x)", 0, "Write sin(2*x) or sin(x)^2", "sin(2*x)"),
    ("d/dx x^2", 2, "Write the function itself", "x^2"),
    ("e5", 0, "Write e*5 or e^5", "e^5"),
    ("asinx", 0, "may be asin x or a sin x", "asin(x)"),
    ("sinn(x)", 0, "Did you mean sin?", "sin(x)"),
    ("coss x", 0, "Did you mean cos?", "cos x"),
    ("arcsine(x)", 0, "Did you mean arcsin?", "arcsin(x)"),
    ("sqr(x) + sqt(y)", 9, "Did you mean sqrt?", "sqr(x) + sqrt(y)"),
    ("lamda*x", 0, "Did you mean lambda?", "lambda*x"),
    ("foo", 0, "'foo' is not known; the names are x, y, pi, e, and any single letter", "x"),
    ("abx", 0, "Write * for a product", "a*b*x"),
    ("g(x)", 0, "g is no function here. Write g*(…) for a product", "g*(x)"),
    ("x3", 0, "Write x*3 or x^3", "x^3"),
    ("x_a", 0, "Write x and y, or * for a product", "a*x"),
    ("x 2", 2, "Write *2 for a product here, or ^2 for a power", "x ^2"),
    ("(x+1)2", 5, "Write *2", "(x+1)*2"),
    ("2 3", 2, "Two numbers stand side by side", "2*3"),
    ("2½x", 1, "Two numbers stand side by side", "2*½x"),
    ("1.2.3", 3, "A number has one point", "1.2*3"),
    ("1,500*x", 0, "Write 1500 or 1.500", "1500*x"),
    ("1,000,000", 0, "has two readings", "1000000"),
    ("(1, 2)", 0, "A comma stands only between arguments", "max(1, 2)"),
    ("x, y", 1, "Write a point for decimals", "x*y"),
    ("x[0]", 0, "The variables are x and y, with no index", "x"),
    ("x^2 + y^2 = 1", 10, "Write one function, as x^2 + y^2 - 1", "x^2 + y^2 - 1"),
    ("x == y", 2, "This is an equation", "x - y"),
    ("x +", 2, "Something is missing at the end", "x + 1"),
    ("* x", 0, "Something is missing before this *", "2 * x"),
    ("x + * y", 4, "Something is missing before this *", "x + 2 * y"),
    ("x***2", 3, "Something is missing before this *", "x**2"),
    ("²x", 0, "Something is missing before this power", "x²x"),
    ("(x", 0, "This ( is not closed. Write ) after it", "(x)"),
    ("(x + (y", 5, "This ( is not closed", "(x + (y))"),
    ("|x", 0, "This | is not closed. Write | after it", "|x|"),
    ("x)", 1, "This ) closes nothing. Leave it out", "x"),
    (")x(", 0, "This ) closes nothing", "x"),
    ("(x]", 2, "This ] does not close (. Write )", "(x)"),
    ("()", 0, "Nothing stands between these brackets", "(x)"),
    ("x//y", 1, "Write / for a quotient", "x/y"),
    ("x!", 1, "Factorials are not known here", "x"),
    ("x % 2", 2, "no remainder", "x / 100"),
    ("sin(30°)", 6, "Write x*pi/180 for degrees", "sin(30*pi/180)"),
    ("x < y", 2, "Write max, min, abs or sign", "max(x, y)"),
    ("x'", 1, "Leave them out", "x"),
    ('"x"', 0, "Leave them out", "x"),
    ("x\ny", 1, "A formula is one line", "x + y"),
    ("\N{CYRILLIC SMALL LETTER HA}", 0, "is Cyrillic", "x"),
    ("∑x", 0, "Write the terms out", "x + x"),
    ("erf(x)", 0, "tanh(1.2*x) is close to it", "tanh(1.2*x)"),
    ("sinc(x)", 0, "Write sin(x)/x or", "sin(x)/x"),
    ("lg(x)", 0, "Write log10(x) or log2(x)", "log10(x)"),
    ("floor(x)", 0, "Steps have no slope", "x"),
    ("inf", 0, "as 1e6", "1e6"),
    (r"\frac12", 0, r"as \frac{x}{2}", r"\frac{1}{2}"),
    (r"\sum x", 0, "Write the terms out", "x + x"),
    ("x.real", 1, "A point belongs inside a number", "x"),
    ("0**x", 0, "Write a positive base", "2**x"),
    ("(-2)**x", 0, "Write a positive base", "2**x"),
    ("1/0", 2, "This divides by zero", "1/x"),
    ("3 + x/(y - y)", 6, "This divides by zero", "3 + x/y"),
    ("x**41", 0, f"at most {MAX_EXPONENT}", "x**40"),
    ("10**400", 0, f"at most {MAX_EXPONENT}", "10**4"),
    ("((x**9)**9)**9", None, f"at most {MAX_EXPONENT}", "x**9"),
    ("1e13", 0, f"larger than {MAX_NUMBER:g}", "1e12"),
    ("exp(1000)", 0, f"larger than {MAX_NUMBER:g}", "exp(10)"),
    ("(1e12*x)**40", 0, "too large", "x**40"),
    ("0**-1", 0, "no finite value", "2**-1"),
    ("(-8)**(1/3)", 0, "A negative number has no real power", "cbrt(-8)"),
    ("x + log(0)", 4, "no finite real value", "x + log(1)"),
    ("acos(2)", 0, "no finite real value", "acos(1)"),
    ("acosh(0)", 0, "no finite real value", "acosh(2)"),
    ("a b c d u v w x", None, f"at most {MAX_PARAMETERS}", "a b c x"),
    ("(" * 13 + "x" + ")" * 13, 13, "nested more than 12 deep", "x"),
    ("x" * (MAX_LENGTH + 1), None, "has 301 characters; at most 300", "x"),
    ("+".join(["x"] * 150), None, "more than 200 parts", "150x"),
]


@pytest.mark.parametrize(("text", "position", "words", "mended"), REFUSED, ids=[repr(case[0][:24]) for case in REFUSED])
def test_what_is_wrong_is_said_with_its_place_and_its_mend(text, position, words, mended):
    with pytest.raises(ExpressionError) as caught:
        read(text)
    assert words in str(caught.value)
    if position is not None:
        assert caught.value.position == position
        assert str(caught.value).endswith(f"(at character {position + 1})")
    if caught.value.position is not None:
        assert 0 <= caught.value.position < len(text)
    read(mended)


@pytest.mark.parametrize("character", CHARACTERS)
def test_a_character_with_a_sentence_of_its_own_is_refused_with_it(character):
    text = f"x {character * 2} 3" if not character.isalpha() else character
    with pytest.raises(ExpressionError) as caught:
        read(text)
    assert CHARACTERS[character] in str(caught.value)


@pytest.mark.parametrize("word", WORDS)
def test_a_word_with_a_sentence_of_its_own_is_refused_with_it(word):
    with pytest.raises(ExpressionError) as caught:
        read(f"{word}(x)")
    assert WORDS[word] in str(caught.value)


def test_an_expression_error_is_a_value_error():
    assert issubclass(ExpressionError, ValueError)


def test_a_refusal_is_short_however_long_the_text():
    for text in ("(" * 10**6, "a" * 290, "\\" + "a" * 290, "x" * 10**7, "sin" * 90 + "(x)"):
        with pytest.raises(ExpressionError) as caught:
            read(text)
        assert len(str(caught.value)) < 220


# Parameters.


def test_every_other_letter_is_a_parameter_in_the_order_of_the_text():
    reading = read("b x^2 + a y + β + k_1 + α")
    assert reading.parameters == ("b", "a", "beta", "k_1", "alpha")
    assert parse("b x^2 + a y").parameters == (("b", 1.0), ("a", 1.0))
    assert parse("b x^2 + a y", parameters={"a": 2, "b": 3}).value(np.ones(2)) == 5
    assert parse("b x^2 + a y", parameters={"a": 2}).value(np.ones(2)) == 3


def test_where_names_are_given_there_are_no_others():
    assert read("steepness*x", parameters=["steepness"]).parameters == ("steepness",)
    with pytest.raises(ExpressionError, match=r"'b' is not known; the names are x, y, steepness, pi, e \("):
        read("b*x", parameters=["steepness"], others=False)


def test_x_alone():
    f = parse("a sin(x)/x", ("x",), {"a": 2})
    np.testing.assert_allclose(f.value(POINTS[:, :1]), 2 * sin(POINTS[:, 0]) / POINTS[:, 0])
    assert parse("X + x_1", ("x",)).gradient(np.ones(1)) == 2
    with pytest.raises(ExpressionError, match=r"'y' is not known\. Write x"):
        parse("x + y", ("x",))


# LaTeX of what was understood.

LATEX = {
    "1/2x": r"\frac{1}{2 x}",
    "1/2 x": r"\frac{1}{2} x",
    "(1 - x)^2 + 100(y - x^2)^2": r"\left(1 - x\right)^{2} + 100 \left(y - x^{2}\right)^{2}",
    "x - (y - 1)": r"x - \left(y - 1\right)",
    "-(x + y)": r"-\left(x + y\right)",
    "x*2*3": r"x \cdot 2 \cdot 3",
    "x/y*2": r"\frac{x}{y} \cdot 2",
    "x*(-2)": r"x \left(-2\right)",
    "(x^2)^3": r"\left(x^{2}\right)^{3}",
    "(-2)^2": r"\left(-2\right)^{2}",
    "sin^2 x": r"\sin^{2}\left(x\right)",
    "|x|^3": r"\left|x\right|^{3}",
    "log(x, 2) + ln x": r"\log_{2}\left(x\right) + \ln\left(x\right)",
    "max(x, 0)": r"\max\left(x, 0\right)",
    "asinh(x)": r"\operatorname{asinh}\left(x\right)",
    "exp(-x)^2": r"\left(e^{-x}\right)^{2}",
    "α_1 x^(1/3)": r"\alpha_{1} x^{\frac{1}{3}}",
    r"\sqrt[5]{x} + ∛y": r"\sqrt[5]{x} + \sqrt[3]{y}",
    "½ + 1.5e-3": r"\frac{1}{2} + 1.5 \cdot 10^{-3}",
    "pow(x, 2)": r"x^{2}",
}


@pytest.mark.parametrize("text", LATEX)
def test_the_formula_is_shown_as_it_was_understood(text):
    assert read(text).latex == LATEX[text]


@pytest.mark.parametrize("text", [*PLAIN, *CHOSEN])
def test_what_is_shown_is_read_as_the_same(text):
    shown = read(text)
    again = parse(shown.latex)
    np.testing.assert_allclose(again.value(BOTH), parse(text).value(BOTH), rtol=1e-12, atol=1e-14)


def test_no_text_as_typed_is_in_what_is_shown():
    for text in ("x<script>", "\\href{javascript:x}{y}", "a_{<b>}", "x_{](z)}"):
        with pytest.raises(ExpressionError):
            read(text)
    assert "<" not in "".join(read(text).latex for text in (*PLAIN, *CHOSEN))


@pytest.mark.parametrize(("text", "doubtful"), [("x^1/2", True), ("x^2/3", True), ("x^2/10", False), ("x^2/4", False)])
def test_an_exponent_before_a_divisor_is_doubtful_only_where_it_may_be_a_root(text: str, doubtful: bool) -> None:
    assert any("exponent in brackets" in note.text for note in parse(text).notes) == doubtful
