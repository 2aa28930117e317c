"""The stage of a network that learns the sunspots: its predictions, by how much it misses, and what a window turns."""

from collections.abc import Callable
from typing import Any

import numpy as np

from landscape.figures.kit.axes import legend, title
from landscape.figures.kit.layouts import Arrangement, arrangement
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import Theme, dressed
from landscape.figures.kit.traces import Trace, curve, line, moved, moving_marks, on
from landscape.lessons.series import LAST, WINDOW, Followed, degrees, missed_alone
from landscape.numbers import article, counted, short

# The hues of what is said a year ahead and alone; of the run with the window, which says it, and of the one with all.
AHEAD, ALONE = ("teal", "solid", "circle"), ("ochre", "7px,4px", "diamond")
RUNS = (AHEAD, ("violet", "solid", "square"))
NAMES = ("Trained with the window", "One year ahead, trained with all years")
RATE = 5.0
# Below the panels, and between them and the legend, in pixels.
BOTTOM, HEADING = 46, 26
# What is drawn of predictions: what runs away leaves the panel.
FAR = 1e4
# The angle is drawn and told at these windows, and in between along straight lines over the logarithm.
WINDOWS = np.unique(np.round(np.geomspace(1, WINDOW, 32)).astype(int))


def stage(seen: Followed, theme: Theme, *, narrow: bool = False, height: int = 476) -> Stage:
    place, top = arrangement("series", narrow), 112 if narrow else 64
    out = Stage(
        theme,
        height=height,
        revision=f"series {narrow}",
        alt=alternative(seen),
        margin=(52, top, 14, BOTTOM),
        legend=legend(1 + HEADING / (height - top - BOTTOM), 13),
    )
    _years(out, seen, place, theme)
    _missed(out, seen, place)
    _turned(out, seen, place, theme)
    frames = range(len(seen.steps))
    out.play(seen.steps, "steps", schedule=[list(frames)], captions=captions(seen), rate=RATE)
    return out


def _years(out: Stage, seen: Followed, place: Arrangement, theme: Theme) -> None:
    """What was observed, and what is said one year ahead and alone."""
    low, high = -0.08 * seen.spots.max(), 1.15 * seen.spots.max()
    across = {"range": [seen.years[0] - 2, seen.years[-1] + 2], "nticks": 8}
    up = {"range": [low, high], "nticks": 5, "title": title("sunspots", 2)}
    out.panel("", place["years"], across, up, "What it says of every year")
    out.draw(line([LAST + 0.5] * 2, [low, high], theme.faint, width=1.5, dash="4px,3px", name="held back from here"))
    _note(out, "", "held back", LAST + 2, high, "left")
    hover = "%{x:.0f}: %{y:.1f} spots"
    out.draw(line(seen.years, seen.spots, theme.ink, width=1.8, name="Sunspots", hover=hover, legend=True))
    held = seen.years[~seen.learned]
    for look, name, years, said in (
        (dressed(*AHEAD, theme), "One year ahead", seen.years, seen.ahead),
        (dressed(*ALONE, theme), "Left to itself", held, seen.free),
    ):
        drawn = line(None, None, look.color, width=2.2, dash=look.dash, name=name, legend=True)
        out.move(moved(drawn, np.broadcast_to(years, said.shape), np.clip(said, -FAR, FAR)))


def _note(out: Stage, panel: str, text: str, x: float, y: float, side: str) -> None:
    """Words whose upper corner, on this side, stands at a point of a panel."""
    place: Trace = {"x": x, "y": y, "xref": f"x{panel}", "yref": f"y{panel}", "xanchor": side, "yanchor": "top"}
    out.annotations.append(place | {"text": text, "showarrow": False, "font": {"size": 13, "color": out.theme.ink}})


def _missed(out: Stage, seen: Followed, place: Arrangement) -> None:
    """Root mean square errors by step, of both runs; of the years learned from dotted."""
    runs = 1 if seen.plan.window == WINDOW else 2
    end, top = seen.plan.steps, 1.1 * float(np.nanmax(np.minimum(seen.missed[:, :runs], FAR), initial=1.0))
    across = {"range": [-0.02 * end, 1.03 * end], "nticks": 6, "title": title("step")}
    heading = "Off by, in spots; dotted: learned from"
    out.panel("2", place["missed"], across, {"range": [0, top], "nticks": 5}, heading)
    missed = np.clip(np.nan_to_num(seen.missed, nan=FAR), 0, FAR)
    # Without a window to speak of both runs are one.
    looks = [dressed(*each, out.theme) for each in RUNS]
    for look, name, both in [*zip(looks, NAMES, missed.swapaxes(0, 1), strict=True)][-runs:]:
        for dash, off in (("dot", both[:, 0]), ("solid", both[:, 1])):
            style = {"color": look.color, "dash": dash, "width": 2.5 if dash == "solid" else 2}
            drawn = curve(seen.steps, off, name, "2", style)
            # The run with the window is that which says the years ahead, and has its line.
            out.trail(drawn | {"showlegend": dash == "solid" and name == NAMES[1], "legendgroup": name})
    looks = looks[-runs:][::-1]
    # The one with the window is on top, and so small that the other is seen around it.
    marker = {
        "size": [14, 8][:runs],
        "color": [each.color for each in looks],
        "symbol": [each.marker for each in looks],
    }
    marker |= {"line": {"width": 1.5, "color": "white"}}
    at = np.repeat(seen.steps[:, None].astype(float), runs, axis=1)
    out.move(moving_marks("heads", at, missed[:, -runs:, 1][:, ::-1], marker, showlegend=False, **on("2")))


def _turned(out: Stage, seen: Followed, place: Arrangement, theme: Theme) -> None:
    """The angle by window, at first, at last and now; and the window, which a hand can hold."""
    turned = np.nan_to_num(seen.turned[:, WINDOWS - 1], nan=180.0)
    top = max(90.0, 1.05 * float(turned.max()))
    across: Trace = {
        "type": "log",
        "range": [-0.05, np.log10(WINDOW) + 0.05],
        "tickvals": [1, 2, 5, 10, 20, 50, 100, 200],
    }
    across |= {"title": title("window, years"), "tickfont": {"size": 12}}
    up: Trace = {"range": [-0.03 * top, top], "tickvals": [0, 45, 90, 135, 180], "ticksuffix": "°"}
    out.panel("3", place["turned"], across, up, "Angle to the whole gradient")
    # Where a window of all years turns nothing.
    _note(out, "3", "thin: at last<br>dotted: at first", across["range"][1], up["range"][1], "right")
    for k, name, dash in ((0, "at first", "3px,3px"), (-1, "at last", "solid")):
        out.draw(line(WINDOWS, turned[k], theme.ink, "3", width=1.2, dash=dash, name=name))
    now = line(None, None, theme.belief, "3", width=3, name="now")
    out.move(moved(now, np.broadcast_to(WINDOWS, turned.shape), turned))
    out.hold("window", seen.plan.window, (1, WINDOW))
    out.grip("3", across="window")
    out.follow(len(out.still), ["window"], lambda w, t: (w + 0 * t, t), [-10.0, 200.0])
    out.draw(line([seen.plan.window] * 2, [-10.0, 200.0], dressed(*RUNS[0], theme).color, "3", width=3, name="window"))
    # Where the gradient has no direction, of no window.
    angle = interpolated(seen.turned[-1, WINDOWS - 1])
    out.tell(
        ["window"],
        lambda w: {"years": _rounded(w), "angle": angle(_rounded(w))},
        "Window in years: {years}. At last it turns the gradient by {angle}°. Let go to train with it.",
    )


def _rounded(w: Any) -> Any:
    return w + 0.5 - np.remainder(w + 0.5, 1.0)


def interpolated(turned: np.ndarray) -> Callable[[Any], Any]:
    """The angle at a window between those of WINDOWS, as plain arithmetic: a sum of bends."""
    logs = np.log(WINDOWS)
    slopes = np.diff(turned) / np.diff(logs)
    bends = np.diff(slopes, prepend=0.0)

    def angle(w: Any) -> Any:
        total = 0.0 * w + float(turned[0])
        for bend, log in zip(bends.tolist(), logs.tolist(), strict=False):
            total = total + bend * np.maximum(np.log(w) - log, 0.0)
        return total

    return angle


def captions(seen: Followed) -> list[str]:
    """What the network can do at each frame, and what its window turns."""
    turned = seen.turned[:, seen.plan.window - 1]
    return [
        f"Years held back: {_off(ahead, alone)} {_turn(angle)}"
        for ahead, alone, angle in zip(seen.missed[:, 0, 1], missed_alone(seen), turned, strict=True)
    ]


def _off(ahead: float, alone: float) -> str:
    """By how much the years held back are missed one year ahead and alone; what overflows has no number."""
    if not np.isfinite(ahead):
        return "what it says one year ahead overflows."
    text = f"off by {short(ahead)} spots one year ahead"
    return (
        f"{text}, by {short(alone)} left to itself." if np.isfinite(alone) else f"{text}; left to itself it overflows."
    )


def _turn(angle: float) -> str:
    if not np.isfinite(angle):
        return "The gradient is 0, or overflows: it has no direction."
    return f"The window turns the gradient by {degrees(angle)}."


def alternative(seen: Followed) -> str:
    """The stage in words."""
    steps, window = counted(int(seen.steps[-1]), "step"), counted(seen.plan.window, "year")
    units, alone = counted(seen.plan.hidden, "unit"), float(missed_alone(seen)[-1])
    cell = seen.network.recurrence.title
    return (
        f"{article(cell).capitalize()} {cell} network with {units} learns the yearly sunspots in {steps}, each error "
        f"followed back {window}. One year ahead it misses the years after {LAST} by {_ends(seen)}. "
        f"Left to itself it {f'misses by {alone:.3g}' if np.isfinite(alone) else 'overflows'}."
    )


def _ends(seen: Followed) -> str:
    first, last = seen.missed[[0, -1], 0, 1].tolist()
    if len(seen.steps) == 1:
        return f"{first:.3g} spots"
    return (
        f"{first:.3g} spots at first{f' and by {last:.3g} at last' if np.isfinite(last) else '; at last it overflows'}"
    )
