"""The Basins page: every method and landscape has its map, sweeps draw, bad links are named."""

from typing import Any

import numpy as np
import pytest

from landscape.dashboard.basins import fates_view
from landscape.dashboard.basins.fates_view import fitting
from landscape.dashboard.basins.sweep_view import SWEPT
from landscape.dashboard.kit.address import write_number
from landscape.dashboard.kit.descent_link import query
from landscape.dashboard.kit.runs import Method
from landscape.figures.basins.fates import fate_stage
from landscape.figures.basins.sweeps import SHOWN
from landscape.figures.kit.animated import unpacked
from landscape.knob import knobs
from landscape.landscapes import LANDSCAPES
from landscape.maps.basins import fates
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES
from landscape.theory.stationary import stationary_points
from tests.claims.states import terms
from tests.pages.test_pages import complaint, drawn, figure, link, open_page, rerun

FAST = {"size": "64", "steps": "12"}


def words(app: Any) -> str:
    return " ".join(m.value for m in app.markdown)


def layer(app: Any, key: str) -> dict[str, Any]:
    (trace,) = [t for t in figure(app)["data"] if t["type"] == "heatmap" and t["name"] == OPTIMIZERS[key].title]
    return trace


@pytest.mark.parametrize("key", LANDSCAPES)
def test_every_landscape(key: str) -> None:
    app = open_page("basins", surface=key, methods="newton,gradient_descent", **FAST)
    assert complaint(app) == ""
    assert layer(app, "newton")


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_every_method(key: str) -> None:
    app = open_page("basins", methods=key, tune="0", **FAST)
    assert complaint(app) == ""
    assert unpacked(layer(app, key)["z"]).shape == (64, 64)


@pytest.mark.parametrize("view", ["fates", "sweep"])
def test_every_run_sees_all_samples_whatever_a_link_says(view: str) -> None:
    """Neighbours of which each draws samples of its own make no map, so there is no mini-batch to choose."""
    asked = terms("basins", view, {"surface": "one_kernel", "surface.one_kernel.batch_size": "19", "tune": "0"})
    assert dict(asked.place.settings)["batch_size"] == 0


def test_the_map_is_the_core_s_fates() -> None:
    app = open_page("basins", methods="momentum", tune="0", size="64", steps="60", **{"method.momentum.lr": "0.01"})
    surface = SURFACES["himmelblau"]
    expected = fates(surface, OPTIMIZERS["momentum"](lr=0.01), surface.domain, 64, 60)
    assert np.array_equal(unpacked(layer(app, "momentum")["customdata"]), expected.steps)
    minima = expected.fractions[expected.attractors.kind == "minimum"].sum()
    titles = [a["text"] for a in figure(app)["layout"]["annotations"]]
    assert f"<b>Momentum</b>, {100 * minima:.3g} % to a minimum" in titles


def test_four_methods_stand_side_by_side_and_a_fifth_is_left_out_with_a_sentence() -> None:
    app = open_page("basins", methods="newton,adam,momentum,rmsprop,lion", **FAST)
    assert [grip["panel"] for grip in figure(app)["layout"]["meta"]["live"]["grips"]] == ["x", "x2", "x3", "x4"]
    assert "There is room for 4 methods. Left out: Lion." in words(app)


def test_newton_is_told_to_stop_at_saddles_too() -> None:
    app = open_page("basins", size="64")
    assert "Newton also stops where there is no minimum" in words(app)


def test_a_method_that_does_not_apply_sits_out_with_a_sentence() -> None:
    app = open_page("basins", surface="ackley", methods="gauss_newton,newton", **FAST)
    assert "Gauss-Newton needs" in words(app)
    assert [grip["panel"] for grip in figure(app)["layout"]["meta"]["live"]["grips"]] == ["x"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"view": "4d"}, "view is '4d', which is not known. fates is used instead"),
        ({"size": "1000"}, "size is '1000', which is not known. auto is used instead"),
        ({"size": "64", "steps": "1e9"}, "steps is 1000000000.0; allowed is 1 to 1000"),
        ({"size": "64", "methods": "magic"}, "names none that is known"),
        ({"view": "sweep", "across": "magic"}, "across is 'magic', which is not known. lr is used instead"),
        ({"view": "sweep", "across": "momentum", "up": "momentum"}, "up is 'momentum', which is not known"),
        ({"view": "sweep", "shown": "time"}, "shown is 'time', which is not known"),
        ({"view": "sweep", "method": "gradient_descent"}, "method is 'gradient_descent', which is not known"),
    ],
)
def test_a_bad_link_is_named_in_one_sentence_and_the_page_draws(given: dict[str, str], sentence: str) -> None:
    app = open_page("basins", **given)
    assert sentence in complaint(app)
    assert figure(app)["data"]


@pytest.mark.parametrize("view", ["fates", "sweep"])
def test_the_url_restores_the_figure(view: str) -> None:
    extra = {"size": "64"} if view == "fates" else {"method": "nesterov", "across": "momentum", "up": "lr"}
    first = open_page(
        "basins", view=view, surface="quadratic", steps="30", **{"surface.quadratic.kappa": "40"}, **extra
    )
    copy = open_page("basins", **link(first))
    assert figure(copy) == figure(first)
    assert link(copy) == link(first)


@pytest.mark.parametrize("key", SWEPT)
def test_every_method_with_two_knobs_is_swept(key: str) -> None:
    shown = list(SHOWN)[SWEPT.index(key) % len(SHOWN)]
    app = open_page("basins", view="sweep", method=key, shown=shown, steps="2")
    assert complaint(app) == ""
    heat = figure(app)["data"][0]
    assert unpacked(heat["z"]).ndim == 2


def test_any_two_knobs_can_be_swept_and_another_method_brings_its_own() -> None:
    app = open_page("basins", view="sweep", method="adam", across="beta1", up="beta2", steps="5")
    assert figure(app)["layout"]["xaxis"]["title"]["text"] == "memory β₁"
    app.selectbox(key="method").set_value("rmsprop")
    rerun(app)
    assert app.selectbox(key="across").value == "lr"
    assert not app.exception


def test_the_theoretical_limit_is_drawn_and_said() -> None:
    app = open_page("basins", view="sweep", surface="quadratic")
    (line,) = [t for t in figure(app)["data"] if t["name"] == "theory's limit near the minimum"]
    assert np.allclose(line["x"], 2 * (1 + np.array(line["y"])) / 10, rtol=1e-6)
    assert "tells which pairs diverge" in words(app)
    assert "Theory draws no line here" in words(open_page("basins", view="sweep", method="adam", steps="5"))


def test_a_start_off_the_map_gets_a_sentence() -> None:
    assert "off the map" in open_page("basins", view="sweep", x="900", steps="5").info[0].value


def test_a_click_s_link_opens_descent_at_that_start_with_these_methods() -> None:
    methods = [
        Method("momentum", (("momentum", 0.8), ("lr", 0.004))),
        Method("newton", (("damping", 2.0), ("lr", 1.0))),
    ]
    surface = SURFACES["quadratic"].with_(kappa=40)
    asked = query(surface, methods, 1.25, -0.5, 40)
    app = open_page("descent", **asked)
    assert complaint(app) == ""
    path = drawn(app, "momentum")
    assert np.allclose(path[0], [1.25, -0.5])
    first = path[0] - 0.004 * surface.gradient(np.array([1.25, -0.5]))
    assert np.allclose(path[1], first, rtol=1e-5)
    assert len(path) == 41
    assert link(app)["method.newton.damping"] == "2"
    # The page has nothing to add to it, so that one step back leads to the map again.
    assert link(app) == asked


def test_every_knob_s_value_survives_the_link() -> None:
    for key, cls in OPTIMIZERS.items():
        settings = tuple((name, knob.high) for name, knob in knobs(cls).items())
        asked = query(SURFACES["himmelblau"], [Method(key, settings)], 0, 0, 5)
        for (name, value), knob in zip(settings, knobs(cls).values(), strict=True):
            assert asked.get(f"method.{key}.{name}", write_number(knob.default)) == write_number(value)


def test_what_progress_raises_ends_the_work() -> None:
    surface, seen = SURFACES["himmelblau"], []

    def tell(share: float) -> None:
        seen.append(share)
        raise InterruptedError

    points = stationary_points(surface, surface.domain)
    with pytest.raises(InterruptedError):
        fates(surface, OPTIMIZERS["newton"](), surface.domain, 128, 10, points, tell)
    assert len(seen) == 1


def test_a_map_has_as_many_starts_as_fit_its_cost() -> None:
    sizes = {key: fitting(landscape) for key, landscape in LANDSCAPES.items()}
    assert {sizes[key] for key in SURFACES} == {256}
    assert (sizes["tanh_chain"], sizes["one_kernel"]) == (64, 128)
    assert fitting(LANDSCAPES["tanh_chain"].with_(size=1000)) == 32


def test_a_coarse_map_is_shown_until_the_one_that_is_asked_for_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = []

    def drawn_map(maps: Any, *args: Any, **kwargs: Any) -> Any:
        shown.append({len(fates.x) for fates in maps.values()})
        return fate_stage(maps, *args, **kwargs)

    monkeypatch.setattr(fates_view, "FIRST", 0.0)
    monkeypatch.setattr(fates_view, "fate_stage", drawn_map)
    app = open_page("basins", surface="tanh_chain", methods="gradient_descent,newton", steps="117")
    assert layer(app, "newton")["z"]["shape"] == "64, 64"
    assert shown[0] == {32}
    assert shown[-1] == {64}
