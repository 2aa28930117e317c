"""How a table writes its numbers: with a decimal point or comma, in groups of three or not.

What can be read in two ways is read in neither.
"""

import re
from collections.abc import Iterable

from landscape.datasets.refusal import TableError

POINT, COMMA, GROUPED, POINT_GROUPED = "point", "comma", "groups with commas", "groups with points"

_EXPONENT = r"(?:[eE][+-]?[0-9]+)?"
PLAIN = re.compile(rf"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+){_EXPONENT}|[+-]?inf(?:inity)?", re.IGNORECASE)
WITH_COMMA = re.compile(rf"[+-]?[0-9]*,[0-9]+{_EXPONENT}")
COMMA_GROUPS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
POINT_GROUPS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?")
# A space that only parts groups of three digits, and a minus that is none.
_GAP = re.compile("(?<=[0-9])[ \u00a0\u2009\u202f](?=[0-9]{3}(?![0-9]))")
_MINUS = str.maketrans("\u2212", "-")


def tidied(cell: str) -> str:
    return _GAP.sub("", cell.translate(_MINUS))


def looks_numeric(cell: str) -> bool:
    """Whether it is a number in any of the ways to write one."""
    text = tidied(cell)
    return any(form.fullmatch(text) for form in (PLAIN, WITH_COMMA, COMMA_GROUPS, POINT_GROUPS))


def style(cells: Iterable[str], separator: str) -> str:
    """How these cells, each of which looks like a number, write their numbers.

    TableError where they disagree, and where a comma may be a decimal comma or part groups of three.
    """
    texts = [text for cell in cells if not (text := tidied(cell)).lstrip("+-").isdigit()]
    commas = [text for text in texts if "," in text]
    points = [text for text in texts if "." in text and "," not in text]
    ungrouped = [text for text in points if not POINT_GROUPS.fullmatch(text)]
    # 1.234.567 is grouped; 1.234 is a decimal, as everywhere.
    twice = [text for text in points if text.count(".") > 1]
    decimal = [text for text in commas if not COMMA_GROUPS.fullmatch(text)] + twice
    grouped = [text for text in commas if not WITH_COMMA.fullmatch(text) and COMMA_GROUPS.fullmatch(text)]
    if decimal and (grouped or ungrouped):
        pair = (grouped or ungrouped)[0], decimal[0]
        raise TableError(
            f"Numbers are written in two ways, as {pair[0]} and as {pair[1]}; write all of them in one way"
        )
    if not commas and not twice:
        return POINT
    if grouped:
        return GROUPED
    if decimal:
        return POINT_GROUPED if points or any("." in text for text in decimal) else COMMA
    if separator != ";" or points:
        raise TableError(f"{commas[0]} can be read in two ways; write numbers with a point and without groups")
    return COMMA


def number(cell: str, how: str) -> float | None:
    """A cell's number; None where it is none in this style."""
    text = tidied(cell)
    comma = how in (COMMA, POINT_GROUPED) and "," in text
    if comma or (how == POINT_GROUPED and POINT_GROUPS.fullmatch(text)):
        text = text.replace(".", "").replace(",", ".")
    elif how == GROUPED and COMMA_GROUPS.fullmatch(text):
        text = text.replace(",", "")
    return float(text) if PLAIN.fullmatch(text) else None
