"""A slide's products sum to what the layers say, for every stride and padding; a pool gives what it should."""

import numpy as np
import pytest

from landscape.datasets import IMAGES
from landscape.lessons.learnt import learnt_kernels
from landscape.lessons.slide_report import forward_findings
from landscape.lessons.slides import KERNELS, convolved

DIGITS = IMAGES["digits"].samples.inputs[:, 0]
KERNEL = np.random.default_rng(0).standard_normal((3, 3))


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 1, 2])
@pytest.mark.parametrize("pooling", ["max", "average"])
def test_products_sum_to_what_the_layers_say(stride, padding, pooling):
    seen = convolved(DIGITS[5], KERNEL, stride, padding, pooling)
    for slide in (seen.forward, seen.to_kernel, seen.to_image):
        sums = np.array([slide.products(r, s).sum() for r, s in slide.frames]).reshape(slide.out.shape)
        np.testing.assert_allclose(sums, slide.out, rtol=1e-12, atol=1e-12)
        assert not slide.ground[~slide.real].any()
    for slide in (seen.to_kernel, seen.to_image, seen.to_answers):
        np.testing.assert_allclose(slide.out, slide.differences, rtol=1e-6, atol=2e-6)
    routed = np.zeros(seen.forward.out.shape)
    for r, s in seen.to_answers.frames:
        routed[np.ix_(*seen.to_answers.made(r, s))] = seen.to_answers.products(r, s)
    np.testing.assert_array_equal(routed, seen.to_answers.out)
    np.testing.assert_array_equal(seen.to_kernel.stencil, seen.to_answers.out)


def test_an_upright_edge_is_seen_where_it_is():
    image = np.zeros((8, 8))
    image[:, 4:] = 1
    out = convolved(image, np.reshape(KERNELS["upright"][1], (3, 3)), 1, 0, "max").forward.out
    np.testing.assert_array_equal(out, np.tile([0, 0, 4, 4, 0, 0], (6, 1)))
    assert not convolved(image, np.reshape(KERNELS["level"][1], (3, 3)), 1, 0, "max").forward.out.any()


@pytest.mark.parametrize(
    ("lit", "told"),
    [(np.s_[:], " 35 other answers are as strong."), (np.s_[3, [1, 6]], " 1 other answer is as strong.")],
)
def test_an_answer_that_others_equal_is_not_the_strongest_alone(lit, told):
    """Of an even sheet every answer of a blur is the same; of two dots far apart two are."""
    image = np.zeros((8, 8))
    image[lit] = 1
    seen = convolved(image, np.reshape(KERNELS["blur"][1], (3, 3)), 1, 0, "max")
    text = forward_findings(seen)[0].text
    assert text.endswith(told)
    assert not forward_findings(convolved(DIGITS[5], KERNEL, 1, 0, "max"))[0].numbers["others"]


def test_ties_that_are_not_zero_are_counted():
    flat = convolved(np.ones((8, 8)), np.reshape(KERNELS["blur"][1], (3, 3)), 1, 0, "max")
    assert flat.ties.all()
    assert not flat._replace(pooling="average").ties.any()
    assert not convolved(np.zeros((8, 8)), KERNEL, 1, 0, "max").ties.any()


def test_learnt_kernels_are_learnt_once():
    assert learnt_kernels() is learnt_kernels()
    assert learnt_kernels().shape == (4, 3, 3)
    assert np.abs(learnt_kernels()).max() > 0.5


@pytest.mark.parametrize(
    ("stride", "padding", "pooling", "message"),
    [
        (0, 0, "max", "stride is 0; allowed is 1 to 64"),
        (6, 0, "max", "stride is 6; it leaves 1 rows or columns, and the pool needs 2"),
        (1, 3, "max", "padding is 3; allowed is 0 to 2, less than the kernel"),
        (1, 0, "none", "pooling is 'none'; allowed are max, average"),
    ],
)
def test_what_finds_no_room_is_named(stride, padding, pooling, message):
    with pytest.raises(ValueError, match=message):
        convolved(DIGITS[0], KERNEL, stride, padding, pooling)
