"""The hunt: six hundred states of all views are true, and the hunt is not blind."""

import importlib
from pathlib import Path

import numpy as np
import pytest

from landscape.finding import Finding
from tests.claims import hunt as hunting
from tests.claims.checks import CHECKS
from tests.claims.hunt import State, hunt, state, unfit, wrong
from tests.claims.states import VIEWS, terms

for file in sorted(Path(__file__).parent.glob("check_*.py")):
    importlib.import_module(f"tests.claims.{file.stem}")

# States of one test, and how many tests there are.
TOGETHER, TESTS = 15, 40


@pytest.mark.parametrize("seed", range(TESTS))
def test_nothing_false_is_said(seed: int) -> None:
    """Every view has its turn in the end, those with more kinds of things to say more often."""
    rng = np.random.default_rng([14, seed])
    views = list(VIEWS)
    share = np.array([hunting.WEIGHTS.get(view, 1.0) for view in views])
    for place in rng.choice(len(views), TOGETHER, p=share / share.sum()):
        found = state(*views[place], np.random.default_rng(rng.integers(2**63)))
        assert not found.faults, (found.url, found.faults)


def test_a_hunt_is_the_same_for_the_same_seed_and_comes_to_every_view() -> None:
    one, two = (hunt(5, "slope/step") for _ in range(2))
    for _ in range(3):
        assert next(one) == next(two)
    seen = hunt(0, "convolution/")
    assert {(each.page, each.view) for each in (next(seen) for _ in range(12))} <= set(VIEWS)


def test_a_state_is_a_link() -> None:
    for page, view in (("descent", "race"), ("slope", "secant"), ("regularization", "methods")):
        found = state(page, view, np.random.default_rng(3))
        with hunting.without_streamlit():
            again = VIEWS[page, view].controls(hunting.Hand(page, np.random.default_rng(0), found.link))
        assert again == terms(page, view, found.link)


@pytest.mark.parametrize(
    ("text", "numbers", "fit"),
    [
        ("The slope is nan.", [1.0], False),
        ("It came to inf.", [1.0], False),
        ("An infinite plain, in finance.", [], True),
        ("0 % of the pairs arrive.", [3e-4], False),
        ("0 % of the pairs arrive.", [0.0], True),
        ("10 % of them, 0.0 % off", [0.1], True),
        ("It is there after 1 steps.", [1], False),
        ("At x = \N{MINUS SIGN}0 it is level.", [0.0], False),
        ("From \N{MINUS SIGN}0.5 to 3\N{MINUS SIGN}0, by 10\N{SUPERSCRIPT MINUS}3.", [0.0], True),
        ("After 1 step, 11 steps, 0.1 values, 2/1 points.", [1], True),
    ],
)
def test_what_is_not_fit_to_be_read_is_seen(text: str, numbers: list[float], fit: bool) -> None:
    assert (not unfit(text, numbers)) == fit


def test_a_false_finding_a_kind_without_a_check_and_an_exception_are_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    assert wrong(None, Finding("nothing.known", {}, "Nothing."))[-1].endswith("has no check")
    page, view = "slope", "step"
    true = state(page, view, np.random.default_rng(0))
    assert not true.faults
    kind = true.kinds[0]
    monkeypatch.setitem(CHECKS, kind, lambda record, finding: pytest.fail("false"))
    with pytest.raises(pytest.fail.Exception):
        state(page, view, np.random.default_rng(0))

    def lie(record: object, finding: Finding) -> None:
        raise AssertionError("not so")

    monkeypatch.setitem(CHECKS, kind, lie)
    assert any(kind in fault for fault in state(page, view, np.random.default_rng(0)).faults)
    broken = State(page, view, {"curve": "kink"}, faults=("ValueError: x",))
    assert broken.url == "/slope?view=step&curve=kink"
