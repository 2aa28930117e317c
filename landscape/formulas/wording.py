"""What is said of a formula: why it is refused, which of two readings was taken, and the mend for what people try."""

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple


class ExpressionError(ValueError):
    """What is wrong with a formula and where: `position` is the index of the character, or None for the whole."""

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message if position is None else f"{message} (at character {position + 1})")
        self.position = position


class Note(NamedTuple):
    """Which of two readings was taken.

    kind      what sort of choice it was: "power of a minus"
    text      one sentence for people, with words of the formula in it as they were typed: plain text, never markup
    position  the index of the character where the choice begins
    """

    kind: str
    text: str
    position: int


def excerpt(text: str, most: int = 24) -> str:
    """A piece of what was typed, short enough for a sentence."""
    text = text.strip()
    return text if len(text) <= most else text[: most - 1] + "…"


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The known name that a word was probably meant to be."""
    found = get_close_matches(word[:20].lower(), list(names), 1, 0.6)
    return found[0] if found else None


# Characters that people type, and what to do instead.
CHARACTERS = {
    "\n": "A formula is one line. Join the lines with + or *",
    "\r": "A formula is one line. Join the lines with + or *",
    "=": "This is an equation. Write one function, as x^2 + y^2 - 1",
    "!": "Factorials are not known here. Write the number out",
    "%": "There is no remainder here. For a percentage, divide by 100",
    "°": "Angles are in radians. Write x*pi/180 for degrees",
    "∞": "Infinity is not a number here. Write a large one, as 1e6",
    "±": "Choose one sign, + or -",
    "∓": "Choose one sign, + or -",
    "'": "Quotation marks and primes are not known here. Leave them out",
    '"': "Quotation marks are not needed. Leave them out",
    "`": "Quotation marks are not needed. Leave them out",
    "<": "Comparisons are not known here. Write max, min, abs or sign",
    ">": "Comparisons are not known here. Write max, min, abs or sign",
    "≤": "Comparisons are not known here. Write max, min, abs or sign",
    "≥": "Comparisons are not known here. Write max, min, abs or sign",
    "≠": "Comparisons are not known here. Write max, min, abs or sign",
    "≈": "One side is enough. Write what stands on one side",
    "&": "There is no and here. Write min of the two",
    "#": "Comments are not known here. Leave out all from # on",
    "@": "There are numbers here, no matrices. Write * for a product",
    ":": "There are no pieces and slices here. Write max, min, abs or sign",
    "?": "There are no conditions here. Write max, min, abs or sign",
    "$": "Leave out the dollar signs",
    "~": "Leave out ~. Write - for a minus sign",
    "∑": "Sums are not known here. Write the terms out",
    "Σ": "Sums are not known here. Write the terms out",
    "∏": "Products are not known here. Write the factors out",
    "Π": "Products are not known here. Write the factors out",
    "∫": "Integrals are not known here. Write the function itself",
    "∂": "Derivatives are taken for you. Write the function itself",
    "∇": "Derivatives are taken for you. Write the function itself",
    "…": "Write all the terms out",
    "_": "A subscript follows its letter, as in a_1",
    ".": "A point belongs inside a number, as in 2.5. Leave it out here",
    "\\": "This LaTeX command is not known. Write the formula plainly, as x^2/2",
}

# Words that people type, and what to do instead.
WORDS = {
    **dict.fromkeys(("floor", "ceil", "ceiling", "round", "int", "trunc"), "Steps have no slope. Leave rounding out"),
    **dict.fromkeys(("mod", "fmod", "remainder"), "There is no remainder here. A wave such as sin(x) repeats as well"),
    **dict.fromkeys(("if", "else", "where", "piecewise", "case", "cases"), "Write max, min, abs or sign for pieces"),
    **dict.fromkeys(("and", "or", "not", "in", "is"), "There is no logic here. Write max, min, abs or sign"),
    **dict.fromkeys(("for", "while", "return", "def", "import", "print"), "Write one formula, as x^2 + y^2"),
    **dict.fromkeys(("sum", "prod", "product"), "Write the terms out, with + or *"),
    **dict.fromkeys(("integral", "integrate"), "Write the function itself, not its integral"),
    **dict.fromkeys(("dx", "dy"), "Write the function itself, or d*x for a product"),
    **dict.fromkeys(("diff", "derivative", "grad"), "Derivatives are taken for you. Write the function itself"),
    **dict.fromkeys(("factorial", "fact"), "Factorials are not known here. Write the number out"),
    **dict.fromkeys(("inf", "infinity", "oo", "infty", "nan"), "Write a large number, as 1e6"),
    **dict.fromkeys(("erf", "normcdf"), "tanh(1.2*x) is close to it"),
    **dict.fromkeys(("heaviside", "step"), "Write (1 + sign(x))/2 for a step"),
    "sinc": "It has two meanings. Write sin(x)/x or sin(pi*x)/(pi*x)",
    "lg": "It has two meanings. Write log10(x) or log2(x)",
    "none": "Write a number",
    "true": "Write 1",
    "false": "Write 0",
}


def about_character(character: str) -> str:
    """Why a character is refused, and what to write instead."""
    if character in CHARACTERS:
        return CHARACTERS[character]
    if "CYRILLIC" in unicodedata.name(character, ""):
        return f"The letter {character!r} is Cyrillic. Type it on a Latin keyboard"
    name = "letter" if character.isalpha() else "character"
    return f"The {name} {character!r} is not known here. Use Latin or Greek letters, numbers and + - * / ^"
