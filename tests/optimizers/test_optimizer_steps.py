"""The first steps of every optimizer, worked by hand.

On f = x**2/2 + 2*y**2, whose gradient g is (x, 4 y), from (2, 1), where g = (2, 4). The working leaves out an eps that
is at its default.
"""

import numpy as np
import pytest

from landscape.formulas.expression import parse
from landscape.optimizers import OPTIMIZERS

# FISTA's second t - 1 and its third t: the golden ratio less 1, and (1 + sqrt(1 + 4 * golden**2)) / 2.
GOLDEN = 5**0.5 / 2 - 0.5
AHEAD = GOLDEN / (0.5 + (0.25 + (1 + GOLDEN) ** 2) ** 0.5)

# (key, lr or None for a method without, other hyper-parameters): the iterates after the start
HAND = {
    # v1 = (2, 4), x1 = (2, 1) - .1 v1 = (1.8, .6); g = (1.8, 2.4), v2 = .5 v1 + g = (2.8, 4.4)
    ("momentum", 0.1, (("momentum", 0.5),)): [(1.8, 0.6), (1.52, 0.16)],
    # g + .5 v1 = (3, 6), x1 = (1.7, .4); g = (1.7, 1.6), v2 = (2.7, 3.6), g + .5 v2 = (3.05, 3.4)
    ("nesterov", 0.1, (("momentum", 0.5),)): [(1.7, 0.4), (1.395, 0.06)],
    # v1 = .5 g = (1, 2), mean of g and v1 = (1.5, 3), x1 = (1.85, .7);
    # g = (1.85, 2.8), v2 = .5 v1 + .5 g = (1.425, 2.4), mean (1.6375, 2.6)
    ("qhm", 0.1, (("momentum", 0.5), ("nu", 0.5))): [(1.85, 0.7), (1.68625, 0.44)],
    ("sign_descent", 0.4, ()): [(1.6, 0.6), (1.2, 0.2), (0.8, -0.2)],
    # steps .8, then .96 as both signs stay: (.24, -.76). g_y has flipped: .48, and y rests; x goes on by 1.152.
    # g_x has flipped: x rests; y moves again by .48, back up.
    ("rprop", 0.8, ()): [(1.2, 0.2), (0.24, -0.76), (-0.912, -0.76), (-0.912, -0.28)],
    # s = (4, 16): 1st step .5 in both, x1 = (1.5, .5); g = (1.5, 2), s = (6.25, 20), steps .5 * (1.5 / 2.5, 2 / 20**.5)
    ("adagrad", 0.5, ()): [(1.5, 0.5), (1.2, 0.5 - 1 / 20**0.5)],
    # v = .1 g**2 + 1e-6 = (.400001, 1.600001), delta = 1e-3 g / v**.5
    ("adadelta", 1.0, ()): [(2 - 2e-3 / 0.400001**0.5, 1 - 4e-3 / 1.600001**0.5)],
    # v = .01 g**2, so g / v**.5 = 10
    ("rmsprop", 0.01, ()): [(1.9, 0.9)],
    # u1 = g, so lr; g = (1.5, 2), u2 = max(.5 u1, g) = (1.5, 2), m2 = .9 (.2, .4) + .1 g = (.33, .56),
    # m_hat = m2 / .19
    ("adamax", 0.5, (("beta2", 0.5),)): [(1.5, 0.5), (1.5 - 0.5 * 0.33 / 0.19 / 1.5, 0.5 - 0.5 * 0.56 / 0.19 / 2)],
    # g1 = (2, 4), v1 = .5 g1**2 = (2, 8), x1 = (1.5, .5); g2 = (1.5, 2), v2 = (2.125, 6), v_max = (2.125, 8),
    # v_hat = v_max / .75, m_hat = g2 (beta1 0)
    ("amsgrad", 0.5, (("beta1", 0.0), ("beta2", 0.5))): [
        (1.5, 0.5),
        (1.5 - 0.75 / (2.125 / 0.75) ** 0.5, 0.5 - 1 / (8 / 0.75) ** 0.5),
    ],
    # mu = .45 throughout (decay 0), m1 = .1 g, v_hat = g**2,
    # m_hat = .45 * .1 g / (1 - .45**2) + .55 g / .55 = (1 + .045 / .7975) g
    ("nadam", 0.5, (("momentum_decay", 0.0),)): [(2 - 0.5 * (1 + 0.045 / 0.7975), 1 - 0.5 * (1 + 0.045 / 0.7975))],
    # the first step is lr * m_hat = lr * g
    ("radam", 0.1, ()): [(1.8, 0.6)],
    # 1st: m_hat = g, v_hat = g**2, so lr. g2 = (1.5, 2), m2 = .5 (1, 2) + .5 g2, m_hat = m2 / .75 = (5/3, 8/3),
    # v2 = .5 (2, 8) + .5 g2**2 = (2.125, 6), v_hat = v2 / .75 = (17/6, 8); (g2 + m_hat) / 2 = (19/12, 7/3),
    # (g2**2 + v_hat) / 2 = (61/24, 6)
    ("qhadam", 0.5, (("beta1", 0.5), ("beta2", 0.5), ("nu1", 0.5), ("nu2", 0.5))): [
        (1.5, 0.5),
        (1.5 - 0.5 * (19 / 12) / (61 / 24) ** 0.5, 0.5 - 0.5 * (7 / 3) / 6**0.5),
    ],
    # m = .5 g, s = .5 (g - m)**2 + eps = (.5, 2) + .1, s_hat = s / .5 = (1.2, 4.2), m_hat = g
    ("adabelief", 0.1, (("beta1", 0.5), ("beta2", 0.5), ("eps", 0.1))): [
        (2 - 0.2 / (1.2**0.5 + 0.1), 1 - 0.4 / (4.2**0.5 + 0.1)),
    ],
    # sign(g) = (1, 1), x1 = (-1, -2); m1 = .25 g = (.5, 1), g = (-1, -8), .9 m1 + .1 g = (.35, .1): on it goes
    ("lion", 3.0, (("beta1", 0.9), ("beta2", 0.75))): [(-1, -2), (-4, -5)],
    # 1.7 = .9 * 2 - .1 and .8 = .9 * 1 - .1 with lr .1 and decay 1
    ("lion", 0.1, (("weight_decay", 1.0),)): [(1.7, 0.8)],
    ("adamw", 0.1, (("weight_decay", 1.0),)): [(1.7, 0.8)],
    # g + x = (4, 5): the step is lr in both
    ("adam", 0.1, (("weight_decay", 1.0),)): [(1.9, 0.9)],
    # half of the way to (0, 0)
    ("newton", 0.5, ()): [(1.0, 0.5), (0.5, 0.25)],
    # (H + I)^-1 = (1/2, 1/5), p = -(1, .8); then g = (1, .8), p = -(.5, .16)
    ("newton", 1.0, (("damping", 1.0),)): [(1.0, 0.2), (0.5, 0.04)],
    # the whole way p is -(2, 1); 4 p leads to (-6, -3) where f is 36, 2 p to (-2, -1) where it is 4 again, p to 0
    ("newton", 4.0, (("line_search", True),)): [(0.0, 0.0)],
    # |H| is H here, and so is 2 J'J with r = (x, 2 y) / 2**.5
    ("saddle_free_newton", 0.5, ()): [(1.0, 0.5), (0.5, 0.25)],
    ("gauss_newton", 0.5, ()): [(1.0, 0.5), (0.5, 0.25)],
    # (H + I)^-1 as above; the model is exact, rho = 1, and lambda falls to 1/3: p = -(1 / (4/3), .8 / (13/3))
    ("levenberg_marquardt", None, (("damping", 1.0),)): [(1.0, 0.2), (0.25, 0.2 - 2.4 / 13)],
    # |(H + I)^-1 g| = |(1, .8)| is the radius, so lambda = 1; rho = 1, the radius doubles, and Newton's step fits in
    ("trust_region", None, (("radius", 1.64**0.5),)): [(1.0, 0.2), (0.0, 0.0)],
    # -g, first tried at length 1: alpha = 1 / 20**.5, and the slope has flattened from -20 to -4.8
    ("bfgs", None, ()): [(2 - 2 / 20**0.5, 1 - 4 / 20**0.5)],
    ("lbfgs", None, ()): [(2 - 2 / 20**0.5, 1 - 4 / 20**0.5)],
    # s = -(.2, .4), y = -(.2, 1.6): s.s / s.y = .2 / .68 = 5/17, s.y / y.y = .68 / 2.6 = 17/65; g = (1.8, 2.4)
    ("barzilai_borwein", 0.1, ()): [(1.8, 0.6), (1.8 - 9 / 17, 0.6 - 12 / 17)],
    ("barzilai_borwein", 0.1, (("short", True),)): [(1.8, 0.6), (1.8 - 1.8 * 17 / 65, 0.6 - 2.4 * 17 / 65)],
    # alpha = 1 leads to (0, -3), f = 18; 1/2 to (1, -1), f = 2.5. g = (1, -4): 1 to (0, 3), 1/2 to (.5, 1), f = 2.125
    ("gradient_descent_armijo", 1.0, ()): [(1.0, -1.0), (0.5, 1.0)],
    # alpha = 1 is too far, and on a quadratic interpolation is exact: alpha = g.g / g.Hg = 20/68, g = (24, -12) / 17;
    # then 100/17 / (720/289) = 2.4 is tried, too far again, and alpha = 720 / 1152
    ("gradient_descent_wolfe", 1.0, ()): [(24 / 17, -3 / 17), (9 / 17, 4.5 / 17)],
    # the same first step; g . g_last = 0, so beta = 720/289 / 20 by all three, d = (-8, 1) * 60/289: straight to 0
    ("conjugate_gradient", 1.0, ()): [(24 / 17, -3 / 17), (0.0, 0.0)],
    ("fletcher_reeves", 1.0, ()): [(24 / 17, -3 / 17), (0.0, 0.0)],
    ("hestenes_stiefel", 1.0, ()): [(24 / 17, -3 / 17), (0.0, 0.0)],
    ("gradient_descent", 0.1, ()): [(1.8, 0.6), (1.62, 0.36)],
    # no penalty: gradient descent
    ("proximal_gradient", 0.1, ()): [(1.8, 0.6), (1.62, 0.36)],
    # gradient descent first; then from y = x1 + AHEAD (-.2, -.4), of which it keeps .9 and .6
    ("fista", 0.1, ()): [(1.8, 0.6), (0.9 * (1.8 - 0.2 * AHEAD), 0.6 * (0.6 - 0.4 * AHEAD))],
    # half of the way to 0, one coordinate after the other
    ("coordinate_descent", 0.5, ()): [(1.0, 1.0), (1.0, 0.5), (0.5, 0.5)],
}


@pytest.mark.parametrize("case", HAND, ids=[case[0] for case in HAND])
def test_first_steps_by_hand(case):
    key, lr, hyper = case
    optimizer = OPTIMIZERS[key](**dict(hyper) | ({} if lr is None else {"lr": lr}))
    x = np.array([2.0, 1.0])
    state = optimizer.init(x)
    for expected in HAND[case]:
        x, state = optimizer.step(parse("x**2/2 + 2*y**2"), x, state)
        np.testing.assert_allclose(x, expected, rtol=0, atol=1e-7)


def test_every_method_has_a_step_by_hand():
    assert {case[0] for case in HAND} == set(OPTIMIZERS)


def test_adam_without_decay_asks_numpy_nothing_about_it(monkeypatch):
    """A question to numpy about a plain number takes as long as a formula's gradient."""
    asked = []
    monkeypatch.setattr(np, "any", lambda *_: asked.append(1))
    adam, x = OPTIMIZERS["adam"](), np.array([1.0, 2.0])
    adam.step(parse("x**2 + y**2"), x, adam.init(x))
    assert not asked
