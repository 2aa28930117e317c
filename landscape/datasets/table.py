"""A table of one's own: text in CSV becomes Samples, one input or two and a class or a number, or a sentence that says
why not."""

from dataclasses import replace
from itertools import chain
from typing import NamedTuple

import numpy as np

from landscape.datasets.numerals import POINT, looks_numeric, number, style
from landscape.datasets.refusal import TableError
from landscape.datasets.samples import Samples
from landscape.datasets.sheet import BLANKS, CLASS_NAMES, MAX_NAME, TARGET_NAMES, Sheet, sheet

MAX_CLASSES = 6
MAX_SIZE = 1e6
# What stands for the second input where there is to be none.
NOTHING = "-"


class Columns(NamedTuple):
    """Which columns to take, by name; "" leaves it to the table, and NOTHING as second is one input."""

    label: str = ""
    first: str = ""
    second: str = ""


AUTOMATIC = Columns()


class Taken(NamedTuple):
    """Samples, the columns that they are, and what is to be known of how they were read, a sentence each.

    names   of all columns that there are
    """

    samples: Samples
    columns: Columns
    remarks: list[str]
    names: tuple[str, ...]

    @property
    def text(self) -> str:
        """Which columns were taken, and as what."""
        inputs = " and ".join(self.samples.columns)
        kinds = f"{len(self.samples.classes)} classes" if self.samples.classes else "a number"
        return f"{len(self.samples)} rows: {inputs} → {self.columns.label}, {kinds}."


def from_csv(text: str, columns: Columns = AUTOMATIC) -> Samples:
    """Samples from a table, as `taken` takes them."""
    return taken(sheet(text), columns).samples


def taken(table: Sheet, columns: Columns = AUTOMATIC) -> Taken:
    """Samples from a table.

    The label is the column named so ("label", "class", "target", "species" ...), else the last one of words, else "y",
    else the last column. It is a class where it is words, or whole numbers of few different values; a number
    otherwise, which is regression. Inputs are the first two columns of numbers. A row in which one of these is missing
    is left out.

    Inputs and targets are numbers of size at most MAX_SIZE; classes are 2 to MAX_CLASSES, in ascending order.
    TableError, a ValueError, says what is wrong.
    """
    how = style(filter(looks_numeric, chain(*map(table.written, table.numeric))), table.separator)
    chosen = _chosen(table, columns, how)
    used = [name for name in chosen if name != NOTHING]
    lacking = np.any([_lacks(table, name) for name in used], axis=0)
    remarks = list(table.remarks)
    if lacking.all():
        raise TableError(f"No row has all of {', '.join(used)}")
    if lost := int(lacking.sum()):
        lack, are = ("lacks", "is") if lost == 1 else ("lack", "are")
        remarks.append(f"{lost} of {len(lacking)} rows {lack} a value and {are} left out.")
    rows = replace(table, cells=table.cells[~lacking], lines=table.lines[~lacking])
    inputs = np.stack([_numbers(rows, name, how) for name in used[1:]], axis=1)
    targets, classes, more = _targets(rows, chosen.label, how)
    return Taken(Samples(inputs, targets, classes, tuple(used[1:])), chosen, [*remarks, *more], table.names)


def _chosen(table: Sheet, asked: Columns, how: str) -> Columns:
    """A name for each of the columns to take."""
    for name, value in asked._asdict().items():
        if value not in ("", *table.names, *([NOTHING] if name == "second" else [])):
            raise TableError(f"{name} is {value!r}, which is no column of the table")
    label = asked.label or _label(table, {asked.first, asked.second})
    inputs = [name for name in table.numeric if name != label and _sized(table, name, how)]
    first = asked.first or next((name for name in inputs if name != asked.second), "")
    second = asked.second or next((name for name in inputs if name not in (first, asked.first)), NOTHING)
    if not first:
        raise TableError("The table has no column of numbers besides its label; a row needs one or two, and a label")
    if len({label, first, second}) < 3:
        raise TableError(f"One column is taken twice: {', '.join((label, first, second))}")
    return Columns(label, first, second)


def _sized(table: Sheet, name: str, how: str) -> bool:
    """Whether any number of a column is of a size that is allowed: no times, no identifiers."""
    return any(abs(value) <= MAX_SIZE for cell in table.written(name) if (value := number(cell, how)) is not None)


def _label(table: Sheet, taken: set[str]) -> str:
    """The name of the column that is to be told from the others."""
    names = [name for name in table.names if name not in taken] or list(table.names)
    for known in (*CLASS_NAMES, *TARGET_NAMES):
        for name in names:
            if name.casefold() == known:
                return name
    words = [name for name in names if name not in table.numeric]
    few = [name for name in words if 2 <= len(set(table.column(name)) - {""}) <= MAX_CLASSES]
    if few:
        return few[-1]
    # Beside an x, y is a place and not a label, where something comes after.
    lone = [name for name in names if name.casefold() == "y"]
    plane = any(name.casefold() == "x" for name in table.names) and len(table.names) > 2
    return lone[-1] if lone and not plane else names[-1]


def _lacks(table: Sheet, name: str) -> np.ndarray:
    """(rows,) whether nothing stands in a column; in a column of numbers, a dash is nothing, too."""
    blanks = BLANKS if all(map(looks_numeric, table.written(name))) and table.written(name) else frozenset()
    return np.array([not cell or cell in blanks for cell in table.column(name)])


def _numbers(table: Sheet, name: str, how: str) -> np.ndarray:
    """A column's numbers, (rows,); TableError names the first that is none."""
    out = []
    for cell, line in zip(table.column(name), table.lines.tolist(), strict=True):
        value = number(cell, how)
        if value is None:
            raise TableError(f"{name} is {cell[:MAX_NAME]!r}; it must be a number", line)
        if not abs(value) <= MAX_SIZE:
            raise TableError(
                f"{name} is {cell[:MAX_NAME]}; it must be a finite number of size at most {MAX_SIZE:,.0f}", line
            )
        out.append(value)
    return np.array(out)


def _targets(table: Sheet, name: str, how: str) -> tuple[np.ndarray, tuple[str, ...], list[str]]:
    """What is to be told: numbers and no classes, or each row's class, the classes' names and a remark."""
    cells = table.column(name)
    values = [number(cell, how) for cell in cells]
    if all(value is not None for value in values) and not _are_classes(values, name):
        targets = _numbers(table, name, how)
        if np.ptp(targets) == 0:
            raise TableError(f"{name} is {cells[0]} in every row; there must be different ones")
        return targets, (), []
    labels = [cell if value is None else f"{value:.15g}" for cell, value in zip(cells, values, strict=True)]
    for label, line in zip(labels, table.lines.tolist(), strict=True):
        if len(label) > MAX_NAME:
            raise TableError(f"{name} has {len(label)} characters; at most {MAX_NAME} are allowed", line)
    labels, remarks = _one_spelling(labels)
    names = sorted(set(labels), key=_ascending)
    if len(names) == 1:
        raise TableError(f"{name} is {names[0]!r} in every row; there must be 2 to {MAX_CLASSES} classes")
    if len(names) > MAX_CLASSES:
        raise TableError(f"{name} has {len(names)} different labels; there must be 2 to {MAX_CLASSES} classes")
    place = {each: k for k, each in enumerate(names)}
    return np.array([place[label] for label in labels]), tuple(names), remarks


def _are_classes(values: list[float | None], name: str) -> bool:
    """Whether numbers are names of classes: whole, and few of them, or called so."""
    different = set(values)
    if not all(value is not None and float(value).is_integer() for value in different):
        return False
    few = 2 if name.casefold() not in CLASS_NAMES else MAX_CLASSES
    return len(different) <= max(few, min(MAX_CLASSES, len(values) // 2))


def _one_spelling(labels: list[str]) -> tuple[list[str], list[str]]:
    """Labels that differ in capitals alone are one class, as it is spelt first."""
    first: dict[str, str] = {}
    for label in labels:
        first.setdefault(label.casefold(), label)
    others = sorted({label for label in labels if first[label.casefold()] != label})
    remarks = [f"{other} is read as {first[other.casefold()]}." for other in others[:3]]
    return [first[label.casefold()] for label in labels], remarks


def _ascending(name: str) -> tuple[bool, float, str]:
    value = number(name, POINT)
    return value is None, value or 0.0, name
