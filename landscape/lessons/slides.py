"""A kernel slides over a picture, forwards and backwards: every product of it, for people to see.

    Y = the convolution of X with a kernel W, as Conv2d has it
    P = max- or average-pooling of Y, 2 x 2
    L = sum of P**2 / 2, so that dL/dP = P

Forwards and backwards it is one and the same thing, a stencil that slides over a ground:

    Y        W slides over X
    dL/dW    dL/dY, spread out by the stride, slides over X
    dL/dX    W turned by half a turn slides over dL/dY, spread out by the stride and framed with zeros

Source: Dumoulin & Visin (2016), "A guide to convolution arithmetic for deep learning", sections 2 and 4.
"""

from typing import NamedTuple

import numpy as np

from landscape.networks.cnn import POOLINGS
from landscape.networks.layers import Conv2d
from landscape.networks.layers.pooling import Pool2d

POOL = 2
# Of the central differences: L is a polynomial of degree two between the kinks, so only rounding speaks against it.
STEP = 1e-6
# What is left of terms that cancel is at most such a share of their sizes.
CANCELLED = 64 * float(np.finfo(float).eps)

# Kernels of 3 x 3, by key: a name for people, and the entries row by row.
KERNELS: dict[str, tuple[str, tuple[float, ...]]] = {
    "upright": ("Upright edges", (-1, 0, 1, -2, 0, 2, -1, 0, 1)),
    "level": ("Level edges", (-1, -2, -1, 0, 0, 0, 1, 2, 1)),
    "edges": ("Edges all round", (0, -1, 0, -1, 4, -1, 0, -1, 0)),
    "blur": ("Blur", (0.0625, 0.125, 0.0625, 0.125, 0.25, 0.125, 0.0625, 0.125, 0.0625)),
    "sharpen": ("Sharpen", (0, -1, 0, -1, 5, -1, 0, -1, 0)),
    "same": ("The same again", (0, 0, 0, 0, 1, 0, 0, 0, 0)),
}


class Slide(NamedTuple):
    """out[r, s] = sum over i, j of stencil[i, j] * ground[r * stride + i * gap, s * stride + j * gap].

    ground        (H, W), with all zeros that were put in
    real          (H, W), False at those
    stencil       (a, b)
    stride, gap   how far it moves; how far its entries stand apart
    out           (R, S)
    differences   (R, S) out again, as a derivative by central differences; None where it is no derivative
    """

    ground: np.ndarray
    real: np.ndarray
    stencil: np.ndarray
    stride: int
    gap: int
    out: np.ndarray
    differences: np.ndarray | None = None

    @property
    def frames(self) -> list[tuple[int, int]]:
        """The cells in the order in which they are made, row by row."""
        return list(np.ndindex(self.out.shape))

    def made(self, r: int, s: int) -> tuple[np.ndarray, np.ndarray]:
        """The rows and the columns of the result that are made then."""
        return np.array([r]), np.array([s])

    def reads(self, r: int, s: int) -> tuple[np.ndarray, np.ndarray]:
        """The rows and the columns of the ground that meet the stencil for out[r, s]."""
        rows, columns = (np.arange(size) * self.gap for size in self.stencil.shape)
        return r * self.stride + rows, s * self.stride + columns

    def met(self, r: int, s: int) -> np.ndarray:
        """What the stencil meets there, (a, b)."""
        return self.ground[np.ix_(*self.reads(r, s))]

    def products(self, r: int, s: int) -> np.ndarray:
        """The products whose sum is out[r, s], (a, b)."""
        return self.stencil * self.met(r, s)


class Routed(NamedTuple):
    """A pool gives back what arrives at it: out[window] = share[window] * arriving, one window after the other.

    ground        Y, (H, W)
    share         (R, S, 2, 2): the largest has all of it, or each a quarter
    stencil       dL/dP, (R, S)
    out           dL/dY, (H, W); 0 where no window reaches
    differences   likewise, by central differences
    """

    ground: np.ndarray
    share: np.ndarray
    stencil: np.ndarray
    out: np.ndarray
    differences: np.ndarray

    @property
    def real(self) -> np.ndarray:
        return np.ones(self.ground.shape, dtype=bool)

    @property
    def frames(self) -> list[tuple[int, int]]:
        return list(np.ndindex(self.stencil.shape))

    def made(self, r: int, s: int) -> tuple[np.ndarray, np.ndarray]:
        return self.reads(r, s)

    def reads(self, r: int, s: int) -> tuple[np.ndarray, np.ndarray]:
        """The rows and the columns of a window."""
        return POOL * r + np.arange(POOL), POOL * s + np.arange(POOL)

    def met(self, r: int, s: int) -> np.ndarray:
        """What is in the window, (2, 2)."""
        return self.ground[np.ix_(*self.reads(r, s))]

    def products(self, r: int, s: int) -> np.ndarray:
        """What each of the window gets, (2, 2)."""
        return self.share[r, s] * self.stencil[r, s]


class Convolved(NamedTuple):
    """Everything of one picture, one kernel and one pooling.

    image, kernel     (H, W) and (k, k); stride and padding of the convolution
    pooling           "max" or "average"
    forward           Y
    pooled, loss      P, and L
    to_answers        dL/dY
    to_kernel         dL/dW
    to_image          dL/dX
    """

    image: np.ndarray
    kernel: np.ndarray
    stride: int
    padding: int
    pooling: str
    forward: Slide
    pooled: np.ndarray
    loss: float
    to_answers: Routed
    to_kernel: Slide
    to_image: Slide

    @property
    def windows(self) -> np.ndarray:
        """What each pool looks at, (R, S, 4), row by row."""
        rows, columns = self.pooled.shape
        cut = self.forward.out[: POOL * rows, : POOL * columns]
        return cut.reshape(rows, POOL, columns, POOL).swapaxes(1, 2).reshape(rows, columns, POOL**2)

    @property
    def ties(self) -> np.ndarray:
        """Where two in a pool are largest, and are not 0, (R, S): there max-pooling has a kink that L feels."""
        windows = self.windows
        most = windows.max(axis=-1)
        return ((windows == most[..., None]).sum(axis=-1) > 1) & (most != 0) & (self.pooling == "max")


def convolved(image: np.ndarray, kernel: np.ndarray, stride: int, padding: int, pooling: str) -> Convolved:
    """All of it for a square kernel; ValueError where the kernel, or the pool behind it, finds no room."""
    layer, pool = _layers(image, kernel, stride, padding, pooling)
    p, a = [kernel[None, None, None]], image[None, None, None]
    sizes: tuple[list[np.ndarray], np.ndarray] = [np.abs(p[0])], np.abs(a)
    y = _settled(layer.forward(p, a), layer.forward(*sizes))
    pooled = pool.forward([], y)
    _, arriving = pool.backward([], y, pooled, pooled)
    assert arriving is not None
    (d_kernel,), d_image = layer.backward(p, a, y, arriving)
    (most_kernel,), most_image = layer.backward(*sizes, y, np.abs(arriving))
    assert d_image is not None
    assert most_image is not None
    d_kernel, d_image = _settled(d_kernel, most_kernel), _settled(d_image, most_image)
    ground, real = _framed(image, padding)
    delta = arriving[0, 0, 0]
    by_kernel, by_image = _differences(image, kernel, layer, pool)
    share = pool.chosen(y) * np.ones_like(pool.windows.gather(y))
    return Convolved(
        *(image, kernel, stride, padding, pooling),
        forward=Slide(ground, real, kernel, stride, 1, y[0, 0, 0]),
        pooled=pooled[0, 0, 0],
        loss=float((pooled**2).sum() / 2),
        to_answers=Routed(
            y[0, 0, 0],
            np.moveaxis(share[0, 0, :, 0], 0, -1).reshape(*pooled.shape[-2:], POOL, POOL),
            pooled[0, 0, 0],
            delta,
            _by_answers(y[0, 0, 0], pool),
        ),
        to_kernel=Slide(ground, real, delta, 1, stride, d_kernel[0, 0, 0], by_kernel),
        to_image=Slide(*_spread(delta, image, kernel, stride, padding), d_image[0, 0, 0], by_image),
    )


def _settled(sums: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Sums, 0 where their terms, which together are so large, cancel but for rounding."""
    return np.where(np.abs(sums) <= CANCELLED * sizes, 0.0, sums)


def _layers(image: np.ndarray, kernel: np.ndarray, stride: int, padding: int, pooling: str) -> tuple[Conv2d, Pool2d]:
    made = POOLINGS.get(pooling)
    if made is None:
        raise ValueError(f"pooling is {pooling!r}; allowed are max, average")
    layer, pool = Conv2d(1, 1, len(kernel), stride, padding, bias=False), made(POOL, POOL)
    left = min(layer.shape((1, *image.shape))[1:])
    if left < POOL:
        raise ValueError(f"stride is {stride}; it leaves {left} rows or columns, and the pool needs {POOL}")
    if padding >= len(kernel):
        raise ValueError(f"padding is {padding}; allowed is 0 to {len(kernel) - 1}, less than the kernel")
    return layer, pool


def _framed(image: np.ndarray, padding: int) -> tuple[np.ndarray, np.ndarray]:
    """The picture in a frame of zeros, and where it is real."""
    return np.pad(image, padding), np.pad(np.ones(image.shape, dtype=bool), padding)


def _spread(
    delta: np.ndarray, image: np.ndarray, kernel: np.ndarray, stride: int, padding: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, int, int]:
    """What makes dL/dX: delta with zeros between and around, where it is real, the turned kernel, stride and gap."""
    before = len(kernel) - 1 - padding
    shape = tuple(size + len(kernel) - 1 for size in image.shape)
    ground, real = np.zeros(shape), np.zeros(shape, dtype=bool)
    places = tuple(slice(before, before + stride * (size - 1) + 1, stride) for size in delta.shape)
    ground[places], real[places] = delta, True
    return ground, real, kernel[::-1, ::-1], 1, 1


def _by_answers(y: np.ndarray, pool: Pool2d) -> np.ndarray:
    """dL/dY by central differences."""
    steps = STEP * np.eye(y.size).reshape(-1, *y.shape)

    def loss(answers: np.ndarray) -> np.ndarray:
        return (pool.forward([], answers[None, None]) ** 2).sum(axis=(1, 3, 4))[0] / 2

    return ((loss(y + steps) - loss(y - steps)) / (2 * STEP)).reshape(y.shape)


def _differences(image: np.ndarray, kernel: np.ndarray, layer: Conv2d, pool: Pool2d) -> tuple[np.ndarray, np.ndarray]:
    """dL/dW and dL/dX by central differences."""

    def loss(kernels: np.ndarray, images: np.ndarray) -> np.ndarray:
        # (B, k, k), (N, H, W) -> (B, N)
        pooled = pool.forward([], layer.forward([kernels[:, None, None]], images[None, None]))
        return (pooled**2).sum(axis=(1, 3, 4)) / 2

    steps = STEP * np.eye(kernel.size).reshape(-1, *kernel.shape)
    by_kernel = (loss(kernel + steps, image[None]) - loss(kernel - steps, image[None]))[:, 0] / (2 * STEP)
    steps = STEP * np.eye(image.size).reshape(-1, *image.shape)
    by_image = (loss(kernel[None], image + steps) - loss(kernel[None], image - steps))[0] / (2 * STEP)
    return by_kernel.reshape(kernel.shape), by_image.reshape(image.shape)
