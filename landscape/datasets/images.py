"""IMAGES: small real pictures to learn from, kept beside this module, with their source and licence."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from landscape.datasets.records import DataSet
from landscape.datasets.samples import Samples
from landscape.knob import Knob

# Ink in a pixel, at most: each counts the dark ones of 4 x 4 in the scan.
INK = 16
# The kernel that answers for "edges": its centre, and the sum of its ring.
EDGE = (2.0, -3.0)


@cache
def _digits() -> Samples:
    with np.load(Path(__file__).with_name("digits.npz"), allow_pickle=False) as file:
        images, labels = file["images"] / INK, file["labels"].astype(int)
    images.setflags(write=False)
    return Samples(images[:, None], labels, tuple(map(str, range(10))), ("ink",))


def _chosen(rng: np.random.Generator, size: int) -> Samples:
    whole = _digits()
    chosen = np.sort(rng.permutation(len(whole))[:size])
    return replace(whole, inputs=whole.inputs[chosen], targets=whole.targets[chosen])


def _edges(rng: np.random.Generator, noise: float, size: int) -> Samples:
    """Digits as a 3 x 3 kernel with a tied ring sees them, and how much of an edge there is by the kernel EDGE.

    Every other place, down and across: each pixel, and the mean of its 8 neighbours, are two channels.
    """
    pictures = _chosen(rng, size).inputs[:, 0]
    windows = np.lib.stride_tricks.sliding_window_view(pictures, (3, 3), axis=(1, 2))[:, ::2, ::2]
    pixel = windows[..., 1, 1]
    ring = (windows.sum(axis=(-2, -1)) - pixel) / 8
    seen = np.tanh(EDGE[0] * pixel + EDGE[1] * ring).mean(axis=(1, 2))
    return Samples(np.stack([pixel, ring], axis=1), seen + noise * rng.standard_normal(size), columns=("pixel", "ring"))


_RECORDS = (
    DataSet(
        *("digits", "Handwritten digits", _chosen),
        knobs={
            "size": Knob(1797, 100, 1797, "integer", "samples", "How many of the 1,797 pictures."),
            "seed": Knob(0, 0, 99, "integer", "seed", "Which pictures are drawn, unless all are."),
        },
        source="Alpaydin & Kaynak (1998), Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, "
        "https://doi.org/10.24432/C50P49: its test set, by 13 writers. The copy in scikit-learn, ink scaled to 0 to 1.",
        note="Real digits of 8 × 8 pixels: small enough to read every number, hard enough that a kernel must learn.",
        licence="Creative Commons Attribution 4.0 International (CC BY 4.0)",
    ),
    DataSet(
        *("edges", "Edges of digits", _edges),
        knobs={
            "noise": Knob(0.02, 0, 0.5, "linear", "noise", "Scatters the answers; at 0 they are exact."),
            "size": Knob(24, 4, 100, "integer", "samples", "More samples make a smoother loss and slower steps."),
            "seed": Knob(0, 0, 99, "integer", "seed", "Another seed draws other pictures."),
        },
        source="Pictures: Alpaydin & Kaynak (1998), Optical Recognition of Handwritten Digits, UCI Machine Learning "
        "Repository, https://doi.org/10.24432/C50P49. The answers are those of a kernel with centre 2 and ring -3.",
        note="A kernel made the answers, so a kernel can find them. Neighbouring pixels say nearly the same.",
        licence="Creative Commons Attribution 4.0 International (CC BY 4.0)",
    ),
)

# Inputs are (N, channels, rows, columns).
IMAGES: dict[str, DataSet] = {record.key: record for record in _RECORDS}
