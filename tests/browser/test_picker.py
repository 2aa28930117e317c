"""A landscape or a data set is chosen by its picture: by hand, by name, by keys alone."""

from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from landscape.calculus.curves import CURVES
from landscape.calculus.guesses import PLACES
from landscape.landscapes import LANDSCAPES
from landscape.regularization.two_weights import TWO_WEIGHTS
from tests.browser.steps import open_chart, open_more, query, settle, until

pytestmark = pytest.mark.browser

GRAPH = ".js-plotly-plot"


def opened(page: Page, app_url: str, address: str = "", label: str = "Landscape") -> Locator:
    open_chart(page, f"{app_url}/{address}", GRAPH)
    button = page.get_by_role("button", name=label)
    if not button.count():
        open_more(page)
    button.click()
    dialog = page.get_by_role("dialog", name=label)
    dialog.wait_for()
    return dialog


def pictured(dialog: Locator) -> int:
    return dialog.locator("canvas").count()


def test_a_landscape_is_chosen_by_its_picture(page: Page, app_url: str) -> None:
    dialog = opened(page, app_url)
    until(page, lambda: pictured(dialog) == len(LANDSCAPES))
    expect(dialog.get_by_role("radio", checked=True)).to_contain_text(LANDSCAPES["rosenbrock"].title)
    dialog.get_by_role("radio", name=LANDSCAPES["himmelblau"].title).click()
    expect(dialog).to_be_hidden()
    settle(page)
    assert query(page) == {"surface": "himmelblau"}
    expect(page.get_by_role("button", name="Landscape")).to_have_accessible_name("Landscape Himmelblau")


def test_a_landscape_is_found_by_name_and_chosen_by_keys(page: Page, app_url: str) -> None:
    dialog = opened(page, app_url)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    expect(dialog.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("camel")
    expect(dialog.get_by_role("radio")).to_have_count(2)
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    expect(dialog.get_by_role("radio", name=LANDSCAPES["six_hump_camel"].title)).to_be_focused()
    page.keyboard.press("Enter")
    settle(page)
    assert query(page) == {"surface": "six_hump_camel"}


def test_arrows_go_through_all_rows_and_escape_leaves_things_as_they_are(page: Page, app_url: str) -> None:
    dialog = opened(page, app_url)
    page.keyboard.press("Home")
    focused = dialog.locator("[role=radio]:focus")
    rows = 0
    while focused.get_attribute("data-key") not in list(LANDSCAPES)[-3:]:
        page.keyboard.press("ArrowDown")
        rows += 1
        assert rows < len(LANDSCAPES)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Landscape")).to_be_focused()
    settle(page)
    assert query(page) == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_dialog(page: Any, app_url: str, scheme: str) -> None:
    dialog = opened(page, app_url, "backpropagation?hidden=3&steps=30", "Data")
    until(page, lambda: pictured(dialog) > 0)
    found = [v for v in Axe().run(page)["violations"] if v["impact"] in ("serious", "critical")]
    page.keyboard.press("Escape")
    assert not found, found


@pytest.mark.parametrize(
    ("address", "label", "of", "chosen", "kept"),
    [
        (
            "regularization?view=methods&x=1&strength=0.5",
            "Loss",
            TWO_WEIGHTS,
            "cholesterol",
            {"view": "methods", "loss": "cholesterol"},
        ),
        ("slope?x=2&h=0.5", "Function", CURVES, "sine", {"curve": "sine"}),
        (
            f"slope?ask=1&asked=drawn&drawn={PLACES * 'hz'}",
            "Function",
            CURVES,
            "square",
            {"ask": "1", "asked": "drawn", "curve": "square"},
        ),
    ],
)
def test_a_loss_and_a_curve_are_chosen_by_their_pictures_and_bring_their_own_place(
    page: Page, app_url: str, address: str, label: str, of: dict[str, Any], chosen: str, kept: dict[str, str]
) -> None:
    dialog = opened(page, app_url, address, label)
    until(page, lambda: pictured(dialog) == len(of))
    dialog.get_by_role("radio", name=of[chosen].title, exact=True).click()
    expect(dialog).to_be_hidden()
    settle(page)
    assert query(page) == kept
