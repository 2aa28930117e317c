"""Controls that views of the Regularization page share, and those of its methods."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from typing import Any

import numpy as np
import streamlit as st

from landscape.dashboard.kit.address import Address, choice
from landscape.dashboard.kit.controls import button, knob_controls, selectbox
from landscape.dashboard.kit.landscapes import start_controls
from landscape.dashboard.kit.methods import able
from landscape.dashboard.kit.page import small
from landscape.dashboard.kit.picker import Option, picker
from landscape.dashboard.regularization.penalised import Loss, Pull
from landscape.knob import Knob, knobs
from landscape.objective import Objective
from landscape.optimizers import OPTIMIZERS
from landscape.regularization.contest import decays
from landscape.regularization.penalties import PENALTIES
from landscape.regularization.report import WEIGHTS
from landscape.regularization.shrinkage import Shrinkage
from landscape.regularization.two_weights import TWO_WEIGHTS

L = "L is the loss's largest curvature. Beyond 2 gradient descent is unstable on least squares."
RATE = Knob(1.0, 0.01, 3, "linear", "rate, in units of 1/L", L)
STEPS = Knob(120, 1, 2000, "integer", "steps", "How many steps each method takes.")

# Presets of the methods' view: penalty, whether methods use their own weight decay, methods, strength.
COMPARISONS: dict[str, tuple[str, Mapping[str, object]]] = {
    "threshold": (
        "Soft threshold or subgradient",
        {"penalty": "l1", "own": False, "methods": ["proximal_gradient", "gradient_descent"]},
    ),
    "decay": (
        "Adam with L2 or AdamW",
        {
            "penalty": "l2",
            "own": True,
            "methods": ["gradient_descent", "adam", "adamw"],
            "rate": 0.1,
            "steps": 400,
            "strength": 0.6,
        },
    ),
}


def pick(
    address: Address,
    name: str,
    label: str,
    options: Iterable[str],
    default: str,
    title: Callable[[str], str],
    on_change: Callable[[], None] | None = None,
) -> str:
    """A menu of the keys in `options`, its choice under `name` in the URL."""
    keys = list(options)
    address.claim(name, default, choice(name, keys))
    return selectbox(label, keys, key=name, format_func=title, on_change=on_change)


def penalty_controls(address: Address, aside: Callable[[], Any] = nullcontext) -> Pull:
    """The penalty and its settings but for its strength; aside: where the settings stand."""
    key = pick(address, "penalty", "Penalty", PENALTIES, "l1", lambda k: PENALTIES[k].title, forget_scale)
    fields = {name: knob for name, knob in knobs(PENALTIES[key]).items() if name != "strength"}
    with aside():
        return Pull(key, tuple(knob_controls(address, f"penalty.{key}", fields).items()))


def forget_scale() -> None:
    """Another loss or penalty has its weights elsewhere, and needs other strengths."""
    for name in ("x", "y", "strength"):
        st.session_state.pop(name, None)


def loss_controls(address: Address, *, shown: bool = True) -> Loss:
    """The loss and its settings; with `shown` False their values alone, for controls that come before it."""
    key = address.claim("loss", "correlated", choice("loss", TWO_WEIGHTS))
    if shown:
        options = [Option(key, problem.title) for key, problem in TWO_WEIGHTS.items()]
        picker(address, "loss", "Loss", options, "correlated", "losses", forget_scale)
    return loss_settings(address, key, shown=shown)


def loss_settings(address: Address, key: str, *, shown: bool = True) -> Loss:
    """The loss with this key, and its knobs."""
    return Loss(key, tuple(knob_controls(address, f"loss.{key}", TWO_WEIGHTS[key].knobs, shown=shown).items()))


def corner_start(address: Address, box: np.ndarray) -> tuple[float, float]:
    """Where methods start: by default the upper left of the box that is drawn, ((x_low, x_high), (y_low, y_high))."""
    (x_low, x_high), (y_low, y_high) = box
    corner = x_low + 0.15 * (x_high - x_low), y_low + 0.87 * (y_high - y_low)
    return start_controls(address, WEIGHTS, [float(f"{at:.2g}") for at in corner])


def telling_strength(found: Shrinkage) -> float:
    """A strength at which there is something to see: past that at which the first weight vanishes, if one does."""
    return float(f"{1.2 * found.first_zero if np.isfinite(found.first_zero) else found.strengths[25]:.2g}")


def applicable(chosen: list[str], objective: Objective, decay: float | None) -> list[str]:
    """The methods that can run here, with their own decay if one is given, and a sentence for each that cannot."""
    wanted = list(chosen)
    for key in [key for key in chosen if decay is not None and decays(key)]:
        most = knobs(OPTIMIZERS[key])["weight_decay"].high
        if decay is not None and decay > most:
            title = OPTIMIZERS[key].title
            small(f"{title}'s weight decay goes up to {most:g}. With λ = {decay:g} it sits this out.")
            chosen = [other for other in chosen if other != key]
    chosen = able(chosen, objective)
    if not chosen:
        chosen = ["proximal_gradient"]
        small(f"No {'other ' if wanted else ''}method is chosen, so proximal gradient runs.")
    return chosen


def presets() -> None:
    """A button for each comparison worth making."""

    def take(settings: Mapping[str, object]) -> None:
        forget_scale()
        st.session_state.update({"rate": RATE.default, "steps": STEPS.default, **settings})

    for key, (title, settings) in COMPARISONS.items():
        button(title, key=f"preset.{key}", on_click=take, args=(settings,), width="stretch")
