"""Pictures and sequences: counts and sums of the real ones, the rule of those that are drawn."""

import pickle

import numpy as np
import pytest

from landscape.datasets import IMAGES, SEQUENCES
from landscape.datasets.sequences import sunspots

BOTH = IMAGES | SEQUENCES
each = pytest.mark.parametrize("data", BOTH.values(), ids=BOTH)


@each
def test_record_is_complete(data):
    assert BOTH[data.key] is data
    for text in (data.title, data.source, data.note):
        assert text == text.strip() != ""
    assert data.source.endswith(".")
    assert data.note.endswith(".")
    assert all(knob.label and knob.help for knob in data.knobs.values())
    assert data.source.startswith("Drawn here") != bool(data.licence)
    assert pickle.loads(pickle.dumps(data)) == data


@each
@pytest.mark.parametrize("end", [0, -1])
def test_samples_are_finite_all_over_the_knobs(data, end):
    for name, knob in data.knobs.items():
        samples = data.with_(**{name: knob.grid()[end]}).samples
        assert np.isfinite(samples.inputs).all()
        assert np.abs(samples.inputs).max() <= 2
        assert len(samples.inputs) == len(samples.targets)


@each
def test_the_seed_draws_anew_and_again(data):
    size = data.knobs["size"].low
    one, again, other = (data.with_(size=size, seed=seed).samples for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.inputs, again.inputs)
    assert (one.inputs != other.inputs).any()


def test_the_digits_are_those_of_uci():
    """Counts a class, and the sum of all ink and of its squares, as in the copy of scikit-learn."""
    digits = IMAGES["digits"].samples
    assert digits.inputs.shape == (1797, 1, 8, 8)
    assert np.bincount(digits.targets).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    ink = digits.inputs * 16
    assert ink.sum() == 561_718
    assert (ink**2).sum() == 6_907_012
    assert digits.classes == tuple("0123456789")
    np.testing.assert_array_equal(ink[0, 0, 0], [0, 0, 5, 13, 9, 1, 0, 0])


def test_edges_are_what_the_stated_kernel_answers():
    edges = IMAGES["edges"].with_(noise=0).samples
    pixel, ring = edges.inputs.swapaxes(0, 1)
    np.testing.assert_allclose(edges.targets, np.tanh(2 * pixel - 3 * ring).mean(axis=(1, 2)))
    whole = IMAGES["digits"].with_(size=100, seed=0).samples.inputs[:, 0]
    edges = IMAGES["edges"].with_(noise=0, size=100).samples
    np.testing.assert_array_equal(edges.inputs[:, 0], whole[:, 1:7:2, 1:7:2])
    around = whole[:, :3, :3].sum(axis=(1, 2)) - whole[:, 1, 1]
    np.testing.assert_allclose(edges.inputs[:, 1, 0, 0], around / 8)


def test_echo_asks_for_the_first():
    echo = SEQUENCES["echo"].with_(length=7, size=5).samples
    assert echo.inputs.shape == (5, 7, 1)
    np.testing.assert_array_equal(echo.targets, echo.inputs[:, 0, 0])


@pytest.mark.parametrize("length", [2, 9])
def test_adding_marks_one_number_in_each_half(length):
    adding = SEQUENCES["adding"].with_(length=length, size=50).samples
    values, marks = np.moveaxis(adding.inputs, -1, 0)
    assert (marks[:, : length // 2].sum(axis=1) == 1).all()
    assert (marks.sum(axis=1) == 2).all()
    np.testing.assert_allclose(adding.targets, np.where(marks == 1, values, 0).sum(axis=1))


def test_sunspots_are_those_of_the_observatory():
    years, spots = sunspots()
    assert (years[0], years[-1], len(years)) == (1700, 2008, 309)
    assert (spots.max(), years[spots.argmax()]) == (190.2, 1957)
    assert spots.sum() == pytest.approx(15373.4)
    samples = SEQUENCES["sunspots"].samples
    np.testing.assert_array_equal(samples.inputs[0, 1:, 0], samples.targets[0, :-1])
    np.testing.assert_allclose(samples.targets[0, -1], 0.029)
