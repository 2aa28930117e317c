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


# By theme: dark enough for the light terrain and light enough for the dark one. They stay apart for people who do not
# see red, green or blue, and from the colours of classes and signs in `networks/tints.py`.
HUES: dict[str, dict[str, str]] = {
    "crimson": {"light": "#B83455", "dark": "#FDA7B3"},
    "indigo": {"light": "#350DED", "dark": "#768EFD"},
    "plum": {"light": "#550049", "dark": "#EE53D2"},
    "teal": {"light": "#017370", "dark": "#74F1EC"},
    "olive": {"light": "#3D3700", "dark": "#E3D44A"},
    "ochre": {"light": "#774900", "dark": "#C88528"},
    "violet": {"light": "#604483", "dark": "#CCA9FD"},
}
DASHES = ("solid", "13px,4px", "3px,3px", "13px,4px,3px,4px", "24px,6px")
MARKERS = ("circle", "square", "diamond", "triangle-up", "pentagon", "hexagon", "star")
DIFFERENT = len(HUES) * len(DASHES) * len(MARKERS)
# Hues and markers are as many, and dashes do not divide them: after so many places the markers go on by one.
ROUND = len(HUES) * len(DASHES)

# Of two of a kind that are drawn side by side on paper, as weights and densities: the first and the second.
PAIR: dict[str, tuple[str, str]] = {"light": ("#B42AD8", "#3C900C"), "dark": ("#B45ABA", "#36A800")}
PAIR_STYLE = (("solid", "circle"), ("13px,4px", "diamond"))

# Every optimizer's hue, dash and marker, by its key, so that another optimizer changes none of them.
PINNED = {
    "gradient_descent": ("crimson", "solid", "circle"),
    "momentum": ("indigo", "13px,4px", "square"),
    "nesterov": ("violet", "3px,3px", "diamond"),
    "qhm": ("ochre", "13px,4px,3px,4px", "triangle-up"),
    "sign_descent": ("olive", "24px,6px", "pentagon"),
    "rprop": ("plum", "solid", "hexagon"),
    "adagrad": ("ochre", "13px,4px", "star"),
    "adadelta": ("indigo", "3px,3px", "circle"),
    "rmsprop": ("olive", "13px,4px,3px,4px", "square"),
    "adam": ("plum", "24px,6px", "diamond"),
    "adamw": ("olive", "solid", "triangle-up"),
    "adamax": ("crimson", "13px,4px", "pentagon"),
    "amsgrad": ("teal", "3px,3px", "hexagon"),
    "nadam": ("indigo", "13px,4px,3px,4px", "star"),
    "radam": ("ochre", "24px,6px", "circle"),
    "qhadam": ("violet", "solid", "square"),
    "adabelief": ("crimson", "13px,4px", "diamond"),
    "lion": ("teal", "3px,3px", "triangle-up"),
    "newton": ("teal", "13px,4px,3px,4px", "pentagon"),
    "saddle_free_newton": ("violet", "24px,6px", "hexagon"),
    "gauss_newton": ("indigo", "solid", "star"),
    "levenberg_marquardt": ("ochre", "13px,4px", "square"),
    "trust_region": ("olive", "3px,3px", "square"),
    "bfgs": ("violet", "13px,4px,3px,4px", "diamond"),
    "lbfgs": ("plum", "24px,6px", "triangle-up"),
    "barzilai_borwein": ("olive", "solid", "star"),
    "gradient_descent_armijo": ("indigo", "13px,4px", "hexagon"),
    "gradient_descent_wolfe": ("teal", "3px,3px", "star"),
    "conjugate_gradient": ("ochre", "13px,4px,3px,4px", "circle"),
    "fletcher_reeves": ("plum", "24px,6px", "square"),
    "hestenes_stiefel": ("olive", "solid", "diamond"),
    "proximal_gradient": ("olive", "13px,4px", "triangle-up"),
    "fista": ("indigo", "3px,3px", "pentagon"),
    "coordinate_descent": ("teal", "13px,4px,3px,4px", "hexagon"),
}


def look(key: str, theme: "Theme") -> Look:
    """The look of an optimizer: the one in PINNED, else one that none there has, which its key alone decides."""
    if key in PINNED:
        return dressed(*PINNED[key], theme)
    place, taken = crc32(key.encode()), set(PINNED.values())
    several = map(_numbered, range(place, place + DIFFERENT))
    return dressed(*next(each for each in several if each not in taken), theme)


def numbered(place: int, theme: "Theme") -> Look:
    """The look of what has a place in a row, not a key: no two of the first DIFFERENT share all three."""
    return dressed(*_numbered(place), theme)


def _numbered(place: int) -> tuple[str, str, str]:
    return list(HUES)[place % len(HUES)], DASHES[place % len(DASHES)], MARKERS[(place + place // ROUND) % len(MARKERS)]


def dressed(hue: str, dash: str, marker: str, theme: "Theme") -> Look:
    """The look of what is neither: by a hue of HUES."""
    return Look(theme.hue(hue), dash, marker)


def pair(theme: "Theme") -> tuple[Look, Look]:
    """The looks of two of a kind."""
    first, second = (Look(color, *how) for color, how in zip(PAIR[theme.name], PAIR_STYLE, strict=True))
    return first, second


@dataclass(frozen=True)
class Theme:
    """What differs between light and dark.

    landscape   colours from low ground to high, even in lightness; contour: of the lines on it; wall: behind it in 3-D
    belief      what a method takes to be true; alarm: what goes wrong or bends downwards
    veil        the paper, half transparent: behind words on a picture
    shrinking   a colour scale for the share of an error that is left: fast, slow, and on its last hundredth growing
    value       a function's value, and what goes forwards; its derivative, and what comes back, is `belief`
    """

    name: str
    paper: str
    ink: str
    faint: str
    grid: str
    landscape: tuple[str, ...]
    contour: str
    wall: str
    belief: str
    alarm: str
    veil: str
    shrinking: list[list[Any]]
    value: str

    def hue(self, name: str) -> str:
        """A colour of HUES."""
        return HUES[name][self.name]

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
        faint="#5a6978",
        grid="#e6eaee",
        landscape=("#AFC2D5", "#BBCBDC", "#C7D4E2", "#D3DEE9", "#DFE7F0", "#EBF1F7"),
        contour="#93a5b7",
        wall="#8DA0B3",
        belief="#A3127F",
        alarm="#C22F00",
        veil="rgba(255,255,255,0.6)",
        shrinking=[[0, "#0B5F58"], [0.6, "#5FAFA5"], [0.99, "#E9F3F1"], [0.995, "#F4C9B4"], [1, "#F4C9B4"]],
        value="#2A6CFC",
    ),
    "dark": Theme(
        name="dark",
        paper="#0e1117",
        ink="#e8edf2",
        faint="#8795a3",
        grid="#262d36",
        landscape=("#0F151B", "#161E26", "#1D2732", "#24313F", "#2C3C4C", "#344659"),
        contour="#43566a",
        wall="#05070A",
        belief="#FF7AC8",
        alarm="#FF7A45",
        veil="rgba(14,17,23,0.55)",
        shrinking=[[0, "#7CF0E0"], [0.6, "#2C8279"], [0.99, "#14302E"], [0.995, "#5A2A18"], [1, "#5A2A18"]],
        value="#1F78F0",
    ),
}
