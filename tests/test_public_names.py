"""`import landscape` gives the public names, loads each when it is asked for, and README's examples run on them."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import landscape
from landscape import OPTIMIZERS, SURFACES, descend
from tests.numerics import check_gradient, check_hessian

ROOT = Path(__file__).parent.parent
README = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("name", landscape.__all__)
def test_every_public_name_loads(name):
    assert getattr(landscape, name) is not None
    assert name in dir(landscape)


def test_the_public_names_are_what_a_script_needs():
    registries = {name for name in landscape.__all__ if isinstance(getattr(landscape, name), dict)}
    assert registries == {
        *("SURFACES", "LANDSCAPES", "OPTIMIZERS", "SCHEDULES", "PENALTIES", "NETWORKS", "DATASETS", "TABLES"),
        *("ACTIVATIONS", "CELLS", "LOSSES", "INITIALISERS", "IMAGES", "SEQUENCES", "STARTERS", "CURVES"),
        *("DIFFERENCES", "QUADRATURES"),
    }
    assert {"descend", "hold", "parse", "MLP", "Objective", "Optimizer", "Knob", "knob"} < set(landscape.__all__)


def test_another_name_is_named_in_the_error():
    with pytest.raises(AttributeError, match="module 'landscape' has no attribute 'nonsense'"):
        landscape.nonsense  # noqa: B018 (the access is what is tested)


def fresh(script: str):
    """What a script prints, as JSON, in an interpreter of its own."""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_the_package_alone_loads_nothing_more():
    loaded = set(fresh("import json, sys, landscape; print(json.dumps(list(sys.modules)))"))
    # A knob's name is set in the digits of numbers.
    own = {"landscape", "landscape.knob", "landscape.numbers"}
    assert {name for name in loaded if name.startswith("landscape")} == own
    assert not loaded & {"sympy", "plotly", "streamlit", "pandas", "scipy"}


def test_the_function_that_is_called_like_its_module_stays_it():
    script = (
        "import json, landscape.knob, landscape.surfaces; from landscape import knob; print(json.dumps(callable(knob)))"
    )
    assert fresh(script)


def run(text: str):
    """A README example as it is printed: its names, and the value of its last line if that is an expression."""
    tree, names = ast.parse(text), {}
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "README.md", "exec"), names)
    return names, last and eval(compile(ast.Expression(last.value), "README.md", "eval"), names)


def test_the_examples_are_found():
    assert len(README) == 3


def test_the_surface_of_the_readme_is_a_surface():
    _, surface = run(README[0])
    rng = np.random.default_rng(0)
    (lowest,) = surface.minima
    assert surface.value(np.array(lowest.point)) == lowest.value == 0
    assert surface.with_(height=0.0).value(np.array([1.0, 2.0])) == 5
    for x in rng.uniform(-3, 3, (5, 2)):
        check_gradient(surface, x, rng)
        check_hessian(surface, x, rng)


def test_the_optimizer_of_the_readme_is_an_optimizer():
    assert "signed_momentum" not in OPTIMIZERS
    try:
        run(README[1])
        method = OPTIMIZERS["signed_momentum"](lr=0.25, momentum=0.5)
    finally:
        OPTIMIZERS.pop("signed_momentum", None)
    got = descend(SURFACES["sphere"], method, np.array([1.0, -3.0]), 5).x
    np.testing.assert_array_equal(got[:, 0], [1, 0.75, 0.5, 0.25, 0, -0.25])
    np.testing.assert_array_equal(got[:, 1], [-3, -2.75, -2.5, -2.25, -2, -1.75])
