"""A stage as one HTML file that plays without a network."""

import html
from pathlib import Path

import plotly.io as pio
from plotly.offline import get_plotlyjs

from landscape.figures.kit.bare import bare
from landscape.figures.kit.stage import Stage
from landscape.figures.kit.style import FONT
from landscape.numbers import readable

HERE = Path(__file__).parent
# What the player is made of, each after what it needs.
NAMES = (
    "paint program heights scene drawing shade pen cells rove live stroke grab handles space callout names tools player"
)
SCRIPTS = tuple(f"{name}.js" for name in NAMES.split())


def player_script() -> str:
    """JavaScript that defines createPlayer."""
    return "".join(bare(HERE / name) for name in SCRIPTS)


def player_style() -> str:
    """CSS of the player's controls."""
    return bare(HERE / "player.css")


def to_html(stage: Stage, title: str) -> str:
    """The page: figure, player and Plotly itself, about 5 MB, with the stage in words under it."""
    theme, caption = stage.theme, readable(stage.alt)
    # Inside a script, what looks like a tag may end it.
    spec = pio.to_json(stage.sent, validate=False).replace("<", "\\u003c")
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title)}</title>
<style>
body {{ background: {theme.paper}; color: {theme.ink}; font-family: {FONT}; margin: 1.2rem auto; max-width: 1500px;
  padding: 0 1.2rem; }}
h1 {{ font-size: 1.5rem; margin: 0 0 .4rem; }}
/* What is put on them stands by their corners. */
#stage, #player {{ position: relative; }}
.played .updatemenu-container {{ display: none; }}
{player_style()}
</style>
<h1>{html.escape(title)}</h1>
<div id="stage" role="figure" aria-label="{html.escape(caption)}"></div>
<div id="player" class="host"></div>
<p>{html.escape(caption)}</p>
<script>{get_plotlyjs()}</script>
<script>{player_script()}</script>
<script>
const figure = {spec};
const hall = innerHeight - 190;
figure.layout.height = Math.max(figure.layout.height, Math.min(hall, innerWidth * 0.55));
const home = {{}};
const call = (gd, name, args) => Plotly[name](gd, ...args);
const options = {{ at: null, speed: 1, call, home: () => home }};
const player = createPlayer(document.getElementById("player"), options);
Plotly.newPlot("stage", figure.data, figure.layout, {{responsive: true, displayModeBar: false}})
  .then((gd) => {{
    for (const [name, axis] of Object.entries(gd._fullLayout)) {{
      if (/^[xy]axis\\d*$/.test(name)) home[`${{name}}.range`] = [...axis.range];
    }}
    if (gd._fullLayout.scene) home["scene.camera"] = structuredClone(gd._fullLayout.scene.camera);
    return Plotly.addFrames(gd, figure.frames);
  }})
  .then(() => player.attach(document.getElementById("stage")));
</script>
</html>
"""
