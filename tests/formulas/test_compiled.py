"""What is known of formulas is what is worked out of them; `python -m tests.formulas.test_compiled` writes it anew."""

import json
from pathlib import Path

import pytest

from landscape.dashboard.kit.descent_link import SURFACE
from landscape.formulas import compiled
from landscape.formulas.compiled import known
from landscape.formulas.derivatives import compile_formula
from landscape.surfaces import SURFACES

FIRST = SURFACES[SURFACE]
KNOBS = tuple(FIRST.knobs)


def test_what_is_known_is_what_is_worked_out():
    assert known(FIRST.formula, ("x", "y", *KNOBS)) == compile_formula(FIRST.formula, ("x", "y"), KNOBS).compiled


@pytest.mark.parametrize("inputs", [("x", "y"), ("y", "x", *KNOBS), ("x", "y", "c")])
def test_nothing_is_known_of_a_formula_in_other_letters(inputs):
    assert known(FIRST.formula, inputs) is None


def write() -> None:
    spec = {FIRST.formula: compile_formula(FIRST.formula, ("x", "y"), KNOBS).compiled.as_json()}
    Path(compiled.__file__).with_suffix(".json").write_text(json.dumps(spec) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
