"""The Convolution page: what is drawn is what the core says, clicks go where they should, and bad links are named."""

import json
from typing import Any

import numpy as np
import pytest

from landscape.dashboard.convolution import backward_view, forward_view
from landscape.dashboard.convolution.picture import LEARNT, Picture, image_of, take_hands
from landscape.dashboard.convolution.sheet import EMPTY, LEVELS, PIXEL_NAMES
from landscape.datasets import IMAGES
from landscape.figures.kit.animated import unpacked
from landscape.lessons.digits import learnt, look, read
from landscape.lessons.slides import KERNELS, convolved
from landscape.numbers import article, short
from landscape.optimizers import OPTIMIZERS
from tests.pages.test_pages import complaint, figure, link, open_page

PLAIN = Picture(3, 5, "", tuple(map(float, KERNELS["upright"][1])), 1, 0)


def texts(app: Any, name: str) -> list[str]:
    return next(trace["text"] for trace in figure(app)["data"] if trace["name"] == name)


def test_the_numbers_drawn_are_those_of_the_convolution():
    app = open_page("convolution")
    assert complaint(app) == ""
    digits = IMAGES["digits"].samples
    image = digits.inputs[np.flatnonzero(digits.targets == 3)[5], 0]
    out = convolved(image, np.reshape(PLAIN.kernel, (3, 3)), 1, 0, "max").forward.out
    drawn = [float(text.replace("\N{MINUS SIGN}", "-")) for text in texts(app, "result")]
    np.testing.assert_allclose(drawn, out.ravel(), atol=0.051)
    captions = figure(app)["layout"]["meta"]["captions"]
    assert captions[29] == "Y, row 5, column 6: (−1)·0.75 + (−2)·1 + (−1)·1 = −3.75"
    assert len(captions) == 36


@pytest.mark.parametrize("of", backward_view.OF)
@pytest.mark.parametrize("pooling", backward_view.POOLINGS)
def test_every_way_back(of: str, pooling: str):
    app = open_page("convolution", view="backward", of=of, pooling=pooling, padding="1", stride="2")
    assert complaint(app) == ""
    assert len(figure(app)["frames"]) == {"kernel": 9, "image": 64, "pool": 4}[of]
    assert len(json.dumps(figure(app))) < 250_000


@pytest.mark.parametrize(
    "query", [{}, {"padding": "2"}, {"view": "backward", "of": "image", "padding": "2"}, {"view": "backward"}]
)
def test_what_is_sent_is_small(query: dict[str, str]):
    assert len(json.dumps(figure(open_page("convolution", **query)))) < 250_000


@pytest.mark.parametrize("kernel", [*KERNELS, *LEARNT, "own"])
def test_every_kernel(kernel: str):
    assert complaint(open_page("convolution", kernel=kernel)) == ""


def test_an_empty_drawing_answers_nothing():
    app = open_page("convolution", drawing=EMPTY)
    assert complaint(app) == ""
    assert "All 36 answers are 0." in " ".join(m.value for m in app.markdown)
    assert link(app)["drawing"] == EMPTY


@pytest.mark.parametrize("of", backward_view.OF)
def test_an_empty_drawing_has_no_gradient(of: str):
    app = open_page("convolution", view="backward", of=of, drawing=EMPTY, pooling="average")
    assert complaint(app) == ""
    assert "Every derivative of the kernel is 0." in " ".join(m.value for m in app.markdown)
    assert set(texts(app, "result")) == {"0"}


def test_entries_and_pixels_can_be_held_forwards_only():
    live = figure(open_page("convolution", kernel="blur", padding="1", erase="1"))["layout"]["meta"]["live"]
    assert live["values"]["w5"]["at"] == 0.25
    assert [live["values"][name]["at"] for name in PIXEL_NAMES] == image_of(PLAIN).ravel().tolist()
    assert (live["sheet"]["columns"], live["sheet"]["erase"]) == (10, True)
    # In a frame of one.
    assert live["sheet"]["names"][:13] == [""] * 11 + ["p1", "p2"]
    assert "live" not in figure(open_page("convolution", view="backward"))["layout"]["meta"]


def test_a_dragged_entry_makes_the_kernel_ones_own(monkeypatch):
    state: dict[str, Any] = {"kernel": "blur"}
    monkeypatch.setattr("landscape.dashboard.convolution.picture.st.session_state", state)
    take_hands()
    assert state == {"kernel": "own"}


def test_pixels_that_were_held_are_a_drawing(monkeypatch):
    state: dict[str, Any] = {"kernel": "blur"} | {name: k % 17 / 16 for k, name in enumerate(PIXEL_NAMES)}
    monkeypatch.setattr("landscape.dashboard.convolution.picture.st.session_state", state)
    take_hands()
    assert state == {"kernel": "blur", "drawing": (LEVELS * 4)[:64]}
    np.testing.assert_array_equal(
        image_of(PLAIN._replace(drawing=state["drawing"])).ravel(), [k % 17 / 16 for k in range(64)]
    )


def test_an_empty_sheet_and_back_to_the_digit():
    app = open_page("convolution", digit="7")
    next(button for button in app.button if button.label == "Empty sheet").click().run()
    assert link(app)["drawing"] == EMPTY
    next(button for button in app.button if button.label == "Back to the digit").click().run()
    assert "drawing" not in link(app)


def test_a_training_that_has_run_away_is_a_sentence(monkeypatch):
    learned = learnt(OPTIMIZERS["adam"](lr=0.01), 1, 1, 0)._replace(diverged=2, planned=5)
    monkeypatch.setattr("landscape.dashboard.convolution.train_view.learn", lambda *_: iter([learned]))
    app = open_page("convolution", view="train", epochs="5", channels="1", seed="98")
    assert "Training diverged in epoch 2" in app.info[0].value
    assert not app.get("progress")


def test_a_click_on_the_result_goes_there(monkeypatch):
    state: dict[str, Any] = {}
    monkeypatch.setattr("landscape.dashboard.convolution.picture.st.session_state", state)
    monkeypatch.setattr("landscape.dashboard.convolution.picture.bring_head", lambda at: state.update(at=at))
    terms = PLAIN._replace(padding=1)
    forward_view.click(terms, 2, 7, "x4")
    assert state == {"at": 3}
    back = backward_view.Terms(PLAIN, "max", "pool")
    backward_view.click(back, 3.2, 0.3, "x4")
    assert state == {"at": 8}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"drawing": "xyz"}, "which is not 64 levels of ink"),
        ({"digit": "12"}, "digit is '12', which is not known"),
        ({"stride": "0"}, "stride is 0"),
        ({"padding": "9"}, "padding is 9"),
        ({"kernel": "<b>"}, "which is not known"),
        ({"w1": "nan"}, "w1 is nan"),
    ],
)
def test_a_wrong_link_is_named(query: dict[str, str], said: str):
    assert said in complaint(open_page("convolution", **query))


SHORT = {"view": "train", "epochs": "2", "channels": "2"}


def test_training_is_drawn_as_computed():
    app = open_page("convolution", **SHORT)
    assert complaint(app) == ""
    learned = learnt(OPTIMIZERS["adam"](lr=0.01), 2, 2, 0)
    drawn = next(trace for trace in figure(app)["data"] if trace["name"] == "held back")
    np.testing.assert_allclose(unpacked(drawn["y"]), 100 * learned.right[:, 1])
    assert len(figure(app)["layout"]["meta"]["captions"]) == 3
    assert len(json.dumps(figure(app))) < 250_000


@pytest.mark.parametrize(
    "query",
    [
        {"wrong": "1", "example": "7"},
        {"method": "gradient_descent", "lr": "10"},
        {"method": "adadelta", "channels": "1", "example": "358"},
    ],
)
def test_other_trainings(query: dict[str, str]):
    app = open_page("convolution", **(SHORT | query))
    assert complaint(app) == ""
    assert figure(app)["frames"]


def test_a_drawing_is_read_by_the_network():
    drawing = "02cgg6000188ag400003ef20000cg7000002cg7000005g4003ggfd0000488400"
    app = open_page("convolution", **SHORT, drawing=drawing)
    assert complaint(app) == ""
    seen = read(learnt(OPTIMIZERS["adam"](lr=0.01), 2, 2, 0), image_of(PLAIN._replace(drawing=drawing)))
    assert f"It takes the drawing for {article(str(seen.targets[-1]))} **{seen.targets[-1]}**" in " ".join(
        m.value for m in app.markdown
    )
    drawn = figure(app)
    assert drawn["layout"]["annotations"][0]["text"] == "<b>Your drawing</b>"
    bars = next(trace for trace in drawn["data"] if trace["name"] == "chances")
    np.testing.assert_allclose(np.array(bars["x"], dtype=float)[1::3], seen.chances[-1], rtol=2e-3)
    assert drawn["layout"]["meta"]["captions"][2].endswith(f"with a chance of {short(seen.chances[2].max())}.")
    next(button for button in app.button if button.label == "Back to the held-back digit").click().run()
    assert "drawing" not in link(app)
    assert "This digit's loss depends most on " in " ".join(m.value for m in app.markdown)


def test_a_digit_that_is_not_held_back_is_named():
    with pytest.raises(ValueError, match="digit is 359; allowed is 0 to 358"):
        look(learnt(OPTIMIZERS["adam"](lr=0.01), 1, 1, 0), 359)


def test_the_way_back_stands_where_the_way_there_does():
    app = open_page("convolution", **SHORT, show="gradients")
    assert complaint(app) == ""
    seen = look(learnt(OPTIMIZERS["adam"](lr=0.01), 2, 2, 0), 0)
    bars = next(trace for trace in figure(app)["data"] if trace["name"] == "chances")
    wrong = seen.chances[-1] - np.eye(10)[seen.targets[-1]]
    np.testing.assert_allclose(np.array(bars["x"], dtype=float)[1::3], wrong / np.abs(wrong).max(), rtol=2e-3)
    assert not [button for button in app.button if button.label == "Empty sheet"]
    there = open_page("convolution", **SHORT)
    placed = [
        [trace.get("y0") for trace in figure(each)["data"] if trace["type"] == "heatmap"] for each in (app, there)
    ]
    assert placed[0] == placed[1]
