"""Selection: ridge, elastic net and the lasso on a real table, and which variables survive each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from landscape.datasets import standardize
from landscape.datasets.tables import TABLES
from landscape.regularization.validation import CrossValidation, cross_validate

TABLE = TABLES["diabetes"]
NOISE_COLUMNS = 20
# The grid, in decades below its largest strength.
DECADES, COUNT = 5, 101


def _constant(x: np.ndarray) -> np.ndarray:
    return np.ones((len(x), 1))


def _copy(x: np.ndarray) -> np.ndarray:
    return x[:, [TABLE.names.index("bmi")]]


def _noise(x: np.ndarray) -> np.ndarray:
    return np.random.default_rng(0).standard_normal((len(x), NOISE_COLUMNS))


# What can be added to the table to make it harder: title, the columns from those there are, and their names.
EXTRAS: dict[str, tuple[str, Callable[[np.ndarray], np.ndarray], tuple[str, ...]]] = {
    "none": ("Nothing", lambda x: x[:, :0], ()),
    "constant": ("A constant column", _constant, ("constant",)),
    "copy": ("A second copy of bmi", _copy, ("bmi copy",)),
    "noise": (f"{NOISE_COLUMNS} columns of noise", _noise, tuple(f"noise {i + 1}" for i in range(NOISE_COLUMNS))),
}

MEANINGS = {"constant": "the same for everyone", "bmi copy": "body mass index again"}


@dataclass(frozen=True)
class Selection:
    """Paths of the penalties in `ratios`, each cross-validated on the same folds at the same strengths, falling.

    names    (p,) of the columns        samples   N
    results  by title, in the order of their L1 share
    """

    names: tuple[str, ...]
    samples: int
    ratios: Mapping[str, float]
    results: Mapping[str, CrossValidation]

    @property
    def strengths(self) -> np.ndarray:
        return next(iter(self.results.values())).strengths


def design(extra: str, rows: int) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """The first rows of the diabetes table with extra columns: standardized X, (rows, p), y, (rows,), and names."""
    if extra not in EXTRAS:
        raise ValueError(f"extra is {extra!r}; allowed are {', '.join(EXTRAS)}")
    _, make, names = EXTRAS[extra]
    x = TABLE.x[:rows]
    return standardize(np.column_stack([x, make(x)])).X, TABLE.y[:rows], TABLE.names + names


def select(extra: str = "none", rows: int = 442, ratio: float = 0.5, folds: int = 10) -> Selection:
    """Ridge, the elastic net with this L1 share, and the lasso, on the diabetes table or its first rows.

    ValueError for an unknown extra, a ratio outside 0 to 1, or more folds than rows.
    """
    X, y, names = design(extra, rows)
    strengths = common_grid(X, y)
    ratios = {"Ridge": 0.0, f"Elastic net, {ratio:g} L1": ratio, "Lasso": 1.0}
    return Selection(
        names, len(y), ratios, {title: cross_validate(X, y, strengths, share, folds) for title, share in ratios.items()}
    )


def common_grid(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Strengths for every ratio alike, falling, (COUNT,): from a power of ten that leaves the lasso nothing."""
    largest = float(np.abs(X.T @ (y - y.mean())).max()) / len(y)
    high = np.ceil(np.log10(largest)) if largest > 0 else 0.0
    return np.logspace(high, high - DECADES, COUNT)


def survivors(selection: Selection) -> list[dict[str, object]]:
    """One row a variable: its coefficient in every penalty's choice, None where it is dropped."""
    meaning = dict(zip(TABLE.names, TABLE.meanings, strict=False)) | MEANINGS
    chosen = {
        f"{title.split(',')[0]}, {how}": result.path.coefficients[index].tolist()
        for title, result in selection.results.items()
        for how, index in (("best", result.best), ("one s.e.", result.one_standard_error))
    }
    return [
        {
            "variable": name,
            "what it is": meaning.get(name, "noise"),
            **{title: weights[i] or None for title, weights in chosen.items()},
        }
        for i, name in enumerate(selection.names)
    ]
