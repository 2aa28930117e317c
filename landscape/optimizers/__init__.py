"""OPTIMIZERS: every method by key. A module enters its classes by being imported here; order is menu order."""

from landscape.optimizers import first_order, adaptive, adam_variants, second_order, proximal  # noqa: I001
from landscape.optimizers.base import OPTIMIZERS, Optimizer, register

__all__ = [
    "OPTIMIZERS",
    "Optimizer",
    "adam_variants",
    "adaptive",
    "first_order",
    "proximal",
    "register",
    "second_order",
]
