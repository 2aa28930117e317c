"""Writes sklearn_paths.npz: what scikit-learn answers on the tables, for the tests to compare with.

scikit-learn is no dependency of this project. Run this where it and numpy are installed, from the project's root:

    python tests/data/make_sklearn_paths.py

Columns are centred and scaled to mean square 1, and intercepts are fitted. The file holds

    strengths      (100,)       scikit-learn's alpha
    lasso          (100, 10)    lasso_path on diabetes, tol 1e-14
    elastic_net    (100, 10)    enet_path with l1_ratio 0.4 on diabetes, tol 1e-14
    ridge          (100, 10)    Ridge with alpha = strength * 442 on diabetes
    knots          (m,)         the alphas of lars_path(method="lasso") on diabetes
    lars           (m, 10)      and its coefficients
    logistic       (3, 31)      coefficients and intercept of LogisticRegression on breast_cancer, L2, tol 1e-10
    logistic_at    (3,)         and their strengths, 1 / (C * 569)
    sklearn        the version of scikit-learn that made it
"""

from pathlib import Path

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression, Ridge, enet_path, lars_path, lasso_path

HERE = Path(__file__).parent
TABLES = HERE.parents[1] / "landscape" / "datasets"


def table(name):
    data = np.loadtxt(TABLES / f"{name}.csv", delimiter=",", skiprows=1)
    x, y = data[:, :-1], data[:, -1]
    return (x - x.mean(axis=0)) / x.std(axis=0), y


def main():
    x, y = table("diabetes")
    y = y - y.mean()
    strengths = np.geomspace(50, 0.03, 100)
    knots, _, lars = lars_path(x, y, method="lasso")
    tight = {"tol": 1e-14, "max_iter": 1_000_000}
    features, label = table("breast_cancer")
    logistic_at = np.array([1e-3, 1e-2, 1.0])
    logistic = []
    for strength in logistic_at:
        model = LogisticRegression(C=1 / (strength * len(label)), tol=1e-10, max_iter=100_000).fit(features, label)
        logistic.append(np.append(model.coef_[0], model.intercept_))
    np.savez_compressed(
        HERE / "sklearn_paths.npz",
        strengths=strengths,
        lasso=lasso_path(x, y, alphas=strengths, **tight)[1].T,
        elastic_net=enet_path(x, y, l1_ratio=0.4, alphas=strengths, **tight)[1].T,
        ridge=[Ridge(alpha=s * len(y), tol=1e-14, solver="cholesky").fit(x, y).coef_ for s in strengths],
        knots=knots,
        lars=lars.T,
        logistic=logistic,
        logistic_at=logistic_at,
        sklearn=sklearn.__version__,
    )


if __name__ == "__main__":
    main()
