"""Every data set of the registry, and what is refused."""

import pickle

import numpy as np
import pytest

from landscape.datasets import DATASETS, Samples, standardize

each_dataset = pytest.mark.parametrize("data", DATASETS.values(), ids=DATASETS)


@each_dataset
def test_record_is_complete(data):
    assert DATASETS[data.key] is data
    for text in (data.title, data.source, data.note):
        assert text == text.strip() != ""
    assert data.source.endswith(".")
    assert data.note.endswith(".")
    assert {"size", "seed"} <= set(data.knobs)
    assert all(knob.label and knob.help for knob in data.knobs.values())
    assert data.source.startswith("Drawn here") != bool(data.licence)
    assert pickle.loads(pickle.dumps(data)) == data


@each_dataset
@pytest.mark.parametrize("end", ["low", "high"])
def test_samples_are_finite_and_of_size_one_all_over_the_knobs(data, end):
    for name, knob in data.knobs.items():
        samples = data.with_(**{name: knob.grid()[0 if end == "low" else -1]}).samples
        assert np.isfinite(samples.inputs).all()
        assert np.isfinite(samples.targets).all()
        assert samples.inputs.shape == (len(samples), len(samples.columns))
        assert samples.targets.shape == (len(samples),)
        assert name == "standardize" or np.abs(samples.inputs).max() < 6
        if samples.classes:
            assert set(samples.targets) == set(range(len(samples.classes)))


@each_dataset
def test_size_and_seed_do_what_they_say(data):
    size = data.knobs["size"].low + 20
    assert len(data.with_(size=size).samples) == size
    again, other = data.with_(size=size, seed=3).samples, data.with_(size=size, seed=4).samples
    np.testing.assert_array_equal(again.inputs, data.with_(size=size, seed=3).samples.inputs)
    differ = (again.inputs != other.inputs).any() or (again.targets != other.targets).any()
    assert differ


# What the samples of a data set are without noise.
TRUTHS = {
    "xor": lambda x, t: (np.abs(x) == 1).all() and (t == (x[:, 0] != x[:, 1])).all(),
    "circles": lambda x, t: np.allclose(np.hypot(*x.T), np.where(t == 0, 1.2, 0.5)),
    "moons": lambda x, t: np.allclose(np.hypot(*np.add(np.where(t[:, None] == 0, x, -x), [0.5, 0.25]).T), 1),
    "spirals": lambda x, t: np.allclose(x[t == 0], -x[t == 1]),
    "blobs": lambda x, t: np.allclose(np.hypot(*x.T), 1) and len(np.unique(x.round(9), axis=0)) == 3,
    "linear": lambda x, t: (t == (x[:, 0] + x[:, 1] / 2 > 0)).all(),
    "threshold": lambda x, t: (t == (x[:, 0] > 0.5)).all(),
    "curve": lambda x, t: np.allclose(t, np.sin(2 * x[:, 0])),
    "step": lambda x, t: np.allclose(t, np.tanh(1.5 * x[:, 0] - 0.75)),
    "ramp": lambda x, t: np.allclose(t, np.maximum(x[:, 0] - 0.5, 0)),
}


@pytest.mark.parametrize("key", TRUTHS)
def test_without_noise_the_truth_is_exact(key):
    samples = DATASETS[key].with_(noise=0, size=40).samples
    assert TRUTHS[key](samples.inputs, samples.targets)


def test_four_exact_samples_of_xor_are_its_truth_table():
    samples = DATASETS["xor"].with_(noise=0, size=4).samples
    table = {(*map(float, x), int(t)) for x, t in zip(samples.inputs, samples.targets, strict=True)}
    assert table == {(-1, -1, 0), (-1, 1, 1), (1, -1, 1), (1, 1, 0)}


def test_irises_are_fishers():
    """Means and deviations as in scikit-learn's description, which follows the paper and not the UCI copy."""
    raw = DATASETS["iris"].with_(standardize=False).samples
    assert raw.classes == ("setosa", "versicolor", "virginica")
    assert raw.columns == ("petal length", "petal width")
    assert (np.bincount(raw.targets) == 50).all()
    np.testing.assert_allclose(raw.inputs.mean(axis=0), [3.758, 1.199], atol=5e-4)
    np.testing.assert_allclose(raw.inputs.std(axis=0, ddof=1), [1.765, 0.762], atol=5e-4)
    standard = DATASETS["iris"].samples
    np.testing.assert_allclose(standard.inputs.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(standard.inputs.std(axis=0), 1)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"nose": 1}, "nose is 1, but moons has no such parameter; allowed are noise, size, seed"),
        ({"noise": 2}, "noise is 2; allowed is 0 to 0.5"),
        ({"size": 4.5}, "size is 4.5; it must be a whole number"),
        ({"size": 1_000_000}, "size is 1000000; allowed is 4 to 1000"),
        ({"seed": [1, 2]}, r"seed has shape \(2,\); it must be one number"),
    ],
)
def test_a_wrong_setting_is_named(settings, message):
    with pytest.raises(ValueError, match=message):
        DATASETS["moons"].with_(**settings)


def test_what_a_network_needs_follows_from_the_classes():
    needs = {key: (data.samples.loss, data.samples.outputs) for key, data in DATASETS.items()}
    assert needs["moons"] == ("binary_cross_entropy", 1)
    assert needs["iris"] == ("cross_entropy", 3)
    assert needs["curve"] == ("mse", 1)


def test_a_split_parts_the_samples():
    samples = DATASETS["moons"].samples
    train, validation = samples.split(0.25, np.random.default_rng(0))
    assert (len(train), len(validation)) == (150, 50)
    together = np.concatenate([train.inputs, validation.inputs])
    np.testing.assert_array_equal(np.unique(together, axis=0), np.unique(samples.inputs, axis=0))
    assert len(samples.split(0.001, np.random.default_rng(0))[1]) == 1
    whole, nothing = samples.split(0, np.random.default_rng(0))
    assert (whole, len(nothing)) == (samples, 0)
    for share in (-0.1, 1, float("nan")):
        with pytest.raises(ValueError, match="allowed is 0 and more, and below 1"):
            samples.split(share, np.random.default_rng(0))


def test_standardize():
    X = np.array([[1.0, 0.1, 5.0], [3.0, 0.1, -1.0]])
    done = standardize(X)
    np.testing.assert_allclose(done.X, [[-1, 0, 1], [1, 0, -1]])
    np.testing.assert_allclose(done.mean + done.scale * done.X, X)
    assert np.all(standardize(np.full((7, 1), 0.1)).X == 0)


def test_a_constant_input_standardizes_to_zero():
    samples = Samples(np.array([[0.1, 1.0], [0.1, 3.0]]), np.array([0, 1]), ("a", "b"))
    np.testing.assert_array_equal(samples.standardized().inputs, [[0, -1], [0, 1]])
