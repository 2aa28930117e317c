"""What a session holds on to: the last figure, packed, and no more of a stage or of what is drawn on it."""

import gc
import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from landscape.dashboard.kit.wire import SENT, Sent
from landscape.descent.race import Race
from landscape.figures.kit.stage import Stage
from landscape.lessons.example import Followed
from tests.conftest import ROOT


def alive() -> list[Any]:
    gc.collect()
    return [thing for thing in gc.get_objects() if type(thing) in (Stage, Race, Followed)]


@pytest.mark.parametrize(
    ("page", "query"), [("descent", {}), ("convolution", {}), ("backpropagation", {"view": "step", "hidden": "2"})]
)
def test_a_session_holds_no_stage(page: str, query: dict[str, str]) -> None:
    known = {id(thing) for thing in alive()}
    app = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=60)
    app.query_params.update(query)
    app.run()
    assert not app.exception
    assert [type(thing) for thing in alive() if id(thing) not in known] == []
    (chart,) = app.get("plotly_chart")
    assert len(app.session_state[SENT].packed) < 0.6 * len(chart.proto.spec)


def test_a_figure_is_unpacked_as_it_was() -> None:
    spec = {"data": [{"x": [1.0, None, 0.1], "y": (1, 2)}], "layout": {"meta": {}}, "frames": []}
    sent = Sent.of("chart", "name", spec)
    assert sent.spec == spec
    assert json.dumps(sent.spec) == json.dumps(spec)
