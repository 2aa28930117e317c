"""Every view of landscapes opens on every landscape, at both ends of all its knobs, with every method that it offers.

A sample in the suite, all with `pytest tests/pages/test_walk.py --walk`, which takes hours.
"""

import itertools
import random
from collections.abc import Iterator

import pytest

from landscape.dashboard.basins import sweep_view
from landscape.dashboard.kit.view import RefusalError, Seen
from landscape.figures.kit.style import THEMES
from landscape.knob import Knob
from landscape.landscapes import LANDSCAPES
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES
from tests.claims.states import VIEWS, terms

# How many of the states the suite opens.
SAMPLE = 14
ON_LANDSCAPES = [
    ("descent", "race"),
    ("curvature", "model"),
    ("curvature", "stability"),
    ("curvature", "order"),
    ("basins", "fates"),
    ("basins", "sweep"),
]
# What a menu once led to, and nothing was shown.
FELL = [
    ("basins", "sweep", {"surface": "logistic_neuron", "steps": "20"}),
    ("basins", "sweep", {"surface": "squared_neuron", "steps": "20"}),
]


def written(knob: Knob, end: str) -> str:
    value = getattr(knob, end)
    return str(int(value)) if knob.scale in ("switch", "integer") else f"{value:.12g}"


def states() -> Iterator[tuple[str, str, dict[str, str]]]:
    """Links to every view with every landscape and end; the methods of a menu take turns, so that each has some."""
    turns = itertools.cycle(OPTIMIZERS)
    for (page, view), (key, surface), end in itertools.product(ON_LANDSCAPES, LANDSCAPES.items(), ("low", "high")):
        link = {"surface": key, "steps": "20"}
        link |= {f"surface.{key}.{name}": written(knob, end) for name, knob in surface.knobs.items()}
        link |= {"size": "64"} if view == "fates" else {}
        for method in dict.fromkeys(next(turns) for _ in range(3)) if view in ("model", "sweep") else [""]:
            several = {"methods": ",".join(next(turns) for _ in range(4))} if view in ("race", "order", "fates") else {}
            yield page, view, link | several | ({"method": method} if method else {})


def sample(every: list[tuple[str, str, dict[str, str]]]) -> list[tuple[str, str, dict[str, str]]]:
    """Some of them, without maps of fates on samples, which take a minute."""
    quick = [state for state in every if state[1] != "fates" or state[2]["surface"] in SURFACES]
    return random.Random(15).sample(quick, SAMPLE)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "link" in metafunc.fixturenames:
        every = list(states())
        chosen = every if metafunc.config.getoption("walk") else sample(every)
        metafunc.parametrize(("page_name", "view", "link"), [*FELL, *chosen], ids=str)


def test_a_view_opens(page_name: str, view: str, link: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    # Few pairs say as much of whether it opens as many.
    monkeypatch.setattr(sweep_view, "COLUMNS", 12)
    monkeypatch.setattr(sweep_view, "ROWS", 8)
    opened = VIEWS[page_name, view]
    try:
        asked = terms(page_name, view, link)
        record = opened.run(asked)
        stage = opened.draw(asked, record, Seen(THEMES["light"], "laptop"))
    except RefusalError:
        return
    assert stage.figure.to_dict()["data"]
    for finding in opened.say(record):
        assert "nan" not in finding.text.split()
