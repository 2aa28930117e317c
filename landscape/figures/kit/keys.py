"""A key in two columns beside a stage's main panel, which so has all the height."""

from landscape.figures.kit.layouts import KEY, Span
from landscape.figures.kit.traces import Trace

# The size of its letters, how wide one is as a share of that, and pixels of the line or mark before a name.
FONT, LETTER, LINE = 13, 0.54, 46


def key_beside(place: Span) -> Trace:
    """A legend above a panel for which `under_key` has left it room; of what is more it slides."""
    spot: Trace = {"x": place[0][0], "y": 1, "yref": "container", "yanchor": "top"}
    return {**spot, "maxheight": KEY, "tracegroupgap": 0, "font": {"size": FONT}}


def keyed(traces: list[Trace], legend: Trace | None, columns: bool) -> tuple[list[Trace], Trace]:
    """The traces of a stage and what its layout says of its key; of two columns the first has the first half."""
    if legend is None or not columns:
        return traces, {} if legend is None else {"legend": legend}
    named = [trace for trace in traces if trace.get("showlegend", True)]
    half = (len(named) + 1) // 2
    second = {_group(trace) for trace in named[half:]}
    letters = max((len(trace["name"]) for trace in named[:half]), default=0)
    # Both begin at one place on a stage of any width; the second is as far in as the longest name of the first is wide.
    both = {"legend": legend, "legend2": {**legend, "indentation": LINE + LETTER * FONT * letters}}
    return [{**trace, "legend": "legend2"} if _group(trace) in second else trace for trace in traces], both


def _group(trace: Trace) -> str:
    return str(trace.get("legendgroup", trace["name"]))
