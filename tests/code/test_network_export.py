"""Weights come back from JSON and npz to the last bit, and the PyTorch script rebuilds the network."""

import ast
import importlib.util
import io
import itertools
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from landscape.code.trained import from_json, to_json, to_npz, to_torch
from landscape.networks import ACTIVATIONS, CELLS, CNN, LOSSES, MLP, RNN, Network

FIXTURE = Path(__file__).parents[1] / "data" / "torch_networks.npz"
NETWORKS = [MLP((2, 4, 3), activation, loss) for activation in ACTIVATIONS for loss in LOSSES]
# The scripts that are run have every activation and every loss, not every pair.
RUN = [MLP((2, 4, 3), a, loss) for a, loss in zip(ACTIVATIONS, itertools.cycle(LOSSES), strict=False)]


def named(network: Network) -> str:
    return " ".join(map(str, network.architecture.values())).replace("/", "")


IMAGES = [
    CNN((2, 9, 10), (2, 3), 2, stride, padding, pooling, 2, 3, activation)
    for stride, padding, pooling, activation in (
        *((1, 0, "max", "tanh"), (1, 1, "average", "relu"), (2, 2, "none", "gelu"), (1, 2, "max", "softplus")),
        *((1, 1, "none", "sigmoid"), (1, 0, "average", "identity"), (2, 2, "max", "tanh"), (1, 1, "max", "relu")),
        *((2, 2, "average", "tanh"), (1, 0, "none", "relu")),
    )
]
SEQUENCES = [
    *(RNN(2, 3, 2, cell, every) for cell in CELLS for every in (False, True)),
    *(RNN(1, 2, 2, cell, loss="cross_entropy") for cell in ("gru", "lstm")),
]
NETWORKS += IMAGES + SEQUENCES
RUN += IMAGES + SEQUENCES
each = pytest.mark.parametrize("network", NETWORKS, ids=named)


def weights(network: Network) -> np.ndarray:
    return np.random.default_rng(1).standard_normal(network.size) / 3


@each
def test_json_brings_network_and_weights_back(network):
    again, w = from_json(to_json(network, weights(network)))
    assert again == network
    np.testing.assert_array_equal(w, weights(network))


@each
def test_npz_brings_the_weights_back_by_name(network):
    with np.load(io.BytesIO(to_npz(network, weights(network))), allow_pickle=False) as file:
        assert list(file) == list(network.shapes)
        np.testing.assert_array_equal(network.pack(dict(file)), weights(network))


def inputs(network: Network) -> np.ndarray:
    shape = (4, *network.input_shape) if isinstance(network, RNN) else network.input_shape
    return np.random.default_rng(2).standard_normal((5, *shape))


def literal(script: str, name: str) -> dict[str, np.ndarray]:
    """The arrays that a script hands to `name`, by key, or under "" where it assigns one to that name."""
    out = {}
    for node in ast.walk(ast.parse(script)):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == name:
            (table,) = node.args
            for key, value in zip(table.keys, table.values, strict=True):
                out[key.value] = np.array(ast.literal_eval(value.args[0]))
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
            out[""] = np.array(ast.literal_eval(node.value.args[0]))
    return out


def runs() -> list[tuple[list[int], str, str, str, bool]]:
    with np.load(FIXTURE) as file:
        return json.loads(str(file["runs"]))


@pytest.mark.parametrize("k", range(len(runs())))
def test_the_script_holds_what_pytorch_computed(k):
    """Names, weights and outputs of the script against those that PyTorch wrote down for the same network."""
    widths, activation, loss, output, bias = runs()[k]
    network = MLP(tuple(widths), activation, loss, output, bias)
    with np.load(FIXTURE) as file:
        w, inputs, outputs = file[f"w_{k}"][0], file[f"inputs_{k}"], file[f"outputs_{k}"][0]
        names = json.loads(str(file["names"]))[k]
    script = to_torch(network, w, inputs)
    stated = literal(script, "load_state_dict")
    assert list(stated) == names
    np.testing.assert_array_equal(network.pack(stated), w)
    np.testing.assert_array_equal(literal(script, "inputs")[""], inputs)
    np.testing.assert_allclose(literal(script, "outputs")[""], outputs, rtol=1e-12, atol=1e-14)


# PyTorch takes seconds to start, so all scripts are run by one interpreter, each as if it were alone.
STARTER = """
import contextlib, io, json, runpy, sys, traceback
import torch
said = {}
for script in sys.argv[1:]:
    torch.set_default_dtype(torch.float32)
    with contextlib.redirect_stdout(io.StringIO()) as out:
        try:
            runpy.run_path(script, run_name="__main__")
        except BaseException:
            traceback.print_exc(file=out)
    said[script] = out.getvalue()
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What the script of every network has said, by the network's name."""
    folder = tmp_path_factory.mktemp("scripts")
    scripts = {named(network): folder / f"{k}.py" for k, network in enumerate(RUN)}
    for network in RUN:
        scripts[named(network)].write_text(to_torch(network, weights(network), inputs(network)))
    command = [sys.executable, "-c", STARTER, *map(str, scripts.values())]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return {name: json.loads(done.stdout)[str(script)] for name, script in scripts.items()}


@pytest.mark.whole
@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="PyTorch is not installed here to run the script")
@pytest.mark.parametrize("name", [named(network) for network in RUN])
def test_the_script_runs(said, name):
    assert said[name].endswith("5 samples checked.\n"), said[name]
