"""The way from a picture of many runs to one of them: the Descent page, opened at a start with these methods."""

from collections.abc import Sequence

import streamlit as st

from landscape.dashboard.kit.address import write_number
from landscape.dashboard.kit.own import own_query
from landscape.dashboard.kit.runs import Method
from landscape.domain import Landscape
from landscape.knob import Knob, knobs
from landscape.optimizers import OPTIMIZERS
from landscape.typed import Own

GO = "descent.link"


# What the Descent page shows where its link says nothing: a link that leaves this out need not be written anew.
SURFACE = "rosenbrock"
METHODS = ["gradient_descent", "momentum", "adam", "newton"]
STEPS = Knob(300, 1, 2000, "integer", "steps", "How many steps each method takes, unless it ends before.")


def query(landscape: Landscape, methods: Sequence[Method], x: float, y: float, steps: int) -> dict[str, str]:
    """The Descent page's URL parameters for a race of `methods` from (x, y); what it shows anyway is left out."""
    # Six digits: finer than a pixel of the map, and readable.
    wanted = {"surface": landscape.key, "methods": ",".join(method.key for method in methods), "tune": "0"}
    wanted |= {"x": f"{x:.6g}", "y": f"{y:.6g}", "steps": str(steps)}
    usual = {"surface": SURFACE, "methods": ",".join(METHODS), "steps": str(STEPS.default)}
    usual |= {name: write_number(at) for name, at in zip("xy", landscape.start, strict=True)}
    owners = {f"surface.{landscape.key}": (landscape.settings, landscape.knobs)}
    owners |= {f"method.{key}": (settings, knobs(OPTIMIZERS[key])) for key, settings in methods}
    for key, (settings, fields) in owners.items():
        wanted |= {f"{key}.{name}": write_number(value) for name, value in settings}
        usual |= {f"{key}.{name}": write_number(knob.default) for name, knob in fields.items()}
    told = own_query(landscape) if isinstance(landscape, Own) else {}
    return told | {name: text for name, text in wanted.items() if usual.get(name) != text}


def open_at(parameters: dict[str, str]) -> None:
    """Remember, in a callback, to open the Descent page; `leave_if_asked` then does."""
    st.session_state[GO] = parameters


def leave_if_asked() -> None:
    """Go to the Descent page if a click has asked for it; for the top of a page's script."""
    if parameters := st.session_state.pop(GO, None):
        st.switch_page("pages/descent.py", query_params=parameters)
