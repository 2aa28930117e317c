// createTools(host, {chart, call, home, shown, said}): what Plotly's own bar is for, as buttons that keys reach.
//   chart()              the chart, null where there is none yet
//   call(gd, name, args) one of Plotly's methods
//   home()               what relayout needs to show all of it again
//   shown()              the figure as it is seen now: {data, layout}
//   said()               what stands under a picture that is kept, line by line

const TOOLS = {
  nearer: ["Zoom in", "M10 4a6 6 0 1 0 4 10l5 5 1-1-5-5A6 6 0 0 0 10 4zM9 7h2v2h2v2h-2v2H9v-2H7V9h2z"],
  farther: ["Zoom out", "M10 4a6 6 0 1 0 4 10l5 5 1-1-5-5A6 6 0 0 0 10 4zM7 9h6v2H7z"],
  whole: ["Show all of it", "M12 5V2L7 6l5 4V7a5 5 0 1 1-5 5H5a7 7 0 1 0 7-7z"],
  picture: ["Save as PNG", "M11 4h2v8l3-3 1.4 1.4L12 16l-5.4-5.6L8 9l3 3zM5 18h14v2H5z"],
};
const NEARER = 2 / 3; // of what is seen, after a zoom in
const ROOM = 20; // pixels for a line under a picture
const LETTERS = 7.5; // pixels for a letter there

function zoomed(gd, factor) {
  const changes = {};
  for (const [name, axis] of Object.entries(gd._fullLayout)) {
    if (!/^[xy]axis\d*$/.test(name) || axis.fixedrange) continue;
    const [low, high] = axis.range.map(Number), middle = (low + high) / 2, half = (factor * (high - low)) / 2;
    changes[`${name}.range`] = [middle - half, middle + half];
  }
  const camera = gd._fullLayout.scene?.camera;
  if (camera) {
    const { x, y, z } = camera.eye;
    changes["scene.camera.eye"] = { x: factor * x, y: factor * y, z: factor * z };
  }
  return changes;
}

// Words under a picture, broken where it ends; Plotly takes what looks like a tag for one.
function underneath(said, width) {
  const most = Math.floor(width / LETTERS);
  const lines = said.filter(Boolean).flatMap((text) => text.match(new RegExp(`.{1,${most}}`, "gu")));
  return lines.map((line) => line.replaceAll("&", "&amp;").replaceAll("<", "&lt;"));
}

function createTools(host, { chart, call, home, shown, said }) {
  const row = Object.assign(document.createElement("div"), { className: "tools", role: "group", ariaLabel: "View" });
  const actions = {
    nearer: (gd) => call(gd, "relayout", [zoomed(gd, NEARER)]),
    farther: (gd) => call(gd, "relayout", [zoomed(gd, 1 / NEARER)]),
    whole: (gd) => call(gd, "relayout", [home()]),
    picture: keep,
  };
  for (const [name, [title, path]] of Object.entries(TOOLS)) {
    const button = row.appendChild(Object.assign(document.createElement("button"), { type: "button", title, ariaLabel: title }));
    button.dataset.do = name;
    button.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`;
    button.addEventListener("click", () => { if (chart()) actions[name](chart()); });
  }
  host.querySelector(".player").after(row);

  function keep(gd) {
    const { data, layout } = gd, { width, height, margin } = gd._fullLayout, now = shown();
    const lines = underneath(said(), width), room = ROOM * (lines.length + 1);
    const words = {
      ...{ text: lines.join("<br>"), align: "left", showarrow: false, font: { size: 14 } },
      ...{ xref: "paper", yref: "paper", x: 0, y: 0, xanchor: "left", yanchor: "top", yshift: -margin.b },
    };
    const larger = { margin: { ...layout.margin, b: margin.b + room }, height: height + room };
    const annotations = [...(now.layout.annotations ?? []), words];
    // A margin of the paper's own colour: the page shows through the chart, and there is no page behind a picture.
    const paper_bgcolor = getComputedStyle(host).getPropertyValue("--st-background-color") || "white";
    Object.assign(gd, { data: now.data, layout: { ...now.layout, ...larger, annotations, paper_bgcolor } });
    call(gd, "downloadImage", [{ format: "png", filename: "stage", width, height: height + room, scale: 2 }]);
    // Plotly copies what it draws before it returns.
    setTimeout(() => Object.assign(gd, { data, layout }), 0);
  }
}
