"""What every test in a browser does: open, wait, read the link, find a pixel, take a file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page

# What is asked now and then once a hand has let go, or rests, is asked within LONG; the page has timers of its own that
# run three times in the shorter wait. Of a tab that does not count what is said (talk.js), all waits are LONG.
SETTLE = """() => new Promise((done, fail) => {
    const LONG = 450, SHORT = 150, TICK = 50, LOST = 120_000;
    const app = document.querySelector("[data-testid=stApp]"), began = performance.now();
    let still = 0;
    const look = () => {
        const { asked, begun, ended, touched } = window.talk ?? { asked: 0, begun: 0, ended: 0, touched: Infinity };
        const answered = asked <= begun && begun <= ended && app.dataset.testScriptState === "notRunning";
        still = answered ? still + TICK : 0;
        const wait = performance.now() - touched < LONG ? LONG : SHORT;
        if (still > wait) done();
        else if (performance.now() - began > LOST) fail(Error("the server does not answer"));
        else setTimeout(() => requestIdleCallback(look, { timeout: 1000 }), TICK);
    };
    look();
})"""


def open_more(page: Page) -> None:
    """See the controls that stand under More."""
    page.locator(".st-key-more summary").first.click()
    page.locator(".st-key-more details[open]").first.wait_for()


def open_chart(page: Page, url: str, graph: str) -> None:
    """Open a link and wait until its chart, with this selector, can be played."""
    chart = f"{graph}.played"
    if there(page, url):
        chart += f"[data-visit='{travel(page, url)}']"
    else:
        page.goto(url)
    # Not `wait_for_selector`: the handle that it gives would keep the chart when the tab has long left it.
    page.locator(chart).first.wait_for(timeout=60_000)
    settle(page)


def reload(page: Page, graph: str) -> None:
    page.reload()
    page.locator(f"{graph}.played").first.wait_for(timeout=60_000)
    settle(page)


def there(page: Page, url: str) -> bool:
    """Whether the tab shows a chart of the app that this link leads to."""
    return urlsplit(page.url)[:2] == urlsplit(url)[:2] and page.locator(".host").count() > 0


# Takes the keyboard away from whatever has it, inside a component too.
LET_GO = """() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    at?.blur();
}"""


def travel(page: Page, url: str) -> str:
    """Open a link where the app is already, in a fifth of the time that loading takes; the number of the visit, which
    its chart then bears."""
    page.locator("[data-do=play][aria-label=Pause]").evaluate_all("all => all.forEach(button => button.click())")
    page.evaluate(LET_GO)
    settle(page)
    return go(page, url)


def go(page: Page, url: str) -> str:
    """Be at a link as by Back, and wait until the server has read it; the number of the visit."""
    before = page.locator(".host").first.get_attribute("data-visit")
    host = page.locator(f".host[data-visit]:not([data-visit='{before}'])").first
    # What a chart has to say on its own, as it is drawn, may cut short the run that was to read the link.
    for _ in range(5):
        push(page, url)
        settle(page)
        if host.count():
            break
    host.wait_for(state="attached", timeout=60_000)
    return host.get_attribute("data-visit")


def push(page: Page, url: str) -> None:
    """Be at a link as by the browser's own Back."""
    page.evaluate("url => { history.pushState({}, '', url); dispatchEvent(new PopStateEvent('popstate')); }", url)


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait for what an animation comes to."""
    for _ in range(600):
        if holds():
            return
        page.wait_for_timeout(100)
    assert holds()


def under_way(page: Page) -> int:
    """Wait until what plays has left its first frame; where it is, at a quarter of the speed not at its end."""
    head = page.get_by_label("Play head")
    until(page, lambda: 0 < int(head.input_value()) < int(head.get_attribute("max")))
    return int(head.input_value())


def ends(page: Page, read: Callable[[], Any]) -> tuple[Any, Any]:
    """What is read with the play head at its first frame and at its last; it is left at the first.

    What is painted is unpacked first: until then both show what Plotly has drawn.
    """
    head = page.get_by_label("Play head")
    last = head.get_attribute("max")
    seen: list[Any] = []

    def moves() -> bool:
        seen.clear()
        for at in ("0", last, "0"):
            head.fill(at)
            seen.append(read())
        return seen[0] == seen[2] != seen[1]

    until(page, moves)
    return seen[0], seen[1]


def settle(page: Page) -> None:
    """Wait until the server has answered all that the page has asked, and the page, with what it does on its own, has
    come to rest: by the browser's own clock, as all of it may be slow."""
    page.evaluate(SETTLE)


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
