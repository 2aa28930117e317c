"""Wording: what no text that people read may have in it, whatever it says."""

import re

from landscape.numbers import readable
from landscape.optimizers import OPTIMIZERS

# Said in one breath.
MOST_WORDS = 20
# A method's name is one word, however long.
TITLES = re.compile("|".join(sorted((re.escape(cls.title) for cls in OPTIMIZERS.values()), key=len, reverse=True)))
ASIDE = re.compile(r"\$[^$]*\$|`[^`]*`|\]\([^)]*\)|\*\*")
SENTENCE = re.compile(r"(?<=[.?!])\s+|\n")
# A number is a word; a variable and a sign are none.
WORD = re.compile(r"[^\W\d_]{2,}|\d|^a$")
WRITTEN = {
    "a power of ten as computers write it": re.compile(r"\de[-+]?\d"),
    "a hyphen for a minus": re.compile(r"(?<![\w)])-(?=\.?\d)"),
    "a share without its blank": re.compile(r"\d%"),
    "lr for rate": re.compile(r"\blr\b"),
    "an index that is not one": re.compile(r"\b[wx][0-9]\b"),
    "three dots for an ellipsis": re.compile(r"\.\.\."),
}


def wooden(text: str) -> list[str]:
    """What is wrong with how a text is written, as it is shown."""
    plain = TITLES.sub("Method", ASIDE.sub("", text))
    found = [f"{name} in {text[:200]!r}" for name, pattern in WRITTEN.items() if pattern.search(plain)]
    return found + [
        f"{count} words in {each!r}" for each in SENTENCE.split(plain) if (count := said(each)) > MOST_WORDS
    ]


def said(sentence: str) -> int:
    """How many words a sentence has; a row of a table is none."""
    return 0 if sentence.startswith("|") else sum(bool(WORD.search(each)) for each in sentence.split())


def shown(text: str) -> list[str]:
    """What is wrong with a text that a page makes readable before it shows it."""
    return wooden(readable(text))
