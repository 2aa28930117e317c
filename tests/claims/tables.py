"""Tables below findings, and the sentences of play heads, as text, from the record alone."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from landscape.calculus.area_report import ball_captions, points_captions, sum_captions
from landscape.calculus.batch_report import batch_captions
from landscape.calculus.dimension_report import dimension_captions
from landscape.calculus.expectation_report import expectation_captions
from landscape.calculus.noise_ball import NoiseBall
from landscape.calculus.report import secant_captions, step_captions, taylor_captions
from landscape.calculus.step_report import plane_captions, step_run_captions
from landscape.calculus.sums import RULES
from landscape.dashboard.descent.race_view import TARGET
from landscape.descent.commentary import captions
from landscape.descent.report import markdown, scoreboard
from landscape.figures.basins import sweeps
from landscape.figures.convolution import digits_stage
from landscape.figures.curvature import model, order, stability
from landscape.figures.descent import race as racing
from landscape.figures.kit.stage import frame_steps
from landscape.figures.networks import spectrum_stage, walk_stage
from landscape.figures.recurrence import cliff_stage, series_stage, unrolled_stage
from landscape.figures.regularization import contest, selection, shrinkage, stopping
from landscape.lessons.report import captions as trained
from landscape.maps.commentary import of_pairs
from landscape.maps.report import share_rows
from landscape.regularization.contest import Contest
from landscape.regularization.selection import survivors
from landscape.theory.commentary import distances
from landscape.theory.report import counts, order_rows, point_rows, true_hessian
from landscape.theory.study import caption

TABLES: dict[tuple[str, str], Sequence[Callable[[Any], str]]] = {
    ("descent", "race"): (
        lambda race: markdown(scoreboard(race, TARGET)),
        lambda race: "\n".join(captions(race, racing.schedule(race, "steps")[1])),
        racing.alternative,
    ),
    ("curvature", "order"): (
        lambda found: "\n".join(distances(found, range(100))),
        lambda found: markdown(order_rows(found)) if found.closing else "",
        lambda found: counts(found.points),
        lambda found: order.alternative(found.closing),
        lambda found: "\n".join(f"| {' | '.join(row.values())} |" for row in point_rows(found.points, ("x", "y"), 12)),
    ),
    ("curvature", "model"): (
        lambda study: "\n".join(caption(study, k) for k in range(study.steps + 1)),
        model.alternative,
        lambda study: "\n".join(true_hessian(study, k) for k in range(study.steps + 1)),
    ),
    ("curvature", "stability"): (
        lambda trial: "\n".join(stability.captions(trial, np.arange(trial.run.steps + 1))[-2:]),
        stability.alternative,
    ),
    ("basins", "fates"): (lambda atlas: markdown(share_rows(atlas, 12)),),
    ("basins", "sweep"): (of_pairs, sweeps.alternative),
    ("backpropagation", "spectrum"): (lambda found: "\n".join(spectrum_stage.captions(found.spectrum, found.edge)),),
    ("backpropagation", "training"): (
        lambda looked: "\n".join(trained(looked.training, looked.steps, looked.ailments)),
    ),
    ("backpropagation", "step"): (lambda seen: "\n".join(walk_stage.captions(seen.network, seen.walk)),),
    ("regularization", "weights"): (
        lambda found: "\n".join(shrinkage.captions(found)),
        lambda found: shrinkage.alternative(found, "Loss", "penalty"),
    ),
    ("regularization", "methods"): (
        lambda held: "\n".join(contest.captions(held, frame_steps(_steps(held)))),
        lambda held: contest.alternative(held, _steps(held)),
    ),
    ("regularization", "table"): (lambda chosen: markdown(survivors(chosen)), selection.alternative),
    ("regularization", "stopping"): (lambda ran: "\n".join(stopping.captions(ran.found, ran.lr)),),
    ("slope", "secant"): (lambda found: "\n".join(secant_captions(found)),),
    ("slope", "error"): (lambda judged: "\n".join(step_captions(judged.found, judged.precision)),),
    ("slope", "taylor"): (lambda found: "\n".join(taylor_captions(found)),),
    ("slope", "step"): (lambda found: "\n".join(step_run_captions(found)),),
    ("slope", "plane"): (lambda found: "\n".join(plane_captions(found)),),
    ("area", "sum"): (lambda found: "\n".join(line for rule in RULES for line in sum_captions(found, rule)),),
    ("area", "points"): (lambda found: "\n".join(points_captions(found)),),
    ("area", "expectation"): (lambda found: "\n".join(expectation_captions(found)),),
    ("area", "batch"): (lambda found: "\n".join(batch_captions(found)),),
    ("area", "dimensions"): (lambda asked: "\n".join(dimension_captions(asked.found)),),
    ("area", "ball"): (lambda found: "\n".join(_of_the_ball(found)),),
    ("recurrence", "cliff"): (lambda seen: "\n".join(cliff_stage.captions(seen, np.arange(seen.thrown.steps + 1))),),
    ("convolution", "train"): (lambda seen: "\n".join(digits_stage.captions(seen)),),
    ("recurrence", "unrolled"): (
        lambda told: "\n".join([*unrolled_stage.captions(told), unrolled_stage.alternative(told)]),
    ),
    ("recurrence", "series"): (lambda seen: "\n".join([*series_stage.captions(seen), series_stage.alternative(seen)]),),
}


def _steps(held: Contest) -> int:
    return next(iter(held.runs.values())).steps


def _of_the_ball(found: NoiseBall) -> list[str]:
    return [line for decays in (False, True) for line in ball_captions(found, decays, np.arange(len(found.spread)))]
