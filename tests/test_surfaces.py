"""Every surface of the registry, at its default parameters and at every corner of their ranges."""

import itertools
import pickle
from dataclasses import replace

import numpy as np
import pytest
import sympy

from landscape import surfaces
from landscape.formulas.expression import parse
from landscape.formulas.functions import Magnitude
from landscape.objective import Wrapped
from landscape.surfaces import SURFACES, Surface, surface_from_formula
from tests.numerics import check_gradient, check_hessian, check_taylor


def corners(surface: Surface) -> list[Surface]:
    """The surface as it comes, then with every combination of its parameters' bounds."""
    ranges = [[(name, knob.low), (name, knob.high)] for name, knob in surface.knobs.items()]
    return [surface, *(surface.with_(**dict(choice)) for choice in itertools.product(*ranges) if choice)]


def label(surface: Surface) -> str:
    return "-".join([surface.key, *(f"{name}={value:g}" for name, value in surface.settings)])


VARIANTS = [variant for surface in SURFACES.values() for variant in corners(surface)]
each_surface = pytest.mark.parametrize("surface", SURFACES.values(), ids=SURFACES)
each_variant = pytest.mark.parametrize("surface", VARIANTS, ids=label)


def points(surface: Surface, count: int) -> np.ndarray:
    """Seeded points of the domain, shape (count, 2)."""
    low, high = np.transpose(surface.domain)
    return np.random.default_rng(20240607).uniform(low, high, (count, 2))


def lattice(surface: Surface, count: int) -> np.ndarray:
    """Shape (count, count, 2), edges of the domain included."""
    axes = [np.linspace(low, high, count) for low, high in surface.domain]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)


@each_variant
@pytest.mark.parametrize("check", [check_gradient, check_hessian, check_taylor])
def test_derivatives(surface, check):
    rng = np.random.default_rng(7)
    for x in points(surface, 8):
        check(surface, x, rng)


class WrongGradient(Wrapped):
    """One component out by one part in ten thousand; the other class has it in the Hessian."""

    def gradient(self, x):
        return super().gradient(x) * [1, 1.0001]


class WrongHessian(Wrapped):
    def hessian(self, x):
        return super().hessian(x) * [[1, 1], [1, 1.0001]]


@pytest.mark.parametrize(
    ("wrong", "check", "message"),
    [
        (WrongGradient, check_gradient, "central differences say"),
        (WrongGradient, check_taylor, "after the gradient"),
        (WrongHessian, check_hessian, "central differences say"),
        (WrongHessian, check_taylor, "after the Hessian"),
    ],
)
@pytest.mark.parametrize("formula", [SURFACES["peaks"].formula, "3*x**2 + x*y + 2*y**2", "exp(x)*sin(y) + 100"])
def test_the_checks_can_fail(formula, wrong, check, message):
    with pytest.raises(AssertionError, match=message):
        check(wrong(parse(formula)), np.array([0.3, 0.8]), np.random.default_rng(7))


@each_variant
def test_listed_minima_are_minima(surface):
    for point, value in surface.minima:
        x = np.array(point)
        eigenvalues = np.linalg.eigvalsh(surface.hessian(x))
        for at, (low, high) in zip(point, surface.domain, strict=True):
            assert low < at < high
        assert surface.value(x) == pytest.approx(value, rel=1e-13, abs=1e-13)
        assert np.abs(surface.gradient(x)).max() <= 1e-13 * (1 + np.abs(x).max()) * (1 + eigenvalues.max())
        assert eigenvalues.min() >= -1e-12 * eigenvalues.max()


def descend_by_compass(surface: Surface, x: np.ndarray, step: np.ndarray) -> np.ndarray:
    """Move to the lowest of eight neighbours, or halve the step; needs no derivative, so kinks do not matter."""
    compass = np.array([(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)])
    steps = np.broadcast_to(step, x.shape).copy()
    for _ in range(150):
        around = x + compass[:, None] * steps
        best = surface.value(around).argmin(axis=0)
        x = np.take_along_axis(around, best[None, :, None], axis=0)[0]
        steps[best == 4] /= 2
    return x


@each_variant
def test_no_point_is_lower_and_no_global_minimum_is_missing(surface):
    grid = lattice(surface, 301)
    values = surface.value(grid)
    if not surface.minima:
        inside = values[1:-1, 1:-1].min()
        assert values.min() < inside, "without a minimum, the lowest point is on the edge of any map"
        return
    lowest = surface.minima[0].value
    assert all(minimum.value == pytest.approx(lowest, abs=1e-12) for minimum in surface.minima)
    padded = np.pad(values, 1, constant_values=np.inf)
    neighbours = np.lib.stride_tricks.sliding_window_view(padded, (3, 3)).min(axis=(2, 3))
    pits = grid[values <= neighbours]
    # The deepest 500 suffice: a pit that is shallow on the lattice by more than they are is not global.
    pits = pits[np.argsort(surface.value(pits))[:500]]
    ends = descend_by_compass(surface, pits, grid[1, 1] - grid[0, 0])
    low, high = np.transpose(surface.domain)
    ends = ends[((ends >= low) & (ends <= high)).all(axis=1)]
    assert surface.value(ends).min() >= lowest - 1e-12 * max(1, abs(lowest))
    deepest = ends[surface.value(ends) <= lowest + 1e-10]
    listed = np.array([minimum.point for minimum in surface.minima])
    distance = np.linalg.norm(deepest[:, None] - listed, axis=-1)
    assert distance.min(axis=1, initial=np.inf).max(initial=0) < 1e-3 * (high - low).max()
    if not surface.kink:
        assert distance.min(axis=0, initial=np.inf).max() < 1e-3 * (high - low).max()


@each_surface
@pytest.mark.parametrize("shape", [(), (3,), (4, 5), (0,)])
def test_every_method_broadcasts(surface, shape):
    x = points(surface, int(np.prod(shape))).reshape(*shape, 2)
    for method, tail in ((surface.value, ()), (surface.gradient, (2,)), (surface.hessian, (2, 2))):
        together = method(x)
        assert together.shape == (*shape, *tail)
        assert together.dtype == np.float64
        for index in np.ndindex(shape):
            np.testing.assert_allclose(together[index], method(x[index]), rtol=1e-12, atol=1e-14)


@each_surface
def test_start_teaches_something(surface):
    start = np.array(surface.start)
    assert np.isfinite(surface.value(start))
    assert np.linalg.norm(surface.gradient(start)) > 1e-6, "a start where nothing moves teaches nothing"
    assert np.isfinite(surface.hessian(start)).all()


@each_surface
def test_derivatives_are_finite_all_over_the_domain(surface):
    """Kinks and cone tips included: the lattice has an odd count, so that it meets the axes and the diagonal."""
    grid = np.concatenate([lattice(surface, 41).reshape(-1, 2), np.reshape([m.point for m in surface.minima], (-1, 2))])
    assert np.isfinite(surface.gradient(grid)).all()
    assert np.isfinite(surface.hessian(grid)).all()


@each_surface
def test_record_is_complete(surface):
    assert SURFACES[surface.key] is surface
    for text in (surface.title, surface.group, surface.source, surface.note):
        assert text == text.strip() != ""
    assert surface.source.endswith(".")
    assert surface.note.endswith(".")
    assert surface.kink == "" or surface.kink.endswith(".")
    assert all(knob.label and knob.help for knob in surface.knobs.values())
    assert all(surface.latex(part) for part in ("value", "gradient", "hessian"))


@each_surface
def test_a_kink_is_stated_where_the_formula_has_one(surface):
    """A magnitude or a root of something that varies is the only way to write one."""
    parts = surface.compiled.derivatives.expression.atoms(Magnitude, sympy.Pow)
    rough = [part for part in parts if part.free_symbols and not (part.is_Pow and part.exp.is_Integer)]
    assert bool(rough) == bool(surface.kink)


@pytest.mark.parametrize(
    "surface", [SURFACES["double_well"].with_(tilt=-0.5), surface_from_formula("x**2 + 3*y**2")], ids=lambda s: s.key
)
def test_a_surface_survives_pickling(surface):
    surface.value(np.zeros(2))
    again = pickle.loads(pickle.dumps(surface))
    assert again == surface
    assert again.minima == surface.minima
    assert again.value(np.ones(2)) == surface.value(np.ones(2))


def test_a_surface_of_the_registry_is_pickled_by_its_name(monkeypatch):
    lowest = SURFACES["sphere"].lowest
    monkeypatch.setitem(SURFACES, "sphere", replace(SURFACES["sphere"], lowest=lambda: lowest))
    assert pickle.loads(pickle.dumps(SURFACES["sphere"])).minima == lowest


def test_keys_and_titles_are_unique():
    assert len({s.title for s in SURFACES.values()}) == len(SURFACES) == len(surfaces._RECORDS)


def test_groups_stand_together():
    """A menu shows the registry in its own order; no heading may come twice."""
    headings = [heading for heading, _ in itertools.groupby(s.group for s in SURFACES.values())]
    assert len(headings) == len(set(headings))


def test_quadratic_has_the_stated_eigenvalues_and_axes():
    hessian = SURFACES["quadratic"].with_(kappa=50, angle=30).hessian(np.zeros(2))
    along = np.array([np.cos(np.pi / 6), np.sin(np.pi / 6)])
    np.testing.assert_allclose(np.linalg.eigvalsh(hessian), [1, 50], rtol=1e-12)
    np.testing.assert_allclose(hessian @ along, along, rtol=1e-12)


def test_tilt_decides_which_well_is_lower():
    well = SURFACES["double_well"]
    assert [m.point[0] for m in well.with_(tilt=0).minima] == pytest.approx([-1, 1])
    assert well.with_(tilt=0.1).minima[0].point[0] < 0 < well.with_(tilt=-0.1).minima[0].point[0]


def test_with_changes_only_what_is_named():
    quadratic = SURFACES["quadratic"]
    changed = quadratic.with_(kappa=50)
    assert dict(changed.settings) == {"kappa": 50.0, "angle": quadratic.knobs["angle"].default}
    assert changed.with_(kappa=quadratic.knobs["kappa"].default) == quadratic
    assert hash(changed.with_(angle=3)) == hash(quadratic.with_(angle=3, kappa=50))
    assert dict(quadratic.settings)["kappa"] == quadratic.knobs["kappa"].default


@pytest.mark.parametrize(
    ("key", "settings", "message"),
    [
        ("quadratic", {"kapa": 3}, "kapa is 3, but quadratic has no such parameter; allowed are kappa, angle"),
        ("sphere", {"b": 3}, "b is 3, but sphere has no such parameter; it has no parameters"),
        ("quadratic", {"kappa": 0.5}, "kappa is 0.5; allowed is 1 to 1000"),
        ("quadratic", {"kappa": float("nan")}, "kappa is nan; allowed is 1 to 1000"),
        ("quadratic", {"kappa": "ten"}, "kappa is 'ten'; it must be a number"),
        ("rosenbrock", {"b": [1, 2]}, r"b has shape \(2,\); it must be one number"),
    ],
)
def test_a_wrong_setting_is_named(key, settings, message):
    with pytest.raises(ValueError, match=message):
        SURFACES[key].with_(**settings)


def test_a_typed_formula_is_a_surface():
    surface = surface_from_formula("x**2 + 3*y**2", ((-1, 1), (-2, 2)), (0.5, 1))
    assert surface.minima == ()
    np.testing.assert_allclose(surface.gradient(np.array([0.5, 1.0])), [1, 6])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("x +",), "Something is missing at the end"),
        (("x", ((1, -1), (0, 1)), (0, 0)), "domain in x is 1 to -1; the first must be the smaller"),
        (("x", ((-1, 1), (0, 1)), (0, 2)), "start has y = 2; the domain allows 0 to 1"),
    ],
)
def test_a_wrong_typed_surface_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        surface_from_formula(*arguments)
