"""Training: lessons, what they may cost, tuned rates, what goes wrong and the words for it."""

import numpy as np
import pytest

from landscape.datasets import DATASETS
from landscape.descent.descend import watched
from landscape.knob import knobs
from landscape.lessons import report as training_report
from landscape.lessons.checkup import Checkup, checkup
from landscape.lessons.training import (
    MAX_KEPT,
    MAX_WEIGHTS,
    Lesson,
    Training,
    affordable,
    ailing,
    bouts,
    build,
    lesson,
    train,
    tuned_rate,
)
from landscape.networks import INITIALISERS, MLP
from landscape.networks.health import ailments
from landscape.numbers import counted
from landscape.optimizers import OPTIMIZERS
from landscape.regularization.penalties import PENALTIES


def moons(hidden=(8,), activation="tanh", init="glorot", batch=0, penalty=None, **settings) -> Lesson:
    samples = DATASETS["moons"].samples
    network = build(samples, hidden, activation)
    start = network.init(np.random.default_rng(0), INITIALISERS[init](**settings))
    return lesson(network, samples, start, share=0.25, seed=0, batch=batch, penalty=penalty)


def trained(given: Lesson, steps: int = 40, **methods) -> Training:
    runs = {key: train(given, method, steps) for key, method in methods.items()}
    return Training(given, methods, runs, np.ones(steps))


def unseen(training: Training) -> Checkup:
    """A training that is not looked at for ailments."""
    return checkup(training, np.arange(0))


def test_a_lesson_holds_back_its_share_and_starts_where_it_is_told():
    given = moons()
    assert (len(given.learn), len(given.held)) == (150, 50)
    run = train(given, OPTIMIZERS["gradient_descent"](lr=0.5), 5)
    np.testing.assert_array_equal(run.x[0], given.start)
    w = given.start - 0.5 * given.network.objective(given.learn.inputs, given.learn.targets).gradient(given.start)
    np.testing.assert_allclose(run.x[1], w, rtol=1e-12)


def test_two_methods_start_from_the_same_weights_and_see_the_same_mini_batches():
    given = moons(batch=10)
    first = train(given, OPTIMIZERS["momentum"](lr=0.1, momentum=0.0), 20, seed=3)
    second = train(given, OPTIMIZERS["gradient_descent"](lr=0.1), 20, seed=3)
    other = train(given, OPTIMIZERS["gradient_descent"](lr=0.1), 20, seed=4)
    np.testing.assert_allclose(first.x, second.x, rtol=1e-12)
    assert not np.allclose(second.x, other.x)


def test_the_curves_are_losses_without_the_penalty():
    given = moons(penalty=PENALTIES["l2"](strength=0.5))
    training = trained(given, momentum=OPTIMIZERS["momentum"](lr=0.1))
    learned, held = training.losses["momentum"]
    x = training.runs["momentum"].x
    assert learned[-1] < training.runs["momentum"].value[-1]
    network = given.network
    np.testing.assert_allclose(learned, network.objective(given.learn.inputs, given.learn.targets).value(x))
    np.testing.assert_allclose(held, network.objective(given.held.inputs, given.held.targets).value(x))


class Remembering(OPTIMIZERS["gradient_descent"]):
    """A state that is an array and no tuple of some."""

    def init(self, x):
        return np.zeros_like(x)

    def step(self, objective, x, state):
        g = objective.gradient(x)
        return x - self.lr * g, g


def test_what_a_method_remembers_may_be_an_array():
    given = moons()
    assert affordable(given, Remembering(), 30) == 30
    run = train(given, Remembering(lr=0.5), 5)
    np.testing.assert_array_equal(run.x, train(given, OPTIMIZERS["gradient_descent"](lr=0.5), 5).x)


def test_a_dear_method_on_a_large_network_gets_fewer_steps():
    small, large = moons(), moons((32, 32))
    cheap, dear = OPTIMIZERS["gradient_descent"](), OPTIMIZERS["newton"]()
    assert affordable(small, cheap, 2000) == affordable(small, dear, 2000) == 2000
    assert affordable(large, dear, 2000) < 5
    assert affordable(large, cheap, 2000) == MAX_KEPT // large.network.size


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_every_method_that_applies_trains_and_can_be_counted(key):
    given = moons((3,))
    if not OPTIMIZERS[key].applies_to(given.objective):
        assert OPTIMIZERS[key].needs
        return
    optimizer = OPTIMIZERS[key]()
    assert affordable(given, optimizer, 30) == 30
    rate = tuned_rate(given, optimizer, 30)
    assert (rate is None) == ("lr" not in vars(optimizer) or not optimizer.tunable)
    run = train(given, optimizer if rate is None else OPTIMIZERS[key](lr=rate), 30)
    assert np.isfinite(run.value).all()


def test_the_tuned_rate_is_the_best_of_those_that_never_climb():
    given = moons()
    rate = tuned_rate(given, OPTIMIZERS["gradient_descent"](), 60)
    ends = {}
    for lr in knobs(OPTIMIZERS["gradient_descent"])["lr"].grid(per_decade=5)[1:]:
        run = train(given, OPTIMIZERS["gradient_descent"](lr=lr), 60)
        ends[lr] = run.value[-6:].mean() if (run.value <= run.value[0]).all() else np.inf
    assert rate in ends
    assert ends[rate] <= min(ends.values()) + 1e-6


@pytest.mark.parametrize(
    ("hidden", "sentence"),
    [
        ((0,), "a hidden layer has 0 units; allowed are 1 to 32"),
        ((10_000,), "a hidden layer has 10,000 units; allowed are 1 to 32"),
        ((4,) * 7, "there are 7 hidden layers; allowed are at most 6"),
        ((32, 32, 32), f"the network has 2,241 weights; allowed are at most {MAX_WEIGHTS:,}"),
    ],
)
def test_widths_that_are_not_allowed_are_named(hidden, sentence):
    with pytest.raises(ValueError, match=sentence):
        build(DATASETS["moons"].samples, hidden, "tanh")


@pytest.mark.parametrize(("steps", "count"), [(0, 5), (3, 10), (500, 41)])
def test_steps_that_are_watched_run_from_first_to_last(steps, count):
    chosen = watched(steps, count)
    assert chosen[0] == 0
    assert chosen[-1] == steps
    assert len(chosen) == min(steps + 1, count)


AILMENTS = {
    "symmetric": ({"init": "zeros"}, 0.5),
    "vanishing": ({"init": "normal", "scale": 0.05, "hidden": (4, 4, 4, 4), "activation": "sigmoid"}, 0.5),
    "exploding": ({"init": "normal", "scale": 8.0, "hidden": (8, 8, 8, 8), "activation": "relu"}, 1e-7),
    "dead": ({"init": "zeros", "activation": "relu"}, 0.5),
    "saturated": ({"init": "normal", "scale": 10.0, "activation": "sigmoid", "hidden": (16, 16)}, 1e-6),
}


@pytest.mark.parametrize("key", AILMENTS)
def test_what_goes_wrong_is_named_with_its_steps(key):
    settings, rate = AILMENTS[key]
    training = trained(moons(**settings), gradient_descent=OPTIMIZERS["gradient_descent"](lr=rate))
    steps = watched(40, 9)
    found = ailing(training, "gradient_descent", steps)
    wrong = {bout.ailment.key: bout for bout in bouts(found, steps)}
    assert wrong[key].first == 0
    looked = Checkup(training, steps, {"gradient_descent": found})
    text = " ".join(finding.text for finding in training_report.findings(looked))
    assert training_report.NAMES[key] in text
    caption = training_report.captions(training, steps, {"gradient_descent": found})[0]
    assert f". {training_report.NAMES[key]} in " in caption


def test_bouts_say_when_it_began_and_ended():
    training = trained(moons(init="zeros"), gradient_descent=OPTIMIZERS["gradient_descent"](lr=0.5))
    (ailment,) = [a for a in ailing(training, "gradient_descent", np.array([0]))[0] if a.key == "symmetric"]
    (bout,) = bouts([[], [ailment], [ailment], []], np.array([0, 10, 20, 30]))
    assert bout == (ailment, 10, 20, True)
    assert training_report.span(bout, 30, 4) == "steps 10 to 20"


@pytest.mark.parametrize(
    ("had", "looked", "when"),
    [
        ([1, 1, 1, 1], 4, "at every step"),
        ([1, 1, 1, 1], 3, "at every step looked at"),
        ([1, 0, 0, 1], 4, "now and then from step 0 to 3"),
        ([0, 1, 0, 1], 4, "now and then from step 1 to 3"),
        ([0, 1, 1, 0], 4, "steps 1 to 2"),
        ([0, 0, 1, 0], 4, "step 2"),
    ],
)
def test_what_comes_and_goes_is_not_said_to_have_been_there_all_the_time(had, looked, when):
    training = trained(moons(init="zeros"), gradient_descent=OPTIMIZERS["gradient_descent"](lr=0.5))
    (ailment,) = [a for a in ailing(training, "gradient_descent", np.array([0]))[0] if a.key == "symmetric"]
    (bout,) = bouts([[ailment] * each for each in had], np.arange(4))
    assert training_report.span(bout, 3, looked) == when


def test_what_is_wrong_in_many_layers_is_counted_under_the_play_head():
    training = trained(moons(init="zeros", hidden=(2,) * 6), gradient_descent=OPTIMIZERS["gradient_descent"](lr=0.5))
    found = ailing(training, "gradient_descent", np.array([0]))
    (told,) = training_report.captions(training, np.array([0]), {"gradient_descent": found})
    assert " Symmetric units in 6 layers." in told
    assert all(len(sentence.split()) <= 20 for sentence in told.split(". "))


@pytest.mark.parametrize(("bias", "text"), [(-9.0, "1 of 1 unit is off"), (0.5, None)])
def test_a_single_unit_is_off_and_not_are(bias, text):
    network = MLP((1, 1, 1), "relu", "mse")
    one = np.ones((1, 1))
    w = network.pack({"0.weight": one, "0.bias": np.array([bias]), "2.weight": one, "2.bias": np.zeros(1)})
    found = ailments(network, network.trace(w, np.array([[0.1], [0.2]]), np.array([0.0, 1.0])))
    assert [each.text for each in found if each.key == "dead"] == ([f"{text} for every sample."] if text else [])


def test_a_diverged_run_says_so():
    samples = DATASETS["curve"].samples
    network = build(samples, (8,), "relu")
    start = network.init(np.random.default_rng(0))
    given = lesson(network, samples, start, share=0.25, seed=0, batch=0, penalty=None)
    training = trained(given, gradient_descent=OPTIMIZERS["gradient_descent"](lr=5.0))
    assert training.runs["gradient_descent"].status == "diverged"
    stop = int(training.runs["gradient_descent"].stop)
    assert f"diverged** at step {stop}" in training_report.findings(unseen(training))[0].text
    steps = watched(40, 41)
    said = training_report.captions(training, steps, {"gradient_descent": [[]] * 41})
    assert ["diverged" in line for line in said] == (steps >= stop).tolist()


def test_accuracy_is_the_share_that_is_right():
    training = trained(moons(), 200, adam=OPTIMIZERS["adam"](lr=0.1))
    given, w = training.lesson, training.runs["adam"].x[-1]
    right = (given.network.forward(w, given.held.inputs)[:, 0] > 0) == given.held.targets
    assert training_report.accuracy(training, "adam")[1] == right.mean()


def test_the_method_ahead_is_named_with_the_step_where_it_passed_the_others_end():
    methods = {"gradient_descent": OPTIMIZERS["gradient_descent"](lr=0.01), "adam": OPTIMIZERS["adam"](lr=0.1)}
    training = trained(moons(), 60, **methods)
    text = training_report.findings(unseen(training))[2].text
    slow, fast = training.losses["gradient_descent"][0], training.losses["adam"][0]
    reached = int(np.argmax(fast <= slow[-1]))
    assert f"**Adam** gets as low in {counted(reached, 'step')} as Gradient descent does in 60." in text


def planted(training: Training, **losses: tuple[list[float], ...]) -> Training:
    """A training with losses of our choosing in the place of those of its runs."""
    training.__dict__["losses"] = {key: tuple(np.array(each) for each in both) for key, both in losses.items()}
    return training


def test_nothing_is_compared_with_a_run_that_diverged():
    samples = DATASETS["curve"].samples
    network = build(samples, (8,), "relu")
    start = network.init(np.random.default_rng(0))
    given = lesson(network, samples, start, share=0.25, seed=0, batch=0, penalty=None)
    slow, wild = OPTIMIZERS["adam"](lr=0.01), OPTIMIZERS["gradient_descent"](lr=5.0)
    training = trained(given, adam=slow, gradient_descent=wild)
    assert training.runs["gradient_descent"].status == "diverged"
    # Though where it was last is below where it began.
    planted(training, adam=([1, 0.5, 0.2],), gradient_descent=([1, 0.9, 0.8],))
    kinds = [each.kind for each in training_report.findings(unseen(training))]
    assert kinds == ["training.progress", "training.diverged"]


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        ([1, 0.5, 0.2], [1, 1.5, 2], None),
        ([1, 0.5, 0.2], [1, 0.9, 1], None),
        ([1, 0.5, 0.2], [1, 0.4, 0.2], None),
        ([1, 0.5, 0.2], [1, 0.8, 0.6], "**Gradient descent** gets as low in 1 step as Adam does in 2."),
        # It was lower before it rose again: as low as that the other never is, or not sooner.
        ([1, 0.5, 0.2], [1, 0.1, 0.6], None),
        ([1, 0.5, 0.2], [1, 0.3, 0.6], None),
        ([1, 0.2, 0.1, 0.1], [1, 0.7, 0.3, 0.6], "**Gradient descent** gets as low in 1 step as Adam does in 2."),
    ],
    ids=["rose", "no lower", "the same", "fell", "was lower", "was sooner", "bounced"],
)
def test_a_loss_that_has_not_fallen_is_not_compared_with(first, second, text):
    methods = {"gradient_descent": OPTIMIZERS["gradient_descent"](), "adam": OPTIMIZERS["adam"]()}
    training = planted(trained(moons(), 2, **methods), gradient_descent=(first,), adam=(second,))
    told = [each.text for each in training_report.findings(unseen(training)) if each.kind == "training.comparison"]
    assert told == ([] if text is None else [text])


@pytest.mark.parametrize(
    ("last", "way"),
    [
        (0.999999, "falls from 1 to **0.999999**"),
        (1.000001, "rises from 1 to **1.000001**"),
        (0.5, "falls from 1 to **0.5**"),
        (1.0, "ends at **1**, where it began"),
    ],
)
def test_a_loss_that_hardly_moves_is_told_to_as_many_digits_as_it_takes(last, way):
    training = trained(moons(), 1, adam=OPTIMIZERS["adam"]())
    told = training_report.findings(unseen(planted(training, adam=([1.0, last],))))[0]
    assert f"the loss {way}" in told.text


@pytest.mark.parametrize(
    ("learned", "held", "named"),
    [
        # Validation lies below training, and rises by less than rounding shows.
        ([1, 0.5, 0.4], [1, 0.39, 0.39001], False),
        # It rises clearly, but is still below.
        ([1, 0.7, 0.6], [1, 0.3, 0.5], False),
        # It rises clearly, and so does what is learned from: a bounce.
        ([1, 0.3, 0.4], [1, 0.4, 0.6], False),
        # It rises by a millionth of what it was at first.
        ([1, 0.1, 1e-7], [1, 1e-6, 2e-6], False),
        ([1, 0.45, 0.3], [1, 0.5, 0.6], True),
    ],
    ids=["below", "clearly below", "a bounce", "next to nothing", "overfitting"],
)
def test_overfitting_is_a_clear_rise_above_what_is_learned_from(learned, held, named):
    training = trained(moons(), 2, adam=OPTIMIZERS["adam"]())
    (told,) = training_report.findings(unseen(planted(training, adam=(learned, held))))
    assert ("overfitting" in told.text) == named
    assert told.numbers.get("best_step") == (1 if named else None)


def test_where_every_sample_is_right_there_is_no_minimum_but_under_a_penalty():
    samples = DATASETS["xor"].with_(noise=0).samples
    network = build(samples, (4,), "tanh")
    start = network.init(np.random.default_rng(1))
    for penalty, said in ((None, True), (PENALTIES["l2"](strength=1e-5), False)):
        given = lesson(network, samples, start, share=0.25, seed=0, batch=0, penalty=penalty)
        training = trained(given, 200, adam=OPTIMIZERS["adam"](lr=0.1))
        assert training_report.accuracy(training, "adam")[0] == 1
        told = [each.text for each in training_report.findings(unseen(training)) if each.kind == "training.no_minimum"]
        assert told == said * [
            "Adam gets every sample it learns from right. So the loss has no minimum: larger weights always lower it."
        ]
    # Twice the last layer's weights, half of the loss and less.
    w = training.runs["adam"].x[-1].copy()
    once = given.learning.value(w)
    w[-5:] *= 2
    assert given.learning.value(w) < once / 2


def test_overfitting_is_named_where_validation_rises_while_training_falls():
    samples = DATASETS["curve"].with_(size=12, noise=0.6).samples
    network = build(samples, (16,), "tanh")
    start = network.init(np.random.default_rng(0))
    given = lesson(network, samples, start, share=0.4, seed=0, batch=0, penalty=None)
    training = trained(given, 400, adam=OPTIMIZERS["adam"](lr=0.03))
    learned, held = training.losses["adam"]
    assert learned[-1] < learned[held.argmin()]
    assert held[-1] > 1.1 * held.min()
    text = training_report.findings(unseen(training))[0].text
    assert f"lowest at step {held.argmin()}" in text
    assert "overfitting" in text
