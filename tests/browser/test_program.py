"""What Python records is what the browser runs: every recordable method on every surface, against `descend`."""

import base64
import copy
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pytest

from landscape.descent.descend import descend
from landscape.figures.kit.export import HERE
from landscape.formulas.record import Recording, UnrecordableError, measure, record
from landscape.knob import Knob, knobs
from landscape.networks import NETWORKS
from landscape.networks.problems import PlanarProblem
from landscape.numbers import short
from landscape.objective import Objective
from landscape.optimizers import OPTIMIZERS, Optimizer
from landscape.surfaces import SURFACES

pytestmark = pytest.mark.browser

STEPS = 200
CLOSE = 1e-9
# A path that so small a change of its start moves as far as CLOSE is chaotic from there on: two ways of rounding cannot
# be expected to agree on it. A dozen roundings, to either side.
NUDGES = 3e-15 * np.array([[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1], [1, 1]])

RUN_ALL = """jobs => jobs.map(({ recording, measure, runs }) => {
    const run = createDescent(recording, measure);
    return runs.map(terms => {
        const { x, value, slope, status } = run(terms);
        const bytes = new Uint8Array(Float64Array.of(...x, ...value, ...slope).buffer);
        let text = "";
        for (const byte of bytes) text += String.fromCharCode(byte);
        return [btoa(text), status];
    });
})"""


class Ran(NamedTuple):
    """What the browser ran: x (T+1, 2), value and slope (T+1,)."""

    x: np.ndarray
    value: np.ndarray
    slope: np.ndarray
    status: str


@pytest.fixture(scope="module")
def browser(chromium: Any) -> Any:
    page = chromium.new_page()
    page.add_script_tag(path=HERE / "program.js")
    yield page
    page.close()


def ran(browser: Any, jobs: list[dict[str, Any]]) -> list[list[Ran]]:
    def unpacked(text: str, status: str) -> Ran:
        numbers = np.frombuffer(base64.b64decode(text))
        steps = len(numbers) // 4
        return Ran(numbers[: 2 * steps].reshape(-1, 2), numbers[2 * steps : 3 * steps], numbers[3 * steps :], status)

    return [[unpacked(*each) for each in job] for job in browser.evaluate(RUN_ALL, jobs)]


def settings(optimizer: type[Optimizer]) -> list[tuple[Optimizer, list[dict[str, float]]]]:
    """The method as it is and with each knob at both ends: those that one recording serves, with their settings."""
    made = optimizer()
    turned = set(record(made, SURFACES["rosenbrock"].compiled).knobs)
    ends = [(name, end) for name, knob in knobs(made).items() for end in _ends(knob)]
    together = [{}, *({name: end} for name, end in ends if name in turned)]
    alone = [replace(made, **{name: end}) for name, end in ends if name not in turned]
    return [(made, together), *((each, [{}]) for each in alone if each != made and recorded(each))]


def _ends(knob: Knob) -> list[Any]:
    kind = {"switch": bool, "integer": int}.get(knob.scale, float)
    return [kind(knob.low), kind(knob.high)]


def recorded(optimizer: Optimizer) -> bool:
    try:
        record(optimizer, SURFACES["rosenbrock"].compiled)
    except UnrecordableError:
        return False
    return True


RECORDABLE = [k for k, each in NETWORKS.items() if isinstance(each, PlanarProblem) and each.recordable is not None]
RECORDED = [key for key, method in OPTIMIZERS.items() if recorded(method())]


def job(recording: Recording, formula: Objective, runs: list[dict[str, Any]]) -> dict[str, Any]:
    return {"recording": recording.as_json(), "measure": measure(formula).as_json(), "runs": runs}


def numbers(optimizer: Optimizer, **others: float) -> dict[str, float]:
    return {name: float(getattr(optimizer, name)) for name in knobs(optimizer)} | others


def beside(optimizer: Optimizer, together: list[dict[str, float]]) -> Optimizer:
    """The method with several settings of its knobs at once, each of them once for every nudge."""
    names = {name for each in together for name in each}
    columns = {name: [each.get(name, getattr(optimizer, name)) for each in together] for name in names}
    return replace(optimizer, **{n: np.repeat(column, len(NUDGES))[:, None] for n, column in columns.items()})


def shaken(optimizer: Optimizer) -> Any:
    """The method with a rounding more at every step, for every start but the first of each group of NUDGES.

    Starts that were nudged may come to the same number, and part again only where another rounding comes in.
    """

    def step(self: Any, objective: Any, x: np.ndarray, state: Any) -> Any:
        new, state = type(optimizer).step(self, objective, x, state)
        ulps = np.tile(np.sign(NUDGES), (len(new) // len(NUDGES), 1)) * np.finfo(float).eps
        return new + ulps * np.maximum(1, np.abs(new)), state

    other = copy.copy(optimizer)
    object.__setattr__(other, "__class__", type("Shaken", (type(optimizer),), {"step": step}))
    return other


def until_chaos(x: np.ndarray) -> int:
    """Of the paths (T+1, nudges, 2) from almost the same start, the step from which on they are apart."""
    with np.errstate(all="ignore"):
        apart = np.abs(x - x[:, :1]).max(axis=(1, 2)) / (1 + np.abs(x[:, 0]).max(axis=-1))
    chaotic = ~(apart < 0.1 * CLOSE)
    return int(chaotic.argmax()) if chaotic.any() else len(x)


@pytest.mark.parametrize("key", RECORDED)
def test_every_surface_and_every_knob_at_both_ends(browser: Any, key: str) -> None:
    jobs, expected = [], []
    for surface in SURFACES.values():
        start = np.array(surface.start, dtype=float)
        for optimizer, together in settings(OPTIMIZERS[key]):
            if not optimizer.applies_to(surface):
                continue
            terms = [
                {"start": start.tolist(), "steps": STEPS, "knobs": numbers(optimizer, **each)} for each in together
            ]
            jobs.append(job(record(optimizer, surface.compiled), surface.compiled, terms))
            starts = np.tile(start + NUDGES * np.maximum(1, np.abs(start)), (len(together), 1))
            run = descend(surface, shaken(beside(optimizer, together)), starts, STEPS)
            expected.append((surface.key, run))
    runs = chaotic = 0
    for found, (name, run) in zip(ran(browser, jobs), expected, strict=True):
        x, stop = run.x.reshape(STEPS + 1, -1, len(NUDGES), 2), run.stop.reshape(-1, len(NUDGES))
        value, slope = (each.reshape(STEPS + 1, -1, len(NUDGES))[..., 0] for each in (run.value, run.gradient_norm))
        for row, there in enumerate(found):
            # A run that ends rests at its end, and a nudged one may end a step sooner.
            end = int(stop[row].min())
            until = min(until_chaos(x[:, row]), end)
            here = x[:until, row, 0]
            close = CLOSE * (1 + np.abs(here).max(initial=0))
            np.testing.assert_allclose(there.x[:until], here, rtol=0, atol=close, err_msg=f"{key} on {name}")
            near = CLOSE * (1 + np.abs(value[:until, row])) + 2 * close * slope[:until, row]
            assert (np.abs(there.value[:until] - value[:until, row]) <= near).all(), f"height of {key} on {name}"
            runs, chaotic = runs + 1, chaotic + (until < end)
    print(f"{key}: {runs} runs, {chaotic} of them chaotic")
    assert chaotic < runs / 2


@pytest.mark.parametrize("name", RECORDABLE)
def test_networks_run_with_their_samples_as_lanes(browser: Any, name: str) -> None:
    problem, ground = NETWORKS[name], NETWORKS[name].recordable
    starts = {key: np.array(problem.start) for key in ("gradient_descent", "adam", "rprop")}
    # Far out a network hardly curves: what is left of its Hessian there is the rounding of its tanh.
    starts["newton"] = np.array(problem.minima[0].point) + np.array([0.2, -0.2])
    jobs = []
    for key, start in starts.items():
        terms = [{"start": start.tolist(), "steps": STEPS, "knobs": numbers(OPTIMIZERS[key]())}]
        jobs.append(job(record(OPTIMIZERS[key](), ground), ground, terms))
    for (key, start), (found,) in zip(starts.items(), ran(browser, jobs), strict=True):
        run = descend(problem, OPTIMIZERS[key](), start, STEPS)
        np.testing.assert_allclose(found.x, run.x, rtol=0, atol=CLOSE * (1 + np.abs(run.x).max()), err_msg=key)
        np.testing.assert_allclose(found.value, run.value, rtol=CLOSE, atol=1e-12, err_msg=key)


def test_numbers_are_written_as_in_python(chromium: Any) -> None:
    page = chromium.new_page()
    page.add_script_tag(path=HERE / "handles.js")
    rng = np.random.default_rng(5)
    numbers = [0.0, 1.0, -1.0, 1e-3, 999.4, 1000.0, 1e6, -1e-7, 12345.6, 1e100, 0.1, 1e-4]
    numbers += (rng.normal(size=300) * 10.0 ** rng.integers(-9, 9, 300)).tolist()
    said = page.evaluate("numbers => numbers.map(short)", numbers)
    assert said == [short(number) for number in numbers]
    page.close()
