"""A trained network to take away: its weights as JSON and npz, and a PyTorch script that rebuilds it."""

import io
import json

import numpy as np

from landscape.networks import MLP, Network


def to_json(network: Network, w: np.ndarray) -> str:
    """Architecture and weights; every number to the last bit."""
    weights = {name: array.tolist() for name, array in network.unpack(w).items()}
    return json.dumps(network.architecture | {"weights": weights}, indent=1) + "\n"


def from_json(text: str) -> tuple[MLP, np.ndarray]:
    """The inverse of `to_json`."""
    record = json.loads(text)
    weights = {name: np.array(values, dtype=float) for name, values in record.pop("weights").items()}
    network = MLP(**record)
    return network, network.pack(weights)


def to_npz(network: Network, w: np.ndarray) -> bytes:
    """The parameters by their names in a PyTorch state_dict, as numpy's load reads them."""
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **network.unpack(w))
    return file.getvalue()


def to_torch(network: Network, w: np.ndarray, inputs: np.ndarray) -> str:
    """A script that needs PyTorch alone, rebuilds the network in double precision and checks it on `inputs`, (N, d)."""
    layers = "".join(f"    nn.{layer.torch},\n" for layer in network.layers)
    weights = "".join(f'    "{name}": torch.tensor({array.tolist()}),\n' for name, array in network.unpack(w).items())
    return f'''"""A small network with its trained weights, rebuilt in PyTorch."""

import torch
from torch import nn

torch.set_default_dtype(torch.float64)

network = nn.Sequential(
{layers})
loss = nn.{network.loss_function.torch}()

network.load_state_dict({{
{weights}}})

# What the network said where it was trained.
inputs = torch.tensor({np.asarray(inputs, dtype=float).tolist()})
outputs = torch.tensor({network.forward(w, inputs).tolist()})

with torch.no_grad():
    torch.testing.assert_close(network(inputs), outputs, rtol=1e-10, atol=1e-12)
print(network)
print("Same outputs as where it was trained:", outputs.shape[0], "samples checked.")
'''
