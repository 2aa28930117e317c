"""The scenes of `python -m tests.load` with two viewers, on a server of their own."""

from collections.abc import Iterator

import pytest

from tests.conftest import finished, free_port, start_app, stop_app, wait_until_healthy
from tests.load import scenes
from tests.load.viewer import Server, Viewer

# MB; the smallest machine that the app is deployed to has 690.
MOST = 600


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, Server]]:
    port = free_port()
    process = start_app(port)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_healthy(port)
        yield url, Server(process.pid, url)
    finally:
        stop_app(process)


@pytest.mark.parametrize("scene", [scenes.maps, scenes.leave, scenes.idle, scenes.uploads])
def test_a_scene(server: tuple[str, Server], scene: scenes.Scene) -> None:
    figures = finished(scene(*server, 2))
    assert figures
    assert server[1].memory < MOST


def test_a_slider_moves(server: tuple[str, Server]) -> None:
    async def move() -> None:
        async with Viewer(server[0]) as viewer:
            await viewer.open()
            await viewer.move(scenes.SLIDER, 20)

    finished(move())
    assert server[1].memory < MOST
