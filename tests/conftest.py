"""One server and one Chromium for all tests that need them."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest

Result = TypeVar("Result")

ROOT = Path(__file__).parents[1]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
TALK = ROOT / "tests" / "browser" / "talk.js"
# Milliseconds that a page is waited for: a test that fails needs them, one that passes does not.
PATIENCE = 60_000
# Without these Chromium looks for hosts of its own, which a closed network refuses many times a second.
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--walk", action="store_true", help="open every view on every landscape, in tests/pages/test_walk.py"
    )
    parser.addoption("--tenth", action="store_true", help="run every tenth test, none of them in a browser")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """With `-n auto`: one more than there are cores, as the worker with the browser waits for it half of its time."""
    return (os.cpu_count() or 1) + (not config.getoption("tenth"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        # Whether its file says so or not.
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
    if config.getoption("tenth"):
        slow = ("browser", "whole")
        items[:] = [item for item in items if not any(map(item.get_closest_marker, slow))][::10]
    for item in items:
        # A shared machine may pause for as long as a browser is waited for: that is no fault, and does not come twice.
        # A fault does.
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))
    if hasattr(config, "workerinput"):
        spread(items)


def spread(items: list[pytest.Item]) -> None:
    """Files that need a browser stand evenly among the others, of which each worker has a stretch: while one waits for
    its browser, others compute, and no more browsers are asked at once than a machine can bear."""
    kinds: tuple[list[pytest.Item], list[pytest.Item]] = ([], [])
    for item in items:
        kinds[item.get_closest_marker("browser") is not None].append(item)
    place: dict[Path, float] = {}
    for kind in kinds:
        for i, item in enumerate(kind):
            place.setdefault(item.path, i / len(kind))
    items.sort(key=lambda item: place[item.path])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for report in terminalreporter.stats.get("rerun", []):
        terminalreporter.section(f"first attempt of {report.nodeid}")
        terminalreporter.write_line(report.longreprtext)


def start_app(port: int, folder: Path = ROOT) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    return subprocess.Popen([*command, "--server.port", str(port)], cwd=folder)


def stop_app(server: subprocess.Popen[bytes]) -> None:
    """Ask it to end, and wait for as long as that takes on a machine with more to do."""
    server.terminate()
    server.wait(60)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until_healthy(port: int, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).read()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def finished(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """What a coroutine returns, run on a thread of its own: in a browser's worker the first one has a loop already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


@pytest.fixture(scope="session")
def app_url() -> Iterator[str]:
    port = free_port()
    server = start_app(port)
    try:
        wait_until_healthy(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        stop_app(server)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("there is no Chromium here; install Debian's package chromium, or name one in $CHROMIUM")
    sync_api.expect.set_options(timeout=PATIENCE)
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def profile(chromium: Any) -> Iterator[Any]:
    """What a browser keeps from tab to tab: with the dashboard's code in its cache, a page opens in half the time."""
    # With motion, every page would play by itself first.
    context = chromium.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    context.add_init_script(path=TALK)
    yield context
    context.close()


def hear(page: Any) -> None:
    page.heard += 1


class Tabs:
    """The tab that tests share, opened anew after one that failed or has left it in a state that no link describes."""

    def __init__(self, profile: Any) -> None:
        self.profile, self.shared = profile, None

    def fresh(self) -> Any:
        page = self.profile.new_page()
        page.set_default_timeout(PATIENCE)
        # What went wrong in it, and how often the server has spoken to it.
        page.faults, page.heard = [], 0
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("websocket", lambda socket: socket.on("framereceived", lambda _: hear(page)))
        return page

    def share(self) -> Any:
        self.shared = self.shared or self.fresh()
        return self.shared

    def close(self) -> None:
        if self.shared is not None:
            self.shared.close()
        self.shared = None


@pytest.fixture(scope="session")
def tabs(profile: Any) -> Iterator[Tabs]:
    tabs = Tabs(profile)
    yield tabs
    tabs.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    if report.failed and "tabs" in getattr(item, "funcargs", {}):
        item.funcargs["tabs"].close()
    return report


@pytest.fixture
def page(tabs: Tabs, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A tab at the size of a projector, which tests share, as `steps.open_chart` opens a link there in a fifth of the
    time that loading takes. A test marked `fresh` has one of its own, which is all that a Streamlit session knows of
    its viewer. A tab is dark where the test's parameter `scheme` says so."""
    fresh = request.node.get_closest_marker("fresh") is not None
    parameters = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    page = tabs.fresh() if fresh else tabs.share()
    page.set_viewport_size({"width": 1280, "height": 720})
    page.emulate_media(color_scheme=parameters.get("scheme", "light"))
    yield page
    if fresh:
        page.close()
    assert page.faults == []
