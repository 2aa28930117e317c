"""OPTIMIZERS: every method by key. A module enters its classes by being imported here; order is menu order."""

from landscape.optimizers import first_order
from landscape.optimizers.base import OPTIMIZERS, Optimizer, register

__all__ = ["OPTIMIZERS", "Optimizer", "first_order", "register"]
