// The player: play, pause, scrub and step through a stage, trim its paths to the play head, and let hands hold it.
//
// A stage is a Plotly figure with frames; layout.meta tells the player about it. The types are those of meta.py.
/**
 * @typedef {Object} Trail   a trace that is drawn only as far as its run has come
 * @property {number} trace
 * @property {number} run
 *
 * @typedef {Object} Ride    marks at the ends of trails
 * @property {number} trace
 * @property {number[]} trails  for each mark its trail's place in `trails`
 *
 * @typedef {Object} Meta
 * @property {Trail[]} trails        which traces are paths, and whose
 * @property {Ride[]} [rides]        which marks ride on them
 * @property {number[][]} schedule   [run][frame] the point of its path that a run has reached
 * @property {number[]} times        [frame] what the clock shows, rising
 * @property {string} unit           what times count
 * @property {number} rate           frames a second at 1x
 * @property {string[]} [labels]     [frame] what the clock shows instead, where a number and its unit do not say it
 * @property {(string|[number, number, string])[]} [captions]   [frame] a line of text under the controls: itself, or
 *     how many letters of the line before it begins and ends with, and what is between
 * @property {string[]} [clicks]     the panels, by their x axis, on which a click counts; the first alone if left out
 * @property {Paint} [paint]         what changes its colours or words, see paint.js
 * @property {Live} [live]           what can be held, see live.js
 * @property {Pointing} [pointing]   cells that light up what they are linked with, see cells.js
 * @property {string} [base]         names this figure where more than one is sent to the same place
 */
// A figure whose meta has no times does not move: it has no controls, and only its clicks are told.
//
// createPlayer(host, options) fills `host` with controls and returns {attach, change, detach, begin}; begin(at, speed)
// puts the play head somewhere else, change(to) takes what differs from the figure that is drawn:
//   to.traces   {trace: {attribute: value}}
//   to.layout   {"yaxis2.range": [low, high]} and the like
//   to.meta     what has changed of meta;  to.frames  all frames, where any has changed
// Options:
//   update(gd, traces, layout)   Plotly.update for what has to be drawn anew; each trace's attributes by its place
//   rest({at, speed})            told where the play head came to rest; `at` is null at the end
//   click({x, y, axis})          told of a click on a panel, in data coordinates
//   grab({name: value})          told what has been let go where
//   at, speed                    where to begin
//   arrive                       whether to play once by itself up to there, where motion is welcome
//   arrived()                    told when that is over
//   call, home                   see tools.js

// "step 12 of 300", of units in the plural; "x = 0.5" of what is no count.
function counted(now, end, unit) {
  return unit.endsWith("s") ? `${unit.slice(0, -1)} ${minus(now)} of ${minus(end)}` : `${unit} = ${minus(now)}`;
}

// Lines in full, of which each may be told by what is not as in the one before.
function spelled(lines) {
  let before = "";
  return lines.map((line) => {
    if (typeof line !== "string") {
      const [begin, end, between] = line;
      line = before.slice(0, begin) + between + (end ? before.slice(-end) : "");
    }
    return (before = line);
  });
}

// Seconds at most until a page that plays by itself is where it rests.
const ARRIVAL = 5;
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
    <div class="handles" role="group" aria-label="What can be held" hidden></div>
    <p class="caption" hidden></p>
    <p class="unseen" role="status"></p>`;
  const parts = ["input", "output", "select", ".caption", ".unseen"].map((tag) => host.querySelector(tag));
  const [range, output, select, caption, unseen] = parts;
  const button = (name) => host.querySelector(`[data-do=${name}]`);

  let gd = null;
  let meta = {};
  let base = null; // the meta of the figure that is drawn
  let original = {}; // what `change` has put something else in place of: {traces, layout}, as `to`
  let frame = 0;
  let head = options.at ?? null; // what the clock shows, null at the end: it outlives the figure
  let playing = false;
  let goal = null; // the frame up to which it plays by itself
  let hurry = 1; // how much faster than asked for it does so
  let origin = 0; // when frame 0 would have been shown at this speed
  let speed = SPEEDS.includes(options.speed) ? options.speed : 1;
  let live = null;
  let holding = {}; // what is held, and where
  let pointed = null; // the cell that is pointed at
  let fill = null; // what grids show of what is held
  const paint = createPaint();
  const drawing = createDrawing();
  const handles = createHandles(host.querySelector(".handles"), { hold, drop, cancel });
  const grab = createGrab({
    grips: () => meta.live?.grips ?? [],
    at: (name) => live.at[name],
    where: drawing.where,
    hold,
    drop,
    cancel,
  });
  const callout = createCallout(drawing.where);
  const names = createNames(drawing);
  const cells = createCells({
    pointing: () => meta.pointing,
    entries: () => meta.live?.entries,
    sheet: () => meta.live?.sheet,
    at: (name) => live.at[name],
    span: (name) => [meta.live.values[name].low, meta.live.values[name].high],
    light,
    hold,
    drop,
    cancel,
  });
  const rove = createRove({
    fields: () => meta.pointing?.fields,
    say: ({ text, frame: at }) => text || meta.captions?.[at] || "",
    light,
    press({ panel, columns, cells: { length } }, place) {
      const now = cells.press(panel, place);
      if (now !== null) return hear(now);
      const point = { x: place % columns, y: length / columns - 1 - Math.floor(place / columns), axis: panel };
      if ((meta.clicks ?? ["x"]).includes(panel)) options.click?.(point);
    },
    step: ({ panel }, place, by) => hear(cells.step(panel, place, by)),
  });
  select.value = String(speed);
  // A file has no link that leads anywhere.
  const said = () => [caption.textContent, location.protocol !== "file:" && location.href];
  createTools(host, { chart: () => gd, call: options.call, home: options.home, said });

  const last = () => meta.times.length - 1;
  const moves = () => Boolean(meta.times);
  const rate = () => meta.rate * speed * hurry;

  // A number that a key has changed is read out.
  const hear = (now) => { if (now !== null) unseen.textContent = short(now); };

  const off = (k, at) => Math.abs(meta.times[k] - at);
  const nearest = (at) => meta.times.reduce((best, _, k) => (off(k, at) < off(best, at) ? k : best), 0);

  function show() {
    const { captions, labels, times, unit } = meta;
    const held = Object.keys(holding).length > 0;
    const seen = pointed?.frame >= 0 && !held ? pointed.frame : frame;
    drawing.show(seen);
    const follows = held || !captions ? live?.say() : null;
    const said = follows ?? ((!held && pointed?.text) || captions?.[seen]);
    caption.hidden = !said;
    // What is said cannot follow, as a path that is not recorded.
    caption.style.opacity = held && !follows ? "0.25" : "";
    caption.textContent = said ?? "";
    if (!moves()) return;
    name();
    if (held) for (const [trace, filled] of fill(live.at, frame)) paint.set(trace, filled);
    paint.show(seen);
    range.value = String(frame);
    output.textContent = labels ? labels[frame] : counted(times[frame], times[last()], unit);
  }

  // Who is who, while nothing moves.
  function name() {
    if (playing || Object.keys(holding).length || !gd) names.hide();
    else names.soon(gd, frame);
  }

  function go(to) {
    frame = Math.max(0, Math.min(last(), to));
    head = frame >= last() ? null : meta.times[frame];
    // What reads the clock follows it.
    if (live?.reads && Object.keys(holding).length) follow();
    show();
  }

  function play(on, unheard = false) {
    if (!on && goal !== null) {
      [goal, hurry] = [null, 1];
      options.arrived?.();
    }
    playing = on && gd !== null && moves();
    if (playing) {
      if (frame >= last()) frame = 0;
      origin = performance.now() - (frame * 1000) / rate();
      requestAnimationFrame(tick);
    } else if (!unheard) rest();
    name();
    const main = button("play");
    main.innerHTML = icon(playing ? "pause" : "play");
    main.setAttribute("aria-label", playing ? "Pause" : "Play");
  }

  function tick(now) {
    if (!playing || !gd) return;
    // By the clock: a slow browser drops frames, not time.
    const end = Math.min(goal ?? last(), last());
    go(Math.min(end, Math.floor(((now - origin) * rate()) / 1000)));
    // Where it has come by itself the server has it already.
    if (frame >= end) play(false, goal !== null);
    else requestAnimationFrame(tick);
  }

  function arrive() {
    options.arrive = false;
    if (!moves() || !frame || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const end = frame;
    go(0);
    hurry = Math.max(1, end / (rate() * ARRIVAL));
    play(true);
    goal = end;
  }

  function rest() {
    if (gd && moves()) options.rest?.({ at: head, speed });
  }

  function hold(changes) {
    const { [CLOCK]: time, ...others } = changes;
    if (time !== undefined) {
      if (playing) play(false);
      go(nearest(time));
    }
    if (!Object.keys(others).length) return;
    callout.taken();
    if (!Object.keys(holding).length) dim(true);
    for (const [name, value] of Object.entries(others)) {
      const { low, high } = meta.live.values[name];
      holding[name] = live.at[name] = Math.max(low, Math.min(high, value));
    }
    follow();
    show();
  }

  function follow() {
    for (const [trace, numbers] of live.follow(frame, meta.times?.[frame])) drawing.set(trace, numbers);
    for (const { across, up, mark, off } of meta.live.grips) {
      // Where only one of the two is held, the mark follows as a curve does.
      if (mark >= 0 && across in live.at && up in live.at) {
        drawing.set(mark, { x: [live.at[across] + off[0]], y: [live.at[up] + off[1]] });
      }
    }
    for (const [trace, texts] of live.words()) paint.set(trace, texts, false);
    for (const { trace, across, up } of meta.live.grounds ?? []) {
      drawing.carry(trace, ...[across, up].map((name) => live.at[name] - meta.live.values[name].at));
    }
    handles.show(meta.live.values, live.at);
  }

  // A cell is pointed at: what it is linked with lights up, and the stage shows how it is made.
  function light(cell) {
    if (!gd?._fullData || !moves() || Object.keys(holding).length) return;
    pointed = cell;
    (meta.pointing?.lights ?? []).forEach((trace, i) => drawing.set(trace, outlines(cell?.lit[i] ?? [])));
    show();
  }

  // What cannot follow is faint while something is held, or out of sight where it would be wrong.
  function dim(on) {
    drawing.fade(live.left, on ? "0.25" : "");
    const frozen = drawing.movers().filter((trace) => !live.followers.has(trace));
    drawing.fade([...frozen, ...(meta.live.stale ?? [])], on ? "0" : "");
  }

  function drop(moved) {
    const let_go = holding;
    holding = {};
    pointed = null;
    if (!Object.keys(let_go).length) return rest();
    if (!moved && moves()) {
      // A click drops the ball, and it runs.
      go(0);
      play(true);
    }
    options.grab?.(let_go);
  }

  function cancel() {
    holding = {};
    settle();
  }

  function settle() {
    // As the server has it, unless a hand has it again.
    if (!gd?._fullData || Object.keys(holding).length) return;
    drawing.restore();
    paint.forget();
    if (live) {
      live.reset();
      dim(false);
      handles.show(meta.live.values ?? {}, live.at);
    }
    show();
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
    if (from.closest?.("input, textarea, select, button, [role=slider], [role=combobox], [role=gridcell], [contenteditable]")) return;
    const action = { " ": "play", ArrowLeft: "back", ArrowRight: "forward" }[event.key];
    if (!action) return;
    event.preventDefault();
    actions[action]();
  }

  let pressed = null;
  const onDown = (event) => { pressed = grab.holding ? null : [event.clientX, event.clientY]; };
  function onUp(event) {
    if (!pressed || Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) > 5) return;
    if (event.target.closest?.(".legend, .modebar, .updatemenu-container")) return;
    for (const axis of meta.clicks ?? ["x"]) {
      const place = onPanel(gd, event, axis);
      if (place?.inside) options.click?.({ x: place.across.p2d(place.x), y: place.up.p2d(place.y), axis });
    }
  }

  function onAfterplot() {
    if (!gd?._fullData) return;
    if (gd.layout.meta !== base) take();
    // A zoom or a new size: paths and heads are whole again.
    redraw();
  }

  const onHover = ({ points: [{ curveNumber, pointNumber }] }) => drawing.point(curveNumber, pointNumber);
  const onUnhover = () => gd?._fullData && drawing.point(null);

  function take() {
    // Plotly has drawn another figure.
    base = gd.layout.meta;
    original = {};
    drawing.attach(gd);
    learn(base);
  }

  function redraw() {
    // A chart that has been taken away has no data left.
    if (!gd._fullData) return;
    drawing.measure();
    shadeMaps(gd);
    const at = moves() ? (head === null ? last() : nearest(head)) : 0;
    // Words stand beside what moves as it rests, and beside paths as they are at every step.
    drawing.show(at);
    drawing.whole();
    placeWords(gd);
    paint.measure(gd, meta);
    grab.dress();
    cells.dress();
    callout.show(gd, meta.live?.grips ?? []);
    if (!moves()) return show();
    range.max = String(last());
    go(at);
    rove.dress();
  }

  function learn(about, frames) {
    meta = about.captions ? { ...about, captions: spelled(about.captions) } : about;
    live = meta.live ? createLive(meta.live) : null;
    fill = createGrids(meta.live?.grids ?? []);
    drawing.learn(meta, frames);
    handles.show(meta.live?.values ?? {}, live?.at ?? {});
    host.querySelector(".player").hidden = !moves();
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
      // Plotly swallows clicks on the plot, so they are caught on their way down; the hand comes first.
      grab.attach(gd);
      cells.attach(gd);
      rove.attach(gd);
      gd.addEventListener("pointerdown", onDown, true);
      window.addEventListener("pointerup", onUp, true);
      document.addEventListener("keydown", onKey);
      gd.on("plotly_afterplot", onAfterplot);
      gd.on("plotly_hover", onHover);
      gd.on("plotly_unhover", onUnhover);
      take();
      redraw();
      gd.classList.add("played");
      if (goOn) play(true);
      else if (options.arrive) arrive();
    },
    change(to) {
      // What is held is let go soon, and the server asked anew.
      if (Object.keys(holding).length || !gd._fullData) return;
      pointed = null;
      const { traces, layout } = replaced(original, to, gd);
      learn({ ...gd.layout.meta, ...to.meta }, to.frames);
      drawing.restore();
      paint.forget();
      if (live) dim(false);
      const slow = Object.entries(traces).filter(([trace, part]) => {
        const { x, y, customdata, ...others } = part;
        const plain = !Object.keys(others).length || isMap(gd, trace);
        return !(plain && drawing.keep(Number(trace), part));
      });
      const anew = slow.length > 0 || Object.keys(layout).length > 0;
      if (anew) options.update(gd, Object.fromEntries(slow), layout);
      drawing.ground(Object.keys(traces).map(Number), anew);
      redraw();
    },
    settle,
    detach() {
      if (!gd) return;
      playing = false;
      names.hide();
      grab.detach();
      cells.detach();
      rove.detach();
      gd.removeEventListener("pointerdown", onDown, true);
      window.removeEventListener("pointerup", onUp, true);
      document.removeEventListener("keydown", onKey);
      for (const [name, heard] of [["afterplot", onAfterplot], ["hover", onHover], ["unhover", onUnhover]]) {
        gd.removeListener?.(`plotly_${name}`, heard);
      }
      gd = null;
    },
  };
}
