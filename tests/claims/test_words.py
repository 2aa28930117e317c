"""What registries say, and every sentence that stands in the code, is short and written as people write."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from landscape.knob import knobs
from landscape.optimizers import OPTIMIZERS
from tests.claims.states import ROOT
from tests.claims.test_facts import TEXTS
from tests.claims.wording import shown, wooden

FILES = sorted((ROOT / "landscape").rglob("*.py"))


def sentences(tree: ast.AST) -> Iterator[str]:
    """The texts in code that end as sentences do, with 1 where a value goes; no docstrings, and no sources of data."""
    if isinstance(tree, ast.keyword) and tree.arg == "source":
        return
    if isinstance(tree, ast.Expr) and isinstance(tree.value, ast.Constant):
        return
    text = ""
    if isinstance(tree, ast.JoinedStr):
        text = "".join(str(each.value) if isinstance(each, ast.Constant) else "1" for each in tree.values)
    elif isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        text = tree.value
    else:
        for each in ast.iter_child_nodes(tree):
            yield from sentences(each)
    if len(text.split()) > 3 and text.rstrip().endswith((".", "?", "!")):
        yield text


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_sentence_in_the_code_is_short_and_written_as_people_write(file: Path) -> None:
    found = list(sentences(ast.parse(file.read_text(encoding="utf-8"))))
    assert [fault for text in found for fault in shown(text)] == []


def test_the_sentences_in_the_code_are_found() -> None:
    tree = ast.parse(
        'def f(n):\n    "Not one of them."\n    g(f"There are {n} of them.", source="Not a sentence either.")'
    )
    assert list(sentences(tree)) == ["There are 1 of them."]


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
