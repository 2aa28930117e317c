// Ties the player to a chart that Streamlit draws elsewhere on the page.
//
// Streamlit keeps Plotly to itself, but a figure's own button may call any Plotly method: its arguments are set and it
// is pressed. The figure's button thus serves as the way in, and stays hidden.

function call(gd, method, args) {
  const element = gd.querySelector("g.updatemenu-button");
  if (!element) return;
  // Of what it was drawn with: a scene that is turned has the layout worked out anew, and its button is not drawn again.
  Object.assign(element.__data__, { method, args });
  element.dispatchEvent(new MouseEvent("click", { bubbles: false }));
}

function update(gd, traces, layout) {
  // Each attribute of all traces at once; undefined leaves one as it is.
  const places = Object.keys(traces);
  const names = [...new Set(places.flatMap((place) => Object.keys(traces[place])))];
  const changes = Object.fromEntries(names.map((name) => [name, places.map((place) => traces[place][name])]));
  if (places.length) call(gd, "update", [changes, layout, places.map(Number)]);
  else call(gd, "relayout", [layout]);
}

// Streamlit draws a changed chart anew, and a link is opened elsewhere: what a viewer has changed of the ranges and the
// camera is kept as text, "x:-2:2,y:-1:3" or "camera:" and the numbers of its eye and centre.
function lookOf(gd) {
  const axes = Object.entries(gd._fullLayout).filter(([name]) => /^[xy]axis\d*$/.test(name));
  const parts = axes.map(([name, axis]) => [name.replace("axis", ""), ...axis.range]);
  const camera = gd._fullLayout.scene?.camera;
  if (camera) parts.push(["camera", ...[camera.eye, camera.center].flatMap(({ x, y, z }) => [x, y, z])]);
  return parts.map(([name, ...numbers]) => partOf(name, numbers));
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
  const home = (entry.home = new Set(lookOf(gd)));
  if (entry.look) call(gd, "relayout", [changesOf(entry.look)]);
  gd.on("plotly_relayout", () => {
    const look = lookOf(gd).filter((part) => !home.has(part) && !entry.ours.has(part)).join(",");
    if (look !== entry.look) entry.say((entry.look = look));
  });
}

const partOf = (name, numbers) => [name, ...numbers.map((v) => Number(v.toPrecision(5)))].join(":");

// What differs from the figure that is drawn, without the ranges that the viewer has changed.
function changeFor(entry, { traces, layout, ...rest }) {
  const zoomed = new Set(entry.look.split(",").map((part) => part.split(":")[0]));
  const short = (name) => name.replace(".range", "").replace("axis", "");
  const kept = Object.entries(layout).filter(([name]) => !zoomed.has(short(name)));
  entry.ours = new Set(kept.filter(([name]) => name.endsWith(".range")).map(([name, range]) => partOf(short(name), range)));
  return { traces, layout: Object.fromEntries(kept), ...rest };
}

// Puts what the server has in the chart, once the chart is the one that it was worked out for.
function bring(entry) {
  const { gd, data } = entry;
  // A chart that has been taken away has no layout left.
  if (gd?.layout?.meta?.base !== data.base) return;
  gd.dataset.visit = data.visit;
  // The frame's style shows a narrow window what was drawn for it.
  gd.dataset.screen = data.screen;
  const now = JSON.stringify([data.base, data.change]);
  if (now === entry.brought) return entry.player.settle();
  const first = entry.brought === undefined || !entry.brought.startsWith(`["${data.base}"`);
  entry.brought = now;
  if (data.change) entry.player.change(changeFor(entry, data.change));
  else if (!first) entry.player.change(changeFor(entry, { traces: {}, layout: {}, meta: {} }));
}

// By the room that the drawer leaves; a scroll bar takes none of it, lest one kind of stage call for the other.
function screenKind() {
  const { offsetWidth: room } = document.querySelector(".stMain");
  if (room <= 640) return room > 440 && window.innerHeight >= 1000 ? "tablet" : "phone";
  return window.innerWidth >= 1500 && window.innerHeight >= 850 ? "hall" : "laptop";
}

// The colour behind a part of the page.
const paperOf = (element) => getComputedStyle(element).getPropertyValue("--st-background-color");

// A stage plays once by itself, in a tab, unless a link has named a step. It is remembered when that is over: the
// player may be put up anew meanwhile.
function arrival({ arrive, chart }) {
  const name = `landscape arrived ${chart}`;
  return { arrive: arrive && !remembers("sessionStorage", name), arrived: () => remember("sessionStorage", name) };
}

const players = new WeakMap();

function mount(component) {
  const { parentElement, data: [data], setTriggerValue, setStateValue } = component;
  let entry = players.get(parentElement);
  if (!entry) {
    const home = () => changesOf([...entry.home, ...entry.ours].join(","));
    const options = { at: data.at, speed: data.speed, update, call, home, ...arrival(data) };
    entry = { options, look: data.look, ours: new Set(), player: createPlayer(parentElement.querySelector(".host"), options) };
    players.set(parentElement, entry);
    // The chart loads later than this, and may be drawn anew.
    entry.watch = setInterval(() => {
      const paper = paperOf(parentElement.querySelector(".host"));
      // Day has become night: the figure has colours of its own for that. At first there may be no colour yet.
      if (entry.paper && paper !== entry.paper) entry.paint(paper);
      entry.paper = paper;
      const gd = document.querySelector(`.st-key-${data.chart} .js-plotly-plot`);
      if (!gd?.calcdata || !gd._fullLayout?.updatemenus || !gd.layout?.meta) return;
      if (gd !== entry.gd) {
        carryLook(entry, gd);
        entry.brought = undefined;
        entry.player.attach((entry.gd = gd));
        // The chart may be drawn with another figure.
        gd.on("plotly_afterplot", () => {
          if (!gd.layout?.meta || gd.layout.meta.base === entry.drawn) return;
          entry.drawn = gd.layout.meta.base;
          bring(entry);
        });
        entry.drawn = gd.layout.meta.base;
        bring(entry);
      }
      if (gd.getAttribute("aria-label") !== entry.data.alt) {
        gd.setAttribute("aria-label", entry.data.alt);
        gd.setAttribute("role", "figure");
      }
    }, 60);
    entry.resized = () => {
      const kind = screenKind();
      document.cookie = `landscape_screen=${kind}; path=/; max-age=31536000; samesite=lax`;
      if (kind === entry.kind) return;
      entry.tell("screen", (entry.kind = kind));
      // What is seen already stays until it is drawn for this one.
      if (entry.gd) entry.gd.dataset.screen = kind;
    };
    entry.kind = data.screen;
    entry.sizes = new ResizeObserver(() => entry.resized());
    entry.sizes.observe(document.querySelector(".stMain"));
  }
  if (entry.visit !== undefined && entry.visit !== data.visit) {
    // Back, or another link in the same tab: the play head is where that one has it.
    const other = entry.gd && entry.look !== data.look;
    entry.look = data.look;
    if (other) call(entry.gd, "relayout", [changesOf([...entry.home, data.look].filter(Boolean).join(","))]);
    entry.player.begin(data.at, data.speed);
  }
  entry.visit = data.visit;
  entry.data = data;
  parentElement.querySelector(".host").dataset.visit = data.visit;
  entry.tell = setStateValue;
  // Boxed, as an empty text would count as nothing said.
  entry.say = (text) => setStateValue("look", { text });
  entry.paint = (paper) => setTriggerValue("paper", paper);
  entry.options.rest = (rest) => setStateValue("rest", rest);
  entry.options.click = (point) => setTriggerValue("click", point);
  entry.options.grab = (held) => setTriggerValue("grab", held);
  bring(entry);
  entry.resized();
}

function unmount(parentElement) {
  const entry = players.get(parentElement);
  clearInterval(entry.watch);
  entry.sizes.disconnect();
  entry.player.detach();
  players.delete(parentElement);
}

export default function () {
  foldHistory();
  library().open({ mount, unmount });
}
