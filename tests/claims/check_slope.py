"""Checks of what is said of slopes, secants and expansions."""

import mpmath
import numpy as np
import sympy
from scipy.interpolate import CubicHermiteSpline

from landscape.calculus.curves import Curve
from landscape.calculus.differences import DIFFERENCES
from landscape.calculus.expansion_run import Expansion
from landscape.calculus.paths import Drawn
from landscape.calculus.plane import Plane
from landscape.calculus.report import Judged
from landscape.calculus.secants import Secants
from landscape.calculus.step_errors import StepErrors
from landscape.calculus.stepping import Stepping
from landscape.finding import Finding
from tests.calculus.test_taylor import expected
from tests.claims.checks import checks, of, same
from tests.claims.digits import function_of, in_digits, slope_in_digits
from tests.numerics import EPS, derivative_along


def slope_of(curve: Curve, x: float) -> float:
    """By differences of the values, in many digits."""
    return float(slope_in_digits(curve.compiled, np.array([x]))[0])


def bend_of(curve: Curve, x: float) -> float:
    return float(in_digits(curve.compiled, np.array([x]))[1][0, 0])


def secant_of(found: Secants, h: float) -> float:
    """Rise over run, from the ends that the scheme's name says."""
    low = found.x - h * (found.scheme != "forward")
    high = found.x + h * (found.scheme != "backward")
    below, above = found.curve.value(np.array([low, high]))
    return float((above - below) / (high - low))


@checks("secant.slope")
def slope(found: Secants, finding: Finding) -> None:
    numbers = finding.numbers
    assert numbers["x"] == found.x
    same(numbers["slope"], slope_of(found.curve, found.x), 1e-7, 1e-9)
    if "h" in numbers:
        assert numbers["h"][0] == max(h for h in found.h if np.isfinite(secant_of(found, h)))
        assert numbers["h"][1] == min(found.h)
        for h, claimed in zip(numbers["h"], numbers["quotients"], strict=True):
            same(claimed, secant_of(found, h), 1e-9, 1e-10)


@checks("secant.exact")
def exact(found: Secants, finding: Finding) -> None:
    assert finding.numbers["scheme"] == found.scheme
    for h in found.h:
        same(secant_of(found, h), slope_of(found.curve, found.x), 1e-9, 1e-10)


@checks("secant.rounded")
def rounded(found: Secants, finding: Finding) -> None:
    """Every one is off by no more than f's own rounding over h."""
    assert finding.numbers["scheme"] == found.scheme
    truth, size = slope_of(found.curve, found.x), abs(float(found.curve.value(np.array(found.x))))
    for h in found.h:
        assert abs(secant_of(found, h) - truth) <= 100 * EPS * (size / h + abs(truth))


@checks("secant.countless")
def countless(found: Secants, finding: Finding) -> None:
    """The finer the values are looked at, the more turns there are."""
    assert not finding.numbers
    assert turning(found.curve, 15_999) != turning(found.curve, 1999)


@checks("secant.level")
def level_for_a_while(found: Secants, finding: Finding) -> None:
    """From end to end f is the same but for rounding, and to one side it lies higher, to the other lower or as high."""
    low, high = finding.numbers["low"], finding.numbers["high"]
    inside = found.curve.value(np.linspace(low, high, 101))
    assert np.ptp(inside) <= 1e-12 * (1 + np.abs(inside).max())
    beside = 0.02 * (high - low)
    out = found.curve.value(np.array([low - beside, high + beside])) - found.curve.value(np.array([low, high]))
    assert np.sign(out[0]) == np.sign(out[1]) != 0


@checks("secant.halving")
def halving(found: Secants, finding: Finding) -> None:
    truth, h = slope_of(found.curve, found.x), finding.numbers["h"]
    errors = [abs(secant_of(found, step) - truth) for step in (h, h / 2)]
    assert h in found.h
    assert h == found.h[0] / 64
    same(finding.numbers["ratio"], errors[0] / errors[1], 1e-3)
    same(finding.numbers["growth"], errors[1] / errors[0], 1e-3)
    assert ("times larger" in finding.text) == (errors[1] > errors[0])
    assert "**1** times" not in finding.text
    if "order" in finding.numbers:
        same(finding.numbers["ratio"], 2.0 ** finding.numbers["order"], 0.12)


@checks("secant.going")
def going(found: Secants, finding: Finding) -> None:
    goes, bends = slope_of(found.curve, found.x), bend_of(found.curve, found.x)
    assert of({"rises": goes > 0, "falls": goes < 0, "is level": abs(goes) < 1e-9}, finding.numbers["goes"])
    ways = {"bends upwards": bends > 0, "bends downwards": bends < 0, "does not bend": abs(bends) < 1e-9}
    assert of(ways, finding.numbers["bends"])


@checks("secant.bent")
def bent_apart(found: Secants, finding: Finding) -> None:
    goes, x = slope_of(found.curve, found.x), found.x
    assert of({"rises": goes > 0, "falls": goes < 0, "is level": abs(goes) < 1e-9}, finding.numbers["goes"])
    below, above, nearer = (bend_of(found.curve, x + h) for h in (-1e-6, 1e-6, 1e-8))
    assert abs(above - below) > 1e-3 or abs(nearer) > 2 * abs(above), "the two sides bend alike"


@checks("secant.leap")
def leap(found: Secants, finding: Finding) -> None:
    assert finding.numbers["x"] == found.x
    value = found.curve.value
    assert max(abs(float(value(np.array(found.x + h)) - value(np.array(found.x)))) for h in (-1e-12, 1e-12)) > 1e-7


@checks("secant.cusp")
def cusp(found: Secants, finding: Finding) -> None:
    assert finding.numbers["x"] == found.x
    for way in (-1, 1):
        wide, near = (abs(slope_of(found.curve, found.x + way * h)) for h in (1e-6, 1e-12))
        assert near > 2 * wide > 0


@checks("secant.kink")
def kink(found: Secants, finding: Finding) -> None:
    x, h = found.x, 1e-7
    below, here, above = found.curve.value(np.array([x - h, x, x + h]))
    assert finding.numbers["x"] == x
    same(finding.numbers["left"], (here - below) / h, 1e-5)
    same(finding.numbers["right"], (above - here) / h, 1e-5)
    assert abs(above - 2 * here + below) > 1e-3 * h


@checks("secant.edge")
def edge(found: Secants, finding: Finding) -> None:
    x, h = finding.numbers["x"], 1e-7
    assert x == found.x
    assert not np.isfinite(found.curve.value(np.array([x - h, x + h]))).all()


def turning(curve: Curve, count: int = 1999) -> int:
    """How often a curve goes from rising to falling or back, from its values; a leap between two is no turn."""
    values = curve.value(np.linspace(*curve.domain, count))
    rises, leaps = np.diff(values), np.abs(np.diff(values)) > 0.1 * np.ptp(np.nanquantile(values, [0.05, 0.95]))
    there = np.isfinite(rises)
    # What is level for a while is left out: f does not turn at a point there.
    ways = np.where(there & ~leaps, np.sign(rises), np.nan)
    known = np.flatnonzero(ways != 0)
    near = np.diff(known) <= 3
    return int(np.sum(ways[known][1:] * ways[known][:-1] < 0, where=near))


@checks("secant.steady")
def steady(found: Secants, finding: Finding) -> None:
    """From end to end it goes one way, where it goes on: a bottom that is level to rounding is one, too."""
    assert turning(found.curve) == 0
    values = found.curve.value(np.linspace(*found.curve.domain, 1999))
    if np.isfinite(values).all() and np.abs(np.diff(values)).max() < 0.1 * np.ptp(values):
        ways = {int(way) for way in np.sign(np.diff(values)) if way}
        assert len(ways) <= 1, "it goes both ways"


@checks("secant.turns")
def turn(found: Secants, finding: Finding) -> None:
    low, high = found.curve.domain
    beside = min(1e-3, 0.1 / sum(finding.numbers["counts"])) * (high - low)
    for at, way in ((finding.numbers["minima"], 1), (finding.numbers["maxima"], -1)):
        assert (way * (found.curve.value(at - beside) - found.curve.value(at)) > 0).all()
        assert (way * (found.curve.value(at + beside) - found.curve.value(at)) > 0).all()
    assert turning(found.curve) == len(finding.numbers["minima"]) + len(finding.numbers["maxima"])
    assert finding.numbers["counts"] == (len(finding.numbers["minima"]), len(finding.numbers["maxima"]))


def told_errors(found: StepErrors, scheme: str, precision: str) -> np.ndarray:
    """The errors again, from values in that precision, held against the slope in doubles, which must be right."""
    real = {"double": np.float64, "single": np.float32}[precision]
    x, h, f = real(found.x), found.h.astype(real), found.curve.seen
    with np.errstate(all="ignore"):
        if scheme == "complex":
            quotient = np.imag(f(x + 1j * h)) / h
        elif scheme == "central":
            quotient = (f(x + h) - f(x - h)) / (2 * h)
        else:
            quotient = (f(x + h) - f(np.array(x))) / h
    slope = float(found.curve.slope(np.array(found.x)))
    same(slope, slope_of(found.curve, found.x), 1e-11, 1e-12)
    return np.abs(quotient.astype(float) - slope)


@checks("error.no_slope")
def no_slope(judged: Judged, finding: Finding) -> None:
    x, h = finding.numbers["x"], 1e-7
    assert x == judged.found.x
    below, here, above = judged.found.curve.value(np.array([x - h, x, x + h]))
    leaps = abs(above - here) > 1e-3
    assert leaps or not abs(above - 2 * here + below) < 1e-3 * h


@checks("error.untold")
def untold(judged: Judged, finding: Finding) -> None:
    assert finding.numbers["x"] == judged.found.x
    for scheme in ("forward", "central"):
        assert not np.isfinite(judged.found.quotients[scheme, judged.precision].told.step)


@checks("error.best")
def best(judged: Judged, finding: Finding) -> None:
    found, numbers = judged.found, finding.numbers
    assert numbers["scheme"] in DIFFERENCES
    errors = told_errors(found, numbers["scheme"], judged.precision)
    worst = [errors[max(0, k - 4) : k + 5].max() for k in range(len(errors))]
    k = int(np.argmin(np.abs(np.log(found.h / numbers["measured"]))))
    same(found.h[k], numbers["measured"], 1e-9)
    assert worst[k] <= 1.000001 * np.nanmin(worst)
    same(numbers["digits"], -np.log10(worst[k] / abs(slope_of(found.curve, found.x))), 1e-6)
    # No step near or far makes truncation and rounding together less.
    told = found.quotients[numbers["scheme"], judged.precision].told
    order = of({"forward": 1, "central": 2}, numbers["scheme"])
    steps = numbers["predicted"] * np.geomspace(0.01, 100, 2001)
    bound = told.truncation * steps**order + told.rounding / steps
    same(steps[int(np.argmin(bound))], numbers["predicted"], 0.01)
    assert 0.05 < numbers["measured"] / numbers["predicted"] < 20


@checks("error.level")
def rounds_to_one(judged: Judged, finding: Finding) -> None:
    """The slope is 0, and near that step so is the error, as both values that are subtracted are one."""
    assert finding.numbers["scheme"] in DIFFERENCES
    assert abs(slope_of(judged.found.curve, judged.found.x)) < 1e-12
    errors = told_errors(judged.found, finding.numbers["scheme"], judged.precision)
    k = int(np.argmin(np.abs(np.log(judged.found.h / finding.numbers["h"]))))
    same(judged.found.h[k], finding.numbers["h"], 1e-9)
    near = [errors[max(0, j - 4) : j + 5].any() for j in range(k + 1)]
    assert near == [True] * k + [False]


@checks("error.drowned")
def no_digit(judged: Judged, finding: Finding) -> None:
    """Near every step the error is somewhere as large as the slope, or 1 where that is 0."""
    assert finding.numbers["scheme"] in DIFFERENCES
    errors = told_errors(judged.found, finding.numbers["scheme"], judged.precision)
    worst = [errors[max(0, k - 4) : k + 5].max() for k in range(len(errors))]
    assert np.nanmin(worst) >= 0.999 * (abs(slope_of(judged.found.curve, judged.found.x)) or 1.0)


@checks("error.order")
def order(judged: Judged, finding: Finding) -> None:
    """By the last piece of the curve that is straight: where the slope from step to step stays what it is."""
    for scheme, claimed in finding.numbers["orders"].items():
        errors = told_errors(judged.found, scheme, judged.precision)
        with np.errstate(divide="ignore", invalid="ignore"):
            slopes = np.diff(np.log(errors)) / np.diff(np.log(judged.found.h))
        straight = [k for k in range(len(slopes) - 6) if np.ptp(slopes[k : k + 6]) < 0.12 and slopes[k] > 0.5]
        same(claimed, np.median(slopes[straight[-1] : straight[-1] + 6]), 0.08)


@checks("error.complex")
def no_rounding(judged: Judged, finding: Finding) -> None:
    errors, h = told_errors(judged.found, "complex", judged.precision), judged.found.h
    size = {"double": 2.0**-50, "single": 2.0**-21}[judged.precision]
    scale = abs(slope_of(judged.found.curve, judged.found.x))
    within = h <= 1.0000001 * finding.numbers["h"]
    # The slope that they are measured from is rounded, and so is that of the record: the true one tells by how much.
    alone = float(judged.found.curve.slope(np.array(judged.found.x)))
    rounded = abs(slope_of(judged.found.curve, judged.found.x) - alone)
    apart = abs(judged.found.here.slope - alone)
    assert apart <= size * scale + rounded
    apart += rounded
    assert (errors[within] <= 1.3 * size * scale + apart).all()
    assert finding.numbers["h"] == h[within][0]
    assert within.all() or errors[~within][-1] > 0.7 * size * scale - apart


def exactly(found: Expansion, order: int) -> list[float]:
    """mpmath's coefficients."""
    return expected(found.curve.formula, found.at, order, found.curve.settings)


def polynomial(found: Expansion, order: int, x: float) -> float:
    return sum(c * (x - found.at) ** k for k, c in enumerate(exactly(found, order)))


def bent(found: Expansion) -> bool:
    """Whether the formula has a part with a corner, which off the real axis means nothing."""
    parts = sympy.preorder_traversal(found.curve.compiled.derivatives.expression)
    return any(
        type(e).__name__ in ("Abs", "Magnitude", "sign", "Sign", "Larger", "Smaller", "Max", "Min") for e in parts
    )


# Places around a circle: so many that what waves near an essential singularity is seen.
PLACES = 2**17


def whole_within(found: Expansion, distance: float, c: np.ndarray) -> bool | None:
    """Whether nothing breaks off within a distance: then the means around that circle are the coefficients.

    None where that cannot be told: beside an essential singularity f is so large that all else is its rounding.
    """
    k = np.arange(40)
    with np.errstate(all="ignore"):
        around = found.curve.seen(found.at + distance * np.exp(2j * np.pi * np.arange(PLACES) / PLACES))
        means = np.fft.fft(around)[:40] / PLACES
        told, rounding = c[:40] * distance**k, 1e-9 * np.abs(around).max()
        return bool(np.abs(means - told).max() <= rounding) if rounding < np.abs(told).max() else None


@checks("taylor.reach")
def reach(found: Expansion, finding: Finding) -> None:
    """By Cauchy's formula nothing breaks off a little nearer, and something does a little further out.

    With a corner, on the real axis: just inside, on both sides, more orders help; just outside, on one side at least,
    they do not lead to f.
    """
    assert finding.numbers["at"] == found.at
    distance = finding.numbers["reach"]
    c = np.array(exactly(found, 56))
    if not bent(found):
        inside = {whole_within(found, share * distance, c) for share in (0.97, 0.94)} - {None}
        assert any(inside) or not inside, "it breaks off before"
        assert not whole_within(found, 1.03 * distance, c), "it does not break off there"
        return
    off = []
    for share in (0.97, 1.03):
        x = found.at + share * distance * np.array([-1.0, 1.0])
        sums = np.cumsum(c[:, None] * (x - found.at) ** np.arange(57)[:, None], axis=0)
        off.append(np.abs(sums - found.curve.value(x)) / (1 + np.abs(found.curve.value(x))))
    (inside, outside), known = off, np.isfinite(off).all(axis=(0, 1))
    assert known.any()
    assert (inside[45:].max(axis=0) <= 0.6 * inside[16:28].max(axis=0) + 1e-12)[known].all()
    assert (outside[45:].max(axis=0) >= 0.7 * outside[16:28].max(axis=0) + 1e-9)[known].any()


@checks("taylor.everywhere")
def everywhere(found: Expansion, finding: Finding) -> None:
    assert finding.numbers["at"] == found.at
    for x in found.curve.domain:
        size = abs(float(found.curve.value(np.array(x)))) + 1
        assert abs(polynomial(found, 60, x) - found.curve.value(np.array(x))) < 1e-6 * size


@checks("taylor.unknown")
def unknown(found: Expansion, finding: Finding) -> None:
    assert np.isnan(found.reach)


def rough(found: Expansion) -> bool:
    """Whether a function in the formula is asked for what it is not smooth at."""
    d = found.curve.compiled.derivatives
    values = {d.symbols[0]: found.at, **dict(zip(d.symbols[1:], [v for _, v in found.curve.settings], strict=True))}

    def at(e: sympy.Expr) -> complex:
        return complex(e.subs(values).evalf(30))

    for e in sympy.preorder_traversal(d.expression):
        kind = type(e).__name__
        if kind in ("Abs", "Magnitude", "sign", "Sign", "CubeRoot") and abs(at(e.args[0])) < 1e-12:
            return True
        if kind in ("Larger", "Smaller", "Max", "Min") and abs(at(e.args[0] - e.args[1])) < 1e-12:
            return True
        if kind in ("Pow", "Power") and not at(e.args[1]).real.is_integer() and abs(at(e.args[0])) < 1e-12:
            return True
        if kind in ("Pow", "Power") and at(e.args[1]).real < 0 and abs(at(e.args[0])) < 1e-12:
            return True
        if kind in ("asin", "acos") and abs(abs(at(e.args[0])) - 1) < 1e-12:
            return True
    return False


@checks("taylor.ends")
def ends(found: Expansion, finding: Finding) -> None:
    """A part is not smooth, and the derivatives below the order told are the same from both sides."""
    x, order = finding.numbers["at"], finding.numbers["order"]
    assert x == found.at
    assert order >= 1
    assert rough(found)
    f = function_of(found.curve.compiled)
    with mpmath.workdps(60):
        for k in range(1, order):
            left, right = (mpmath.diff(f, mpmath.mpf(x), k, direction=side) for side in (-1, 1))
            assert abs(left - right) <= 1e-6 * (1 + abs(right)), f"order {k} is not there"


@checks("taylor.overflows")
def overflows(found: Expansion, finding: Finding) -> None:
    """In many digits that coefficient is there, and is larger than any double."""
    x, order = finding.numbers["at"], finding.numbers["order"]
    assert x == found.at
    assert not rough(found)
    with mpmath.workdps(60):
        f, at = function_of(found.curve.compiled), mpmath.mpf(x)
        sizes = [abs(mpmath.taylor(f, at, k)[-1]) for k in (order - 1, order)]
    assert sizes[0] < 1.7976931348623157e308 < sizes[1]


@checks("taylor.judged")
def judged_at(found: Expansion, finding: Finding) -> None:
    numbers = finding.numbers
    assert numbers["probe"] == found.probe
    assert numbers["highest"] == 12
    value = float(found.curve.value(np.array(found.probe)))
    off = [abs(polynomial(found, k, found.probe) - value) for k in range(13)]
    terms = [c * (found.probe - found.at) ** k for k, c in enumerate(exactly(found, 12))]
    rounding = 1e-13 * (abs(value) + max(map(abs, terms)))
    same(numbers["last"], off[12], 1e-6, rounding)
    same(numbers["second"], off[2], 1e-6, rounding)
    assert ("rounding alone" in finding.text) <= (off[12] < rounding)
    if "best" in numbers:
        same(off[numbers["best"]], min(off), 1e-6)
        assert all(numbers["best"] <= k or off[k] > min(off) for k in range(13))


def walked(found: Stepping, method: str) -> np.ndarray:
    """The iterates again, step by step, with slopes by differences; a run may leave what is drawn."""
    x = [found.start]
    for _ in range(found.runs[method].steps):
        here = x[-1]
        slope = float(found.curve.slope(np.array(here)))
        bend = float(found.curve.curvature(np.array(here)))
        step = found.rate * slope if method == "gradient_descent" else (slope / bend if bend else 0.0)
        x.append(here - step if np.isfinite(step) else here)
    return np.array(x)


def method_of(found: Stepping, finding: Finding) -> np.ndarray:
    assert finding.numbers["method"] in found.runs
    return walked(found, finding.numbers["method"])


@checks("step.away")
def away(found: Stepping, finding: Finding) -> None:
    x, k = method_of(found, finding), finding.numbers["step"]
    low, high = found.curve.domain
    with np.errstate(invalid="ignore"):
        inside = (x >= low) & (x <= high)
    assert inside[:k].all()
    assert not inside[k]
    assert not inside[-1]


@checks("step.there")
def there(found: Stepping, finding: Finding) -> None:
    x, numbers = method_of(found, finding), finding.numbers
    low, high = found.curve.domain
    same(numbers["end"], x[-1], 1e-6, 1e-9 * (high - low))
    beside = 1e-3 * (high - low)
    here, *around = found.curve.value(numbers["place"] + np.array([0.0, -beside, beside]))
    way = of({"minimum": 1, "maximum": -1}, numbers["kind"])
    assert all(way * (value - here) > 0 for value in around)
    assert abs(slope_of(found.curve, numbers["place"])) < 1e-6 or found.curve.key == "kink"
    near = np.abs(x - numbers["place"]) <= 1e-6 * (high - low)
    assert near[numbers["step"] :].all()
    assert numbers["step"] == 0 or not near[numbers["step"] - 1]


@checks("step.stuck")
def stuck(found: Stepping, finding: Finding) -> None:
    low, high = found.curve.domain
    end = finding.numbers["end"]
    assert method_of(found, finding)[-1] == end
    assert low <= end <= high
    beside = found.curve.value(np.array([end + 1e-12, end - 1e-12]))
    steep = np.abs(beside - found.curve.value(np.array(end))) / 1e-12
    # By secants, which grow without end or have no value there.
    assert not (steep < 1e3).all()
    assert not np.isfinite(found.curve.slope(np.array(end)))


@checks("step.nowhere")
def nowhere(found: Stepping, finding: Finding) -> None:
    """Its first place without a value comes right after the one that is named."""
    x = method_of(found, finding)
    with np.errstate(invalid="ignore"):
        there = np.isfinite(found.curve.value(x))
    assert there[0]
    assert not there.all()
    assert x[np.argmin(there) - 1] == finding.numbers["end"]


@checks("step.stays")
def stays(found: Stepping, finding: Finding) -> None:
    assert (method_of(found, finding) == finding.numbers["end"]).all()
    end, h = finding.numbers["end"], 1e-6
    below, above = np.diff(found.curve.slope(end + h * np.array([-1.0, 0.0, 1.0]))) / h
    assert finding.numbers["bends"] == (abs(above - below) < 1e-3 * max(1.0, abs(above)))
    assert finding.numbers["bends"] == ("does not exist" not in finding.text)
    assert abs(above + below) <= 1e-3


@checks("step.no_slope")
def no_slope_there(found: Stepping, finding: Finding) -> None:
    """The secants to the two sides do not come together, or grow without end."""
    x, numbers = method_of(found, finding), finding.numbers
    assert numbers["steps"] == len(x) - 1
    same(numbers["end"], x[-1], 1e-9, 1e-12)
    sides = [np.diff(found.curve.value(numbers["end"] + h * np.array([-1.0, 0.0, 1.0]))) / h for h in (1e-6, 1e-8)]
    apart, grown = np.abs(np.diff(sides[1])), np.abs(sides[1]).max() > 2 * np.abs(sides[0]).max()
    assert grown or apart > 1e-3


@checks("step.moving")
def moving(found: Stepping, finding: Finding) -> None:
    x, numbers = method_of(found, finding), finding.numbers
    assert numbers["steps"] == len(x) - 1
    same(numbers["end"], x[-1], 1e-6, 1e-9)
    same(numbers["slope"], abs(slope_of(found.curve, x[-1])), 1e-5, 1e-8)


@checks("step.share")
def share(found: Stepping, finding: Finding) -> None:
    x, numbers = method_of(found, finding), finding.numbers
    left, k = np.abs(x - numbers["place"]), numbers["step"]
    assert 0 < k < len(x)
    same(numbers["share"], left[k] / left[k - 1], 1e-4)
    assert abs(slope_of(found.curve, numbers["place"])) < 1e-6
    # The last step that says something: the one after it, if any, has come to where there is rounding alone.
    assert k == len(x) - 1 or left[k + 1] < 2e-9 * (1 + abs(numbers["place"]))
    if "theory" in numbers:
        same(numbers["theory"], abs(1 - found.rate * bend_of(found.curve, numbers["place"])), 1e-5)


def steepness_of(found: Plane, angle: float) -> float:
    """The slope in a direction, by differences of the values."""
    u = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    return float(derivative_along(found.surface.value, found.point, u)[0])


@checks("plane.along")
def along(found: Plane, finding: Finding) -> None:
    assert finding.numbers["angle"] == found.angle
    same(finding.numbers["slope"], steepness_of(found, found.angle), 1e-6, 1e-8)


@checks("plane.down")
def down(found: Plane, finding: Finding) -> None:
    """No direction leads down more steeply, and that one as steeply as is said."""
    angle, steep = finding.numbers["angle"], finding.numbers["steepness"]
    same(steepness_of(found, angle), -steep, 1e-6, 1e-9)
    assert min(steepness_of(found, a) for a in range(0, 360, 5)) >= -steep * (1 + 1e-6)
    same(np.hypot(steepness_of(found, 0.0), steepness_of(found, 90.0)), steep, 1e-6)


@checks("plane.across")
def at_right_angles(found: Plane, finding: Finding) -> None:
    size = np.hypot(steepness_of(found, 0.0), steepness_of(found, 90.0))
    for angle in finding.numbers["angles"]:
        assert abs(steepness_of(found, angle)) <= 1e-6 * size
    assert finding.numbers["right"] == 0


@checks("plane.level")
def level(found: Plane, finding: Finding) -> None:
    assert finding.numbers["steepness"] == 0
    assert all(abs(steepness_of(found, a)) < 1e-7 for a in range(0, 360, 30))


@checks("plane.chain")
def chain(found: Plane, finding: Finding) -> None:
    """By differences along a path that is written out again."""
    if isinstance(found.way, Drawn):
        return chain_by_hand(found, finding)
    s, turn = finding.numbers["s"], np.radians(found.angle)
    reach = 0.3 * np.ptp(np.array(found.surface.domain), axis=1).min()
    same(s, reach, 1e-9)

    def along(p: np.ndarray) -> np.ndarray:
        t = p[..., :1]
        u, n = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
        return found.surface.value(found.point + t * u + found.way.bend * t * t / reach * n)

    truth = float(derivative_along(along, np.array([s]), np.array([1.0]))[0])
    size = 1e-6 * np.abs(found.rates).max()
    same(finding.numbers["rule"], truth, 1e-6, size)
    same(finding.numbers["seen"], truth, 1e-5, 10 * size)


def chain_by_hand(found: Plane, finding: Finding) -> None:
    """Differences along the spline that scipy makes of the knots and of the slopes between their neighbours."""
    knots, numbers = found.way.knots, finding.numbers
    spline = CubicHermiteSpline(np.linspace(0, 1, len(knots)), knots, np.gradient(knots, 1 / (len(knots) - 1), axis=0))
    assert numbers["s"] == 1

    def along(t: np.ndarray) -> np.ndarray:
        return found.surface.value(spline(t[..., 0]))

    truth = float(derivative_along(along, np.array([1.0]), np.array([1.0]))[0])
    size = 1e-6 * np.abs(found.rates).max()
    same(numbers["rule"], truth, 1e-6, size)
    same(numbers["seen"], truth, 1e-5, 10 * size)


@checks("plane.stays")
def one_point(found: Plane, finding: Finding) -> None:
    assert isinstance(found.way, Drawn)
    assert len({tuple(knot) for knot in found.way.knots.tolist()}) == 1
    same(finding.numbers["first"], found.surface.value(found.way.knots[0]), 1e-9, 1e-12)


@checks("plane.gained")
def gained(found: Plane, finding: Finding) -> None:
    """From end to end f gains what it is at the one more than at the other."""
    numbers = finding.numbers
    first, last = found.surface.value(found.way.knots[[0, -1]])
    span = float(np.ptp(found.surface.value(found.path)))
    same(numbers["first"], first, 1e-9, 1e-9 * span)
    same(numbers["last"], last, 1e-9, 1e-9 * span)
    same(numbers["gained"], last - first, 1e-4, 1e-4 * span)
