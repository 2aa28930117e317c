"""A network that learns to read: told as it comes, its gradients those of a loss; a run to infinity rests."""

from dataclasses import dataclass

import numpy as np
import pytest

from landscape.lessons.digits import findings, learn, learnt, look, read
from landscape.lessons.slides import convolved
from landscape.optimizers import OPTIMIZERS
from landscape.optimizers.first_order import GradientDescent
from tests.numerics import derivative_along


@pytest.fixture(scope="module")
def frames():
    return [*learn(OPTIMIZERS["adam"](lr=0.01), 2, 2, 0)]


def test_every_epoch_is_told_as_it_comes(frames):
    assert [each.epochs for each in frames] == [0, 1, 2]
    assert [each.done for each in frames] == [False, False, True]
    assert frames[-1].right[2, 1] > 0.7 > frames[0].right[0, 1]
    for part in ("weights", "losses", "right", "read"):
        np.testing.assert_array_equal(getattr(frames[0], part)[0], getattr(frames[2], part)[0])
    first = findings(look(frames[0], 3))[0]
    assert first.text.startswith("After 0 epochs it reads")


@pytest.mark.parametrize("digit", [3, 40])
def test_gradients_of_kernels_are_those_of_the_digit_s_own_loss(frames, digit):
    learned = frames[-1]
    seen, w = look(learned, digit), learned.weights[1]
    loss = learned.network.objective(seen.image[None, None], seen.targets[:1])
    for place, expected in ((0, seen.gradients[1, 0, 0, 0]), (13, seen.gradients[1, 1, 1, 1])):
        slope, doubt = derivative_along(loss.value, w, np.eye(len(w))[place])
        assert slope == pytest.approx(expected, abs=1e-7 + 10 * doubt)


def test_a_kernel_s_gradient_is_its_maps_gradient_over_the_picture(frames):
    seen = look(frames[-1], 40)
    windows = np.lib.stride_tricks.sliding_window_view(seen.image, (3, 3))
    # Back through tanh, whose slope is 1 less its square.
    slopes = seen.deltas * (1 - seen.maps**2)
    np.testing.assert_allclose(np.einsum("ecrs,rsij->ecij", slopes, windows), seen.gradients, atol=1e-14)
    assert seen.gradients.any()


def test_a_drawing_is_read_as_the_same_held_back_digit_is(frames):
    learned = frames[-1]
    held, drawn = look(learned, 5), read(learned, learned.held.inputs[5, 0])
    np.testing.assert_allclose(drawn.chances, held.chances)
    np.testing.assert_allclose(drawn.maps, held.maps)
    # Nobody says what it is: its loss is that of the answer.
    assert drawn.targets.tolist() == drawn.chances.argmax(axis=1).tolist() == learned.read[:, 5].tolist()
    same = drawn.targets == held.targets
    assert same[-1]
    np.testing.assert_allclose(drawn.saliency[same], held.saliency[same])
    assert not np.allclose(drawn.saliency[~same], held.saliency[~same])


def test_where_a_drawing_is_looked_at_is_the_slope_of_its_answer(frames):
    learned, rng = frames[-1], np.random.default_rng(1)
    image = np.round(16 * rng.uniform(size=(8, 8))) / 16
    seen = read(learned, image)

    def loss(pixels: np.ndarray) -> np.ndarray:
        # -log of the chance of the answer, at the end.
        z = learned.network.forward(learned.weights[-1], pixels.reshape(-1, 1, 8, 8))
        return np.log(np.exp(z - z[..., seen.targets[-1], None]).sum(axis=-1)).reshape(pixels.shape[:-1])

    for pixel in (9, 27, 44):
        slope, doubt = derivative_along(loss, image.ravel(), np.eye(64)[pixel])
        assert abs(slope) == pytest.approx(seen.saliency[-1].ravel()[pixel], abs=1e-7 + 10 * doubt)


def test_an_empty_sheet_is_read_as_something(frames):
    said = findings(read(frames[-1], np.zeros((8, 8))))[0]
    assert said.kind == "digits.drawn"
    assert said.text.startswith("The sheet is empty, and it still says **")


@dataclass(frozen=True)
class Leap(GradientDescent):
    """Gradient descent that jumps to infinity after so many steps."""

    def init(self, x):
        return 0

    def step(self, objective, x, state):
        return (x if state < 30 else np.full_like(x, np.inf)), state + 1


def test_a_run_that_leaves_the_finite_world_rests_where_it_was_sound():
    seen = learnt(Leap(lr=0.1), 1, 5, 0)
    assert (seen.diverged, seen.epochs, seen.done) == (2, 1, True)
    assert np.isfinite(seen.weights).all()
    assert len(findings(look(seen, 0))) == 3


def test_a_kernel_that_finds_no_room_is_named():
    with pytest.raises(ValueError, match="kernel is 3; allowed is 1 to 2 on an image of 2 by 2"):
        convolved(np.ones((2, 2)), np.ones((3, 3)), 1, 0, "max")


def test_one_of_several_mistakes_as_frequent_is_called_so(frames):
    learned = frames[-1]
    said = np.tile(learned.held.targets, (learned.epochs + 1, 1)).astype(int)
    said[-1, :2] = (said[-1, :2] + [1, 2]) % 10
    alone = said.copy()
    alone[-1, 1] = learned.held.targets[1]
    for read_as, begins in ((said, "One of its most frequent mistakes: "), (alone, "Its most frequent mistake: ")):
        told = {each.kind: each.text for each in findings(look(learned._replace(read=read_as), 0))}
        assert told["digits.confused"].startswith(begins)
        assert told["digits.confused"].endswith(", 1 time.")
