"""A class at work on one server, its figures printed: `python -m tests.load --viewers 50`, or some scenes by name."""

import argparse
import asyncio
import threading

from tests.conftest import free_port, start_app, stop_app, wait_until_healthy
from tests.load.scenes import ALWAYS, HEALTH, LIMITS, MEMORY, SCENES
from tests.load.viewer import Server


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.load", description=__doc__)
    parser.add_argument("scenes", nargs="*", type=scene, default=list(SCENES), metavar="scene")
    parser.add_argument("--viewers", type=int, default=50)
    asked = parser.parse_args()
    port = free_port()
    process = start_app(port)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_healthy(port)
        server = Server(process.pid, url)
        print(f"memory before anybody has come: {server.memory:.0f} MB")
        missed = [figure for name in asked.scenes for figure in play(name, url, server, asked.viewers)]
    finally:
        stop_app(process)
    print(f"missed: {'; '.join(missed)}" if missed else "all held")


def scene(name: str) -> str:
    """A scene's name. As `choices` Python 3.11 would refuse the list of all of them."""
    if name not in SCENES:
        raise argparse.ArgumentTypeError(f"there is no scene {name!r} among {', '.join(SCENES)}")
    return name


def play(name: str, url: str, server: Server, viewers: int) -> list[str]:
    """A scene, while somebody else asks twice a second whether the server is well; what did not hold in it."""
    over, health, most = threading.Event(), [server.health()], [server.memory]

    def ask() -> None:
        while not over.wait(0.5):
            health.append(server.health())
            most.append(server.memory)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        figures = asyncio.run(SCENES[name](url, server, viewers))
    finally:
        over.set()
        asking.join()
    figures |= {MEMORY: max(most), HEALTH: max(health)}
    limits = ALWAYS | LIMITS.get(name, {})
    print(f"{name}: {SCENES[name].__doc__}")
    for figure, value in figures.items():
        limit = limits.get(figure)
        verdict = "" if limit is None else f"{'held' if value <= limit else 'MISSED':7} at most {limit:g}"
        print(f"  {figure:32} {value:8.3g}  {verdict}", flush=True)
    return [f"{name}, {figure}" for figure, value in figures.items() if value > limits.get(figure, float("inf"))]


if __name__ == "__main__":
    main()
