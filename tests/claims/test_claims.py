"""What every view says is true, every kind of finding has its check, and no check is blind."""

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landscape.calculus.area_guesses import pieces_guess
from landscape.calculus.curves import CURVES, curve_from_formula
from landscape.calculus.expansion_run import expansion
from landscape.calculus.guesses import slope_guess, step_guess
from landscape.calculus.report import Judged, taylor_findings
from landscape.calculus.secants import secants
from landscape.calculus.step_errors import step_errors
from landscape.calculus.sums import sums
from landscape.dashboard.kit.view import RefusalError, Seen
from landscape.descent.race import hold
from landscape.descent.report import findings
from landscape.figures.kit.style import THEMES
from landscape.finding import Finding
from landscape.numbers import RAISED
from landscape.optimizers import OPTIMIZERS
from landscape.optimizers.second_order import Newton
from landscape.surfaces import surface_from_formula
from landscape.theory.report import model_findings
from landscape.theory.study import study
from tests.claims.checks import CHECKS, numbers_in
from tests.claims.hunt import unfit
from tests.claims.states import ROOT, VIEWS, Query, pages, terms, told

for file in sorted(Path(__file__).parent.glob("check_*.py")):
    importlib.import_module(f"tests.claims.{file.stem}")

# A fate map of 64 x 64 starts says what one of 256 x 256 does, a short training what a long one does.
QUICK = {
    ("basins", "fates"): {"size": "64"},
    ("convolution", "train"): {"epochs": "4", "channels": "3"},
    ("recurrence", "series"): {"steps": "6", "hidden": "2"},
}

# A training that blows up.
WILD = {"method.gradient_descent.lr": "10", "tune": "0", "activation": "relu", "init": "normal", "hidden": "8,8"}

# Entries of a kernel that cancel, but for rounding.
CANCELS = {"kernel": "own", "w1": "0.1", "w2": "0.2", "w3": "-0.3", **{f"w{k}": "0" for k in range(4, 10)}}

# Links under which views say, between them, every kind of thing.
TELLING: list[tuple[str, str, dict[str, str]]] = [
    ("descent", "race", {"surface": "himmelblau", "steps": "40"}),
    ("descent", "race", {"surface": "saddle", "steps": "400"}),
    ("descent", "race", {"surface": "ackley", "methods": "adam,momentum,bfgs", "tune": "0", "noise": "1"}),
    (
        "descent",
        "race",
        {"tune": "0", "methods": "gradient_descent,newton,adam,bfgs", "method.gradient_descent.lr": "0.1"},
    ),
    ("descent", "race", {"methods": "newton", "surface": "ackley", "x": "0", "y": "0"}),
    ("descent", "race", {"methods": "gradient_descent", "surface": "plateau", "x": "3", "y": "3", "tune": "0"}),
    ("backpropagation", "training", {"data": "xor", "hidden": "4", "steps": "60", "second": "adam", "method": "bfgs"}),
    ("backpropagation", "training", {**WILD, "steps": "30", "data": "curve"}),
    ("backpropagation", "training", {"init": "zeros", "steps": "3", "activation": "sigmoid"}),
    # On a crease there is no Hessian to have negative eigenvalues; beside one it depends on how near is near.
    ("curvature", "model", {"surface": "bukin_n6", "method": "bfgs", "steps": "155", "x": "-14.603", "y": "2.173"}),
    ("curvature", "model", {"surface": "bukin_n6", "steps": "36", "x": "-8.116", "y": "0.343"}),
    # Single samples have heavy tails.
    ("area", "batch", {"data": "breast_cancer", "taken": "3", "replacement": "0", "seed": "24"}),
    # A wall so thin that only the finest steps see how it bends.
    (
        "curvature",
        "model",
        {"surface": "cliff", "method": "lbfgs", "steps": "9", "x": "5.665", "y": "-2.9"}
        | {"method.lbfgs.c2": "0.0512124411742", "method.lbfgs.history": "1"},
    ),
    # Two equal columns, and weights that are equal but for what a minimum is known to.
    (
        "regularization",
        "methods",
        {"loss.correlated.correlation": "1", "loss.correlated.w1": "-2.67", "loss.correlated.w2": "2.8"}
        | {"loss.correlated.noise": "2.279", "loss.correlated.seed": "999", "strength": "0.00493265384895"},
    ),
    # Names of two words each.
    ("regularization", "table", {"show": "2", "extra": "noise", "rows": "19"}),
    # Flat ground without a sign.
    ("curvature", "model", {"surface": "monkey_saddle", "steps": "3", "x": "0", "y": "0"}),
    ("backpropagation", "training", {"data": "moons", "data.moons.noise": "0.5", "hidden": "12", "method": "bfgs"}),
    ("backpropagation", "spectrum", {"schedule": "cosine", "steps": "30", "tune": "0"}),
    ("backpropagation", "training", {"init": "zeros", "hidden": "2,2,2,2,2,2", "steps": "2", "tune": "0"}),
    ("backpropagation", "spectrum", {"method": "adam", "steps": "5"}),
    # The edge of a damped Newton's method is not in proportion to its rate.
    (
        "backpropagation",
        "spectrum",
        {"method": "newton", "method.newton.lr": "10", "method.newton.damping": "40.8835"}
        | {"schedule": "cosine", "schedule.cosine.end": "0.7", "hidden": "3", "steps": "6", "tune": "0"},
    ),
    ("backpropagation", "spectrum", {"method": "adabelief", "steps": "2", "tune": "0", "method.adabelief.beta1": "0"}),
    ("backpropagation", "spectrum", {**WILD, "steps": "30", "data": "curve"}),
    ("backpropagation", "spectrum", {"batch": "8", "steps": "20", "method": "momentum"}),
    ("backpropagation", "spectrum", {"data": "xor", "steps": "7", "tune": "0", "init": "zeros", "batch": "2"}),
    ("regularization", "weights", {"penalty": "l2"}),
    ("regularization", "weights", {"loss.correlated.correlation": "1"}),
    ("regularization", "weights", {"loss.correlated.correlation": "-1", "penalty": "huber"}),
    ("regularization", "weights", {"loss.correlated.noise": "2.0043", "loss.correlated.seed": "54"}),
    ("regularization", "fit", {"degree": "11", "points": "2", "noise": "0.3", "seed": "5"}),
    ("regularization", "fit", {"points": "5"}),
    (
        "regularization",
        "methods",
        {"loss.correlated.correlation": "1", "own": "1", "methods": "adamw", "strength": "0.6"},
    ),
    ("regularization", "weights", {"loss": "cholesterol", "penalty": "huber"}),
    ("regularization", "table", {"extra": "copy", "rows": "60"}),
    (
        "regularization",
        "stopping",
        {"loss.correlated.noise": "0", "loss.correlated.w1": "0", "loss.correlated.w2": "0"},
    ),
    # Two weights that are equal, one that only rounding keeps from 0, and a minimum that is one of many.
    ("regularization", "methods", {"penalty": "l2", "loss.correlated.noise": "0", "loss.correlated.w2": "2"}),
    (
        "regularization",
        "methods",
        {"penalty": "l2", "loss.correlated.noise": "0", "loss.correlated.w2": "0", "loss.correlated.correlation": "0"},
    ),
    ("regularization", "methods", {"penalty": "l2", "loss.correlated.correlation": "-1", "strength": "0"}),
    ("regularization", "methods", {"own": "1", "methods": "adamw,proximal_gradient", "strength": "0.6"}),
    ("regularization", "methods", {"steps": "1"}),
    ("regularization", "methods", {"rate": "2.4", "steps": "1500", "methods": "gradient_descent,heavy_ball"}),
    ("basins", "fates", {"surface": "own", "formula": "ln x + y^2", "size": "32", "steps": "20"}),
    ("curvature", "stability", {"method.momentum.lr": "0.1", "method.momentum.momentum": "0.6", "steps": "300"}),
    ("curvature", "stability", {"method.momentum.lr": "0.9"}),
    ("curvature", "stability", {"method.momentum.lr": "0.09", "method.momentum.momentum": "0", "steps": "300"}),
    ("curvature", "stability", {"steps": "8"}),
    ("curvature", "stability", {"surface": "rastrigin", "x": "1.763", "y": "1.282", "steps": "135"}),
    (
        "curvature",
        "stability",
        {"surface": "rosenbrock", "method.momentum.lr": "0.0038", "method.momentum.momentum": "0.92"},
    ),
    ("curvature", "order", {"surface": "himmelblau"}),
    ("curvature", "order", {"surface": "himmelblau", "tune": "0", "x": "-0.3", "y": "-1"}),
    ("curvature", "order", {"surface": "rastrigin", "tune": "0", "x": "5", "y": "5", "steps": "4"}),
    ("curvature", "model", {"surface": "himmelblau", "x": "0", "y": "0"}),
    ("curvature", "model", {"surface": "himmelblau", "x": "3", "y": "2"}),
    ("curvature", "model", {"surface": "himmelblau", "method": "trust_region", "x": "0", "y": "-1"}),
    ("curvature", "model", {"surface": "himmelblau", "method": "levenberg_marquardt", "x": "0", "y": "-1"}),
    ("curvature", "model", {"surface": "saddle", "method": "trust_region", "steps": "60"}),
    ("curvature", "model", {"surface": "saddle", "method": "gradient_descent", "method.gradient_descent.lr": "1"}),
    ("curvature", "model", {"surface": "ackley", "method": "gradient_descent"}),
    ("curvature", "model", {"surface": "monkey_saddle"}),
    # A model that bends down one way alone has no stationary point.
    ("curvature", "model", {"surface": "own", "formula": "y - x^2", "x": "1", "y": "1"}),
    # A model that is right at every step.
    ("curvature", "model", {"surface": "sphere"}),
    # A matrix that is singular where the Hessian is not.
    ("curvature", "model", {"surface": "himmelblau", "method": "gauss_newton", "x": "0.5", "y": "0.5"}),
    ("curvature", "model", {"surface": "abs_valley", "x": "1", "y": "1"}),
    ("curvature", "model", {"surface": "branin", "steps": "17", "x": "-2155.79463735", "y": "-1267.32826845"}),
    ("curvature", "model", {"surface": "abs_valley", "method": "levenberg_marquardt", "x": "-3.499", "y": "1.833"}),
    ("curvature", "order", {"surface": "ackley", "x": "-1", "y": "1", "steps": "50"}),
    ("descent", "race", {"surface": "sphere", "x": "0", "y": "0", "methods": "adam,newton,lion"}),
    # On a crease a method is given one of many slopes.
    ("descent", "race", {"surface": "abs_valley", "methods": "newton,bfgs", "x": "1", "y": "1", "steps": "9"}),
    # A minimum beside the map, as low as that on it.
    (
        "descent",
        "race",
        {"surface": "own", "formula": "sin x + sin y", "methods": "gradient_descent", "x": "2.9", "y": "-1.6"},
    ),
    # A minimum without curvature.
    ("descent", "race", {"surface": "own", "formula": "x^4 + y^4", "methods": "newton,lion", "steps": "60"}),
    # Momentum that flies through the minimum with its only step.
    (
        "descent",
        "race",
        {"surface": "sphere", "methods": "momentum", "tune": "0", "method.momentum.lr": "0.5", "steps": "1"},
    ),
    ("curvature", "order", {"surface": "drop_wave", "x": "0.29", "y": "-0.03", "methods": "newton,bfgs"}),
    ("curvature", "order", {"surface": "two_gaussians", "tune": "0", "x": "0.31", "y": "4.34", "steps": "4"}),
    ("curvature", "order", {"surface": "himmelblau", "x": "3", "y": "2"}),
    ("curvature", "order", {"surface": "rosenbrock", "methods": "gauss_newton"}),
    # A minimum of which the Hessian does not tell.
    ("curvature", "order", {"surface": "own", "formula": "x^4 + y^2", "methods": "newton", "steps": "40"}),
    ("basins", "fates", {"surface": "own", "formula": "x^4 + y^2", "methods": "newton", "size": "32", "steps": "60"}),
    ("curvature", "order", {"surface": "relu_neuron", "tune": "0", "x": "1", "y": "-3", "steps": "5"}),
    ("curvature", "order", {"surface": "cliff", "tune": "0", "x": "5.818", "y": "-1.535", "steps": "11"}),
    (
        "curvature",
        "order",
        {"surface": "own", "formula": "x^4 + y^4", "methods": "momentum", "steps": "9", "tune": "0"},
    ),
    ("curvature", "model", {"surface": "own", "formula": "sqrt(x) + y^2", "x": "0", "y": "1"}),
    ("curvature", "model", {"surface": "own", "formula": "e^x + e^-x + y^2", "x": "400", "y": "1"}),
    ("curvature", "stability", {"method.momentum.lr": "0.2", "method.momentum.momentum": "0", "steps": "50"}),
    ("descent", "race", {"surface": "own", "formula": "sqrt(x) + y^2", "x": "0", "y": "1", "steps": "5"}),
    ("descent", "race", {"surface": "own", "formula": "e^x + e^-x + y^2", "x": "400", "y": "1", "steps": "5"}),
    ("curvature", "model", {"surface": "relu_neuron", "x": "1", "y": "-3"}),
    ("slope", "secant", {"curve": "own", "formula": "x|x|", "x": "0"}),
    ("slope", "secant", {"curve": "own", "formula": "x^3 + |x|^3", "x": "0"}),
    ("slope", "secant", {"curve": "own", "formula": "max(x, 0)^2", "x": "0"}),
    ("slope", "secant", {"curve": "own", "formula": "|x|^1.5", "x": "0"}),
    ("slope", "secant", {"curve": "own", "formula": "(x^2)^(1/3)", "x": "0"}),
    ("slope", "secant", {"curve": "own", "formula": "sign(x) + x", "x": "0"}),
    ("slope", "secant", {"curve": "own", "formula": "x^3 - x^2/30", "x": "0", "h": "2", "scheme": "forward"}),
    ("slope", "error", {"curve": "own", "formula": "x|x|", "x": "0"}),
    ("slope", "error", {"curve": "own", "formula": "sin(1000x)", "x": "1"}),
    ("slope", "taylor", {"curve": "own", "formula": "e^(-1/x^2)", "about": "1"}),
    ("slope", "secant", {"curve": "own", "formula": "abs(x)", "x": "-0.000001"}),
    ("slope", "secant", {"curve": "own", "formula": "1000000 + x^2", "x": "0", "h": "0.01"}),
    ("slope", "secant", {"curve": "own", "formula": "10^9 + 2x + x^2/10^6", "x": "1", "h": "0.01"}),
    ("slope", "secant", {"curve": "own", "formula": "sin(50x)", "x": "1"}),
    ("slope", "secant", {"curve": "own", "formula": "sin(1/x)", "x": "0.5"}),
    ("slope", "secant", {"curve": "own", "formula": "x^40", "x": "0.1"}),
    ("slope", "secant", {"curve": "own", "formula": "max(|x| - 1, 0)", "x": "0"}),
    ("slope", "secant", {"curve": "own", "formula": "exp(-1/x^2)", "x": "1"}),
    ("slope", "error", {"curve": "own", "formula": "x^3/3 - a x", "x": "1", "precision": "single"}),
    ("slope", "error", {"curve": "own", "formula": "1000000 + x^2/1000", "x": "1", "precision": "single"}),
    ("slope", "taylor", {"curve": "own", "formula": "exp(1000x)", "about": "0.7", "xlow": "0", "xhigh": "1"}),
    ("slope", "taylor", {"curve": "own", "formula": "1/x", "about": "1", "probe": "0"}),
    ("slope", "step", {"curve": "own", "formula": "sign(x)*sqrt(abs(x))", "start": "0"}),
    ("slope", "step", {"curve": "own", "formula": "x*abs(x)", "start": "0"}),
    ("slope", "step", {"curve": "own", "formula": "10^12 x^2", "start": "1", "rate": "10", "steps": "40"}),
    ("slope", "error", {"curve": "own", "formula": "sign(x)", "x": "0"}),
    ("slope", "taylor", {"curve": "own", "formula": "exp(-1/x^2)", "about": "0"}),
    ("slope", "step", {"curve": "own", "formula": "abs(x)", "start": "1", "rate": "0.1"}),
    ("slope", "step", {"curve": "own", "formula": "x^2", "start": "0.01", "rate": "1.5", "steps": "2"}),
    ("slope", "plane", {"plane": "saddle", "px": "1", "py": "0", "angle": "90"}),
    ("slope", "secant", {"curve": "kink", "x": "0"}),
    ("slope", "secant", {"curve": "root", "x": "0"}),
    ("slope", "secant", {"curve": "kink", "x": "1", "scheme": "central"}),
    ("slope", "secant", {"curve": "square", "scheme": "central"}),
    ("slope", "secant", {"curve": "sine", "x": "0.3", "scheme": "central"}),
    ("slope", "secant", {"curve": "logarithm", "h": "2", "scheme": "backward"}),
    ("slope", "error", {"curve": "kink", "x": "0"}),
    ("slope", "taylor", {"curve": "exponential"}),
    ("slope", "taylor", {"curve": "kink", "about": "0"}),
    ("slope", "taylor", {"curve": "logarithm", "about": "0.5"}),
    ("slope", "taylor", {"curve": "own", "formula": "|x|^3", "about": "0"}),
    ("slope", "taylor", {"curve": "own", "formula": "|x - 2|/(x + 1)", "about": "0"}),
    ("slope", "taylor", {"curve": "own", "formula": "max(x, 1) + x^2", "about": "0.5"}),
    ("slope", "step", {"curve": "square"}),
    ("slope", "step", {"curve": "square", "rate": "1.1"}),
    ("slope", "step", {"curve": "quartic"}),
    ("slope", "step", {"curve": "sine", "steps": "40"}),
    ("slope", "step", {"curve": "kink"}),
    ("slope", "step", {"curve": "kink", "steps": "4"}),
    ("slope", "step", {"curve": "root", "start": "0"}),
    ("slope", "step", {"curve": "root", "start": "2.1", "rate": "10"}),
    ("slope", "plane", {"plane": "saddle", "px": "0", "py": "0"}),
    ("slope", "plane", {"plane": "quadratic", "angle": "200", "bend": "-0.7"}),
    ("slope", "plane", {"plane": "himmelblau", "bend": "1"}),
    ("area", "sum", {"curve": "own", "formula": "1/x", "a": "0", "b": "1"}),
    ("area", "sum", {"curve": "own", "formula": "1/sqrt(x)", "a": "0", "b": "1"}),
    ("slope", "plane", {"byhand": "1", "way": "hz" * 24}),
    ("slope", "plane", {"byhand": "1", "way": "0ahb" + "9k2p" * 5 + "hzq3" * 5 + "zz00"}),
    ("slope", "error", {"curve": "exponential", "precision": "single"}),
    ("slope", "secant", {"curve": "own", "formula": "1/x^2 + a x", "x": "1.5"}),
    ("slope", "secant", {"curve": "own", "formula": "tan x"}),
    ("slope", "error", {"curve": "own", "formula": "x^3 - 2x", "x": "0.5"}),
    ("slope", "taylor", {"curve": "own", "formula": "cos(2x) + x", "about": "0.5"}),
    ("slope", "step", {"curve": "own", "formula": "ln cosh x", "start": "0.8"}),
    ("area", "sum", {"curve": "root", "rule": "simpson"}),
    ("area", "sum", {"curve": "kink"}),
    ("area", "sum", {"curve": "kink", "b": "2", "times": "3.46791518974"}),
    ("area", "sum", {"curve": "own", "formula": "sign(x)", "a": "-1", "b": "2"}),
    ("area", "sum", {"curve": "own", "formula": "5", "a": "0", "b": "1"}),
    ("area", "sum", {"curve": "own", "formula": "x", "a": "-1", "b": "1"}),
    ("area", "sum", {"curve": "own", "formula": "|x|^0.5", "a": "-1", "b": "1"}),
    ("area", "sum", {"curve": "own", "formula": "sin(x)/x + sign(x - 0.3)", "a": "0", "b": "1"}),
    ("area", "sum", {"curve": "own", "formula": "cos(2pi*x)", "a": "0", "b": "1"}),
    ("slope", "step", {"curve": "quartic", "start": "0.001"}),
    ("area", "points", {"curve": "kink", "seed": "3"}),
    ("area", "expectation", {"of": "x", "p": "leaning", "qmean": "-2"}),
    ("area", "expectation", {"of": "spread", "qmean": "-0.5", "qwidth": "1.2"}),
    ("area", "expectation", {"of": "surprise", "p": "humps", "pmean": "3", "pwidth": "2.5"}),
    ("area", "expectation", {"of": "cross", "p": "humps", "pwidth": "0.3", "qwidth": "2.5"}),
    ("area", "dimensions", {"d": "2", "seed": "3"}),
    ("area", "batch", {"replacement": "1", "taken": "0"}),
    ("area", "batch", {"data": "breast_cancer", "taken": "4", "seed": "2"}),
    ("area", "batch", {"data": "irises", "taken": "12"}),
    ("area", "ball", {"rate": "0.02"}),
    ("area", "ball", {"rate": "0.4", "batch": "8"}),
    ("area", "ball", {"rate": "0.8"}),
    ("convolution", "forward", {"drawing": "0" * 64}),
    ("recurrence", "unrolled", {"cell": "lstm", "length": "12", "hidden": "3"}),
    ("recurrence", "unrolled", {"cell": "relu", "length": "9", "hidden": "2", "scale": "4"}),
    ("recurrence", "unrolled", {"cell": "relu", "length": "40", "hidden": "1", "seed": "1"}),
    ("recurrence", "unrolled", {"cell": "relu", "length": "100", "hidden": "1", "scale": "10", "seed": "1"}),
    ("recurrence", "unrolled", {"cell": "gru", "length": "100", "hidden": "1", "scale": "10", "gate": "6"}),
    ("recurrence", "cliff", {"times": "25", "x": "4", "y": "-1.5", "rate": "1"}),
    ("recurrence", "series", {"cell": "lstm", "window": "220", "steps": "3", "hidden": "1"}),
    ("recurrence", "series", {"cell": "relu", "window": "1", "rate": "10", "steps": "9", "hidden": "1"}),
    (
        "recurrence",
        "series",
        {"cell": "relu", "window": "132", "rate": "10", "steps": "1", "hidden": "2", "seed": "77"},
    ),
    ("recurrence", "series", {"cell": "relu", "window": "5", "rate": "3", "steps": "4", "hidden": "3"}),
    ("convolution", "forward", {"kernel": "learnt2", "stride": "2", "padding": "1", "digit": "8"}),
    ("convolution", "forward", {**CANCELS, "drawing": "g" * 64}),
    ("convolution", "backward", {**CANCELS, "drawing": "g" * 64}),
    ("convolution", "backward", {"kernel": "same", "drawing": "g" + "0" * 63, "padding": "1"}),
    ("convolution", "backward", {"kernel": "blur", "drawing": "g" * 64}),
    ("convolution", "forward", {"kernel": "blur", "drawing": "g" * 64}),
    ("convolution", "backward", {"drawing": "0" * 64}),
    # So far out that the gradient is lost in the weights' own rounding.
    ("recurrence", "cliff", {"x": "1000000", "y": "1000000", "steps": "10"}),
    ("convolution", "train", {"epochs": "2", "channels": "1", "drawing": "0" * 64}),
    ("convolution", "train", {"epochs": "2", "channels": "3", "drawing": "02cgg6000188ag40" + "00003ef20000cg70" * 3}),
    ("convolution", "backward", {"pooling": "average", "stride": "3", "padding": "2", "of": "image"}),
    ("basins", "fates", {"size": "64", "surface": "six_hump_camel", "methods": "newton,adam"}),
    ("basins", "fates", {"size": "64", "surface": "rastrigin", "methods": "adam"}),
    ("basins", "fates", {"size": "64", "tune": "0", "steps": "20", "methods": "adam,momentum"}),
    ("basins", "sweep", {"surface": "quadratic"}),
    ("basins", "sweep", {"surface": "rosenbrock", "steps": "20"}),
    ("basins", "sweep", {"method": "adam", "steps": "40"}),
    ("basins", "sweep", {"method": "nesterov", "across": "momentum", "up": "lr", "surface": "booth"}),
    ("descent", "race", {"surface": "own", "formula": "|x| + 2|y - a|", "steps": "40"}),
    ("descent", "race", {"surface": "own", "formula": "x + √y", "steps": "40", "y": "-1"}),
    ("descent", "race", {"surface": "own", "formula": "sin(3x) y", "steps": "40", "xlow": "-2", "xhigh": "2"}),
    ("curvature", "model", {"surface": "own", "formula": "x^y", "x": "-2.5", "y": "-2.6"}),
    ("curvature", "model", {"surface": "own", "formula": "x + √y", "method": "lbfgs", "x": "-2", "y": "1"}),
    ("curvature", "model", {"surface": "relu_neuron", "surface.relu_neuron.batch_size": "30", "x": "-0.8", "y": "-2"}),
    ("curvature", "order", {"surface": "own", "formula": "x^4/4 - x^2/2 + y^2", "xlow": "-2", "xhigh": "2"}),
    ("basins", "sweep", {"surface": "own", "formula": "ln(x) + sin(3y)", "x": "-3.2", "y": "1.9", "steps": "20"}),
    ("basins", "fates", {"surface": "own", "formula": "√x + y^2", "size": "64", "steps": "10", "methods": "adam"}),
    ("basins", "sweep", {"surface": "own", "formula": "cosh x + cosh y", "x": "-2.6", "y": "-1.4", "steps": "20"}),
]
# What no link leads to.
SHEER = hold(surface_from_formula("sqrt(x) + y"), {"adam": OPTIMIZERS["adam"]()}, np.array([-1.0, 0.0]), 5)
SINGULAR = study(surface_from_formula("x**2 + y"), Newton(), np.array([1.0, 1.0]), 30, 1e-10)
VAGUE = expansion(curve_from_formula("1/(1 + exp(-x))"), 1.0, 2.0)
# What is said of guesses, which only those hear who make one.
WAVE, CORNER = secants(CURVES["wave"], 6.0, 4.0, "forward"), secants(CURVES["kink"], 0.0, 1.0, "forward")
SUMMED = sums(CURVES["exponential"], 0.0, 2.0)
STEPS = Judged(step_errors(CURVES["sine"], 1.0), "double")
NO_STEP = Judged(step_errors(CURVES["kink"], 0.0), "single")
BY_HAND = [
    (WAVE, [slope_guess(WAVE, -2.0)]),
    (CORNER, [slope_guess(CORNER, 0.5)]),
    (SUMMED, [pieces_guess(SUMMED, "midpoint", 5.0), pieces_guess(SUMMED, "left", 5.0)]),
    (STEPS, [step_guess(STEPS, 1e-4)]),
    (NO_STEP, [step_guess(NO_STEP, 1e-3)]),
    (SHEER, findings(SHEER)),
    (SINGULAR, model_findings(SINGULAR)),
    (VAGUE, taylor_findings(VAGUE)),
]

# A view that asks, a link, and a guess.
GUESSES: list[tuple[str, str, dict[str, str], float]] = [
    ("slope", "secant", {"asked": "drawn", "drawn": "00zz" * 12 + "hi"}, 0.0),
    ("slope", "secant", {"asked": "drawn", "curve": "kink"}, 0.0),
    ("slope", "taylor", {}, 1.4),
    ("slope", "secant", {"curve": "kink"}, 1.0),
    ("slope", "error", {"curve": "kink", "x": "-1.6628", "precision": "double"}, 1.35978583428e-16),
    ("slope", "secant", {"curve": "own", "formula": "log(x - 2.95)", "asked": "drawn"}, 0.0),
    ("slope", "secant", {"curve": "own", "formula": "cbrt(x)", "x": "0"}, 1.0),
    ("slope", "error", {"curve": "own", "formula": "sqrt(1 - x)", "x": "0.5"}, 1.0),
    ("slope", "error", {"curve": "own", "formula": "5", "x": "1"}, 1e-3),
    ("slope", "error", {"curve": "own", "formula": "exp(x + 90)", "x": "1", "precision": "single"}, 1e-3),
    ("area", "sum", {"curve": "sine"}, 200.0),
    ("area", "sum", {"curve": "sine"}, 1.0),
    ("area", "expectation", {"pmean": "0", "pwidth": "1", "qmean": "0", "qwidth": "1"}, 0.0),
    ("slope", "taylor", {"curve": "sine"}, 3.0),
    ("slope", "taylor", {"curve": "kink"}, 0.5),
    ("slope", "step", {}, 4.0),
    ("slope", "step", {"curve": "quartic"}, 7.0),
    ("slope", "step", {"curve": "step", "start": "2"}, 2.0),
    ("slope", "plane", {}, 200.0),
    ("area", "points", {}, 10.0),
    ("area", "dimensions", {}, 4.0),
    ("area", "expectation", {}, 0.4),
    ("area", "expectation", {"p": "humps"}, 2.0),
    ("area", "batch", {}, 10.0),
    ("area", "batch", {"replacement": "1"}, 3.0),
    ("area", "ball", {}, 2.0),
    ("area", "ball", {"rate": "0.5"}, 2.0),
]

# Where a stage's own words were once no numbers, no English, or too many for one breath.
WORDED: list[tuple[str, str, dict[str, str]]] = [
    ("slope", "taylor", {"curve": "own", "formula": "1/x", "about": "1", "probe": "0"}),
    ("slope", "secant", {"curve": "own", "formula": "1000000 + x^2", "x": "0", "h": "0.01"}),
    ("area", "sum", {"curve": "own", "formula": "cos(2pi*x)", "a": "0", "b": "1"}),
    ("area", "sum", {"curve": "sine", "a": "1", "b": "1.0001"}),
    ("area", "expectation", {"pmean": "0", "of": "x"}),
    ("backpropagation", "training", {"hidden": "2", "steps": "1", "tune": "0", "second": "adam"}),
    ("backpropagation", "step", {"data": "xor", "hidden": "2", "steps": "5", "tune": "0", "init": "zeros"}),
    ("convolution", "backward", {"kernel": "blur", "drawing": "g" * 64, "of": "pool"}),
    ("convolution", "train", {"epochs": "2", "channels": "2", "example": "8"}),
    ("recurrence", "unrolled", {"cell": "relu", "length": "100", "hidden": "1", "scale": "10", "seed": "1"}),
    ("recurrence", "unrolled", {"cell": "lstm", "length": "12", "hidden": "3"}),
    ("recurrence", "series", {"cell": "lstm", "window": "220", "steps": "3", "hidden": "1"}),
]

DEFAULTS = [(*view, QUICK.get(view, {})) for view in VIEWS]
STATES: list[tuple[str, str, Query]] = [(page, view, tuple(link.items())) for page, view, link in DEFAULTS + TELLING]


def name(value: Any) -> str:
    return "&".join("=".join(each) for each in value) if isinstance(value, tuple) else str(value)


def said() -> set[str]:
    """Every kind that the code can say, read from the code."""
    kinds = set()
    texts = {path: path.read_text(encoding="utf-8") for path in (ROOT / "landscape").rglob("*.py")}
    for path, text in texts.items():
        for node in ast.walk(ast.parse(text if "Finding(" in text else "")):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding":
                assert isinstance(node.args[0], ast.Constant), f"{path}, line {node.lineno}: kind is no literal"
                kinds.add(node.args[0].value)
    return kinds


def test_every_kind_of_finding_has_a_check() -> None:
    assert said() == set(CHECKS)


@pytest.mark.parametrize(("page", "view", "link"), STATES, ids=name)
def test_what_a_view_says_is_true(page: str, view: str, link: Query) -> None:
    _, record, telling = told(page, view, link)
    for finding in telling:
        assert finding.text.strip() == finding.text
        CHECKS[finding.kind](record, finding)


@pytest.mark.parametrize(("page", "view", "link"), STATES, ids=name)
def test_the_numbers_in_a_text_are_those_it_rests_on(page: str, view: str, link: Query) -> None:
    for finding in told(page, view, link).findings:
        if finding.kind in CHECKS:
            known = [n for number in numbers_in(finding.numbers) for n in (number, -number, 100 * number)]
            for written in re.findall(
                r"(?<![\w.])-?\d[\d.,]*\d(?:e[-+]?\d+)?|(?<![\w.])\d(?:e[-+]?\d+)?(?![\w.])", unraised(finding.text)
            ):
                # Small ones are in the sentences themselves: "2/10", "a line of slope 1", "exactly 0".
                assert written in ("0", "1", "2") or any(rounded_to(written, n) for n in known), f"{written}: {finding}"


def unraised(text: str) -> str:
    """The text with powers of ten, and thousands, as Python writes them."""
    back = {chr(value): chr(key) for key, value in RAISED.items()}
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    text = re.sub(r"(?<!·)\b10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", r"1·10\1", text)
    return re.sub(r"·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda found: "e" + "".join(back[c] for c in found[1]), text)


def rounded_to(written: str, number: float) -> bool:
    """Whether a number is written so, to as many digits."""
    digits = len(re.sub(r"e.*|\D", "", written).lstrip("0")) or 1
    return float(f"{number:.{digits}g}") == float(written) or f"{number:.{len(written.partition('.')[2])}f}" == written


def perturbed(value: Any) -> Iterator[Any]:
    """A number, a word or what holds some, with one of them no longer true."""
    if isinstance(value, bool | np.bool_):
        yield not value
    elif isinstance(value, str):
        yield "something else"
    elif value is None:
        yield 1
    elif isinstance(value, int):
        yield value + 1
    elif isinstance(value, float):
        yield 1.1 * value + 0.03 * (value == 0)
        yield 0.9 * value - 0.03 * (value == 0)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from ({**value, key: other} for other in perturbed(each))
    elif isinstance(value, tuple):
        make = value._make if hasattr(value, "_make") else tuple
        for i, each in enumerate(value):
            yield from (make((*value[:i], other, *value[i + 1 :])) for other in perturbed(each))
    else:
        yield np.asarray(value) + 0.1


def refuted(record: Any, finding: Finding) -> bool:
    """Whether the check says no, or does not find what the finding names."""
    try:
        CHECKS[finding.kind](record, finding)
    except (AssertionError, LookupError, ValueError):
        return True
    return False


@cache
def every_case() -> dict[str, list[tuple[Any, Finding]]]:
    """Of every kind, what was said and the record that it was said of."""
    known = [(each.record, each.findings) for each in (told(*state) for state in STATES)] + BY_HAND
    known += [answered(*guess) for guess in GUESSES]
    cases: dict[str, list[tuple[Any, Finding]]] = {kind: [] for kind in CHECKS}
    for record, telling in known:
        for finding in telling:
            cases[finding.kind].append((record, finding))
    return cases


@pytest.mark.whole
@pytest.mark.parametrize("kind", sorted(CHECKS))
def test_a_check_sees_what_is_false(kind: str) -> None:
    cases = every_case()[kind]
    assert cases, f"no state says {kind}"
    for key in {key for _, finding in cases for key in finding.numbers}:
        # Some records leave a number's last digits open, where it is rounding; not all do.
        assert any(seen_through(record, finding, key) for record, finding in cases if key in finding.numbers), key


def seen_through(record: Any, finding: Finding, key: str) -> bool:
    """Whether the check refuses the finding however that number is made false."""
    lies = [{**finding.numbers, key: false} for false in perturbed(finding.numbers[key])]
    return all(refuted(record, Finding(finding.kind, lie, finding.text)) for lie in lies)


def answered(page: str, view: str, query: dict[str, str], guess: float) -> tuple[Any, list[Finding]]:
    """The record of a view that asks, and what it says of a guess."""
    asked, record, _ = told(page, view, tuple(query.items()))
    asking = VIEWS[page, view].ask(asked, record)
    assert asking is not None
    assert asking.question.endswith("?")
    return record, [asking.answer(record, guess)]


@pytest.mark.parametrize(("page", "view", "query", "guess"), GUESSES)
def test_what_is_said_of_a_guess_is_true(page: str, view: str, query: dict[str, str], guess: float) -> None:
    record, (finding,) = answered(page, view, query, guess)
    assert unfit(finding.text, [finding.numbers.get("guess", 0.0)]) == []
    CHECKS[finding.kind](record, finding)


@pytest.mark.parametrize(("record", "telling"), BY_HAND)
def test_what_is_said_where_no_link_leads_is_true(record: Any, telling: list[Finding]) -> None:
    for finding in telling:
        CHECKS[finding.kind](record, finding)


def test_views_have_a_key_of_their_own_a_title_and_a_question() -> None:
    for name, page in pages().items():
        assert page.key == name
        assert len({view.key for view in page.views}) == len(page.views)
        for view in page.views:
            assert re.fullmatch(r"[a-z_]+", view.key)
            assert view.title[:1].isupper()
            assert view.question.endswith("?")


@pytest.mark.parametrize("screen", ["laptop", "phone"])
@pytest.mark.parametrize(("page", "view"), VIEWS)
def test_every_view_draws_a_stage_and_says_it_in_words(page: str, view: str, screen: str) -> None:
    asked, record, _ = told(page, view, tuple(QUICK.get((page, view), {}).items()))
    assert hash(asked) == hash(terms(page, view, QUICK.get((page, view), {})))
    drawn = VIEWS[page, view].draw(asked, record, Seen(THEMES["light"], screen))
    assert drawn.figure.to_dict()["data"]
    assert drawn.alt.endswith(".")
    # And what is seen at each place of its play head, or once where it has none or its sentence follows hands alone.
    said = drawn.meta.get("captions", ["follows"] if "sentence" in drawn.live else [])
    assert len(said) in (1, len(drawn.times))
    assert all(said)
    assert len(set(said)) > 1 or len(said) == 1


@pytest.mark.parametrize(("page", "view", "link"), WORDED, ids=name)
def test_what_a_stage_says_in_words_is_fit_to_be_read(page: str, view: str, link: dict[str, str]) -> None:
    asked, record, _ = told(page, view, tuple(link.items()))
    drawn = VIEWS[page, view].draw(asked, record, Seen(THEMES["light"], "laptop"))
    for text in (drawn.alt, *drawn.meta.get("captions", [])):
        assert unfit(text, [0.0]) == []


def test_a_view_with_nothing_to_show_refuses_in_a_sentence() -> None:
    with pytest.raises(RefusalError, match=r"theory predicts no rate\. Choose another"):
        terms("curvature", "stability", {"surface": "saddle"})
