"""What the views of the Area page share: a curve, and from where to where."""

import numpy as np

from landscape.calculus.curves import Curve
from landscape.dashboard.kit.address import Address
from landscape.dashboard.kit.controls import knob_control
from landscape.dashboard.kit.view import RefusalError
from landscape.dashboard.slope.parts import curve_control
from landscape.knob import Knob

FROM, TO = "a", "b"
CURVE = "sine"
# From where to where at first; elsewhere from a quarter of what is drawn to nine tenths.
FIRST = {"sine": (0.0, 3.0), "root": (0.0, 1.0), "kink": (-0.7, 1.5), "square": (0.0, 2.0)}


def area_controls(address: Address, *, own: bool = False) -> tuple[Curve, float, float]:
    """The curve, with `own` the viewer's own among them, and the ends of the area."""
    curve = curve_control(address, CURVE, (FROM, TO), own=own)
    low, high = curve.domain
    # As fine as the stretch is short.
    digits = max(2, 2 - int(np.floor(np.log10(high - low))))
    first = FIRST.get(curve.key, tuple(round(low + share * (high - low), digits) for share in (0.25, 0.9)))
    a, b = (
        float(knob_control(address, name, Knob(at, low, high, "linear", label, "Where the area begins or ends.")))
        for name, at, label in zip((FROM, TO), first, ("from a", "to b"), strict=True)
    )
    return curve, a, b


def refuse_falling(a: float, b: float) -> None:
    """RefusalError where the ends of the area are not in rising order: in `run`, so that all controls stay."""
    if not a < b:
        raise RefusalError(f"The area runs from a = {a:g} to b = {b:g}. Move b to the right of a.")
