"""Facts: for each note or help that states a number, a function that computes it from what the note is about.

It is asked at the entry's own settings and at both ends of every knob, so that no note holds for one setting only.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from landscape.calculus.expansions import taylor
from landscape.calculus.sums import sums
from landscape.descent.descend import descend
from landscape.networks import ACTIVATIONS
from landscape.optimizers import OPTIMIZERS
from landscape.regularization.penalties import PENALTIES
from landscape.surfaces import SURFACES, Surface
from landscape.theory.stationary import stationary_points

Fact = Callable[[Any], bool]


def ends(entry: Any) -> Iterator[Any]:
    """An entry as it is, and with each of its knobs at each of its ends."""
    yield entry
    if hasattr(entry, "with_"):
        for name, knob in entry.knobs.items():
            for end in (knob.low, knob.high):
                kind = {"integer": int, "switch": bool}.get(knob.scale, float)
                yield entry.with_(**{name: kind(end)})


def kinds(surface: Surface) -> dict[str, int]:
    """How many stationary points of each kind are on the map."""
    found = stationary_points(surface, surface.domain).kind.tolist()
    return {kind: found.count(kind) for kind in ("minimum", "maximum", "saddle")}


def depths(surface: Surface) -> list[float]:
    """The values at the minima on the map, each once, rising."""
    found = stationary_points(surface, surface.domain)
    return sorted(set(np.round(found.value[found.kind == "minimum"], 6).tolist()))


def condition(surface: Surface) -> float:
    low, high = np.linalg.eigvalsh(surface.hessian(np.array(surface.minima[0].point)))
    return float(high / low)


def _double_well(surface: Surface) -> bool:
    tilt = dict(surface.settings)["tilt"]
    lifted = float(surface.value(np.array([1.0, 0.0]))) - float(surface.value(np.array([-1.0, 0.0])))
    return (
        kinds(surface)["minimum"] == 2 and len(depths(surface)) == 1 + (tilt != 0) and np.sign(lifted) == np.sign(tilt)
    )


def _two_gaussians(surface: Surface) -> bool:
    narrow = np.linalg.eigvalsh(surface.hessian(np.array(surface.minima[0].point)))[1]
    return abs(2 / narrow / 0.1 - 1) < 0.01


def _six_hump(surface: Surface) -> bool:
    found = stationary_points(surface, surface.domain)
    x = found.x[found.kind == "minimum"]
    mirrored = all(np.abs(x + each).sum(axis=1).min() < 1e-6 for each in x)
    low = found.value[found.kind == "minimum"]
    return len(x) == 6 and mirrored and int((low < low.min() + 1e-9).sum()) == 2


def _goldstein(surface: Surface) -> bool:
    x = np.linspace(-2, 2, 401)
    values = surface.value(np.stack(np.meshgrid(x, x), axis=-1))
    return bool(abs(values.min() - 3) < 0.01 and 9.5e5 < values.max() < 1.05e6)


def _rastrigin(surface: Surface) -> bool:
    return kinds(surface.with_(A=0))["minimum"] == 1 and kinds(surface.with_(A=20))["minimum"] == 121


def _griewank(surface: Surface) -> bool:
    bowl = 2 / 4000
    return abs((np.linalg.eigvalsh(surface.hessian(np.zeros(2)))[1] - bowl) / bowl - 2000) < 1e-6


def _drop_wave(surface: Surface) -> bool:
    h, here = 1e-4, float(surface.value(np.zeros(2)))
    bends = [float(surface.value(h * way) - 2 * here + surface.value(-h * way)) / h**2 for way in np.eye(2)]
    return not surface.hessian(np.zeros(2)).any() and np.allclose(bends, 72.5, rtol=1e-4)


def _tip(surface: Surface) -> bool:
    ring = 1e-6 * np.stack([np.cos(np.arange(12)), np.sin(np.arange(12))], axis=-1)
    cone = np.linalg.norm(surface.gradient(ring), axis=-1)
    return not surface.gradient(np.zeros(2)).any() and not surface.hessian(np.zeros(2)).any() and bool((cone > 2).all())


def _steep(*points: tuple[float, float]) -> Fact:
    """Beside these points the slope is larger than any that a map shows."""
    return lambda surface: all(np.abs(surface.gradient(np.add(p, (0, 1e-10)))).max() > 1e4 for p in points)


def _quickly(key: str, steps: int, **settings: Any) -> Fact:
    """From two starts the method is at the minimum of the surface within so many steps."""

    def fact(_: Any) -> bool:
        surface = SURFACES[key]
        starts = np.array([surface.start, [1.7, -0.8]])
        method_key, given = settings["method"], {k: v for k, v in settings.items() if k != "method"}
        run = descend(surface, OPTIMIZERS[method_key](**given), starts, steps)
        return bool(np.allclose(run.x[-1], surface.minima[0].point, atol=1e-6))

    return fact


def _newton_keeps(curve: Any) -> bool:
    x = np.array([-1.7, 0.3, 2.0])
    return np.allclose((x - curve.slope(x) / curve.curvature(x)) / x, 2 / 3)


def _orders_at_0(curve: Any) -> bool:
    order = sums(curve, 0.0, 2.0).order
    fallen = [order[rule] for rule in ("midpoint", "trapezoid", "simpson")]
    return np.allclose(fallen, 1.5, atol=0.03) and np.allclose([order["left"], order["right"]], 1, atol=0.03)


def _same_loss_with_both_signs_changed(problem: Any) -> bool:
    w = np.random.default_rng(0).normal(size=(20, 2))
    level = not problem.gradient(np.zeros(2)).any() and np.linalg.eigvalsh(problem.hessian(np.zeros(2)))[0] < 0
    return np.allclose(problem.value(w), problem.value(-w), rtol=1e-12) and bool(level)


def _radius_1(curve: Any) -> bool:
    c = np.abs(taylor(curve.compiled, 0.0, 60))
    c = c[c > 0]
    return 0.9 < float(c[-1] / c[-10]) ** (1 / 9) < 1.1 and not np.isfinite(curve.value(np.array(-1.0)))


# By the registry's entry: the numbers that its text states, in their order, and how to see that they are so.
FACTS: dict[str, tuple[str, Fact]] = {
    "LANDSCAPES.booth.note": ("Two 9", lambda s: abs(condition(s) - 9) < 1e-9),
    "LANDSCAPES.matyas.note": ("25", lambda s: abs(condition(s) - 25) < 1e-9),
    "LANDSCAPES.dixon_price.note": ("two", lambda s: kinds(s)["minimum"] == 2),
    "LANDSCAPES.double_well.note": ("Two", _double_well),
    "LANDSCAPES.two_gaussians.note": ("0.1", _two_gaussians),
    "LANDSCAPES.himmelblau.note": ("Four", lambda s: (kinds(s)["minimum"], len(depths(s))) == (4, 1)),
    "LANDSCAPES.three_hump_camel.note": ("two", lambda s: (kinds(s)["minimum"], len(depths(s))) == (3, 2)),
    "LANDSCAPES.six_hump_camel.note": ("Six three Two", _six_hump),
    "LANDSCAPES.branin.note": ("Three", lambda s: (kinds(s)["minimum"], len(depths(s))) == (3, 1)),
    "LANDSCAPES.styblinski_tang.note": ("Four three", lambda s: (kinds(s)["minimum"], len(depths(s))) == (4, 3)),
    "LANDSCAPES.goldstein_price.note": ("3 million", _goldstein),
    "LANDSCAPES.peaks.note": ("Three three", lambda s: (kinds(s)["maximum"], kinds(s)["minimum"]) == (3, 3)),
    "LANDSCAPES.rastrigin.A": ("0 121", _rastrigin),
    "LANDSCAPES.ackley.kink": ("0 0", _tip),
    "LANDSCAPES.griewank.note": ("2,000", _griewank),
    "LANDSCAPES.drop_wave.kink": ("0/0 0 72.5", _drop_wave),
    "LANDSCAPES.eggholder.note": (
        "Dozens hundreds",
        lambda s: 36 <= kinds(s)["minimum"] < 100 and np.ptp(s.domain[0]) > 500,
    ),
    "LANDSCAPES.eggholder.kink": ("47 2 47 0", _steep((100.0, -97.0), (100.0, 53.0))),
    "LANDSCAPES.bukin_n6.kink": ("100 0 10 0 0", _steep((-8.0, 0.64), (-12.0, 1.44))),
    "LANDSCAPES.abs_valley.kink": ("0 0", lambda s: np.allclose(s.gradient(np.array([2.0, 2.0])), [0.4, 0.4])),
    "LANDSCAPES.tanh_neuron.note": (
        "1.5 0.75",
        lambda p: float(p.with_(noise=0).value(np.array([1.5, -0.75]))) < 1e-25,
    ),
    "LANDSCAPES.tanh_chain.note": ("two 0", _same_loss_with_both_signs_changed),
    "CURVES.square.note": ("", lambda c: np.allclose(c.value(np.array(1.3)) - c.value(np.array(1.0)), 0.3 * (2 + 0.3))),
    "CURVES.logarithm.note": ("0 1", _radius_1),
    "CURVES.witch.note": (
        "0 1",
        lambda c: abs(1 + 1j * 1j) == 0 and bool(np.abs(taylor(c.compiled, 0.0, 60)[-1]) == 1),
    ),
    "CURVES.quartic.note": ("2/3", _newton_keeps),
    "CURVES.root.note": ("0 3/2", _orders_at_0),
    "CURVES.kink.note": ("0 1 1", lambda c: c.slope(np.array([-0.1, 0.1])).tolist() == [-1, 1]),
    "ACTIVATIONS.tanh.note": ("0", lambda a: float(a.value(np.array(0.0))) == 0),
    "ACTIVATIONS.sigmoid.note": ("1/4 quarter", lambda a: abs(_steepest(a) - 0.25) < 1e-9),
    "CELLS.tanh.note": ("1", lambda _: _steepest(ACTIVATIONS["tanh"]) <= 1),
    "CELLS.relu.note": ("1", lambda _: _steepest(ACTIVATIONS["relu"]) == 1),
    "INITIALISERS.he.note": ("half", lambda _: _half_goes()),
    "LOSSES.mse.note": (
        "2 1",
        lambda each: float(each.slope(np.array([[[2.0]]]), np.array([[0.5]]))[0, 0, 0]) == 2 * 1.5,
    ),
    "NETWORKS.moons_network.note": ("Thirty three", lambda p: p.network.size == 33),
    "NETWORKS.iris_network.size": ("150", lambda p: len(p.with_(size=150).samples) == 150),
    "NETWORKS.iris_network.note": ("three", lambda p: len(p.samples.classes) == 3),
    "NOISY.irises.note": ("39 two", lambda each: each.parts[0].dimension == 39),
    "NOISY.diabetes.note": ("Two", lambda each: each.parts[0].dimension == 2),
    "NOISY.breast_cancer.note": ("Two two", lambda each: each.parts[0].dimension == 2),
    "DATASETS.blobs.note": ("Three three", lambda d: len(d.samples.classes) == 3),
    "DATASETS.iris.note": ("three", lambda d: len(d.samples.classes) == 3),
    "DATASETS.iris.size": ("150", lambda d: len(d.with_(size=150).samples) == 150),
    "IMAGES.digits.note": ("8 8", lambda d: d.samples.inputs.shape[-2:] == (8, 8)),
    "IMAGES.digits.size": ("1,797", lambda d: len(d.with_(size=1797).samples) == 1797),
    "TABLES.diabetes.note": ("ten", lambda table: len(table.names) == 10),
    "TABLES.breast_cancer.note": ("Thirty", lambda table: len(table.names) == 30),
    "OPTIMIZERS.gauss_newton.note": ("two", _quickly("rosenbrock", 2, method="gauss_newton")),
    "OPTIMIZERS.conjugate_gradient.note": ("two", _quickly("quadratic", 3, method="conjugate_gradient", c2=1e-3)),
    "OPTIMIZERS.bfgs.note": ("dozen", _quickly("quadratic", 12, method="bfgs")),
    "OPTIMIZERS.adadelta.lr": ("1", lambda cls: cls().lr == 1),
    "PENALTIES.elastic_net.ratio": ("1 0 1", lambda cls: _same(cls(ratio=0), "l2") and _same(cls(ratio=1), "l1")),
    "PENALTIES.group_lasso.size": ("", lambda cls: _same(cls(size=1), "l1")),
    "SCHEDULES.polynomial.power": ("0", lambda cls: bool((cls(power=0).factors(20) == 1).all())),
    "SCHEDULES.polynomial.note": ("1", lambda cls: np.allclose(np.diff(cls(power=1).factors(20), 2), 0, atol=1e-12)),
    "TWO_WEIGHTS.correlated.correlation": (
        "1 1",
        lambda each: all(
            np.allclose(*(sign**k * column for k, column in enumerate(each.loss(correlation=sign).X.T)))
            for sign in (1.0, -1.0)
        ),
    ),
    "TWO_WEIGHTS.correlated.note": (
        "1 1",
        lambda each: _conditions(each, 0, 0.5, 0.9, 0.99) and _conditions(each, 0, -0.5, -0.9, -0.99),
    ),
    "TWO_WEIGHTS.cholesterol.note": ("Two", lambda each: np.prod(np.linalg.lstsq(each.loss().X, each.loss().y)[0]) < 0),
    "STARTERS.saddle.note": ("two", lambda starter: _of(starter)["saddle"] == 1 and _of(starter)["minimum"] == 2),
}


def _of(starter: Any) -> dict[str, int]:
    return kinds(Surface("yours", "", "", starter.formula.replace("^", "**"), starter.domain, (0.1, 0.1), "", ""))


def _conditions(problem: Any, *correlations: float) -> bool:
    """The valley's length beside its width grows with every one of them."""
    known = [np.linalg.cond(problem.loss(correlation=each).hessian(np.zeros(2))) for each in correlations]
    return bool((np.diff(known) > 0).all())


def _same(penalty: Any, key: str) -> bool:
    w = np.random.default_rng(0).normal(size=(20, 4))
    return np.allclose(penalty.value(w), PENALTIES[key]().value(w), rtol=1e-12)


def _steepest(activation: Any) -> float:
    z = np.linspace(-6, 6, 2001)
    return float(activation.slope(z, activation.value(z)).max())


def _half_goes() -> bool:
    z = np.random.default_rng(0).normal(size=200_000)
    return abs(float(np.mean(np.maximum(z, 0) ** 2)) - 0.5) < 0.01


# Numbers that say what something is, and claim nothing that could be otherwise.
NAMES = (
    "at 0 they are exact",
    "0 takes them all",
    "counts as 0",
    "counts as switched off",
    "three tanh units can fence it in, two cannot",
    "Two arcs",
    "One input, two classes",
    "Noise 0 and 4 samples: the truth table",
    "Two perpendicular gorges",
    "Two gates",
    "z is near 1",
    "f is near 1",
    "two sliders",
    "the smaller of the two rates",
    "a million weights: in two dimensions",
    "an L2 penalty",
    "1/(1 + decay · t)",
    "L1 with its crease",
    "whatever the gradient",
    "Groups of one make it L1",
    "Length 2 is easy",
    "Two numbers far apart",
    "about eleven years",
    "Turn a down to 0",
    "two examples",
    "two curves",
    "Left of 0",
    "Dive into Deep Learning, section 12.3",
)
