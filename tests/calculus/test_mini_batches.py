"""Gradients sample by sample have the gradient of all as their mean, and batches scatter as theory says."""

import numpy as np
import pytest

from landscape.calculus.mini_batches import DRAWS, MOST, NOISY, mini_batches


@pytest.mark.parametrize("key", NOISY)
def test_the_mean_of_all_samples_gradients_is_the_gradient(key: str) -> None:
    objective, per_sample, start = NOISY[key].parts
    rng = np.random.default_rng(1)
    for w in (start, start + rng.standard_normal(start.shape)):
        np.testing.assert_allclose(per_sample(w).mean(axis=0), objective.gradient(w), rtol=1e-10, atol=1e-13)
    assert NOISY[key].path.shape == (MOST + 1, len(start))
    assert (np.diff(objective.value(NOISY[key].path)) < 0).all()


def test_a_sample_s_gradient_is_that_of_its_own_loss() -> None:
    loss, per_sample, _ = NOISY["diabetes"].parts
    w = np.array([0.3, -0.2])
    by_hand = (w @ loss.X[7] - loss.y[7]) * loss.X[7]
    np.testing.assert_allclose(per_sample(w)[7], by_hand, rtol=1e-13)


@pytest.mark.parametrize("replacement", [True, False])
@pytest.mark.parametrize("key", NOISY)
def test_batches_scatter_as_predicted(key: str, replacement: bool) -> None:
    found = mini_batches(key, 1, replacement)
    assert found.drawn.shape == (len(found.sizes), DRAWS, 2)
    assert found.sizes[0] == 1
    assert found.sizes[-1] == found.samples
    # Unbiased at every size, within five standard errors.
    error = np.sqrt(np.diagonal(found.told, axis1=1, axis2=2) / DRAWS)
    assert (np.abs(found.drawn.mean(axis=1) - found.true) <= 5 * error + 1e-12).all()
    told, seen = found.variance(found.told), found.variance(found.seen)
    inside = found.sizes < found.samples
    np.testing.assert_allclose(seen[inside], told[inside], rtol=0.2)
    if replacement:
        np.testing.assert_allclose(told * found.sizes, told[0], rtol=1e-12)
    else:
        assert seen[-1] < 1e-25
        count = found.samples
        np.testing.assert_allclose(told * found.sizes * (count - 1), told[0] * (count - found.sizes), atol=1e-12)


def test_normal_noise_tells_how_many_batches_go_downhill_where_batches_are_large() -> None:
    found = mini_batches("diabetes", 1, True)
    large = found.sizes >= 15
    np.testing.assert_allclose(found.downhill[large], found.downhill_told[large], atol=0.03)
    assert found.downhill[0] < 0.8 < found.downhill[-1]


def test_a_seed_draws_the_same_batches() -> None:
    one, same, other = (mini_batches("breast_cancer", 0, False, seed).drawn for seed in (4, 4, 5))
    np.testing.assert_array_equal(one, same)
    assert np.abs(one - other).max() > 0


def test_what_cannot_be_asked_is_named() -> None:
    with pytest.raises(ValueError, match="key is 'moons'; allowed are diabetes"):
        mini_batches("moons", 1, True)
    with pytest.raises(ValueError, match="taken is 13; it must be a whole number from 0 to 12"):
        mini_batches("diabetes", 13, True)
