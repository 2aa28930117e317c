"""A recorded step is the optimizer's own, bit by bit; what cannot be recorded says why."""

import json
import operator
from dataclasses import replace

import numpy as np
import pytest

from landscape.descent.descend import descend
from landscape.formulas.expression import parse
from landscape.formulas.program import NAMES, Tape, quotient_at_kink
from landscape.formulas.record import UnrecordableError, measure, record, write_down
from landscape.formulas.recorded import AskedError, Recorded
from landscape.networks import NETWORKS
from landscape.networks.problems import MOST_LANES, PlanarProblem
from landscape.optimizers import OPTIMIZERS
from landscape.regularization.penalties import PENALTIES
from landscape.regularization.two_weights import TWO_WEIGHTS
from landscape.surfaces import SURFACES

# Line searches and trust regions decide by what they find how they go on.
BRANCHING = {
    "levenberg_marquardt",
    "trust_region",
    "bfgs",
    "lbfgs",
    "gradient_descent_armijo",
    "gradient_descent_wolfe",
    "conjugate_gradient",
    "fletcher_reeves",
    "hestenes_stiefel",
}
PLAIN = sorted(set(OPTIMIZERS) - BRANCHING)


def of_numbers(program):
    """The same program with Python's powers, as methods take them of numbers: on some processors numpy's differ by a
    bit."""
    operations = [
        (r, operator.pow if function is np.power else function, args) for r, function, args in program.operations
    ]
    return replace(program, operations=tuple(operations))


def replayed(recording, optimizer, start, steps, tilts=None, factors=None):
    """The iterates, (steps + 1, 2), of a recorded method under numpy's arithmetic."""
    x = [np.float64(v) for v in start]
    turned = [np.float64(getattr(optimizer, name)) for name in recording.knobs]
    step, state, out = of_numbers(recording.step), recording.init(*x, *turned), [x]
    for k in range(steps):
        now = list(turned)
        if factors is not None:
            now[recording.knobs.index("lr")] *= factors[k]
        after = step(*x, *state, *now, *([0.0, 0.0] if tilts is None else tilts[k]))
        x, state = after[:2], after[2:]
        out.append(x)
    return np.array(out, dtype=float)


@pytest.mark.parametrize("key", PLAIN)
@pytest.mark.parametrize("name", ["rosenbrock", "ackley", "abs_valley"])
def test_a_recorded_run_is_the_run(key, name):
    optimizer, surface = OPTIMIZERS[key](), SURFACES[name]
    if not optimizer.applies_to(surface):
        pytest.skip(f"{optimizer.title} needs {optimizer.needs}")
    run = descend(surface, optimizer, np.array(surface.start), 60)
    steps = int(run.stop) - (run.status == "diverged")
    assert np.array_equal(
        replayed(record(optimizer, surface.compiled), optimizer, surface.start, steps), run.x[: steps + 1]
    )


@pytest.mark.parametrize("key", ["gradient_descent", "adam", "newton", "proximal_gradient", "fista"])
@pytest.mark.parametrize("penalty", PENALTIES)
def test_a_run_under_a_penalty_is_recorded_too(key, penalty):
    optimizer = OPTIMIZERS[key](**({} if key == "newton" else {"lr": 0.3}))
    objective = TWO_WEIGHTS["correlated"].loss() + PENALTIES[penalty](0.7)
    start = np.array([-1.0, 1.5])
    run = descend(objective, optimizer, start, 40)
    assert np.allclose(replayed(record(optimizer, objective), optimizer, start, 40), run.x, rtol=1e-9, atol=1e-12)
    value, *gradient = measure(objective)(*start)
    assert value == pytest.approx(objective.value(start), rel=1e-12)
    assert np.allclose(gradient, objective.gradient(start), rtol=1e-12)


PLANAR = [key for key, each in NETWORKS.items() if isinstance(each, PlanarProblem)]


@pytest.mark.parametrize("name", PLANAR)
def test_a_network_of_two_weights_is_recorded_with_its_samples_as_lanes(name):
    problem = NETWORKS[name]
    ground, start = problem.recordable, np.array(problem.start)
    # A mini-batch would need other samples at every step, and many numbers make a long program.
    assert problem.with_(batch_size=2).recordable is None
    images = problem.samples.inputs.ndim > 2
    assert problem.with_(size=MOST_LANES + (not images)).recordable is None
    value, *gradient = measure(ground)(*start)
    assert np.allclose([value, *gradient], [problem.value(start), *problem.gradient(start)], rtol=1e-12, atol=1e-15)
    for key in ("adam", "newton", "saddle_free_newton"):
        optimizer = OPTIMIZERS[key]()
        recording = record(optimizer, ground)
        # Where curvature is nearly nothing a rounding decides how far Newton goes.
        steps = 40 if key == "adam" else 4
        run = descend(problem, optimizer, start, steps)
        assert np.allclose(replayed(recording, optimizer, start, steps), run.x, rtol=1e-9, atol=1e-11), key
        assert len(json.dumps(recording.as_json(), separators=(",", ":"))) <= 15_000


@pytest.mark.parametrize("name", PLANAR)
def test_a_network_s_recorded_hessian_is_its_own(name):
    problem = NETWORKS[name]
    hessian = write_down(lambda *w: problem.recordable.hessian(np.stack(w)).reshape(-1), ["u", "v"])
    (x_low, x_high), (y_low, y_high) = problem.domain
    for x, y in np.random.default_rng(4).uniform((x_low, y_low), (x_high, y_high), (20, 2)):
        exact = problem.hessian(np.array([x, y]))
        assert np.allclose(hessian(x, y), exact.ravel(), rtol=1e-9, atol=1e-12 + 1e-9 * np.abs(exact).max())


def test_what_asks_numpy_for_more_is_refused_with_its_name():
    objective = TWO_WEIGHTS["nuclei"].loss()
    with pytest.raises(UnrecordableError, match="Logistic does what no program can"):
        measure(objective)


@pytest.mark.parametrize("key", sorted(BRANCHING))
def test_what_decides_by_what_it_finds_is_refused_with_that_reason(key):
    with pytest.raises(UnrecordableError, match=f"{OPTIMIZERS[key].title} decides by what it finds"):
        record(OPTIMIZERS[key](), SURFACES["rosenbrock"].compiled)


def test_what_does_not_apply_is_refused_with_what_it_needs():
    with pytest.raises(UnrecordableError, match="Gauss-Newton needs a sum of squares"):
        record(OPTIMIZERS["gauss_newton"](), SURFACES["ackley"].compiled)


def test_one_recording_serves_every_rate():
    surface = SURFACES["himmelblau"]
    recording = record(OPTIMIZERS["adam"](lr=0.5), surface.compiled)
    other = OPTIMIZERS["adam"](lr=0.01, beta1=0.5)
    run = descend(surface, other, np.array(surface.start), 40)
    assert np.array_equal(replayed(recording, other, surface.start, 40), run.x)


@pytest.mark.parametrize(
    ("key", "settings", "settled"),
    [
        ("adam", {}, {"weight_decay"}),
        ("adam", {"weight_decay": 0.1}, {"weight_decay"}),
        ("newton", {}, {"damping", "line_search"}),
        ("rmsprop", {"centered": True}, {"centered"}),
        ("momentum", {}, set()),
    ],
)
def test_a_knob_that_decides_is_settled(key, settings, settled):
    optimizer, surface = OPTIMIZERS[key](**settings), SURFACES["rosenbrock"]
    recording = record(optimizer, surface.compiled)
    every = set(vars(optimizer))
    assert every - set(recording.knobs) == settled
    run = descend(surface, optimizer, np.array(surface.start), 30)
    assert np.array_equal(replayed(recording, optimizer, surface.start, int(run.stop)), run.x[: int(run.stop) + 1])


def test_a_line_search_is_refused_where_it_is_switched_on():
    with pytest.raises(UnrecordableError, match="Newton decides"):
        record(OPTIMIZERS["newton"](line_search=True), SURFACES["rosenbrock"].compiled)


def test_noise_goes_in_as_a_tilt_and_a_schedule_as_factors():
    surface, optimizer = SURFACES["himmelblau"], OPTIMIZERS["momentum"]()
    tilts, factors = 0.3 * np.random.default_rng(5).standard_normal((30, 2)), np.linspace(1, 0.1, 30)
    x, state = np.array(surface.start, dtype=float), optimizer.init(np.zeros(2))
    expected = [x]
    for tilt, factor in zip(tilts, factors, strict=True):
        velocity = optimizer.momentum * state.v + (surface.gradient(x) + tilt)
        x, state = x - optimizer.lr * factor * velocity, type(state)(velocity)
        expected.append(x)
    found = replayed(record(optimizer, surface.compiled), optimizer, surface.start, 30, tilts, factors)
    np.testing.assert_allclose(found, expected, rtol=1e-14)


@pytest.mark.parametrize("name", SURFACES)
def test_the_measure_is_value_and_gradient(name):
    surface = SURFACES[name]
    for x in np.random.default_rng(0).uniform(*np.array(surface.domain).T, (20, 2)):
        value, *gradient = measure(surface.compiled)(*x)
        assert np.array_equal([value, *gradient], [surface.value(x), *surface.gradient(x)], equal_nan=True)


def test_outside_of_a_logarithm_nothing_is_defined():
    value, slope = measure(parse("log(x)", ("x",)))(np.float64(-1.0))
    assert np.isnan(value)
    assert np.isnan(slope)


def test_a_formula_and_its_derivatives_share_what_they_have_in_common():
    alone = SURFACES["ackley"].compiled.programs[:2]
    assert len(measure(SURFACES["ackley"].compiled).operations) < sum(len(p.operations) for p in alone)


# The array that remembers.


def vector(values, tape):
    return Recorded(tape, [tape.constant(v) for v in values])


def numbers(recorded):
    program = recorded.tape.program([], recorded.registers.ravel().tolist())
    return np.array(program(), dtype=float).reshape(recorded.shape)


@pytest.mark.parametrize(
    "function",
    [
        lambda a: a + 1,
        lambda a: 2 - a * a,
        lambda a: 0.5**a,
        lambda a: np.sum(a * a, axis=-1, keepdims=True),
        lambda a: np.where(a > 0, np.sqrt(np.abs(a)), -1.0),
        lambda a: np.maximum(a, 0.5) / np.minimum(a, -0.5),
        lambda a: np.stack([a, 2 * a]).T.sum(axis=-1),
        lambda a: a[..., None] * a[..., None, :],
        lambda a: np.einsum("...ij,...j->...i", a[:, None] * a, a),
        lambda a: np.where(~((a > 0) & (a < 1) | (a == -2.0)), a, np.zeros_like(a)),
        lambda a: np.sum(a) + np.max(a) - np.min(a),
        lambda a: np.swapaxes(a[None], 0, 1).reshape(3),
        lambda a: a % 2 + abs(a) - (-a),
        lambda a: a @ a + 0.0,
    ],
)
def test_it_answers_as_numpy_does(function):
    values = np.array([0.25, -2.0, 3.5])
    found, expected = numbers(function(vector(values, Tape(0)))), function(values)
    assert found.shape == np.shape(expected)
    np.testing.assert_allclose(found, expected, rtol=1e-15)


def test_writing_in_place_changes_the_array_that_is_named():
    a = vector([4.0, 9.0], Tape(0))
    root = np.sqrt(a)
    root += 1
    np.divide(a, root, out=root)
    np.testing.assert_array_equal(numbers(root), [4 / 3, 9 / 4])
    np.testing.assert_array_equal(numbers(a), [4, 9])


@pytest.mark.parametrize("question", [bool, float, int, np.asarray, lambda a: np.array_equal(a, a), lambda a: a or 1])
def test_a_question_is_told_from_arithmetic_and_traced_to_its_inputs(question):
    tape = Tape(3)
    with pytest.raises(AskedError) as asked:
        question(Recorded(tape, [0])[0] * 2 + Recorded(tape, [2])[0])
    assert asked.value.inputs == {0, 2}


# Programs for elsewhere.


def test_json_says_everything_and_nothing_that_is_not_json():
    program = measure(SURFACES["abs_valley"].compiled)
    text = json.dumps(program.as_json(), allow_nan=False)
    assert {name for name, *_ in json.loads(text)["operations"]} <= set(NAMES.values())
    assert json.loads(text)["inputs"] == ["x0", "x1"]


def test_numbers_that_json_lacks_are_written_as_words():
    tape = Tape(1)
    outputs = [tape.emit(quotient_at_kink, 0, tape.constant(v)) for v in (np.inf, -np.inf, np.nan)]
    registers = tape.program(["x"], outputs).as_json()["registers"]
    assert {each for each in registers if isinstance(each, str)} == {"inf", "-inf", "nan"}


def test_what_no_output_needs_is_left_out():
    tape = Tape(2)
    kept = tape.emit(np.multiply, 0, 1)
    tape.emit(np.add, 0, tape.constant(7.0))
    program = tape.program(["a", "b"], [kept])
    assert len(program.operations) == 1
    assert program.registers == (None, None, None)


def test_zero_and_minus_zero_are_two_constants():
    tape = Tape(0)
    assert tape.constant(0.0) != tape.constant(-0.0)
    assert tape.constant(np.nan) == tape.constant(np.nan)


def test_a_recording_does_not_depend_on_the_settings_it_was_made_at():
    adam = OPTIMIZERS["adam"]()
    assert record(adam, SURFACES["beale"].compiled) == record(replace(adam, lr=3.0), SURFACES["beale"].compiled)
