"""What every view says is true, every kind of finding has its check, and no check is blind."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landscape.dashboard.kit.view import RefusalError, Seen
from landscape.descent.race import hold
from landscape.descent.report import findings
from landscape.figures.kit.style import THEMES
from landscape.finding import Finding
from landscape.optimizers import OPTIMIZERS
from landscape.optimizers.second_order import Newton
from landscape.surfaces import surface_from_formula
from landscape.theory.report import model_findings
from landscape.theory.study import study
from tests.claims.checks import CHECKS, PENDING, numbers_in
from tests.claims.states import ROOT, VIEWS, Query, pages, terms, told

for file in sorted(Path(__file__).parent.glob("check_*.py")):
    importlib.import_module(f"tests.claims.{file.stem}")

# A fate map of 64 x 64 starts says what one of 256 x 256 does.
QUICK = {("basins", "fates"): {"size": "64"}}

# Links under which views say, between them, every kind of thing.
TELLING: list[tuple[str, str, dict[str, str]]] = [
    ("descent", "race", {"surface": "himmelblau", "steps": "40"}),
    ("descent", "race", {"surface": "saddle", "steps": "400"}),
    ("descent", "race", {"surface": "ackley", "methods": "adam,momentum,bfgs", "tune": "0", "noise": "1"}),
    ("descent", "race", {"tune": "0", "methods": "gradient_descent,newton,adam,bfgs", "gradient_descent.lr": "0.1"}),
    ("descent", "race", {"methods": "newton", "surface": "ackley", "x": "0", "y": "0"}),
    ("curvature", "stability", {"momentum.lr": "0.1", "momentum.momentum": "0.6", "steps": "300"}),
    ("curvature", "stability", {"momentum.lr": "0.9"}),
    ("curvature", "stability", {"momentum.lr": "0.09", "momentum.momentum": "0", "steps": "300"}),
    ("curvature", "stability", {"steps": "8"}),
    ("curvature", "stability", {"surface": "rosenbrock", "momentum.lr": "0.0038", "momentum.momentum": "0.92"}),
    ("curvature", "order", {"surface": "himmelblau"}),
    ("curvature", "order", {"surface": "himmelblau", "tune": "0", "x": "-0.3", "y": "-1"}),
    ("curvature", "order", {"surface": "rastrigin", "tune": "0", "x": "5", "y": "5", "steps": "4"}),
    ("curvature", "model", {"surface": "himmelblau", "x": "0", "y": "0"}),
    ("curvature", "model", {"surface": "himmelblau", "x": "3", "y": "2"}),
    ("curvature", "model", {"surface": "himmelblau", "method": "trust_region", "x": "0", "y": "-1"}),
    ("curvature", "model", {"surface": "himmelblau", "method": "levenberg_marquardt", "x": "0", "y": "-1"}),
    ("curvature", "model", {"surface": "saddle", "method": "trust_region", "steps": "60"}),
    ("curvature", "model", {"surface": "saddle", "method": "gradient_descent", "gradient_descent.lr": "1"}),
    ("curvature", "model", {"surface": "ackley", "method": "gradient_descent"}),
    ("curvature", "model", {"surface": "monkey_saddle"}),
    ("basins", "fates", {"size": "64", "surface": "six_hump_camel", "methods": "newton,adam"}),
    ("basins", "fates", {"size": "64", "tune": "0", "steps": "20", "methods": "adam,momentum"}),
    ("basins", "sweep", {"surface": "quadratic"}),
    ("basins", "sweep", {"surface": "rosenbrock", "steps": "20"}),
    ("basins", "sweep", {"method": "adam", "steps": "40"}),
    ("basins", "sweep", {"method": "nesterov", "across": "momentum", "up": "lr", "surface": "booth"}),
]
# What no link leads to.
SHEER = hold(surface_from_formula("sqrt(x) + y"), {"adam": OPTIMIZERS["adam"]()}, np.array([-1.0, 0.0]), 5)
SINGULAR = study(surface_from_formula("x**2 + y"), Newton(), np.array([1.0, 1.0]), 30, 1e-10)
BY_HAND = [(SHEER, findings(SHEER)), (SINGULAR, model_findings(SINGULAR))]

DEFAULTS = [(*view, QUICK.get(view, {})) for view in VIEWS]
STATES: list[tuple[str, str, Query]] = [(page, view, tuple(link.items())) for page, view, link in DEFAULTS + TELLING]


# What is known to be said and not to be so.
FALSE = {
    ("curvature", "stability", "steps=8"): "roots are said to coincide wherever an error ripples and its rate is off",
    ("basins", "fates", "size=64&tune=0&steps=20&methods=adam,momentum"): "half of those starts that arrive is meant",
}


def judged(page: str, view: str, link: Query) -> Any:
    reason = FALSE.get((page, view, name(link)))
    marks = [pytest.mark.xfail(strict=True, raises=AssertionError, reason=reason)] if reason else []
    return pytest.param(page, view, link, marks=marks)


def name(value: Any) -> str:
    return "&".join("=".join(each) for each in value) if isinstance(value, tuple) else str(value)


def said() -> set[str]:
    """Every kind that the code can say, read from the code."""
    kinds = set()
    texts = {path: path.read_text(encoding="utf-8") for path in (ROOT / "landscape").rglob("*.py")}
    for path, text in texts.items():
        for node in ast.walk(ast.parse(text if "Finding(" in text else "")):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding":
                assert isinstance(node.args[0], ast.Constant), f"{path}, line {node.lineno}: kind is no literal"
                kinds.add(node.args[0].value)
    return kinds


def test_every_kind_of_finding_has_a_check_or_is_waiting_for_one() -> None:
    assert not PENDING & set(CHECKS)
    assert said() == PENDING | set(CHECKS)


@pytest.mark.parametrize(("page", "view", "link"), [judged(*state) for state in STATES], ids=name)
def test_what_a_view_says_is_true(page: str, view: str, link: Query) -> None:
    _, record, telling = told(page, view, link)
    for finding in telling:
        assert finding.text.strip() == finding.text
        if finding.kind in CHECKS:
            CHECKS[finding.kind](record, finding)


@pytest.mark.parametrize(("page", "view", "link"), STATES, ids=name)
def test_the_numbers_in_a_text_are_those_it_rests_on(page: str, view: str, link: Query) -> None:
    for finding in told(page, view, link).findings:
        if finding.kind in CHECKS:
            known = [n for number in numbers_in(finding.numbers) for n in (number, -number, 100 * number)]
            for written in re.findall(
                r"(?<![\w.])-?\d[\d.,]*\d(?:e[-+]\d+)?|(?<![\w.])\d(?:e[-+]\d+)?(?![\w.])", finding.text
            ):
                # One and two are in the sentences themselves: "2/10", "a line of slope 1".
                assert written in ("1", "2") or any(rounded_to(written, n) for n in known), f"{written}: {finding}"


def rounded_to(written: str, number: float) -> bool:
    """Whether a number is written so, to as many digits."""
    digits = len(re.sub(r"e.*|\D", "", written).lstrip("0")) or 1
    return float(f"{number:.{digits}g}") == float(written) or f"{number:.{len(written.partition('.')[2])}f}" == written


def perturbed(value: Any) -> Iterator[Any]:
    """A number, a word or what holds some, with one of them no longer true."""
    if isinstance(value, bool | np.bool_):
        yield not value
    elif isinstance(value, str):
        yield "something else"
    elif value is None:
        yield 1
    elif isinstance(value, int):
        yield value + 1
    elif isinstance(value, float):
        yield 1.1 * value + 0.03 * (value == 0)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from ({**value, key: other} for other in perturbed(each))
    elif isinstance(value, tuple):
        make = value._make if hasattr(value, "_make") else tuple
        for i, each in enumerate(value):
            yield from (make((*value[:i], other, *value[i + 1 :])) for other in perturbed(each))
    else:
        yield np.asarray(value) + 0.1


def refuted(record: Any, finding: Finding) -> bool:
    try:
        CHECKS[finding.kind](record, finding)
    except AssertionError:
        return True
    return False


@pytest.mark.parametrize("kind", sorted(CHECKS))
def test_a_check_sees_what_is_false(kind: str) -> None:
    known = [(each.record, each.findings) for each in (told(*state) for state in STATES)] + BY_HAND
    cases = [(record, finding) for record, telling in known for finding in telling if finding.kind == kind]
    assert cases, f"no state says {kind}"
    for key in {key for _, finding in cases for key in finding.numbers}:
        # Some records leave a number's last digits open, where it is rounding; not all do.
        assert any(seen_through(record, finding, key) for record, finding in cases if key in finding.numbers), key


def seen_through(record: Any, finding: Finding, key: str) -> bool:
    """Whether the check refuses the finding however that number is made false."""
    lies = [{**finding.numbers, key: false} for false in perturbed(finding.numbers[key])]
    return all(refuted(record, Finding(finding.kind, lie, finding.text)) for lie in lies)


def test_views_have_a_key_of_their_own_a_title_and_a_question() -> None:
    for name, page in pages().items():
        assert page.key == name
        assert len({view.key for view in page.views}) == len(page.views)
        for view in page.views:
            assert re.fullmatch(r"[a-z_]+", view.key)
            assert view.title[:1].isupper()
            assert view.question.endswith("?")


@pytest.mark.parametrize("screen", ["laptop", "phone"])
@pytest.mark.parametrize(("page", "view"), VIEWS)
def test_every_view_draws_a_stage_and_says_it_in_words(page: str, view: str, screen: str) -> None:
    asked, record, _ = told(page, view, tuple(QUICK.get((page, view), {}).items()))
    assert hash(asked) == hash(terms(page, view, **QUICK.get((page, view), {})))
    drawn = VIEWS[page, view].draw(asked, record, Seen(THEMES["light"], screen))
    assert drawn.figure.to_dict()["data"]
    assert drawn.alt.endswith(".")


def test_a_view_with_nothing_to_show_refuses_in_a_sentence() -> None:
    with pytest.raises(RefusalError, match=r"theory predicts no rate\. Choose another"):
        terms("curvature", "stability", surface="saddle")
