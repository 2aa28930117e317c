"""Report: what expectations, cross entropy and KL come to, in words."""

from landscape.calculus.expectations import HIGH, LOW, Expectation
from landscape.finding import Finding
from landscape.numbers import portion, short

# Below this, a divergence is rounding.
NOTHING = 1e-12
# No normal density ends: up to any x there is less than all of it, whatever rounding says.
SHORT_OF_ALL = 1 - 1e-15


def expectation_captions(found: Expectation) -> list[str]:
    """For each place: the area under p up to it, and what of the expectation has been added up."""
    whole = some(found.value)
    return [
        f"Up to x = {short(x)}: {portion(min(mass, SHORT_OF_ALL))} of the area under p, "
        f"and {some(part)} of the average {whole}."
        for x, mass, part in zip(found.x, found.mass, found.so_far, strict=True)
    ]


def expectation_findings(found: Expectation) -> list[Finding]:
    """The average as an area, the area under p, and how much q costs where p is true."""
    name, g, value = found.averaged.name, found.averaged.title, found.value
    text = f"Averaged under p, {g} is **{some(value)}**: {name}, and the area under ({g}) · p."
    findings = [Finding("expectation.value", {"averaged": found.averaged.key, "value": value}, text)]
    shown = float(found.mass[-1])
    text = f"The area under p is 1. From {LOW:g} to {HIGH:g} it is **{shown:.4f}**.".replace("-", "\N{MINUS SIGN}")
    findings.append(Finding("expectation.one", {"low": LOW, "high": HIGH, "mass": shown}, text))
    text = f"Cross entropy {short(found.cross)} = entropy of p {short(found.entropy)} + KL(p‖q) **{some(found.kl)}**. "
    text += f"The other way round KL(q‖p) is {some(found.reverse)}."
    parts = {"cross": found.cross, "entropy": found.entropy, "kl": found.kl, "reverse": found.reverse}
    findings.append(Finding("expectation.kl", parts, text))
    if found.pull:
        way = "left" if found.pull > 0 else "right"
        text = f"Move q to the {way}: the cross entropy falls at a rate of **{short(abs(found.pull))}**."
        findings.append(Finding("expectation.pull", {"way": way, "rate": abs(found.pull)}, text))
    left = "nothing" if found.least < NOTHING else f"**{short(found.least)}**"
    text = f"KL(p‖q) is least where q has the mean and the width of p. Then {left} is left."
    return [*findings, Finding("expectation.least", {"least": found.least}, text)]


def some(divergence: float) -> str:
    """A number that rounding may keep from 0."""
    return "0" if abs(divergence) < NOTHING else short(divergence)
