"""Writes torch_trajectories.npz: what torch.optim and torch.optim.lr_scheduler do, for the tests to compare with.

PyTorch is no dependency of this project. Run this where it is installed:

    python tests/data/make_torch_trajectories.py

The file holds

    x          (runs, kept steps, starts, 2)   iterates in double precision
    runs       JSON list of [key, surface, hyper-parameters], by our names, one a run
    kept       (kept steps,)                   the steps at which x was kept
    starts     JSON {surface: starts}
    formulas   JSON {surface: formula}
    factors    (schedules, SCHEDULE_STEPS)     rates for a base rate of 1
    schedules  JSON list of [key, hyper-parameters], by our names, one a row of factors
    torch      the version of PyTorch that made it
"""

import json
from pathlib import Path

import numpy as np
import torch
from torch.optim import lr_scheduler as schedulers

FORMULAS = {
    "rosenbrock": "(1 - x)**2 + 100*(y - x**2)**2",
    "himmelblau": "(x**2 + y - 11)**2 + (x + y**2 - 7)**2",
}
VALUES = {
    "rosenbrock": lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    "himmelblau": lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
}
STARTS = {"rosenbrock": [[-1.2, 1.0], [0.5, -0.8]], "himmelblau": [[0.1, -0.2], [-3.2, 0.6]]}
STEPS = 200
KEPT = [0, 1, 2, 3, 4, 5, *range(10, STEPS + 1, 10)]

# Our hyper-parameters, most methods with their defaults first. They are mild: near a minimum large steps hop about
# chaotically, and then the rounding of two correct programs grows apart without bound.
RUNS = {
    "gradient_descent": [{}, {"lr": 2e-4}],
    "momentum": [{}, {"lr": 3e-4, "momentum": 0.7}],
    "nesterov": [{"lr": 4e-4}, {"lr": 2e-4, "momentum": 0.95}],
    "rprop": [{}, {"lr": 0.05, "eta_minus": 0.4, "eta_plus": 1.3, "step_min": 1e-3, "step_max": 0.2}],
    "adagrad": [{}, {"lr": 0.3, "lr_decay": 0.02, "initial_accumulator_value": 0.5, "eps": 1e-3}],
    "adadelta": [{}, {"lr": 2.0, "rho": 0.8, "eps": 1e-7}],
    "rmsprop": [{}, {"lr": 0.002, "alpha": 0.95, "eps": 0.1, "momentum": 0.5, "centered": True}],
    "adam": [{}, {"lr": 0.01, "beta1": 0.8, "beta2": 0.99, "eps": 1e-3, "weight_decay": 0.1}],
    "adamw": [{}, {"lr": 0.01, "beta1": 0.8, "beta2": 0.99, "eps": 1e-3, "weight_decay": 0.1}],
    "adamax": [{}, {"lr": 0.02, "beta1": 0.8, "beta2": 0.99, "eps": 1e-2}],
    "amsgrad": [{}, {"lr": 0.05, "beta1": 0.8, "beta2": 0.5, "eps": 1e-3}],
    "nadam": [{}, {"lr": 0.01, "beta1": 0.8, "beta2": 0.99, "eps": 1e-3, "momentum_decay": 0.05}],
    "radam": [{}, {"lr": 2e-4, "beta1": 0.8, "beta2": 0.95, "eps": 1e-3}],
}
CLASSES = {
    "gradient_descent": (torch.optim.SGD, {"lr": 1e-3}),
    "momentum": (torch.optim.SGD, {"lr": 1e-3, "momentum": 0.9}),
    "nesterov": (torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    "rprop": (torch.optim.Rprop, {}),
    "adagrad": (torch.optim.Adagrad, {}),
    "adadelta": (torch.optim.Adadelta, {}),
    "rmsprop": (torch.optim.RMSprop, {}),
    "adam": (torch.optim.Adam, {}),
    "adamw": (torch.optim.AdamW, {}),
    "adamax": (torch.optim.Adamax, {}),
    "amsgrad": (torch.optim.Adam, {"amsgrad": True}),
    "nadam": (torch.optim.NAdam, {}),
    "radam": (torch.optim.RAdam, {}),
}
PAIRS = {"betas": ("beta1", "beta2"), "etas": ("eta_minus", "eta_plus"), "step_sizes": ("step_min", "step_max")}

SCHEDULE_STEPS = 24


def trajectory(key: str, surface: str, hyper: dict[str, float]) -> np.ndarray:
    optimizer_class, fixed = CLASSES[key]
    options = {**fixed, **hyper}
    for pair, names in PAIRS.items():
        if names[0] in options:
            options[pair] = tuple(options.pop(name) for name in names)
    points = torch.tensor(STARTS[surface], dtype=torch.float64, requires_grad=True)
    optimizer = optimizer_class([points], **options)
    path = [points.detach().numpy().copy()]
    for _ in range(STEPS):
        optimizer.zero_grad()
        VALUES[surface](*points.unbind(-1)).sum().backward()
        optimizer.step()
        path.append(points.detach().numpy().copy())
    return np.array(path)[KEPT]


def rates(make) -> list[float]:
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    schedule = make(optimizer)
    out = []
    for _ in range(SCHEDULE_STEPS):
        out.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        # OneCycleLR may be stepped to its end but not beyond it.
        if len(out) < SCHEDULE_STEPS:
            schedule.step()
    return out


def warmup_cosine(optimizer, warmup: float, end: float):
    rise = round(warmup * SCHEDULE_STEPS)
    return schedulers.SequentialLR(
        optimizer,
        [
            schedulers.LinearLR(optimizer, 1 / (rise + 1), total_iters=rise),
            schedulers.CosineAnnealingLR(optimizer, SCHEDULE_STEPS - rise, end),
        ],
        milestones=[rise],
    )


T = SCHEDULE_STEPS
SCHEDULES = [
    ("step", {"gamma": 0.3, "drops": 3}, lambda o: schedulers.StepLR(o, T // 4, 0.3)),
    ("exponential", {"end": 0.02}, lambda o: schedulers.ExponentialLR(o, 0.02 ** (1 / T))),
    ("polynomial", {"power": 2.0}, lambda o: schedulers.PolynomialLR(o, T, 2.0)),
    ("cosine", {"end": 0.1}, lambda o: schedulers.CosineAnnealingLR(o, T, 0.1)),
    ("warmup_cosine", {"warmup": 0.2, "end": 0.05}, lambda o: warmup_cosine(o, 0.2, 0.05)),
    ("one_cycle", {}, lambda o: schedulers.OneCycleLR(o, 1.0, T, cycle_momentum=False)),
    (
        "one_cycle",
        {"pct_start": 0.45, "div_factor": 10.0, "final_div_factor": 20.0},
        lambda o: schedulers.OneCycleLR(
            o, 1.0, T, pct_start=0.45, div_factor=10.0, final_div_factor=20.0, cycle_momentum=False
        ),
    ),
]


def main() -> None:
    # Without this NAdam keeps its product of momenta in single precision, whatever the parameters are.
    torch.set_default_dtype(torch.float64)
    runs = [(key, surface, hyper) for key, hypers in RUNS.items() for surface in FORMULAS for hyper in hypers]
    np.savez_compressed(
        Path(__file__).with_name("torch_trajectories.npz"),
        x=np.array([trajectory(*run) for run in runs]),
        runs=json.dumps(runs),
        kept=np.array(KEPT),
        starts=json.dumps(STARTS),
        formulas=json.dumps(FORMULAS),
        factors=np.array([rates(make) for _, _, make in SCHEDULES]),
        schedules=json.dumps([(key, hyper) for key, hyper, _ in SCHEDULES]),
        torch=torch.__version__,
    )


if __name__ == "__main__":
    main()
