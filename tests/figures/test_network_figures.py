"""The stages of a network: what is painted is what was computed; Plotly's own validators accept it."""

import base64
import tracemalloc
import zlib

import numpy as np
import pytest

from landscape.datasets import DATASETS
from landscape.figures.kit.animated import filmed, unpacked
from landscape.figures.kit.style import THEMES
from landscape.figures.networks import network_graph, spectrum_stage, tints, training_stage, walk_stage
from landscape.figures.networks.walk_hold import Handle, Held
from landscape.lessons.training import Training, build, lesson, train
from landscape.networks import ACTIVATIONS
from landscape.networks.layers.activations import sigmoid
from landscape.networks.responses import responses
from landscape.networks.spectrum import Spectrum, spectrum, stability_edge
from landscape.networks.walk import edge_name, edges, walk
from landscape.numbers import short
from landscape.optimizers import OPTIMIZERS
from tests.figures.test_held_curvature import ran

LIGHT = THEMES["light"]


def training(data="moons", hidden=(5,), steps=30, methods=("gradient_descent",), activation="tanh") -> Training:
    samples = DATASETS[data].samples
    network = build(samples, hidden, activation)
    start = network.init(np.random.default_rng(0))
    given = lesson(network, samples, start, share=0.25, seed=0, batch=0, penalty=None)
    optimizers = {key: OPTIMIZERS[key](lr=0.1) for key in methods}
    return Training(given, optimizers, {k: train(given, o, steps) for k, o in optimizers.items()}, np.ones(steps))


def stage(given: Training, **settings):
    captions = ["."] * len(training_stage.frame_steps(given))
    return training_stage.stage(given, LIGHT, captions=captions, **settings).figure


def unfilmed(text: str, frames: int) -> np.ndarray:
    """What paint.js makes of a film: (frames, cells)."""
    changes = np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype=np.uint8).reshape(frames, -1)
    return np.cumsum(changes, axis=0, dtype=np.uint8)


def test_a_film_comes_back_as_it_was():
    frames = np.random.default_rng(0).integers(0, 256, (7, 3, 4))
    assert np.array_equal(unfilmed(filmed(frames), 7), frames.reshape(7, -1))


@pytest.mark.parametrize(("data", "hidden"), [("moons", (8, 8)), ("blobs", (6,)), ("iris", (3,))])
def test_a_stage_takes_little_memory_while_it_is_drawn(data, hidden):
    given = training(data, hidden, steps=200)
    tracemalloc.start()
    try:
        stage(given)
        # All answers at once would be four times as much.
        assert tracemalloc.get_traced_memory()[1] < 40e6
    finally:
        tracemalloc.stop()


def test_the_map_of_decisions_is_the_chance_of_class_one_at_every_frame():
    given = training()
    spec = stage(given).to_dict()
    (film,) = [f for f in spec["layout"]["meta"]["paint"]["films"] if f["grain"] > 1]
    trace = spec["data"][film["trace"]]
    rows, cells = unpacked(trace["z"]).shape
    levels = unfilmed(film["bytes"], 31).reshape(31, rows, cells)
    x, y = (trace[f"{a}0"] + trace[f"d{a}"] * np.arange(n) for a, n in (("x", cells), ("y", rows)))
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    for frame in (0, 11, 30):
        w = given.runs["gradient_descent"].x[frame]
        chance = sigmoid(given.lesson.network.forward(w, points)[:, 0]).reshape(rows, cells)
        assert np.all(np.abs((levels[frame] + 0.5) / tints.CHANCES - chance) <= 0.5 / tints.CHANCES + 1e-9)
    assert np.array_equal(levels[-1], unpacked(trace["z"]))


def test_the_map_changes_colour_where_the_decision_changes():
    levels = tints.chance_level(np.array([0.0, 0.4999, 0.5, 1.0]))
    assert levels.tolist() == [0, tints.CHANCES // 2 - 1, tints.CHANCES // 2, tints.CHANCES - 1]
    colors = tints.chances(LIGHT)
    jump = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in colors[31:33]])
    assert np.abs(np.diff(jump, axis=0)).max() > 30


def test_the_strokes_are_the_weights():
    given = training()
    spec = stage(given).to_dict()
    (stroke,) = spec["layout"]["meta"]["paint"]["strokes"]
    levels = unfilmed(stroke["bytes"], 31).astype(int)
    w = given.runs["gradient_descent"].x
    places = [edge.place for edge in edges(given.lesson.network) if edge.source is not None]
    expected = w[:, places] / np.abs(w).max()
    assert np.abs(levels / 32 - 1 - expected).max() <= 1 / 64 + 1e-9
    # As many pieces of line as there are weights without the biases.
    assert np.isnan(unpacked(spec["data"][stroke["trace"]]["x"])).sum() == len(places) == levels.shape[1]


def test_the_strokes_of_gradients_are_shares_of_the_largest_now():
    given = training()
    (stroke,) = stage(given, edges="gradients").to_dict()["layout"]["meta"]["paint"]["strokes"]
    levels = unfilmed(stroke["bytes"], 31).astype(int)
    gradient = given.lesson.learning.gradient(given.runs["gradient_descent"].x)
    places = [edge.place for edge in edges(given.lesson.network) if edge.source is not None]
    expected = gradient[:, places] / np.abs(gradient).max(axis=1, keepdims=True)
    assert np.abs(levels / 32 - 1 - expected).max() <= 1 / 64 + 1e-9


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_faces_are_the_answers_of_their_units(activation):
    given = training(activation=activation)
    x = given.runs["gradient_descent"].x[:3]
    points = np.random.default_rng(0).standard_normal((4, 2))
    said = responses(given.lesson.network, x, points)
    trace = given.lesson.network.trace(x, points, np.zeros(4))
    for name, values in zip([column.values for column in given.lesson.network.columns[1:]], said[1:], strict=True):
        np.testing.assert_allclose(values.swapaxes(1, 2), trace.values[name], rtol=1e-12)


def test_every_unit_drawn_has_a_face_and_no_more_than_there_is_room_for():
    given = training(hidden=(20, 3))
    spec = stage(given).to_dict()
    faces = [f for f in spec["layout"]["meta"]["paint"]["films"] if f["grain"] == 1]
    assert len(faces) == 2 + network_graph.MOST + 3 + 1
    (names,) = [t for t in spec["data"] if t["name"] == "names"]
    assert "and 4 more" in names["text"]


@pytest.mark.parametrize("data", DATASETS)
@pytest.mark.parametrize("two", [False, True])
def test_plotly_accepts_the_stage_of_every_data_set(data, two):
    given = training(data, methods=("gradient_descent", "adam")[: 1 + two])
    for narrow in (False, True):
        checked = stage(given, narrow=narrow).checked()
        assert len(checked.frames) == 31


def test_the_curve_of_a_regression_is_what_the_network_says():
    given = training("curve")
    frames = stage(given).to_dict()["frames"]
    for k in (0, 30):
        curve = frames[k]["data"][-1]
        said = given.lesson.network.forward(given.runs["gradient_descent"].x[k], np.array(curve["x"])[:, None])
        np.testing.assert_allclose(curve["y"], said[:, 0], rtol=1e-3, atol=2e-3)


def test_marks_on_the_losses_are_the_losses_at_the_frame():
    given = training(methods=("gradient_descent", "adam"))
    spec = stage(given).to_dict()
    frame = spec["frames"][9]["data"][0]
    expected = [series[9] for pair in given.losses.values() for series in pair]
    np.testing.assert_allclose(frame["y"], expected, rtol=1e-3)
    for trail in spec["layout"]["meta"]["trails"]:
        method = list(given.runs)[trail["run"]]
        assert spec["data"][trail["trace"]]["name"].startswith(OPTIMIZERS[method].title)


def test_a_long_training_has_few_frames_and_a_large_network_fewer():
    assert len(training_stage.frame_steps(training(steps=900))) == training_stage.MAX_FRAMES + 1
    assert len(training_stage.frame_steps(training(hidden=(32, 32), steps=300))) < 100


def test_what_cannot_be_drawn_is_refused():
    given = training()
    with pytest.raises(ValueError, match="edges is 'thoughts'; allowed are weights, gradients"):
        stage(given, edges="thoughts")
    none = Training(given.lesson, {}, {}, np.ones(30))
    with pytest.raises(ValueError, match="0 runs; 1 or 2"):
        training_stage.stage(none, LIGHT, captions=[])


def test_the_nearest_line_is_the_one_that_is_pointed_at():
    network = training(hidden=(4, 3)).lesson.network
    drawn = network_graph.graph(network, 800, 400, (60, 60))
    for edge in drawn.edges:
        start, end = drawn.ends(edge)
        # Near its own end, where no other line that leads elsewhere is.
        x, y = 0.97 * end + 0.03 * start
        found = drawn.nearest(x, y)
        assert (found.column, found.unit) == (edge.column, edge.unit)
        assert network_graph.graph(network, 800, 400, (60, 60)).nearest(*((start + end) / 2)).column == edge.column


def test_the_alternative_says_where_the_losses_end():
    given = training()
    words = training_stage.alternative(given)
    assert f"{given.losses['gradient_descent'][0][-1]:.4g}" in words
    assert "2-5-1" in words


def walked(hidden=(3,)):
    given = training(hidden=hidden)
    x, t = given.lesson.learn.inputs[0], float(given.lesson.learn.targets[0])
    run = given.runs["gradient_descent"].x
    return given.lesson.network, walk(given.lesson.network, run[0], x, t, run[1])


@pytest.mark.parametrize("bias", [False, True])
def test_at_last_the_weight_that_moved_most_is_told_from_all_others(bias):
    network, found = walked((3,))
    every = edges(network)
    edge = [each for each in every if (each.source is None) == bias][-1]
    moved = np.full(network.size, 0.1)
    moved[edge.place] = -2.37
    found = found._replace(after=found.before + moved)
    spec = walk_stage.stage(network, found, LIGHT, every[0]).figure.to_dict()
    words, paint = spec["layout"]["meta"]["paint"]["words"][-1], spec["layout"]["meta"]["paint"]
    last = len(found.operations) - 1
    assert words["texts"] == [[[0, ""], [last, f"{'bias ' if bias else ''}moved \N{MINUS SIGN}2.37"]]]
    states = np.frombuffer(zlib.decompress(base64.b64decode(paint["strokes"][0]["bytes"])), np.uint8)
    state = states.reshape(last + 1, -1).cumsum(axis=0, dtype=np.uint8)[-1]
    widths = np.array(paint["strokes"][0]["widths"])[state]
    # The others are thin beside it, also where it is a bias, which has no line.
    assert sorted(widths)[:-1] == pytest.approx([widths.min()] * (len(widths) - 1))
    assert widths.min() < 1.5
    assert (widths.max() == 7.0) != bias


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("hidden", [(), (3,), (12,), (20, 4)], ids=str)
def test_the_walk_says_each_number_when_it_is_known(hidden, narrow):
    network, found = walked(hidden)
    figure = walk_stage.stage(network, found, LIGHT, edges(network)[0], narrow=narrow).figure
    assert len(figure.checked().frames) == len(found.operations)
    spec = figure.to_dict()
    values, deltas, titles, *_ = spec["layout"]["meta"]["paint"]["words"]
    place = [(c, j) for c, width in enumerate(network.widths) for j in range(min(width, network_graph.MOST))]
    for (c, j), said in zip(place, values["texts"], strict=True):
        assert said[1][1] == short(found.values[c][j])
        if c:
            assert found.operations[said[1][0]][:3] == ("forward", c, j)
    for (c, j), said in zip([p for p in place if p[0]], deltas["texts"], strict=True):
        assert said[1][1] == f"δ {short(found.deltas[c][j])}"
        assert found.operations[said[1][0]][:3] == ("delta", c, j)
    assert [text for _, text in titles["texts"][0]] == [operation.title for operation in found.operations]
    # Every text has a mark in the figure, which is never empty.
    for words in spec["layout"]["meta"]["paint"]["words"]:
        trace = spec["data"][words["trace"]]
        assert len(trace["text"]) == len(trace["x"]) == len(words["texts"])
        assert all(trace["text"])


@pytest.mark.parametrize("target", [True, False])
def test_the_numbers_of_the_walk_follow_the_sample(target):
    network, found = walked((3,))
    handles = [Handle(f"sample.{n}", n, at, (-2, 2)) for n, at in zip(("x1", "x2"), found.values[0], strict=True)]
    held = Held(handles, Handle("sample.target", "target", 0.0, (0, 1)) if target else None, 0.0)
    edge = edges(network)[4]
    live = walk_stage.stage(network, found, LIGHT, edge, held=held).live
    assert list(live["values"]) == ["sample.x1", "sample.x2"] + ["sample.target"] * target
    x, t = np.array([0.4, -1.1]), 0.75 if target else 0.0
    other = walk(network, found.before, x, t, found.after)
    told = [*x, *([t] if target else [])]
    values, deltas = (ran(each["program"], *told) for each in live["numerals"])
    np.testing.assert_allclose(values, np.concatenate(other.values), rtol=1e-12)
    np.testing.assert_allclose(deltas, np.concatenate(other.deltas), rtol=1e-12)
    assert ran(live["sentence"]["program"], *told) == pytest.approx([other.losses[0], other.gradient[edge.place]])


def test_a_line_of_the_walk_is_at_work_when_its_gradient_is():
    network, found = walked((3,))
    spec = walk_stage.stage(network, found, LIGHT, edges(network)[0]).figure.to_dict()
    (stroke,) = spec["layout"]["meta"]["paint"]["strokes"]
    states = unfilmed(stroke["bytes"], len(found.operations))
    drawn = [edge for edge in edges(network) if edge.source is not None]
    for k, operation in enumerate(found.operations):
        if operation.kind == "gradient" and operation.edge.source is not None:
            i = drawn.index(operation.edge)
            assert states[k, i] == walk_stage.BACKWARDS
            assert (states[k + 1 :, i] >= walk_stage.BACKWARDS).all()
    assert (states[0] == walk_stage.IDLE).all()


def test_at_the_end_a_line_is_as_thick_as_its_weight_has_moved():
    network, found = walked((3,))
    spec = walk_stage.stage(network, found, LIGHT, edges(network)[0]).figure.to_dict()
    (stroke,) = spec["layout"]["meta"]["paint"]["strokes"]
    widths = np.array(stroke["widths"])[unfilmed(stroke["bytes"], len(found.operations))]
    places = [edge.place for edge in edges(network) if edge.source is not None]
    for of, frame in ((found.gradient, -2), (found.after - found.before, -1)):
        size = np.abs(of[places])
        # The last gradient is that of a bias, at which no line is at work.
        assert widths[frame].max() == widths[frame][size.argmax()] == walk_stage.BY_SIZE[-1]
        order = np.argsort(size)
        assert (np.diff(widths[frame][order]) >= 0).all()
        assert len(set(widths[frame])) > 2


@pytest.mark.parametrize("hidden", [(), (3,), (20, 4)], ids=str)
def test_at_every_operation_one_sentence_says_what_comes_out(hidden):
    network, found = walked(hidden)
    stage = walk_stage.stage(network, found, LIGHT, edges(network)[0])
    said = dict(zip([operation[:4] for operation in found.operations], stage.clock["captions"], strict=True))
    assert len(said) == len(found.operations)
    last = len(network.columns) - 1
    for j, name in enumerate(network.columns[last].units):
        assert said["forward", last, j, None] == f"Forwards: {name} gives {short(found.values[-1][j])}."
        delta = short(found.deltas[-1][j])
        assert said["delta", last, j, None] == f"Backwards: at {name} the loss has slope δ = {delta}."
    for edge in edges(network):
        gradient, measured = (short(each[edge.place]) for each in (found.gradient, found.differences))
        want = f"The gradient of {edge_name(network, edge)} is {gradient}. Its central difference is {measured}."
        assert said["gradient", edge.column, edge.unit, edge] == want
    before, after = map(short, found.losses)
    assert f"The loss on this example is {before}." in said.values()
    assert stage.clock["captions"][-1].endswith(f"The loss on this example goes from {before} to {after}.")


def test_the_key_says_what_the_colours_of_signs_and_classes_mean():
    for data, classes in (("moons", ["class 0", "class 1"]), ("iris", ["setosa", "versicolor", "virginica"])):
        given = training(data, (3,))
        key = {t["name"]: t for t in stage(given).to_dict()["data"] if t.get("x") == [None]}
        assert list(key) == ["negative", "positive", *classes]
        assert [key[sign]["line"]["color"] for sign in ("negative", "positive")] == tints.signed(LIGHT)[
            :: tints.SIGNED - 1
        ]
        assert [key[name]["marker"]["symbol"] for name in classes] == list(tints.MARKS[: len(classes)])


def test_the_walk_opens_where_the_followed_gradient_is_known():
    network, found = walked((3,))
    for edge in edges(network):
        stage = walk_stage.stage(network, found, LIGHT, edge)
        assert found.operations[stage.first].edge == edge


@pytest.mark.parametrize(("hidden", "both"), [((3,), True), ((8,), True), ((12, 12, 12), False)], ids=str)
def test_a_unit_keeps_its_activation_beside_its_derivative_where_there_is_room(hidden, both):
    network, found = walked(hidden)
    words = walk_stage.stage(network, found, LIGHT, edges(network)[0]).paint["words"][0]["texts"]
    assert all((said[-1][1] != "") == both for said in words[network.widths[0] :])


def spectral():
    given = training(steps=40)
    run = given.runs["gradient_descent"]
    found = spectrum(given.lesson.objective, run.x, np.arange(41))
    edge = stability_edge(given.optimizers["gradient_descent"]) / given.rates
    return given, found, edge


@pytest.mark.parametrize("with_edge", [False, True])
@pytest.mark.parametrize("narrow", [False, True])
def test_the_spectrum_is_drawn_as_computed(with_edge, narrow):
    given, found, edge = spectral()
    edge = edge if with_edge else None
    figure = spectrum_stage.stage(given, "gradient_descent", found, edge, LIGHT, narrow=narrow).figure
    figure.checked()
    spec = figure.to_dict()
    (largest,) = [t for t in spec["data"] if t["name"] == "eigenvalue 1"]
    np.testing.assert_allclose(unpacked(largest["y"]), found.sharpness, rtol=1e-6)
    assert any(t["name"] == "edge of stability" for t in spec["data"]) == with_edge
    for k in (0, 40):
        head, _, positive, negative = spec["frames"][k]["data"]
        assert head["y"][0] == pytest.approx(found.sharpness[k], rel=1e-5)
        shown = np.array(positive["y"]), np.array(negative["y"])
        values = found.eigenvalues[k, ::-1]
        np.testing.assert_allclose(shown[0][values > 0], values[values > 0], rtol=1e-5)
        np.testing.assert_allclose(shown[1][values < 0], -values[values < 0], rtol=1e-5)
        assert (shown[0][values < 0] < 1e-30).all()


def test_the_edge_is_drawn_at_two_over_the_rate():
    given, found, edge = spectral()
    spec = spectrum_stage.stage(given, "gradient_descent", found, edge, LIGHT).figure.to_dict()
    (line,) = [t for t in spec["data"] if t["name"] == "edge of stability"]
    np.testing.assert_allclose(unpacked(line["y"]), 2 / 0.1, rtol=1e-6)
    (first, *_) = spec["layout"]["meta"]["captions"]
    assert f"{short(100 * found.sharpness[0] / 20)} % of the edge of stability (20)" in first
    # A share that is not zero is not said to be none.
    (far, *_) = spectrum_stage.captions(found, np.full(len(found.steps), 1e7))
    assert f"{short(100 * found.sharpness[0] / 1e7)} % of the edge" in far
    assert " 0 %" not in far


def test_captions_tell_no_rounding_no_share_of_no_limit_and_no_share_as_none():
    values = np.array([[-1e-17, 2.0], [-0.5, 0.0005], [-0.5, 1.0]])
    told = spectrum_stage.captions(Spectrum(np.arange(3), values), np.array([4.0, 4.0, np.inf]))
    assert told == [
        "The largest eigenvalue is 2, 50 % of the edge of stability (4), and 0 of 2 are negative.",
        "The largest eigenvalue is 5·10⁻⁴, 0.0125 % of the edge of stability (4), and 1 of 2 are negative.",
        "The largest eigenvalue is 1, and 1 of 2 are negative.",
    ]
