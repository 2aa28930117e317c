"""Numbers as people read them."""

import re

import numpy as np

# So many digits tell any two numbers apart.
MOST = 17
CODE = re.compile(r"(`[^`]*`|\$[^$]*\$|\]\([^)]*\))")
HYPHEN = re.compile(r"(?<![\w)])-(?=\.?\d|inf)")
POWER = re.compile(r"(?<![\w.])(\d(?:\.\d+)?)e([+-]\d+)(?!\w)")
SHARE = re.compile(r"(?<=\d)%(?![{}\w])")
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def short(value: float, digits: int = 3) -> str:
    """Three digits, a true minus, and powers of ten where there would be many zeros: −0.0312, 1,610, 1.3·10⁻⁶."""
    # What is rounded to nothing from below, or was typed so, has no sign.
    value = value + 0.0
    if value == 0 or not np.isfinite(value) or 1e-3 <= abs(value) < 1000:
        text = f"{value:.{digits}g}"
        # Just under a thousand it may be rounded to that.
        return minus(f"{float(text):,.0f}" if abs(float(text)) == 1000 else text)
    if 1000 <= abs(value) < 1e6:
        return minus(f"{value:,.{max(0, digits - len(str(int(abs(value)))))}f}")
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    return minus(_power(mantissa.rstrip("0").rstrip("."), exponent))


def apart(a: float, b: float, digits: int = 3) -> tuple[str, str]:
    """Two numbers, `short`, with as many more digits as tell them apart where they differ: 0.5837, 0.5836."""
    for count in range(digits, MOST + 1):
        both = short(a, count), short(b, count)
        if both[0] != both[1] or a == b:
            break
    return both


def course(before: float, after: float, digits: int = 3, mark: str = "") -> str:
    """Where a number went, inside a sentence: "goes from 0.31 to 0.3", "stays at 0.31"; `mark` is around its end."""
    first, last = apart(before, after, digits)
    return f"stays at {mark}{last}{mark}" if before == after else f"goes from {first} to {mark}{last}{mark}"


def _power(mantissa: str, exponent: str) -> str:
    power = f"10{str(int(exponent)).translate(RAISED)}"
    return {"1": power, "-1": f"-{power}"}.get(mantissa, f"{mantissa}·{power}")


def percent(share: float, digits: int = 3) -> str:
    """A share for people: 12.3 %, 1.3·10⁻⁵ %, 100 %; what is less than all is not all: > 99.9 %."""
    rounded = float(f"{100 * share:.{digits}g}")
    return f"> {100 - 10.0 ** (2 - digits):.12g} %" if share < 1 and rounded == 100 else f"{short(rounded)} %"


def portion(share: float) -> str:
    """A share inside a sentence: all, nearly all, 12.3 %, none."""
    if share in (0, 1):
        return "all" if share else "none"
    told = percent(share)
    return "nearly all" if told.startswith(">") else told


def fixed(value: float, digits: int = 2) -> str:
    """So many decimals, with a true minus; what is rounded to nothing has no sign: −1.50, 0.00."""
    return minus(f"{round(value, digits) + 0.0:.{digits}f}")


def counted(count: int, what: str) -> str:
    """So many of something: 1 step, 2 steps, 1,000 steps."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def article(what: str) -> str:
    """The article that stands before what is read out so: a 3, an 8, a GRU, an LSTM."""
    return "an" if what.startswith(("8", "LSTM")) else "a"


def minus(text: str) -> str:
    """A text with true minus signs before its numbers."""
    return HYPHEN.sub("\N{MINUS SIGN}", text)


def readable(text: str) -> str:
    """A text for people: true minus signs, 1.92·10⁵ for 1.92e+05 and 12 % for 12%; code, links and LaTeX stay."""

    def typed(part: str) -> str:
        return minus(SHARE.sub(" %", POWER.sub(lambda found: _power(*found.groups()), part)))

    parts = CODE.split(text)
    return "".join(part if i % 2 else typed(part) for i, part in enumerate(parts))


def plain(value: float) -> str:
    """Three digits, as Python writes them: 0.0312, 1.61e+03."""
    return f"{value + 0.0:.3g}"


def typeset(value: float) -> str:
    """Four digits, a true minus sign and powers of ten: −0.03123, 1.234·10⁻⁵."""
    return readable(f"{value + 0.0:.4g}")


def latex_number(value: float, *, factor: bool = False) -> str:
    r"""Four digits as LaTeX: -0.03123, 1.234 \cdot 10^{-5}, \infty; a negative factor of a product in brackets."""
    if np.isnan(value):
        return r"\text{no number}"
    mantissa, _, exponent = f"{value:.4g}".replace("inf", r"\infty").partition("e")
    power = f"10^{{{int(exponent)}}}" if exponent else ""
    text = {"1": power, "-1": f"-{power}"}.get(mantissa, rf"{mantissa} \cdot {power}") if power else mantissa
    return rf"\left({text}\right)" if factor and value < 0 else text
