"""Numbers as people read them."""

import numpy as np

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def short(value: float) -> str:
    """Three digits, and powers of ten where there would be many zeros: 0.0312, 1,610, 1.3·10⁻⁶."""
    if value == 0 or not np.isfinite(value) or 1e-3 <= abs(value) < 1000:
        return plain(value)
    if 1000 <= abs(value) < 1e6:
        return f"{value:,.0f}"
    mantissa, exponent = f"{value:.2e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".")
    power = f"10{str(int(exponent)).translate(RAISED)}"
    return power if mantissa == "1" else f"{mantissa}·{power}"


def plain(value: float) -> str:
    """Three digits, as Python writes them: 0.0312, 1.61e+03."""
    return f"{value:.3g}"


def typeset(value: float) -> str:
    """Four digits and a true minus sign."""
    return f"{value:.4g}".replace("-", "\N{MINUS SIGN}")
