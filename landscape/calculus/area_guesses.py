"""Report: what somebody guessed of areas and of noise, beside what it is."""

import numpy as np

from landscape.calculus.batch_report import TOLD, ratio
from landscape.calculus.dimension_report import Asked, since
from landscape.calculus.expectation_report import some
from landscape.calculus.expectations import Expectation
from landscape.calculus.gradient_noise import stationary_covariance
from landscape.calculus.mini_batches import MiniBatches
from landscape.calculus.noise_ball import COVARIANCE, HESSIAN, NoiseBall
from landscape.calculus.random_points import RandomPoints
from landscape.calculus.sums import Sums
from landscape.finding import Finding
from landscape.numbers import apart, short

# How many times the rate is asked about.
TIMES = 2


def cost(found: Sums, rule: str) -> float:
    """By how much more pieces make the error ten times smaller; NaN where its power is not known."""
    return float(10 ** (1 / found.order[rule]))


def _digits(gained: float) -> str:
    """So many digits, or so much of one: 0.3 of a digit, 1.5 digits, nothing."""
    told = short(gained)
    if gained < 1:
        return "nothing" if gained == 0 else f"{apart(gained, 1.0)[0]} of a digit"
    return f"{told} digit{'' if told == '1' else 's'}"


def pieces_guess(found: Sums, rule: str, guess: float) -> Finding:
    """A guessed price of one more digit beside the measured one."""
    paid = cost(found, rule)
    gained = float(np.log10(guess) * found.order[rule])
    text = f"One more digit takes **{short(paid)}** times the pieces. "
    text += f"You said {short(guess)}: that brings {_digits(gained)}."
    return Finding("guess.pieces", {"rule": rule, "guess": guess, "cost": paid, "gained": gained}, text)


def points_guess(found: RandomPoints, guess: float) -> Finding:
    """A guessed price of one more digit beside the measured one; the power of the error must be known."""
    paid, gained = float(10 ** (-1 / found.power)), float(-np.log10(guess) * found.power)
    text = f"One more digit takes **{short(paid)}** times the points. "
    text += f"You said {short(guess)}: that brings {_digits(gained)}."
    return Finding("guess.points", {"guess": guess, "cost": paid, "gained": gained}, text)


def dimensions_guess(asked: Asked, guess: float) -> Finding:
    """A guessed dimension from which on random points beat midpoints beside the true one."""
    found = asked.found
    first, n = found.first_won("midpoint", len(found.points) - 1), int(found.points[-1])
    text = f"You said {short(guess)}. With {n:,} points random ones beat midpoints **{since(first)}**."
    return Finding("guess.dimensions", {"guess": guess, "first": first, "points": n}, text)


def kl_guess(found: Expectation, guess: float) -> Finding:
    """A guessed divergence of q from p beside the true one."""
    off = abs(guess - found.kl)
    text = f"You said {short(guess)}. KL(p‖q) is **{some(found.kl)}**: off by {some(off)}. "
    text += f"The other way round, KL(q‖p), it is {some(found.reverse)}."
    return Finding("guess.kl", {"guess": guess, "kl": found.kl, "reverse": found.reverse, "off": off}, text)


def batch_guess(found: MiniBatches, guess: float) -> Finding:
    """A guessed gain in width of a larger batch beside the measured and the predicted one."""
    one, ten = (float(found.variance(found.seen[found.at(size)])) for size in (1, TOLD))
    seen, told = float(np.sqrt(one / ten)), float(np.sqrt(ratio(found)))
    text = f"You said {short(guess)}. With batches of {TOLD} the cloud is **{short(seen)}** times narrower: "
    text += f"a root, and predicted to be {short(told)}."
    return Finding("guess.batch", {"guess": guess, "size": TOLD, "seen": seen, "told": told}, text)


def ball_guess(found: NoiseBall, guess: float) -> Finding:
    """A guessed growth of the ball's variance at twice the rate beside the true one; there must be a ball now."""
    said, rate = f"You said {short(guess)}.", TIMES * found.rate
    if rate >= found.limit:
        text = f"{said} At twice the rate, {short(rate)}, there is no ball: from **{short(found.limit)}** on nothing "
        return Finding("guess.no_ball", {"rate": rate, "limit": found.limit}, text + "holds the runs.")
    larger = stationary_covariance(HESSIAN, COVARIANCE / found.batch, rate).exact
    grown = float(np.trace(larger) / np.trace(found.theory.exact))
    text = f"{said} Twice the rate makes the variance **{short(grown)}** times as large. Small rates alone make it 2."
    return Finding("guess.ball", {"guess": guess, "rate": rate, "grown": grown}, text)
