"""What each view shows at first: where it comes to rest, how much is sent, and axes whose numbers can be read."""

import json
import subprocess
import sys
from functools import cache
from math import ceil, floor, log10
from typing import Any

import pytest
from streamlit import dataframe_util

from landscape.dashboard.kit.preload import PARTS, SCRIPTS
from landscape.dashboard.kit.view import Seen
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import THEMES
from tests.claims.states import VIEWS, told
from tests.conftest import ROOT
from tests.pages.test_pages import open_page

PAGES = ("slope", "area", "regularization", "backpropagation", "convolution", "recurrence")
# What takes long is made shorter.
SHORT = {("convolution", "train"): (("epochs", "2"),), ("recurrence", "series"): (("steps", "10"),)}
EACH = pytest.mark.parametrize(("page", "view"), [each for each in VIEWS if each[0] in PAGES], ids=lambda each: each)
MOST = 250_000


@cache
def first(page: str, view: str) -> Stage:
    seen = told(page, view, SHORT.get((page, view), ()))
    return VIEWS[page, view].draw(seen.terms, seen.record, Seen(THEMES["light"], "laptop"))


@EACH
def test_a_view_plays_up_to_where_it_rests(page: str, view: str) -> None:
    stage = first(page, view)
    # The player takes the nearest; none is the end.
    assert stage.first is None or stage.first > stage.times[0]


@EACH
def test_a_view_is_small_enough_for_a_telephone(page: str, view: str) -> None:
    assert len(json.dumps(first(page, view).sent.to_dict(), separators=(",", ":"))) <= MOST


def labelled(axis: dict[str, Any]) -> int:
    """How many numbers a log axis has that are written in full size."""
    low, high = axis["range"]
    if "tickvals" in axis:
        return sum(low <= place <= high for place in map(log10, axis["tickvals"]))
    step = axis["dtick"]
    assert step == int(step) >= 1
    return floor(high / step) - ceil(low / step) + 1


@EACH
def test_a_log_axis_has_powers_of_ten_for_numbers(page: str, view: str) -> None:
    """At 2 and 5 Plotly writes digits of 9 pixels."""
    for name, axis in first(page, view).axes.items():
        if axis.get("type") == "log":
            assert labelled(axis) >= 2, name


def test_the_first_stage_does_not_wait_for_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit loads it to look for tables in what a component is told, which takes as long as all of the script."""
    looked: list[object] = []
    monkeypatch.setattr(dataframe_util, "determine_data_format", looked.append)
    open_page("descent", steps="20")
    assert not looked


# Opens the first page, and says whether sympy is there when its stage is drawn.
OPENED = """
import sys
from streamlit.testing.v1 import AppTest
from landscape.dashboard.kit import view

def chart(*args, draw=view.chart):
    print("sympy" in sys.modules)
    draw(*args)

view.chart = chart
AppTest.from_file("pages/descent.py", default_timeout=60).run()
"""


def test_the_first_stage_does_not_wait_for_sympy() -> None:
    """It takes longer to import than all that comes before; the formula under the stage is set with it."""
    done = subprocess.run([sys.executable, "-c", OPENED], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]


def test_what_a_browser_fetches_early_is_there() -> None:
    assert [script.partition(".")[0] for script in SCRIPTS] == list(PARTS)
