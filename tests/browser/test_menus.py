"""Nothing in the drawer is cut at its width: no label, no option, chosen or to be chosen."""

import json

import pytest
from playwright.sync_api import Page
from streamlit.testing.v1 import AppTest

from tests.browser.steps import open_chart
from tests.pages.test_drawer import CROWDED, VIEWS, in_the_drawer

pytestmark = pytest.mark.browser

# How wide each text is in a menu's own letters, and how much room a menu has for it, shut and open.
MEASURE = """async (texts) => {
    const field = document.querySelector(".st-key-more .stSelectbox [role=combobox]"), look = getComputedStyle(field);
    const room = field.clientWidth - parseFloat(look.paddingLeft) - parseFloat(look.paddingRight);
    const context = document.createElement("canvas").getContext("2d");
    context.font = `${look.fontWeight} ${look.fontSize} ${look.fontFamily}`;
    await document.fonts.ready;
    return texts.filter((text) => context.measureText(text).width > room);
}"""
# What is cut where it stands.
CUT = """() => [...document.querySelectorAll("[data-testid=stSidebar] :is(p, button, label, summary, input)")]
    .filter((each) => each.checkVisibility() && each.clientWidth && each.scrollWidth > each.clientWidth + 1)
    .map((each) => each.textContent || each.value)"""


def options(app: AppTest) -> set[str]:
    return {str(each) for menu in app.sidebar.selectbox for each in menu.options}


def test_no_option_of_any_menu_is_cut(page: Page, app_url: str) -> None:
    states = [*((*names, {}) for names in VIEWS), *CROWDED]
    every = set().union(*(options(in_the_drawer(*state)) for state in states))
    open_chart(page, f"{app_url}/backpropagation", ".js-plotly-plot")
    page.get_by_test_id("stSidebar").get_by_text("More", exact=True).click()
    cut = page.evaluate(MEASURE, sorted(every))
    assert cut == [], json.dumps(cut)


@pytest.mark.parametrize(
    "address",
    ["", "regularization?view=methods&methods=hestenes_stiefel,fista", "recurrence?view=series&steps=3&hidden=2"],
)
def test_no_label_is_cut(page: Page, app_url: str, address: str) -> None:
    open_chart(page, f"{app_url}/{address}", ".js-plotly-plot")
    page.get_by_test_id("stSidebar").get_by_text("More", exact=True).click()
    assert page.evaluate(CUT) == []
