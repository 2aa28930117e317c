"""Every schedule gives one factor a step for a run of any length, and equals PyTorch's where it has it."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from landscape.descent.schedules import SCHEDULES, Schedule, register
from landscape.knob import knobs

TORCH = np.load(Path(__file__).parents[1] / "data" / "torch_trajectories.npz")
TORCH_SCHEDULES = json.loads(str(TORCH["schedules"]))


@pytest.fixture(params=SCHEDULES)
def key(request):
    return request.param


def settings(schedule):
    """The defaults, and each knob at both of its ends."""
    yield schedule()
    for name, each in knobs(schedule).items():
        yield schedule(**{name: each.low})
        yield schedule(**{name: each.high})


def test_a_menu_has_what_it_needs(key):
    schedule = SCHEDULES[key]
    assert schedule.key == key
    assert schedule.title
    assert schedule.note.endswith(".")
    assert r"\eta_t" in schedule.rule
    assert schedule.rule.count("{") == schedule.rule.count("}")
    assert all(each.label and each.help.endswith(".") for each in knobs(schedule).values())


@pytest.mark.parametrize("steps", [0, 1, 2, 3, 10, 2000])
def test_one_factor_a_step_from_nothing_to_the_rate_itself(key, steps):
    for schedule in settings(SCHEDULES[key]):
        factors = schedule.factors(steps)
        assert factors.shape == (steps,)
        assert factors.dtype == np.float64
        assert np.all((factors > 0) & (factors <= 1))


def test_the_same_shape_for_any_length(key):
    short, long = (SCHEDULES[key]().factors(steps) for steps in (500, 2000))
    assert np.abs(long[::4] - short).max() < 0.02


@pytest.mark.parametrize("index", range(len(TORCH_SCHEDULES)), ids=[f"{key}{len(h)}" for key, h in TORCH_SCHEDULES])
def test_factors_equal_torch(index):
    key, hyper = TORCH_SCHEDULES[index]
    expected = TORCH["factors"][index]
    np.testing.assert_allclose(SCHEDULES[key](**hyper).factors(len(expected)), expected, rtol=0, atol=1e-14)


def test_factors_by_hand():
    by_hand = {
        "constant": (SCHEDULES["constant"](), [1, 1, 1, 1]),
        "step": (SCHEDULES["step"](gamma=0.5, drops=1), [1, 1, 0.5, 0.5]),
        "exponential": (SCHEDULES["exponential"](end=0.0625), [1, 0.5, 0.25, 0.125]),
        "polynomial": (SCHEDULES["polynomial"](power=2.0), [1, 0.5625, 0.25, 0.0625]),
        "cosine": (SCHEDULES["cosine"](end=0.5), [1, 0.75 + 0.125 * 2**0.5, 0.75, 0.75 - 0.125 * 2**0.5]),
        "warmup_cosine": (SCHEDULES["warmup_cosine"](warmup=0.5), [1 / 3, 2 / 3, 1, 0.5]),
        # peak at step 1, after which a half cosine of two steps
        "one_cycle": (
            SCHEDULES["one_cycle"](pct_start=0.5, div_factor=4.0, final_div_factor=2.5),
            [0.25, 1, 0.55, 0.1],
        ),
    }
    assert set(by_hand) == set(SCHEDULES)
    for schedule, expected in by_hand.values():
        np.testing.assert_allclose(schedule.factors(4), expected, rtol=1e-14)


def test_step_drops_as_often_as_asked():
    for steps in (7, 100, 1999):
        assert len(set(SCHEDULES["step"](gamma=0.5, drops=4).factors(steps))) == 5


def test_a_peak_at_the_first_step_starts_at_the_peak():
    assert SCHEDULES["one_cycle"](pct_start=0.25).factors(4)[0] == 1


@pytest.mark.parametrize("steps", [-1, 2.5, "ten", None])
def test_steps_must_be_a_whole_number(key, steps):
    with pytest.raises(ValueError, match=f"steps is .*{steps}"):
        SCHEDULES[key]().factors(steps)


def test_bounds_are_named_in_the_error(key):
    for name, each in knobs(SCHEDULES[key]).items():
        outside = each.high * 2
        allowed = f"{each.low:g} to {each.high:g}"
        with pytest.raises(ValueError, match="^" + re.escape(f"{name} is {outside}; allowed is {allowed}") + "$"):
            SCHEDULES[key](**{name: outside})


def test_a_key_can_be_taken_once():
    with pytest.raises(ValueError, match="'cosine', which Cosine already has"):
        register("cosine")(Schedule)
