// The player: play, pause, scrub and step through a stage, and trim its paths to the play head.
//
// A stage is a Plotly figure with frames; layout.meta tells the player about it. The types are those of meta.py.
/**
 * @typedef {Object} Trail   a trace that is drawn only as far as its run has come
 * @property {number} trace
 * @property {number} run
 * @typedef {Object} Meta
 * @property {Trail[]} trails        which traces are paths, and whose
 * @property {number[][]} schedule   [run][frame] the point of its path that a run has reached
 * @property {number[]} times        [frame] what the clock shows, rising
 * @property {string} unit           what times count
 * @property {number} rate           frames a second at 1x
 * @property {boolean} redraw        whether a frame needs a whole redraw (3-D)
 * @property {string[]} [labels]     [frame] what the clock shows instead, where a number and its unit do not say it
 * @property {string[]} [captions]   [frame] a line of text under the controls
 * @property {string[]} [clicks]     the panels, by their x axis, on which a click counts; the first alone if left out
 * @property {Paint} [paint]         what changes its colours or words, see paint.js
 */
// In 2-D the player moves the drawn marks itself: Plotly's own animation without a redraw wipes the contours out, and
// with one it is ten times slower.
//
// A figure whose meta has no times does not move: it has no controls, and only its clicks are told.
//
// createPlayer(host, options) fills `host` with controls and returns {attach, detach, begin}; begin(at, speed) puts the
// play head somewhere else.
//   animate(gd, name)            show a frame through Plotly; needed where there is 3-D
//   rest({at, speed})            told where the play head came to rest; `at` is null at the end
//   click({x, y, axis})          told of a click on a panel, in data coordinates
//   at, speed                    where to begin

const SPEEDS = [0.25, 0.5, 1, 2, 4];
const ICONS = {
  play: "M7 4v16l13-8z",
  pause: "M6 4h4v16H6zM14 4h4v16h-4z",
  back: "M6 5h3v14H6zM20 5v14l-10-7z",
  forward: "M15 5h3v14h-3zM4 5v14l10-7z",
};
const icon = (name) => `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;

function createPlayer(host, options) {
  host.innerHTML = `
    <div class="player" role="group" aria-label="Animation">
      <button type="button" data-do="back" aria-label="One step back" title="One step back (←)">${icon("back")}</button>
      <button type="button" data-do="play" class="main" aria-label="Play" title="Play or pause (space)">${icon("play")}</button>
      <button type="button" data-do="forward" aria-label="One step forward" title="One step forward (→)">${icon("forward")}</button>
      <input type="range" min="0" max="0" value="0" step="1" aria-label="Play head">
      <output aria-live="off"></output>
      <select aria-label="Speed" title="Speed">${SPEEDS.map((s) => `<option value="${s}">${s}×</option>`).join("")}</select>
    </div>
    <p class="caption" hidden></p>`;
  const [range, output, select, caption] = ["input", "output", "select", ".caption"].map((tag) => host.querySelector(tag));
  const button = (name) => host.querySelector(`[data-do=${name}]`);

  let gd = null;
  let frame = 0;
  let head = options.at ?? null; // what the clock shows, null at the end: it outlives the figure
  let shown = null; // the frame the figure shows
  let playing = false;
  let origin = 0; // when frame 0 would have been shown at this speed
  let speed = SPEEDS.includes(options.speed) ? options.speed : 1;
  let paths = [];
  let moving = []; // what each frame moves: {group, xAxis, yAxis, lines}
  let busy = false; // while Plotly draws a frame
  const paint = createPaint();
  select.value = String(speed);

  /** @returns {Meta} */
  const meta = () => gd.layout.meta;
  const last = () => meta().times.length - 1;
  const moves = () => Boolean(meta().times);
  const rate = () => meta().rate * speed;

  const off = (k, at) => Math.abs(meta().times[k] - at);
  const nearest = (at) => meta().times.reduce((best, _, k) => (off(k, at) < off(best, at) ? k : best), 0);
  const frames = () => gd._transitionData._frames;

  const axisOf = (id) => gd._fullLayout[`${id[0]}axis${id.slice(1)}`];

  function find(trace) {
    // Where Plotly drew a 2-D trace, and the axes it is on; nothing where a viewer has hidden it.
    const full = gd._fullData[trace];
    const group = full?.xaxis && gd.querySelector(`.trace${full.uid}`);
    if (!group) return null;
    return { group, lines: full.mode === "lines", xAxis: axisOf(full.xaxis), yAxis: axisOf(full.yaxis) };
  }

  function polyline(length, x, y) {
    // The path through `length` points, as one string and the offset at which each point ends.
    let text = "";
    let pen = "M";
    const ends = Array.from({ length }, (_, i) => {
      const [left, top] = [x(i), y(i)];
      if (Number.isFinite(left) && Number.isFinite(top)) {
        text += `${pen}${clamp(left)},${clamp(top)}`;
        pen = "L";
      } else pen = "M";
      return text.length;
    });
    return { text, ends };
  }

  function measure() {
    // Everything below is in pixels, so it is done anew whenever Plotly has drawn.
    paths = meta().trails.flatMap(({ trace, run }) => {
      const place = find(trace);
      const lines = place?.group.querySelectorAll("path.js-line");
      if (!lines?.length) return [];
      const points = gd.calcdata[trace];
      const { xAxis, yAxis } = place;
      return [{ lines, run, ...polyline(points.length, (i) => xAxis.c2p(points[i].x), (i) => yAxis.c2p(points[i].y)) }];
    });
    moving = frames()[0].traces.map(find);
    paint.measure(gd);
  }

  function write(lines, text) {
    // Plotly draws a line with gaps as several paths; here the first takes it all.
    lines.forEach((line, i) => line.setAttribute("d", (i === 0 && text) || "M0,0"));
  }

  function move() {
    frames()[frame].data.forEach(({ x, y }, i) => {
      if (!moving[i]) return;
      const { group, lines, xAxis, yAxis } = moving[i];
      const left = (k) => (x[k] === null ? NaN : xAxis.d2p(x[k]));
      const top = (k) => (y[k] === null ? NaN : yAxis.d2p(y[k]));
      if (lines) write(group.querySelectorAll("path.js-line"), polyline(x.length, left, top).text);
      else group.querySelectorAll("path.point").forEach((mark, k) =>
        mark.setAttribute("transform", `translate(${clamp(left(k))},${clamp(top(k))})`));
    });
  }

  // A run away to infinity must not hand the browser a number it cannot draw.
  const clamp = (pixel) => Math.max(-1e6, Math.min(1e6, pixel)).toFixed(1);

  function trim() {
    const schedule = meta().schedule;
    for (const { lines, text, ends, run } of paths) write(lines, text.slice(0, ends[schedule[run][frame]]));
  }

  function redrawScene() {
    // One at a time: Plotly rejects an animation that another cuts short.
    if (busy || shown === frame) return;
    busy = true;
    shown = frame;
    const drawn = gd;
    gd.once("plotly_animated", () => {
      if (gd !== drawn) return;
      busy = false;
      redrawScene();
    });
    options.animate(gd, String(frame));
  }

  function show() {
    if (meta().redraw) redrawScene();
    move();
    trim();
    paint.show(frame);
    range.value = String(frame);
    const { captions, labels, times, unit } = meta();
    output.textContent = labels ? labels[frame] : `${times[frame]} / ${times[last()]} ${unit}`;
    caption.hidden = !captions;
    caption.textContent = captions ? captions[frame] : "";
  }

  function go(to) {
    frame = Math.max(0, Math.min(last(), to));
    head = frame >= last() ? null : meta().times[frame];
    show();
  }

  function play(on) {
    playing = on && gd !== null && moves();
    if (playing) {
      if (frame >= last()) frame = 0;
      origin = performance.now() - (frame * 1000) / rate();
      requestAnimationFrame(tick);
    } else rest();
    const main = button("play");
    main.innerHTML = icon(playing ? "pause" : "play");
    main.setAttribute("aria-label", playing ? "Pause" : "Play");
  }

  function tick(now) {
    if (!playing || !gd) return;
    // By the clock: a slow browser drops frames, not time.
    go(Math.floor(((now - origin) * rate()) / 1000));
    if (frame >= last()) play(false);
    else requestAnimationFrame(tick);
  }

  function rest() {
    if (gd && moves()) options.rest?.({ at: head, speed });
  }

  const actions = {
    play: () => play(!playing),
    back: () => (play(false), go(frame - 1), rest()),
    forward: () => (play(false), go(frame + 1), rest()),
  };
  for (const name of Object.keys(actions)) button(name).addEventListener("click", () => gd && actions[name]());
  range.addEventListener("input", () => { if (!gd) return; playing && play(false); go(Number(range.value)); });
  range.addEventListener("change", () => gd && rest());
  select.addEventListener("change", () => {
    speed = Number(select.value);
    if (playing) play(true);
    else rest();
  });

  function onKey(event) {
    if (!gd || !moves() || event.ctrlKey || event.metaKey || event.altKey) return;
    const from = event.composedPath()[0];
    if (from.closest?.("input, textarea, select, button, [role=slider], [role=combobox], [contenteditable]")) return;
    const action = { " ": "play", ArrowLeft: "back", ArrowRight: "forward" }[event.key];
    if (!action) return;
    event.preventDefault();
    actions[action]();
  }

  let pressed = null;
  const onDown = (event) => { pressed = [event.clientX, event.clientY]; };
  function onUp(event) {
    if (!pressed || Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) > 5) return;
    if (event.target.closest?.(".legend, .modebar, .updatemenu-container")) return;
    const box = gd.getBoundingClientRect();
    for (const axis of meta().clicks ?? ["x"]) {
      const xAxis = axisOf(axis);
      if (!xAxis) continue;
      const yAxis = axisOf(xAxis.anchor);
      const x = event.clientX - box.left - xAxis._offset;
      const y = event.clientY - box.top - yAxis._offset;
      const inside = x >= 0 && y >= 0 && x <= xAxis._length && y <= yAxis._length;
      if (inside) options.click?.({ x: xAxis.p2d(x), y: yAxis.p2d(y), axis });
    }
  }

  function asShown() {
    // The traces with everything that moves where it is now, as a picture of the chart should have them.
    const traces = gd.data.map((trace) => ({ ...trace }));
    frames()[frame].data.forEach((part, i) => Object.assign(traces[frames()[frame].traces[i]], part));
    for (const { trace, run } of meta().trails) {
      for (const along of ["x", "y"]) {
        traces[trace][along] = gd._fullData[trace][along].slice(0, meta().schedule[run][frame] + 1);
      }
    }
    return traces;
  }

  function onPicture(event) {
    if (!moves() || !event.target.closest?.('.modebar-btn[data-title*="PNG"]')) return;
    const { data, layout } = gd;
    Object.assign(gd, { data: asShown(), layout: { ...layout, updatemenus: [] } });
    // Plotly copies what it draws before it returns.
    setTimeout(() => Object.assign(gd, { data, layout }), 0);
  }

  function onAfterplot() {
    // A zoom or a new size: paths and heads are whole again.
    if (!busy && gd && moves()) redraw();
  }

  function redraw() {
    range.max = String(last());
    // A figure is drawn as at its end.
    shown = last();
    measure();
    go(head === null ? last() : nearest(head));
  }

  return {
    begin(at, pace) {
      head = at ?? null;
      speed = SPEEDS.includes(pace) ? pace : 1;
      select.value = String(speed);
      if (!gd || !moves()) return;
      if (playing) play(false);
      redraw();
    },
    attach(target) {
      if (gd === target) return;
      const goOn = playing;
      this.detach();
      gd = target;
      busy = false;
      // Plotly swallows clicks on the plot, so they are caught on their way down.
      gd.addEventListener("pointerdown", onDown, true);
      gd.addEventListener("click", onPicture, true);
      window.addEventListener("pointerup", onUp, true);
      document.addEventListener("keydown", onKey);
      gd.on("plotly_afterplot", onAfterplot);
      host.querySelector(".player").hidden = !moves();
      if (moves()) redraw();
      gd.classList.add("played");
      if (goOn) play(true);
    },
    detach() {
      if (!gd) return;
      playing = false;
      gd.removeEventListener("pointerdown", onDown, true);
      gd.removeEventListener("click", onPicture, true);
      window.removeEventListener("pointerup", onUp, true);
      document.removeEventListener("keydown", onKey);
      gd.removeListener?.("plotly_afterplot", onAfterplot);
      gd = null;
    },
  };
}
