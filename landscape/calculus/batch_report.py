"""Report: what the noise of mini-batches comes to, in words."""

import numpy as np

from landscape.calculus.mini_batches import DRAWS, MiniBatches
from landscape.calculus.noise_ball import extent
from landscape.finding import Finding
from landscape.numbers import percent, short

# A batch of this size is told of beside one of a single sample.
TOLD = 10


def batch_captions(found: MiniBatches) -> list[str]:
    """For each size: how wide the cloud is, and how wide it was predicted to be."""
    return [
        f"B = {size}: the cloud is {extent(seen)} wide, predicted {extent(told)} (standard deviations)."
        if size < found.samples or found.replacement
        else f"B = {size}: every batch is all the samples. No noise is left."
        for size, seen, told in zip(found.sizes, found.seen, found.told, strict=True)
    ]


def batch_findings(found: MiniBatches) -> list[Finding]:
    """How the noise falls with the size of a batch, and how much of it a step can bear."""
    one, ten = (float(found.variance(found.seen[found.at(size)])) for size in (1, TOLD))
    text = f"A batch of {TOLD} has **{short(one / ten)}** times less variance than a single sample. "
    text += f"Predicted: {short(ratio(found))}."
    findings = [Finding("batch.ratio", {"size": TOLD, "seen": one / ten, "told": ratio(found)}, text)]
    inside = found.sizes < found.samples
    off = float(np.abs(found.variance(found.seen[inside]) / found.variance(found.told[inside]) - 1).max())
    text = f"Over all sizes, the variance of {DRAWS:,} batches is at most **{percent(off)}** off."
    findings.append(Finding("batch.off", {"draws": DRAWS, "off": off}, text))
    findings += [_factor(found)] if not found.replacement else []
    return [_downhill(found), *findings, _scale(found)]


def ratio(found: MiniBatches) -> float:
    """How many times less variance a batch of TOLD is predicted to have than one sample."""
    told = found.variance(found.told)
    return float(told[found.at(1)] / told[found.at(TOLD)])


def _factor(found: MiniBatches) -> Finding:
    count, half = found.samples, found.samples // 2
    share = (count - half) / (count - 1)
    text = f"No sample comes twice: the variance is (N − B)/(N − 1) of Σ/B. At B = {half} of {count} that is "
    text += f"**{short(share)}**, at {count} it is 0."
    return Finding("batch.factor", {"samples": count, "half": half, "share": share}, text)


def _scale(found: MiniBatches) -> Finding:
    scale = found.noise_scale
    if scale > 1:
        text = f"With replacement it takes B = **{short(scale)}** for the noise to be no larger than the gradient."
    else:
        text = f"Even one sample's noise is below the gradient: its variance is **{short(scale)}** of |gradient|²."
    return Finding("batch.scale", {"scale": scale}, text)


def _downhill(found: MiniBatches) -> Finding:
    one, ten = (float(found.downhill[found.at(size)]) for size in (1, TOLD))
    text = f"Of single samples **{percent(one)}** point downhill, of batches of {TOLD} **{percent(ten)}**."
    return Finding("batch.downhill", {"one": one, "size": TOLD, "ten": ten}, text)
