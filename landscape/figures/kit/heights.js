// Heights: puts other numbers into a contour map that Plotly has drawn, and draws that map alone. Plotly would draw every
// line and every axis of the figure anew, which takes ten times as long.

const KINDS = { f4: Float32Array, f8: Float64Array, i4: Int32Array, i2: Int16Array, u2: Uint16Array, u1: Uint8Array };

// An array as Plotly's JSON packs it, in rows where it has two dimensions, or anything else as it is.
function opened(value) {
  if (!value?.bdata) return value;
  const bytes = Uint8Array.from(atob(value.bdata), (letter) => letter.charCodeAt(0));
  const flat = new KINDS[value.dtype](bytes.buffer);
  if (!value.shape) return flat;
  const columns = Number(String(value.shape).split(",")[1]);
  return Array.from({ length: flat.length / columns }, (_, row) => flat.subarray(row * columns, (row + 1) * columns));
}

const isMap = (gd, trace) => gd._fullData[trace].type === "contour";

// Has Plotly know of a map's new numbers, for its hover and for whatever it draws next.
function tellHeights(gd, trace, { z, customdata, colorbar }) {
  const full = gd._fullData[trace];
  const known = Object.entries({ z, customdata }).filter(([, value]) => value !== undefined);
  for (const [name, value] of known) {
    gd.data[trace][name] = value;
    full[name] = opened(value);
  }
  if (colorbar) {
    gd.data[trace].colorbar = colorbar;
    full.colorbar.ticktext = colorbar.ticktext;
  }
  const told = full._module.calc(gd, full);
  Object.assign(told[0], { t: told[0].t ?? {}, trace: full });
  gd.calcdata[trace] = told;
}

function drawHeights(gd, trace) {
  const full = gd._fullData[trace];
  const panel = gd._fullLayout._plots[full.xaxis + full.yaxis];
  // Plotly takes away what it is not told of.
  const maps = gd.calcdata.filter(([{ trace: of }]) => of?.visible === true && of._module === full._module
    && of.xaxis === full.xaxis && of.yaxis === full.yaxis);
  full._module.plot(gd, panel, maps, panel.plot.select(".contourlayer"));
  full._module.style(gd);
}

// What the bar says, tick by tick; Plotly leaves out the ticks that are beyond its ends.
function nameHeights(gd, trace) {
  const { uid, colorbar } = gd._fullData[trace];
  for (const word of gd.querySelectorAll(`.cb${uid} .cbaxis text`)) {
    const said = colorbar.ticktext[colorbar.tickvals.indexOf(word.__data__?.x)];
    if (said !== undefined) word.textContent = said;
  }
}
