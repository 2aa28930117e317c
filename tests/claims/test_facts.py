"""Notes and helps: whatever number one of them states is computed, at its entry's settings and at all knobs' ends."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

import landscape
from landscape.calculus.mini_batches import NOISY
from landscape.knob import Knob, knobs
from landscape.regularization.two_weights import TWO_WEIGHTS
from tests.claims.facts import FACTS, NAMES, ends

WORDS = "two three four five six seven eight nine ten eleven twelve twice half third quarters? dozens? hundreds?"
QUANTITY = re.compile(rf"\d[\d.,/]*\b|\b(?:{'|'.join(WORDS.split())}|thousands?|million|thirty)\b", re.IGNORECASE)

REGISTRIES = {name: each for name in dir(landscape) if isinstance(each := getattr(landscape, name), dict)}
REGISTRIES = {name: each for name, each in REGISTRIES.items() if name.isupper()}
# SURFACES are among LANDSCAPES.
REGISTRIES = {**REGISTRIES, "TWO_WEIGHTS": TWO_WEIGHTS, "NOISY": NOISY}
del REGISTRIES["SURFACES"]


def said(entry: Any) -> Iterator[tuple[str, str]]:
    """What an entry says of itself and of its knobs, each under a name."""
    for name in ("note", "kink"):
        if isinstance(text := getattr(entry, name, ""), str) and text:
            yield name, text
    of = knobs(entry) if isinstance(entry, type) and hasattr(entry, "__dataclass_fields__") else None
    for name, knob in (of or getattr(entry, "knobs", None) or {}).items():
        if isinstance(knob, Knob) and knob.help:
            yield name, knob.help


TEXTS = {
    f"{registry}.{key}.{name}": (entry, text)
    for registry, entries in REGISTRIES.items()
    for key, entry in entries.items()
    for name, text in said(entry)
    # Networks with two weights are among LANDSCAPES.
    if registry != "NETWORKS" or key not in landscape.LANDSCAPES
}


def test_every_registry_that_says_something_is_looked_at() -> None:
    assert {"LANDSCAPES", "OPTIMIZERS", "CURVES", "PENALTIES", "CELLS", "DATASETS"} <= set(REGISTRIES)
    assert len(TEXTS) > 300


@pytest.mark.parametrize("where", [where for where, (_, text) in TEXTS.items() if QUANTITY.search(text)])
def test_a_number_in_a_note_is_computed_or_is_a_name(where: str) -> None:
    text = TEXTS[where][1]
    assert where in FACTS or any(name in text for name in NAMES), text


def test_no_fact_and_no_name_is_left_over() -> None:
    assert set(FACTS) <= set(TEXTS)
    texts = [text for where, (_, text) in TEXTS.items() if where not in FACTS]
    assert [name for name in NAMES if not any(name in text for text in texts)] == []


@pytest.mark.parametrize("where", FACTS)
def test_what_a_note_states_holds_at_every_setting(where: str) -> None:
    numbers, holds = FACTS[where]
    assert " ".join(each[0] for each in QUANTITY.finditer(TEXTS[where][1])) == numbers
    for entry in ends(TEXTS[where][0]):
        assert holds(entry), (TEXTS[where][1], getattr(entry, "settings", ""))
