"""The Backpropagation page in a real browser: what is painted follows the play head, and it lives in its URL."""

import json
import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from landscape.datasets import DATASETS
from landscape.figures.kit.style import THEMES
from landscape.figures.networks import tints
from landscape.lessons.training import build, lesson
from landscape.networks.sample import passed
from landscape.numbers import short
from tests.browser.steps import ends, exported, open_chart, open_offline, query, settle, under_way, until

pytestmark = pytest.mark.browser


def graph(view: str = "training") -> str:
    return f".st-key-stage-{view} .js-plotly-plot"


def open_stage(page: Page, url: str, parameters: str = "", view: str = "training") -> None:
    open_chart(page, f"{url}/backpropagation?{parameters}", graph(view))


def head(page: Page, to: int | None = None) -> int:
    control = page.get_by_label("Play head")
    if to is not None:
        control.fill(str(to))
    return int(control.input_value())


def pictures(page: Page) -> list[str]:
    return page.eval_on_selector_all(f"{graph()} .heatmaplayer image", "all => all.map(i => i.getAttribute('href'))")


def pixels(page: Page, which: int) -> np.ndarray:
    """The colours of a painted heat map, (rows, columns, 3), row 0 on top."""
    script = """async (gd, which) => { const image = new Image();
        image.src = gd.querySelectorAll('.heatmaplayer image')[which].getAttribute('href'); await image.decode();
        const canvas = new OffscreenCanvas(image.width, image.height), pen = canvas.getContext('2d');
        pen.drawImage(image, 0, 0); const {data} = pen.getImageData(0, 0, image.width, image.height);
        return [image.height, image.width, Array.from(data)]; }"""
    rows, columns, data = page.eval_on_selector(graph(), script, which)
    return np.array(data).reshape(rows, columns, 4)[..., :3]


def lines(page: Page, view: str = "training") -> list[dict[str, str]]:
    script = """gd => { const t = gd._fullData.find(t => t.name === "weights");
        return JSON.stringify([...gd.querySelectorAll(`.trace${t.uid} path.js-line`)].map(p =>
            ({color: p.style.stroke, width: p.style.strokeWidth}))); }"""
    return json.loads(page.eval_on_selector(graph(view), script))


def words(page: Page) -> list[str]:
    script = """gd => [...gd.querySelectorAll('.scatterlayer text')].map(t => t.textContent)"""
    return page.eval_on_selector(graph("step"), script)


def test_the_stage_is_whole_and_is_painted(page: Page, app_url: str) -> None:
    open_stage(page, app_url, "steps=60")
    controls = page.get_by_role("button", name="Play").bounding_box()
    assert controls["y"] + controls["height"] <= 720
    assert len(pictures(page)) == 2 + 8 + 1 + 1
    assert len(lines(page)) == 24
    assert len({line["width"] for line in lines(page)}) > 5


def test_maps_and_lines_follow_the_play_head(page: Page, app_url: str) -> None:
    open_stage(page, app_url, "steps=60")
    end, drawn = pictures(page), lines(page)
    head(page, 0)
    start = pictures(page)
    # The inputs' own faces stay; the others, and the decision, change.
    assert [a == b for a, b in zip(start, end, strict=True)] == [True] * 2 + [False] * 10
    assert lines(page) != drawn
    page.get_by_label("Speed").select_option("0.25")
    page.get_by_role("button", name="Play").click()
    under_way(page)
    page.get_by_role("button", name="Pause").click()
    assert 0 < head(page) < 60
    assert pictures(page)[-1] not in (start[-1], end[-1])
    head(page, 60)
    assert pictures(page) == end


def test_the_decision_is_painted_as_the_network_decides(page: Page, app_url: str) -> None:
    open_stage(page, app_url, "steps=60&at=0&tune=0")
    samples = DATASETS["moons"].samples
    network = build(samples, (8,), "tanh")
    w = network.init(np.random.default_rng(0))
    low, high = samples.inputs.min(axis=0), samples.inputs.max(axis=0)
    half = 0.56 * (high - low).max()
    painted = pixels(page, 11)
    rows, columns, _ = painted.shape
    x = (low + high)[0] / 2 - half + 2 * half * (np.arange(columns) + 0.5) / columns
    y = (low + high)[1] / 2 + half - 2 * half * (np.arange(rows) + 0.5) / rows
    logits = network.forward(w, np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)).reshape(rows, columns)
    orange = painted[..., 0] > painted[..., 2]
    sure = np.abs(logits) > 0.1
    assert sure.mean() > 0.5
    assert np.array_equal(orange[sure], logits[sure] > 0)
    allowed = set(tints.chances(THEMES["light"]))
    assert {f"#{r:02x}{g:02x}{b:02x}" for r, g, b in painted.reshape(-1, 3)} <= allowed


def test_a_curve_bends_with_the_play_head(page: Page, app_url: str) -> None:
    open_stage(page, app_url, "data=curve&steps=60")
    shape = """gd => { const t = gd._fullData.find(t => t.name === "curve");
        return gd.querySelector(`.trace${t.uid} path.js-line`).getAttribute("d"); }"""
    end = page.eval_on_selector(graph(), shape)
    head(page, 0)
    assert page.eval_on_selector(graph(), shape) != end


def test_two_methods_are_painted_side_by_side(page: Page, app_url: str) -> None:
    open_stage(page, app_url, "steps=60&second=adam")
    head(page, 0)
    first, second = pictures(page)
    assert first == second
    head(page, 60)
    first, second = pictures(page)
    assert first != second


def test_one_step_goes_forward_and_back_by_one_operation(page: Page, app_url: str) -> None:
    open_stage(page, app_url, "view=step&hidden=3&tune=0", view="step")
    assert head(page) == 9
    assert "Gradient: hidden 3 → output" in words(page)
    head(page, 0)
    assert "The example goes in" in words(page)
    page.get_by_role("button", name="One step forward").click()
    assert "Forward: hidden 1" in words(page)
    before = lines(page, "step")
    page.get_by_role("button", name="One step forward").click()
    assert "Forward: hidden 2" in words(page)
    assert lines(page, "step") != before
    page.get_by_role("button", name="One step back").click()
    assert "Forward: hidden 1" in words(page)
    expect(page).to_have_url(re.compile("at=1"))
    settle(page)
    head(page, 7)
    (gradient,) = [said for said in words(page) if said.startswith("∂L/∂w")]
    (measured,) = [said for said in words(page) if said.startswith("central difference")]
    assert gradient.rsplit("= ", 1)[1] == measured.rsplit(" ", 1)[1]


def test_the_numbers_follow_the_sample_that_is_dragged(page: Page, app_url: str) -> None:
    open_stage(page, app_url, "view=step&hidden=3&tune=0&at=end", view="step")
    handle, heard = page.get_by_role("slider", name="x₁"), page.heard
    box = handle.bounding_box()
    left, top = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(left + 60, top, steps=5)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 30)))")
    seen, said = words(page), page.locator("p.caption").inner_text()
    assert page.heard == heard
    page.mouse.up()
    expect(page).to_have_url(re.compile("sample.x1="), timeout=30_000)
    settle(page)
    # The sentences under the network cannot follow; all numbers in the units are those that the server comes to.
    numbers = [each for each in words(page) if re.fullmatch(r"(δ )?−?[\d.]+(·10.+)?", each)]
    assert len(numbers) == 2 + 3 * 2 + 2
    assert [each for each in seen if each in numbers] == numbers
    samples = DATASETS["moons"].samples
    network = build(samples, (3,), "tanh")
    w = network.init(np.random.default_rng(0))
    learn = lesson(network, samples, w, share=0.25, seed=0, batch=0, penalty=None).learn
    x = (float(query(page)["sample.x1"]), learn.inputs[0, 1])
    found = passed(network, w, x, float(learn.targets[0]))
    loss = short(float(found.loss))
    assert said.startswith(f"The loss is {loss}.")
    # Let go, it says what is seen at the play head again.
    expect(page.locator("p.caption")).to_contain_text(f"The loss on this example goes from {loss} to ")


def test_the_live_sentence_of_one_step_follows_the_play_head(page: Page, app_url: str) -> None:
    open_stage(page, app_url, "view=step&hidden=3&tune=0", view="step")
    caption = page.locator("p.caption")
    expect(caption).to_contain_text("The gradient of hidden 3 → output is ")
    head(page, 0)
    expect(caption).to_have_text("The example goes in.")
    head(page, 2)
    expect(caption).to_contain_text("Forwards: hidden 2 gives ")


def test_a_click_on_a_line_follows_its_weight(page: Page, app_url: str) -> None:
    open_stage(page, app_url, "view=step&hidden=3&tune=0", view="step")
    script = """gd => { const t = gd._fullData.find(t => t.name === "weights"), b = gd.getBoundingClientRect();
        const {xaxis, yaxis} = gd._fullLayout, m = k => (t.x[k] * 0.4 + t.x[k + 1] * 0.6);
        return [b.left + xaxis._offset + xaxis.d2p(m(3)),
                b.top + yaxis._offset + yaxis.d2p(t.y[3] * 0.4 + t.y[4] * 0.6)]; }"""
    left, top = page.eval_on_selector(graph("step"), script)
    page.mouse.click(left, top)
    expect(page).to_have_url(re.compile("edge=1"))
    settle(page)
    expect(page.get_by_text("The weight followed: x₂ → hidden 1")).to_be_visible()


def test_the_spectrum_moves_with_the_play_head(page: Page, app_url: str) -> None:
    open_stage(page, app_url, "view=spectrum&hidden=3&steps=60", view="spectrum")
    marks = """gd => [...gd.querySelectorAll('path.point')].map(p => p.getAttribute('transform')).join()"""
    end = page.eval_on_selector(graph("spectrum"), marks)
    caption = page.locator(".caption").inner_text()
    head(page, 0)
    assert page.eval_on_selector(graph("spectrum"), marks) != end
    assert page.locator(".caption").inner_text() != caption


def test_views_change_in_place(page: Page, app_url: str) -> None:
    open_stage(page, app_url, "steps=30&hidden=3")
    for label, view in (("One step", "step"), ("Spectrum", "spectrum"), ("Train", "training")):
        page.get_by_role("radio", name=label).click()
        page.wait_for_selector(f"{graph(view)}.played", timeout=30_000)
        settle(page)
    assert len(pictures(page)) == 2 + 3 + 1 + 1
    assert query(page) == {"steps": "30", "hidden": "3"}


def test_a_fresh_tab_restores_the_view_from_the_url(page: Page, app_url: str) -> None:
    open_stage(page, app_url, "steps=60&hidden=3")
    head(page, 20)
    page.get_by_label("Play head").dispatch_event("change")
    expect(page).to_have_url(re.compile("at=20"))
    settle(page)
    fresh = page.context.new_page()
    open_chart(fresh, page.url, graph())
    assert head(fresh) == 20
    assert pictures(fresh) == pictures(page)
    fresh.close()


# A table stays with its tab.
@pytest.mark.fresh
def test_a_table_is_uploaded_and_a_bad_one_is_named(page: Page, app_url: str) -> None:
    open_stage(page, app_url, "data=own&steps=20")
    rows = "\n".join(f"{x},{x * x % 7},{x % 2}" for x in range(30))
    chooser = page.locator("input[type=file]")
    chooser.set_input_files({"name": "own.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    settle(page)
    page.wait_for_selector(f"{graph()}.played")
    assert page.get_by_text("No table is here").count() == 0
    chooser.set_input_files({"name": "bad.csv", "mimeType": "text/csv", "buffer": b"1,2,a\nword,2,b"})
    expect(page.get_by_text("Line 2: column 1 is 'word'; it must be a number")).to_be_visible()


def test_the_exported_page_paints_without_a_network(page: Page, chromium: Any, app_url: str, tmp_path: Any) -> None:
    open_stage(page, app_url, "steps=40&hidden=3")
    offline = open_offline(chromium, exported(page, tmp_path / "training.html"))
    hrefs = "all => all.map(i => i.getAttribute('href'))"
    begin, end = ends(offline, lambda: offline.eval_on_selector_all("#stage .heatmaplayer image", hrefs))
    assert begin[-1] != end[-1]
    assert offline.faults == []
    offline.context.close()


@pytest.mark.parametrize("view", ["training", "step", "spectrum"])
def test_a_phone_has_nothing_beside_the_screen(page: Page, app_url: str, view: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_stage(page, app_url, f"view={view}&second=adam", view=view)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("view", ["step", "training"])
def test_what_a_change_paints_is_what_its_link_paints(page: Page, app_url: str, view: str) -> None:
    script = """gd => [...gd.querySelectorAll('.scatterlayer text, path.js-line, .heatmaplayer image, path.point')].map(
        mark => [mark.textContent, mark.getAttribute('d'), mark.getAttribute('href'), mark.style.stroke].join())"""
    open_stage(page, app_url, f"view={view}&hidden=3&steps=40&at=5", view=view)
    before = page.eval_on_selector(graph(view), script)
    slider = page.get_by_role("slider", name="Steps" if view == "training" else "Example")
    slider.focus()
    page.keyboard.press("ArrowRight")
    settle(page)
    until(page, lambda: page.eval_on_selector(graph(view), script) != before)
    settle(page)
    changed = page.eval_on_selector(graph(view), script)
    page.reload()
    page.wait_for_selector(f"{graph(view)}.played", timeout=60_000)
    settle(page)
    until(page, lambda: page.eval_on_selector(graph(view), script) == changed)
