"""What all stages of regularization have in common: their margins and their legend."""

from landscape.figures.kit import axes
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import Theme

BOTTOM = 50


def framed(theme: Theme, height: int, top: int, revision: str, alt: str) -> Stage:
    """A stage of nothing yet; `top` is the room for legend and headings, in pixels."""
    above = 1 + 24 / (height - top - BOTTOM)
    legend = axes.legend(above, 14)
    return Stage(theme, height=height, revision=revision, alt=alt, margin=(52, top, 12, BOTTOM), legend=legend)
