"""Links from before a knob's menu was part of its name: they are read, and written in the new names."""

import pytest

from tests.pages.test_pages import complaint, figure, link, open_page

QUICK = {"hidden": "3", "steps": "12", "tune": "0"}


@pytest.mark.parametrize(
    ("page", "chosen", "old", "new"),
    [
        ("descent", {"steps": "20"}, {"rosenbrock.b": "40"}, {"surface.rosenbrock.b": "40"}),
        ("descent", {"methods": "adam", "steps": "20", "tune": "0"}, {"adam.lr": "0.03"}, {"method.adam.lr": "0.03"}),
        (
            "backpropagation",
            {"data": "step", "schedule": "step", **QUICK},
            {"step.gamma": "0.25", "step.noise": "0.3"},
            {"schedule.step.gamma": "0.25", "data.step.noise": "0.3"},
        ),
        ("backpropagation", {"penalty": "l1", **QUICK}, {"l1.strength": "0.05"}, {"penalty.l1.strength": "0.05"}),
        (
            "regularization",
            {"penalty": "elastic_net"},
            {"elastic_net.ratio": "0.25", "correlated.correlation": "0.8"},
            {"penalty.elastic_net.ratio": "0.25", "loss.correlated.correlation": "0.8"},
        ),
    ],
    ids=["surface", "method", "schedule and data", "penalty", "penalty and loss"],
)
def test_an_old_link_shows_the_same_and_is_written_anew(
    page: str, chosen: dict[str, str], old: dict[str, str], new: dict[str, str]
) -> None:
    app = open_page(page, **chosen, **old)
    assert complaint(app) == ""
    assert link(app) == {**chosen, **new}
    for name, value in new.items():
        assert app.session_state[name] == float(value)
    again = open_page(page, **link(app))
    assert link(again) == link(app)
    assert figure(again) == figure(app)


def test_names_that_were_one_are_two() -> None:
    first = open_page("backpropagation", data="step", view="step", step="7", **{"data.step.noise": "0.3"}, **QUICK)
    assert first.session_state["step"] == 7
    assert first.session_state["data.step.noise"] == 0.3
    assert complaint(first) == ""


def test_of_an_old_and_a_new_name_the_new_one_counts() -> None:
    app = open_page("regularization", **{"correlated.w1": "1", "loss.correlated.w1": "2.5"})
    assert app.session_state["loss.correlated.w1"] == 2.5
    assert complaint(app) == ""
    assert link(app) == {"loss.correlated.w1": "2.5"}


def test_a_view_that_shows_nothing_still_says_what_was_wrong_in_its_link() -> None:
    app = open_page("backpropagation", view="spectrum", nonsense="1", **{**QUICK, "hidden": "20,20"})
    assert "This one has 501" in app.info[0].value
    assert "'nonsense' is not known here" in complaint(app)
