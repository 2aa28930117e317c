"""What follows while a sample is held: the numbers in the units, the loss, and the gradient of the followed weight."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from landscape.figures.kit.stage import Stage
from landscape.figures.networks.network_graph import Graph
from landscape.networks import Network
from landscape.networks.sample import Passed, passed
from landscape.networks.walk import Edge, Walk, edge_name


class Handle(NamedTuple):
    """A number of the sample: its name in links, what its handle says, where it is and how far it may go."""

    name: str
    label: str
    at: float
    span: tuple[float, float]


class Held(NamedTuple):
    """The sample: a handle for each input, and one for the target unless that is a class, which then is `known`."""

    inputs: Sequence[Handle]
    target: Handle | None
    known: float


def let_hold(
    stage: Stage,
    network: Network,
    walk: Walk,
    chosen: Edge,
    drawn: Graph,
    held: Held,
    words: tuple[int, int, list[int]],
    color: str,
) -> None:
    """Let a hand have the sample.

    words   the places of the values, of the derivatives, and of what cannot follow
    color   of the handles
    """
    handles = [*held.inputs, *([] if held.target is None else [held.target])]
    for handle in handles:
        stage.hold(handle.name, handle.at, handle.span, label=handle.label, color=color)
    names, inputs = [handle.name for handle in handles], len(held.inputs)

    def seen(*numbers: Any) -> Passed:
        target = held.known if held.target is None else numbers[inputs]
        return passed(network, walk.before, numbers[:inputs], target)

    def shown(columns: list[Any], first: int) -> list[Any]:
        """The units that are drawn, from a column on."""
        places = drawn.centres[first:]
        return [unit for units, at in zip(columns, places, strict=True) for unit in list(units)[: len(at)]]

    values, deltas, sentences = words
    stage.count(values, names, lambda *numbers: shown(seen(*numbers).values, 0))
    stage.count(deltas, names, lambda *numbers: shown(seen(*numbers).deltas, 1), "δ ")
    stage.live["stale"] = sentences

    def told(*numbers: Any) -> dict[str, Any]:
        found = seen(*numbers)
        return {"loss": found.loss, "gradient": found.gradient[chosen.place]}

    stage.tell(names, told, f"The loss is {{loss}}. Its gradient in {edge_name(network, chosen)} is {{gradient}}.")
