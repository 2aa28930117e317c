"""SURFACES: landscapes over two variables, and a surface is its formula.

One record is one surface and nothing else: the number an optimizer receives, the LaTeX on screen, the sliders, the
menu and the tests all follow from it. `expression` differentiates the formula when a surface is first asked.

The file is long because it is a table. Sources name where a function comes from, what surveys get wrong about it and
where a record departs from them; most departures shrink a domain until the path of an optimizer can be seen in it.
Jamil and Yang (2013) is "A literature survey of benchmark functions for global optimisation problems",
Int. J. Mathematical Modelling and Numerical Optimisation 4, 150-194. Minima were polished in 30-digit arithmetic.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import acos, cos, pi, sqrt
from typing import Any

import numpy as np

from landscape.domain import Domain, Landscape, Minimum
from landscape.formulas.expression import Formula
from landscape.knob import Knob, settled


@dataclass(frozen=True)
class Surface(Landscape):
    """A formula in x and y with its map, as an Objective of dimension 2.

    key, title, group   its name in code and links, its name for people, the menu heading it stands under
    formula             text in x, y and the knobs' names, as `formulas.expression.parse` reads it
    domain              ((x_low, x_high), (y_low, y_high)), the part that is drawn
    start               where a first path begins; inside the domain, and chosen to teach something
    source, note        where it comes from; what it is good for showing, in one line
    lowest              every global minimum in the domain, or a function from the knobs to them; () if unbounded below
    kink                where it is not smooth and what is answered there; "" where there is no such place
    knobs, settings     its parameters by name; the (name, value) pairs in force, defaults filled in

    `surface.minima` is `lowest` at the settings in force. Raises ValueError for a start outside the domain and for a
    setting that is unknown or out of range.
    """

    key: str
    title: str
    group: str
    formula: str
    domain: Domain
    start: tuple[float, float]
    source: str
    note: str
    lowest: tuple[Minimum, ...] | Callable[..., tuple[Minimum, ...]] = ()
    kink: str = ""
    knobs: Mapping[str, Knob] = field(default_factory=dict, hash=False)
    settings: tuple[tuple[str, float], ...] = ()

    dimension = 2
    # What its axes are called, and how the function and what it is a function of are written.
    axes = ("x", "y")
    symbol, arguments = "f", "x, y"

    def __post_init__(self) -> None:
        for axis, (low, high), at in zip("xy", self.domain, self.start, strict=True):
            if not low < high:
                raise ValueError(f"domain in {axis} is {low:g} to {high:g}; the first must be the smaller")
            if not low <= at <= high:
                raise ValueError(f"start has {axis} = {at:g}; the domain allows {low:g} to {high:g}")
        object.__setattr__(self, "settings", settled(self.key, self.knobs, dict(self.settings)))

    def with_(self, **settings: Any) -> "Surface":
        """The same surface with some parameters changed: `SURFACES["quadratic"].with_(kappa=50, angle=30)`."""
        return replace(self, settings=tuple((dict(self.settings) | settings).items()))

    def __reduce_ex__(self, protocol: Any) -> Any:
        # By name, because a function without one, in `lowest`, cannot be pickled.
        known = self.key in SURFACES and replace(SURFACES[self.key], settings=self.settings) == self
        return (_by_key, (self.key, self.settings)) if known else super().__reduce_ex__(protocol)

    @property
    def minima(self) -> tuple[Minimum, ...]:
        return self.lowest(**dict(self.settings)) if callable(self.lowest) else self.lowest

    @cached_property
    def compiled(self) -> Formula:
        return Formula(self.formula, ("x", "y"), self.settings)

    @property
    def recordable(self) -> Formula:
        return self.compiled

    def value(self, x: np.ndarray) -> np.ndarray:
        return self.compiled.value(x)

    def gradient(self, x: np.ndarray) -> np.ndarray:
        return self.compiled.gradient(x)

    def hessian(self, x: np.ndarray) -> np.ndarray:
        return self.compiled.hessian(x)

    @property
    def has_residuals(self) -> bool:
        return self.compiled.has_residuals

    def residuals(self, x: np.ndarray) -> np.ndarray:
        return self.compiled.residuals(x)

    def jacobian(self, x: np.ndarray) -> np.ndarray:
        return self.compiled.jacobian(x)

    def latex(self, part: str = "value") -> str:
        """LaTeX of the "value", the "gradient" or the "hessian", parameters substituted."""
        return self.compiled.latex(part)


def surface_from_formula(
    text: str, domain: Domain = ((-5, 5), (-5, 5)), start: tuple[float, float] = (1, 1)
) -> Surface:
    """A surface, its minima unknown, for a formula typed by anyone; raises ExpressionError, a ValueError, at once."""
    typed = Surface("yours", "Your formula", "Yours", text, domain, start, source="Typed in", note="")
    _ = typed.compiled
    return typed


def _square(half: float) -> Domain:
    return (-half, half), (-half, half)


def _at(*points: tuple[float, float], value: float = 0.0) -> tuple[Minimum, ...]:
    return tuple(Minimum(point, value) for point in points)


def _double_well_minima(tilt: float) -> tuple[Minimum, ...]:
    """The outer roots of 4 x**3 - 4 x + tilt, by Viete's cosines; the tilt raises the well on its own side."""
    right = 2 / sqrt(3) * cos(acos(-tilt * 3 * sqrt(3) / 8) / 3)
    left = -2 / sqrt(3) * cos(acos(tilt * 3 * sqrt(3) / 8) / 3)
    both = [Minimum((x, 0.0), (x * x - 1) ** 2 + tilt * x) for x in (left, right)]
    return tuple(both) if tilt == 0 else (min(both, key=lambda m: m.value),)


BOWLS, VALLEYS, FEW, MANY = "Bowls", "Valleys", "A few minima", "Many minima"
FLATS, KINKS = "Saddles and plateaus", "Kinks"

# Each opens with key, title, group and formula, starred so that the formatter keeps them on one line.
_RECORDS = (
    Surface(
        *("quadratic", "Quadratic bowl", BOWLS),
        "((x*cos(pi*angle/180) + y*sin(pi*angle/180))**2 + kappa*(y*cos(pi*angle/180) - x*sin(pi*angle/180))**2)/2",
        domain=_square(5),
        start=(-4.0, 2.0),
        lowest=_at((0, 0)),
        knobs={
            "kappa": Knob(
                10.0,
                1,
                1000,
                "log",
                r"condition number $\kappa$",
                "Makes the bowl steeper across; along it stays as flat.",
            ),
            "angle": Knob(0.0, -90, 90, "linear", "angle in degrees", "Turns the bowl away from the axes."),
        },
        source="Nocedal and Wright (2006), Numerical Optimization, 2nd ed., section 3.3; eigenvalues 1 and kappa.",
        note="The textbook case. Turn the bowl, and methods that scale each axis lose their edge.",
    ),
    Surface(
        *("sphere", "Sphere", BOWLS, "x**2 + y**2"),
        domain=_square(5),
        start=(-3.0, 4.0),
        lowest=_at((0, 0)),
        source="De Jong (1975), thesis, University of Michigan, function F1; there on 5.12 either way.",
        note="Equally curved every way: the gradient points straight at the minimum, and Newton is there in one step.",
    ),
    Surface(
        *("booth", "Booth", BOWLS, "(x + 2*y - 7)**2 + (2*x + y - 5)**2"),
        domain=_square(10),
        start=(-8.0, -6.0),
        lowest=_at((1, 3)),
        source="Jamil and Yang (2013).",
        note="Two linear equations as least squares: a mild, turned quadratic with condition number 9.",
    ),
    Surface(
        *("matyas", "Matyas", BOWLS, "0.26*(x**2 + y**2) - 0.48*x*y"),
        domain=_square(10),
        start=(-9.0, 3.0),
        lowest=_at((0, 0)),
        source="Jamil and Yang (2013).",
        note="Condition number 25, along the diagonal: quick across the valley, slow along its floor.",
    ),
    Surface(
        *("zakharov", "Zakharov", BOWLS, "x**2 + y**2 + (x/2 + y)**2 + (x/2 + y)**4"),
        domain=_square(5),
        start=(-4.0, 3.5),
        lowest=_at((0, 0)),
        source="Jamil and Yang (2013), n = 2; there on -5 to 10.",
        note="One minimum, but steep walls: a rate that suits the floor is far too large out there.",
    ),
    Surface(
        *("rosenbrock", "Rosenbrock's banana", VALLEYS, "(1 - x)**2 + b*(y - x**2)**2"),
        domain=((-2.0, 2.0), (-1.0, 3.0)),
        start=(-1.2, 1.0),
        lowest=_at((1, 1)),
        knobs={"b": Knob(100.0, 1, 1000, "log", "wall $b$", "Steeper walls around the same curved floor.")},
        source="Rosenbrock (1960), An automatic method for finding the greatest or least value of a function, "
        "Computer Journal 3, 175-184; b = 100 and this start are his.",
        note="Finding the curved valley is easy; following it is not. At the minimum one curvature dwarfs the other.",
    ),
    Surface(
        *("beale", "Beale", VALLEYS),
        "(1.5 - x + x*y)**2 + (2.25 - x + x*y**2)**2 + (2.625 - x + x*y**3)**2",
        domain=_square(4.5),
        start=(1.0, 1.0),
        lowest=_at((3, 0.5)),
        source="Beale (1958), Technical Report 25, Princeton; start from More, Garbow and Hillstrom (1981), problem 5.",
        note="Steep corners around a flat cross. On the left a path creeps downhill for ever, off the map.",
    ),
    Surface(
        *("dixon_price", "Dixon and Price", VALLEYS, "(x - 1)**2 + 2*(2*y**2 - x)**2"),
        domain=((-2.0, 4.0), (-2.0, 2.0)),
        start=(3.5, 0.05),
        lowest=_at((1, sqrt(0.5)), (1, -sqrt(0.5))),
        source="Dixon and Price (1989), J. Optimization Theory and Applications 60, 261-275, n = 2; usually on 10 "
        "either way. Surveys tend to list one of the two minima.",
        note="The start is near the ridge between two arms of a valley. A path falls to the saddle and must choose.",
    ),
    Surface(
        *("double_well", "Double well", FEW, "(x**2 - 1)**2 + y**2 + tilt*x"),
        domain=((-2.0, 2.0), (-1.5, 1.5)),
        start=(1.6, 1.0),
        lowest=_double_well_minima,
        knobs={"tilt": Knob(0.3, -1, 1, "linear", "tilt", "How far the right well is lifted over the left.")},
        source="Strogatz (1994), Nonlinear Dynamics and Chaos, section 3.6, its potential with a bowl in y.",
        note="Two wells. Unless they are level, one is the wrong answer, and enough momentum carries a path out.",
    ),
    Surface(
        *("two_gaussians", "A sharp and a flat minimum", FEW),
        "-0.7*exp(-((x + 1.2)**2 + y**2)/1.5) - exp(-((x - 1.4)**2 + y**2)/0.1)",
        domain=((-3.0, 3.0), (-2.0, 2.0)),
        start=(0.6, 1.0),
        lowest=_at((1.398655482081557457, 0), value=-1.0077426300372464163),
        source="Made for this project after Hochreiter and Schmidhuber (1997), Flat minima, Neural Computation 9.",
        note="The narrow well is deeper, but few starts find it. Above a rate of 0.1 gradient descent leaves it.",
    ),
    Surface(
        *("himmelblau", "Himmelblau", FEW, "(x**2 + y - 11)**2 + (x + y**2 - 7)**2"),
        domain=_square(6),
        start=(-0.3, -1.0),
        lowest=_at(
            (3, 2),
            (-2.8051180869527448531, 3.1313125182505729658),
            (-3.7793102533777468919, -3.2831859912861694123),
            (3.5844283403304917449, -1.8481265269644035535),
        ),
        source="Himmelblau (1972), Applied Nonlinear Programming, McGraw-Hill.",
        note="Four equal minima around a hilltop. The start is beside the top, so methods may end in different ones.",
    ),
    Surface(
        *("three_hump_camel", "Three-hump camel", FEW, "2*x**2 - 1.05*x**4 + x**6/6 + x*y + y**2"),
        domain=((-2.5, 2.5), (-2.0, 2.0)),
        start=(2.0, 1.5),
        lowest=_at((0, 0)),
        source="Jamil and Yang (2013); there on 5 either way, where x**6 hides all else.",
        note="A good minimum between two worse ones. The start belongs to a worse one.",
    ),
    Surface(
        *("six_hump_camel", "Six-hump camel", FEW, "(4 - 2.1*x**2 + x**4/3)*x**2 + x*y + (4*y**2 - 4)*y**2"),
        domain=((-2.2, 2.2), (-1.3, 1.3)),
        start=(-1.4, 1.1),
        lowest=_at(
            (0.089842013100318062456, -0.7126564030207396334),
            (-0.089842013100318062456, 0.7126564030207396334),
            value=-1.0316284534898773504,
        ),
        source="Dixon and Szego (1978), Towards Global Optimisation 2, North-Holland; there on 3 by 2 either way.",
        note="Six minima in three mirrored pairs. Two of them are global.",
    ),
    Surface(
        *("branin", "Branin", FEW),
        "(y - 5.1/(4*pi**2)*x**2 + 5/pi*x - 6)**2 + 10*(1 - 1/(8*pi))*cos(x) + 10",
        domain=((-5.0, 10.0), (0.0, 15.0)),
        start=(2.5, 12.0),
        lowest=_at((-pi, 12.275), (pi, 2.275), (3 * pi, 2.475), value=10 / (8 * pi)),
        source="Branin (1972), IBM J. Research and Development 16, 504-522, with Dixon and Szego's (1978) constants.",
        note="Three equal minima along one bent trough: where a path ends depends on where it enters.",
    ),
    Surface(
        *("mccormick", "McCormick", FEW, "sin(x + y) + (x - y)**2 - 1.5*x + 2.5*y + 1"),
        domain=((-1.5, 4.0), (-3.0, 4.0)),
        start=(0.0, 3.0),
        lowest=_at((0.5 - pi / 3, -0.5 - pi / 3), value=-sqrt(3) / 2 - pi / 3),
        source="Jamil and Yang (2013). Global in this domain only: the next minimum down the trough, pi to the left "
        "and below, is lower by pi.",
        note="A wavy trough leads out of the map. Too long a step finds ground lower than the answer.",
    ),
    Surface(
        *("styblinski_tang", "Styblinski and Tang", FEW, "(x**4 - 16*x**2 + 5*x + y**4 - 16*y**2 + 5*y)/2"),
        domain=_square(5),
        start=(0.2, 0.5),
        lowest=_at((-2.9035340277711770951, -2.9035340277711770951), value=-78.332331407542830928),
        source="Styblinski and Tang (1990), Experiments in nonconvex optimization, Neural Networks 3, 467-483, n = 2. "
        "Surveys print the value as -39.166 times n, rounded.",
        note="Four wells of three depths, one in each quadrant, around a hilltop beside the start.",
    ),
    Surface(
        *("goldstein_price", "Goldstein and Price", FEW),
        "(1 + (x + y + 1)**2*(19 - 14*x + 3*x**2 - 14*y + 6*x*y + 3*y**2))"
        "*(30 + (2*x - 3*y)**2*(18 - 32*x + 12*x**2 + 48*y - 36*x*y + 27*y**2))",
        domain=_square(2),
        start=(-0.5, 1.0),
        lowest=_at((0, -1), value=3.0),
        source="Goldstein and Price (1971), On descent from local minima, Mathematics of Computation 25, 569-574.",
        note="Values run from 3 to a million on one small map, so no single rate suits it all.",
    ),
    Surface(
        *("peaks", "Peaks", FEW),
        "3*(1 - x)**2*exp(-x**2 - (y + 1)**2) - 10*(x/5 - x**3 - y**5)*exp(-x**2 - y**2) - exp(-(x + 1)**2 - y**2)/3",
        domain=_square(3),
        start=(0.2, 1.3),
        lowest=_at((0.22827892055636909879, -1.6255349574999965188), value=-6.5511333328358369414),
        source="MATLAB's function peaks, The MathWorks.",
        note="Three hills, three hollows and a flat rim. From a hilltop the nearest hollow is not the deepest.",
    ),
    Surface(
        *("rastrigin", "Rastrigin", MANY, "2*A + x**2 + y**2 - A*(cos(2*pi*x) + cos(2*pi*y))"),
        domain=_square(5.12),
        start=(-3.2, 2.4),
        lowest=_at((0, 0)),
        knobs={"A": Knob(10.0, 0, 20, "linear", "ripple $A$", "From a plain bowl at 0 to 121 separate pits.")},
        source="Rastrigin (1974), Systems of Extremal Control; many variables from Muhlenbein, Schomisch and Born "
        "(1991), Parallel Computing 17, 619-632.",
        note="A bowl under an egg box: lower the ripple and watch the traps dissolve.",
    ),
    Surface(
        *("ackley", "Ackley", MANY),
        "20 + e - 20*exp(-0.2*sqrt((x**2 + y**2)/2)) - exp((cos(2*pi*x) + cos(2*pi*y))/2)",
        domain=_square(5),
        start=(-3.2, 2.6),
        lowest=_at((0, 0)),
        kink="The origin is the tip of a cone. The gradient there is the shortest subgradient, 0, and the Hessian "
        "counts as 0.",
        source="Ackley (1987), A Connectionist Machine for Genetic Hillclimbing, Kluwer; usually on 32.768 either way. "
        "Jamil and Yang print 0.02 for 0.2.",
        note="A dimpled funnel. Its slope does not fade towards the tip, so a fixed rate never settles.",
    ),
    Surface(
        *("griewank", "Griewank", MANY, "1 + (x**2 + y**2)/4000 - cos(x)*cos(y/sqrt(2))"),
        domain=_square(10),
        start=(-8.0, 7.0),
        lowest=_at((0, 0)),
        source="Griewank (1981), Generalized descent for global optimization, J. Optimization Theory and Applications "
        "34, 11-39, n = 2; usually on 600 either way, where the waves cannot be seen.",
        note="Waves with up to 2,000 times the curvature of the bowl beneath. From inside, no minimum looks best.",
    ),
    Surface(
        *("levy", "Levy", MANY),
        "sin(pi*(x + 3)/4)**2 + (x - 1)**2/16*(1 + 10*sin(pi*(x + 3)/4 + 1)**2)"
        " + (y - 1)**2/16*(1 + sin(pi*(y + 3)/2)**2)",
        domain=_square(10),
        start=(-6.0, 6.0),
        lowest=_at((1, 1)),
        source="Levy and Montalvo (1985), The tunneling algorithm, SIAM J. Scientific and Statistical Computing 6, "
        "15-29, n = 2, in w = 1 + (x - 1)/4 as surveys write it.",
        note="Parallel troughs, deeper towards the middle. One coordinate is far harder than the other.",
    ),
    Surface(
        *("schaffer_n2", "Schaffer N. 2", MANY),
        "0.5 + (sin(x**2 - y**2)**2 - 0.5)/(1 + 0.001*(x**2 + y**2))**2",
        domain=_square(4),
        start=(3.0, 1.5),
        lowest=_at((0, 0)),
        source="Schaffer (1984), thesis, Vanderbilt University, as numbered by Mishra (2006), MPRA paper 2718; usually "
        "on 100 either way. Some surveys square the wrong brackets.",
        note="Nearly level grooves along hyperbolas. Falling into one is quick; sliding along it takes for ever.",
    ),
    Surface(
        *("drop_wave", "Drop wave", MANY, "-(1 + cos(12*sqrt(x**2 + y**2)))/((x**2 + y**2)/2 + 2)"),
        domain=_square(2),
        start=(0.6, 0.5),
        lowest=_at((0, 0), value=-1.0),
        kink="At the origin the derivatives read 0/0 and count as 0. That is right for the gradient; the Hessian "
        "should be 72.5.",
        source="Molga and Smutnicki (2005), Test functions for optimization needs; there on 5.12 either way.",
        note="Ripples around a splash. All minima but the middle one are rings: moats with a level floor.",
    ),
    Surface(
        *("eggholder", "Eggholder", MANY),
        "-(y + 47)*sin(sqrt(abs(x/2 + y + 47))) - x*sin(sqrt(abs(x - y - 47)))",
        domain=_square(540),
        start=(300.0, 300.0),
        lowest=_at((522.1605290272342190, 413.3157981674055649), value=-976.91100099718954422),
        kink="Along y = −47 − x/2 and y = x − 47 the slope is infinite. The term at fault counts as 0 there.",
        source="Whitley, Rana, Dzubera and Mathias (1996), Artificial Intelligence 85, 245-276, function F101, on 512 "
        "either way. Its usual optimum, -959.6407 at (512, 404.2319), is no minimum but the edge of that square; "
        "here the map is wider and shows the minimum beyond. Jamil and Yang drop the sign of the value.",
        note="Dozens of pits on a map hundreds wide, so rates must be larger too.",
    ),
    Surface(
        *("saddle", "Saddle", FLATS, "x**2 - y**2"),
        domain=_square(2),
        start=(1.5, 0.01),
        source="Dauphin and others (2014), Identifying and attacking the saddle point problem, NeurIPS 27.",
        note="There is no minimum. Gradient descent lingers, then escapes; Newton jumps to the saddle and stays.",
    ),
    Surface(
        *("monkey_saddle", "Monkey saddle", FLATS, "x**3 - 3*x*y**2"),
        domain=_square(2),
        start=(1.2, 0.05),
        source="Hilbert and Cohn-Vossen (1952), Geometry and the Imagination, Chelsea: two legs and a tail.",
        note="Gradient and Hessian both vanish at the centre, so second-order methods see no more than others.",
    ),
    Surface(
        *("plateau", "Well in a plateau", FLATS, "1 - exp(-(x**2 + y**2)/width)"),
        domain=_square(4),
        start=(3.0, 2.0),
        lowest=_at((0, 0)),
        knobs={"width": Knob(2.0, 0.5, 20, "log", "width", "Widens the well, so that its slope is felt further out.")},
        source="Dennis and Welsch (1978), Communications in Statistics B 7, 345-359: their robust loss.",
        note="Far out hardly any slope is left. Gradient descent creeps, rescaling methods march on, Newton goes away.",
    ),
    Surface(
        *("easom", "Easom", FLATS, "-cos(x)*cos(y)*exp(-((x - pi)**2 + (y - pi)**2))"),
        domain=((-1.0, 7.0), (-1.0, 7.0)),
        start=(4.6, 4.4),
        lowest=_at((pi, pi), value=-1.0),
        source="Easom (1990), A survey of global optimization techniques, thesis, University of Louisville; there on "
        "100 either way, which is flat to the eye but for one point.",
        note="One well in a plain with faint dimples. A start a little further out feels nothing of it.",
    ),
    Surface(
        *("michalewicz", "Michalewicz", FLATS, "-sin(x)*sin(x**2/pi)**20 - sin(y)*sin(2*y**2/pi)**20"),
        domain=((0.0, pi), (0.0, pi)),
        start=(2.6, 1.2),
        lowest=_at((2.2029055201726093461, pi / 2), value=-1.8013034100985525327),
        source="Michalewicz (1992), Genetic Algorithms + Data Structures = Evolution Programs; n = 2, m = 10.",
        note="Two perpendicular gorges cross a plain. One coordinate is solved long before the other feels a slope.",
    ),
    Surface(
        *("abs_valley", "Sharp valley", KINKS, "steepness*abs(x - y) + (x + y)**2/20"),
        domain=_square(4),
        start=(3.5, 0.5),
        lowest=_at((0, 0)),
        kink="The line y = x is a crease. There sign(0) = 0 gives the shortest subgradient.",
        knobs={
            "steepness": Knob(
                1.0, 0.1, 10, "log", "steepness", "Makes the crease steeper, so the same rate overshoots more."
            )
        },
        source="Made for this project after Shor (1985), Minimization Methods for Non-Differentiable Functions.",
        note="The slope does not fade near the crease, so a fixed rate chatters across it.",
    ),
    Surface(
        *("bukin_n6", "Bukin N. 6", KINKS, "100*sqrt(abs(y - 0.01*x**2)) + 0.01*abs(x + 10)"),
        domain=((-15.0, -5.0), (-3.0, 3.0)),
        start=(-6.0, 2.0),
        lowest=_at((-10, 1)),
        kink="Along y = x²/100 the slope is infinite, and that term counts as 0. At x = −10 sign(0) = 0.",
        source="Bukin (1997), New minimization strategy for non-smooth functions, BINP preprint 97-79, Novosibirsk.",
        note="A curved crease that steepens without limit. A gradient's length says nothing, its signs hardly more.",
    ),
)

SURFACES: dict[str, Surface] = {surface.key: surface for surface in _RECORDS}


def _by_key(key: str, settings: tuple[tuple[str, float], ...]) -> Surface:
    return replace(SURFACES[key], settings=settings)
