"""Windows: the square pieces of an image that a kernel meets, one after the other."""

from dataclasses import dataclass

import numpy as np

from landscape.knob import whole

MAX_KERNEL = 64


@dataclass(frozen=True)
class Windows:
    """Where a kernel of kernel x kernel entries stands on an image, as in PyTorch.

    stride    how far it moves from one window to the next, down and across
    padding   rows and columns of zeros put around the image first

    The last rows and columns are left out where no whole window fits there. ValueError for an entry out of range, and
    from `places` where the kernel is larger than the padded image.
    """

    kernel: int
    stride: int = 1
    padding: int = 0

    def __post_init__(self) -> None:
        for name, low in (("kernel", 1), ("stride", 1), ("padding", 0)):
            whole(name, getattr(self, name), low, MAX_KERNEL)

    def places(self, height: int, width: int) -> tuple[int, int]:
        """How many windows there are down and across an image of this size."""
        most = min(height, width) + 2 * self.padding
        if self.kernel > most:
            padded = f" and {self.padding} of padding" if self.padding else ""
            raise ValueError(
                f"kernel is {self.kernel}; allowed is 1 to {most} on an image of {height} by {width}{padded}"
            )
        down, across = ((size + 2 * self.padding - self.kernel) // self.stride + 1 for size in (height, width))
        return down, across

    def gather(self, images: np.ndarray, outside: float = 0.0) -> np.ndarray:
        """The windows of every image: (B, C, ..., H, W) -> (B, C, kernel**2, ..., H', W').

        out[b, c, i * kernel + j, ..., r, s] is the image at (r * stride + i - padding, s * stride + j - padding),
        and `outside` where that is beyond it.
        """
        *leading, height, width = images.shape
        down, across = self.places(height, width)
        padded = self._padded(images, outside)
        # Like its argument, which may be recorded.
        out = np.empty_like(padded, float, "C", shape=(*leading[:2], self.kernel**2, *leading[2:], down, across))
        for k, rows, columns in self._entries(down, across):
            out[:, :, k] = padded[..., rows, columns]
        return out

    def scatter(self, windows: np.ndarray, height: int, width: int) -> np.ndarray:
        """The adjoint of `gather`: every entry of every window is added where it was read."""
        batch, channels, _, *between, down, across = windows.shape
        edge = 2 * self.padding
        padded = np.zeros_like(windows, float, "C", shape=(batch, channels, *between, height + edge, width + edge))
        for k, rows, columns in self._entries(down, across):
            padded[..., rows, columns] += windows[:, :, k]
        inside = slice(self.padding, self.padding + height), slice(self.padding, self.padding + width)
        return padded[..., *inside]

    def _padded(self, images: np.ndarray, outside: float) -> np.ndarray:
        if not self.padding:
            return images
        *leading, height, width = images.shape
        edge = 2 * self.padding
        out = np.full((*leading, height + edge, width + edge), outside)
        out[..., self.padding : self.padding + height, self.padding : self.padding + width] = images
        return out

    def _entries(self, down: int, across: int) -> list[tuple[int, slice, slice]]:
        """For each entry of the kernel the rows and columns of the padded image that it meets."""
        reach = [self.stride * (places - 1) + 1 for places in (down, across)]
        starts = [divmod(k, self.kernel) for k in range(self.kernel**2)]
        return [
            (k, slice(i, i + reach[0], self.stride), slice(j, j + reach[1], self.stride))
            for k, (i, j) in enumerate(starts)
        ]
