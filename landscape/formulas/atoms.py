"""The smallest parts of a formula: numbers, letters, brackets, roots, and functions with what they are applied to."""

from landscape.formulas.cursor import WORDS, Cursor, Node, joined
from landscape.formulas.tokens import Token
from landscape.formulas.vocabulary import FUNCTIONS, LIKE_FUNCTIONS, example, takes
from landscape.formulas.wording import ExpressionError

CLOSING = {"(": ")", "[": "]", "{": "}", "|": "|"}


class Atoms(Cursor):
    """Reads one atom at a time; what stands inside it is asked of the grammar around."""

    def sum(self) -> Node:
        raise NotImplementedError

    def power(self) -> Node:
        raise NotImplementedError

    def atom(self) -> Node:
        token = self.take()
        if token.kind == "number":
            return self._number(token)
        if token.kind == "function":
            return self._application(token)
        if token.kind in WORDS:
            return self._letter(token)
        if token.kind == "command":
            return self._fraction(token) if token.text == "frac" else self._root(token)
        if token.kind == "open":
            return self._one(token)._replace(at=token.start, to=self.last.end)
        if token.kind == "bar":
            return self._magnitude(token)
        raise self._missing(token)

    def ask_about_number(self) -> None:
        """Refuses a number after a factor: no product that people write."""
        if self.next.kind != "number":
            return
        before, number = self.last, self.typed(self.next.start, self.next.end)
        if before.kind == "number":
            if not self.next.spaced and self.next.text.startswith("."):
                raise ExpressionError("A number has one point. Write 1.5, or * for a product", self.next.start)
            raise ExpressionError("Two numbers stand side by side. Write one number, or * between", self.next.start)
        raise ExpressionError(f"Write *{number} for a product here, or ^{number} for a power", self.next.start)

    def _missing(self, token: Token) -> ExpressionError:
        """What is wrong where an atom should begin, and another token has been taken."""
        if token.kind == "end":
            if self.open:
                return self._unclosed(self.open[-1][0])
            at = max(len(self.text.rstrip()) - 1, 0)
            return ExpressionError("Something is missing at the end. Write a number, a name or a bracket", at)
        if token.kind == "close" and self.place > 1 and self.tokens[self.place - 2].kind == "open":
            at = self.tokens[self.place - 2].start
            return ExpressionError("Nothing stands between these brackets. Write something there", at)
        if token.kind == "close" and not self.open:
            return ExpressionError(f"This {token.text} closes nothing. Leave it out", token.start)
        what = "power" if token.kind == "raised" else token.text
        return ExpressionError(f"Something is missing before this {what}. Write a number or a name there", token.start)

    # Numbers and letters.

    def _number(self, token: Token) -> Node:
        text = token.text.replace("_", "")
        comma, after = self.next, self.tokens[min(self.place + 1, len(self.tokens) - 1)]
        if comma.text == "," and after.kind == "number" and not comma.spaced and not after.spaced and text.isdigit():
            typed = self.typed(token.start, after.end)
            if not self._separates():
                return self._decimal_comma(token, after, typed)
            self.note("comma", token.start, f"The comma in {typed} separates two numbers. Write a point for decimals")
        if "e" in text.lower():
            self.note("scientific", token.start, f"{self.typed(token.start, token.end)} is read as {float(text):g}")
        return Node("number", text, (), token.start, token.end)

    def _separates(self) -> bool:
        """Whether a comma separates arguments here, which it does not where a semicolon does."""
        if not (self.open and self.open[-1][1]):
            return False
        depth = 0
        for token in self.tokens[self.place :]:
            depth += (token.kind == "open") - (token.kind == "close")
            if depth < 0 or token.text == ";":
                return depth != 0 or token.text != ";"
        return True

    def _decimal_comma(self, token: Token, after: Token, typed: str) -> Node:
        """1,5 is one number; 1,500 may be two numbers, and so is refused."""
        self.place += 2
        if self.next.text == "," or not after.text.isdigit() or (len(after.text) == 3 and token.text.strip("0")):
            plain, other = typed.replace(",", ""), typed.replace(",", ".", 1)
            raise ExpressionError(f"{typed} has two readings. Write {plain} or {other}", token.start)
        number = f"{token.text}.{after.text}"
        self.note("comma", token.start, f"{typed} is read as {number}: the comma is a decimal point")
        return Node("number", number, (), token.start, after.end)

    def _letter(self, token: Token) -> Node:
        if self.next.kind == "open" and not self.next.spaced:
            typed = self.typed(token.start, token.end)
            if self.next.text == "[":
                names = " and ".join(self.vocabulary.variables)
                raise ExpressionError(f"Write ( ) for a product. The variables are {names}, with no index", token.start)
            if token.kind == "parameter":
                if token.text in LIKE_FUNCTIONS:
                    raise ExpressionError(f"{typed} is no function here. Write {typed}*(…) for a product", token.start)
                if token.text == "sigma":
                    text = f"{typed}(…) is read as the sigmoid. Write {typed}*(…) for a product"
                    self.note("sigmoid", token.start, text)
                    return self._application(token._replace(kind="function", text="sigmoid"))
                self.note("letter before a bracket", token.start, f"{typed}(…) is read as {typed} times the bracket")
        return Node(token.kind, token.text, (), token.start, token.end)

    # Brackets and roots.

    def _one(self, opening: Token) -> Node:
        """The one thing that stands in a bracket that has been opened."""
        parts = self._bracketed(opening, 1)
        if len(parts) > 1:
            raise ExpressionError("A comma stands only between arguments, as in max(x, y)", opening.start)
        return parts[0]

    def _bracketed(self, opening: Token, most: int) -> list[Node]:
        """What stands in a bracket that has been opened, separated by commas; at `most` 1 these may be decimal."""
        self.open.append((opening, most > 1))
        parts = [self.sum()]
        while self.next.kind == "comma":
            self.take()
            parts.append(self.sum())
        self.open.pop()
        token, close = self.next, CLOSING[opening.text]
        if token.text == close and token.kind in ("close", "bar"):
            self.take()
            return parts
        if token.kind == "end":
            raise self._unclosed(opening)
        if token.kind == "close":
            raise ExpressionError(f"This {token.text} does not close {opening.text}. Write {close}", token.start)
        raise ExpressionError(f"Something is missing before this {token.text}. Write + or *", token.start)

    def _unclosed(self, opening: Token) -> ExpressionError:
        return ExpressionError(
            f"This {opening.text} is not closed. Write {CLOSING[opening.text]} after it", opening.start
        )

    def _magnitude(self, token: Token) -> Node:
        inner = self._one(token)
        node = Node("call", "abs", (inner,), token.start, self.last.end)
        if (
            self.follows()
            and self.next.kind != "bar"
            and any(later.kind == "bar" for later in self.tokens[self.place + 1 :])
        ):
            text = f"{self.of(node)} is read as closed at its second bar. Write abs( ) for another reading"
            self.note("bars", token.start, text)
        return node

    def _fraction(self, token: Token) -> Node:
        above, below = self._group(token), self._group(token)
        over = Node("over", "", (below,), below.at, below.to)
        return Node("product", "", (above, over), token.start, self.last.end)

    def _group(self, token: Token) -> Node:
        if self.next.text != "{":
            raise ExpressionError("Write this with braces, as \\frac{x}{2}", token.start)
        opening = self.take()
        return self._one(opening)._replace(at=opening.start, to=self.last.end)

    def _root(self, token: Token) -> Node:
        """A root sign: over what stands in the bracket after it, or over the one factor that follows."""
        name = "sqrt" if token.text == "root" else token.text
        degree = self._one(self.take()) if token.text == "root" and self.next.text == "[" else None
        if self.next.kind == "open":
            inner = self._one(self.take())
        else:
            inner = self.power()
            if inner.kind == "power" or (self.follows() and not self.next.spaced):
                text = f"The root is taken of {self.of(inner)} alone. Put more in brackets"
                self.note("root", token.start, text)
        end = self.last.end
        if degree is None or degree.is_number("2"):
            return Node("call", name, (inner,), token.start, end)
        if degree.is_number("3"):
            return Node("call", "cbrt", (inner,), token.start, end)
        return Node("power", "", (inner, Node("over", "", (degree,), degree.at, degree.to)), token.start, end)

    # Functions.

    def _application(self, token: Token) -> Node:
        known = FUNCTIONS[token.text]
        exponent = self._power_of_function(token)
        if self.next.kind == "open":
            arguments = self._bracketed(self.take(), known.most)
        else:
            arguments = [self._bare_argument(token, exponent)]
        if not known.least <= len(arguments) <= known.most:
            raise ExpressionError(takes(token.text), token.start)
        self._about_logarithm(token, arguments)
        node = Node("call", token.text, tuple(arguments), token.start, self.last.end)
        return node if exponent is None else self._raised_function(token, node, exponent)

    def _about_logarithm(self, token: Token, arguments: list[Node]) -> None:
        if token.text == "log" and len(arguments) == 2:
            base = self.of(arguments[1])
            self.note("base", token.start, f"The second argument, {base}, is read as the base of the logarithm")
        elif self.text[token.start : token.end].lower().endswith("log"):
            self.note("logarithm", token.start, "log is the natural logarithm. Write log10 for the one to base 10")

    def _power_of_function(self, token: Token) -> Node | None:
        """The exponent between a function's name and its argument, as in sin^2 x: a number, or one in brackets."""
        if self.next.kind == "raised":
            return raised(self.take())
        if not self.operator("^"):
            return None
        self.take()
        if self.next.kind == "open":
            return self._one(self.take())
        at, minus = self.signs()
        if self.next.kind != "number":
            name = self.typed(token.start, token.end)
            raise ExpressionError(f"{name} needs an argument. Write {name}(x)^2 for its power", token.start)
        number = self.take()
        node = Node("number", number.text, (), number.start, number.end)
        return Node("negative", "", (node,), at, number.end) if minus else node

    def _raised_function(self, token: Token, call: Node, exponent: Node) -> Node:
        name, inverse = token.text, FUNCTIONS[token.text].inverse
        inner = self.of(call.parts[0])
        if exponent.kind == "number" and exponent.value.isdigit():
            power = exponent.value
            self.note("power of a function", call.at, f"{name}^{power} is read as {name}({inner})^{power}")
            return Node("power", "", (call, exponent), call.at, call.to)
        if exponent.kind == "negative" and exponent.parts[0].is_number("1") and inverse:
            self.note("inverse", call.at, f"{name}^-1 is read as {inverse}. Write 1/{name}({inner}) for the other")
            return call._replace(value=inverse)
        raise ExpressionError(f"Write this power after the bracket, as {name}({inner})^2", token.start)

    def _bare_argument(self, token: Token, exponent: Node | None) -> Node:
        """The argument of a function without brackets: the factors that follow, up to a function or a bracket."""
        at, minus = self.signs()
        if not self.follows():
            name = self.typed(token.start, token.end)
            mend = f", as in {example(token.text)}" if exponent is None else f". Write {name}(x)^2 for its power"
            raise ExpressionError(f"{name} needs an argument{mend}", token.start)
        if FUNCTIONS[token.text].least > 1:
            raise ExpressionError(takes(token.text), token.start)
        parts = [self.power()]
        while self.follows() and self._goes_on(parts[-1]):
            self.ask_about_number()
            parts.append(self.power())
        inner = joined("product", parts)
        if minus:
            inner = Node("negative", "", (inner,), at, inner.to)
        self._about_bare_argument(token, inner)
        return inner

    def _goes_on(self, last: Node) -> bool:
        """Whether what follows belongs to a bare argument: sin 2(x + y), but not sin x(x + 1) or sin x cos y."""
        if self.next.kind in ("open", "bar"):
            return last.kind == "number" and not self.next.spaced
        return self.next.kind != "function"

    def _about_bare_argument(self, token: Token, inner: Node) -> None:
        name, read = self.typed(token.start, token.end), self.of(inner)
        if inner.kind == "call" and inner.value == "abs" and read.startswith("|"):
            return
        other = "Put the argument in brackets for another reading"
        if self.next.kind in ("open", "bar"):
            text = f"{name} {read}(…) is read as {name}({read}) times the bracket. {other}"
        elif self.operator("*", "/", "^"):
            sign = self.next.text
            text = f"{name} {read} {sign} … is read as {name}({read}) {sign} …. {other}"
        elif inner.kind not in (*WORDS, "number") or name[-1].isdigit():
            text = f"{name} {read} is read as {name}({read}). {other}"
        else:
            return
        self.note("argument", token.start, text)


def raised(token: Token) -> Node:
    """The exponent that small raised figures are."""
    node = Node("number", token.text.lstrip("+-"), (), token.start, token.end)
    return Node("negative", "", (node,), token.start, token.end) if token.text.startswith("-") else node
