"""Checks of what is said of fate maps and sweeps."""

from itertools import pairwise

import numpy as np

from landscape.descent.descend import Trajectory, descend
from landscape.finding import Finding
from landscape.maps.atlas import Atlas
from landscape.maps.basins import REACH
from landscape.maps.swept import Swept
from landscape.theory.quadratics import Diagonal
from tests.claims.checks import checks, of, same
from tests.claims.ground import ground_at, kinds_at

# Starts and pairs that are run once more, one at a time.
AGAIN = 16
# Steps that tell growing errors from shrinking ones, for pairs whose factor is known to be so near 1, or not yet known.
LOOKS = ((160, np.inf), (2000, 0.05))
# How near 1 a factor may then be to go either way.
NEAR_ONE = 2e-3


def run_again(atlas: Atlas, key: str) -> None:
    """Some starts, run once more, end where the map says: at rest there or coming nearer, and not in passing."""
    each, places = of(atlas.maps, key), atlas.attractors.x
    rows, columns = np.random.default_rng(0).integers(0, len(each.x), (2, AGAIN))
    starts = np.stack([each.x[columns], each.y[rows]], axis=-1)
    size = float(np.hypot(*np.ptp(np.array(atlas.surface.domain), axis=1)))
    run = descend(atlas.surface, atlas.optimizers[key], starts, atlas.steps)
    for i, fate in enumerate(each.attractor[rows, columns].tolist()):
        away = np.linalg.norm(run.x[:, i, None] - places, axis=-1)
        gone = str(run.status[i]) == "diverged"
        if fate >= 0:
            assert not gone
            assert away[-1, fate] <= 1.001 * REACH * size, f"{key} from {starts[i]} ends far from its attractor"
            few = min(4 * each.stride, atlas.steps // 2)
            late, before = away[-few - 1 :, fate].max(), away[: len(away) - few, fate][-2 * few :].max(initial=0)
            still = (
                away[-1, fate] <= 2e-3 * size and np.abs(np.diff(run.x[-6:, i], axis=0)).max(initial=0) <= 1e-9 * size
            )
            # Who was there but for rounding had come to rest, though rounding may carry it off a saddle in the end.
            still |= away[:, fate].min() <= 1e-12 * size
            assert still or late <= before + 1e-6 * size, f"{key} from {starts[i]} passes its attractor"
        else:
            resting = (away[-12:] <= 1e-9 * size).all(axis=0) & (len(away) > 12)
            # Where there is next to no curvature rounding moves a run for ever.
            firm = [not ground_at(atlas.surface, x).vague.any() for x in places[resting]]
            assert gone or not any(firm), f"{key} from {starts[i]} has arrived"


@checks("fates.minimum")
def at_a_minimum(atlas: Atlas, finding: Finding) -> None:
    minima = {i for i, kind in enumerate(atlas.attractors.kind) if kind == "minimum"}
    assert finding.numbers["shares"].keys() == atlas.maps.keys()
    for key, share in finding.numbers["shares"].items():
        run_again(atlas, key)
        fates = atlas.maps[key].attractor.ravel().tolist()
        same(share, sum(fate in minima for fate in fates) / len(fates), 1e-9)


@checks("fates.no_minimum")
def no_minimum(atlas: Atlas, finding: Finding) -> None:
    key, shares = finding.numbers["method"], finding.numbers["shares"]
    run_again(atlas, key)
    fates = atlas.maps[key].attractor.ravel().tolist()
    points = atlas.attractors
    kinds = {i: kinds_at(atlas.surface, points.x[i], str(points.kind[i])) for i in set(fates) if i >= 0}
    for kind, claimed in shares.items():
        assert kind != "minimum"
        assert claimed > 0
        assert (" also " in finding.text) == any(points.kind[i] == "minimum" for i in set(fates) if i >= 0)
        surely = sum(kinds.get(fate) == {kind} for fate in fates) / len(fates)
        perhaps = sum(kind in kinds.get(fate, ()) for fate in fates) / len(fates)
        assert surely - 1e-9 <= claimed <= perhaps + 1e-9


@checks("fates.quickest")
def quickest(atlas: Atlas, finding: Finding) -> None:
    key, steps = finding.numbers["method"], finding.numbers["steps"]
    run_again(atlas, key)
    minima = {i for i, kind in enumerate(atlas.attractors.kind) if kind == "minimum"}

    def there(name: str, by: float) -> int:
        each = atlas.maps[name]
        fates = zip(each.attractor.ravel().tolist(), each.steps.ravel().tolist(), strict=True)
        return sum(fate in minima and step <= by for fate, step in fates)

    size = atlas.maps[key].attractor.size
    counts = {name: there(name, np.inf) for name in atlas.maps}
    same(finding.numbers["share"], counts[key] / size, 1e-9)
    assert counts[key] >= 0.95 * max(counts.values()) - 1e-9, "it arrives less often than another"
    assert 2 * there(key, steps) >= size > 2 * there(key, steps - 1)
    rivals = [name for name in atlas.maps if counts[name] >= 0.95 * max(counts.values())]
    assert all(2 * there(name, steps - 1) < size for name in rivals), "another method is quicker"
    assert set(finding.numbers["alike"]) == {name for name in rivals if 2 * there(name, steps) >= size}
    assert ("quickest" in finding.text) == (len(finding.numbers["alike"]) < len(atlas.maps))


def begun(atlas: Atlas, name: str) -> list[int]:
    """The fates of the starts at which there is a value."""
    each = atlas.maps[name]
    with np.errstate(all="ignore"):
        rows = [atlas.surface.value(np.array([[x, y] for x in each.x])) for y in each.y]
    return each.attractor[np.isfinite(rows)].tolist()


@checks("fates.no_value")
def no_value(atlas: Atlas, finding: Finding) -> None:
    for name, each in atlas.maps.items():
        same(finding.numbers["share"], 1 - len(begun(atlas, name)) / each.attractor.size, 1e-9)
    assert finding.numbers["share"] > 0


@checks("fates.lost")
def lost(atlas: Atlas, finding: Finding) -> None:
    _most(atlas, finding, -2)


@checks("fates.not_yet")
def not_yet(atlas: Atlas, finding: Finding) -> None:
    assert finding.numbers["steps"] == atlas.steps
    _most(atlas, finding, -1)


@checks("fates.speckled")
def speckled(atlas: Atlas, finding: Finding) -> None:
    key = finding.numbers["method"]
    run_again(atlas, key)

    def parted(name: str) -> float:
        rows = atlas.maps[name].attractor.tolist()
        pairs = [pair for row in rows for pair in pairwise(row)]
        pairs += [pair for column in zip(*rows, strict=True) for pair in pairwise(column)]
        return sum(one != other for one, other in pairs) / len(pairs)

    same(finding.numbers["share"], parted(key), 1e-9)
    assert finding.numbers["share"] >= 0.4
    assert all(parted(name) <= finding.numbers["share"] + 1e-12 for name in atlas.maps)
    assert len(atlas.maps[key].x) >= 64


def _most(atlas: Atlas, finding: Finding, fate: int) -> None:
    """No method has that fate more often."""
    key = finding.numbers["method"]
    run_again(atlas, key)
    shares = {name: begun(atlas, name).count(fate) / m.attractor.size for name, m in atlas.maps.items()}
    same(finding.numbers["share"], shares[key], 1e-9)
    assert max(shares.values()) <= shares[key] + 1e-12
    assert finding.numbers["share"] > 0
    alike = {name for name, share in shares.items() if abs(share - shares[key]) < 1e-12}
    assert set(finding.numbers["alike"]) == alike
    assert ("most often" in finding.text) == (len(alike) < len(atlas.maps))


def one_run(swept: Swept, row: int, column: int) -> Trajectory:
    """The run of one pair, by itself."""
    pair = {
        name: each[i].item() for name, each, i in zip(swept.sweep.names, swept.sweep.values, (column, row), strict=True)
    }
    method = swept.optimizer_class(**dict(swept.settings) | pair)
    return descend(swept.surface, method, swept.start, swept.steps, tolerance=swept.tolerance)


@checks("sweep.lowest")
def sweep_lowest(swept: Swept, finding: Finding) -> None:
    numbers = finding.numbers
    assert tuple(numbers["pair"]) == swept.sweep.names
    row, column = (
        int(np.argmin(np.abs(each.astype(float) - numbers["pair"][name])))
        for name, each in zip(swept.sweep.names[::-1], swept.sweep.values[::-1], strict=True)
    )
    x, y = swept.sweep.values
    assert tuple(numbers["pair"].values()) == (x[column], y[row])
    run = one_run(swept, row, column)
    assert str(run.status) != "diverged"
    values = [value for value in swept.sweep.value.ravel().tolist() if value == value]
    base = min(values)
    if numbers["exact"]:
        base = min(float(swept.surface.value(np.array(m.point))) for m in swept.surface.minima)
    # Heights below 1e-14, and heights that differ by less than a tenth of a decade, are not told apart.
    slack = 1e-14 * max(1.0, abs(base))
    same(numbers["height"], max(float(run.value[-1]) - base, 0.0), 1e-4, 10 * slack)
    assert numbers["height"] <= 1.3 * max(min(values) - base, 0.0) + 10 * slack
    assert ("above" in finding.text) == (numbers["height"] > 1e-15 * max(1.0, abs(base)))
    rest = np.where(swept.sweep.steps < 0, 10**9, swept.sweep.steps)
    as_good = (swept.sweep.value <= swept.sweep.value[row, column]) & (rest <= rest[row, column])
    alike = (swept.sweep.value - base <= 1.3 * numbers["height"] + 10 * slack) & (rest == rest[row, column])
    assert as_good.sum() - 1 <= numbers["others"] <= alike.sum() - 1
    assert ("as well" in finding.text) == (numbers["others"] > 0)
    arrived = str(run.status) == "converged"
    assert numbers["arrived"] == arrived
    assert numbers["steps"] == (int(run.stop) if arrived else len(run.x) - 1)
    assert not arrived or run.gradient_norm[int(run.stop)] <= swept.tolerance


@checks("sweep.ends")
def sweep_ends(swept: Swept, finding: Finding) -> None:
    value, steps = swept.sweep.value, swept.sweep.steps
    same(finding.numbers["diverged"], sum(v != v for v in value.ravel().tolist()) / value.size, 1e-9)
    same(finding.numbers["arrived"], sum(k >= 0 for k in steps.ravel().tolist()) / steps.size, 1e-9)
    rng = np.random.default_rng(0)
    for row, column in zip(*(rng.integers(0, count, AGAIN) for count in value.shape), strict=True):
        run = one_run(swept, row, column)
        assert (str(run.status) == "diverged") == bool(np.isnan(value[row, column]))
        assert (str(run.status) == "converged") == bool(steps[row, column] >= 0)


@checks("sweep.theory")
def sweep_theory(swept: Swept, finding: Finding) -> None:
    """On the quadratic with those curvatures errors are let grow or shrink; near 1 a pair may go either way."""
    stays = ~np.isnan(swept.sweep.value.ravel())
    rate = np.full(stays.size, 1.0)
    for steps, near in LOOKS:
        unclear = np.flatnonzero(np.abs(rate - 1) <= near)
        rate[unclear] = rates(swept, unclear, steps)
    clear = ~(np.abs(rate - 1) <= NEAR_ONE)
    agree = float((clear & ((rate < 1) == stays)).mean())
    assert agree - 1e-9 <= finding.numbers["agree"] <= agree + float((~clear).mean()) + 1e-9


def rates(swept: Swept, pairs: np.ndarray, steps: int) -> np.ndarray:
    """The factor a step by which errors grow on the quadratic with those curvatures, for some pairs, by trying it."""
    hyper = [each.ravel()[pairs, None] for each in np.meshgrid(*swept.sweep.values)]
    method = swept.optimizer_class(**dict(swept.settings) | dict(zip(swept.sweep.names, hyper, strict=True)))
    assert swept.eigenvalues is not None
    model = Diagonal(swept.eigenvalues)
    x = np.tile(1 / np.sqrt(swept.eigenvalues), (len(pairs), 1))
    state, quarter = method.init(x), steps // 4
    sizes = np.zeros((4, len(pairs)))
    with np.errstate(all="ignore"):
        for k in range(4 * quarter):
            x, state = method.step(model, x, state)
            size = np.abs(x).max(axis=-1)
            sizes[k // quarter] = np.maximum(sizes[k // quarter], np.where(np.isfinite(size), size, np.inf))
        factor = (sizes[3] / sizes[1]) ** (1 / (2 * quarter))
    return np.where(np.isinf(sizes[3]), np.inf, np.where(sizes[3] < 1e-250, 0, factor))
