"""A picture of few colours as a PNG, small enough to travel with a chart."""

import base64
import struct
import zlib

import numpy as np

MAX_COLORS = 256


def png(index: np.ndarray, palette: np.ndarray) -> bytes:
    """A PNG file of `index`, (rows, columns) into `palette`, (colours, 3) of 0 ... 255; the first row is the top.

    ValueError for more than MAX_COLORS colours.
    Source: W3C (2003), "Portable Network Graphics specification", second edition: colour type 3, no filter.
    """
    if len(palette) > MAX_COLORS:
        raise ValueError(f"palette has {len(palette)} colours; at most {MAX_COLORS} are allowed")
    rows, columns = index.shape
    # Every row begins with the number of its filter, 0 for none.
    lines = np.zeros((rows, columns + 1), dtype=np.uint8)
    lines[:, 1:] = index
    header = struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"PLTE", np.asarray(palette, dtype=np.uint8).tobytes())
        + _chunk(b"IDAT", zlib.compress(lines.tobytes(), 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def data_uri(image: bytes) -> str:
    """A PNG as text that a chart can carry."""
    return "data:image/png;base64," + base64.b64encode(image).decode("ascii")
