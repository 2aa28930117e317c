"""The look: colours, dashes and markers that an optimizer keeps everywhere, and the two themes.

Landscapes are muted and even in lightness, low ground always the darker, so that saturated paths stand out.
"""

from dataclasses import dataclass
from typing import Any
from zlib import crc32

FONT = "Source Sans, Helvetica, Arial, sans-serif"


@dataclass(frozen=True)
class Look:
    """How one optimizer is drawn: never by colour alone."""

    color: str
    dash: str
    marker: str


# Okabe and Ito (2008), "Color Universal Design", then darker and lighter companions that differ in lightness.
COLORS = (
    "#D55E00",
    "#0072B2",
    "#56B4E9",
    "#8C6D1F",
    "#7F7F7F",
    "#F0A6CA",
    "#009E73",
    "#B2DF8A",
    "#E69F00",
    "#CC3F8F",
    "#6A3D9A",
    "#8B1A1A",
)
DASHES = ("solid", "13px,4px", "3px,3px", "13px,4px,3px,4px", "24px,6px")
MARKERS = ("circle", "square", "diamond", "triangle-up", "pentagon", "hexagon", "star")
# They repeat at different lengths.
DIFFERENT = len(COLORS) * len(DASHES) * len(MARKERS)


# Every optimizer's look, by its key, so that another optimizer changes none of them; `look` chooses one for a new key.
LOOKS = {
    "gradient_descent": Look("#D55E00", "solid", "circle"),
    "momentum": Look("#0072B2", "13px,4px", "square"),
    "nesterov": Look("#56B4E9", "3px,3px", "diamond"),
    "qhm": Look("#8C6D1F", "13px,4px,3px,4px", "triangle-up"),
    "sign_descent": Look("#7F7F7F", "24px,6px", "pentagon"),
    "rprop": Look("#F0A6CA", "solid", "hexagon"),
    "adagrad": Look("#009E73", "13px,4px", "star"),
    "adadelta": Look("#B2DF8A", "3px,3px", "circle"),
    "rmsprop": Look("#E69F00", "13px,4px,3px,4px", "square"),
    "adam": Look("#CC3F8F", "24px,6px", "diamond"),
    "adamw": Look("#6A3D9A", "solid", "triangle-up"),
    "adamax": Look("#8B1A1A", "13px,4px", "pentagon"),
    "amsgrad": Look("#D55E00", "3px,3px", "hexagon"),
    "nadam": Look("#0072B2", "13px,4px,3px,4px", "star"),
    "radam": Look("#56B4E9", "24px,6px", "circle"),
    "qhadam": Look("#8C6D1F", "solid", "square"),
    "adabelief": Look("#7F7F7F", "13px,4px", "diamond"),
    "lion": Look("#F0A6CA", "3px,3px", "triangle-up"),
    "newton": Look("#009E73", "13px,4px,3px,4px", "pentagon"),
    "saddle_free_newton": Look("#B2DF8A", "24px,6px", "hexagon"),
    "gauss_newton": Look("#E69F00", "solid", "star"),
    "levenberg_marquardt": Look("#CC3F8F", "13px,4px", "circle"),
    "trust_region": Look("#6A3D9A", "3px,3px", "square"),
    "bfgs": Look("#8B1A1A", "13px,4px,3px,4px", "diamond"),
    "lbfgs": Look("#D55E00", "24px,6px", "triangle-up"),
    "barzilai_borwein": Look("#0072B2", "solid", "pentagon"),
    "gradient_descent_armijo": Look("#56B4E9", "13px,4px", "hexagon"),
    "gradient_descent_wolfe": Look("#8C6D1F", "3px,3px", "star"),
    "conjugate_gradient": Look("#7F7F7F", "13px,4px,3px,4px", "circle"),
    "fletcher_reeves": Look("#F0A6CA", "24px,6px", "square"),
    "hestenes_stiefel": Look("#009E73", "solid", "diamond"),
    "proximal_gradient": Look("#B2DF8A", "13px,4px", "triangle-up"),
    "fista": Look("#E69F00", "3px,3px", "pentagon"),
    "coordinate_descent": Look("#CC3F8F", "13px,4px,3px,4px", "hexagon"),
}


def look(key: str) -> Look:
    """The look of an optimizer: the one in LOOKS, else one that none there has, which its key alone decides."""
    if key in LOOKS:
        return LOOKS[key]
    place, taken = crc32(key.encode()), set(LOOKS.values())
    return next(each for each in (numbered(place + i) for i in range(DIFFERENT)) if each not in taken)


def numbered(place: int) -> Look:
    """The look of what has a place in a row, not a key: no two of the first DIFFERENT share all three."""
    return Look(COLORS[place % len(COLORS)], DASHES[place % len(DASHES)], MARKERS[place % len(MARKERS)])


@dataclass(frozen=True)
class Theme:
    """What differs between light and dark.

    landscape   colours from low ground to high, even in lightness
    belief      what a method takes to be true; alarm: what goes wrong or bends downwards
    veil        the paper, half transparent: behind words on a picture
    shrinking   a colour scale for the share of an error that is left: fast, slow, and on its last hundredth growing
    """

    name: str
    paper: str
    ink: str
    faint: str
    grid: str
    landscape: tuple[str, ...]
    belief: str
    alarm: str
    veil: str
    shrinking: list[list[Any]]

    @property
    def colorscale(self) -> list[list[Any]]:
        last = len(self.landscape) - 1
        return [[i / last, color] for i, color in enumerate(self.landscape)]

    def axis(self, **settings: Any) -> dict[str, Any]:
        return {
            "gridcolor": self.grid,
            "linecolor": self.faint,
            "tickcolor": self.faint,
            "zeroline": False,
            "showline": True,
            "ticks": "outside",
            "tickfont": {"size": 13},
            **settings,
        }

    def layout(self, **settings: Any) -> dict[str, Any]:
        return {
            # The page shows through, whatever theme it has been given.
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": FONT, "size": 15, "color": self.ink},
            "hoverlabel": {"font": {"family": FONT, "size": 14}},
            "dragmode": False,
            "hovermode": "closest",
            # Upright, so that it does not lie over a legend.
            "modebar": {
                "orientation": "v",
                "bgcolor": "rgba(0,0,0,0)",
                "color": self.faint,
                "activecolor": self.ink,
            },
            **settings,
        }


THEMES = {
    "light": Theme(
        name="light",
        paper="#ffffff",
        ink="#1c2733",
        faint="#8a97a5",
        grid="#e6eaee",
        landscape=("#8fa9bf", "#a2b8ca", "#b5c7d5", "#c8d5e0", "#dbe4eb", "#edf2f5"),
        belief="#A3127F",
        alarm="#C22F00",
        veil="rgba(255,255,255,0.6)",
        shrinking=[[0, "#0B5F58"], [0.6, "#5FAFA5"], [0.99, "#E9F3F1"], [0.995, "#F4C9B4"], [1, "#F4C9B4"]],
    ),
    "dark": Theme(
        name="dark",
        paper="#0e1117",
        ink="#e8edf2",
        faint="#6d7985",
        grid="#262d36",
        landscape=("#10151c", "#1b242f", "#273443", "#344558", "#42576d", "#516a84"),
        belief="#FF7AC8",
        alarm="#FF7A45",
        veil="rgba(14,17,23,0.55)",
        shrinking=[[0, "#7CF0E0"], [0.6, "#2C8279"], [0.99, "#14302E"], [0.995, "#5A2A18"], [1, "#5A2A18"]],
    ),
}
