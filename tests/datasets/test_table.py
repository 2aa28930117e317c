"""A table of one's own: what each file of the corpus is read as, what is refused, and which columns are taken."""

import csv
import io

import numpy as np
import pytest

from landscape.datasets import TableError, from_csv
from landscape.datasets.encoded import decoded
from landscape.datasets.sheet import sheet
from landscape.datasets.table import Columns, Taken, taken
from tests.datasets.corpus import READ, REFUSED, Read


def brought(data: str | bytes, columns: Columns = Columns()) -> Taken:  # noqa: B008
    text, remarks = decoded(data.encode() if isinstance(data, str) else data)
    found = taken(sheet(text), columns)
    return found._replace(remarks=remarks + found.remarks)


def test_the_corpus_is_large_enough() -> None:
    assert len(READ) + len(REFUSED) >= 100


@pytest.mark.parametrize("name", READ)
def test_a_file_is_read_as_it_was_meant(name: str) -> None:
    data, meant = READ[name]
    found = brought(data)
    assert tuple(found.columns) == meant.columns
    assert found.samples.classes == meant.classes
    assert found.samples.columns == tuple(each for each in meant.columns[1:] if each != "-")
    np.testing.assert_array_equal(found.samples.inputs, meant.inputs)
    np.testing.assert_array_equal(found.samples.targets, meant.targets)
    assert len(found.remarks) == meant.remarks


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_is_refused_in_one_sentence(name: str) -> None:
    data, sentence = REFUSED[name]
    with pytest.raises(TableError) as caught:
        brought(data)
    assert str(caught.value).startswith(sentence)
    assert (caught.value.line is not None) == sentence.startswith("Line")
    assert len(str(caught.value)) < 200


MORE = "a,b,c,kind,grade\n1,10,100,x,1.5\n2,20,200,y,2.5\n3,30,300,x,3.5\n"


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        (Columns(), Read(("kind", "a", "b"), ("x", "y"), [[1, 10], [2, 20], [3, 30]], [0, 1, 0])),
        (Columns(label="grade"), Read(("grade", "a", "b"), (), [[1, 10], [2, 20], [3, 30]], [1.5, 2.5, 3.5])),
        (Columns(first="b"), Read(("kind", "b", "a"), ("x", "y"), [[10, 1], [20, 2], [30, 3]], [0, 1, 0])),
        (Columns(first="b", second="-"), Read(("kind", "b", "-"), ("x", "y"), [[10], [20], [30]], [0, 1, 0])),
        (Columns("grade", "c", "a"), Read(("grade", "c", "a"), (), [[100, 1], [200, 2], [300, 3]], [1.5, 2.5, 3.5])),
    ],
)
def test_columns_are_chosen(asked: Columns, meant: Read) -> None:
    found = brought(MORE, asked)
    assert tuple(found.columns) == meant.columns
    assert found.samples.classes == meant.classes
    np.testing.assert_array_equal(found.samples.inputs, meant.inputs)
    np.testing.assert_array_equal(found.samples.targets, meant.targets)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (Columns(label="d"), "label is 'd', which is no column of the table"),
        (Columns(first="-"), "first is '-', which is no column of the table"),
        (Columns(first="a", second="a"), "One column is taken twice: kind, a, a"),
        (Columns(label="kind", first="kind"), "One column is taken twice: kind, kind, a"),
        (Columns(label="a", first="kind"), "Line 2: kind is 'x'; it must be a number"),
    ],
)
def test_columns_that_cannot_be_taken_are_named(asked: Columns, sentence: str) -> None:
    with pytest.raises(TableError) as caught:
        brought(MORE, asked)
    assert str(caught.value) == sentence


def test_remarks_say_what_was_done() -> None:
    assert brought(READ["numbers as names, and row numbers"][0]).remarks == [
        "The first line, 0, 1, 2, is read as column names.",
        "The first column only counts or names the rows. It is left out.",
    ]
    assert brought(READ["NA among the numbers"][0]).remarks == ["2 of 5 rows lack a value and are left out."]
    assert brought(READ["yes, Yes and no"][0]).remarks == ["Yes is read as yes."]
    assert brought(READ["Latin-1"][0]).remarks[0].startswith("The file is not in UTF-8.")


@pytest.mark.parametrize("seed", range(40))
def test_what_pandas_or_a_spreadsheet_would_write_comes_back(seed: int) -> None:
    """Every sample and class is the file's, and none is lost, whatever parts the cells and marks the decimals."""
    rng = np.random.default_rng(seed)
    inputs = np.round(rng.normal(0, 10.0 ** rng.integers(-1, 4), (int(rng.integers(4, 30)), 2)), 3)
    kinds = np.array(["oak", "fir, grey", 'an "elm"', "ash; old"])[: rng.integers(2, 5)]
    labels = kinds[np.arange(len(inputs)) % len(kinds)]
    separator, comma = (str(rng.choice(list(";\t,|"))), bool(rng.integers(2)))
    file = io.StringIO()
    writer = csv.writer(file, delimiter=separator, lineterminator=str(rng.choice(["\n", "\r\n"])))
    if rng.integers(2):
        writer.writerow(["length", "width, cm", "tree"])
    for row, label in zip(inputs, labels, strict=True):
        writer.writerow([*(str(v).replace(".", ",") if comma else str(v) for v in row), label])
    found = brought(file.getvalue().encode(str(rng.choice(["utf-8", "utf-16"]))))
    np.testing.assert_array_equal(found.samples.inputs, inputs)
    assert [found.samples.classes[k] for k in found.samples.targets] == labels.tolist()


@pytest.mark.parametrize("seed", range(60))
def test_a_mangled_file_is_read_or_refused(seed: int) -> None:
    """Bytes lost, doubled and changed: a sentence or samples, and then each class and number stands in the file."""
    rng = np.random.default_rng(seed)
    data, _ = READ[list(READ)[seed % len(READ)]]
    mangled = bytearray(data.encode() if isinstance(data, str) else data)
    for _ in range(int(rng.integers(1, 6))):
        at = int(rng.integers(len(mangled)))
        mangled[at : at + int(rng.integers(0, 3))] = bytes(
            rng.choice(list(b',;\t\n"a1.-#\xff')) for _ in range(rng.integers(3))
        )
    try:
        text, _ = decoded(bytes(mangled))
        samples = taken(sheet(text)).samples
    except TableError:
        return
    assert np.isfinite(samples.inputs).all()
    assert np.isfinite(samples.targets).all()
    bare = text.replace('"', "").casefold()
    numbered = [name for name in samples.classes if name.lstrip("-").replace(".", "").isdigit()]
    assert all(name.replace('"', "").casefold() in bare for name in samples.classes if name not in numbered)


def test_samples_of_a_table_are_what_from_csv_gives() -> None:
    samples = from_csv(MORE, Columns(label="grade", second="-"))
    assert samples.loss == "mse"
    assert samples.columns == ("a",)
