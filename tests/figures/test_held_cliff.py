"""On the cliff both runs follow the start: what the browser computes is what the core finds from there."""

import numpy as np
import pytest

from landscape.figures.kit.style import THEMES
from landscape.figures.recurrence.cliff_stage import FLOOR, HIGHEST, stage
from landscape.lessons.fall import fall, steepest_so_far
from landscape.networks.cliff import Cliff, wall
from tests.figures.test_held_regularization import followed

RATE, LIMIT, STEPS = 0.3, 0.2, 40


@pytest.mark.parametrize("times", [20, 50])
@pytest.mark.parametrize("start", [(5.5, -3.0), (4.2, -2.0), (6.0, -1.2), (4.9, -2.6)])
def test_both_runs_follow_the_start(start: tuple[float, float], times: int) -> None:
    cliff, frame = Cliff().with_(steps=times), 17
    drawn = stage(fall(cliff, np.array(cliff.start), RATE, LIMIT, STEPS), THEMES["light"])
    seen = followed(drawn, dict(zip(("x", "y"), start, strict=True)), frame)
    there = fall(cliff, np.array(start), RATE, LIMIT, STEPS)
    for title, run in (("Gradient descent", there.thrown), ("Clipped", there.kept)):
        np.testing.assert_allclose(seen[title, "x"][0], run.x, rtol=1e-7, atol=1e-9)
        size = np.stack([np.arange(STEPS + 1), np.maximum(run.gradient_norm, FLOOR)], axis=1)
        np.testing.assert_allclose(seen[title, "x2"][0], size, rtol=1e-5)
    both = np.stack([there.thrown.x[frame], there.kept.x[frame]])
    np.testing.assert_allclose(seen["heads", "x"][0], both, rtol=1e-7, atol=1e-9)
    steepest = there.thrown.x[steepest_so_far(there)[frame]]
    back = np.maximum(np.abs(cliff.back_in_time(steepest)), FLOOR)
    np.testing.assert_allclose(_back(seen, "back in time"), back, rtol=1e-5)
    predicted = back[0] * wall(steepest[0]).slope ** -np.arange(times + 1.0)
    np.testing.assert_allclose(_back(seen, "theory"), np.clip(predicted, FLOOR, HIGHEST), rtol=1e-5)


def _back(seen: dict[tuple[str, str], list[np.ndarray]], name: str) -> np.ndarray:
    """What is drawn over the times of the panel, each of them once."""
    (points,) = seen[name, "x3"]
    points = points[np.isfinite(points[:, 0])]
    np.testing.assert_array_equal(points[:, 0], np.arange(len(points)))
    return points[:, 1]
