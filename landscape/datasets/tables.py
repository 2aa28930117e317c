"""TABLES: small real data sets, kept as CSV files beside this module, with their sources and licences.

diabetes       442 patients, 10 measurements, and how far their disease had progressed a year later.
               Source: Efron, Hastie, Johnstone & Tibshirani (2004), "Least angle regression", Annals of Statistics 32,
               407-499, who published it at https://www4.stat.ncsu.edu/~boos/var.select/diabetes.html in these units.
               Licence: none is stated there; it is copied, with names for s1 to s6, from scikit-learn, which
               redistributes it under the 3-clause BSD licence.
breast_cancer  569 tumours, 30 measurements of their cell nuclei, and whether each was malignant.
               Source: Wolberg, Mangasarian, Street & Street (1993), "Breast Cancer Wisconsin (Diagnostic)", UCI
               Machine Learning Repository, https://doi.org/10.24432/C5DW2B.
               Licence: Creative Commons Attribution 4.0 International (CC BY 4.0); copied from scikit-learn, and
               the label is 1 for malignant, where scikit-learn has 0.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Table:
    """A real data set: N rows, p columns and one target, read from `<key>.csv` when first asked.

    key, title       its name in code and links, its name for people
    task             "regression", or "classification" with targets 0 and 1
    meanings         what each column is, in the file's order, with its unit where it has one; the target last
    source, licence  where it comes from and what may be done with it
    note             what it is good for showing

    The arrays are read-only, in the units of the file: nothing is centred or scaled.
    """

    key: str
    title: str
    task: str
    meanings: tuple[str, ...]
    source: str
    licence: str
    note: str

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The file's column names, the target last."""
        with (FOLDER / f"{self.key}.csv").open(encoding="utf-8") as file:
            return tuple(file.readline().strip().split(","))

    @property
    def names(self) -> tuple[str, ...]:
        return self.columns[:-1]

    @property
    def target(self) -> str:
        return self.columns[-1]

    @cached_property
    def _data(self) -> np.ndarray:
        data = np.loadtxt(FOLDER / f"{self.key}.csv", delimiter=",", skiprows=1)
        data.setflags(write=False)
        return data

    @property
    def x(self) -> np.ndarray:
        """The measurements, shape (N, p)."""
        return self._data[:, :-1]

    @property
    def y(self) -> np.ndarray:
        """The target, shape (N,)."""
        return self._data[:, -1]


NUCLEUS = (
    "radius",
    "texture: the spread of its grey values",
    "perimeter",
    "area",
    "smoothness: how much the radius varies locally",
    "compactness: perimeter²/area − 1",
    "concavity: how deep the dents of its outline are",
    "concave points: how many dents",
    "symmetry",
    "fractal dimension of its outline, less 1",
)

DIABETES = Table(
    key="diabetes",
    title="Diabetes",
    task="regression",
    meanings=(
        "age in years",
        "sex, coded 1 and 2",
        "body mass index",
        "mean blood pressure",
        "total serum cholesterol",
        "low-density lipoproteins",
        "high-density lipoproteins",
        "total cholesterol / high-density lipoproteins",
        "possibly the logarithm of serum triglycerides",
        "blood sugar",
        "disease progression one year after baseline",
    ),
    source='Efron, Hastie, Johnstone & Tibshirani (2004), "Least angle regression", Annals of Statistics 32, 407-499',
    licence="none stated at the source; redistributed by scikit-learn under the 3-clause BSD licence",
    note="The data of the paper on lasso paths: ten measurements, some of them nearly the same.",
)

BREAST_CANCER = Table(
    key="breast_cancer",
    title="Breast cancer",
    task="classification",
    meanings=(
        *(
            f"{which} {what}"
            for which in ("mean", "standard error of", "mean of the three largest:")
            for what in NUCLEUS
        ),
        "1 where the tumour was malignant, 0 where it was benign",
    ),
    source=(
        'Wolberg, Mangasarian, Street & Street (1993), "Breast Cancer Wisconsin (Diagnostic)", UCI Machine Learning '
        "Repository, https://doi.org/10.24432/C5DW2B"
    ),
    licence="Creative Commons Attribution 4.0 International (CC BY 4.0)",
    note="Thirty measurements in groups that move together. Most can be dropped at little cost.",
)

TABLES: dict[str, Table] = {table.key: table for table in (DIABETES, BREAST_CANCER)}
