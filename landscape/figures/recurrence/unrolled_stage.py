"""The stage of a gradient on its way back in time: states come forwards, then gradients go back, step by step."""

import numpy as np

from landscape.figures.kit.animated import filmed
from landscape.figures.kit.axes import log_axis, title
from landscape.figures.kit.layouts import arrangement
from landscape.figures.kit.ranges import log_range
from landscape.figures.kit.stage import Stage, frame_rate
from landscape.figures.kit.style import Theme, numbered
from landscape.figures.kit.traces import Trace, curve, on
from landscape.figures.networks.network_graph import heat_map
from landscape.figures.networks.tints import SIGNED, ramp, signed, signed_level
from landscape.lessons.through_time import Compared
from landscape.networks import CELLS
from landscape.numbers import article, counted, short

# Decades below the largest gradient that are drawn.
DECADES = 16
SHADES = 33
# At most so many steps have a number.
FEW = 8
NONE = "rgba(0,0,0,0)"
# How much of the room between two steps a bar takes.
BAR = 0.62
# How far apart names stand at least, as a share of the axis; and the share of the steps' width that they have before
# the first one, on a phone too.
LETTERS, NAMES = 0.075, {False: 0.115, True: 0.21}


def stage(told: Compared, theme: Theme, *, narrow: bool = False, size: tuple[int, int] = (908, 476)) -> Stage:
    place, seen = arrangement("unrolled", narrow), told.seen
    length = len(seen.gradient)
    out = Stage(
        theme,
        height=size[1],
        revision=f"unrolled {narrow} {length}",
        alt=alternative(told),
        margin=(62, 34, 16, 46),
        settings={"showlegend": False},
    )
    beyond = {"range": [0.4, length + 0.6], **_numbers(length)}
    across = beyond | {"range": [0.4 - NAMES[narrow] * length, length + 0.6]}
    span = _span([each.gradient for each in told.cells.values()])
    bare = {"showticklabels": False, "ticks": "", "showgrid": False}
    # One picture: the strip below goes on with the same steps, and numbers them.
    up = log_axis(*span, most=7)
    out.panel(
        "", place["bars"], across | bare | {"showgrid": True}, up, "|dL/dh<sub>t</sub>|: what is left of the gradient"
    )
    # On a phone the next panel's heading stands where the title would.
    steps = across | {"title": title("" if narrow else "step t")}
    out.panel("2", place["inputs"], steps, bare, "|dz/dx<sub>t</sub>|: inputs still heard")
    out.panel("3", place["states"], beyond, bare, f"The {len(seen.states)} states, forwards")
    rise = _span([seen.largest, *([] if seen.bound is None else [seen.bound])])
    name = "σ<sub>max</sub> of dh<sub>T</sub>/dh<sub>t</sub>" + ("" if seen.bound is None else "; dashed: its bound")
    out.panel("4", place["singular"], beyond | {"title": title("step t")}, log_axis(*rise), name)
    pixels = (place["bars"][0][1] - place["bars"][0][0]) * (size[0] - 78) / ((1 + NAMES[narrow]) * length)
    _bars(out, told, span, max(2.0, BAR * pixels), theme)
    _others(out, told, span)
    _inputs(out, told, theme)
    _states(out, told, theme)
    _singular(out, told, theme)
    frames = 2 * length
    labels = [f"forward, step {k + 1}" for k in range(length)] + [f"back, step {length - k}" for k in range(length)]
    out.play(
        range(1, frames + 1), "steps", schedule=[], labels=labels, captions=captions(told), rate=frame_rate(frames)
    )
    return out


def _span(series: list[np.ndarray]) -> list[float]:
    every = np.concatenate(series)
    sound = every[np.isfinite(every) & (every > 0)]
    top = sound.max(initial=1e-300)
    return log_range(np.maximum(sound, top * 10.0**-DECADES)) if sound.size else [-1.0, 1.0]


def _held(values: np.ndarray, span: list[float]) -> np.ndarray:
    """Within the axis, and on its lower end where there is nothing."""
    low, high = 10 ** span[0], 10 ** span[1]
    return np.clip(np.nan_to_num(values, nan=low, posinf=high), low, high)


def _numbers(length: int) -> Trace:
    """Which steps have a number: few, round ones, and none before the first."""
    every = next(k for k in (1, 2, 5, 10, 20) if length <= FEW * k)
    return {"tickvals": list(range(every, length + 1, every))}


def _others(out: Stage, told: Compared, span: list[float]) -> None:
    """The other cells as thin lines; before the first step the names of all, one above the other."""
    steps, least = np.arange(1, len(told.seen.gradient) + 1), span[0]
    cells = list(told.cells)
    held = {key: _held(told.cells[key].gradient, span) for key in cells}
    room = LETTERS * (span[1] - span[0])
    # So low that all above it have room.
    rest = [span[1] - room * k for k in range(len(cells), 0, -1)]
    for key, most in zip(sorted(held, key=lambda k: float(held[k][0])), rest, strict=True):
        look = numbered(cells.index(key), out.theme)
        if key != told.chosen:
            style: Trace = {"color": look.color, "width": 2, "dash": look.dash}
            out.draw(curve(steps, held[key], CELLS[key].title, "", style))
        place = max(min(float(np.log10(held[key][0])) - room / 2, most), least)
        least = place + room
        name: Trace = {"text": f"<b>{CELLS[key].title}</b>", "x": 0.35, "y": place, "xref": "x", "yref": "y"}
        name |= {"xanchor": "right", "yanchor": "bottom", "showarrow": False, "borderpad": 0}
        out.annotations.append(name | {"font": {"color": look.color, "size": 14}})


def _bars(out: Stage, told: Compared, span: list[float], width: float, theme: Theme) -> None:
    """A bar for each step, which appears when the gradient has come back to it."""
    top = _held(told.seen.gradient, span)
    length = len(top)
    x, y = [], []
    for t, height in enumerate(top, 1):
        x += [float(t), float(t), None]
        y += [10 ** span[0], float(height), None]
    # Pale, so that the other cells' lines and names can be seen on them.
    color = ramp((theme.paper, numbered(list(told.cells).index(told.chosen), theme).color), 101)[55]
    back = np.arange(2 * length)[:, None] - length
    shown = (np.arange(length)[::-1] <= back).astype(np.uint8)
    trace = {
        "type": "scatter",
        "mode": "lines",
        "x": x[:-1],
        "y": y[:-1],
        "line": {"color": color, "width": width, "simplify": False},
        **on(""),
        "hoverinfo": "skip",
        "showlegend": False,
        "name": "bars",
    }
    out.stroke(trace, [NONE, color], [width, width], filmed(shown))


def _row(levels: np.ndarray, colors: list[str], panel: str, hover: list[str]) -> Trace:
    trace = heat_map(levels, colors, panel, smooth=False) | {"x0": 1, "dx": 1}
    trace |= {"text": [hover] * len(levels), "hovertemplate": "%{text}<extra></extra>"}
    del trace["hoverinfo"]
    return trace


def _inputs(out: Stage, told: Compared, theme: Theme) -> None:
    """How strongly each input still moves the output, as shading, the strongest darkest."""
    influence = np.nan_to_num(told.seen.influence, nan=0.0, posinf=0.0)
    share = influence / (influence.max() or 1)
    hover = [f"input {t}: {short(v)}" for t, v in enumerate(told.seen.influence, 1)]
    levels = np.round(share * (SHADES - 1)).astype(np.uint8)[None]
    out.draw(_row(levels, ramp((theme.paper, theme.belief), SHADES), "2", hover))


def _states(out: Stage, told: Compared, theme: Theme) -> None:
    """h_t, unit by unit, which appear as the sequence is heard."""
    states = told.seen.states
    length = states.shape[1]
    finite = np.nan_to_num(states, nan=0.0, posinf=0.0, neginf=0.0)
    levels = signed_level(finite / (np.abs(finite).max() or 1))
    heard = np.arange(length) <= np.arange(2 * length)[:, None, None]
    frames = np.where(heard, levels, SIGNED).astype(np.uint8)
    colors = [*signed(theme), theme.paper]
    hover = [f"step {t}" for t in range(1, length + 1)]
    out.film(_row(frames[-1], colors, "3", hover), colors, 1, filmed(frames))


def _singular(out: Stage, told: Compared, theme: Theme) -> None:
    seen, steps = told.seen, np.arange(1, len(told.seen.gradient) + 1)
    rise = _span([seen.largest, *([] if seen.bound is None else [seen.bound])])
    color = numbered(list(told.cells).index(told.chosen), theme).color
    out.draw(curve(steps, _held(seen.largest, rise), "largest", "4", {"color": color, "width": 3}))
    if seen.bound is not None:
        style: Trace = {"color": theme.ink, "width": 2, "dash": "7px,5px"}
        out.draw(curve(steps, _held(seen.bound, rise), "bound", "4", style))


def captions(told: Compared) -> list[str]:
    """What happens at each frame."""
    seen = told.seen
    length = len(seen.gradient)
    forward = [f"Forwards: the network hears input {k + 1} of {length}." for k in range(length)]
    back = [
        f"Back {length - t} of {counted(length - 1, 'step')}: |dL/dh| is {short(seen.gradient[t - 1])}; it began as "
        f"{short(seen.gradient[-1])}."
        for t in range(length, 0, -1)
    ]
    return forward + back


def alternative(told: Compared) -> str:
    """The stage in words."""
    seen = told.seen
    others = ", ".join(f"{CELLS[key].title} {short(each.ratio)}" for key, each in told.cells.items())
    cell = CELLS[told.chosen].title
    return (
        f"The gradient of {article(cell)} {cell} cell at each of {len(seen.gradient)} steps, on a log axis. "
        f"It is {short(seen.gradient[-1])} at the last, {short(seen.gradient[0])} at the first. "
        f"First over last: {others}."
    )
