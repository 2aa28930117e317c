"""Tokens to a tree: what binds to what in a formula as people type it, and which of two readings was taken.

    sum       product, + or - product, ...
    product   signed, then * signed, / divisor, or a factor that simply follows: 2x, x y, 2(x + y)
    divisor   signed, and the factors that follow it without a blank: 1/2x is 1/(2x), 1/2 x is (1/2) x
    signed    - signed, or power
    power     atom, raised to - power: 2^x^2 is 2^(x^2), -x^2 is -(x^2)
    atom      number, name, (sum), |sum|, function, \\frac{sum}{sum}
    function  its name, perhaps with a power, and (sum, ...) or the factors that follow: sin 2x is sin(2x)

Where mathematicians themselves might read a formula in two ways, theirs is taken and a Note says so.
"""

from collections.abc import Sequence
from math import gcd

from landscape.formulas.atoms import Atoms, raised
from landscape.formulas.cursor import WORDS, Node, joined
from landscape.formulas.tokens import Token
from landscape.formulas.vocabulary import Vocabulary
from landscape.formulas.wording import ExpressionError, Note


def parse_tokens(text: str, tokens: Sequence[Token], vocabulary: Vocabulary) -> tuple[Node, tuple[Note, ...]]:
    """The tree of a formula, and the choices that were made between two readings, in the order of the text."""
    grammar = _Grammar(text, tokens, vocabulary)
    tree = grammar.formula()
    return tree, tuple(sorted(grammar.notes.values(), key=lambda note: note.position))


class _Grammar(Atoms):
    def formula(self) -> Node:
        self._drop_left_side()
        tree = self.sum()
        token = self.next
        if token.kind == "end":
            return tree
        if token.kind == "close":
            raise ExpressionError(f"This {token.text} closes nothing. Leave it out", token.start)
        if token.kind == "comma":
            raise ExpressionError("This comma separates nothing. Write a point for decimals, as in 1.5", token.start)
        raise ExpressionError("This is not well formed here. Write a formula such as x^2 + y^2", token.start)

    def _drop_left_side(self) -> None:
        """Passes over `f(x, y) =`; any other equation is refused."""
        signs = [i for i, token in enumerate(self.tokens) if token.kind == "equals"]
        if not signs:
            return
        left = self.tokens[: signs[0]]
        named = bool(left) and left[0].kind in WORDS and (len(left) == 1 or left[1].kind == "open")
        if len(signs) > 1 or not named or any(t.kind not in WORDS and t.text not in ("(", ")", ",") for t in left):
            sign = self.tokens[signs[0]]
            raise ExpressionError("This is an equation. Write one function, as x^2 + y^2 - 1", sign.start)
        self.place = signs[0] + 1
        name = self.typed(left[0].start, left[-1].end)
        self.note("left side", left[0].start, f"The formula is what stands after {name} =")

    def sum(self) -> Node:
        self.deeper(1)
        parts = [self._product()]
        while self.operator("+", "-"):
            sign = self.take()
            term = self._product()
            parts.append(term if sign.text == "+" else Node("negative", "", (term,), sign.start, term.to))
        self.deeper(-1)
        return joined("sum", parts)

    def _product(self) -> Node:
        parts = [self._signed()]
        while True:
            if self.operator("*"):
                self.take()
                parts.append(self._signed())
            elif self.operator("/"):
                parts.append(self._divided(parts))
            elif self.follows():
                self.ask_about_number()
                parts.append(self.power())
            else:
                return joined("product", parts)

    def _divided(self, above: Sequence[Node]) -> Node:
        """A stroke and what stands under it, as 1 / it: the factors that follow without a blank belong to it."""
        self.take()
        if self.operator("/"):
            raise ExpressionError("// leaves no slope. Write / for a quotient", self.next.start - 1)
        top = self.typed(above[0].at, above[-1].to)
        if above[-1].kind == "over":
            self.note("quotient of a quotient", above[0].at, f"{top}/… is divided from the left: ({top})/…")
        parts = [self._signed()]
        while self.follows() and not self.next.spaced:
            self.ask_about_number()
            parts.append(self.power())
        under = joined("product", parts)
        below = self.of(under)
        if len(parts) > 1:
            first = self.of(parts[0])
            text = f"{top}/{below} is read as {top}/({below}). Write ({top}/{first}) first for the other reading"
            self.note("divisor", above[0].at, text)
        elif self.follows():
            text = f"{top}/{below} before a blank is read as ({top}/{below}) times what follows"
            self.note("divisor", above[0].at, text)
        return Node("over", "", (under,), under.at, under.to)

    def _signed(self) -> Node:
        at, minus = self.signs()
        inner = self.power()
        if not minus:
            return inner
        if inner.kind == "power":
            power = self.of(inner)
            self.note("power of a minus", at, f"-{power} is read as -({power}): the power comes first")
        return Node("negative", "", (inner,), at, inner.to)

    def power(self) -> Node:
        base = self._raised(self.atom())
        if not self.operator("^"):
            return base
        self.take()
        self.deeper(1)
        at, minus = self.signs()
        exponent = self.power()
        self.deeper(-1)
        if minus:
            exponent = Node("negative", "", (exponent,), at, exponent.to)
        node = Node("power", "", (base, exponent), base.at, exponent.to)
        self._about_exponent(node)
        return self._raised(node)

    def _raised(self, base: Node) -> Node:
        """The base under the small figures that follow it, as in x²."""
        while self.next.kind == "raised":
            exponent = raised(self.take())
            base = Node("power", "", (base, exponent), base.at, exponent.to)
        return base

    def _about_exponent(self, node: Node) -> None:
        below, exponent, whole = self.of(node.parts[0]), node.parts[1], self.of(node)
        if self.last.kind == "close":
            self._about_root(node)
            return
        if exponent.kind == "power":
            self.note("tower", node.at, f"{whole} is read as {below}^({self.of(exponent)}), from the top down")
        brackets = "Put the exponent in brackets for the other reading"
        if self.follows() and not self.next.spaced and self.next.kind != "number":
            after = self.typed(self.next.start, self.next.end)
            self.note("exponent", node.at, f"{whole}{after} is read as ({whole})*{after}. {brackets}")
        under = self.tokens[self.place + 1].text if self.operator("/") else ""
        if exponent.kind == "number" and _of_a_root(self.of(exponent), under):
            self.note("exponent", node.at, f"{whole}/{under} is read as ({whole})/{under}. {brackets}")

    def _about_root(self, node: Node) -> None:
        """An odd root as a power: real for a positive base alone, while cbrt is real everywhere."""
        exponent = node.parts[1]
        parts = exponent.parts
        if exponent.kind == "product" and len(parts) == 2 and parts[1].kind == "over":
            under = parts[1].parts[0]
            if under.kind == "number" and under.value.isdigit() and int(under.value[-1]) % 2 and under.value != "1":
                text = f"{self.of(node)} has values for a positive base alone; cbrt has them everywhere"
                self.note("odd root", node.at, text)


def _of_a_root(above: str, under: str) -> bool:
    """Whether x^above/under may be meant as a root: 1/2, 2/3, but hardly 2/10 or 2/4."""
    if not (above.isdecimal() and under.isdecimal()):
        return False
    return 2 <= int(under) <= 5 and gcd(int(above), int(under)) == 1
