"""Writes torch_images.npz and torch_sequences.npz: convolutional and recurrent networks by torch.func, to compare with.

PyTorch is no dependency of this project. Run this where it is installed:

    python tests/data/make_torch_layers.py

Each file holds, for run k,

    runs                   JSON list of the arguments of CNN, and of RNN
    inputs_k, targets_k    (N, channels, rows, columns) or (N, T, inputs), and what the loss wants
    w_k                    (2, size), in the order of torch.nn.utils.parameters_to_vector
    outputs_k              (2, N, outputs), or (2, N, T, outputs)
    value_k, gradient_k, hessian_k   (2,), (2, size), (2, size, size)
    names                  JSON list of the parameters' names, one list a run, as state_dict has them
    torch                  the version of PyTorch that made it
"""

import json
from pathlib import Path

import numpy as np
import torch
from torch import nn

ACTIVATIONS = {"tanh": nn.Tanh, "relu": nn.ReLU, "softplus": nn.Softplus, "gelu": nn.GELU}
LOSSES = {"mse": nn.MSELoss, "binary_cross_entropy": nn.BCEWithLogitsLoss, "cross_entropy": nn.CrossEntropyLoss}
SAMPLES, LENGTH = 3, 6


IMAGE_NAMES = "image channels kernel stride padding pooling pool outputs activation loss"
SEQUENCE_NAMES = "inputs hidden outputs cell every_step loss"


def image_run(*values):
    return dict(zip(IMAGE_NAMES.split(), values, strict=True))


def sequence_run(*values):
    return dict(zip(SEQUENCE_NAMES.split(), values, strict=True))


IMAGES = [
    image_run([6, 6], [2], 3, 1, 0, "max", 2, 3, "tanh", "cross_entropy"),
    image_run([2, 7, 6], [3], 3, 2, 1, "average", 2, 2, "relu", "mse"),
    image_run([8, 8], [2, 3], 2, 1, 1, "max", 2, 2, "gelu", "binary_cross_entropy"),
    image_run([4, 5], [2], 2, 1, 0, "none", 2, 2, "softplus", "cross_entropy"),
]
SEQUENCES = [
    sequence_run(1, 3, 1, "tanh", False, "mse"),
    sequence_run(2, 3, 2, "relu", True, "mse"),
    sequence_run(1, 2, 2, "gru", False, "cross_entropy"),
    sequence_run(2, 2, 1, "gru", True, "binary_cross_entropy"),
    sequence_run(1, 2, 1, "lstm", False, "mse"),
    sequence_run(2, 2, 3, "lstm", True, "cross_entropy"),
]


def cnn(run) -> nn.Sequential:
    image = run["image"] if len(run["image"]) == 3 else [1, *run["image"]]
    layers, before = [], image[0]
    pools = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    for channels in run["channels"]:
        layers += [nn.Conv2d(before, channels, run["kernel"], run["stride"], run["padding"])]
        layers += [ACTIVATIONS[run["activation"]]()]
        layers += [pools[run["pooling"]](run["pool"])] if run["pooling"] in pools else []
        before = channels
    layers.append(nn.Flatten())
    width = nn.Sequential(*layers)(torch.zeros(1, *image)).shape[1]
    return nn.Sequential(*layers, nn.Linear(width, run["outputs"])), torch.randn(SAMPLES, *image)


class States(nn.Module):
    """The states of a recurrent layer at every step, and nothing else; its parameters keep their names."""

    def __init__(self, layer):
        super().__init__()
        self._parameters, self.layer = layer._parameters, [layer]

    def forward(self, x):
        return torch.func.functional_call(self.layer[0], dict(self._parameters), (x,))[0]


class LastStep(nn.Module):
    def forward(self, x):
        return x[:, -1]


def rnn(run) -> nn.Sequential:
    kind = {"gru": nn.GRU, "lstm": nn.LSTM}.get(run["cell"], nn.RNN)
    extras = {"nonlinearity": run["cell"]} if kind is nn.RNN else {}
    layer = kind(run["inputs"], run["hidden"], batch_first=True, **extras)
    between = [] if run["every_step"] else [LastStep()]
    network = nn.Sequential(States(layer), *between, nn.Linear(run["hidden"], run["outputs"]))
    return network, torch.randn(SAMPLES, LENGTH, run["inputs"])


def targets_for(loss, outputs):
    if loss == "cross_entropy":
        return torch.randint(outputs.shape[-1], outputs.shape[:-1])
    return torch.rand(outputs.shape).round() if loss == "binary_cross_entropy" else torch.randn(outputs.shape)


def record(name, runs, build) -> None:
    out, names = {"runs": json.dumps(runs), "torch": torch.__version__}, []
    for k, run in enumerate(runs):
        net, inputs = build(run)
        shapes = {name: p.shape for name, p in net.named_parameters()}
        names.append(list(shapes))

        def outputs(w, net=net, shapes=shapes, inputs=inputs):
            parts = w.split([shape.numel() for shape in shapes.values()])
            weights = {name: part.reshape(shape) for (name, shape), part in zip(shapes.items(), parts, strict=True)}
            return torch.func.functional_call(net, weights, (inputs,))

        w = torch.randn(2, sum(shape.numel() for shape in shapes.values()))
        targets = targets_for(run["loss"], outputs(w[0]))

        criterion = LOSSES[run["loss"]]()

        def value(w, outputs=outputs, criterion=criterion, targets=targets):
            said = outputs(w)
            # PyTorch wants the classes second.
            said = said.movedim(-1, 1) if targets.dtype == torch.int64 else said
            return criterion(said, targets)

        out |= {f"inputs_{k}": inputs.numpy(), f"targets_{k}": targets.numpy(), f"w_{k}": w.numpy()}
        kept = {name: [] for name in ("outputs", "value", "gradient", "hessian")}
        for each in w:
            kept["outputs"].append(outputs(each).detach().numpy())
            kept["value"].append(value(each).detach().numpy())
            kept["gradient"].append(torch.autograd.functional.jacobian(value, each).numpy())
            kept["hessian"].append(torch.autograd.functional.hessian(value, each).numpy())
        out |= {f"{name}_{k}": np.stack(arrays) for name, arrays in kept.items()}
    np.savez_compressed(Path(__file__).with_name(f"{name}.npz"), names=json.dumps(names), **out)


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    record("torch_images", IMAGES, cnn)
    record("torch_sequences", SEQUENCES, rnn)
