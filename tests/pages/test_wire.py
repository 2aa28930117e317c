"""What of a figure is sent again: enough to turn the one that a browser has into the one it should show."""

import copy
import json
from typing import Any

import numpy as np
import pytest

from landscape.dashboard.kit.wire import difference
from landscape.descent.race import hold
from landscape.descent.recorded import recorded
from landscape.descent.schedules import SCHEDULES
from landscape.domain import Landscape
from landscape.figures.descent.race import stage
from landscape.figures.kit.style import THEMES
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES
from landscape.typed import own

KEYS = ("gradient_descent", "momentum", "adam", "newton")


def spec(
    start: tuple[float, float],
    steps: int = 60,
    surface: Landscape = SURFACES["rosenbrock"],
    theme: str = "light",
) -> Any:
    ground, methods = surface, {key: OPTIMIZERS[key]() for key in KEYS}
    race = hold(ground, methods, np.array(start), steps, tolerance=1e-10)
    given = recorded(ground, methods, steps, noise=0.0, seed=0, schedule=SCHEDULES["constant"]())
    return stage(race, THEMES[theme], recorded=given).sent.to_dict()


def changed(drawn: Any, change: Any) -> Any:
    """The figure that a browser makes of the one it has."""
    figure = copy.deepcopy(drawn)
    for place, part in change["traces"].items():
        figure["data"][int(place)] |= part
    for name, value in change["layout"].items():
        part, _, attribute = name.partition(".")
        if attribute:
            figure["layout"][part][attribute] = value
        else:
            figure["layout"][part] = value
    figure["layout"]["meta"] |= change["meta"]
    return figure | ({"frames": change["frames"]} if "frames" in change else {})


@pytest.mark.parametrize("other", [spec((0.5, 2.0)), spec((-1.2, 1.0), steps=90), spec((1.9, -0.9))])
def test_a_change_makes_the_wanted_figure_of_the_drawn_one(other: Any) -> None:
    drawn = spec((-1.2, 1.0))
    change = difference(drawn, other)
    assert changed(drawn, change) == other
    # The ground is most of a figure, and it stays.
    assert "0" not in change["traces"]
    assert len(json.dumps(change)) < 0.4 * len(json.dumps(other))


def test_another_formula_on_the_same_map_is_other_heights_where_nobody_has_zoomed() -> None:
    drawn, other = (spec((1.0, 1.0), surface=own(text)) for text in ("x^2 + y^2/2", "x^2 + y^2/3"))
    change = difference(drawn, other, zoomed=False)
    assert change["traces"]["0"].keys() == {"z", "customdata", "colorbar"}
    made = changed(drawn, change)
    assert made["layout"].pop("uirevision") != other["layout"].pop("uirevision")
    assert made == other
    # A zoom does not outlive another formula, so that its figure is drawn anew.
    assert difference(drawn, spec((1.0, 1.0), surface=own("x^2 + y^2/3"))) is None


def test_heights_with_holes_are_on_another_scale_and_so_another_figure() -> None:
    drawn, other = (spec((1.0, 1.0), surface=own(text)) for text in ("x^2 + y^2", "x^2 + y^2 + sqrt(x + 2)"))
    assert difference(drawn, other, zoomed=False) is None


def test_nothing_is_sent_where_nothing_differs() -> None:
    change = difference(spec((0.5, 2.0)), spec((0.5, 2.0)))
    assert change == {"traces": {}, "layout": {}, "meta": {}}


def test_another_ground_theme_or_number_of_methods_is_another_figure() -> None:
    drawn = spec((0.5, 2.0))
    assert difference(drawn, spec((0.5, 2.0), surface=SURFACES["himmelblau"])) is None
    assert difference(drawn, spec((0.5, 2.0), theme="dark")) is None
    fewer = copy.deepcopy(drawn)
    fewer["data"].pop()
    assert difference(drawn, fewer) is None
