"""The names that a formula may use: its functions, whatever people call them, constants, variables and parameters."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import sympy

from landscape.formulas.functions import (
    Angle,
    ArcCosh,
    ArcSinh,
    ArcTanh,
    Cosh,
    CubeRoot,
    Larger,
    Magnitude,
    Sigmoid,
    Sign,
    Sinh,
    Smaller,
    Tanh,
)
from landscape.formulas.tokens import GREEK
from landscape.formulas.wording import WORDS, ExpressionError, nearest

MAX_PARAMETERS = 6
# A longer word is not taken for several glued together.
MAX_GLUED = 12


class Known(NamedTuple):
    """A function: what builds it from sympy expressions, what else it is called, how many arguments it takes.

    inverse   the key of what a power of -1 on its name means, as in sin^-1(x)
    """

    build: Callable[..., sympy.Expr]
    called: tuple[str, ...] = ()
    least: int = 1
    most: int = 1
    inverse: str = ""


def _several(one: Any) -> Callable[..., sympy.Expr]:
    def build(first: sympy.Expr, *rest: sympy.Expr) -> sympy.Expr:
        for each in rest:
            first = one(first, each)
        return first

    return build


def _logarithm(u: sympy.Expr, base: sympy.Expr = sympy.E) -> sympy.Expr:
    return sympy.log(u) if base == sympy.E else sympy.log(u) / sympy.log(base)


def _distance(*sides: sympy.Expr) -> sympy.Expr:
    return sympy.sqrt(sympy.Add(*(side**2 for side in sides)))


FUNCTIONS: dict[str, Known] = {
    "abs": Known(Magnitude, ("absolute", "fabs")),
    "acos": Known(sympy.acos, ("arccos",)),
    "acosh": Known(ArcCosh, ("arccosh", "arcosh")),
    "asin": Known(sympy.asin, ("arcsin",)),
    "asinh": Known(ArcSinh, ("arcsinh", "arsinh")),
    "atan": Known(sympy.atan, ("arctan", "arctg", "atg")),
    "atan2": Known(Angle, ("arctan2",), 2, 2),
    "atanh": Known(ArcTanh, ("arctanh", "artanh")),
    "cbrt": Known(CubeRoot),
    "cos": Known(sympy.cos, ("cosine",), inverse="acos"),
    "cosh": Known(Cosh, ("ch",), inverse="acosh"),
    "cot": Known(lambda u: 1 / sympy.tan(u), ("cotan", "ctg")),
    "csc": Known(lambda u: 1 / sympy.sin(u), ("cosec",)),
    "exp": Known(sympy.exp),
    "exp2": Known(lambda u: sympy.exp(u * sympy.log(2))),
    "expm1": Known(lambda u: sympy.exp(u) - 1),
    "hypot": Known(_distance, (), 2, 3),
    "log": Known(_logarithm, ("ln",), 1, 2),
    "log10": Known(lambda u: _logarithm(u, sympy.Integer(10))),
    "log1p": Known(lambda u: sympy.log(1 + u)),
    "log2": Known(lambda u: _logarithm(u, sympy.Integer(2)), ("ld", "lb")),
    "max": Known(_several(Larger), ("maximum", "fmax"), 2, 9),
    "min": Known(_several(Smaller), ("minimum", "fmin"), 2, 9),
    "pow": Known(lambda u, v: u**v, ("power",), 2, 2),
    "relu": Known(lambda u: Larger(u, sympy.Integer(0)), ("ramp",)),
    "sec": Known(lambda u: 1 / sympy.cos(u)),
    "sigmoid": Known(Sigmoid, ("expit", "logistic")),
    "sign": Known(Sign, ("sgn", "signum")),
    "sin": Known(sympy.sin, ("sine",), inverse="asin"),
    "sinh": Known(Sinh, ("sh",), inverse="asinh"),
    "softplus": Known(lambda u: sympy.log(1 + sympy.exp(u))),
    "sqrt": Known(sympy.sqrt),
    "square": Known(lambda u: u**2, ("sqr",)),
    "tan": Known(sympy.tan, ("tg", "tangent"), inverse="atan"),
    "tanh": Known(Tanh, ("th",), inverse="atanh"),
}
CALLED = {name: key for key, known in FUNCTIONS.items() for name in (key, *known.called)}
CONSTANTS = {"pi": sympy.pi, "e": sympy.E}
# Letters that people use for functions: with a bracket after them there is no telling what is meant.
LIKE_FUNCTIONS = {"f", "g", "h", "F", "G", "H", "phi", "psi", "Gamma", "zeta", "Phi", "Psi"}


class Word(NamedTuple):
    """One part of a name: kind is "function", "constant", "variable", "parameter" or "number".

    length   how many characters of the name it is
    """

    kind: str
    name: str
    length: int


class Vocabulary:
    """The names known in one formula.

    variables   their names; where these are x, or x and y, X, x1, x_1 and x2 are understood as well
    given       names of parameters; every other letter is one, too
    """

    def __init__(self, variables: Sequence[str], given: Sequence[str]) -> None:
        self.variables, self.given = tuple(variables), tuple(given)
        self.spelled = {_canonical(name): name for name in (*variables, *given)}
        self.usual = self.variables in (("x",), ("x", "y"))

    def single(self, name: str) -> Word | None:
        """What a name is if it is one thing, else None."""
        if name in self.spelled:
            own = self.spelled[name]
            return Word("variable" if own in self.variables else "parameter", own, len(name))
        written = name.replace("_", "")
        key = CALLED.get(written) or (CALLED.get(written.lower()) if len(name) > 1 else None)
        if key is not None:
            return Word("function", key, len(name))
        if (low := name.lower()) in CONSTANTS:
            return Word("constant", low, len(name))
        if (variable := self._variable(name)) is not None:
            return Word("variable", variable, len(name))
        return Word("parameter", name, len(name)) if self._is_letter(name) else None

    def words(self, name: str, typed: str, position: int, called: bool) -> list[Word]:
        """What a name is, part by part; ExpressionError where it is nothing that is known.

        typed    the name as it was typed
        called   whether a bracket follows
        """
        if (one := self.single(name)) is not None:
            return [one]
        base, _, digits = name.partition("_")
        if (
            digits.isdigit()
            and len(digits) < 9
            and not called
            and (function := self.single(base))
            and function.kind == "function"
        ):
            return [function, Word("number", digits, len(digits))]
        if mend := WORDS.get(name.lower().replace("_", "")) or WORDS.get(base.lower()):
            raise ExpressionError(f"'{typed}' is not known here. {mend}", position)
        glued = [words for words in _glued(name, self) if _plausible(words, called)]
        if len({tuple(w for w in words if w.kind == "function") for words in glued}) > 1:
            first, second = (" ".join(w.name for w in words) for words in glued[:2])
            raise ExpressionError(f"{typed} may be {first} or {second}. Write brackets and *", position)
        if glued:
            return glued[0]
        raise ExpressionError(self._unknown(name, typed), position)

    def _variable(self, name: str) -> str | None:
        """The variable that another spelling of it means."""
        if not self.usual:
            return None
        others = {"X": "x", "x_1": "x", "Y": "y", "x_2": "y", "X_1": "x", "X_2": "y"}
        variable = others.get(name)
        return variable if variable in self.variables else None

    def _is_letter(self, name: str) -> bool:
        base, _, subscript = name.partition("_")
        if (base in ("x", "y", "X", "Y") and self.usual) or (base.lower() in CONSTANTS and subscript):
            return False
        return (len(base) == 1 or base in GREEK) and len(subscript) <= 8

    def _unknown(self, name: str, typed: str) -> str:
        """The sentence for a name that is nothing, not even glued."""
        base, _, digits = name.partition("_")
        few = digits.isdigit() and len(digits) < 9
        known = [*self.variables, *self.given, *CONSTANTS]
        if few and CALLED.get(base.lower()):
            return f"'{typed}' has two readings. Write {base}({digits}*x) or {base}(x)^{digits}"
        if few and (base in self.variables or base in CONSTANTS):
            return f"'{typed}' has two readings. Write {base}*{digits} or {base}^{digits}"
        if self.usual and base in ("x", "y", "X", "Y"):
            return f"'{typed}' is not known. Write {' and '.join(self.variables)}, or * for a product"
        if near := nearest(name.replace("_", ""), [*CALLED, *GREEK, *(k for k in known if len(k) > 2)]):
            return f"'{typed}' is not known. Did you mean {near}? Write * for a product"
        names = ", ".join(known)
        return f"'{typed}' is not known; the names are {names}, and any single letter. Write * for a product"


def example(name: str) -> str:
    return f"{name}(x, y)" if FUNCTIONS[name].least > 1 else f"{name}(x)"


def takes(name: str) -> str:
    """How many arguments a function takes."""
    known = FUNCTIONS[name]
    if known.most > 3:
        return f"{name} takes two or more arguments, as in {example(name)}"
    count = f"{known.least} or {known.most} arguments"
    if known.least == known.most:
        count = {1: "one argument", 2: "two arguments"}[known.most]
    return f"{name} takes {count}, as in {example(name)}"


def _canonical(name: str) -> str:
    base = name.rstrip("0123456789")
    digits = name[len(base) :]
    return f"{base}_{digits}" if digits and base and not base.endswith("_") else name


def _glued(name: str, vocabulary: Vocabulary) -> Iterator[list[Word]]:
    """The ways to read a word as several, without a blank between them: sinx, axy, 2pix."""
    if len(name) > MAX_GLUED or not name.isalpha():
        return
    longest = True
    for end in range(len(name), 0, -1):
        first = vocabulary.single(name[:end])
        if first is None:
            continue
        if first.kind == "function":
            # The longest alone: sinh is not sin times h.
            if not longest or (end < 3 and name[:end] != "ln"):
                continue
            longest = False
        if end == len(name):
            yield [first]
        else:
            yield from ([first, *rest] for rest in _glued(name[end:], vocabulary))


def _plausible(words: Sequence[Word], called: bool) -> bool:
    """Whether glued words can have been meant: at most one letter that is no variable, and functions that apply."""
    kinds = [word.kind for word in words]
    if kinds.count("parameter") > 1 or (called and "function" in kinds[:-1]):
        return False
    if "function" not in kinds and (len(words) > 3 or [word.name for word in words].count("e") > 1):
        return False
    return "variable" in kinds or ("parameter" not in kinds and kinds[-1] == "function")
