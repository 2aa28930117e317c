// Shade: light from the upper left on maps of ground, made here from the heights that a map has anyway.
//
// Where letters are dark, slopes towards the light are paler; where they are light, slopes away from it are darker: the
// ground comes no nearer to what is drawn on it.

const GROUND = "landscape"; // what maps of ground are called
const LIT = { light: [255, 0.5], dark: [0, 0.55] }; // the tone of the light, or of the shade, and how much of it
const RELIEF = 30; // by how much slopes are exaggerated, as a share of the map's height in a cell

// A picture of the light on heights, rows from the lowest y, as a URL.
function lightOn(z, [tone, most]) {
  const [rows, columns] = [z.length, z[0].length];
  let [low, high] = [Infinity, -Infinity];
  for (const row of z) for (const v of row) if (Number.isFinite(v)) [low, high] = [Math.min(low, v), Math.max(high, v)];
  const canvas = Object.assign(document.createElement("canvas"), { width: columns, height: rows });
  const pen = canvas.getContext("2d"), picture = pen.createImageData(columns, rows);
  const at = (row, column) => z[Math.max(0, Math.min(rows - 1, row))][Math.max(0, Math.min(columns - 1, column))];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      // To the right, and down the map, which is against y.
      const rise = at(row, column + 1) - at(row, column - 1) + at(row - 1, column) - at(row + 1, column);
      const lit = Math.tanh((RELIEF * rise) / (2 * Math.SQRT2 * (high - low || 1)));
      const share = Math.max(0, tone ? lit : -lit) || 0;
      const place = 4 * ((rows - 1 - row) * columns + column);
      picture.data.fill(tone, place, place + 3);
      picture.data[place + 3] = 255 * most * share;
    }
  }
  pen.putImageData(picture, 0, 0);
  return canvas.toDataURL();
}

const shades = new WeakMap(); // of heights: their picture, by theme

function shadeMaps(gd) {
  const theme = themeOf(gd);
  for (const group of gd.querySelectorAll(".contourlayer > g")) {
    const full = group.__data__?.[0]?.trace, fill = group.querySelector(".contourfill");
    if (full?.name !== GROUND || !fill) continue;
    const { x, y, z } = full, [across, up] = [axisOf(gd, full.xaxis), axisOf(gd, full.yaxis)];
    const known = shades.get(z) ?? {};
    known[theme] ??= lightOn(z, LIT[theme]);
    shades.set(z, known);
    // Half a cell more on every side: a cell's light is that of its middle.
    const [dx, dy] = [(x[1] - x[0]) / 2, (y[1] - y[0]) / 2];
    const [left, right] = [across.l2p(x[0] - dx), across.l2p(x.at(-1) + dx)];
    const [bottom, top] = [up.l2p(y[0] - dy), up.l2p(y.at(-1) + dy)];
    const image = group.querySelector(".shade") ?? document.createElementNS("http://www.w3.org/2000/svg", "image");
    const look = { class: "shade", href: known[theme], x: left, y: top, width: right - left, height: bottom - top };
    Object.entries({ ...look, preserveAspectRatio: "none" }).forEach(([name, value]) => image.setAttribute(name, value));
    if (image.previousSibling !== fill) fill.after(image);
  }
}
