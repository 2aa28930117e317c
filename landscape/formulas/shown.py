"""A formula's tree as LaTeX, in the order in which it was typed: what was understood, for people to see.

Every name in it comes from the vocabulary: no text as typed gets through.
"""

import unicodedata
from fractions import Fraction

from landscape.formulas.cursor import Node
from landscape.formulas.tokens import VULGAR, letter

NAMES = {
    **{name: rf"\{name}" for name in ("sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh", "max", "min")},
    **{"asin": r"\arcsin", "acos": r"\arccos", "atan": r"\arctan", "sigmoid": r"\sigma"},
    **{"log": r"\ln", "log2": r"\log_{2}", "log10": r"\log_{10}"},
}
# What needs no brackets under an exponent, or as the left part of a product.
SINGLE = ("number", "variable", "parameter", "constant")


def latex(node: Node) -> str:
    """The LaTeX of a tree."""
    if node.kind == "number":
        return _number(node.value)
    if node.kind in SINGLE:
        return letter(node.value)
    if node.kind == "negative":
        return "-" + _factor(node.parts[0])
    if node.kind == "sum":
        first, *rest = node.parts
        return latex(first) + "".join(_term(part) for part in rest)
    if node.kind == "product":
        return _product(node)
    if node.kind == "over":
        return rf"\frac{{1}}{{{latex(node.parts[0])}}}"
    if node.kind == "power":
        return _power(*node.parts)
    return _call(node)


def _number(text: str) -> str:
    if text in VULGAR:
        above, below = Fraction(unicodedata.numeric(text)).limit_denominator(9).as_integer_ratio()
        return rf"\frac{{{above}}}{{{below}}}"
    digits, _, exponent = text.lower().partition("e")
    return rf"{digits} \cdot 10^{{{int(exponent)}}}" if exponent else digits


def _bracketed(text: str) -> str:
    return rf"\left({text}\right)"


def _term(part: Node) -> str:
    if part.kind == "negative":
        return " - " + _factor(part.parts[0])
    return " + " + latex(part)


def _factor(part: Node) -> str:
    return _bracketed(latex(part)) if part.kind in ("sum", "negative") else latex(part)


def _product(node: Node) -> str:
    """Factors side by side; what stands before a stroke becomes its numerator."""
    shown = ""
    for place, part in enumerate(node.parts):
        if part.kind == "over":
            above = latex(node.parts[0]) if place == 1 else shown
            shown = rf"\frac{{{above}}}{{{latex(part.parts[0])}}}"
        elif not shown:
            shown = _factor(part) if part.kind != "negative" else latex(part)
        else:
            piece = _factor(part)
            shown += (r" \cdot " if piece[0].isdigit() or piece.startswith(r"\frac") else " ") + piece
    return shown


def _power(base: Node, exponent: Node) -> str:
    if exponent.kind == "over":
        return rf"\sqrt[{latex(exponent.parts[0])}]{{{latex(base)}}}"
    raised = latex(exponent)
    if base.kind == "call" and base.value in NAMES and len(base.parts) == 1:
        return rf"{NAMES[base.value]}^{{{raised}}}{_bracketed(latex(base.parts[0]))}"
    single = (base.kind in SINGLE and "e" not in base.value[1:]) or (base.kind, base.value) == ("call", "abs")
    return f"{latex(base) if single else _bracketed(latex(base))}^{{{raised}}}"


def _call(node: Node) -> str:
    inner = [latex(part) for part in node.parts]
    if node.value in ("pow", "square"):
        exponent = node.parts[1] if node.value == "pow" else node._replace(kind="number", value="2", parts=())
        return _power(node.parts[0], exponent)
    if node.value == "log" and len(inner) == 2:
        return rf"\log_{{{inner[1]}}}{_bracketed(inner[0])}"
    around = {"abs": r"\left|{}\right|", "sqrt": r"\sqrt{{{}}}", "cbrt": r"\sqrt[3]{{{}}}", "exp": r"e^{{{}}}"}
    if node.value in around:
        return around[node.value].format(inner[0])
    name = NAMES.get(node.value, rf"\operatorname{{{node.value}}}")
    return name + _bracketed(", ".join(inner))
