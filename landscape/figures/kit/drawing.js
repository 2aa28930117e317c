// Drawing: moves what Plotly has drawn, in Plotly's own SVG. Plotly's animation without a redraw wipes contours out, with
// one it is ten times slower, and to draw a figure anew takes a third of a second.
//
// createDrawing() gives {attach, learn, measure, where, ends, show, set, keep, ground, restore, carry, point, fade, movers,
// asShown}; see there.

// A run away to infinity must not hand the browser a number it cannot draw.
const clamp = (pixel) => Math.max(-1e6, Math.min(1e6, pixel)).toFixed(1);

// Which theme a chart has: by its ink, which is dark on the light one.
const themeOf = (gd) => (gd._fullLayout.font.color[1] < "8" ? "light" : "dark");
const axisOf = (gd, id) => gd._fullLayout[`${id[0]}axis${id.slice(1)}`];

// Where a pointer is on a panel, by its x axis: the panel's axes, pixels from its corner, and whether
// they are inside of it; null where there is no such panel.
function onPanel(gd, event, id) {
  const across = axisOf(gd, id);
  if (!across) return null;
  const up = axisOf(gd, across.anchor);
  const box = gd.getBoundingClientRect();
  // A page may be drawn larger than it says.
  const scale = box.width / gd.offsetWidth || 1;
  const [x, y] = [(event.clientX - box.left) / scale - across._offset, (event.clientY - box.top) / scale - up._offset];
  return { across, up, x, y, inside: x >= 0 && y >= 0 && x <= across._length && y <= up._length };
}

// A number of an axis, as data have it, to pixels; NaN where there is none.
function toPixels(axis) {
  const { type } = axis;
  if (type === "log") return (v) => (v > 0 ? axis.l2p(Math.log10(v)) : NaN);
  if (type === "linear") return (v) => (v === null ? NaN : axis.l2p(v));
  return (v) => (v === null ? NaN : axis.d2p(v));
}

function polyline(x, y, left, top) {
  // The path through all points, as one string and the offset at which each point ends.
  const length = Math.min(x.length, y.length);
  const ends = new Int32Array(length);
  let text = "";
  let pen = "M";
  for (let i = 0; i < length; i++) {
    const [across, down] = [left(x[i]), top(y[i])];
    if (Number.isFinite(across) && Number.isFinite(down)) {
      text += `${pen}${clamp(across)},${clamp(down)}`;
      pen = "L";
    } else pen = "M";
    ends[i] = text.length;
  }
  return { text, ends };
}

// A turn by more than this is a corner, in radians.
const CORNER = 0.65;

// The path of a closed curve through points, smooth but for its corners, and through a third as many points as a
// polyline would need.
function rounded(x, y, left, top) {
  const points = x.slice(1).map((_, i) => [left(x[i + 1]), top(y[i + 1])]);
  if (points.length < 3 || !points.flat().every(Number.isFinite)) return polyline(x, y, left, top).text;
  const at = (i) => points[(i + points.length) % points.length];
  const chords = points.map((_, i) => [at(i + 1)[0] - at(i)[0], at(i + 1)[1] - at(i)[1]]);
  const headings = points.map((_, i) => {
    const [before, after] = [chords.at(i - 1), chords[i]];
    const turn = Math.atan2(before[0] * after[1] - before[1] * after[0], before[0] * after[0] + before[1] * after[1]);
    const along = [before[0] + after[0], before[1] + after[1]];
    const length = Math.hypot(...along);
    return Math.abs(turn) > CORNER || !length ? [0, 0] : [along[0] / length, along[1] / length];
  });
  const written = (point) => point.map(clamp).join(",");
  const pieces = chords.map((chord, i) => {
    const third = Math.hypot(...chord) / 3;
    const [from, to, next] = [headings[i], headings[(i + 1) % headings.length], at(i + 1)];
    const leaving = [at(i)[0] + third * from[0], at(i)[1] + third * from[1]];
    const arriving = [next[0] - third * to[0], next[1] - third * to[1]];
    return `C${written(leaving)} ${written(arriving)} ${written(next)}`;
  });
  return `M${written(at(0))}${pieces.join("")}`;
}

// Heads nearer than so many of their sizes meet.
const MEETING = 0.9;
// A thin line that is pointed at is so wide.
const POINTED = 4;

// How far each of several points, in pixels, stands aside so that none is nearer than `least` to another.
function spread(points, least) {
  // Of those at the same place each has a direction of its own.
  const turns = points.map((_, i) => (2 * Math.PI * i) / points.length);
  const at = points.map(([x, y], i) => [x + 0.01 * Math.cos(turns[i]), y + 0.01 * Math.sin(turns[i])]);
  for (let round = 0; round < 24; round++) {
    let met = false;
    for (let i = 0; i < at.length; i++) {
      for (let j = 0; j < i; j++) {
        const [across, down] = [at[i][0] - at[j][0], at[i][1] - at[j][1]];
        const far = Math.hypot(across, down);
        if (!(far < least - 0.1)) continue;
        met = true;
        const turn = Math.atan2(down, across);
        const by = [(Math.cos(turn) * (least - far)) / 2, (Math.sin(turn) * (least - far)) / 2];
        at[i] = [at[i][0] + by[0], at[i][1] + by[1]];
        at[j] = [at[j][0] - by[0], at[j][1] - by[1]];
      }
    }
    if (!met) break;
  }
  return at.map(([x, y], i) => (Number.isFinite(x + y) ? [x - points[i][0], y - points[i][1]] : [0, 0]));
}

function createDrawing() {
  let gd = null;
  let meta = {};
  let frames = [];
  let own = new Map(); // trace -> {x, y}, where it shows other numbers than Plotly was given
  let places = []; // trace -> where it is drawn, or null
  let paths = []; // [trail] {lines, text, ends, run}, or null
  let carried = new Set(); // groups that are drawn elsewhere
  let found = null; // the unseen mark that is pointed at

  const numbers = (trace) => own.get(trace) ?? gd._fullData[trace];
  const movers = () => frames[0]?.traces ?? [];

  function find(trace) {
    // Where Plotly drew a trace; nothing where a viewer has hidden it.
    const full = gd._fullData[trace];
    if (full?.type === "heatmap") return { group: pictures(full.uid)[0], lines: [], marks: [], texts: [] };
    const group = full?.xaxis && gd.querySelector(`.trace${full.uid}`);
    if (!group) return null;
    const lines = full.mode.includes("lines") ? [...group.querySelectorAll("path.js-line")] : [];
    const marks = full.mode.includes("markers") ? [...group.querySelectorAll("path.point")] : [];
    // Plotly draws no text for an empty one.
    const texts = full.mode.includes("text") ? [...group.querySelectorAll(".textpoint")] : [];
    const [across, up] = [axisOf(gd, full.xaxis), axisOf(gd, full.yaxis)];
    // Marks that may lie over the edge of their panel, but not beyond it.
    const size = full.cliponaxis === false ? [across._length, up._length] : null;
    const text = full.line?.shape === "spline" ? rounded : (...of) => polyline(...of).text;
    return { group, lines, marks, texts, size, left: toPixels(across), top: toPixels(up), text };
  }

  function above(trace) {
    // Marks of a scene look as those that ride beside it, which Plotly has drawn in any symbol.
    const count = gd._fullData[trace].x.length;
    const beside = meta.rides?.find((ride) => places[ride.trace]?.marks.length === count);
    return beside ? createAbove(gd, trace, places[beside.trace].marks, gd._fullData[beside.trace].marker.size) : null;
  }

  // What Plotly drew for a map.
  const pictures = (uid) => [...gd.querySelectorAll(".contourlayer > g, .heatmaplayer > g")].filter(
    (group) => group.__data__?.[0]?.trace.uid === uid,
  );

  function write(lines, text) {
    // Plotly draws a line with gaps as several paths; here the first takes it all.
    lines.forEach((line, i) => line.setAttribute("d", (i === 0 && text) || "M0,0"));
  }

  function place(mark, { left, top, size }, x, y, [right, under] = [0, 0]) {
    const at = [left(x), top(y)];
    const [across, down] = [at[0] + right, at[1] + under];
    // Nowhere is far away, where it is clipped.
    const seen = Number.isFinite(across) && Number.isFinite(down);
    // Plotly shows no mark that was beyond the edge where it drew it.
    if (at.every((v, i) => !size || (v > -1 && v < size[i] + 1))) mark.removeAttribute("display");
    else mark.setAttribute("display", "none");
    mark.setAttribute("transform", seen ? `translate(${clamp(across)},${clamp(down)})` : "translate(-1e5,-1e5)");
  }

  function path(trail) {
    const { trace, run } = meta.trails[trail];
    const at = places[trace];
    if (!at?.lines?.length) return null;
    const { x, y } = numbers(trace);
    return { lines: at.lines, run, ...polyline(x, y, at.left, at.top) };
  }

  function whole(trace) {
    // A trace that is neither a trail nor moved by frames.
    const at = places[trace];
    if (!at?.group) return;
    const { x, y } = numbers(trace);
    if (at.lines.length) write(at.lines, at.text(x, y, at.left, at.top));
    at.marks.forEach((mark, k) => place(mark, at, x[k], y[k]));
    at.texts.forEach((text, k) => place(text, at, x[text.__data__?.i ?? k], y[text.__data__?.i ?? k]));
  }

  function repaint(trace) {
    const on = trails(trace);
    for (const trail of on) paths[trail] = path(trail);
    if (!on.length) whole(trace);
  }

  function measure() {
    // Everything is in pixels, so it is done anew whenever Plotly has drawn.
    places = gd._fullData.map((_, trace) => find(trace));
    for (const trace of movers()) if (gd._fullData[trace].type === "scatter3d") places[trace] = above(trace);
    paths = (meta.trails ?? []).map((_, trail) => path(trail));
    for (const trace of own.keys()) if (!trails(trace).length) whole(trace);
  }

  const trails = (trace) => (meta.trails ?? []).flatMap((trail, i) => (trail.trace === trace ? [i] : []));

  function move(frame) {
    frames[frame]?.data.forEach((part, i) => {
      const at = places[movers()[i]];
      // What is held goes before what is played.
      if (!at || own.has(movers()[i])) return;
      if (at.show) at.show(part);
      else if (at.lines.length) write(at.lines, at.text(part.x, part.y, at.left, at.top));
      else at.marks.forEach((mark, k) => place(mark, at, part.x[k], part.y[k]));
    });
  }

  // The point of its trail that a run has reached.
  const reached = (trail, frame) => meta.schedule[meta.trails[trail].run][frame];

  // Where marks that ride on trails are: as data have it, in pixels, and how far they stand aside there.
  function riding({ trace, trails: ridden }, frame) {
    const at = places[trace];
    const ends = ridden.map((trail) => {
      const { x, y } = numbers(meta.trails[trail].trace);
      return [x[reached(trail, frame)], y[reached(trail, frame)]];
    });
    const pixels = ends.map(([x, y]) => [at.left(x), at.top(y)]);
    return { ends, pixels, aside: spread(pixels, MEETING * gd._fullData[trace].marker.size) };
  }

  function ride(frame) {
    for (const each of meta.rides ?? []) {
      const at = places[each.trace];
      if (!at?.marks.length) continue;
      const { ends, aside } = riding(each, frame);
      at.marks.forEach((mark, k) => place(mark, at, ...ends[k], aside[k]));
    }
  }

  function tell(trace, x, y) {
    // So that Plotly's hover, and whatever it draws next, know of it.
    for (const of of [gd.data[trace], gd._fullData[trace]]) Object.assign(of, { x, y });
    const told = gd.calcdata?.[trace];
    if (!told?.length || gd._fullData[trace].type !== "scatter") return;
    while (told.length < x.length) told.push({ i: told.length });
    told.length = x.length;
    told.forEach((point, i) => Object.assign(point, { x: x[i], y: y[i] }));
  }

  function putBack() {
    for (const group of carried) group.style.transform = "";
    carried = new Set();
  }

  return {
    attach(to) {
      putBack();
      gd = to;
      own = new Map();
    },
    learn(about, moved) {
      meta = about;
      frames = moved ?? gd._transitionData?._frames ?? [];
    },
    measure,
    // Draws every path to its end.
    whole: () => paths.forEach((drawn) => drawn && write(drawn.lines, drawn.text)),
    // The pixels of a trace's first mark, from its panel's corner.
    where(trace) {
      const at = places[trace];
      const { x, y } = numbers(trace);
      return at?.group && x?.length ? [at.left(x[0]), at.top(y[0])] : null;
    },
    // The marks that ride on a panel, by its x axis: their trail's name, where they stand, in pixels, and their size.
    ends(frame, panel) {
      const here = (meta.rides ?? []).filter(({ trace }) => gd._fullData[trace].xaxis === panel && places[trace]?.marks.length);
      return here.flatMap((each) => {
        const { pixels, aside } = riding(each, frame), { size } = gd._fullData[each.trace].marker;
        return each.trails.map((trail, k) => ({
          name: gd._fullData[meta.trails[trail].trace].name,
          at: pixels[k].map((v, i) => v + aside[k][i]),
          size,
        }));
      });
    },
    show(frame) {
      if (!gd._fullData) return;
      move(frame);
      ride(frame);
      paths.forEach((drawn, trail) => drawn && write(drawn.lines, drawn.text.slice(0, drawn.ends[reached(trail, frame)])));
    },
    // Other numbers for a trace, drawn at the next `show`.
    set(trace, { x, y }) {
      own.set(trace, { x, y });
      repaint(trace);
    },
    // Numbers that stay, as the server has them; whether they could be drawn without Plotly.
    keep(trace, part) {
      if (isMap(gd, trace)) {
        tellHeights(gd, trace, part);
        return true;
      }
      const at = places[trace];
      const { x, y } = { ...numbers(trace), ...part };
      if (!at?.group || !(at.lines.length || at.marks.length) || (at.marks.length && at.marks.length !== x.length)) return false;
      tell(trace, x, y);
      if ("customdata" in part) for (const of of [gd.data[trace], gd._fullData[trace]]) of.customdata = part.customdata;
      own.delete(trace);
      repaint(trace);
      return true;
    },
    // Maps whose numbers were kept, as they are now; `drawn` where Plotly has drawn them meanwhile.
    ground(traces, drawn) {
      for (const trace of traces.filter((each) => isMap(gd, each))) {
        if (!drawn) drawHeights(gd, trace);
        nameHeights(gd, trace);
      }
    },
    // Back to the numbers that Plotly has.
    restore() {
      const changed = [...own.keys()];
      own = new Map();
      changed.forEach(repaint);
      putBack();
    },
    // Draws a map elsewhere, so far from its place.
    carry(trace, x, y) {
      const { uid, xaxis, yaxis } = gd._fullData[trace];
      const [across, up] = [axisOf(gd, xaxis), axisOf(gd, yaxis)];
      const by = [across.d2p(x) - across.d2p(0), up.d2p(y) - up.d2p(0)].map((pixels) => `${pixels.toFixed(1)}px`);
      for (const group of pictures(uid)) {
        group.style.transform = `translate(${by})`;
        carried.add(group);
      }
    },
    // Draws thin lines of a trace's legend group, and a mark of it that is unseen, so that they are seen; or, of none, all
    // as they are.
    point(trace, place) {
      if (found) found.style.opacity = "0";
      found = gd._fullData[trace]?.marker?.opacity === 0 ? places[trace]?.marks[place] : null;
      if (found) found.style.opacity = "1";
      const group = gd._fullData[trace]?.legendgroup;
      places.forEach((at, k) => {
        const { legendgroup, line } = gd._fullData[k];
        const thick = group && legendgroup === group && line?.width < POINTED;
        for (const each of at?.lines ?? []) each.style.strokeWidth = `${thick ? POINTED : line.width}px`;
      });
    },
    // Draws traces faint, or not at all, or as they are.
    fade(traces, opacity) {
      for (const trace of traces) if (places[trace]?.group) places[trace].group.style.opacity = opacity;
    },
    movers,
  };
}

// What is to be put in place so that the figure is as `to` has it: `to`, and what was there before it was changed of what
// `to` leaves alone. `original` remembers what was there first.
function replaced(original, { traces = {}, layout = {} }, gd) {
  const all = {};
  const kept = (original.traces ??= {});
  for (const [trace, part] of Object.entries(traces)) {
    kept[trace] ??= {};
    all[trace] = Object.fromEntries(Object.entries(part).map(([key, value]) => {
      if (!(key in kept[trace])) kept[trace][key] = unpacked(gd.data[trace][key]);
      return [key, unpacked(value)];
    }));
  }
  for (const [trace, part] of Object.entries(kept)) all[trace] = { ...part, ...all[trace] };
  const before = (original.layout ??= {});
  for (const name of Object.keys(layout)) {
    const [part, ...rest] = name.split(".");
    if (!(name in before)) before[name] = structuredClone(rest.length ? gd.layout[part][rest.join(".")] : gd.layout[part]);
  }
  return { traces: all, layout: { ...before, ...layout } };
}

// A row of numbers as Plotly's JSON packs it, or anything else as it is.
const unpacked = (value) => (value?.shape ? value : opened(value));
