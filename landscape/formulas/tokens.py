"""Text to tokens: the characters that people type, on any keyboard, as the few that a grammar knows.

`×`, `·` and LaTeX's `\\cdot` are all `*`; `**` is `^`; `np.sin` is `sin`; a superscript is a power. Positions are those
of the text as it was typed.
"""

import re
import unicodedata
from typing import NamedTuple

from landscape.formulas.wording import CHARACTERS, ExpressionError, about_character, excerpt

MAX_LENGTH = 300
MAX_TOKENS = 200


class Token(NamedTuple):
    """kind is one of number, raised, name, command, operator, open, close, bar, comma, equals and end.

    text    as the grammar knows it
    start   where it stands in the text as typed, up to `end`
    spaced  whether a blank stands before it
    """

    kind: str
    text: str
    start: int
    end: int
    spaced: bool


SAME = {
    **dict.fromkeys("×·⋅∗•∙⨯✕✖", "*"),
    **dict.fromkeys("÷∕⁄", "/"),
    **dict.fromkeys("−–—‒―﹣－‐‑", "-"),
    **dict.fromkeys("∣│｜", "|"),
    **dict.fromkeys("〖【", "("),
    **dict.fromkeys("〗】", ")"),
    "∆": "Δ",
    "ℯ": "e",
    "ˆ": "^",
    "＾": "^",
    "′": "'",
    "’": "'",
    "‘": "'",
    "“": '"',
    "”": '"',
    "，": ",",
    "、": ",",
}
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-", strict=True))
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
VULGAR = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
ROOTS = {"√": "sqrt", "∛": "cbrt"}

# The letters of the Greek alphabet, as words and as characters; those that look like a Latin letter are left out.
GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ",
    "tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ",
    "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
OF_GREEK = {character: word for word, character in GREEK.items()}
VARIANTS = {"varepsilon": "epsilon", "vartheta": "theta", "varphi": "phi", "varrho": "rho", "varsigma": "sigma"}

# LaTeX that stands for an operator, or for nothing.
COMMANDS = {
    **dict.fromkeys(("cdot", "times", "ast", "cdotp"), "*"),
    "div": "/",
    **dict.fromkeys(("lvert", "rvert", "vert", "mid"), "|"),
    **dict.fromkeys(("lbrace", "lparen"), "("),
    **dict.fromkeys(("rbrace", "rparen"), ")"),
}
NOTHING = {"left", "right", "big", "Big", "bigl", "bigr", "displaystyle", "quad", "limits"}
FRACTIONS = {"frac", "dfrac", "tfrac", "cfrac"}

_SUBSCRIPT = r"(?:[0-9]+|_(?:[0-9]+|[A-Za-z]+|\{\ *[A-Za-z0-9]+\ *\}))?"
_TOKEN = re.compile(
    rf"""(?P<blank>\ +|\\[,;:!\ ])
    |(?P<shaped>\\(?:operatorname\*?|mathrm|mathit|mathbf|text)\ *\{{\ *[A-Za-z0-9]+\ *\}})
    |(?P<command>\\[A-Za-z]+(?:_(?:[A-Za-z0-9]|\{{\ *[A-Za-z0-9]+\ *\}}))?|\\[{{}}|])
    |(?P<module>(?:np|numpy|math|Math|cmath|torch|tf|jnp|sp|sympy|scipy)\.(?=[A-Za-z]))
    |(?P<number>(?:[0-9]+(?:_[0-9]+)*\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[{VULGAR}])
    |(?P<raised>[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)
    |(?P<name>log1p|(?:[A-Za-z]+|[{"".join(OF_GREEK)}]){_SUBSCRIPT})
    |(?P<root>[√∛])
    |(?P<operator>\*\*|[+\-*/^])
    |(?P<open>[(\[{{])
    |(?P<close>[)\]}}])
    |(?P<bar>\|)
    |(?P<comma>[,;])
    |(?P<equals>=(?!=))""",
    re.VERBOSE,
)
_BRACKETS = {"[": "(", "{": "(", "]": ")", "}": ")"}


def tokenize(text: str) -> list[Token]:
    """The tokens of a formula, the last of which is the end; ExpressionError for what is no formula's character."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"The formula has {len(text)} characters; at most {MAX_LENGTH} are allowed")
    plain, places = _plain(text)
    if not plain.strip(" $"):
        raise ExpressionError("The formula is empty. Write one, as x^2 + y^2")
    tokens: list[Token] = []
    at, spaced = 0, False
    while at < len(plain):
        match = _TOKEN.match(plain, at)
        if match is None:
            raise ExpressionError(about_character(plain[at]), places[at])
        kind, piece = str(match.lastgroup), match.group()
        made = _made(kind, piece, places[at])
        if made is None:
            spaced = spaced or kind == "blank"
        else:
            tokens.append(Token(*made, places[at], places[match.end() - 1] + 1, spaced))
            spaced = False
        at = match.end()
        if len(tokens) > MAX_TOKENS:
            raise ExpressionError(f"The formula has more than {MAX_TOKENS} parts. Shorten it", places[at - 1])
    return [*tokens, Token("end", "", len(text), len(text), False)]


def _plain(text: str) -> tuple[str, list[int]]:
    """The text in the characters that `_TOKEN` knows, and where each of them came from."""
    plain, places = [], []
    # One pair of dollar signs around all of it is LaTeX's.
    inner = re.fullmatch(r"\s*\$\$?([^$]*)\$\$?\s*", text)
    first, last = inner.span(1) if inner else (0, len(text))
    for place, character in enumerate(text[first:last].rstrip(), first):
        known = _known(character)
        plain.append(known)
        places += [place] * len(known)
    return "".join(plain), places


def _known(character: str) -> str:
    if character in SAME:
        return SAME[character]
    if character in LOWERED:
        return LOWERED[character]
    if character in "\n\r":
        return character
    if character.isspace() or unicodedata.category(character) == "Zs":
        return " "
    if unicodedata.category(character) == "Cf":
        return ""
    if character in CHARACTERS or character in VULGAR or "<su" in unicodedata.decomposition(character):
        return character
    return unicodedata.normalize("NFKC", character)


def _made(kind: str, piece: str, place: int) -> tuple[str, str] | None:
    """Kind and text of a token; None for what stands for nothing."""
    if kind in ("blank", "module"):
        return None
    if kind == "command":
        return _command(piece, place)
    if kind == "name":
        return "name", _name(piece)
    if kind == "shaped":
        return "name", _name(re.findall(r"[A-Za-z0-9]+", piece)[-1])
    if kind == "root":
        return "command", ROOTS[piece]
    if kind == "raised":
        return kind, "".join(RAISED[c] for c in piece)
    if kind in ("operator", "equals"):
        return kind, "^" if piece == "**" else piece
    return kind, piece


def _name(piece: str) -> str:
    """A name as it is known: Greek letters as words, a subscript after an underscore, as in x_1."""
    base = re.split(r"[0-9_]", piece, maxsplit=1)[0]
    subscript = piece[len(base) :].strip("_{} ")
    base = OF_GREEK.get(base, base)
    return VARIANTS.get(base, base) + ("_" + subscript if subscript else "")


def _command(piece: str, place: int) -> tuple[str, str] | None:
    word = piece[1:]
    if word in NOTHING:
        return None
    if word in FRACTIONS:
        return "command", "frac"
    if word == "sqrt":
        return "command", "root"
    if word in COMMANDS or word in "{}|":
        sign = COMMANDS.get(word, word)
        return {"|": "bar", "(": "open", ")": "close", "{": "open", "}": "close"}.get(sign, "operator"), sign
    if len(word) > 20:
        raise ExpressionError(f"The LaTeX command {excerpt(piece)} is not known. Write the formula plainly", place)
    return "name", _name(word)


def letter(name: str) -> str:
    """The LaTeX of a variable, a parameter or a constant."""
    base, _, subscript = name.partition("_")
    shown = rf"\{base}" if base in GREEK else base if len(base) == 1 else rf"\mathit{{{base}}}"
    return f"{shown}_{{{subscript}}}" if subscript else shown
