"""What a race says agrees with what it did, number for number, and its script runs it again."""

import contextlib
import io
import re

import numpy as np
import pandas as pd
import pytest

from landscape.code.package import snippet
from landscape.curvature import SHAPES
from landscape.descent.commentary import captions
from landscape.descent.ending import PLACES, STATUS, outcome, place
from landscape.descent.race import hold, left_map
from landscape.descent.report import findings, scoreboard, sentence, table
from landscape.descent.schedules import SCHEDULES
from landscape.figures.descent.race import alternative, gaps
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES, surface_from_formula
from landscape.typed import own


def gd(lr):
    return OPTIMIZERS["gradient_descent"](lr=lr)


def race_of(surface, start, steps=40, tolerance=1e-3, **methods):
    return hold(surface, methods, np.array(start, dtype=float), steps, tolerance=tolerance)


BOWL = surface_from_formula("x**2/2 + 2*y**2")
MIXED = race_of(
    SURFACES["himmelblau"],
    (0.5, 0.5),
    gradient_descent=gd(0.01),
    momentum=OPTIMIZERS["momentum"](lr=10.0),
    adam=OPTIMIZERS["adam"](lr=0.001),
    newton=OPTIMIZERS["newton"](),
)


# Sentences.


@pytest.mark.parametrize(
    ("formula", "optimizer", "start", "expected"),
    [
        # x_k = 2**-k, which is within .001 at 10
        ("x**2/2 + y**2/2", gd(0.5), (1, 0), "Gradient descent converged at step 10, at a minimum"),
        ("x**2/2 + y**2/2", gd(1e-3), (1, 0), "Gradient descent was still moving after 40 steps"),
        # 1, -9, 81: off the map, which ends at 5, with the first step; 9**9 is past 1e8
        ("x**2/2 + y**2/2", gd(10.0), (1, 0), "Gradient descent left the map at step 1 and diverged at step 9"),
        (
            *("x**3 + y", OPTIMIZERS["newton"](), (1, 0)),
            "Newton stalled at step 0, where the slope is still 3.16. Its matrix is singular there, "
            "and no single step solves its model",
        ),
        (
            *("abs(x) + y", OPTIMIZERS["newton"](), (0, 1)),
            "Newton stalled at step 0, where it is given a slope of 1. Its matrix is singular there, "
            "and no single step solves its model",
        ),
        ("x", gd(1.0), (0, 0), "Gradient descent left the map at step 6 and was still moving after 40 steps"),
    ],
)
def test_a_sentence_says_how_a_run_ended(formula, optimizer, start, expected):
    race = race_of(surface_from_formula(formula), start, **{optimizer.key: optimizer})
    assert sentence(race, optimizer.key) == expected


@pytest.mark.parametrize("key", MIXED.runs)
def test_the_numbers_of_a_sentence_are_the_runs(key):
    text, run = sentence(MIXED, key), MIXED.runs[key]
    assert text.startswith(OPTIMIZERS[key].title)
    assert str(int(run.stop)) in re.findall(r"\d+", text)
    assert ("left the map" in text) == (left_map(run, MIXED.surface.domain) is not None)
    assert STATUS[str(run.status)] in text


def test_every_status_has_its_words():
    assert set(STATUS) == {"converged", "diverged", "stalled", "max_steps"}
    assert set(PLACES) == set(SHAPES)


@pytest.mark.parametrize(
    ("formula", "start", "words"),
    [
        ("x**2 + y**2", (1, 1), "at a minimum"),
        ("x**2 - y**2", (1, 1), "at a saddle"),
        ("-x**2 - y**2", (1, 1), "at a maximum"),
        ("5 + 0*x", (1, 1), "where the curvature is 0"),
        ("x**2 + 0*y", (0, 1), "where one curvature is 0"),
        ("sqrt(x**2 + y**2)", (0, 0), "at the bottom of a crease"),
        ("x**2 + 0*y - abs(y)", (0, 0), "on a crease"),
    ],
)
def test_what_a_run_has_come_to_is_said(formula, start, words):
    race = race_of(surface_from_formula(formula), start, newton=OPTIMIZERS["newton"](), steps=20)
    run = race.runs["newton"]
    assert (run.status, place(race.surface, run)) == ("converged", words)
    assert scoreboard(race, 1.0)[0]["status"] == f"converged {words}"
    assert findings(race)[0].text.endswith(f" It has come to rest {words}.")


def test_a_run_that_cannot_begin_is_not_said_to_diverge():
    race = race_of(surface_from_formula("sqrt(x - 1) + y**2"), (1, 1), steps=3, newton=OPTIMIZERS["newton"]())
    assert race.runs["newton"].stop == 0
    assert scoreboard(race, 1.0)[0]["status"] == "cannot begin"
    assert captions(race, np.array([[0, 3]])) == ["Newton cannot begin."] * 2
    assert alternative(race).endswith("and paths from (1, 1). Newton cannot begin.")


def test_a_slope_that_fades_is_said_to():
    race = race_of(surface_from_formula("exp(-x) + y**2"), (12, 0), tolerance=1e-4, gradient_descent=gd(0.1))
    assert scoreboard(race, 1.0)[0]["status"] == "still moving, slope fades"
    assert sentence(race, "gradient_descent") == (
        "Gradient descent was still moving after 40 steps, though its slope fades"
    )


def test_a_run_that_flies_through_the_minimum_is_not_said_to_be_on_fading_ground():
    """At rate 1/2 the first step of momentum on the sphere is to 0, with a velocity as long as that step."""
    through = OPTIMIZERS["momentum"](lr=0.5, momentum=0.9)
    race = race_of(SURFACES["sphere"], (4, -3), steps=1, momentum=through)
    assert race.runs["momentum"].gradient_norm[-1] == 0
    assert scoreboard(race, 1.0)[0]["status"] == "still moving"
    assert sentence(race, "momentum") == "Momentum was still moving after 1 step"
    assert findings(race)[0].text.endswith("0 above the minimum after 1 step, for the price of 1 gradient.")


def test_values_that_a_search_asked_for_are_named_beside_the_price():
    armijo = OPTIMIZERS["gradient_descent_armijo"]()
    race = race_of(SURFACES["rosenbrock"], (-1.2, 1), steps=40, gradient_descent_armijo=armijo)
    values = int(race.runs["gradient_descent_armijo"].evaluations.value[-1])
    assert values > 100
    assert f" gradients. It also took {values} values." in findings(race)[0].text


# Findings.


def test_the_stable_rate_is_two_over_the_largest_curvature():
    ground = findings(race_of(BOWL, (2, 1), gradient_descent=gd(0.1)))[-1].text
    # The gradient is (2, 4), the curvatures 1 and 4.
    assert "slope is **4.472**" in ground
    assert "curvatures are **4** and **1**" in ground
    assert "below a rate of 2/4 = **0.5**" in ground


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("x**2 - y**2", "its model's saddle"),
        ("-x**2 - y**2", "bends down every way"),
        ("x + y", "To second order the ground does not bend"),
        ("y - x**2", "bends down one way and not at all the other"),
        ("log(x - 3)", "no finite slope"),
        ("sqrt(x - 1)", "no finite slope"),
    ],
)
def test_the_ground_is_named_for_what_it_is(formula, words):
    told = findings(race_of(surface_from_formula(formula), (1, 1), newton=OPTIMIZERS["newton"]()))
    (ground,) = (each.text for each in told if each.kind in ("race.ground", "race.no_slope"))
    assert re.search(words, ground)


def test_on_a_hilltop_newton_is_said_to_make_for_the_top_and_not_to_climb():
    """Its whole step from here is so long that it comes down on the other side."""
    race = race_of(SURFACES["himmelblau"], (1.341, 0.271), steps=1, newton=OPTIMIZERS["newton"]())
    values = race.runs["newton"].value
    assert values[1] < values[0] - 43
    (ground,) = (each for each in findings(race) if each.kind == "race.ground")
    assert ground.numbers["shape"] == "hilltop"
    assert ground.text.endswith("The ground bends down every way, so Newton makes for the top of its model.")


def test_the_first_at_the_minimum_answers_the_question():
    text, run = findings(MIXED)[0].text, MIXED.runs["gradient_descent"]
    # Newton rests before, on a hilltop.
    assert MIXED.runs["newton"].stop < run.stop
    gradients = run.evaluations.gradient[-1]
    assert text == (
        f"**Gradient descent** is first: at the minimum after {run.stop} steps, for the price of {gradients} gradients."
    )


def test_a_minimum_beside_the_map_is_not_said_to_be_on_it():
    """Waves are as deep beyond the edge; from 2.9 in x gradient descent goes to 3 pi/2 in x."""
    race = race_of(own("sin(x) + sin(y)"), (2.9, -1.6), steps=60, tolerance=1e-10, gradient_descent=gd(0.5))
    x = race.runs["gradient_descent"].x[-1]
    assert x == pytest.approx([1.5 * np.pi, -0.5 * np.pi], abs=1e-6)
    assert findings(race)[0].text.startswith("**Gradient descent** is there: off the map, at its lowest height, ")


def test_at_a_minimum_without_curvature_a_method_is_at_the_bottom():
    race = race_of(own("x^4 + y^4"), (1, 1), steps=60, tolerance=1e-10, newton=OPTIMIZERS["newton"]())
    assert place(race.surface, race.runs["newton"]) == "where the curvature is 0"
    stop = race.runs["newton"].stop
    # Each step takes a third: (2/3)**k / 3 <= 1e-6 from k = 32 on, when the slope is long gone.
    assert stop == 32
    assert findings(race)[0].text.startswith("**Newton** is there: at the lowest point of this map after 32 steps, ")


def test_who_is_first_at_the_same_step_and_price_is_first_together():
    methods = {"newton": OPTIMIZERS["newton"](), "lion": OPTIMIZERS["lion"](lr=0.1), "gradient_descent": gd(0.1)}
    at_rest = race_of(SURFACES["sphere"], (0, 0), steps=5, **methods)
    (first,) = (each for each in findings(at_rest) if each.kind == "race.first")
    assert first.text.startswith("**Newton**, **Lion** and **Gradient descent** are first together. They are at the ")
    assert first.numbers["level"] == ("lion", "gradient_descent")
    assert first.text.endswith(" gradients each.")
    # From here both search along the gradient, and are at 0 with their first step.
    searching = {key: OPTIMIZERS[key]() for key in ("bfgs", "lbfgs")}
    found = findings(race_of(SURFACES["sphere"], (4, -3), steps=5, **searching))[0]
    assert found.numbers["level"] == ("lbfgs",)
    assert found.text.endswith(f" gradients each. Each also took {found.numbers['values']} values.")
    nobody = race_of(SURFACES["monkey_saddle"], (0, 0), steps=5, **methods)
    (lowest,) = (each for each in findings(nobody) if each.kind == "race.lowest")
    assert "As low: Lion, Gradient descent." in lowest.text


def test_where_nobody_arrives_the_lowest_that_has_not_diverged_is_told_of():
    race = race_of(SURFACES["himmelblau"], (0.5, 0.5), steps=5, **MIXED.optimizers)
    run = race.runs["gradient_descent"]
    assert findings(race)[0].text == (
        f"None comes to rest at the bottom. Lowest: **Gradient descent**, {run.value[-1]:.3g} above the minimum "
        f"after 5 steps, for the price of {run.evaluations.gradient[-1]} gradients."
    )


def test_below_the_lowest_point_of_the_map_is_said_and_not_drawn_as_zero():
    surface = SURFACES["mccormick"]
    race = hold(surface, {"gradient_descent": gd(0.1)}, np.array([-1.4, -2.9]), 300)
    below = surface.minima[0].value - race.runs["gradient_descent"].value[-1]
    assert below > 3
    assert f"off the map, {below:.3g} below its lowest point, after" in findings(race)[0].text
    assert np.isnan(gaps(race)["gradient_descent"][-1])


@pytest.mark.parametrize(
    ("name", "start", "words"),
    [("ackley", (0.0, 0.0), "lies on a crease"), ("abs_valley", None, "Across a crease no rate is safe")],
)
def test_no_safe_rate_is_read_off_a_kink(name, start, words):
    surface = SURFACES[name]
    race = hold(surface, {"gradient_descent": gd(0.1)}, np.array(start or surface.start), 5)
    assert words in findings(race)[1].text
    assert "stable" not in findings(race)[1].text


def test_without_a_known_minimum_the_height_is_the_value():
    race = race_of(BOWL, (2, 1), newton=OPTIMIZERS["newton"](lr=0.5), steps=1)
    # Half the way to the bottom: 1/4 of 4.
    assert "Newton**, f = 1 after 1 step, for the price of 3 gradients." in findings(race)[0].text


def test_of_equal_ends_the_earlier_wins():
    methods = {"newton": OPTIMIZERS["newton"](), "gradient_descent": gd(1.0)}
    race = race_of(surface_from_formula("x**2/2 + y**2/2"), (3, 4), tolerance=0.0, **methods)
    assert "Newton" in findings(race)[0].text


def test_what_was_lost_is_told_and_what_went_well_is_not():
    told = findings(MIXED)[-1].text
    for key, run in MIXED.runs.items():
        lost = str(run.status) in ("diverged", "stalled") or left_map(run, MIXED.surface.domain)
        assert bool(lost) == (sentence(MIXED, key) in told)


def test_when_all_diverge_nobody_wins():
    race = race_of(BOWL, (2, 1), gradient_descent=gd(10.0))
    assert len(findings(race)) == 2
    assert "diverged" in findings(race)[0].text


def test_a_race_without_contestants_still_has_its_ground():
    assert len(findings(race_of(BOWL, (2, 1)))) == 1


@pytest.mark.parametrize("key", SURFACES)
def test_every_surface_has_findings_from_its_own_start(key):
    race = race_of(SURFACES[key], SURFACES[key].start, gradient_descent=gd(0.01), newton=OPTIMIZERS["newton"]())
    for _, _, text in findings(race):
        assert text.endswith(".")
        assert not re.search(r"\b(nan|inf)\b", text)


# Tables.


def test_the_scoreboard_agrees_with_the_runs():
    board = pd.DataFrame(scoreboard(MIXED, target=1.0))
    assert len(board) == len(MIXED.runs)
    assert list(board) == [
        *(
            "method",
            "rate",
            "final value",
            "distance to minimum",
            "steps to target",
            "gradients",
            "Hessians",
            "values",
            "status",
        )
    ]
    minima = np.array([m.point for m in MIXED.surface.minima])
    for key, run in MIXED.runs.items():
        row = board[board.method == OPTIMIZERS[key].title].iloc[0]
        assert row["rate"] == MIXED.optimizers[key].lr
        assert row["final value"] == run.value[-1]
        assert row["distance to minimum"] == pytest.approx(np.linalg.norm(minima - run.x[-1], axis=1).min())
        assert row["gradients"] == run.evaluations.gradient[-1]
        assert row["Hessians"] == run.evaluations.hessian[-1]
        assert row["values"] == run.evaluations.value[-1]
        assert row["status"] == outcome(MIXED.surface, run, MIXED.tolerance)
        reached = np.flatnonzero(run.gradient_norm <= 1.0)
        assert row["steps to target"] == reached[0] if len(reached) else pd.isna(row["steps to target"])


def test_the_scoreboard_is_sorted_with_the_lost_at_the_end():
    board = pd.DataFrame(scoreboard(MIXED, target=1.0))
    lost = (board.status == "diverged").to_numpy()
    assert lost.any()
    assert np.all(np.diff(lost.astype(int)) >= 0)
    for part in (board[lost], board[~lost]):
        assert part["final value"].is_monotonic_increasing


def test_without_a_known_minimum_the_distance_is_infinite():
    assert scoreboard(race_of(BOWL, (2, 1), gradient_descent=gd(0.1)), 1.0)[0]["distance to minimum"] == np.inf


def test_the_table_has_every_step_of_every_run():
    rows = table(MIXED)
    assert len(rows) == len(MIXED.runs) * 41
    assert list(rows) == [
        *("step", "x0", "x1", "value", "gradient_norm"),
        *("value_calls", "gradient_calls", "hessian_calls", "hessian_vector_calls", "jacobian_calls", "method"),
    ]
    for key, run in MIXED.runs.items():
        part = rows[rows.method == key]
        np.testing.assert_array_equal(part.step, range(41))
        np.testing.assert_array_equal(part[["x0", "x1"]], run.x)
        np.testing.assert_array_equal(part.value, run.value)


# The script.


def replay(script):
    """Run a snippet as printed; its names, and what it prints."""
    names: dict = {}
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(script, names)
    return names, out.getvalue()


@pytest.mark.parametrize(
    ("surface", "options"),
    [
        (SURFACES["himmelblau"], {}),
        (SURFACES["quadratic"].with_(kappa=50, angle=12.5), {}),
        (SURFACES["rosenbrock"], {"noise": 0.3, "seed": 5}),
        (SURFACES["double_well"].with_(tilt=0.1), {"schedule": SCHEDULES["step"](gamma=0.25, drops=3)}),
        (SURFACES["beale"], {"noise": 1e-3, "seed": 0, "schedule": SCHEDULES["one_cycle"]()}),
        (SURFACES["saddle"], {"schedule": SCHEDULES["constant"]()}),
    ],
)
def test_the_script_runs_the_same_race_again(surface, options):
    methods = {
        "momentum": OPTIMIZERS["momentum"](lr=0.0123, momentum=1 / 3),
        "rmsprop": OPTIMIZERS["rmsprop"](lr=0.01, centered=True),
        "newton": OPTIMIZERS["newton"](),
    }
    start = np.array([0.1 + 0.2, -1 / 7])
    race = hold(surface, methods, start, 25, tolerance=1e-5, **options)
    names, printed = replay(snippet(race, 25, **options))
    again = names["race"]
    assert again.surface == surface
    assert again.optimizers == methods
    assert again.tolerance == race.tolerance
    for key, run in race.runs.items():
        np.testing.assert_array_equal(again.runs[key].x, run.x)
        assert again.runs[key].status == run.status
        assert f"{key} " in printed
        assert f"{run.value[-1]} {run.status}" in printed


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_every_method_can_be_written_down(key):
    race = hold(SURFACES["himmelblau"], {key: OPTIMIZERS[key]()}, np.array([1.0, 1.0]), 3)
    names, _ = replay(snippet(race, 3))
    np.testing.assert_array_equal(names["race"].runs[key].x, race.runs[key].x)


@pytest.mark.parametrize("key", SCHEDULES)
def test_every_schedule_can_be_written_down(key):
    options = {"schedule": SCHEDULES[key]()}
    race = hold(SURFACES["himmelblau"], {"adam": OPTIMIZERS["adam"](lr=0.1)}, np.array([1.0, 1.0]), 9, **options)
    names, _ = replay(snippet(race, 9, **options))
    np.testing.assert_array_equal(names["race"].runs["adam"].x, race.runs["adam"].x)


@pytest.mark.parametrize("key", SURFACES)
def test_every_surface_can_be_written_down(key):
    race = hold(SURFACES[key], {"newton": OPTIMIZERS["newton"]()}, np.array(SURFACES[key].start), 2)
    names, _ = replay(snippet(race, 2))
    assert names["surface"] == SURFACES[key]


def test_the_script_mentions_only_what_it_needs():
    plain = snippet(hold(SURFACES["sphere"], {}, np.array([1.0, 1.0]), 3), 3)
    assert "noise" not in plain
    assert "SCHEDULES" not in plain
    assert "numpy" not in plain
    assert plain.startswith("from landscape import LANDSCAPES, OPTIMIZERS, hold\n\n")
    assert plain.count("import") == 1
