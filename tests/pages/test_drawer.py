"""The left drawer holds at most five controls of any view, whatever is chosen; the rest stand under More."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Element

from landscape.dashboard.kit.drawer import MORE, MOST
from landscape.optimizers import OPTIMIZERS
from tests.claims.states import VIEWS

DASHBOARD = Path(__file__).parents[2] / "landscape" / "dashboard"
# What is chosen that brings controls of its own.
CROWDED = [
    ("descent", "race", {"surface": "own", "formula": "a x^2 + b y^2 + c x y + d x + k y"}),
    ("descent", "race", {"surface": "quadratic", "methods": ",".join(OPTIMIZERS), "tune": "0"}),
    ("slope", "secant", {"curve": "own", "formula": "a x^3 + b x^2 + c x + d"}),
    ("regularization", "methods", {"penalty": "elastic_net", "loss": "correlated"}),
    ("regularization", "weights", {"penalty": "elastic_net", "loss": "correlated"}),
    ("backpropagation", "training", {"data": "own"}),
    ("backpropagation", "step", {"data": "own"}),
    ("convolution", "forward", {"kernel": "own", "drawing": "0" * 64}),
    ("convolution", "train", {"drawing": "0" * 64}),
]
# Widgets of Streamlit's that a viewer sets something by, as it calls them.
WIDGETS = {
    "button",
    "checkbox",
    "color_picker",
    "date_input",
    "file_uploader",
    "multiselect",
    "number_input",
    "pills",
    "radio",
    "segmented_control",
    "select_slider",
    "selectbox",
    "slider",
    "text_area",
    "text_input",
    "toggle",
}
# Whose widgets stand on the page: the menu of views, a guess, files to take away, a way to another page.
ON_THE_PAGE = {"ask.py", "view.py", "files.py", "fates_view.py"}
QUIET = {"markdown", "alert", "latex", "caption", "empty", "progress"}


def _script(page: str, view: str) -> None:
    from landscape.dashboard.kit.address import Address
    from landscape.dashboard.kit.drawer import left_drawer
    from tests.claims.states import VIEWS

    with Address(page) as address, left_drawer():
        VIEWS[page, view].controls(address)


def in_the_drawer(page: str, view: str, query: dict[str, str]) -> AppTest:
    """The controls of a view, alone."""
    app = AppTest.from_function(_script, args=(page, view), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, app.exception
    return app


def standing(block: Block) -> Iterator[Element]:
    """What stands in a block, but for what is under More."""
    for child in block.children.values():
        if not isinstance(child, Block):
            listens = child.type == "bidi_component" and child.proto.component_name == "landscape_typing"
            if child.type not in QUIET and not listens:
                yield child
        elif getattr(child, "label", "") != MORE:
            yield from standing(child)


@pytest.mark.parametrize(("page", "view", "query"), [*((*names, {}) for names in VIEWS), *CROWDED])
def test_at_most_five_controls_stand_in_the_drawer(page: str, view: str, query: dict[str, str]) -> None:
    app = in_the_drawer(page, view, query)
    found = list(standing(app.sidebar))
    assert 1 <= len(found) <= MOST, [getattr(each, "label", each.type) for each in found]
    if query:
        # Nothing is lost.
        assert any(getattr(block, "label", "") == MORE for block in app.expander)


def made(file: Path) -> Iterator[str]:
    """The widgets of Streamlit's that a file makes by itself."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
            continue
        if node.value.id == "st" and node.attr in WIDGETS:
            yield node.attr


@pytest.mark.parametrize("file", sorted(DASHBOARD.rglob("*.py")), ids=lambda file: file.name)
def test_no_control_is_made_past_the_drawer(file: Path) -> None:
    if file.name not in ON_THE_PAGE | {"controls.py"}:
        assert list(made(file)) == []


def test_a_control_goes_under_more_once_the_drawer_is_full() -> None:
    def script() -> None:
        import streamlit as st

        from landscape.dashboard.kit.controls import selectbox
        from landscape.dashboard.kit.drawer import left_drawer, more

        with left_drawer():
            slot = st.container()
            with more():
                selectbox("Less used", ["a"])
            for name in "1234":
                selectbox(name, ["a"])
            with slot:
                selectbox("5", ["a"])
                selectbox("6", ["a"])

    app = AppTest.from_function(script).run()
    (under,) = app.expander
    assert [each.label for each in under.selectbox] == ["Less used", "6"]
    assert [each.label for each in app.sidebar.selectbox if each.label.isdigit()] == ["5", "1", "2", "3", "4", "6"]
