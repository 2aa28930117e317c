"""What the registries say reads as a lecturer would say it, and so does every sentence of the wording's own test."""

import pytest

from landscape.knob import knobs
from landscape.optimizers import OPTIMIZERS
from tests.claims.test_facts import TEXTS
from tests.claims.wording import shown, wooden


@pytest.mark.parametrize("where", TEXTS)
def test_a_note_is_short_and_written_as_people_write(where: str) -> None:
    """Notes and helps are shown as they are."""
    assert wooden(TEXTS[where][1]) == []


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("It is off by 1e-05.", 1),
        ("It falls by -3, or by −3.", 1),
        ("A share of 12%, or of 12 %.", 1),
        ("The lr is 0.1, not `lr`.", 1),
        ("Between x1, w2, x₁ and $w_1$.", 1),
        ("Wait ...", 1),
        ("one " * 21, 1),
        ("one " * 20 + "**+ x = y** $a b c$. Two.", 0),
    ],
)
def test_what_is_wooden_is_seen(text: str, faults: int) -> None:
    assert len(wooden(text)) == faults


def test_what_a_page_makes_readable_may_be_written_as_python_writes_it() -> None:
    assert shown("It falls by -1.5e-05, which is 12%.") == []
    assert shown("It has lr = 1.") != []


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_a_knob_has_a_name_that_can_be_said(key: str) -> None:
    for knob in knobs(OPTIMIZERS[key]).values():
        assert knob.spoken
        assert not set(knob.spoken) & set("$\\_")
