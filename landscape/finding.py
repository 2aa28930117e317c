"""Finding: something that is said of a record, with the numbers that it rests on."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Finding(NamedTuple):
    """What is said, and what must then be true.

    kind      what sort of thing is said, by the part that says it: "race.lowest". Every kind has a check that decides
              from the record alone, by other means than the code that said it, whether it holds
    numbers   what the text claims, by name and not rounded: a number, a key, or an array
    text      a sentence or two for people, in Markdown
    """

    kind: str
    numbers: Mapping[str, Any]
    text: str
