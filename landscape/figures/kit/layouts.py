"""Where the panels of every kind of stage stand, side by side or, on a phone, stacked; and how large the stage is.

A place is (low, high) in x and in y, as fractions of the figure without its margins.
"""

Span = tuple[list[float], list[float]]
Arrangement = dict[str, Span]

# By kind of stage: on a wide screen, and on a narrow one. "picture" is for any one large picture beside two curves.
ARRANGEMENTS: dict[str, tuple[Arrangement, Arrangement]] = {
    "picture": (
        {
            "main": ([0.0, 0.52], [0.0, 1.0]),
            "upper": ([0.64, 1.0], [0.58, 1.0]),
            "lower": ([0.64, 1.0], [0.0, 0.4]),
        },
        {
            "main": ([0.0, 0.98], [0.52, 1.0]),
            "upper": ([0.0, 1.0], [0.28, 0.44]),
            "lower": ([0.0, 1.0], [0.0, 0.17]),
        },
    ),
    "model": (
        {
            "main": ([0.0, 0.52], [0.0, 1.0]),
            "upper": ([0.6, 1.0], [0.58, 1.0]),
            "lower": ([0.6, 1.0], [0.0, 0.4]),
        },
        {
            "main": ([0.0, 0.98], [0.52, 1.0]),
            "upper": ([0.0, 1.0], [0.28, 0.44]),
            "lower": ([0.0, 1.0], [0.0, 0.17]),
        },
    ),
    "race": (
        {
            "map": ([0.0, 0.58], [0.0, 1.0]),
            "value": ([0.72, 1.0], [0.58, 1.0]),
            "slope": ([0.72, 1.0], [0.0, 0.42]),
        },
        {
            "map": ([0.0, 0.86], [0.64, 1.0]),
            "value": ([0.0, 1.0], [0.34, 0.53]),
            "slope": ([0.0, 1.0], [0.0, 0.24]),
        },
    ),
    "race, scene": (
        {
            "scene": ([0.0, 0.56], [0.0, 1.0]),
            "value": ([0.64, 1.0], [0.58, 1.0]),
            "slope": ([0.64, 1.0], [0.0, 0.42]),
        },
        {
            "scene": ([0.0, 1.0], [0.62, 1.0]),
            "value": ([0.0, 1.0], [0.34, 0.53]),
            "slope": ([0.0, 1.0], [0.0, 0.24]),
        },
    ),
    "race, map and scene": (
        {
            "map": ([0.0, 0.32], [0.0, 1.0]),
            "scene": ([0.4, 0.72], [0.0, 1.0]),
            "value": ([0.8, 1.0], [0.58, 1.0]),
            "slope": ([0.8, 1.0], [0.0, 0.42]),
        },
        {
            "map": ([0.0, 0.86], [0.68, 1.0]),
            "scene": ([0.0, 1.0], [0.36, 0.62]),
            "value": ([0.0, 1.0], [0.2, 0.32]),
            "slope": ([0.0, 1.0], [0.0, 0.12]),
        },
    ),
    "stability": (
        {
            "main": ([0.0, 0.5], [0.0, 1.0]),
            "upper": ([0.6, 1.0], [0.46, 1.0]),
            "lower": ([0.62, 1.0], [0.0, 0.3]),
        },
        {
            "main": ([0.0, 0.88], [0.62, 1.0]),
            "upper": ([0.0, 1.0], [0.26, 0.52]),
            "lower": ([0.0, 1.0], [0.0, 0.16]),
        },
    ),
    "contest": (
        {
            "main": ([0.0, 0.6], [0.0, 1.0]),
            "upper": ([0.69, 1.0], [0.58, 1.0]),
            "lower": ([0.69, 1.0], [0.0, 0.42]),
        },
        {
            "main": ([0.0, 1.0], [0.52, 1.0]),
            "upper": ([0.0, 1.0], [0.27, 0.44]),
            "lower": ([0.0, 1.0], [0.0, 0.17]),
        },
    ),
    "overfitting": (
        {
            "main": ([0.0, 0.6], [0.0, 1.0]),
            "upper": ([0.695, 1.0], [0.6, 1.0]),
            "lower": ([0.695, 1.0], [0.0, 0.4]),
        },
        {
            "main": ([0.0, 1.0], [0.55, 1.0]),
            "upper": ([0.0, 1.0], [0.29, 0.45]),
            "lower": ([0.0, 1.0], [0.0, 0.17]),
        },
    ),
    "selection": (
        {
            "main": ([0.0, 0.62], [0.0, 1.0]),
            "upper": ([0.69, 1.0], [0.58, 1.0]),
            "lower": ([0.69, 1.0], [0.0, 0.4]),
        },
        {
            "main": ([0.0, 1.0], [0.55, 1.0]),
            "upper": ([0.0, 1.0], [0.29, 0.45]),
            "lower": ([0.0, 1.0], [0.0, 0.17]),
        },
    ),
    "stopping": (
        {
            "main": ([0.0, 0.6], [0.0, 1.0]),
            "upper": ([0.69, 1.0], [0.59, 1.0]),
            "lower": ([0.69, 1.0], [0.0, 0.4]),
        },
        {
            "main": ([0.0, 1.0], [0.55, 1.0]),
            "upper": ([0.0, 1.0], [0.29, 0.45]),
            "lower": ([0.0, 1.0], [0.0, 0.17]),
        },
    ),
    "shrinkage": (
        {
            "map": ([0.0, 0.62], [0.0, 1.0]),
            "weights": ([0.69, 1.0], [0.58, 1.0]),
            "eigenvalues": ([0.69, 1.0], [0.0, 0.4]),
        },
        {
            "map": ([0.0, 1.0], [0.52, 1.0]),
            "weights": ([0.0, 1.0], [0.26, 0.42]),
            "eigenvalues": ([0.0, 1.0], [0.0, 0.15]),
        },
    ),
    "training": (
        {
            "graph": ([0.0, 0.65], [0.0, 1.0]),
            "answer 1": ([0.72, 1.0], [0.46, 1.0]),
            "loss": ([0.72, 1.0], [0.0, 0.25]),
        },
        {
            "graph": ([0.0, 1.0], [0.62, 1.0]),
            "answer 1": ([0.08, 1.0], [0.25, 0.57]),
            "loss": ([0.08, 1.0], [0.0, 0.155]),
        },
    ),
    "training of two": (
        {
            "answer 1": ([0.03, 0.33], [0.0, 1.0]),
            "answer 2": ([0.38, 0.68], [0.0, 1.0]),
            "loss": ([0.75, 1.0], [0.0, 1.0]),
        },
        {
            "answer 1": ([0.08, 1.0], [0.69, 1.0]),
            "answer 2": ([0.08, 1.0], [0.32, 0.63]),
            "loss": ([0.08, 1.0], [0.0, 0.21]),
        },
    ),
    "spectrum": (
        {
            "main": ([0.0, 0.61], [0.0, 1.0]),
            "upper": ([0.69, 1.0], [0.58, 1.0]),
            "lower": ([0.69, 1.0], [0.0, 0.4]),
        },
        {
            "main": ([0.0, 1.0], [0.58, 1.0]),
            "upper": ([0.0, 1.0], [0.3, 0.48]),
            "lower": ([0.0, 1.0], [0.0, 0.18]),
        },
    ),
    "calculus": (
        {
            "main": ([0.0, 0.62], [0.0, 1.0]),
            "upper": ([0.7, 1.0], [0.58, 1.0]),
            "lower": ([0.7, 1.0], [0.0, 0.42]),
        },
        {
            "main": ([0.0, 1.0], [0.56, 1.0]),
            "upper": ([0.0, 1.0], [0.3, 0.47]),
            "lower": ([0.0, 1.0], [0.0, 0.2]),
        },
    ),
    "calculus map": (
        {
            "main": ([0.0, 0.46], [0.0, 1.0]),
            "upper": ([0.54, 1.0], [0.58, 1.0]),
            "lower": ([0.54, 1.0], [0.0, 0.42]),
        },
        {
            "main": ([0.0, 1.0], [0.54, 1.0]),
            "upper": ([0.0, 1.0], [0.3, 0.45]),
            "lower": ([0.0, 1.0], [0.0, 0.19]),
        },
    ),
    "unrolled": (
        {
            "bars": ([0.0, 0.62], [0.22, 1.0]),
            "inputs": ([0.0, 0.62], [0.0, 0.12]),
            "states": ([0.7, 1.0], [0.58, 1.0]),
            "singular": ([0.7, 1.0], [0.0, 0.42]),
        },
        {
            "bars": ([0.0, 1.0], [0.66, 1.0]),
            "inputs": ([0.0, 1.0], [0.57, 0.62]),
            "states": ([0.0, 1.0], [0.3, 0.48]),
            "singular": ([0.0, 1.0], [0.0, 0.2]),
        },
    ),
    "series": (
        {
            "years": ([0.0, 0.62], [0.0, 1.0]),
            "missed": ([0.69, 1.0], [0.61, 1.0]),
            "turned": ([0.69, 1.0], [0.0, 0.39]),
        },
        {
            "years": ([0.0, 1.0], [0.62, 1.0]),
            "missed": ([0.0, 1.0], [0.32, 0.5]),
            "turned": ([0.0, 1.0], [0.0, 0.2]),
        },
    ),
    "digits": (
        {
            "image": ([0.0, 0.225], [0.228, 0.772]),
            "pairs": ([0.27, 0.612], [0.0, 1.0]),
            "chances": ([0.675, 0.745], [0.05, 0.95]),
            "right": ([0.825, 1.0], [0.62, 1.0]),
            "confusion": ([0.815, 1.0], [0.0, 0.43]),
        },
        {
            "image": ([0.0, 0.56], [0.815, 1.0]),
            "chances": ([0.7, 1.0], [0.815, 1.0]),
            "pairs": ([0.06, 0.94], [0.43, 0.77]),
            "right": ([0.12, 1.0], [0.275, 0.39]),
            "confusion": ([0.08, 0.66], [0.0, 0.2]),
        },
    ),
    "slide": (
        {
            "ground": ([0.0, 0.395], [0.0, 1.0]),
            "stencil": ([0.435, 0.635], [0.56, 1.0]),
            "products": ([0.435, 0.635], [0.0, 0.44]),
            "out": ([0.675, 0.965], [0.0, 1.0]),
        },
        {
            "ground": ([0.0, 1.0], [0.64, 1.0]),
            "stencil": ([0.0, 0.47], [0.42, 0.6]),
            "products": ([0.53, 1.0], [0.42, 0.6]),
            "out": ([0.0, 1.0], [0.0, 0.37]),
        },
    ),
    "walk": (
        {"graph": ([0.0, 1.0], [0.3, 1.0]), "words": ([0.0, 1.0], [0.0, 0.25])},
        {"graph": ([0.0, 1.0], [0.34, 1.0]), "words": ([0.0, 1.0], [0.0, 0.27])},
    ),
}

# The share of a stage's height that a key in two columns has, and pixels of a heading with a gap.
KEY, HEAD = 0.17, 24

# Width, which need only be near, and height of a stage in pixels, by what it is seen on: whole with its controls,
# without scrolling. A phone scrolls.
STANDARD = {"laptop": (908, 440), "hall": (1548, 740), "phone": (364, 900)}
# How many times as wide as high a stage is that is not a phone's.
ASPECT = STANDARD["laptop"][0] / STANDARD["laptop"][1]
# Of pages with more below the stage, or less, than most.
SIZES: dict[str, dict[str, tuple[int, int]]] = {
    "fates": {"laptop": (908, 534), "hall": (1548, 860), "phone": (364, 550)},
    "sweep": {"laptop": (908, 534), "hall": (1548, 860), "phone": (364, 520)},
    "regularization": {"laptop": (908, 440), "hall": (1548, 740), "phone": (364, 1300)},
    "calculus": {"laptop": (908, 440), "hall": (1548, 740), "phone": (364, 900)},
    "recurrence": {"laptop": (908, 440), "hall": (1548, 740), "phone": (364, 950)},
    "convolution": {"laptop": (908, 440), "hall": (1548, 740), "phone": (360, 1000)},
    "digits": {"laptop": (908, 440), "hall": (1548, 740), "phone": (360, 1100)},
    "backpropagation": {"laptop": (908, 440), "hall": (1548, 740), "phone": (360, 860)},
    "one step": {"laptop": (908, 440), "hall": (1548, 740), "phone": (360, 760)},
}
# How many times as high a stacked stage is on a tablet, which is wider than a phone.
TABLET = 1.3
# The height on a phone of a stage with one panel, which needs not that of three.
ONE_PANEL = 460
# What one more fate map adds to the height on a phone, where they stand under one another.
PHONE_MAP = 400


def arrangement(kind: str, narrow: bool) -> Arrangement:
    """Where the panels of a kind of stage stand."""
    wide, stacked = ARRANGEMENTS[kind]
    return stacked if narrow else wide


def under_key(place: Arrangement, height: int, margin: tuple[int, int, int, int]) -> Arrangement:
    """An arrangement with room for a key above what stands beside the main panel, which so has all the height."""
    _, top, _, bottom = margin
    share = 1 - (KEY * height - top + HEAD) / (height - top - bottom)
    return {
        name: (across, [share * low, share * high] if across[0] else [low, high])
        for name, (across, (low, high)) in place.items()
    }


def size(page: str, screen: str, maps: int = 1) -> tuple[int, int]:
    """Width and height of a page's stage on a screen; `maps` is how many fate maps it has."""
    width, height = SIZES.get(page, STANDARD)[screen]
    return width, height + PHONE_MAP * (maps - 1) * (screen == "phone")
