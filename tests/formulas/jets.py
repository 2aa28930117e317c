"""Numbers that carry a gradient and a Hessian in two variables, in extended precision: derivatives by other means.

Nothing here is shared with the package: no sympy, no programs. A random formula is drawn once, as text for people and
as what these numbers do.
"""

import numpy as np

EXTENDED = np.longdouble


class Jet:
    """value (k,), gradient (k, 2), hessian (k, 2, 2); arithmetic and functions by the chain rule.

    nearest   how near the points come to a kink, each: the smallest argument that an abs, a max or a sign has seen
    """

    def __init__(self, value, gradient, hessian, nearest):
        self.value, self.gradient, self.hessian, self.nearest = value, gradient, hessian, nearest

    def applied(self, f, slope, bend):
        """f(self), from the values of f, f' and f'' at self's."""
        g = self.gradient
        hessian = slope[:, None, None] * self.hessian + bend[:, None, None] * g[:, :, None] * g[:, None, :]
        return Jet(f, slope[:, None] * g, hessian, self.nearest)

    def __add__(self, other):
        near = np.minimum(self.nearest, other.nearest)
        return Jet(self.value + other.value, self.gradient + other.gradient, self.hessian + other.hessian, near)

    def __neg__(self):
        return Jet(-self.value, -self.gradient, -self.hessian, self.nearest)

    def __sub__(self, other):
        return self + -other

    def __mul__(self, other):
        cross = self.gradient[:, :, None] * other.gradient[:, None, :]
        hessian = self.value[:, None, None] * other.hessian + other.value[:, None, None] * self.hessian
        gradient = self.value[:, None] * other.gradient + other.value[:, None] * self.gradient
        near = np.minimum(self.nearest, other.nearest)
        return Jet(self.value * other.value, gradient, hessian + cross + np.swapaxes(cross, 1, 2), near)

    def __truediv__(self, other):
        return self * other.power(-1)

    def power(self, exponent):
        v, n = self.value, EXTENDED(exponent)
        return self.applied(v**n, n * v ** (n - 1), n * (n - 1) * v ** (n - 2))

    def exp(self):
        return self.applied(*[np.exp(self.value)] * 3)

    def log(self):
        v = self.value
        return self.applied(np.log(v), 1 / v, -1 / v**2)

    def sin(self):
        s, c = np.sin(self.value), np.cos(self.value)
        return self.applied(s, c, -s).turned(self)

    def cos(self):
        s, c = np.sin(self.value), np.cos(self.value)
        return self.applied(c, -s, -c).turned(self)

    def turned(self, angle):
        """The same, at a kink where the angle was so large that its rounding is seen."""
        self.nearest = np.where(np.abs(angle.value) > 100, 0, self.nearest)
        return self

    def tan(self):
        return self.sin() / self.cos()

    def sqrt(self):
        return self.power(EXTENDED(1) / 2)

    def sinh(self):
        return (self.exp() - (-self).exp()) * number(0.5, self)

    def cosh(self):
        return (self.exp() + (-self).exp()) * number(0.5, self)

    def tanh(self):
        t, c = np.tanh(self.value), np.cosh(self.value)
        return self.applied(t, 1 / c**2, -2 * t / c**2)

    def sigmoid(self):
        return number(1, self) / (number(1, self) + (-self).exp())

    def atan(self):
        v = self.value
        return self.applied(np.arctan(v), 1 / (1 + v**2), -2 * v / (1 + v**2) ** 2)

    def asin(self):
        v = self.value
        return self.applied(np.arcsin(v), (1 - v**2) ** EXTENDED(-0.5), v * (1 - v**2) ** EXTENDED(-1.5))

    def asinh(self):
        v = self.value
        return self.applied(np.arcsinh(v), (1 + v**2) ** EXTENDED(-0.5), -v * (1 + v**2) ** EXTENDED(-1.5))

    def cbrt(self):
        v = self.value
        root = np.cbrt(v)
        return self.applied(root, 1 / (3 * root**2), -2 / (9 * root**5))

    def abs(self):
        signs = np.sign(self.value)
        out = self.applied(np.abs(self.value), signs, 0 * signs)
        out.nearest = np.minimum(out.nearest, np.abs(self.value))
        return out

    def max(self, other):
        return (self + other + (self - other).abs()) * number(0.5, self)

    def min(self, other):
        return (self + other - (self - other).abs()) * number(0.5, self)

    def atan2(self, other):
        """The angle's derivatives are those of atan(self / other), and of -atan(other / self)."""
        r = self.value**2 + other.value**2
        out = (other.value / r)[:, None] * self.gradient - (self.value / r)[:, None] * other.gradient
        flat = (other * number(0, self) + other) / (self * self + other * other)
        tall = self / (self * self + other * other)
        hessian = other.value[:, None, None] / r[:, None, None] * self.hessian
        hessian = hessian - self.value[:, None, None] / r[:, None, None] * other.hessian
        hessian = hessian + flat.gradient[:, :, None] * self.gradient[:, None, :]
        hessian = hessian - tall.gradient[:, :, None] * other.gradient[:, None, :]
        # The difference of the last two is symmetric only as a whole.
        near = np.minimum(np.minimum(self.nearest, other.nearest), np.abs(self.value))
        return Jet(np.arctan2(self.value, other.value), out, (hessian + np.swapaxes(hessian, 1, 2)) / 2, near)

    def hypot(self, other):
        return (self * self + other * other).sqrt()


def number(value, like):
    v = np.full_like(like.value, EXTENDED(value))
    return Jet(v, np.zeros((len(v), 2), EXTENDED), np.zeros((len(v), 2, 2), EXTENDED), np.full_like(v, np.inf))


def variables(points):
    """The jets of x and y at points (k, 2)."""
    points = points.astype(EXTENDED)
    none = np.zeros((len(points), 2, 2), EXTENDED)
    far = np.full(len(points), np.inf, EXTENDED)
    return [
        Jet(points[:, i], np.broadcast_to(np.eye(2, dtype=EXTENDED)[i], (len(points), 2)), none, far) for i in (0, 1)
    ]


# What a random formula is made of: how it is typed, and what it does to jets.
ONE = {
    "sin({0})": Jet.sin,
    "cos({0})": Jet.cos,
    "exp(-({0})^2)": lambda u: (-(u * u)).exp(),
    "log(1 + ({0})²)": lambda u: (number(1, u) + u * u).log(),
    "√(1 + ({0})^2)": lambda u: (number(1, u) + u * u).sqrt(),
    "tanh({0})": Jet.tanh,
    "σ({0})": Jet.sigmoid,
    "|{0}|": Jet.abs,
    "abs({0})^1.5": lambda u: u.abs().power(1.5),
    "atan({0})": Jet.atan,
    "arcsin(tanh({0})/2)": lambda u: (u.tanh() * number(0.5, u)).asin(),
    "asinh({0})": Jet.asinh,
    "sinh(({0})/3)": lambda u: (u / number(3, u)).sinh(),
    "cosh(({0})/3)": lambda u: (u / number(3, u)).cosh(),
    "({0})^2": lambda u: u * u,
    "({0})³": lambda u: u * u * u,
    "cbrt({0})": Jet.cbrt,
    "1/(2 + ({0})^2)": lambda u: number(1, u) / (number(2, u) + u * u),
    "2^(({0})/2)": lambda u: (u * number(0.5, u) * number(np.log(EXTENDED(2)), u)).exp(),
    "-({0})": lambda u: -u,
    "softplus({0})": lambda u: (number(1, u) + u.exp()).log(),
    "relu({0})": lambda u: u.max(number(0, u)),
}
TWO = {
    "{0} + {1}": Jet.__add__,
    "({0}) - ({1})": Jet.__sub__,
    "({0})({1})": Jet.__mul__,
    "({0}) · ({1})": Jet.__mul__,
    "({0})/(2 + ({1})^2)": lambda u, v: u / (number(2, u) + v * v),
    "max({0}, {1})": Jet.max,
    "min({0}, {1})": Jet.min,
    "atan2({0}, {1})": Jet.atan2,
    "hypot({0}, {1})": Jet.hypot,
    "(1 + ({0})^2)^({1})": lambda u, v: (v * (number(1, u) + u * u).log()).exp(),
}
LEAVES = {
    "x": lambda x, y: x,
    "y": lambda x, y: y,
    "2x": lambda x, y: x + x,
    "x y": lambda x, y: x * y,
    "0.7": lambda x, y: number(0.7, x),
    "(x - 3y)": lambda x, y: x - y - y - y,
    "πx": lambda x, y: x * number(EXTENDED("3.14159265358979323846264338327950288"), x),
}


def drawn(rng, depth):
    """A random formula: its text, and a function from the jets of x and y to its own."""
    if depth == 0 or rng.random() < 0.1:
        text = rng.choice(list(LEAVES))
        return text, LEAVES[text]
    if rng.random() < 0.5:
        form = rng.choice(list(ONE))
        text, inner = drawn(rng, depth - 1)
        return form.format(text), lambda x, y: ONE[form](inner(x, y))
    form = rng.choice(list(TWO))
    (one, first), (other, second) = drawn(rng, depth - 1), drawn(rng, depth - 1)
    return form.format(one, other), lambda x, y: TWO[form](first(x, y), second(x, y))
