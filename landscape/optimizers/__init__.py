"""OPTIMIZERS: every method by key. A module enters its classes by being imported here; order is menu order."""

from landscape.optimizers import first_order, adaptive, adam, adam_variants, second_order  # noqa: I001 (order is menu order)
from landscape.optimizers import trust_region, quasi_newton, line_search, proximal
from landscape.optimizers.base import OPTIMIZERS, Optimizer, register
from landscape.optimizers.clipped import Clipped

__all__ = [
    "OPTIMIZERS",
    "Clipped",
    "Optimizer",
    "adam",
    "adam_variants",
    "adaptive",
    "first_order",
    "line_search",
    "proximal",
    "quasi_newton",
    "register",
    "second_order",
    "trust_region",
]
