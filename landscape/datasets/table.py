"""A table of one's own: text in CSV, two numbers and a class a row, becomes Samples or a sentence that says why not."""

import numpy as np

from landscape.datasets.samples import Samples

MAX_ROWS = 2000
MAX_CHARACTERS = 200_000
MAX_CLASSES = 6
MAX_SIZE = 1e6
MAX_NAME = 40

FORM = "each row needs x1, x2, label"


class TableError(ValueError):
    """What is wrong with a table and where: `line` counts from 1, or is None for the whole."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message if line is None else f"Line {line}: {message}")
        self.line = line


def from_csv(text: str) -> Samples:
    """Samples from lines of x1, x2, label, with or without a line of column names first.

    x1 and x2 are numbers of size at most MAX_SIZE; labels are numbers or names, of 2 to MAX_CLASSES different classes,
    which are numbered in ascending order. At most MAX_ROWS rows. TableError, a ValueError, says what is wrong.
    """
    rows = _rows(text)
    columns = ("x1", "x2")
    if rows and not any(_is_number(cell) for cell in rows[0][1][:2]):
        _, cells = rows.pop(0)
        columns = (cells[0][:MAX_NAME] or "x1", cells[1][:MAX_NAME] or "x2")
        # A first row of words is taken for column names, but a table of nothing else is a table of words.
        if rows and not any(_is_number(cell) for cell in rows[0][1][:2]):
            raise TableError(f"{rows[0][1][0]!r} is not a number; {FORM}, the first two of them numbers", rows[0][0])
    if not rows:
        raise TableError(f"The table has no rows; {FORM}")
    if len(rows) > MAX_ROWS:
        raise TableError(f"The table has {len(rows):,} rows; at most {MAX_ROWS:,} are allowed")
    inputs = np.array([[_number(line, cells, i) for i in range(2)] for line, cells in rows])
    classes, targets = _classes([_label(line, cells[2]) for line, cells in rows])
    return Samples(inputs, targets, classes, columns)


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """(line, three cells) of every line that is not blank; lines are counted before anything is taken apart."""
    count = text.count("\n")
    if count > MAX_ROWS + 1:
        raise TableError(f"The table has {count:,} lines; at most {MAX_ROWS:,} rows are allowed")
    if len(text) > MAX_CHARACTERS:
        raise TableError(f"The table has {len(text):,} characters; at most {MAX_CHARACTERS:,} are allowed")
    lines = text.removeprefix("\ufeff").splitlines()
    rows = [(k, [c.strip().strip("\"'") for c in line.split(",")]) for k, line in enumerate(lines, 1) if line.strip()]
    for line, cells in rows:
        if len(cells) != 3:
            hint = "; separate them with commas" if len(cells) == 1 else ""
            raise TableError(f"the number of columns is {len(cells)}, but {FORM}{hint}", line)
    return rows


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _number(line: int, cells: list[str], column: int) -> float:
    name, cell = f"x{column + 1}", cells[column]
    if not _is_number(cell):
        raise TableError(f"{name} is {cell[:MAX_NAME]!r}; it must be a number", line)
    if not abs(float(cell)) <= MAX_SIZE:
        raise TableError(
            f"{name} is {cell[:MAX_NAME]}; it must be a finite number of size at most {MAX_SIZE:,.0f}", line
        )
    return float(cell)


def _label(line: int, cell: str) -> str:
    """A label as it is shown: 1, 1.0 and 1e0 are one class."""
    if not cell or cell.lower() in ("nan", "na", "null", "none"):
        raise TableError(f"the label is {cell!r}; it must be a number or a name", line)
    if len(cell) > MAX_NAME:
        raise TableError(f"the label has {len(cell)} characters; at most {MAX_NAME} are allowed", line)
    return f"{float(cell):g}" if _is_number(cell) else cell


def _classes(labels: list[str]) -> tuple[tuple[str, ...], np.ndarray]:
    """The classes in ascending order, and each label's place among them."""
    names = sorted(set(labels), key=lambda name: (not _is_number(name), float(name) if _is_number(name) else 0, name))
    if len(names) == 1:
        raise TableError(f"Every label is {names[0]!r}; there must be 2 to {MAX_CLASSES} classes")
    if len(names) > MAX_CLASSES:
        raise TableError(f"There are {len(names)} different labels; there must be 2 to {MAX_CLASSES} classes")
    place = {name: k for k, name in enumerate(names)}
    return tuple(names), np.array([place[label] for label in labels])
