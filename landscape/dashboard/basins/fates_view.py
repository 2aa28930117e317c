"""The Basins page's view of fates: where every start of the map ends up, method by method."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from landscape.dashboard.kit import kept, runs
from landscape.dashboard.kit.address import Address, choice
from landscape.dashboard.kit.controls import knob_control, toggle
from landscape.dashboard.kit.descent_link import open_at, query
from landscape.dashboard.kit.landscapes import formula
from landscape.dashboard.kit.methods import TUNE_HELP, method_menu, other_settings, rates
from landscape.dashboard.kit.page import small, theme
from landscape.dashboard.kit.player import clickable_chart, screen
from landscape.descent import report
from landscape.domain import Landscape
from landscape.figures.basins.fates import fate_stage, order
from landscape.knob import Knob
from landscape.maps import basins
from landscape.maps.basins import DIVERGED, NONE, Fates
from landscape.optimizers import OPTIMIZERS
from landscape.theory.stationary import KINDS

STEPS = Knob(200, 1, 1000, "integer", "steps", "How many steps each start is given.")
SIZES = {"64": 64, "128": 128, "256": 256}
METHODS = ["gradient_descent", "momentum", "adam", "newton"]
MOST = 4
ROWS = 12
# A share of the starts that is worth a sentence.
TELLING = 1e-3
# Of the stage, in pixels, by what it is seen on: as wide as the page leaves it, and as high as the screen.
WIDTH = {"laptop": 908, "hall": 1548, "phone": 364}
HEIGHT = {"laptop": 585, "hall": 880}
PHONE_MAP = 400


def show(address: Address, surface: Landscape) -> None:
    with st.sidebar:
        methods, resolution, steps = _controls(address, surface)
    maps = kept.results(
        {OPTIMIZERS[key].title: _job(surface, key, settings, resolution, steps) for key, settings in methods.items()}
    )
    fates = dict(zip(methods, maps.values(), strict=True))
    seen_on = screen()
    narrow = seen_on == "phone"
    height = PHONE_MAP * len(fates) + 150 if narrow else HEIGHT[seen_on]
    stage = fate_stage(fates, surface, theme(), width=WIDTH[seen_on], height=height, narrow=narrow)
    clickable_chart(
        "fates",
        stage,
        lambda x, y, _: open_at(query(surface, methods, x, y, steps)),
    )
    address.close()
    _below(fates, surface)


def _controls(address: Address, surface: Landscape) -> tuple[dict[str, runs.Settings], int, int]:
    chosen = method_menu(address, surface, METHODS, MOST)
    tune = toggle(address, "tune", "Tune each method", True, f"{TUNE_HELP} The start is the landscape's own.")
    slot = st.container()
    address.claim("size", "256", choice("size", SIZES))
    size = st.segmented_control("Starts", list(SIZES), key="size", format_func=lambda k: f"{k}²", required=True)
    steps = knob_control(address, "steps", STEPS)
    settings = other_settings(address, chosen)
    with slot:
        place = (surface.key, surface.settings, (float(surface.start[0]), float(surface.start[1])))
        methods = rates(address, settings, tune, runs.conditions(*place, steps))
    return methods, SIZES[str(size)], steps


def _job(
    surface: Landscape, key: str, settings: runs.Settings, resolution: int, steps: int
) -> tuple[tuple[object, ...], Callable[[Callable[[float], None]], Fates]]:
    def work(tell: Callable[[float], None]) -> Fates:
        points = runs.stationary_around(surface.key, surface.settings)
        method = runs.optimizer(key, settings)
        return basins.fates(surface, method, surface.domain, resolution, steps, points, tell)

    return ("fates", surface.key, surface.settings, key, settings, resolution, steps), work


def _below(maps: dict[str, Fates], surface: Landscape) -> None:
    for line in _findings(maps):
        st.markdown(f"- {line}")
    small("Click a map to open the Descent page at that start, with these methods as they are set here.")
    st.subheader("The share of starts that each basin takes", anchor=False)
    attractors, ranked = next(iter(maps.values())).attractors, order(maps)
    # What is left of a coordinate that is 0 is rounding.
    at = np.round(attractors.x, 9) + 0.0
    rows = [
        {
            "": str(rank + 1),
            "kind": str(attractors.kind[i]),
            "at": f"({at[i, 0]:.4g}, {at[i, 1]:.4g})",
            # A value within rounding of 0 is 0.
            "value": float(np.round(attractors.value[i], 12)) + 0.0,
            **{OPTIMIZERS[key].title: _percent(float(each.fractions[i])) for key, each in maps.items()},
        }
        for rank, i in enumerate(ranked[:ROWS])
    ]
    for fate, name in ((NONE, "nowhere yet"), (DIVERGED, "ran away")):
        shares = {OPTIMIZERS[key].title: float(each.share(fate)) for key, each in maps.items()}
        if any(shares.values()):
            row = {"": "", "kind": name, "at": "-", "value": np.nan}
            rows.append({**row, **{title: _percent(share) for title, share in shares.items()}})
    st.markdown(report.markdown(rows))
    if len(ranked) > ROWS:
        small(f"The {ROWS} most often reached of {len(ranked)}.")
    st.subheader(surface.title, anchor=False)
    st.markdown(surface.note)
    formula(surface)


def _percent(share: float) -> str:
    return "-" if share == 0 else f"{100 * share:.3g} %"


def _findings(maps: dict[str, Fates]) -> list[str]:
    """What to notice: who finds minima, who finds what is none, who is fastest."""
    lines = []
    kinds = next(iter(maps.values())).attractors.kind
    for key, each in maps.items():
        others = {kind: float(each.fractions[kinds == kind].sum()) for kind in KINDS[1:]}
        caught = [f"**{_percent(share)}** to a {kind}" for kind, share in others.items() if share >= TELLING]
        if caught:
            lines.append(f"{OPTIMIZERS[key].title} is drawn to what is no minimum: {', '.join(caught)}.")
    typical = {
        key: float(np.median(each.steps[each.attractor >= 0]))
        for key, each in maps.items()
        if (each.attractor >= 0).any()
    }
    if typical:
        key = min(typical, key=lambda k: typical[k])
        lines.append(
            f"Quickest: **{OPTIMIZERS[key].title}**, half of its starts are there within {typical[key]:.0f} steps."
        )
    lost = {key: float(each.share(NONE) + each.share(DIVERGED)) for key, each in maps.items()}
    key = max(lost, key=lambda k: lost[k])
    if lost[key] >= TELLING:
        lines.append(
            f"Most often lost: **{OPTIMIZERS[key].title}**; {_percent(lost[key])} of its starts reach nothing."
        )
    return lines
