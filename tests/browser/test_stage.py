"""Any stage in a real browser: a clock that does not begin at 0, and the nearest frame to what a link says."""

from typing import Any

import pytest

from landscape.figures.kit.export import to_html
from tests.browser.steps import open_offline
from tests.figures.test_stage import slope_stage


@pytest.fixture(scope="module")
def page(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    file = tmp_path_factory.mktemp("stage") / "slope.html"
    file.write_text(to_html(slope_stage(), "A slope"), encoding="utf-8")
    page = open_offline(chromium, file)
    yield page
    assert page.faults == []
    page.context.close()


def clock(page: Any, player: str = "#player") -> str:
    return page.locator(f"{player} output").inner_text()


def test_the_clock_runs_from_the_first_time_to_the_last(page: Any) -> None:
    assert clock(page) == "x = 5"
    page.locator("#player input").fill("0")
    assert clock(page) == "x = −5"
    assert page.locator("#player .caption").inner_text() == "The slope is −10."


@pytest.mark.parametrize(("at", "shown"), [(-5, "−5"), (-1.4, "−1"), (-1.6, "−2"), (0.2, "0"), (99, "5"), (-99, "−5")])
def test_the_play_head_begins_at_the_nearest_frame(page: Any, at: float, shown: str) -> None:
    page.evaluate(
        """at => {
            document.getElementById("other")?.remove();
            const host = document.createElement("div");
            host.id = "other";
            document.body.append(host);
            createPlayer(host, {at, speed: 1}).attach(document.getElementById("stage"));
        }""",
        at,
    )
    assert clock(page, "#other") == f"x = {shown}"
