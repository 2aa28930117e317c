// createTools(host, {chart, call, home, said}): what Plotly's own bar is for, as buttons that keys reach.
//   chart()              the chart, null where there is none yet
//   call(gd, name, args) one of Plotly's methods
//   home()               what relayout needs to show all of it again
//   said()               what stands under a picture that is kept, line by line

const TOOLS = {
  nearer: ["Zoom in", "M10 4a6 6 0 1 0 4 10l5 5 1-1-5-5A6 6 0 0 0 10 4zM9 7h2v2h2v2h-2v2H9v-2H7V9h2z"],
  farther: ["Zoom out", "M10 4a6 6 0 1 0 4 10l5 5 1-1-5-5A6 6 0 0 0 10 4zM7 9h6v2H7z"],
  whole: ["Show all of it", "M12 5V2L7 6l5 4V7a5 5 0 1 1-5 5H5a7 7 0 1 0 7-7z"],
  picture: ["Save as PNG", "M11 4h2v8l3-3 1.4 1.4L12 16l-5.4-5.6L8 9l3 3zM5 18h14v2H5z"],
};
const NEARER = 2 / 3; // of what is seen, after a zoom in
const FINE = 2; // how much finer a picture is than the screen
const LINE = 20; // pixels for a line under a picture

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

// What lies on the stage, one over the other, as [picture, its place on the stage].
function layers(gd) {
  const corner = gd.getBoundingClientRect(), scale = corner.width / gd.offsetWidth || 1;
  // What a scene shows can be had right after it was drawn.
  gd._fullLayout.scene?._scene.glplot.redraw();
  const all = [...gd.querySelectorAll(".svg-container svg, .svg-container canvas")].filter((each) => !each.parentElement.closest("svg"));
  const depth = (each) => Number(getComputedStyle(each).zIndex) || 0;
  const seen = all.filter((each) => each.getBoundingClientRect().width).sort((one, other) => depth(one) - depth(other));
  return seen.map((each) => {
    const box = each.getBoundingClientRect();
    const [x, y, width, height] = [box.left - corner.left, box.top - corner.top, box.width, box.height].map((v) => v / scale);
    const copy = each.cloneNode(true);
    Object.entries({ width, height }).forEach(([name, value]) => copy.setAttribute(name, each.getContext ? FINE * value : value));
    if (each.getContext) copy.getContext("2d").drawImage(each, 0, 0, copy.width, copy.height);
    else copy.querySelectorAll(".updatemenu-container").forEach((button) => button.remove());
    return [copy, [x, y, width, height]];
  });
}

// The page's own letters as a style, for a picture by itself has none; nothing where they cannot be had.
async function lettering(family) {
  try {
    const own = (rule) => rule instanceof CSSFontFaceRule && family.includes(rule.style.fontFamily.replaceAll("\"", "")) && rule.style.fontStyle !== "italic";
    const { cssText, parentStyleSheet } = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).find(own);
    const [, file] = cssText.match(/url\("(.+?)"\)/), reader = new FileReader();
    reader.readAsDataURL(await (await fetch(new URL(file, parentStyleSheet.href ?? location.href))).blob());
    await new Promise((done) => reader.addEventListener("load", done));
    return `<style>${cssText.replace(file, reader.result)}</style>`;
  } catch {
    return "";
  }
}

// A copy of a layer as what a canvas draws.
async function drawable(layer, style) {
  if (layer.getContext) return layer;
  layer.insertAdjacentHTML("afterbegin", await style);
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(layer))}`;
  await image.decode();
  return image;
}

// The stage as it is seen, over lines of words, on a canvas.
async function picture(gd, said, paper) {
  const { width, height, font } = gd._fullLayout, letters = `14px ${font.family}`;
  const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
  pen.font = letters;
  const most = Math.floor(width / pen.measureText("n").width);
  const lines = said.filter(Boolean).flatMap((text) => text.match(new RegExp(`.{1,${most}}(\\s|$)|\\S{${most}}`, "gu")));
  Object.assign(canvas, { width: FINE * width, height: FINE * (height + LINE * (lines.length + 1)) });
  pen.scale(FINE, FINE);
  pen.fillStyle = paper;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  const names = [...gd.querySelectorAll(".names span")];
  const style = lettering(font.family);
  for (const [layer, place] of layers(gd)) pen.drawImage(await drawable(layer, style), ...place);
  Object.assign(pen, { font: letters, textBaseline: "middle", fillStyle: font.color });
  const write = (text, x, y) => pen.fillText(text, x, y);
  lines.forEach((line, k) => write(line, 4, height + LINE * (k + 0.5)));
  Object.assign(pen, { shadowColor: paper, shadowBlur: 3 * FINE });
  for (const name of names) {
    pen.font = name.style.font;
    for (let k = 0; k < 3; k++) write(name.textContent, parseFloat(name.style.left), parseFloat(name.style.top) + parseFloat(name.style.lineHeight) / 2);
  }
  return canvas;
}

function createTools(host, { chart, call, home, said }) {
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

  async function keep(gd) {
    // The page shows through the chart, and there is no page behind a picture.
    const paper = getComputedStyle(host).getPropertyValue("--st-background-color") || getComputedStyle(document.body).backgroundColor;
    const href = (await picture(gd, said(), paper)).toDataURL("image/png");
    Object.assign(document.createElement("a"), { href, download: "stage.png" }).click();
  }
}
