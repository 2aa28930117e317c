"""STARTERS: formulas to begin with, each for what it shows."""

from typing import NamedTuple

from landscape.domain import Domain


class Starter(NamedTuple):
    """A formula worth trying.

    formula   as people type it
    note      one sentence: what there is to see
    values    of its letters, where they are not 1
    """

    title: str
    formula: str
    domain: Domain
    note: str
    values: tuple[tuple[str, float], ...] = ()


def _square(half: float) -> Domain:
    return (-float(half), float(half)), (-float(half), float(half))


STARTERS: dict[str, Starter] = {
    "bowl": Starter(
        "A bowl that you can stretch",
        "a x² + b y²",
        _square(3),
        "The wider apart a and b, the longer the zigzag of a fixed rate.",
        (("b", 5.0),),
    ),
    "saddle": Starter(
        "A saddle with two ways out",
        "x^4/4 - x^2/2 + y^2/2",
        _square(2),
        "Between two wells lies a saddle, and the slope there is zero.",
    ),
    "egg_box": Starter(
        "An egg box",
        "sin(πx) sin(πy)",
        _square(2),
        "Every hollow is as deep as the next, so where a path ends depends on where it starts.",
    ),
    "tilted_waves": Starter(
        "Waves on a slope",
        "a sin(3x) + a sin(3y) + (x² + y²)/5",
        _square(4),
        "Turn a down to 0 and all traps melt into one bowl.",
    ),
    "valley": Starter(
        "A bent valley",
        "(1 - x)² + k (y - x²)²",
        ((-2.0, 2.0), (-1.0, 3.0)),
        "Raise k and the walls grow steeper, while the floor stays as flat.",
        (("k", 10.0),),
    ),
    "corner": Starter(
        "An absolute corner",
        "|x| + 2|y - x|",
        _square(3),
        "The slope does not fade towards the corner, so a fixed rate hops across it for ever.",
    ),
    "hinge": Starter(
        "Two hinges and a ridge penalty",
        "max(0, 1 - x - y) + max(0, 1 + x - y) + λ (x² + y²)",
        _square(3),
        "This is a support vector machine with two examples.",
        (("lambda", 0.1),),
    ),
    "neuron": Starter(
        "One neuron, two examples",
        "(σ(x + y) - 1)² + σ(2x - y)²",
        _square(6),
        "Far out the neuron is saturated, and hardly any slope is left.",
    ),
    "cross_entropy": Starter(
        "Logistic regression",
        "ln(1 + e^(-2x - y)) + ln(1 + e^(x - y)) + ln(1 + e^(x/2 + y))",
        _square(5),
        "A sum of cross entropies is convex: it has one valley and no traps.",
    ),
    "spiral": Starter(
        "A spiral gutter",
        "sin(3√(x² + y²) - atan2(y, x)) + (x² + y²)/20",
        _square(6),
        "The gutter winds inwards, and a path that follows it goes round and round.",
    ),
    "matrix": Starter(
        "Two weights in a product",
        "(x y - c)²",
        _square(3),
        "The minima form two curves, and the origin between them is a saddle for every c above 0.",
    ),
    "edge": Starter(
        "Not defined everywhere",
        "x ln x + y ln y + (x + y - 1)²",
        ((-0.5, 2.0), (-0.5, 2.0)),
        "Left of 0 and below 0 there is no ground: a run that steps off there ends.",
    ),
    "ripples": Starter(
        "A stone in a pond",
        "-cos(ω√(x² + y²)) e^(-(x² + y²)/8)",
        _square(4),
        "The centre is lowest, and every ring around it is a trap.",
        (("omega", 4.0),),
    ),
    "plain": Starter(
        "A well in a plain",
        "-e^(-(x - 1)² - (y - 1)²)",
        _square(4),
        "A start outside the well feels almost no slope.",
    ),
}
