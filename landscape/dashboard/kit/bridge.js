// Ties the player to a chart that Streamlit draws elsewhere on the page.
//
// Streamlit keeps Plotly to itself, but a figure's own button may call any Plotly method: its arguments are set and it
// is pressed. The figure's button thus serves as the way in, and stays hidden.

const AT_ONCE = { mode: "immediate", transition: { duration: 0 }, frame: { duration: 0, redraw: true } };

function call(gd, method, args) {
  const button = gd._fullLayout.updatemenus?.[0]?.buttons[0];
  const element = gd.querySelector("g.updatemenu-button");
  if (!button || !element) return;
  Object.assign(button, { method, args });
  element.dispatchEvent(new MouseEvent("click", { bubbles: false }));
}

function animate(gd, name) {
  // Streamlit hands Plotly its own layout at every run, in which the viewer's camera is not.
  const camera = gd._fullLayout.scene?.camera;
  if (camera) gd.layout.scene.camera = { ...gd.layout.scene.camera, eye: { ...camera.eye }, center: { ...camera.center } };
  call(gd, "animate", [[name], AT_ONCE]);
}

// Streamlit draws a changed chart anew, and a link is opened elsewhere: what a viewer has changed of the ranges and the
// camera is kept as text, "x:-2:2,y:-1:3" or "camera:" and the numbers of its eye and centre.
function lookOf(gd) {
  const axes = Object.entries(gd._fullLayout).filter(([name]) => /^[xy]axis\d*$/.test(name));
  const parts = axes.map(([name, axis]) => [name.replace("axis", ""), ...axis.range]);
  const camera = gd._fullLayout.scene?.camera;
  if (camera) parts.push(["camera", ...[camera.eye, camera.center].flatMap(({ x, y, z }) => [x, y, z])]);
  return parts.map(([name, ...numbers]) => [name, ...numbers.map((v) => Number(v.toPrecision(5)))].join(":"));
}

function changesOf(look) {
  const changes = {};
  for (const part of look.split(",")) {
    const [name, ...numbers] = part.split(":");
    const [a, b, c, d, e, f] = numbers.map(Number);
    if (name === "camera") {
      changes["scene.camera.eye"] = { x: a, y: b, z: c };
      changes["scene.camera.center"] = { x: d, y: e, z: f };
    } else changes[`${name[0]}axis${name.slice(1)}.range`] = [a, b];
  }
  return changes;
}

function carryLook(entry, gd) {
  const other = entry.revision !== undefined && entry.revision !== gd.layout.uirevision;
  entry.revision = gd.layout.uirevision;
  if (other && entry.look) entry.say((entry.look = ""));
  const home = new Set(lookOf(gd));
  if (entry.look) call(gd, "relayout", [changesOf(entry.look)]);
  gd.on("plotly_relayout", () => {
    const look = lookOf(gd).filter((part) => !home.has(part)).join(",");
    if (look !== entry.look) entry.say((entry.look = look));
  });
}

function screenKind() {
  if (window.innerWidth <= 640) return "phone";
  return window.innerWidth >= 1500 && window.innerHeight >= 850 ? "hall" : "laptop";
}

const players = new WeakMap();

export default function (component) {
  const { parentElement, data, setTriggerValue, setStateValue } = component;
  let entry = players.get(parentElement);
  if (!entry) {
    const options = { at: data.at, speed: data.speed, animate };
    entry = { options, look: data.look, player: createPlayer(parentElement.querySelector(".host"), options) };
    players.set(parentElement, entry);
    // The chart loads later than this, and may be drawn anew.
    entry.watch = setInterval(() => {
      const gd = document.querySelector(`.st-key-${data.chart} .js-plotly-plot`);
      if (gd === entry.gd || !gd?.calcdata || !gd._fullLayout?.updatemenus || !gd.layout.meta) return;
      carryLook(entry, gd);
      entry.player.attach((entry.gd = gd));
    }, 60);
    entry.resized = () => {
      const kind = screenKind();
      if (kind !== entry.kind) entry.tell("screen", (entry.kind = kind));
    };
    entry.kind = data.screen;
    window.addEventListener("resize", entry.resized);
  }
  if (entry.visit !== undefined && entry.visit !== data.visit) {
    // Back, or another link in the same tab: the play head is where that one has it.
    entry.look = data.look;
    entry.player.begin(data.at, data.speed);
  }
  entry.visit = data.visit;
  parentElement.querySelector(".host").dataset.visit = data.visit;
  entry.tell = setStateValue;
  // Boxed, as an empty text would count as nothing said.
  entry.say = (text) => setStateValue("look", { text });
  entry.options.rest = (rest) => setStateValue("rest", rest);
  entry.options.click = (point) => setTriggerValue("click", point);
  entry.resized();
  return () => {
    clearInterval(entry.watch);
    window.removeEventListener("resize", entry.resized);
    entry.player.detach();
    players.delete(parentElement);
  };
}
