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

const animate = (gd, name) => call(gd, "animate", [[name], AT_ONCE]);

// Streamlit draws a changed chart anew: a viewer's zoom and camera are carried over while the landscape stays.
const VIEW = /^[xy]axis\.|^scene\.camera/;

function carryView(entry, gd) {
  if (entry.revision !== gd.layout.uirevision) [entry.revision, entry.view] = [gd.layout.uirevision, {}];
  if (Object.keys(entry.view).length) call(gd, "relayout", [{ ...entry.view }]);
  gd.on("plotly_relayout", (changes) => {
    for (const [key, value] of Object.entries(changes)) if (VIEW.test(key)) entry.view[key] = value;
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
    entry = { options, player: createPlayer(parentElement.querySelector(".host"), options) };
    players.set(parentElement, entry);
    // The chart loads later than this, and may be drawn anew.
    entry.watch = setInterval(() => {
      const gd = document.querySelector(`.st-key-${data.chart} .js-plotly-plot`);
      if (gd === entry.gd || !gd?.calcdata || !gd._fullLayout?.updatemenus || !gd.layout.meta) return;
      carryView(entry, gd);
      entry.player.attach((entry.gd = gd));
    }, 60);
    entry.resized = () => {
      const kind = screenKind();
      if (kind !== entry.kind) entry.tell("screen", (entry.kind = kind));
    };
    entry.kind = data.screen;
    window.addEventListener("resize", entry.resized);
  }
  entry.tell = setStateValue;
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
