"""Picker: a landscape, a loss, a curve or a data set is chosen by its picture: by name, by search, by hand, by keys.

The pictures are made once a process, when somebody first opens a picker, and sent to each browser when it does: a page
that nobody chooses on never pays for them.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from landscape.calculus.curves import CURVES
from landscape.dashboard.kit.address import Address, choice
from landscape.dashboard.kit.drawer import control
from landscape.dashboard.kit.packed import packed
from landscape.dashboard.kit.page import theme
from landscape.datasets import DATASETS
from landscape.figures import thumbnails
from landscape.figures.kit.bare import bare
from landscape.figures.kit.style import Theme
from landscape.landscapes import LANDSCAPES
from landscape.regularization.two_weights import TWO_WEIGHTS

HERE = Path(__file__).parent
# Of the components whose pictures have been asked for and not yet sent.
ASKED = "picker.asked"


class Option(NamedTuple):
    """sign   what stands in the place of a picture, where there is none"""

    key: str
    title: str
    group: str = ""
    sign: str = ""


class Gallery(NamedTuple):
    """What there are pictures of, by key: how one is drawn, and in which colours."""

    shown: Mapping[str, Any]
    draw: Callable[[Any], np.ndarray]
    colors: Callable[[Theme], list[str]]


GALLERIES = {
    "landscapes": Gallery(LANDSCAPES, thumbnails.terrain_thumbnail, thumbnails.terrain_colors),
    "losses": Gallery(
        TWO_WEIGHTS, lambda problem: thumbnails.loss_thumbnail(problem.loss()), thumbnails.terrain_colors
    ),
    "curves": Gallery(CURVES, thumbnails.curve_thumbnail, thumbnails.curve_colors),
    "data": Gallery(DATASETS, lambda data: thumbnails.samples_thumbnail(data.samples), thumbnails.samples_colors),
}


@st.cache_resource
def _component() -> Callable[..., Any]:
    html = (HERE / "picker.html").read_text(encoding="utf-8")
    script, style = (bare(HERE / f"picker.{kind}") for kind in ("js", "css"))
    return st.components.v2.component("landscape_picker", html=html, css=style, js=packed(script))


@st.cache_resource(show_spinner=False)
def pictures(of: str) -> str:
    """All pictures of a gallery, in its order, packed."""
    gallery = GALLERIES[of]
    return thumbnails.packed_thumbnails([gallery.draw(each) for each in gallery.shown.values()])


def picker(
    address: Address,
    name: str,
    label: str,
    options: Sequence[Option],
    default: str,
    of: str,
    on_change: Callable[[], None] = lambda: None,
) -> str:
    """The chosen key, under `name` in the URL; of: a key of GALLERIES. on_change is called in a callback."""
    keys, widget = [option.key for option in options], f"picker.{name}"
    value = str(address.claim(name, default, choice(name, keys)))

    def chosen() -> None:
        # A browser may say anything.
        if (picked := st.session_state[widget].get("choose")) in keys:
            st.session_state[name] = picked
            on_change()

    def asked() -> None:
        if st.session_state[widget].get("open"):
            st.session_state[ASKED] = of

    gallery = GALLERIES[of]
    wanted = st.session_state.pop(ASKED, None) == of
    data = {
        "label": label,
        "chosen": value,
        "options": [list(option) for option in options],
        "of": of,
        "side": thumbnails.SIDE,
        "colors": gallery.colors(theme()),
        "pictures": {"keys": list(gallery.shown), "tones": pictures(of)} if wanted else None,
    }
    with control():
        # In a list, which Streamlit does not look through for tables: it would load pandas for that.
        _component()(key=widget, data=[data], on_choose_change=chosen, on_open_change=asked)
    return value
