"""Writes torch_networks.npz: loss, gradient and Hessian of small networks by torch.func, for the tests to compare with.

PyTorch is no dependency of this project. Run this where it is installed:

    python tests/data/make_torch_networks.py

The file holds, for run k,

    runs                   JSON list of [widths, activation, loss, output, bias], by our names
    inputs_k, targets_k    (N, d), and (N, outputs) or (N,) classes
    w_k                    (2, size), in the order of torch.nn.utils.parameters_to_vector
    outputs_k              (2, N, outputs)
    value_k, gradient_k, hessian_k   (2,), (2, size), (2, size, size)
    names                  JSON list of the parameters' names, one list a run, as state_dict has them
    torch                  the version of PyTorch that made it
"""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch import nn

ACTIVATIONS = {
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
    "sigmoid": nn.Sigmoid,
    "softplus": nn.Softplus,
    "gelu": nn.GELU,
    "identity": nn.Identity,
}
LOSSES = {
    "mse": nn.MSELoss,
    "binary_cross_entropy": nn.BCEWithLogitsLoss,
    "cross_entropy": nn.CrossEntropyLoss,
}
RUNS = [
    ([2, 5, 1], "tanh", "binary_cross_entropy", "identity", True),
    ([2, 5, 1], "relu", "mse", "identity", True),
    ([3, 4, 4, 3], "sigmoid", "cross_entropy", "identity", True),
    ([1, 6, 2], "softplus", "mse", "identity", True),
    ([2, 4, 3, 2], "gelu", "binary_cross_entropy", "identity", True),
    ([2, 3, 2], "identity", "cross_entropy", "identity", True),
    ([1, 3, 1], "tanh", "mse", "tanh", False),
    ([2, 1], "tanh", "binary_cross_entropy", "identity", True),
]
SAMPLES = 9


def build(widths, activation, output, bias) -> nn.Sequential:
    layers = []
    for inputs, outputs in pairwise(widths):
        layers += [nn.Linear(inputs, outputs, bias=bias), ACTIVATIONS[activation]()]
    return nn.Sequential(*layers[:-1], *([] if output == "identity" else [ACTIVATIONS[output]()]))


def main() -> None:
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    out = {"runs": json.dumps(RUNS), "torch": torch.__version__}
    names = []
    for k, (widths, activation, loss, output, bias) in enumerate(RUNS):
        net, criterion = build(widths, activation, output, bias), LOSSES[loss]()
        shapes = {name: p.shape for name, p in net.named_parameters()}
        names.append(list(shapes))
        inputs = torch.randn(SAMPLES, widths[0])
        targets = {
            "mse": torch.randn(SAMPLES, widths[-1]),
            "binary_cross_entropy": torch.rand(SAMPLES, widths[-1]).round(),
            "cross_entropy": torch.randint(widths[-1], (SAMPLES,)),
        }[loss]

        def outputs(w, net=net, shapes=shapes, inputs=inputs):
            parts = w.split([shape.numel() for shape in shapes.values()])
            weights = {name: part.reshape(shape) for (name, shape), part in zip(shapes.items(), parts, strict=True)}
            return torch.func.functional_call(net, weights, (inputs,))

        def value(w, outputs=outputs, criterion=criterion, targets=targets):
            return criterion(outputs(w), targets)

        w = torch.randn(2, sum(shape.numel() for shape in shapes.values()))
        out |= {f"inputs_{k}": inputs.numpy(), f"targets_{k}": targets.numpy(), f"w_{k}": w.numpy()}
        functions = {
            "outputs": outputs,
            "value": value,
            "gradient": torch.func.grad(value),
            "hessian": torch.func.hessian(value),
        }
        for name, function in functions.items():
            out[f"{name}_{k}"] = np.stack([function(each).detach().numpy() for each in w])
    np.savez_compressed(Path(__file__).with_name("torch_networks.npz"), names=json.dumps(names), **out)


if __name__ == "__main__":
    main()
