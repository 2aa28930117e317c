"""Layers: one step of a network, its derivatives, and the tangents of those; `base` says what they answer."""

from landscape.networks.layers.affine import Affine as Affine
from landscape.networks.layers.base import Arrays as Arrays
from landscape.networks.layers.base import Layer as Layer
from landscape.networks.layers.convolution import Conv2d as Conv2d
from landscape.networks.layers.elementwise import Elementwise as Elementwise
from landscape.networks.layers.pooling import AvgPool2d as AvgPool2d
from landscape.networks.layers.pooling import Flatten as Flatten
from landscape.networks.layers.pooling import MaxPool2d as MaxPool2d
from landscape.networks.layers.recurrence import LastStep as LastStep
from landscape.networks.layers.recurrence import Recurrence as Recurrence
