"""A tree's nodes, and the cursor that a grammar moves along the tokens, noting what it had to choose."""

from collections.abc import Sequence
from typing import NamedTuple

from landscape.formulas.tokens import Token
from landscape.formulas.vocabulary import Vocabulary, Word
from landscape.formulas.wording import ExpressionError, Note, excerpt

MAX_NESTING = 12
# What a name's token becomes once it is known what it names.
WORDS = ("function", "constant", "variable", "parameter")
FACTORS = ("number", "command", "open", *WORDS)


class Node(NamedTuple):
    """kind is number, variable, parameter, constant, call, sum, product, negative, over (1 / part) or power.

    value   a number's text, or a name
    at, to  where it stands in the text as typed
    """

    kind: str
    value: str
    parts: tuple["Node", ...]
    at: int
    to: int

    def is_number(self, text: str) -> bool:
        return self.kind == "number" and self.value == text


def joined(kind: str, parts: Sequence[Node]) -> Node:
    """A sum or a product; of one part, that part."""
    return parts[0] if len(parts) == 1 else Node(kind, "", tuple(parts), parts[0].at, parts[-1].to)


class Cursor:
    """Tokens, read one after the other."""

    def __init__(self, text: str, tokens: Sequence[Token], vocabulary: Vocabulary) -> None:
        self.text, self.vocabulary = text, vocabulary
        self.notes: dict[str, Note] = {}
        self.tokens = self._worded(tokens)
        self.place = 0
        # The brackets that are open, and whether a comma separates arguments in each.
        self.open: list[tuple[Token, bool]] = []
        self._depth = 0

    def _worded(self, tokens: Sequence[Token]) -> list[Token]:
        """The tokens with every name known for what it is, and taken apart where it is several glued together."""
        out: list[Token] = []
        glued: dict[str, str] = {}
        for token, after in zip(tokens, [*tokens[1:], tokens[-1]], strict=True):
            if token.kind != "name":
                out.append(token)
                continue
            typed = self.typed(token.start, token.end)
            words = self.vocabulary.words(token.text, typed, token.start, after.kind == "open")
            at = token.start
            for i, (kind, name, length) in enumerate(words):
                end = token.end if i == len(words) - 1 else min(at + length, token.end)
                out.append(Token(kind, name, at, end, token.spaced and not i))
                at = end
            if len(words) == 1:
                self._about_name(typed, token, out[-1])
            elif typed not in glued:
                glued[typed] = self._apart(words)
                self.note("glued", token.start, "")
        if glued:
            told = ", ".join(f"{typed} is read as {read}" for typed, read in list(glued.items())[:3])
            self.notes["glued"] = self.notes["glued"]._replace(text=f"{told}.")
        return out

    def _apart(self, words: Sequence[Word]) -> str:
        """Words that were glued together, with a sign or a blank between them."""
        gaps = [" " if word.kind == "function" else "*" for word in words[:-1]]
        return "".join(word.name + gap for word, gap in zip(words, [*gaps, ""], strict=True))

    def _about_name(self, typed: str, token: Token, word: Token) -> None:
        if word.kind == "constant" and typed == "E":
            self.note("euler", token.start, "E is read as the number e = 2.718…")
        if word.kind == "variable" and len(typed) > 1:
            self.note(f"variable {word.text}", token.start, f"{typed} is read as {word.text}")
        if word.kind == "parameter" and typed in ("i", "j", "I"):
            self.note("imaginary", token.start, f"{typed} is a parameter here: all numbers are real")

    def note(self, kind: str, position: int, text: str) -> None:
        """Remember a choice, the first of its kind."""
        self.notes.setdefault(kind, Note(kind, text.rstrip("…") + ("…" if text.endswith("…") else "."), position))

    @property
    def next(self) -> Token:
        return self.tokens[self.place]

    @property
    def last(self) -> Token:
        """The token that was taken last."""
        return self.tokens[self.place - 1]

    def take(self) -> Token:
        token = self.tokens[self.place]
        self.place += token.kind != "end"
        return token

    def typed(self, start: int, end: int) -> str:
        """A piece of the text as typed, not too long for a sentence."""
        return excerpt(self.text[start:end])

    def of(self, node: Node) -> str:
        return self.typed(node.at, node.to)

    def operator(self, *texts: str) -> bool:
        """Whether one of these operators comes next."""
        return self.next.kind == "operator" and self.next.text in texts

    def follows(self) -> bool:
        """Whether a factor comes next, with no sign for the product."""
        if self.next.kind == "bar":
            return not (self.open and self.open[-1][0].kind == "bar")
        return self.next.kind in FACTORS

    def signs(self) -> tuple[int, bool]:
        """Passes over plus and minus signs: where the first of them stands, and whether they make a minus."""
        at, minus = self.next.start, False
        while self.operator("+", "-"):
            minus ^= self.take().text == "-"
        return at, minus

    def deeper(self, by: int) -> None:
        """One level deeper, or back: what is nested without end is refused before it is read."""
        self._depth += by
        if self._depth > MAX_NESTING + 1:
            raise ExpressionError(f"This is nested more than {MAX_NESTING} deep. Simplify it", self.next.start)
