"""The stages of the Slope page: what is drawn is what was computed, what follows a hand begins as it is drawn."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from landscape.calculus.curves import CURVES
from landscape.calculus.densities import SHAPES, density
from landscape.calculus.differences import DIFFERENCES, difference
from landscape.calculus.dimension_report import Asked
from landscape.calculus.dimensions import dimensions
from landscape.calculus.expansion_run import expansion
from landscape.calculus.expectations import AVERAGED, expectation
from landscape.calculus.mini_batches import NOISY, mini_batches
from landscape.calculus.noise_ball import noise_ball
from landscape.calculus.paths import towards
from landscape.calculus.plane import plane
from landscape.calculus.quadratures import QUADRATURES, quadrature
from landscape.calculus.secants import SECANTS, secants
from landscape.calculus.step_errors import step_errors
from landscape.calculus.stepping import METHODS, starts, stepping
from landscape.calculus.sums import RULES, outline, sums
from landscape.figures.calculus.common import QUOTIENTS
from landscape.figures.calculus.dimensions import dimensions_stage
from landscape.figures.calculus.expectation import expectation_stage
from landscape.figures.calculus.guess import guess_stage
from landscape.figures.calculus.mini_batches import batch_stage
from landscape.figures.calculus.noise_ball import RADIUS, ball_stage
from landscape.figures.calculus.plane import EDGE, plane_stage, straight
from landscape.figures.calculus.secant import secant_stage
from landscape.figures.calculus.step_error import step_error_stage
from landscape.figures.calculus.stepping import stepping_stage
from landscape.figures.calculus.sums import LOOKS, sums_stage
from landscape.figures.calculus.taylor import taylor_stage
from landscape.figures.kit.animated import unpacked
from landscape.figures.kit.landmarks import EXITS
from landscape.figures.kit.meta import CLOCK
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import THEMES
from landscape.formulas.program import NAMES, Program
from landscape.numbers import short
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES

LIGHT, DARK = THEMES["light"], THEMES["dark"]
SPAN = (0.01, 10.0)
FUNCTIONS = {name: function for function, name in NAMES.items()}


def secant(key: str, x: float | None = None, h: float = 0.5, scheme: str = "forward", theme: Any = LIGHT) -> Stage:
    curve = CURVES[key]
    return secant_stage(secants(curve, curve.at if x is None else x, h, scheme), theme, SPAN)


def stepped(key: str, start: float | None = None, rate: float = 0.1, steps: int = 6) -> Stage:
    curve = CURVES[key]
    found = stepping(curve, curve.at if start is None else start, rate, steps)
    return stepping_stage(found, LIGHT, (starts(curve), (0.001, 10.0)))


STAGES: dict[str, Callable[[str], Stage]] = {
    "secant": secant,
    "error": lambda key: step_error_stage(step_errors(CURVES[key], CURVES[key].at), "double", LIGHT),
    "taylor": lambda key: taylor_stage(expansion(CURVES[key], CURVES[key].at, CURVES[key].domain[1]), DARK),
    "step": stepped,
}


def planar(key: str, angle: float = 30.0, bend: float = 0.0) -> Stage:
    return plane_stage(plane(SURFACES[key], SURFACES[key].start, angle, bend), LIGHT)


def named(stage: Stage, name: str, panel: str = "x") -> tuple[np.ndarray, np.ndarray]:
    (trace,) = [t for t in stage.figure.to_dict()["data"] if t["name"] == name and t.get("xaxis", "x") == panel]
    return tuple(unpacked(trace[axis]) if isinstance(trace[axis], dict) else np.array(trace[axis]) for axis in "xy")


def frame(stage: Stage, name: str, k: int) -> np.ndarray:
    spec = stage.figure.to_dict()
    place = [t["name"] for t in spec["data"]].index(name)
    update = spec["frames"][k]["data"][spec["frames"][k]["traces"].index(place)]
    return np.array([update["x"], update["y"]], dtype=float)


def run(program: dict[str, Any], inputs: list[float]) -> list[float]:
    """A recorded program as the browser runs it."""
    registers = tuple(float(r) if r is not None else None for r in program["registers"])
    operations = tuple((result, FUNCTIONS[name], tuple(args)) for name, result, *args in program["operations"])
    return Program(tuple(program["inputs"]), registers, operations, tuple(program["outputs"]))(*inputs)


@pytest.mark.parametrize("key", CURVES)
@pytest.mark.parametrize("kind", STAGES)
def test_every_curve_is_drawn_and_said_in_words(kind: str, key: str) -> None:
    stage = STAGES[kind](key)
    assert len(stage.figure.to_dict()["frames"]) == len(stage.times)
    assert stage.alt.startswith(CURVES[key].title)
    assert stage.alt.endswith(".")
    assert all(len(caption.split()) <= 22 for caption in stage.meta["captions"])


@pytest.mark.parametrize("kind", STAGES)
def test_plotly_takes_it(kind: str) -> None:
    assert STAGES[kind]("logarithm").figure.checked().frames


@pytest.mark.parametrize("key", CURVES)
@pytest.mark.parametrize("kind", ["secant", "taylor", "step"])
def test_what_follows_a_hand_begins_as_it_is_drawn(kind: str, key: str) -> None:
    follows(STAGES[kind](key))


@pytest.mark.parametrize("kind", ["taylor", "step"])
@pytest.mark.parametrize("frame", [0, 3, -1])
def test_what_is_said_while_held_is_of_the_play_head(kind: str, frame: int) -> None:
    stage = STAGES[kind]("wave")
    told, values = stage.meta["live"]["sentence"], stage.meta["live"]["values"]
    at = {name: value["at"] for name, value in values.items()} | {CLOCK: float(stage.times[frame])}
    numbers = run(told["program"], [at[name] for name in told["reads"]])
    said = "".join(short(numbers[part]) if isinstance(part, int) else part for part in told["parts"])
    assert said == stage.meta["captions"][frame]


def test_no_tangent_is_told_of_where_a_kink_is_held() -> None:
    told = secant_stage(secants(CURVES["kink"], 0.6, 1.0, "forward"), LIGHT, (0.01, 10.0)).meta["live"]["sentence"]
    secant, slope, error = run(told["program"], [0.0, 0.5])
    assert secant == 1
    assert np.isnan([slope, error]).all()
    assert run(told["program"], [0.25, 0.5])[1:] == pytest.approx([1, 0])


@pytest.mark.parametrize("key", CURVES)
def test_the_line_of_a_guess_is_tilted_about_the_point(key: str) -> None:
    curve = CURVES[key]
    stage = guess_stage(secants(curve, curve.at, 1.0, "forward"), "slope", 0.7, (-2.0, 2.0), LIGHT)
    follows(stage)
    x, y = (each.astype(float) for each in named(stage, "your line"))
    assert (y[1] - y[0]) / (x[1] - x[0]) == pytest.approx(0.7, rel=1e-5)
    assert np.interp(curve.at, x, y) == pytest.approx(float(curve.value(np.array(curve.at))), abs=1e-4)


@pytest.mark.parametrize("key", CURVES)
def test_an_area_follows_its_ends(key: str) -> None:
    curve = CURVES[key]
    low, high = curve.domain
    a, b = low + 0.3 * (high - low), low + 0.8 * (high - low)
    stage = sums_stage(sums(curve, a, b), "midpoint", LIGHT)
    follows(stage)
    told = stage.meta["live"]["sentence"]
    assert run(told["program"], [a + 0.1, b])[2] == pytest.approx(curve.integral(a + 0.1, b), rel=1e-12)
    # Neither end can be held beyond the other.
    values = stage.meta["live"]["values"]
    assert values["a"]["high"] < b
    assert values["b"]["low"] > a


@pytest.mark.parametrize("key", ["peaks", "saddle", "himmelblau"])
def test_arrows_and_level_lines_follow_the_point_and_the_direction(key: str) -> None:
    follows(planar(key, 200.0, -0.6))
    stage = planar(key)
    follows(stage)
    assert stage.figure.checked().frames
    assert stage.first == 0


def test_the_chain_rule_is_the_slope_along_a_bent_path() -> None:
    found = plane(SURFACES["peaks"], (0.3, -0.4), 75.0, 0.8)
    np.testing.assert_allclose(found.rates, found.differences, rtol=1e-7, atol=1e-7)
    np.testing.assert_allclose(np.gradient(found.path, found.s, axis=0)[1:-1], found.velocities[1:-1], atol=1e-9)
    assert np.abs(found.rates - found.gradients @ found.direction).max() > 0.1


def test_the_level_lines_stand_at_right_angles_to_the_gradient() -> None:
    x, y = named(planar("peaks"), "tangent plane")
    along = np.array([x[1] - x[0], y[1] - y[0]], dtype=float)
    gradient = SURFACES["peaks"].gradient(np.array(SURFACES["peaks"].start))
    assert abs(along @ gradient) < 1e-5 * np.linalg.norm(along) * np.linalg.norm(gradient)


def follows(stage: Stage) -> None:
    """What the browser would draw for the values as they are is what is drawn."""
    told = stage.meta["live"]
    spec, values = stage.figure.to_dict(), told["values"]
    for curve in told["curves"]:
        trace = spec["data"][curve["trace"]]
        drawn = [unpacked(v) if isinstance(v, dict) else np.array(v, dtype=float) for v in (trace["x"], trace["y"])]
        held = [values[name]["at"] for name in curve["reads"]]
        followed = np.array(
            [run(curve["program"], [*held, *map(number, lane)]) for lane in curve["lanes"]], dtype=float
        ).T
        for mine, theirs in zip(followed, drawn, strict=True):
            size = np.nanmax(np.abs(theirs), initial=1.0)
            np.testing.assert_allclose(mine, theirs, rtol=2e-5, atol=2e-5 * size, err_msg=trace["name"])


def number(lane: float | None) -> float:
    return np.nan if lane is None else lane


@pytest.mark.parametrize("rate", [0.05, 0.4, 0.8])
def test_the_ellipse_follows_the_rate_and_holds_95_in_100(rate: float) -> None:
    found = noise_ball(rate, 2)
    stage = ball_stage(found, False, (0.02, 1.0), LIGHT)
    follows(stage)
    x, y = named(stage, "predicted")
    assert np.isnan(x).all() == (not found.settles)
    if found.settles:
        late = found.x[-1] @ np.linalg.inv(np.linalg.cholesky(found.theory.exact)).T
        assert np.mean(np.sum(late**2, axis=1) <= RADIUS**2) == pytest.approx(0.95, abs=0.03)
        edge = np.stack([x, y], axis=1).astype(float) @ np.linalg.inv(np.linalg.cholesky(found.theory.exact)).T
        np.testing.assert_allclose(np.linalg.norm(edge, axis=1), RADIUS, rtol=1e-5)


@pytest.mark.parametrize("key", NOISY)
def test_the_cloud_of_batches_shrinks_under_its_ellipse(key: str) -> None:
    found = mini_batches(key, 1, False)
    stage = batch_stage(found, DARK)
    assert stage.figure.checked().frames
    for k in (0, found.at(10)):
        x, y = frame(stage, "batches", k)
        np.testing.assert_allclose(np.stack([x, y], axis=1), found.drawn[k, : len(x)], rtol=6e-3, atol=1e-9)
        edge = (frame(stage, "predicted", k).T - found.true) @ np.linalg.inv(np.linalg.cholesky(found.told[k])).T
        np.testing.assert_allclose(np.linalg.norm(edge, axis=1), RADIUS, rtol=0.02)
    # All samples at once are one point.
    assert np.ptp(frame(stage, "predicted", -1)) == pytest.approx(np.ptp(found.true), rel=1e-2)


@pytest.mark.parametrize("d", [1, 4, 10])
def test_errors_by_points_follow_the_dimension(d: int) -> None:
    found = dimensions()
    stage = dimensions_stage(Asked(found, d), LIGHT)
    follows(stage)
    whole, side, grid, random = run(stage.meta["live"]["sentence"]["program"], [d + 0.4])
    assert (whole, side) == (d, found.side["midpoint"][d - 1, -1])
    np.testing.assert_allclose([grid, random], [found.grid["midpoint"][d - 1, -1], found.told[d - 1, -1]], rtol=1e-6)
    assert stage.figure.checked().frames


@pytest.mark.parametrize("averaged", AVERAGED)
@pytest.mark.parametrize("shape", SHAPES)
def test_densities_and_what_is_averaged_follow_their_means_and_widths(shape: str, averaged: str) -> None:
    found = expectation(density(shape, -0.5, 1.2), density("normal", 1.5, 0.9), averaged)
    stage = expectation_stage(found, ((-4.0, 4.0), (0.3, 2.5)), LIGHT)
    follows(stage)
    said = stage.meta["live"]["sentence"]
    entropy, cross, kl = run(said["program"], [-0.5, 1.2, 1.5, 0.9])
    np.testing.assert_allclose([entropy, cross, kl], [found.entropy, found.cross, found.kl], rtol=1e-9)
    # Of each stroke of the hatching the play head shows the upper end.
    x, y = named(stage, "area under p")
    for k, reached in enumerate(stage.meta["schedule"][0]):
        assert x[reached] == pytest.approx(found.x[k])
        assert y[reached] == pytest.approx(float(found.p.value(found.x[k])), abs=1e-6)
    assert stage.figure.checked()


@pytest.mark.parametrize("rule", RULES)
def test_the_pieces_drawn_have_the_area_that_the_rule_adds_up(rule: str) -> None:
    curve = CURVES["sine"]
    shapes = outline(curve, 0.0, 3.0, 6, rule)[:, :-1]
    areas = np.trapezoid(shapes[..., 1], shapes[..., 0], axis=1)
    expected = float(quadrature(curve.compiled, 0.0, 3.0, 6, rule))
    assert areas.sum() == pytest.approx(expected, rel=1e-9 if rule != "simpson" else 2e-3)
    stage = sums_stage(sums(curve, 0.0, 3.0), rule, DARK)
    assert stage.figure.checked().frames
    assert set(LOOKS) == set(QUADRATURES)


@pytest.mark.parametrize("scheme", SECANTS)
def test_the_secant_meets_the_curve_at_its_ends_in_every_frame(scheme: str) -> None:
    curve, stage = CURVES["wave"], secant("wave", 6.0, 4.0, scheme)
    for k, h in ((0, 4.0), (6, 2.0), (60, 4.0 / 1024)):
        x, y = frame(stage, "ends", k)
        np.testing.assert_allclose(np.ptp(x), h * (2 if scheme == "central" else 1), rtol=1e-2)
        np.testing.assert_allclose(y, curve.value(x), rtol=2e-3)
        (a, b), (c, d) = frame(stage, "secant", k)
        slope = difference(curve.compiled, 6.0, h, scheme)
        assert (d - c) / (b - a) == pytest.approx(float(slope), rel=1e-3)


def test_no_tangent_is_drawn_at_a_kink() -> None:
    assert np.isnan(named(secant("kink", 0.0), "tangent")[1]).all()
    assert "There is no tangent" in secant("kink", 0.0).meta["captions"][0]


def test_a_secant_that_leaves_the_domain_is_said_and_not_drawn() -> None:
    stage = secant("logarithm", 0.0, 4.0, "backward")
    assert "no value at one end" in stage.meta["captions"][0]
    assert np.ptp(frame(stage, "secant", 0)[0]) == 0
    assert np.ptp(frame(stage, "secant", 20)[0]) > 1


def test_the_errors_drawn_are_those_of_the_quotients() -> None:
    curve, stage = CURVES["sine"], STAGES["error"]("sine")
    decades, drawn = named(stage, "Forward")
    h = 10.0 ** -decades.astype(float)
    for k in (0, 20, 60):
        exact = abs((np.sin(1 + h[k]) - np.sin(1.0)) / h[k] - np.cos(1.0))
        assert drawn[k] == pytest.approx(exact, rel=1e-2 if k < 60 else 9)
    assert curve.at == 1.0
    # In the end the computer sees a staircase, not a line.
    assert len(np.unique(frame(stage, "f, as computed", -1)[1])) <= 6
    assert len(np.unique(frame(stage, "f, as computed", 0)[1])) > 40


def test_the_polynomial_drawn_is_taylor_s() -> None:
    stage = taylor_stage(expansion(CURVES["exponential"], 0.0, 2.0), LIGHT)
    x, y = frame(stage, "Taylor polynomial", 3)
    np.testing.assert_allclose(y, 1 + x + x**2 / 2 + x**3 / 6, rtol=1e-2, atol=2e-3)
    assert stage.meta["times"] == list(range(13))


def test_a_polynomial_ends_where_the_derivatives_do() -> None:
    stage = taylor_stage(expansion(CURVES["kink"], 0.0, 1.0), LIGHT)
    assert "There is no term of order 1 here" in stage.meta["captions"][1]
    np.testing.assert_array_equal(frame(stage, "Taylor polynomial", 9)[1], 0)


@pytest.mark.parametrize("method", METHODS)
def test_each_step_goes_to_the_bottom_of_the_parabola_it_trusts(method: str) -> None:
    curve = CURVES["quartic"]
    stage, run_of = stepped("quartic", 1.5, 0.05), stepping(curve, 1.5, 0.05, 6)
    for k in (0, 2):
        x, y = frame(stage, f"{OPTIMIZERS[method].title}, trusted", k)
        assert x[np.argmin(y)] == pytest.approx(run_of.x(method)[k + 1], abs=0.03)


def test_newton_keeps_two_thirds_on_the_quartic_and_gradient_descent_has_its_factor() -> None:
    quartic = stepping(CURVES["quartic"], 1.5, 0.05, 20)
    np.testing.assert_allclose(quartic.x("newton")[1:] / quartic.x("newton")[:-1], 2 / 3, rtol=1e-12)
    for rate, factor in ((0.05, 0.9), (0.2, 0.6), (1.1, -1.2)):
        x = stepping(CURVES["square"], 10.0, rate, 10).x("gradient_descent")
        np.testing.assert_allclose(x[1:] / x[:-1], factor, rtol=1e-9)


def test_every_quotient_has_a_look_of_its_own() -> None:
    assert set(QUOTIENTS) == set(DIFFERENCES)
    for each in zip(*QUOTIENTS.values(), strict=True):
        assert len(set(each)) == len(QUOTIENTS)


def test_a_run_that_leaves_the_picture_is_marked_on_its_edge() -> None:
    drawn = stepped("wave", 10.0, 0.5, 12)
    mark = next(trace for trace in drawn.still if trace["name"] == EXITS)
    assert mark["hovertext"] == ["Newton left the map at step 2"]
    path = stepping(CURVES["wave"], 10.0, 0.5, 12).x("newton")[1:3]
    edge, share = CURVES["wave"].domain[1], (CURVES["wave"].domain[1] - path[0]) / (path[1] - path[0])
    before, after = CURVES["wave"].value(path)
    assert (mark["x"], mark["y"]) == ([pytest.approx(edge)], [pytest.approx(before + share * (after - before))])
    assert drawn.still.index(mark) in drawn.live["faint"], "while the start is held it is of another run"
    assert not next(trace for trace in stepped("wave", 7.0, 0.1).still if trace["name"] == EXITS)["x"]


@pytest.mark.parametrize("key", CURVES)
def test_the_turning_points_that_have_room_are_named_once(key: str) -> None:
    for trace in stepped(key).still:
        if trace["name"] in ("minimum", "maximum"):
            assert [word for word in trace["text"] if word] in ([], [trace["name"]])


def test_straight_up_is_where_the_slope_is_largest() -> None:
    rng, angles = np.random.default_rng(0), np.linspace(0, 360, 3601)
    for u, v in rng.normal(size=(20, 2)):
        slopes = towards(angles) @ [u, v]
        for sign in (1.0, -1.0):
            at, slope = straight(u, v, sign)
            best = (sign * slopes).argmax()
            assert at == pytest.approx(angles[best], abs=0.06)
            assert slope == pytest.approx(slopes[best], rel=1e-5)
            word, inside = straight(u, v, sign, end=False)
            assert EDGE <= word <= 360 - EDGE
            # Inside of the hump: nearer to 0 than the curve over the word.
            assert 0 < sign * inside < sign * float(towards(np.array([word]))[0] @ [u, v]) + 1e-12
