"""How much the Convolution and the Recurrence page send, and how fast the stage follows a hand: run with
--benchmark-enable -s.

Sizes are asserted, they do not depend on the machine; times are printed for a reader to compare with.
"""

from typing import Any

import pytest

from tests.benchmarks.conftest import PLAYED, sent
from tests.browser.steps import pixel

STAGE = f".st-key-stage-forward-1-0 {PLAYED}"
LIMIT = 250_000
VIEWS = {
    "convolution": ["", "padding=2", "view=backward", "view=backward&of=image&padding=2", "view=backward&of=pool"],
    "recurrence": ["", "length=100&cell=lstm", "view=cliff"],
}
# Those that show a training as it comes, with a training that is over in a moment.
GROWING = {"convolution": ["view=train&epochs=1&channels=1"], "recurrence": ["view=series&steps=1&hidden=1"]}
# A hand that moves from one point to another in so many steps, and the milliseconds of script that each of them takes.
MOVE = """async ([graph, panel, from, to, steps]) => {
    const gd = document.querySelector(graph);
    const cover = gd.querySelector(`.draglayer > .${panel} .nsewdrag`);
    const fire = (name, share) => cover.dispatchEvent(new PointerEvent(name, {
        clientX: from[0] + share * (to[0] - from[0]), clientY: from[1] + share * (to[1] - from[1]),
        bubbles: true, cancelable: true, pointerId: 1, button: 0 }));
    const result = () => [...gd.querySelectorAll("text")].map(text => text.textContent).join();
    const scripts = [];
    let changed = 0;
    fire("pointerdown", 0);
    for (let k = 1; k <= steps; k++) {
        await new Promise(requestAnimationFrame);
        const before = result(), begin = performance.now();
        fire("pointermove", k / steps);
        scripts.push(performance.now() - begin);
        changed += result() !== before;
    }
    fire("pointercancel", 1);
    return [scripts, changed];
}"""


@pytest.mark.parametrize(
    "address", [f"{page}?{query}" for views in (VIEWS, GROWING) for page, queries in views.items() for query in queries]
)
def test_bytes_over_the_websocket(app_url: str, address: str) -> None:
    """The player's code, which a browser asks for once, is in it."""
    sent(app_url, address)
    # A training is there at the second time, and all of it is shown at once.
    size = sent(app_url, address)
    print(f"\n{address}: {size:,} bytes")
    assert 20_000 < size <= LIMIT


@pytest.mark.browser
@pytest.mark.parametrize(
    ("what", "panel", "ends"),
    [
        ("an entry", "x2y2", [(1, 1, "xaxis2"), (1, 2.4, "xaxis2")]),
        ("a stroke", "xy", [(1, 6, "xaxis"), (6, 1, "xaxis")]),
    ],
    ids=["an entry is dragged", "a stroke is drawn"],
)
def test_script_of_a_move(page: Any, app_url: str, what: str, panel: str, ends: list[tuple[float, float, str]]) -> None:
    page.goto(f"{app_url}/convolution?at=end")
    page.wait_for_selector(STAGE, timeout=60_000)
    page.wait_for_timeout(1500)
    scripts, changed = page.evaluate(MOVE, [STAGE, panel, *(pixel(page, STAGE, *end) for end in ends), 60])
    assert changed > 15
    ordered = sorted(scripts)
    print(
        f"\n{what}, script of a move: median {ordered[30]:.1f} ms, 95 % {ordered[57]:.1f} ms, {changed} changed cells"
    )
