"""What fate maps and sweeps say, and their table, with numbers that are plain to see."""

from dataclasses import replace

import numpy as np
import pytest

from landscape.descent.race import hold
from landscape.maps.atlas import Atlas, order
from landscape.maps.basins import DIVERGED, NONE, Fates, fates
from landscape.maps.commentary import from_start
from landscape.maps.report import _ends, fate_findings, share_rows, sweep_findings
from landscape.maps.sweeps import sweep
from landscape.maps.swept import FLOOR, Swept
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES, surface_from_formula
from landscape.theory.stationary import stationary_points

HIMMELBLAU, QUADRATIC = SURFACES["himmelblau"], SURFACES["quadratic"]
POINTS = stationary_points(HIMMELBLAU, HIMMELBLAU.domain)
MINIMUM, SADDLE = 0, int(np.flatnonzero(POINTS.kind == "saddle")[0])


def atlas(**maps: tuple[list[list[int]], list[list[int]]]) -> Atlas:
    """Maps of 2 x 2 starts, made by hand: fates and steps."""
    at = np.array([0.0, 1.0])
    made = {key: Fates(at, at, POINTS, np.array(fate), np.array(steps), 1) for key, (fate, steps) in maps.items()}
    return Atlas(HIMMELBLAU, 9, {key: OPTIMIZERS[key]() for key in maps}, made)


BY_HAND = atlas(
    newton=([[MINIMUM, SADDLE], [MINIMUM, MINIMUM]], [[2, 3], [2, 4]]),
    adam=([[NONE, DIVERGED], [MINIMUM, MINIMUM]], [[9, 5], [7, 9]]),
)


def test_maps_say_who_is_drawn_elsewhere_who_is_quickest_and_who_is_lost() -> None:
    found = {each.kind: each for each in fate_findings(BY_HAND)}
    assert found["fates.minimum"].text == "Starts that end at a minimum: Newton **75 %**, Adam **50 %**."
    assert found["fates.no_minimum"].numbers == {"method": "newton", "shares": {"saddle": 0.25}}
    assert found["fates.no_minimum"].text == "Newton also stops where there is no minimum: **25 %** at a saddle."
    assert found["fates.quickest"].numbers == {"method": "newton", "steps": 2.0, "share": 0.75, "alike": ("newton",)}
    assert found["fates.lost"].numbers == {"method": "adam", "share": 0.25, "alike": ("adam",)}
    assert found["fates.lost"].text == "**Adam** runs away most often, from 25 % of the starts."
    assert found["fates.not_yet"].numbers == {"method": "adam", "share": 0.25, "steps": 9, "alike": ("adam",)}


def test_a_map_that_is_still_made_is_told_of_by_its_own_starts() -> None:
    newton, adam = OPTIMIZERS["newton"](), OPTIMIZERS["adam"](lr=3.0)
    made = {
        "newton": fates(HIMMELBLAU, newton, HIMMELBLAU.domain, 12, 9, POINTS),
        "adam": fates(HIMMELBLAU, adam, HIMMELBLAU.domain, 6, 9, POINTS),
    }
    both = Atlas(HIMMELBLAU, 9, {"newton": newton, "adam": adam}, made)
    told = {each.kind: each.numbers for each in fate_findings(both)}
    assert told["fates.not_yet"]["method"] == "adam"
    assert told["fates.not_yet"]["share"] == np.mean(made["adam"].attractor == NONE)


def test_a_start_is_told_by_where_each_method_comes_to() -> None:
    methods = {"gradient_descent": OPTIMIZERS["gradient_descent"](lr=0.01), "newton": OPTIMIZERS["newton"]()}
    far = OPTIMIZERS["momentum"](lr=10.0)
    race = hold(HIMMELBLAU, {**methods, "momentum": far}, np.array([2.5, 2.5]), 300, tolerance=1e-10)
    assert from_start(race.start, race.runs, {}, 0.1) == (
        "The start is (2.5, 2.5). Gradient descent and Newton end at (3, 2). Momentum runs away."
    )
    # Where the map has a number for it, by its number; the nearest counts, and only a near one.
    places = {"saddle 5": np.array([3.4, 0.1]), "minimum 2": np.array([3.01, 2.0])}
    assert "Gradient descent and Newton end at minimum 2." in from_start(race.start, race.runs, places, 0.1)
    assert "Gradient descent and Newton end at (3, 2)." in from_start(race.start, race.runs, places, 0.001)


def test_a_map_on_which_neighbours_part_is_said_to_be_speckled() -> None:
    mixed = np.random.default_rng(0).integers(0, 2, (64, 64)) * SADDLE
    calm = np.zeros((64, 64), dtype=int)
    two = atlas(newton=(mixed.tolist(), calm.tolist()), adam=(calm.tolist(), calm.tolist()))
    axis = np.linspace(0, 1, 64)
    fine = replace(two, maps={key: replace(each, x=axis, y=axis) for key, each in two.maps.items()})
    (found,) = (each for each in fate_findings(fine) if each.kind == "fates.speckled")
    across, up = mixed[:, 1:] != mixed[:, :-1], mixed[1:] != mixed[:-1]
    assert found.numbers == {"method": "newton", "share": pytest.approx((across.sum() + up.sum()) / (2 * 64 * 63))}
    # Of few starts the edges of basins alone part as many.
    few = {
        key: replace(each, x=axis[:32], y=axis[:32], attractor=each.attractor[:32, :32], steps=each.steps[:32, :32])
        for key, each in two.maps.items()
    }
    assert all(each.kind != "fates.speckled" for each in fate_findings(replace(two, maps=few)))


def test_who_arrives_seldom_is_not_the_quickest() -> None:
    seldom = ([[MINIMUM, MINIMUM], [NONE, NONE]], [[1, 1], [9, 9]])
    two = atlas(newton=seldom, adam=([[MINIMUM] * 2] * 2, [[5, 6], [7, 8]]))
    (found,) = (each for each in fate_findings(two) if each.kind == "fates.quickest")
    assert found.numbers == {"method": "adam", "alike": ("adam",), "steps": 6.0, "share": 1.0}


def test_maps_on_which_all_arrive_at_minima_say_only_who_is_quickest() -> None:
    well = ([[MINIMUM] * 2] * 2, [[1, 2], [3, 4]])
    all_well = atlas(newton=well, adam=well)
    assert [each.kind for each in fate_findings(all_well)] == ["fates.minimum", "fates.quickest"]
    nowhere = atlas(newton=([[NONE] * 2] * 2, [[9, 9], [9, 9]]))
    assert [each.kind for each in fate_findings(nowhere)] == ["fates.minimum", "fates.not_yet"]
    assert fate_findings(nowhere)[0].text == "Starts that end at a minimum: Newton **none**."


def test_the_table_has_a_row_for_each_attractor_that_is_reached_and_one_for_each_way_to_be_lost() -> None:
    assert order(BY_HAND.maps).tolist() == [MINIMUM, SADDLE]
    rows = share_rows(BY_HAND, 12)
    assert [row["kind"] for row in rows] == ["minimum", "saddle", "elsewhere, or not there yet", "ran away"]
    assert [row["Newton"] for row in rows] == ["75 %", "25 %", "-", "-"]
    assert [row["Adam"] for row in rows] == ["50 %", "-", "25 %", "25 %"]
    assert [row["kind"] for row in share_rows(BY_HAND, 1)] == ["minimum", "elsewhere, or not there yet", "ran away"]


def test_the_shares_of_a_map_that_was_run_add_up() -> None:
    newton = OPTIMIZERS["newton"]()
    found = fates(HIMMELBLAU, newton, HIMMELBLAU.domain, 32, 60)
    rows = share_rows(Atlas(HIMMELBLAU, 60, {"newton": newton}, {"newton": found}), 100)
    shares = [float(row["Newton"].rstrip(" %")) for row in rows if row["Newton"] != "-"]
    assert sum(shares) == pytest.approx(100, abs=0.05 * len(shares))


def swept(surface=QUADRATIC, steps: int = 200, eigenvalues: np.ndarray | None = None) -> Swept:
    cls, start = OPTIMIZERS["momentum"], np.array([-4.0, 2.0])
    grid = {"lr": np.array([0.001, 0.1, 0.5]), "momentum": np.array([0.0, 0.5])}
    return Swept(surface, cls, {}, start, steps, 1e-6, sweep(surface, cls, start, steps, grid), eigenvalues)


def test_a_switch_of_the_best_pair_is_said_to_be_on_or_off() -> None:
    cls, start = OPTIMIZERS["newton"], np.array([-4.0, 2.0])
    grid = {"lr": np.array([0.5, 1.0]), "line_search": np.array([False, True])}
    done = Swept(QUADRATIC, cls, {}, start, 20, 1e-6, sweep(QUADRATIC, cls, start, 20, grid), None)
    assert sweep_findings(done)[0].text.startswith("Best is rate **1** with line search **off**: at the minimum ")


def test_starts_without_a_value_are_not_said_to_run_away() -> None:
    """Of 16 starts a side, 8 have x < 0; descent along ln x from the others comes there too."""
    surface, descent = surface_from_formula("log(x) + y**2"), OPTIMIZERS["gradient_descent"](lr=0.1)
    found = fates(surface, descent, surface.domain, 16, 30)
    atlas = Atlas(surface, 30, {descent.key: descent}, {descent.key: found})
    assert found.share(DIVERGED) > 0.5
    told = {each.kind: each for each in fate_findings(atlas)}
    assert told["fates.no_value"].text == "At 50 % of the starts f has no value, so no method can begin there."
    assert told["fates.lost"].numbers["share"] == found.share(DIVERGED) - 0.5
    assert share_rows(atlas, 5)[-1]["Gradient descent"] == "50 %"


def test_a_sweep_says_its_best_pair_and_how_many_diverge_and_arrive() -> None:
    lowest, ends = sweep_findings(swept())
    assert lowest.numbers["pair"] == {"lr": 0.1, "momentum": 0.5}
    assert lowest.numbers["exact"]
    assert lowest.text.endswith(f"above the minimum after {lowest.numbers['steps']} steps.")
    # 0.5 is above 2 (1 + momentum) / 10 for both, and 0.001 is too slow.
    assert ends.numbers == {"diverged": 1 / 3, "arrived": 1 / 3}
    assert ends.text == "33.3 % of the pairs diverge, and 33.3 % come to rest."


def test_theory_tells_all_pairs_of_a_quadratic_apart() -> None:
    told = sweep_findings(swept(eigenvalues=np.array([1.0, 10.0])))[-1]
    assert told.numbers == {"agree": 1.0}
    assert "**100 %** of them" in told.text


def test_heights_are_measured_from_the_minimum_or_else_from_the_lowest_value_found() -> None:
    got = swept()
    assert got.exact
    assert got.base == 0
    assert np.nanmin(got.height) >= FLOOR
    open_below = swept(SURFACES["saddle"], steps=3)
    assert not open_below.exact
    assert open_below.base == np.nanmin(open_below.sweep.value)
    assert sweep_findings(open_below)[0].text.endswith(": at the lowest value found after 3 steps.")


def test_a_pair_that_is_best_is_at_the_minimum_and_may_be_one_of_several() -> None:
    """No height is said to be the floor that a logarithm needs, and none of many is called the best alone."""
    done = swept()
    grid = dict(zip(done.sweep.names, done.sweep.values, strict=True))
    home = replace(done, sweep=sweep(QUADRATIC, OPTIMIZERS["momentum"], np.zeros(2), 3, grid))
    assert sweep_findings(home)[0].text == (
        "Best is rate **0.001** with momentum **0**: at the minimum after 0 steps. 5 other pairs do as well."
    )
    assert (home.alike, done.alike) == (6, 1)


def test_nearly_all_pairs_are_not_all() -> None:
    done, value = swept(), np.zeros((60, 96))
    value[0, 0] = np.nan
    many = replace(done, sweep=replace(done.sweep, value=value, steps=np.where(np.isnan(value), -1, 3)))
    assert _ends(many).text == "0.0174 % of the pairs diverge, and > 99.9 % come to rest."


@pytest.mark.parametrize(
    ("others", "quick", "gone"),
    [
        (
            1,
            "Both methods are equally quick: half of their",
            "Both methods run away equally often",
        ),
        (
            2,
            "**Nesterov momentum** is quickest: half of its",
            "Several methods run away most often",
        ),
    ],
)
def test_what_several_methods_do_alike_is_said_of_none_alone(others: int, quick: str, gone: str) -> None:
    half = ([[MINIMUM, MINIMUM], [DIVERGED, DIVERGED]], [[1, 2], [9, 9]])
    slow = ([[MINIMUM, MINIMUM], [MINIMUM, DIVERGED]], [[8, 8], [8, 9]])
    alike = dict.fromkeys(("newton", "adam", "momentum")[: others + 1], half)
    if others > 1:
        alike["nesterov"] = slow
    told = {each.kind: each.text for each in fate_findings(atlas(**alike))}
    assert told["fates.lost"] == f"{gone}, each from 50 % of the starts."
    assert told["fates.quickest"].startswith(f"{quick} starts are at a minimum within")
    late = ([[NONE] * 2] * 2, [[9, 9], [9, 9]])
    (never,) = (each for each in fate_findings(atlas(newton=late, adam=late)) if each.kind == "fates.not_yet")
    assert never.text == "Both methods equally often have not arrived after 9 steps: each from 100 % of the starts."
