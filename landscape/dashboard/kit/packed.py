"""A component's code as it is sent: compressed, a third to a half as long."""

import base64
import zlib
from pathlib import Path

from landscape.figures.kit.bare import bare

HERE = Path(__file__).parent


def packed(code: str) -> str:
    """A script that unpacks a module, once, and does what its default export does."""
    # A sixteenth shorter than in base 64, and no letter of it needs a backslash.
    text = base64.b85encode(zlib.compress(code.encode(), 9)).decode("ascii")
    return f'const PACKED = "{text}";\n{bare(HERE / "unpack.js")}'
