"""Checks of what is said of a convolution: sums written as loops, and counts."""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from landscape.finding import Finding
from landscape.lessons.digits import Looked
from landscape.lessons.slides import Convolved
from tests.claims.checks import checks, same


def answers(seen: Convolved, kernel: np.ndarray | None = None, image: np.ndarray | None = None) -> np.ndarray:
    """Y by its definition, cell by cell."""
    kernel = seen.kernel if kernel is None else kernel
    padded = np.pad(seen.image if image is None else image, seen.padding)
    k, rows = len(kernel), []
    for top in range(0, len(padded) - k + 1, seen.stride):
        starts = range(0, padded.shape[1] - k + 1, seen.stride)
        rows.append([added(padded[top : top + k, left : left + k] * kernel) for left in starts])
    return np.array(rows)


def added(products: np.ndarray) -> float:
    """Their sum, 0 where they cancel in the decimals that people write."""
    total = sum(Fraction(float(each)).limit_denominator(10**9) for each in products.flat)
    return float(products.sum()) if total else 0.0


def loss(seen: Convolved, y: np.ndarray) -> float:
    total = 0.0
    for r in range(0, len(y) - 1, 2):
        for s in range(0, y.shape[1] - 1, 2):
            window = y[r : r + 2, s : s + 2]
            total += (window.max() if seen.pooling == "max" else window.mean()) ** 2 / 2
    return total


def inside(numbers: Mapping[str, Any], shape: tuple[int, ...]) -> tuple[int, int]:
    """The cell that is named, counted from 0."""
    row, column = numbers["row"] - 1, numbers["column"] - 1
    assert 0 <= row < shape[0]
    assert 0 <= column < shape[1]
    return row, column


@checks("convolution.silent")
def silent(seen: Convolved, finding: Finding) -> None:
    y = answers(seen)
    assert not y.any()
    assert finding.numbers["cells"] == y.size


@checks("convolution.strongest")
def strongest(seen: Convolved, finding: Finding) -> None:
    y = answers(seen)
    same(finding.numbers["value"], y[inside(finding.numbers, y.shape)])
    same(abs(finding.numbers["value"]), np.abs(y).max())
    others_as_large(y, finding)


def others_as_large(values: np.ndarray, finding: Finding) -> None:
    sizes = sorted(map(abs, values.ravel().tolist()), reverse=True)
    as_large = sum(0 < size > sizes[0] * (1 - 1e-11) for size in sizes)
    assert finding.numbers["others"] == max(as_large - 1, 0)
    assert (" as strong" in finding.text or " as large" in finding.text) == (as_large > 1)


@checks("convolution.size")
def size(seen: Convolved, finding: Finding) -> None:
    numbers, y = finding.numbers, answers(seen)
    assert (numbers["side"], numbers["kernel"], numbers["made"]) == (len(seen.image), len(seen.kernel), len(y))
    assert numbers["padding"] == len(seen.forward.ground) // 2 - len(seen.image) // 2
    # The next window would leave the picture.
    padded = numbers["side"] + 2 * numbers["padding"]
    last = (numbers["made"] - 1) * numbers["stride"] + numbers["kernel"]
    assert last <= padded < last + numbers["stride"]
    assert numbers["stride"] == seen.stride


@checks("convolution.shared")
def shared(seen: Convolved, finding: Finding) -> None:
    numbers, y = finding.numbers, answers(seen)
    assert numbers["weights"] == np.size(seen.kernel)
    assert numbers["cells"] == len(y.ravel())
    assert numbers["dense"] == sum(1 for _ in seen.image.flat for _ in y.flat)


@checks("backward.steepest")
def steepest(seen: Convolved, finding: Finding) -> None:
    numbers = finding.numbers
    assert numbers["of"] in ("kernel", "picture")
    slide = seen.to_kernel if numbers["of"] == "kernel" else seen.to_image
    at = inside(numbers, slide.out.shape)
    same(abs(numbers["value"]), np.abs(slide.out).max())
    products = [w * x for w, x in zip(slide.stencil.flat, slide.met(*at).flat, strict=True)]
    same(numbers["value"], sum(products), absolute=1e-12)
    assert numbers["products"] == sum(product != 0 for product in products)
    assert ("Every derivative" in finding.text) == (not slide.out.any())
    others_as_large(slide.out, finding)
    if seen.ties.any():
        return
    step = np.zeros(slide.out.shape)
    step[at] = 1e-5
    ups = [
        loss(
            seen,
            answers(seen, seen.kernel + sign * step)
            if numbers["of"] == "kernel"
            else answers(seen, image=seen.image + sign * step),
        )
        for sign in (1, -1)
    ]
    same(numbers["value"], (ups[0] - ups[1]) / 2e-5, 1e-4, 1e-4)


@checks("backward.gap")
def gap(seen: Convolved, finding: Finding) -> None:
    assert not ties_in(seen)
    gaps = []
    for slide in (seen.to_kernel, seen.to_image, seen.to_answers):
        gaps += [abs(a - b) for a, b in zip(slide.out.flat, slide.differences.flat, strict=True)]
    same(finding.numbers["gap"], max(gaps))


def ties_in(seen: Convolved) -> int:
    if seen.pooling != "max":
        return 0
    y, count = seen.forward.out, 0
    for r in range(0, len(y) - 1, 2):
        for s in range(0, y.shape[1] - 1, 2):
            four = sorted(y[r : r + 2, s : s + 2].ravel())
            count += four[-1] == four[-2] != 0
    return count


@checks("backward.ties")
def ties(seen: Convolved, finding: Finding) -> None:
    assert finding.numbers["ties"] == ties_in(seen) > 0


@checks("backward.passed")
def passed(seen: Convolved, finding: Finding) -> None:
    numbers, y = finding.numbers, seen.forward.out
    assert numbers["pooling"] == seen.pooling
    assert numbers["cells"] == len(y.ravel())
    heard = 0
    for r in range(0, len(y) - 1, 2):
        for s in range(0, y.shape[1] - 1, 2):
            four = y[r : r + 2, s : s + 2]
            given = four.max() if seen.pooling == "max" else four.mean()
            heard += (1 if seen.pooling == "max" else 4) * (given != 0)
    assert numbers["reached"] == heard


def reads(seen: Looked, images: np.ndarray) -> np.ndarray:
    """The ten outputs for pictures (N, 8, 8), at the end of training: convolution, tanh, the largest of four, a sum."""
    w = seen.learned.network.unpack(seen.learned.weights[-1])
    windows = np.lib.stride_tricks.sliding_window_view(images, (3, 3), axis=(1, 2))
    z = np.einsum("nrsij,cij->ncrs", windows, w["0.weight"][:, 0]) + w["0.bias"][:, None, None]
    a = np.tanh(z)
    four = np.stack([a[:, :, i::2, j::2] for i in (0, 1) for j in (0, 1)])
    # Of several that are equal, as where there is no ink, the first.
    pooled = np.take_along_axis(four, four.real.argmax(axis=0)[None], axis=0)[0]
    return pooled.reshape(len(images), -1) @ w["4.weight"].T + w["4.bias"]


def digit_losses(z: np.ndarray, targets: np.ndarray) -> np.ndarray:
    top = z.real.max(axis=1)
    return top + np.log(np.exp(z - top[:, None]).sum(axis=1)) - z[np.arange(len(z)), targets]


@checks("digits.right")
def right(seen: Looked, finding: Finding) -> None:
    numbers, held = finding.numbers, seen.learned.held
    z = reads(seen, held.inputs[:, 0])
    same(numbers["share"], sum(z.argmax(axis=1) == held.targets) / len(z))
    same(numbers["loss"], digit_losses(z, held.targets).mean())
    assert numbers["count"] == len(z)
    assert numbers["epochs"] == len(seen.learned.weights) - 1


@checks("digits.confused")
def confused(seen: Looked, finding: Finding) -> None:
    numbers, held = finding.numbers, seen.learned.held
    said = reads(seen, held.inputs[:, 0]).argmax(axis=1)
    pairs = Counter((int(t), int(s)) for t, s in zip(held.targets, said, strict=True) if t != s)
    assert pairs[numbers["digit"], numbers["taken"]] == numbers["times"] == max(pairs.values())
    assert ("One of" in finding.text) == (list(pairs.values()).count(numbers["times"]) > 1)


@checks("digits.drawn")
def drawn(seen: Looked, finding: Finding) -> None:
    numbers = finding.numbers
    chances = np.exp(-digit_losses(np.repeat(reads(seen, seen.image[None]), 10, axis=0), np.arange(10)))
    first, second = sorted(chances, reverse=True)[:2]
    same(numbers["chance"], first)
    same(numbers["other"], second)
    same(chances[numbers["read"]], first)
    same(chances[numbers["second"]], second)
    assert numbers["read"] != numbers["second"]
    assert ("The sheet is empty" in finding.text) == (not seen.image.any())


@checks("digits.pixel")
def pixel(seen: Looked, finding: Finding) -> None:
    image, bumps = seen.image, 1j * 1e-40 * np.eye(64).reshape(64, 8, 8)
    target = reads(seen, image[None])[0].argmax() if seen.digit is None else seen.learned.held.targets[seen.digit]
    # A step into the complex plane: a difference would see both sides of a tie.
    slopes = np.abs(digit_losses(reads(seen, image + bumps), np.repeat(target, 64)).imag / 1e-40).reshape(8, 8)
    # Where the digit is sure to be read rightly, its slope is what 1 is short of 1, which is known to rounding.
    same(finding.numbers["slope"], slopes[inside(finding.numbers, slopes.shape)], absolute=1e-13)
    same(finding.numbers["slope"], slopes.max(), absolute=1e-13)
