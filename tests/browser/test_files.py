"""Files to take away arrive whole and once, whatever else the page is asked for meanwhile."""

import csv
from pathlib import Path
from typing import Any

import pytest

from tests.browser.steps import open_chart, open_more, settle

# A tab in which files have been saved without a press may have to ask before the next one.
pytestmark = [pytest.mark.browser, pytest.mark.fresh]

GRAPH = ".st-key-stage-race .js-plotly-plot"
METHODS, STEPS = ("gradient_descent", "adam"), 40
LINK = f"/?methods={','.join(METHODS)}&steps={STEPS}"


@pytest.fixture
def saved(page: Any) -> Any:
    files: list[Any] = []

    def take(file: Any) -> None:
        files.append(file)

    page.on("download", take)
    yield files
    page.remove_listener("download", take)


def wait_for(page: Any, files: list[Any], count: int) -> None:
    for turn in range(1200):
        if len(files) >= count:
            return
        if turn % 20 == 19:
            # A browser asks before it saves a second file for somebody who has not touched the page for some seconds.
            page.locator("h1").click()
        page.wait_for_timeout(100)
    raise TimeoutError(f"there are {len(files)} of {count} files")


def press(page: Any, name: str) -> None:
    button = page.get_by_role("button", name=name)
    button.scroll_into_view_if_needed()
    button.click()


def test_a_file_that_was_asked_for_comes_though_the_page_is_asked_for_more(
    app_url: str, page: Any, saved: list[Any], tmp_path: Path
) -> None:
    open_chart(page, app_url + LINK, GRAPH)
    open_more(page)
    field = page.locator(".st-key-field label").first
    for count, name in enumerate(("Every step, CSV", "The animated stage, HTML", "This race, Python"), 1):
        press(page, name)
        field.click()
        field.click()
        wait_for(page, saved, count)
    settle(page)
    for each in saved:
        each.save_as(tmp_path / each.suggested_filename)
    # Once each.
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        f"rosenbrock-race.{end}" for end in ("csv", "html", "py")
    ]
    assert len(saved) == 3
    rows = list(csv.DictReader((tmp_path / "rosenbrock-race.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == len(METHODS) * (STEPS + 1)
    assert (tmp_path / "rosenbrock-race.html").read_text(encoding="utf-8").endswith("</html>\n")
    compile((tmp_path / "rosenbrock-race.py").read_text(encoding="utf-8"), "race", "exec")


def test_what_was_saved_is_not_sent_again(app_url: str, page: Any, saved: list[Any]) -> None:
    open_chart(page, app_url + LINK, GRAPH)
    carried = page.locator("[class*=st-key-carried]")
    press(page, "The animated stage, HTML")
    wait_for(page, saved, 1)
    settle(page)
    assert carried.count() == 0
    # Asked for again it comes again.
    press(page, "The animated stage, HTML")
    wait_for(page, saved, 2)
    settle(page)
    assert (carried.count(), len(saved)) == (0, 2)
