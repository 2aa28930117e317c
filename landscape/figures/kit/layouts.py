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
    "race": (
        {
            "map": ([0.0, 0.51], [0.0, 1.0]),
            "scene": ([0.0, 0.56], [0.0, 1.0]),
            "value": ([0.66, 1.0], [0.58, 1.0]),
            "slope": ([0.66, 1.0], [0.0, 0.42]),
        },
        {
            "map": ([0.0, 0.86], [0.64, 1.0]),
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
            "upper": ([0.6, 1.0], [0.5, 1.0]),
            "lower": ([0.62, 1.0], [0.0, 0.34]),
        },
        {
            "main": ([0.0, 0.88], [0.62, 1.0]),
            "upper": ([0.0, 1.0], [0.26, 0.52]),
            "lower": ([0.0, 1.0], [0.0, 0.16]),
        },
    ),
    "contest": (
        {
            "main": ([0.0, 0.53], [0.0, 1.0]),
            "upper": ([0.635, 1.0], [0.58, 1.0]),
            "lower": ([0.635, 1.0], [0.0, 0.42]),
        },
        {
            "main": ([0.0, 1.0], [0.52, 1.0]),
            "upper": ([0.0, 1.0], [0.27, 0.44]),
            "lower": ([0.0, 1.0], [0.0, 0.17]),
        },
    ),
    "overfitting": (
        {
            "main": ([0.0, 0.55], [0.0, 1.0]),
            "upper": ([0.645, 1.0], [0.6, 1.0]),
            "lower": ([0.645, 1.0], [0.0, 0.4]),
        },
        {
            "main": ([0.0, 1.0], [0.55, 1.0]),
            "upper": ([0.0, 1.0], [0.29, 0.45]),
            "lower": ([0.0, 1.0], [0.0, 0.17]),
        },
    ),
    "stopping": (
        {
            "main": ([0.0, 0.5], [0.0, 1.0]),
            "upper": ([0.6, 1.0], [0.59, 1.0]),
            "lower": ([0.6, 1.0], [0.0, 0.4]),
        },
        {
            "main": ([0.0, 1.0], [0.55, 1.0]),
            "upper": ([0.0, 1.0], [0.29, 0.45]),
            "lower": ([0.0, 1.0], [0.0, 0.17]),
        },
    ),
    "shrinkage": (
        {
            "ball": ([0.0, 0.335], [0.38, 1.0]),
            "total": ([0.355, 0.69], [0.38, 1.0]),
            "weights": ([0.0, 0.69], [0.0, 0.2]),
            "eigenvalues": ([0.775, 1.0], [0.58, 1.0]),
            "condition": ([0.775, 1.0], [0.0, 0.4]),
        },
        {
            "ball": ([0.0, 1.0], [0.76, 1.0]),
            "total": ([0.0, 1.0], [0.46, 0.7]),
            "weights": ([0.0, 1.0], [0.3, 0.39]),
            "eigenvalues": ([0.0, 1.0], [0.15, 0.24]),
            "condition": ([0.0, 1.0], [0.0, 0.09]),
        },
    ),
    "training": (
        {
            "graph 1": ([0.0, 0.54], [0.0, 1.0]),
            "answer 1": ([0.61, 1.0], [0.4, 1.0]),
            "loss": ([0.61, 1.0], [0.0, 0.22]),
        },
        {
            "graph 1": ([0.0, 1.0], [0.62, 1.0]),
            "answer 1": ([0.08, 1.0], [0.23, 0.57]),
            "loss": ([0.08, 1.0], [0.0, 0.16]),
        },
    ),
    "training of two": (
        {
            "graph 1": ([0.0, 0.4], [0.55, 1.0]),
            "graph 2": ([0.0, 0.4], [0.0, 0.45]),
            "answer 1": ([0.45, 0.68], [0.55, 1.0]),
            "answer 2": ([0.45, 0.68], [0.0, 0.45]),
            "loss": ([0.74, 1.0], [0.0, 1.0]),
        },
        {
            "graph 1": ([0.0, 0.58], [0.66, 1.0]),
            "graph 2": ([0.0, 0.58], [0.26, 0.6]),
            "answer 1": ([0.7, 1.0], [0.66, 1.0]),
            "answer 2": ([0.7, 1.0], [0.26, 0.6]),
            "loss": ([0.1, 1.0], [0.0, 0.18]),
        },
    ),
    "spectrum": (
        {
            "main": ([0.0, 0.52], [0.0, 1.0]),
            "upper": ([0.64, 1.0], [0.58, 1.0]),
            "lower": ([0.64, 1.0], [0.0, 0.4]),
        },
        {
            "main": ([0.0, 1.0], [0.58, 1.0]),
            "upper": ([0.0, 1.0], [0.3, 0.48]),
            "lower": ([0.0, 1.0], [0.0, 0.18]),
        },
    ),
    "walk": (
        {"graph": ([0.0, 1.0], [0.3, 1.0]), "words": ([0.0, 1.0], [0.0, 0.25])},
        {"graph": ([0.0, 1.0], [0.45, 1.0]), "words": ([0.0, 1.0], [0.0, 0.4])},
    ),
}

# Width, which need only be near, and height of a stage in pixels, by what it is seen on: whole with its controls,
# without scrolling. A phone scrolls.
STANDARD = {"laptop": (908, 476), "hall": (1548, 740), "phone": (364, 900)}
# Of pages with more below the stage, or less, than most.
SIZES: dict[str, dict[str, tuple[int, int]]] = {
    "fates": {"laptop": (908, 585), "hall": (1548, 880), "phone": (364, 550)},
    "sweep": {"laptop": (908, 580), "hall": (1548, 880), "phone": (364, 520)},
    "regularization": {"laptop": (908, 466), "hall": (1548, 750), "phone": (364, 1300)},
    "backpropagation": {"laptop": (900, 500), "hall": (1500, 760), "phone": (360, 860)},
}
# What one more fate map adds to the height on a phone, where they stand under one another.
PHONE_MAP = 400


def arrangement(kind: str, narrow: bool) -> Arrangement:
    """Where the panels of a kind of stage stand."""
    wide, stacked = ARRANGEMENTS[kind]
    return stacked if narrow else wide


def size(page: str, screen: str, maps: int = 1) -> tuple[int, int]:
    """Width and height of a page's stage on a screen; `maps` is how many fate maps it has."""
    width, height = SIZES.get(page, STANDARD)[screen]
    return width, height + PHONE_MAP * (maps - 1) * (screen == "phone")
