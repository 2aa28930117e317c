"""Small networks whose loss is an Objective: registries of their parts, and the networks themselves."""

from landscape.networks.cnn import CNN as CNN
from landscape.networks.initialisers import INITIALISERS as INITIALISERS
from landscape.networks.initialisers import Initialiser as Initialiser
from landscape.networks.layers.activations import ACTIVATIONS as ACTIVATIONS
from landscape.networks.layers.activations import Activation as Activation
from landscape.networks.layers.cells import CELLS as CELLS
from landscape.networks.layers.cells import Cell as Cell
from landscape.networks.loss_objective import LossObjective as LossObjective
from landscape.networks.losses import LOSSES as LOSSES
from landscape.networks.losses import Loss as Loss
from landscape.networks.mlp import MLP as MLP
from landscape.networks.network import Network as Network
from landscape.networks.network import Trace as Trace
from landscape.networks.problems import NETWORKS as NETWORKS
from landscape.networks.problems import PlanarProblem as PlanarProblem
from landscape.networks.problems import Problem as Problem
from landscape.networks.rnn import RNN as RNN
