"""A trained network to take away: its weights as JSON and npz, and a PyTorch script that rebuilds it."""

import io
import json

import numpy as np

from landscape.networks import CNN, MLP, RNN, Network

KINDS: dict[str, type[Network]] = {kind.__name__: kind for kind in (MLP, CNN, RNN)}


def to_json(network: Network, w: np.ndarray) -> str:
    """Architecture and weights; every number to the last bit."""
    weights = {name: array.tolist() for name, array in network.unpack(w).items()}
    return (
        json.dumps({"network": type(network).__name__} | network.architecture | {"weights": weights}, indent=1) + "\n"
    )


def from_json(text: str) -> tuple[Network, np.ndarray]:
    """The inverse of `to_json`."""
    record = json.loads(text)
    weights = {name: np.array(values, dtype=float) for name, values in record.pop("weights").items()}
    network = KINDS[record.pop("network")](**record)
    return network, network.pack(weights)


def to_npz(network: Network, w: np.ndarray) -> bytes:
    """The parameters by their names in a PyTorch state_dict, as numpy's load reads them."""
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **network.unpack(w))
    return file.getvalue()


def to_torch(network: Network, w: np.ndarray, inputs: np.ndarray) -> str:
    """A script that needs PyTorch alone, rebuilds the network in double precision and checks it on `inputs`.

    inputs are (N, d), images (N, channels, rows, columns) or sequences (N, T, d), as the network takes them.
    """
    classes = "".join(f"\n{layer.torch_class}\n" for layer in network.layers if layer.torch_class)
    layers = "".join(f"    {'' if layer.torch_class else 'nn.'}{layer.torch},\n" for layer in network.layers)
    inputs = network.presented(network.arranged(inputs))[0]
    weights = "".join(f'    "{name}": torch.tensor({array.tolist()}),\n' for name, array in network.unpack(w).items())
    return f'''"""A small network with its trained weights, rebuilt in PyTorch."""

import torch
from torch import nn

torch.set_default_dtype(torch.float64)

{classes}network = nn.Sequential(
{layers})
loss = nn.{network.loss_function.torch}()

network.load_state_dict({{
{weights}}})

# What the network said where it was trained.
inputs = torch.tensor({inputs.tolist()})
outputs = torch.tensor({network.forward(w, inputs).tolist()})

with torch.no_grad():
    torch.testing.assert_close(network(inputs), outputs, rtol=1e-10, atol=1e-12)
print(network)
print("Same outputs as where it was trained:", outputs.shape[0], "samples checked.")
'''
