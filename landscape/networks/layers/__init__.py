"""Layers: one step of a network, its derivatives, and the tangents of those; `base` says what they answer."""

from landscape.networks.layers.affine import Affine as Affine
from landscape.networks.layers.base import Arrays as Arrays
from landscape.networks.layers.base import Layer as Layer
from landscape.networks.layers.elementwise import Elementwise as Elementwise
