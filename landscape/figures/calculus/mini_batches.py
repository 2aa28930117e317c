"""The stage of mini-batches: a cloud of gradients about the true one, its predicted ellipse, and how both shrink."""

import numpy as np

from landscape.calculus.batch_report import batch_captions
from landscape.calculus.mini_batches import MiniBatches
from landscape.figures.calculus.common import fill_panel, opened
from landscape.figures.calculus.noise_ball import ellipse
from landscape.figures.kit.axes import log_axis, map_axes, title
from landscape.figures.kit.layouts import Span, arrangement
from landscape.figures.kit.meta import CLOCK
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import Theme
from landscape.figures.kit.traces import Trace, cursor, line, marks, moved
from landscape.numbers import LOWERED

SHOWN = 150
SIZES_A_SECOND = 5


def batch_stage(found: MiniBatches, theme: Theme, *, narrow: bool = False, height: int = 424) -> Stage:
    """A frame a size of batch. A hand holds the size, on the curves."""
    place = arrangement("calculus", narrow)
    stage = opened(theme, height, f"batch {found.key} {narrow}", alternative(found), narrow)
    _cloud(stage, found, place["main"])
    _variance(stage, found, place["upper"])
    _downhill(stage, found, place["lower"])
    labels = [f"B = {size}" for size in found.sizes]
    stage.play(found.sizes, "samples", labels=labels, captions=batch_captions(found), rate=SIZES_A_SECOND)
    return stage


def _cloud(stage: Stage, found: MiniBatches, place: Span) -> None:
    theme, true = stage.theme, found.true
    told, seen = ellipse(found.told) + true, ellipse(found.seen) + true
    drawn = found.drawn[:, :SHOWN]
    cloud = marks(None, None, theme.belief, size=6, edge=theme.paper, name="batches", legend=True)
    measured = line(None, None, theme.belief, width=2.5, name="measured", legend=True)
    predicted = line(None, None, theme.ink, width=2.5, dash="13px,4px", name="predicted", legend=True)
    stage.move(
        moved(cloud, drawn[..., 0], drawn[..., 1], 3),
        moved(measured, seen[..., 0], seen[..., 1]),
        moved(predicted, told[..., 0], told[..., 1]),
    )
    # It stands still, over what moves.
    star = marks(None, None, theme.ink, symbol="star", size=17, edge=theme.paper, name="true gradient", legend=True)
    frames = np.ones((len(found.sizes), 1))
    stage.move(
        moved(line(None, None, theme.ink, width=2, name="from 0"), frames * [0, true[0]], frames * [0, true[1]]),
        moved(star, frames * true[0], frames * true[1]),
    )
    zero = marks([0.0], [0.0], theme.ink, symbol="cross-thin", size=12, edge=theme.ink, name="0")
    stage.draw(zero | {"mode": "markers+text", "text": ["0"], "textposition": "top right"})
    wide = ellipse(found.told[0]) + true
    around = np.concatenate([wide, np.zeros((1, 2))])
    (x_low, y_low), (x_high, y_high) = 1.1 * around.min(axis=0), 1.1 * around.max(axis=0)
    names = tuple(f"gradient in w{str(weight + 1).translate(LOWERED)}" for weight in found.weights)
    stage.axes |= map_axes(((x_low, x_high), (y_low, y_high)), (names[0], names[1]), theme, place)
    fill_panel(stage)
    stage.head(f"Gradients of batches of {found.samples} samples", place)


def _variance(stage: Stage, found: MiniBatches, place: Span) -> None:
    theme, sizes = stage.theme, found.sizes
    told, seen = found.variance(found.told), found.variance(found.seen)
    inside = told > 1e-9 * told[0]
    hover = "B = %{x}<br>variance %{y:.3g}"
    stage.draw(line(sizes[inside], seen[inside], theme.belief, "2", width=3.5, name="variance", hover=hover))
    stage.draw(
        line(sizes[inside], told[inside], theme.ink, "2", width=1.5, dash="13px,4px", name="variance, predicted")
    )
    stage.draw(line(sizes, told[0] / sizes, theme.faint, "2", width=1.5, dash="2px,4px", name="1/B"))
    shown = np.concatenate([seen[inside], told[inside]])
    low, high = float(np.log10(shown.min())) - 0.2, float(np.log10(shown.max())) + 0.2
    stage.move(cursor(sizes, (10.0**low, 10.0**high), "2", theme))
    stage.grip("2", CLOCK)
    stage.panel("2", place, _sizes(found), log_axis(low, high), "Variance by B; dotted: 1/B")


def _downhill(stage: Stage, found: MiniBatches, place: Span) -> None:
    theme, sizes, share = stage.theme, found.sizes, 100 * found.downhill
    hover = "B = %{x}<br>%{y:.0f} % go downhill"
    stage.draw(line(sizes, share, theme.belief, "3", width=3, name="downhill", hover=hover))
    stage.draw(
        line(
            sizes,
            100 * found.downhill_told,
            theme.ink,
            "3",
            width=1.5,
            dash="13px,4px",
            name="predicted for normal noise",
        )
    )
    stage.grip("3", CLOCK)
    now = marks(None, None, theme.belief, "3", size=11, name="share now")
    stage.move(moved(now, sizes[:, None].astype(float), share[:, None]))
    along = {**_sizes(found), "title": title("batch size B")}
    up = {"range": [min(45.0, float(share.min()) - 4), 102], "nticks": 5, "ticksuffix": " %"}
    stage.panel("3", place, along, up, "Batches that point downhill")


def _sizes(found: MiniBatches) -> Trace:
    end = float(np.log10(found.samples))
    return {"type": "log", "range": [-0.06, end + 0.06], "dtick": 1, "tickfont": {"size": 12}}


def alternative(found: MiniBatches) -> str:
    """The stage in words."""
    about = f"{found.noisy.title}: the gradients of mini-batches about the gradient of all samples."
    return f"{about} {batch_captions(found)[0]} {batch_captions(found)[found.at(10)]}"
