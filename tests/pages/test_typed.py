"""What is typed wrongly, into any box or any value of a link of any page, is named, and the last good value stays."""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import pytest
from streamlit.testing.v1 import AppTest

from landscape.dashboard.kit.address import Address, number
from landscape.knob import Knob
from tests.claims.states import VIEWS
from tests.pages.test_pages import complaint, link, open_page, rerun

WRONG = ("words", "1e9", "", "1,5", "<b>9</b>", "nan")
# Texts, which may hold nearly anything; a box of their own says what is wrong with them.
TEXTS = {"formula", "hidden", "look", "drawing", "data.own.label", "data.own.first", "data.own.second"}
# Links that show what has boxes: a formula of one's own with its map, a kernel of one's own.
BOXES = {
    ("descent", "race"): {"surface": "own", "steps": "10", "methods": "gradient_descent"},
    ("curvature", "order"): {"surface": "booth", "steps": "10"},
    ("backpropagation", "training"): {"hidden": "3", "steps": "10", "tune": "0"},
    ("convolution", "forward"): {"kernel": "own"},
    ("recurrence", "cliff"): {},
}


class Claim(NamedTuple):
    """A value that a page has claimed of its link."""

    name: str
    default: Any
    parse: Callable[[str], Any]


@cache
def claims(page: str, view: str) -> list[Claim]:
    """All that a view claims of its link."""
    found: dict[str, Claim] = {}
    claim = Address.claim

    def listening(self: Address, name: str, default: Any, parse: Callable[[str], Any], *more: Any) -> Any:
        found[name] = Claim(name, default, parse)
        return claim(self, name, default, parse, *more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Address, "claim", listening)
        AppTest.from_function(_controls, args=(page, view), default_timeout=60).run()
    return list(found.values())


def _controls(page: str, view: str) -> None:
    """A script by itself, of which AppTest takes the text."""
    from contextlib import suppress

    from landscape.dashboard.kit.address import Address
    from landscape.dashboard.kit.view import RefusalError
    from tests.claims.states import VIEWS

    with Address(page) as address, suppress(RefusalError):
        VIEWS[page, view].controls(address)


@pytest.mark.parametrize(("page", "view"), VIEWS)
def test_no_value_of_a_link_takes_what_is_none(page: str, view: str) -> None:
    known = claims(page, view)
    assert known
    for name, default, parse in known:
        for text in [each for each in WRONG if each != default] if name not in TEXTS else ():
            with pytest.raises(ValueError, match=r"; allowed|which is no[t ]|which names none|it must be") as caught:
                parse(text)
            assert str(caught.value).startswith(name.split(" ")[0]), default
            assert "<b>" not in str(caught.value)


@pytest.mark.parametrize("page", sorted({page for page, _ in VIEWS}))
def test_a_link_with_nothing_right_in_it_shows_the_defaults(page: str) -> None:
    view = next(each for name, each in VIEWS if name == page)
    known = [each for each in claims(page, view) if each.name not in TEXTS]
    query = {claim.name: WRONG[k % len(WRONG)] for k, claim in enumerate(known)}
    app = AppTest.from_function(_controls, args=(page, view), default_timeout=60)
    app.query_params.update(query)
    app.run()
    assert not app.exception
    assert set(app.session_state["address.complaints"])
    for claim in known:
        # Where rates are tuned, none is taken from a link.
        tuned = claim.name.endswith(".lr") and "tune" in query
        assert tuned or app.session_state[claim.name] == claim.default, claim.name
        assert any(f"In the link, {claim.name}" in each for each in app.session_state["address.complaints"]), claim.name


@pytest.mark.parametrize(("page", "view"), BOXES)
def test_what_is_typed_wrongly_stays_in_the_box_and_the_last_good_value_in_force(page: str, view: str) -> None:
    several = sum(name == page for name, _ in VIEWS) > 1
    app = open_page(page, **({"view": view} if several else {}), **BOXES[page, view])
    if "own" in BOXES[page, view].values() and page == "descent":
        app.session_state["drawer.own"] = True
        rerun(app)
    keys = [box.key for box in app.text_input]
    assert keys
    assert all(key.startswith("typed.") for key in keys)
    assert not app.number_input
    before = link(app)
    values = {key: app.session_state[key.removeprefix("typed.")] for key in keys}
    for place, key in enumerate(keys[:3]):
        for text in ("words", "1e9") if place else ("words", "1e9", "", "1,5"):
            if key in ("typed.formula", "typed.hidden") and text != "words":
                continue
            app.text_input(key=key).set_value(text)
            rerun(app)
            assert app.session_state[key.removeprefix("typed.")] == values[key]
            assert link(app) == before
            assert len(app.error) == 1, (key, text)
            assert app.error[0].value.endswith(" stays.")
            assert app.text_input(key=key).value == text
        app.text_input(key=key).set_value(str(values[key]))
        assert not rerun(app).error
    assert complaint(app) == ""


def test_a_box_follows_what_else_sets_its_value() -> None:
    app = open_page("descent", x="0.5", y="0.25", steps="10")
    assert app.text_input(key="typed.x").value == "0.5"
    app.session_state["x"] = -1.5
    assert rerun(app).text_input(key="typed.x").value == "-1.5"
    app.text_input(key="typed.x").set_value("\N{MINUS SIGN}2")
    assert rerun(app).session_state["x"] == -2.0
    assert link(app)["x"] == "-2"
    app.text_input(key="typed.x").set_value("1,5")
    assert rerun(app).error[0].value == "x is '1,5', which is not a number; decimals have a point. -2 stays."


def test_a_zero_in_a_link_has_no_sign() -> None:
    assert str(number("x", Knob(1.0, -5.0, 5.0))("-0")) == "0.0"
