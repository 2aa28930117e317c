"""Text of strangers is text: what a link, a box or a file says becomes no link, no markup and no script, wherever it is
said again."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.steps import exported, open_chart, open_more, open_offline, settle, until

pytestmark = pytest.mark.browser

BAD = (
    "http://evil.example/x",
    "www.evil.example",
    "a@evil.example",
    "<img src=x onerror=window.harm=1>",
    "_x_",
    "~x~",
    "**x**",
    "$x$",
    ":red[x]",
    "[a](b)",
    ":material/home:",
    "a -> b",
    "`x`",
)
# What none of these may become, and which of the app's own is none of theirs.
MADE = "a[href*=evil], a[href=b], a[href^=mailto], img[src=x], em, del, strong, code, .katex, .stMarkdownColoredText"
GRAPH = ".js-plotly-plot"


def literally(place: Locator, *texts: str) -> None:
    """The place shows these letter for letter, and nothing was made of them."""
    for text in texts:
        until(place.page, lambda text=text: text in re.sub("\u2060", "", " ".join(place.all_text_contents())))
    assert place.locator(MADE).all_text_contents() == []
    assert place.locator("[data-testid=stIconMaterial], span[role=img]").all_text_contents() == []


def unharmed(page: Page) -> None:
    assert page.evaluate("window.harm") is None
    assert page.locator("a[href*=evil], img[src=x]").count() == 0


def enter(page: Page, label: str, text: str) -> None:
    box = page.get_by_label(label, exact=True)
    box.fill(text)
    box.press("Enter")
    settle(page)


@pytest.mark.fresh
def test_what_a_link_and_a_box_say_is_text(page: Page, app_url: str) -> None:
    values = ("methods", "clock", "tune", "noise", "seed", "view", "speed", "look", "xlow", "steps", "y", "field", "x")
    link = dict(zip(values, BAD, strict=True)) | dict.fromkeys(BAD, "1") | {"surface": "own", "formula": BAD[3]}
    open_chart(page, f"{app_url}/?{urlencode(link)}", GRAPH)
    warning = page.locator(".stAlert [data-testid=stMarkdownContainer]").first
    # A complaint of a look names the part before a comma.
    literally(warning, *(f"'{text}'" for text in BAD))
    error = page.locator("[data-testid=stSidebar] .stAlert [data-testid=stMarkdownContainer]")
    open_more(page)
    enter(page, "Start x", " ".join(BAD)[:24])
    literally(error, BAD[0])
    enter(page, "Start x", "1")
    # Those that are no formulas.
    for text in (BAD[2], BAD[3], BAD[12]):
        enter(page, "Formula, f(x, y) =", text)
        error.wait_for()
        literally(error)
    unharmed(page)


@pytest.mark.fresh
def test_what_a_file_says_is_text(page: Page, chromium: Any, app_url: str, tmp_path: Path) -> None:
    open_chart(page, f"{app_url}/backpropagation?data=own&hidden=3&steps=10&tune=0", GRAPH)
    sidebar, file = page.locator("[data-testid=stSidebar]"), page.locator("input[type=file]")
    said = sidebar.locator("[data-testid=stMarkdownContainer] p")

    def bring(text: str) -> None:
        file.set_input_files({"name": f"{BAD[1]}{BAD[4]}.csv", "mimeType": "text/csv", "buffer": text.encode()})
        settle(page)

    across, up, label = " ".join(BAD[1:3]), " ".join(BAD[4:9]), BAD[3]
    kinds = (BAD[0], BAD[3], BAD[0].upper())
    rows = "".join(f"{k},{k * k % 7},{kinds[k % 3]}\n" for k in range(20))
    bring(f"{across},{up},{label}\n{rows}")
    page.get_by_text("20 rows").wait_for()
    literally(said, across, up, label, f"{BAD[0].upper()} is read as {BAD[0]}.")
    titles = page.locator(f"{GRAPH} .infolayer")
    literally(titles, across, up)
    assert titles.locator("a").count() == 0
    names = page.eval_on_selector(GRAPH, "gd => gd._fullData.map(t => t.hovertemplate).join()")
    assert "<img" not in names
    open_more(page)
    sidebar.get_by_text("Samples", exact=True).click()
    settle(page)
    menu, columns = page.locator("[role=listbox]"), sidebar.get_by_label("Label", exact=True)
    # By keys, and again: a menu that opens while the drawer still moves is shut at once.
    until(page, lambda: menu.count() > 0 or columns.press("ArrowDown"))
    literally(menu, across, up, label)
    page.keyboard.press("Escape")
    unharmed(page)
    offline = open_offline(chromium, exported(page, tmp_path / "stage.html"))
    literally(offline.locator("#stage .infolayer"), across, up)
    unharmed(offline)
    assert offline.faults == []
    offline.context.close()
    # And what is wrong in one.
    bring(f"{across},{up},label\n1,2,a\n3,{BAD[3]},b\n4,5,a\n")
    literally(sidebar.locator(".stAlert [data-testid=stMarkdownContainer]"), up, BAD[3])
    enter(page, "Hidden layers", " ".join(BAD[4:8]))
    literally(sidebar.locator(".stAlert [data-testid=stMarkdownContainer]"), BAD[4], BAD[6])
    unharmed(page)
