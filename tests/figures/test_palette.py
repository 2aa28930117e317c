"""The colours: what lies on what can be seen, and what is told apart by colour stays apart for every common eye."""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from landscape import figures
from landscape.dashboard.basins import fates_view
from landscape.dashboard.curvature import order_view
from landscape.dashboard.kit import descent_link
from landscape.dashboard.regularization import methods_view
from landscape.figures.calculus import common, sums
from landscape.figures.kit.style import HUES, PAIR, THEMES, Theme, look
from landscape.figures.networks import tints
from landscape.optimizers import OPTIMIZERS

# Machado, Oliveira, Fernandes (2009), "A physiologically-based model for simulation of color vision deficiency",
# severity 1, on linear sRGB.
EYES = {
    "most": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
# Ottosson (2020), "A perceptual color space for image processing": Oklab, in which 0.02 is just seen.
TO_CONES = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
]
TO_LAB = [
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
]
# Methods that begin together.
TOGETHER = {
    "race": descent_link.METHODS,
    "fates": fates_view.METHODS,
    "order": order_view.METHODS,
    "penalised": methods_view.METHODS,
    "decayed": ["gradient_descent", "adam", "adamw"],
}
# What says which colours there are; elsewhere they have names.
PALETTE = {"kit/style.py", "networks/tints.py", "basins/fate_colors.py", "basins/fate_bar.py", "basins/fates.py"}
PALETTE |= {"basins/paths.py"}
PALETTES = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)


def linear(color: str) -> np.ndarray:
    """Linear sRGB of #rrggbb."""
    c = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """As WCAG 2.2 defines it, 1 to 21."""
    low, high = sorted(float(linear(color) @ [0.2126, 0.7152, 0.0722]) for color in (one, other))
    return (high + 0.05) / (low + 0.05)


def apart(one: str, other: str, eye: str = "most") -> float:
    """How far two colours are from one another in Oklab, as an eye sees them."""
    seen = [np.clip(np.array(EYES[eye]) @ linear(color), 0, 1) for color in (one, other)]
    return float(np.linalg.norm(np.diff([np.array(TO_LAB) @ np.cbrt(np.array(TO_CONES) @ c) for c in seen], axis=0)))


def under(theme: Theme) -> list[str]:
    """What a path may lie on."""
    return [theme.paper, *theme.landscape]


def test_contrast_and_distance_are_as_others_measure_them() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert apart("#000000", "#ffffff") == pytest.approx(1, abs=1e-4)
    # Whoever sees no red takes this red for a dark olive.
    assert apart("#a00000", "#433b00") > 0.15 > apart("#a00000", "#433b00", "protan")


@PALETTES
@pytest.mark.parametrize("key", [*OPTIMIZERS, "not registered"])
def test_a_method_is_seen_on_every_terrain_and_on_the_page(key: str, theme: Theme) -> None:
    assert min(contrast(look(key, theme).color, ground) for ground in under(theme)) >= 3


@PALETTES
def test_marks_and_words_are_seen(theme: Theme) -> None:
    for ground in under(theme):
        assert contrast(theme.ink, ground) >= 4.5
        for color in (theme.belief, theme.alarm, theme.faint):
            assert contrast(color, ground) >= 3
    # A value is also written as a number.
    for color in (theme.value, theme.belief):
        assert contrast(color, theme.paper) >= 4.5
    for color in PAIR[theme.name]:
        assert contrast(color, theme.paper) >= 3


def test_every_colour_of_a_stage_is_in_the_palette() -> None:
    """So that it has a form for either theme, and is held against all others here."""
    folder = Path(str(figures.__file__)).parent
    for file in folder.rglob("*.py"):
        own = re.findall(r'"#[0-9a-fA-F]{3,8}"', file.read_text(encoding="utf-8"))
        assert not own or file.relative_to(folder).as_posix() in PALETTE, f"{file.name} has {own}"
    for hue, *_ in (*sums.LOOKS.values(), *common.QUOTIENTS.values(), (common.GUESSED,)):
        assert hue in HUES


@PALETTES
@pytest.mark.parametrize("eye", EYES)
def test_value_and_derivative_stay_apart_and_so_do_two_of_a_kind(eye: str, theme: Theme) -> None:
    first, second = PAIR[theme.name]
    for one, other in ((theme.value, theme.belief), (first, second), (theme.value, theme.ink)):
        assert apart(one, other, eye) >= 0.075, (one, other)


@PALETTES
def test_no_hue_is_that_of_a_value_a_derivative_or_one_of_two(theme: Theme) -> None:
    taken = [*map(theme.hue, HUES), theme.ink, *tints.CLASSES[theme.name][:2]]
    for own in (theme.value, theme.belief, *PAIR[theme.name]):
        for other in taken:
            assert apart(own, other) >= 0.075, (own, other)


@PALETTES
@pytest.mark.parametrize("eye", EYES)
def test_hues_stay_apart(eye: str, theme: Theme) -> None:
    for one, other in combinations(HUES, 2):
        assert apart(theme.hue(one), theme.hue(other), eye) >= 0.075, (one, other)


@PALETTES
def test_no_hue_is_that_of_a_class_or_a_sign(theme: Theme) -> None:
    signs = tints.signed(theme)
    for hue in HUES:
        for taken in (*tints.CLASSES[theme.name][:2], signs[0], signs[-1], theme.belief, theme.ink):
            assert apart(theme.hue(hue), taken) >= 0.075, (hue, taken)
        for taken in (*tints.CLASSES[theme.name][2:], theme.alarm, *theme.landscape):
            assert apart(theme.hue(hue), taken) >= 0.045, (hue, taken)


@pytest.mark.parametrize("methods", TOGETHER.values(), ids=TOGETHER)
def test_methods_that_begin_together_differ_in_hue_and_marker(methods: list[str]) -> None:
    looks = [look(key, THEMES["light"]) for key in methods]
    for each in ("color", "marker"):
        assert len({getattr(one, each) for one in looks}) == len(methods)
