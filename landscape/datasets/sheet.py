"""A table as it was written: its cells in named columns, before anything is taken from it.

Lines are told apart here, what stands in them is read by pandas; line numbers are those of the file.
"""

import csv
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from io import StringIO

import numpy as np

from landscape.datasets.numerals import looks_numeric
from landscape.datasets.refusal import TableError

MAX_ROWS = 2000
MAX_CHARACTERS = 200_000
MAX_COLUMNS = 100
MAX_NAME = 40

# Names that say what a column is: classes, or what is to be told whether class or number.
CLASS_NAMES = ("label", "class", "species", "category", "variety", "kind", "type", "group", "diagnosis", "labels")
TARGET_NAMES = ("target", "outcome", "response", "output", "result", "price", "value")
ROW_NAMES = ("", "index", "id", "row", "rowname", "rownames", "row.names", "no", "no.", "nr", "nr.", "number", "#")
MISSING = frozenset(("", "na", "n/a", "#n/a", "nan", "-nan", "<na>", "null", "?"))
# What a column of numbers may have where it has none.
BLANKS = frozenset(("-", "--", ".", "none", "None"))
# In the order in which they are taken where nothing else tells them apart.
SEPARATORS = ("\t", ";", ",", "|", " ")
COMMENT = ("#", "%")
# Lines that show what parts the cells.
LOOKED_AT = 50


@dataclass(frozen=True, eq=False)
class Sheet:
    """Text in named columns.

    names      of the columns, each another one, at most MAX_NAME characters
    cells      (rows, columns), text without blanks around it; "" where nothing stands, NA or ?
    lines      (rows,) the line of the file that each row is on, from 1
    separator  what parts the cells of a row, one of SEPARATORS
    remarks    what is to be known of how it was read, a sentence each
    """

    names: tuple[str, ...]
    cells: np.ndarray
    lines: np.ndarray
    separator: str
    remarks: list[str] = field(default_factory=list)

    @cached_property
    def numeric(self) -> tuple[str, ...]:
        """The names of the columns of numbers: at least half of what stands in them."""
        shares = {name: [looks_numeric(cell) for cell in self.written(name)] for name in self.names}
        return tuple(name for name, each in shares.items() if each and 2 * sum(each) >= len(each))

    def column(self, name: str) -> list[str]:
        return self.cells[:, self.names.index(name)].tolist()

    def written(self, name: str) -> list[str]:
        """What stands in a column, without what stands for nothing in a column of numbers."""
        return [cell for cell in self.column(name) if cell and cell not in BLANKS]

    def without(self, place: int) -> "Sheet":
        names = self.names[:place] + self.names[place + 1 :]
        return Sheet(names, np.delete(self.cells, place, axis=1), self.lines, self.separator, self.remarks)


def sheet(text: str) -> Sheet:
    """The table in a text; TableError, a ValueError, says what is wrong with it.

    Cells are parted by commas, semicolons, tabs, bars or blanks, and may be quoted. Lines that are empty, hold nothing
    but separators or begin with # or % are passed over. The first line may be column names, and the first column
    row numbers.
    """
    if len(text) > MAX_CHARACTERS:
        raise TableError(f"The table has {len(text):,} characters; at most {MAX_CHARACTERS:,} are allowed")
    lines, comments, separator = _lines(text.removeprefix("\ufeff"))
    if len(lines) > MAX_ROWS + 1:
        raise TableError(f"The table has {len(lines):,} rows; at most {MAX_ROWS:,} are allowed")
    if not lines:
        raise TableError("The table has no rows")
    separator = separator or _separator([line for _, line in lines[:LOOKED_AT]])
    found, numbers = _level(*_cells(lines, separator))
    names, found, numbers, remarks = _headed(found, numbers, _named_by_comment(comments, separator))
    if not len(found):
        raise TableError("The table has column names, but no rows")
    if len(found) > MAX_ROWS:
        raise TableError(f"The table has {len(found):,} rows; at most {MAX_ROWS:,} are allowed")
    filled = np.array([any(column) for column in found.T])
    unnamed = [name for name, kept in zip(names, filled, strict=True) if kept]
    whole = Sheet(_distinct(unnamed), found[:, filled], numbers, separator, remarks)
    return _without_row_numbers(whole, unnamed[0])


def _lines(text: str) -> tuple[list[tuple[int, str]], list[str], str]:
    """(number, line) of what is no comment and not empty; the comments before them; and what `sep=` names."""
    kept: list[tuple[int, str]] = []
    comments, separator = [], ""
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        bare = line.strip().strip('"')
        if not kept and bare.lower().startswith("sep=") and len(line.strip()) <= 7:
            separator = bare[4:5] or "\t"
        elif not kept and line.lstrip().startswith(COMMENT):
            comments.append(line.lstrip().lstrip("#%"))
        elif line.strip() and not line.lstrip().startswith(COMMENT):
            kept.append((number, line))
    if separator and separator not in SEPARATORS:
        raise TableError(f"sep= names {separator!r}; allowed are a comma, a semicolon, a tab, a bar and a blank")
    return kept, comments, separator


def _rows(lines: list[str], separator: str) -> tuple[list[list[str]], list[int]]:
    """The cells of every row, and the last of the lines that it is on, from 0."""
    reader = csv.reader((f"{line.strip(' ')}\n" for line in lines), delimiter=separator, skipinitialspace=True)
    rows, ends = [], []
    try:
        for row in reader:
            rows.append(row)
            ends.append(reader.line_num - 1)
    except csv.Error as error:
        raise TableError(f"The table cannot be split into columns: {error}") from None
    return rows, ends


def _separator(lines: list[str]) -> str:
    """What parts the cells: what leaves most numbers in rows that are equally long."""

    def worth(separator: str) -> tuple[int, int]:
        try:
            rows, _ = _rows(lines, separator)
        except TableError:
            return -1, 0
        width = Counter(map(len, rows)).most_common(1)[0][0]
        # A blank beside another separator parts nothing.
        if width < 2 or (separator == " " and any(cell in SEPARATORS for row in rows for cell in row)):
            return -1, 0
        level = [row for row in rows if len(row) == width]
        comma = separator == ","
        return sum(looks_numeric(cell) and not (comma and "," in cell) for row in level for cell in row), len(level)

    best = max(SEPARATORS, key=worth)
    return best if worth(best)[0] >= 0 else ","


def _cells(lines: list[tuple[int, str]], separator: str) -> tuple[list[list[str]], list[int]]:
    """Every row's cells as pandas reads them, "" where nothing stands, and the line that it is on."""
    import pandas as pd

    texts = [line.strip(" ") for _, line in lines]
    rows, ends = _rows(texts, separator)
    widths = [len(row) for row in rows]
    if max(widths) > MAX_COLUMNS:
        raise TableError(f"The table has {max(widths):,} columns; at most {MAX_COLUMNS} are allowed")
    try:
        frame = pd.read_csv(
            StringIO("\n".join(texts) + "\n"),
            sep=r"\s+" if separator == " " else separator,
            header=None,
            names=range(max(widths)),
            index_col=False,
            dtype=str,
            keep_default_na=False,
            skipinitialspace=True,
        )
    except (pd.errors.ParserError, ValueError) as error:
        raise TableError(f"The table cannot be split into columns: {str(error).splitlines()[0][:100]}") from None
    if len(frame) != len(rows):
        raise TableError("The table cannot be split into columns; a quotation mark may be missing")
    cells = [[_cell(cell) for cell in row[:width]] for row, width in zip(frame.to_numpy(), widths, strict=True)]
    return cells, [lines[end][0] for end in ends]


def _cell(cell: object) -> str:
    if not isinstance(cell, str):
        return ""
    text = cell.strip()
    if len(text) > 1 and text[0] == text[-1] == "'":
        text = text[1:-1].strip()
    return "" if text.casefold() in MISSING else text


def _level(rows: list[list[str]], lines: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Rows of one length, (rows, columns): nothing is added but what R leaves out above row names.

    Rows that hold nothing are left out, and so are cells at the end of a row that hold nothing.
    """
    kept = [(row, line) for row, line in zip(rows, lines, strict=True) if any(row)]
    if not kept:
        raise TableError("The table has no rows")
    rows, numbers = [row for row, _ in kept], np.array([line for _, line in kept])
    if len(rows) > 1 and all(len(row) == len(rows[0]) + 1 for row in rows[1:]) and rows[1][-1]:
        rows[0] = ["", *rows[0]]
    width = Counter(map(len, rows)).most_common(1)[0][0]
    for row, line in zip(rows, numbers, strict=True):
        if any(row[width:]) or len(row) < width - 1 or (len(row) < width and width == 2):
            hint = "; quote text that has a separator in it" if len(row) > width else ""
            raise TableError(f"the number of cells is {len(row)}, and most lines have {width}{hint}", int(line))
    out = np.full((len(rows), width), "", dtype=object)
    for k, row in enumerate(rows):
        out[k, : len(row)] = row[:width]
    return out, numbers


def _named_by_comment(comments: list[str], separator: str) -> list[str]:
    """The last comment before the table as column names, as numpy writes them."""
    if not comments:
        return []
    ((*cells,),), _ = _rows([comments[-1]], separator)
    return [cell.strip() for cell in cells]


def _headed(
    cells: np.ndarray, lines: np.ndarray, above: list[str]
) -> tuple[list[str], np.ndarray, np.ndarray, list[str]]:
    """The columns' names, "" where one has none, and the rows without them."""
    width = cells.shape[1]
    first = cells[0].tolist()
    remarks = []
    if _counts(cells):
        remarks.append(f"The first line, {', '.join(filter(None, first))}, is read as column names.")
    elif not _names(first, cells[1:]):
        named = len(above) == width and all(len(name) <= MAX_NAME for name in above)
        return above if named and not any(map(looks_numeric, above)) else [""] * width, cells, lines, remarks
    return first, cells[1:], lines[1:], remarks


def _names(first: list[str], below: np.ndarray) -> bool:
    """Whether a first row is names: all of it words above numbers, or one of them a word that says what a column is."""
    if {name.casefold() for name in first} & {*CLASS_NAMES, *TARGET_NAMES}:
        return True
    if any(looks_numeric(cell) for cell in first):
        return False
    return not len(below) or any(map(looks_numeric, below.flat))


def _counts(cells: np.ndarray) -> bool:
    """Whether the first row is 0, 1, 2 ..., which is how pandas names columns that have no names.

    Where all rows are whole numbers it may be a row like the others, and is one if its last number comes again.
    """
    first = [cell for k, cell in enumerate(cells[0]) if cell or k > 0]
    if len(cells) < 3 or first != [str(k) for k in range(len(first))] or len(first) < 2:
        return False
    fractions = any(cell and not cell.lstrip("+-").isdigit() for cell in cells[1:].flat)
    return fractions or first[-1] not in cells[1:, -1].tolist()


def _distinct(names: list[str]) -> tuple[str, ...]:
    """A name for every column, each another one."""
    out: list[str] = []
    for k, name in enumerate(names, 1):
        name = name[:MAX_NAME] if name.strip("-") else f"column {k}"
        same = sum(other == name or other.startswith(f"{name} (") for other in out)
        out.append(f"{name} ({same + 1})" if name in out else name)
    return tuple(out)


def _without_row_numbers(whole: Sheet, written: str) -> Sheet:
    """The table without a first column that only counts its rows, or that is a name for each row.

    written   that column's name in the file
    """
    if whole.cells.shape[1] < 3:
        return whole
    first, headed = whole.cells[:, 0].tolist(), any(not name.startswith("column ") for name in whole.names)
    counted = len(first) > 2 and first in ([str(k + start) for k in range(len(first))] for start in (0, 1))
    named = headed and written == "" and len(set(first)) == len(first) and "" not in first
    if not (named or (counted and written.casefold() in ROW_NAMES and (headed or whole.cells.shape[1] > 3))):
        return whole
    whole.remarks.append("The first column only counts or names the rows. It is left out.")
    return whole.without(0)
