"""Differential and integral calculus in one variable, and the noise of mini-batches, each with what theory says."""

from landscape.calculus.curves import CURVES as CURVES
from landscape.calculus.curves import Curve as Curve
from landscape.calculus.densities import SHAPES as SHAPES
from landscape.calculus.densities import cross_entropy as cross_entropy
from landscape.calculus.densities import density as density
from landscape.calculus.densities import divergence as divergence
from landscape.calculus.differences import DIFFERENCES as DIFFERENCES
from landscape.calculus.differences import difference as difference
from landscape.calculus.expansions import taylor as taylor
from landscape.calculus.gradient_noise import averaged_covariance as averaged_covariance
from landscape.calculus.gradient_noise import batch_covariance as batch_covariance
from landscape.calculus.gradient_noise import stationary_covariance as stationary_covariance
from landscape.calculus.quadratures import QUADRATURES as QUADRATURES
from landscape.calculus.quadratures import quadrature as quadrature
from landscape.calculus.quadratures import sampled as sampled
from landscape.calculus.radius import radius as radius
