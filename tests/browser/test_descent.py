"""The Descent page in a real browser: it loads, plays, takes a click to the pixel, and lives in its URL."""

import json
import re
from typing import Any, Literal

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from landscape.surfaces import SURFACES
from tests.browser.steps import open_chart, pixel, push, query, reload, settle, under_way, until

pytestmark = pytest.mark.browser

GRAPH = ".st-key-stage-race .js-plotly-plot"


def open_stage(page: Page, url: str) -> None:
    open_chart(page, url, GRAPH)


def traces(page: Page) -> list[dict[str, Any]]:
    """Name, axis and numbers of every drawn trace, as Plotly holds them."""
    script = """gd => JSON.stringify(gd._fullData.map(t => ({name: t.name, mode: t.mode, axis: t.xaxis,
        x: t.x && Array.from(t.x), y: t.y && Array.from(t.y)})))"""
    return json.loads(page.eval_on_selector(GRAPH, script))


def path(page: Page, title: str) -> np.ndarray:
    (trace,) = [
        t for t in traces(page) if t["name"].startswith(title) and t.get("axis") == "x" and t["mode"] == "lines"
    ]
    return np.array([trace["x"], trace["y"]]).T


def painted(page: Page) -> list[str]:
    """Every line as it is painted."""
    return page.eval_on_selector_all(f"{GRAPH} path.js-line", "lines => lines.map(line => line.getAttribute('d'))")


def heads(page: Page) -> np.ndarray:
    """Where the heads are drawn on the map, in data coordinates, read back from the marks' pixels."""
    script = """gd => { const {xaxis, yaxis} = gd._fullLayout;
        const heads = gd._fullData.find(t => t.name === "heads" && t.xaxis === "x");
        return [...gd.querySelectorAll(`.trace${heads.uid} path.point`)].map(p => {
            const [x, y] = p.getAttribute("transform").match(/-?[0-9.]+/g).map(Number);
            return [xaxis.p2d(x), yaxis.p2d(y)]; }); }"""
    return np.array(page.eval_on_selector(GRAPH, script))


SCENE = """gd => { const { glplot, dataScale, svgContainer } = gd._fullLayout.scene._scene;
    const { model, view, projection } = glplot.cameraParams, { clientWidth, clientHeight } = glplot.canvas;
    const frames = gd._transitionData._frames;
    const at = gd._fullData.findIndex(t => t.type === "scatter3d" && t.name === "heads");
    const { x, y, z } = frames[0].data[frames[0].traces.indexOf(at)];
    return { matrices: [projection, view, model].map(m => [...m]), scale: dataScale, size: [clientWidth, clientHeight],
        begin: [x[0], y[0], z[0]], marks: [...svgContainer.querySelectorAll("path")].map(mark =>
            mark.getAttribute("transform").match(/-?[0-9.]+/g).slice(0, 2).map(Number)) }; }"""


def scene_heads(page: Page) -> tuple[np.ndarray, np.ndarray]:
    """The pixels of the heads above the scene, and of the place on the ground where all of them begin."""
    scene = page.eval_on_selector(GRAPH, SCENE)
    projection, view, model = (np.array(m).reshape(4, 4).T for m in scene["matrices"])
    x, y, _, w = projection @ view @ model @ [*np.multiply(scene["begin"], scene["scale"]), 1.0]
    return np.array(scene["marks"]), np.array([1 + x / w, 1 - y / w]) / 2 * scene["size"]


def test_opens_on_a_race_down_rosenbrock_with_the_stage_whole(page: Page, app_url: str) -> None:
    open_stage(page, app_url)
    assert np.allclose(path(page, "Newton")[-1], [1, 1], atol=1e-6)
    controls = page.get_by_role("button", name="Play").bounding_box()
    assert controls["y"] + controls["height"] <= 720
    assert page.eval_on_selector(GRAPH, "gd => gd.getBoundingClientRect().top") >= 0


def test_plays_pauses_scrubs_and_steps(page: Page, app_url: str) -> None:
    open_stage(page, app_url)
    end = heads(page)
    page.get_by_label("Speed").select_option("0.25")
    page.get_by_role("button", name="Play").click()
    under_way(page)
    page.get_by_role("button", name="Pause").click()
    paused = int(page.get_by_label("Play head").input_value())
    assert 0 < paused < 240
    assert not np.allclose(heads(page), end)
    page.get_by_role("button", name="One step forward").click()
    assert int(page.get_by_label("Play head").input_value()) == paused + 1
    page.get_by_role("button", name="One step back").click()
    assert int(page.get_by_label("Play head").input_value()) == paused
    page.get_by_label("Play head").fill("0")
    # They stand around the start, none on another.
    assert np.allclose(heads(page).mean(axis=0), [-1.2, 1], atol=1e-2)
    assert np.abs(heads(page) - [-1.2, 1]).max() < 0.3
    contours = page.locator(f"{GRAPH} .contourlayer path")
    assert contours.count() > 10
    # The trail is trimmed to the play head.
    drawn = page.eval_on_selector_all(f"{GRAPH} .scatterlayer path.js-line", "ps => ps.map(p => p.getAttribute('d'))")
    assert all(d.count("L") == 0 for d in drawn)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_ground_is_lit_from_the_upper_left(page: Page, app_url: str, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    open_chart(page, f"{app_url}/?surface=sphere&steps=5", GRAPH)
    shade = page.locator(f"{GRAPH} .contourlayer .shade")
    # Tone and opacity of the light, row by row from the top.
    script = """async image => {
        const picture = new Image();
        picture.src = image.getAttribute("href");
        await picture.decode();
        const { width, height } = picture, canvas = Object.assign(document.createElement("canvas"), { width, height });
        const pen = canvas.getContext("2d");
        pen.drawImage(picture, 0, 0);
        return [width, [...pen.getImageData(0, 0, width, height).data]];
    }"""
    width, flat = shade.evaluate(script)
    pixels = np.array(flat).reshape(-1, width, 4)
    alpha, half = pixels[..., 3], width // 2
    upper_left, lower_right = alpha[:half, :half], alpha[half + 1 :, half + 1 :]
    # Of a bowl the far side faces the light. Dark letters have pale slopes, pale letters dark ones.
    lit, unlit, tone = (lower_right, upper_left, 255) if scheme == "light" else (upper_left, lower_right, 0)
    assert lit.min() > 0
    assert unlit.max() == 0
    assert np.all(pixels[alpha > 0][:, :3] == tone)
    # It lies on the map's own place.
    box, (left, top) = shade.bounding_box(), pixel(page, GRAPH, *domain_corner("sphere"))
    cell = box["width"] / width
    assert abs(box["x"] + cell / 2 - left) < 1.5
    assert abs(box["y"] + cell / 2 - top) < 1.5


def domain_corner(key: str) -> tuple[float, float]:
    """The upper left corner of a landscape's map."""
    (left, _), (_, top) = SURFACES[key].domain
    return left, top


def test_speed_sets_how_far_a_second_goes(page: Page, app_url: str) -> None:
    open_stage(page, app_url)
    # By the clock of the frame that shows it, so that a slow browser, which shows fewer, says the same.
    script = """range => new Promise(done => {
        const began = performance.now();
        range.getRootNode().querySelector("[data-do=play]").click();
        const look = now => Number(range.value) >= 10 ? done(range.value / (now - began)) : requestAnimationFrame(look);
        requestAnimationFrame(look); })"""
    paces = []
    for speed in ("0.25", "4"):
        page.get_by_label("Speed").select_option(speed)
        # This stops it, too.
        page.get_by_label("Play head").fill("0")
        paces.append(page.get_by_label("Play head").evaluate(script))
    assert paces[1] > 6 * paces[0]


def test_keyboard_plays_and_steps(page: Page, app_url: str) -> None:
    open_stage(page, app_url)
    page.keyboard.press("ArrowLeft")
    assert int(page.get_by_label("Play head").input_value()) == 239
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()


def test_a_click_on_the_map_sets_the_start_to_the_pixel(page: Page, app_url: str) -> None:
    open_stage(page, app_url)
    left, top = pixel(page, GRAPH, 0.5, 2.0)
    page.mouse.click(round(left), round(top))
    expect(page).to_have_url(re.compile("x="))
    settle(page)
    start = np.array([float(query(page)["x"]), float(query(page)["y"])])
    assert np.abs(np.array(pixel(page, GRAPH, *start)) - [round(left), round(top)]).max() <= 0.6
    assert np.allclose(path(page, "Adam")[0], start, atol=1e-5)


def test_escape_takes_a_drag_back(page: Page, app_url: str) -> None:
    open_stage(page, app_url)
    before = painted(page)
    left, top = pixel(page, GRAPH, 0.5, 2.0)
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(left + 60, top + 30, steps=4)
    page.wait_for_function(
        "([lines, before]) => document.querySelector(lines).getAttribute('d') !== before",
        arg=[f"{GRAPH} path.js-line", before[0]],
    )
    page.keyboard.press("Escape")
    page.mouse.up()
    settle(page)
    assert "x" not in query(page)
    assert painted(page) == before


def test_the_url_alone_restores_the_view_in_a_fresh_browser(page: Page, chromium: Any, app_url: str) -> None:
    open_stage(
        page, f"{app_url}/?surface=himmelblau&methods=adam,newton&tune=0&adam.lr=0.25&x=-1&y=2&steps=120&clock=cost"
    )
    page.get_by_label("Play head").fill("40")
    page.get_by_label("Speed").select_option("2")
    expect(page).to_have_url(re.compile("speed=2"))
    settle(page)
    other = chromium.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce").new_page()
    open_stage(other, page.url)
    assert np.array_equal(path(page, "Adam"), path(other, "Adam"))
    assert np.allclose(heads(page), heads(other), atol=0.02)
    assert other.get_by_label("Play head").input_value() == "40"
    assert other.get_by_label("Speed").input_value() == "2"
    assert query(other) == query(page)
    other.context.close()


def test_back_and_reload_keep_the_view(page: Page, app_url: str) -> None:
    open_stage(page, app_url)
    page.mouse.click(*pixel(page, GRAPH, 0.5, 2.0))
    expect(page).to_have_url(re.compile("x="))
    settle(page)
    there = path(page, "Adam")
    reload(page, GRAPH)
    assert np.array_equal(path(page, "Adam"), there)
    page.go_back()
    until(page, lambda: "x" not in query(page))
    settle(page)
    assert "x" not in query(page)
    assert np.allclose(path(page, "Adam")[0], SURFACES["rosenbrock"].start)


def test_going_back_puts_the_play_head_where_it_was(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/?steps=60&at=10&speed=2")
    page.get_by_label("Play head").fill("25")
    expect(page).to_have_url(re.compile("at=25"))
    settle(page)
    # As the browser's own Back does, to a link whose figure is the same.
    to = f"{app_url}/?steps=60&at=10&speed=2"
    push(page, to)
    expect(page.get_by_label("Play head")).to_have_value("10")
    expect(page.get_by_label("Speed")).to_have_value("2")


@pytest.mark.parametrize("view", ["surface", "both"])
def test_plays_in_three_dimensions(page: Page, app_url: str, view: str) -> None:
    # The play head at its end first: a scene is drawn there, and goes anywhere else as an animation.
    open_stage(page, f"{app_url}/?steps=60")
    open_stage(page, f"{app_url}/?view={view}&steps=60")
    marks, begin = scene_heads(page)
    assert np.linalg.norm(marks - begin, axis=1).max() > 40
    page.get_by_label("Play head").fill("0")
    until(page, lambda: np.linalg.norm(scene_heads(page)[0] - begin, axis=1).max() < 30)
    marks, begin = scene_heads(page)
    # They stand apart around the start.
    assert np.allclose(marks.mean(axis=0), begin, atol=1)
    assert np.linalg.norm(marks[:, None] - marks, axis=-1)[np.triu_indices(len(marks), 1)].min() > 10


def test_heads_in_a_scene_follow_its_camera_and_are_faint_behind_the_ground(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/?view=surface&steps=20&at=0")
    before = scene_heads(page)[0]
    faint = f"{GRAPH} [id^=scene] svg path[style*='opacity: 0.3']"
    expect(page.locator(faint)).to_have_count(0)
    # From under the ground.
    open_stage(page, f"{app_url}/?view=surface&steps=20&at=0&look=camera:0.5:-0.8:-1.8:0:0:0")
    expect(page.locator(faint)).to_have_count(len(before))
    after, begin = scene_heads(page)
    assert np.allclose(after.mean(axis=0), begin, atol=1)
    assert not np.allclose(after, before, atol=5)


@pytest.mark.fresh
def test_a_phone_gets_the_panels_stacked(page: Page, app_url: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_stage(page, app_url)
    page.wait_for_function(f"() => document.querySelector('{GRAPH}')._fullLayout.yaxis.domain[0] > 0.3")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_nonsense_in_the_url_is_named_and_the_page_draws(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/?surface=nowhere&methods=adam,magic&x=word&y=1e999&steps=-5&old=1")
    complaint = page.get_by_role("alert").inner_text()
    for name in ("nowhere", "magic", "word", "y is inf", "steps", "old"):
        assert name in complaint
    assert len(path(page, "Adam")) == 301


def test_a_zoom_is_in_the_link(page: Page, app_url: str) -> None:
    seen = "gd => [...gd._fullLayout.xaxis.range, ...gd._fullLayout.yaxis.range]"
    open_stage(page, f"{app_url}/?steps=60")
    home = page.eval_on_selector(GRAPH, seen)
    page.get_by_role("button", name="Zoom in").click()
    expect(page).to_have_url(re.compile("look=x"), timeout=30_000)
    zoomed = page.eval_on_selector(GRAPH, seen)
    assert not np.allclose(zoomed, home)
    reload(page, GRAPH)
    assert np.allclose(page.eval_on_selector(GRAPH, seen), zoomed, rtol=1e-3, atol=1e-3)
    page.get_by_role("button", name="Show all of it").click()
    expect(page).not_to_have_url(re.compile("look="), timeout=30_000)
    assert np.allclose(page.eval_on_selector(GRAPH, seen), home)
    page.get_by_role("button", name="Zoom in").click()
    expect(page).to_have_url(re.compile("look=x"), timeout=30_000)
    page.get_by_role("button", name="Landscape").click()
    page.get_by_role("radio", name="Himmelblau").click()
    expect(page).not_to_have_url(re.compile("look="), timeout=30_000)


EYE = "gd => { const {x, y, z} = gd._fullLayout.scene._scene.getCamera().eye; return [x, y, z]; }"


def turn(page: Page) -> list[float]:
    """Turn the scene by hand; where the eye is then."""
    left, top = page.eval_on_selector(GRAPH, "gd => { const b = gd.getBoundingClientRect(); return [b.x, b.y]; }")
    page.mouse.move(left + 150, top + 200)
    page.mouse.down()
    page.mouse.move(left + 230, top + 220, steps=4)
    page.mouse.up()
    expect(page).to_have_url(re.compile("look=camera"), timeout=30_000)
    # The scene glides on for a moment after the hand has let go.
    settle(page)
    return page.eval_on_selector(GRAPH, EYE)


def test_a_camera_is_in_the_link(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/?view=surface&steps=20")
    home = page.eval_on_selector(GRAPH, EYE)
    turn(page)
    link = query(page)["look"].split(":")
    reload(page, GRAPH)
    eye = page.eval_on_selector(GRAPH, EYE)
    assert not np.allclose(eye, home, atol=0.05)
    assert np.allclose(eye, [float(number) for number in link[1:4]], atol=1e-3)


@pytest.mark.fresh
def test_a_scene_takes_one_change_after_the_other(page: Page, app_url: str) -> None:
    open_stage(page, f"{app_url}/?view=surface&steps=20&look=camera:1.2:1.2:0.9:0:0:0")
    eye = np.array([1.2, 1.2, 0.9])
    for _ in range(2):
        eye *= 2 / 3
        page.get_by_role("button", name="Zoom in").click()
        assert np.allclose(page.eval_on_selector(GRAPH, EYE), eye)
    with page.expect_download():
        page.get_by_role("button", name="Save as PNG").click()


HEADS = """gd => { const trace = gd._fullData.find(t => t.name === "heads" && t.xaxis === "x");
    return [...gd.querySelectorAll(`.trace${trace.uid} path.point`)].map(p =>
        p.getAttribute("transform").match(/-?[0-9.]+/g).slice(0, 2).map(Number)); }"""


def test_heads_that_meet_stand_apart(page: Page, app_url: str) -> None:
    """On the minimum itself none has anywhere to go."""
    methods = "gradient_descent,momentum,nesterov,adam,newton"
    open_chart(page, f"{app_url}/?surface=himmelblau&x=3&y=2&steps=20&methods={methods}", GRAPH)
    heads = np.array(page.eval_on_selector(GRAPH, HEADS))
    assert len(heads) == 5
    gaps = np.linalg.norm(heads[:, None] - heads, axis=-1)[np.triu_indices(5, 1)]
    assert gaps.min() > 12
    # And around where they are.
    left, top = pixel(page, GRAPH, 3.0, 2.0)
    box = page.locator(f"{GRAPH} .xy .nsewdrag, {GRAPH} .nsewdrag").first.bounding_box()
    assert np.abs(heads - [left - box["x"], top - box["y"]]).max() < 40


def test_thin_lines_are_bold_while_they_are_pointed_at(page: Page, app_url: str) -> None:
    """Of more than four methods the rest are thin."""
    methods = "gradient_descent,momentum,adam,newton,nesterov"
    open_chart(page, f"{app_url}/?surface=quadratic&tune=0&steps=60&methods={methods}", GRAPH)
    width = """gd => { const trace = gd._fullData.find(t => t.name.startsWith("Nesterov") && t.xaxis === "x");
        const line = gd.querySelector(`.trace${trace.uid} path.js-line`);
        return parseFloat(getComputedStyle(line).strokeWidth); }"""
    assert page.eval_on_selector(GRAPH, width) < 1.5
    say = """(gd, type) => { const trace = gd._fullData.findIndex(t => t.name.startsWith("Nesterov"));
        gd.emit(type, { points: [{ curveNumber: trace }] }); }"""
    page.eval_on_selector(GRAPH, say, "plotly_hover")
    assert page.eval_on_selector(GRAPH, width) >= 3.5
    page.eval_on_selector(GRAPH, say, "plotly_unhover")
    assert page.eval_on_selector(GRAPH, width) < 1.5


def test_of_many_stationary_points_the_one_that_is_pointed_at_is_seen(page: Page, app_url: str) -> None:
    open_chart(page, f"{app_url}/?surface=rastrigin&methods=gradient_descent&tune=0&steps=20", GRAPH)
    count = """gd => { const trace = gd._fullData.find(t => t.name === "saddle");
        const marks = [...gd.querySelectorAll(`.trace${trace.uid} path.point`)];
        return [marks.length, marks.filter(mark => getComputedStyle(mark).opacity !== "0").length]; }"""
    assert page.eval_on_selector(GRAPH, count)[0] > 12
    assert page.eval_on_selector(GRAPH, count)[1] == 0
    where = "gd => { const t = gd._fullData.find(t => t.name === 'saddle'); return [t.x[0], t.y[0]]; }"
    page.mouse.move(*pixel(page, GRAPH, *page.eval_on_selector(GRAPH, where)))
    until(page, lambda: page.eval_on_selector(GRAPH, count)[1] == 1)
    assert "saddle" in page.locator(f"{GRAPH} .hoverlayer").text_content()
    page.mouse.move(5, 5)
    until(page, lambda: page.eval_on_selector(GRAPH, count)[1] == 0)
