"""Test surfaces, small networks and the optimizers that run on them, with exact gradients and Hessians, in numpy.

`from landscape import SURFACES, OPTIMIZERS, descend`: the public names are listed once, in `__init__.pyi`, which type
checkers read as it is, and this file as a table, so that each name is loaded when it is first asked for.
"""

import ast
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

_STUB = ast.parse(Path(__file__).with_suffix(".pyi").read_text(encoding="utf-8"))
_HOME = {alias.name: node.module for node in _STUB.body if isinstance(node, ast.ImportFrom) for alias in node.names}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value = getattr(import_module(_HOME[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


# The module of the same name would stand here as soon as anything imports it, were the function not put here after it.
knob = __getattr__("knob")

# The C library on Linux returns freed memory to the system and fetches it back page by page, which costs more than the
# arithmetic on arrays of a few thousand points (eight times, for a gradient), until it has seen an array this large
# freed. This one is never written to, so it takes no memory.
np.empty(1_000_000)
