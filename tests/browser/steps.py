"""What every test in a browser does: open, wait, read the link, find a pixel, take a file."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page


def open_chart(page: Page, url: str, graph: str) -> None:
    """Go to a page and wait until the chart with this selector can be played."""
    page.goto(url)
    page.wait_for_selector(f"{graph}.played", timeout=60_000)
    settle(page)


def settle(page: Page) -> None:
    """Wait until the server has had nothing to say for a while, by the browser's own clock: both may be slow."""
    script = """() => new Promise(done => {
        const app = document.querySelector('[data-testid=stApp]');
        let quiet = 0;
        const look = () => {
            quiet = app.dataset.testScriptState === 'notRunning' ? quiet + 1 : 0;
            quiet > 8 ? done() : setTimeout(look, 50);
        };
        look();
    })"""
    page.evaluate(script)


def query(page: Page) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(page.url).query).items()}


def pixel(page: Page, graph: str, x: float, y: float, axis: str = "xaxis") -> tuple[float, float]:
    """Where a point of a panel, by its x axis as Plotly's layout names it, is on the screen."""
    script = """(gd, [name, x, y]) => { const box = gd.getBoundingClientRect(), layout = gd._fullLayout;
        const across = layout[name], up = layout[across.anchor.replace("y", "yaxis")];
        return [box.left + across._offset + across.d2p(x), box.top + up._offset + up.d2p(y)]; }"""
    left, top = page.eval_on_selector(graph, script, [axis, x, y])
    return left, top


def exported(page: Page, file: Path) -> Path:
    """The page's animated stage, saved."""
    button = page.get_by_role("button", name="The animated stage, HTML")
    button.scroll_into_view_if_needed()
    # A script that runs between the press and the answer would lose the file.
    settle(page)
    with page.expect_download(timeout=60_000) as download:
        button.click()
    download.value.save_as(file)
    return file


def open_offline(chromium: Any, file: Path) -> Page:
    """An exported stage in a browser without a network; what goes wrong there is in the page's `faults`."""
    page = chromium.new_context(offline=True, viewport={"width": 1280, "height": 720}).new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.goto(file.as_uri())
    page.wait_for_selector("#stage.played", timeout=30_000)
    return page
