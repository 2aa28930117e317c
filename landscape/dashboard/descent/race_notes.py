"""The mathematics under a race: the landscape's formula and derivatives, and how each method steps."""

import numpy as np
import streamlit as st

from landscape.dashboard.kit.drawer import folder
from landscape.dashboard.kit.landscapes import formula
from landscape.dashboard.kit.methods import rules
from landscape.dashboard.kit.page import latex_matrix, small
from landscape.descent.race import Race
from landscape.domain import Landscape


def formulas(race: Race) -> None:
    surface = race.surface
    st.subheader(surface.title, anchor=False)
    st.markdown(surface.note)
    formula(surface)
    with folder("Gradient and Hessian, and their values at the start") as box:
        if box.open:
            _derivatives(surface, race.start)
    with folder("How each method steps") as box:
        if box.open:
            rules(race.runs)
            small(r"$g = \nabla f(x)$, $H = \nabla^2 f(x)$, $\eta$ the rate.")
    small(f"Source: {surface.source}")


def _derivatives(surface: Landscape, at: np.ndarray) -> None:
    f = surface.symbol
    st.latex(rf"\nabla {f} = {surface.latex('gradient')} = {latex_matrix(surface.gradient(at)[:, None])}")
    st.latex(rf"\nabla^2 {f} = {surface.latex('hessian')} = {latex_matrix(surface.hessian(at))}")
    if surface.kink:
        small(surface.kink)
