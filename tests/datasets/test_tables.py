"""Every real data set is the one that its source describes."""

import numpy as np
import pytest

from landscape.datasets.tables import TABLES


@pytest.fixture(params=TABLES)
def table(request):
    return TABLES[request.param]


def test_a_table_says_what_it_is(table):
    assert TABLES[table.key] is table
    assert table.title
    assert table.source
    assert table.licence
    assert table.note.endswith(".")
    assert table.task in ("regression", "classification")
    assert len(table.meanings) == len(table.columns) == len(set(table.columns)) == len(table.names) + 1


def test_arrays_are_whole_and_cannot_be_spoiled(table):
    assert table.x.shape == (len(table.y), len(table.names))
    assert np.isfinite(table.x).all()
    assert np.isfinite(table.y).all()
    for array in (table.x, table.y):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.0
    if table.task == "classification":
        assert set(table.y) == {0.0, 1.0}


def test_diabetes_is_that_of_the_paper():
    # Table 1 of the paper shows the first patients and the last one.
    table = TABLES["diabetes"]
    assert table.x.shape == (442, 10)
    np.testing.assert_allclose(table.x[0], [59, 2, 32.1, 101, 157, 93.2, 38, 4, 4.9, 87], atol=0.05)
    np.testing.assert_allclose(table.x[1], [48, 1, 21.6, 87, 183, 103.2, 70, 3, 3.9, 69], atol=0.05)
    np.testing.assert_array_equal(table.y[:4], [151, 75, 141, 206])
    np.testing.assert_allclose(table.x[-1, [0, 1, 2]], [36, 1, 19.6])
    assert table.y[-1] == 57


def test_breast_cancer_has_the_class_sizes_of_its_source():
    table = TABLES["breast_cancer"]
    assert table.x.shape == (569, 30)
    assert table.y.sum() == 212
    assert table.names[0] == "mean_radius"
    assert table.target == "malignant"
