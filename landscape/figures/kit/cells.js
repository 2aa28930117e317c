// Cells: grids of numbers whose cells light up what they are linked with when they are pointed at, whose entries can be
// dragged up and down, and on which a pen draws. The types are those of meta.py.
/**
 * @typedef {Object} Cell       what happens when a cell is pointed at
 * @property {string} text      what is said; empty for the caption of its frame
 * @property {number} frame     what the stage shows meanwhile, -1 for what it shows anyway
 * @property {number[][]} lit   by the place of the light: columns and rows of cells, flat, as the axes count them
 *
 * @typedef {Object} Pointing
 * @property {number[]} lights  traces, lines, which are drawn around the cells that are lit, a panel each
 * @property {Field[]} fields
 *
 * @typedef {Object} Field      a panel of cells, row by row from the top
 * @property {string} title     what the keyboard calls it
 * @property {string} panel     its x axis
 * @property {number} columns
 * @property {Cell[]} cells
 *
 * @typedef {Object} Entries    values that are the cells of a panel, row by row from the top
 * @property {string} panel     its x axis
 * @property {number} columns
 * @property {string[]} names
 *
 * @typedef {Object} Sheet      values from 0 to 1 that are cells of a panel, row by row from the top, and are drawn on
 * @property {string} panel     its x axis
 * @property {number} columns
 * @property {string[]} names   "" for a cell that is none
 * @property {boolean} erase    whether the pen takes away
 *
 * @typedef {Object} Grid       a film and its words that follow what is held: a number a cell, row by row from the top
 * @property {number} film      its trace
 * @property {number} words     the trace of its text marks; -1 for none
 * @property {number} levels    how many of the film's colours stand for numbers from -1 to 1
 * @property {number} columns
 * @property {Object} program   (values..., lane...) -> numbers
 * @property {string[]} reads   the values that it is told
 * @property {Array<Array<number|string>>} lanes  what the program is told besides: numbers, or names of values
 * @property {number[]} [span]  what the first and the last of the colours stand for, instead
 * @property {boolean} each     whether a frame shows its own lane's numbers, or all lanes' together
 */

// Pixels for an entry to change by 1, and what it is rounded to.
const UNIT = 40;
const ROUND = 20;

// Digits after the point as Python writes them: a tie, which only a number of few binary digits has, goes to the even one.
function fixed(size, digits) {
  const scaled = size * 10 ** digits;
  if (!Number.isInteger(8 * size) || scaled % 1 !== 0.5) return size.toFixed(digits);
  return (2 * Math.round(scaled / 2) / 10 ** digits).toFixed(digits);
}

// A number for a cell, as landscape/figures/convolution/cells.py writes it.
function brief(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text = size >= 9.95 ? fixed(size, 0) : size >= 0.995 ? fixed(size, 1) : fixed(size, 2).replace(/^0/, "");
  return (value < 0 ? "−" : "") + text.replace(/\.0$/, "");
}

// What grids show at a frame, where their values are held: [trace, bytes of a film or words].
function createGrids(grids) {
  const filled = grids.map((grid) => createGrid(grid));
  return (at, frame) => grids.flatMap(({ film, words }, i) => {
    const shown = filled[i](at, frame);
    return [[film, shown.bytes], [words, shown.words]];
  });
}

function createGrid({ levels, columns, program, reads, lanes, span, each }) {
  const run = createProgram(program);
  return (at, frame) => {
    const inputs = reads.map((name) => at[name]);
    const told = (entry) => (typeof entry === "string" ? at[entry] : entry);
    const rows = lanes.map((lane) => [...run([...inputs, ...lane.map(told)])]);
    const most = Math.max(...rows.flat().map(Math.abs)) || 1;
    const [low, high] = span ?? [-most, most];
    const values = each ? rows[frame] : rows.flat();
    const bytes = new Uint8Array(values.length);
    const down = values.length / columns;
    values.forEach((value, i) => {
      const place = (down - 1 - Math.floor(i / columns)) * columns + (i % columns);
      bytes[place] = Math.round(((value - low) / (high - low)) * (levels - 1));
    });
    return { bytes, words: values.map(brief) };
  };
}

// The cell of a panel that an event is on, by its place row by row from the top; -1 for none.
function cellAt(gd, event, { panel, columns }, count) {
  const place = gd._fullLayout && onPanel(gd, event, panel);
  if (!place?.inside) return -1;
  const column = Math.round(place.across.p2d(place.x));
  const row = count / columns - 1 - Math.round(place.up.p2d(place.y));
  return column >= 0 && column < columns && row >= 0 && row < count / columns ? row * columns + column : -1;
}

// A line around each of the cells, as Plotly's axes count them.
function outlines(flat) {
  const [x, y] = [[], []];
  for (let i = 0; i < flat.length; i += 2) {
    const [column, row] = [flat[i], flat[i + 1]];
    x.push(column - 0.46, column + 0.46, column + 0.46, column - 0.46, column - 0.46, null);
    y.push(row - 0.46, row - 0.46, row + 0.46, row + 0.46, row - 0.46, null);
  }
  return { x, y };
}

// createCells(hooks) gives {attach(gd), detach(), dress(), press(panel, place), step(panel, place, by)}; a panel by its x
// axis, a cell by its place row by row from the top. Hooks:
//   pointing(), entries(), sheet()   of the stage, or nothing
//   at(name)                a value's number now, and span(name) its least and largest
//   light(cell)             told what is pointed at, null for nothing
//   hold, drop, cancel      as of grab.js
function createCells(hooks) {
  let gd = null;
  let over = null;
  let held = null; // {id, from, moved, far(event), change(event), press()}
  let leaving = null; // until keys count as let go
  // A tool of the bar that is switched on has the mouse.
  const free = () => gd?._fullLayout && !gd._fullLayout.dragmode;

  function pointed(event) {
    if (!gd.contains(event.target)) return null;
    for (const field of hooks.pointing()?.fields ?? []) {
      const place = cellAt(gd, event, field, field.cells.length);
      if (place >= 0) return field.cells[place];
    }
    return null;
  }

  function light(event) {
    const cell = free() && !held ? pointed(event) : null;
    if (cell === over) return;
    over = cell;
    hooks.light(cell);
  }

  // All of the values of a panel: what they were may be chosen by name.
  const all = ({ names }, changed) =>
    Object.fromEntries(names.filter(Boolean).map((name) => [name, changed[name] ?? hooks.at(name)]));

  function nameAt(event, values) {
    const place = values && free() ? cellAt(gd, event, values, values.names.length) : -1;
    return place < 0 ? "" : values.names[place];
  }

  // A hand on an entry: up and down.
  function pull(event, name) {
    const [from, value, [low, high]] = [event.clientY, hooks.at(name), hooks.span(name)];
    const by = ({ clientY }) => (from - clientY) / UNIT;
    return {
      far: (now) => Math.abs(by(now)) * UNIT > STILL,
      change(now) {
        const next = Math.round(Math.max(low, Math.min(high, value + by(now))) * ROUND) / ROUND;
        return all(hooks.entries(), { [name]: next });
      },
      press: () => null,
    };
  }

  // A pen on the sheet; a press that stays in place fills a cell, or clears it.
  function draw(event, name) {
    const sheet = hooks.sheet();
    const before = sheet.names.map((each) => (each ? hooks.at(each) : 0));
    const stroke = createInk(sheet.columns, before.length / sheet.columns);
    const rows = before.length / sheet.columns;
    const where = (now) => {
      const { across, up, x, y } = onPanel(gd, now, sheet.panel);
      return [across.p2d(x), rows - 1 - up.p2d(y)];
    };
    let pen = where(event);
    return {
      far: (now) => Math.hypot(now.clientX - event.clientX, now.clientY - event.clientY) > STILL,
      change(now) {
        const share = stroke(pen, where(now));
        pen = where(now);
        const inked = (ink, k) => (sheet.erase ? Math.min(ink, 1 - share[k]) : Math.max(ink, share[k]));
        return all(sheet, Object.fromEntries(before.map((ink, k) => [sheet.names[k], inked(ink, k)])));
      },
      press: () => pressed(sheet, name),
    };
  }

  const pressed = (sheet, name) => all(sheet, { [name]: sheet.erase || hooks.at(name) ? 0 : 1 });

  function onDown(event) {
    light(event);
    if (event.button || held) return;
    const [entry, pixel] = [nameAt(event, hooks.entries()), nameAt(event, hooks.sheet())];
    if (!entry && !pixel) return;
    held = { id: event.pointerId, moved: false, ...(entry ? pull(event, entry) : draw(event, pixel)) };
    event.stopPropagation();
  }

  function onMove(event) {
    if (!held) return light(event);
    if (event.pointerId !== held.id || !(held.moved ||= held.far(event))) return;
    if (over) hooks.light((over = null));
    hooks.hold(held.change(event));
  }

  function onUp(event) {
    if (!held || event.pointerId !== held.id) return;
    const changes = held.moved || held.press();
    const { moved } = held;
    held = null;
    if (!moved && changes) hooks.hold(changes);
    if (changes) hooks.drop(true);
  }

  function onCancel(event) {
    if (!held || event.pointerId !== held.id) return;
    held = null;
    hooks.cancel();
  }

  function own(event) {
    const at = event.touches?.[0] ?? event;
    if (!held && !nameAt(at, hooks.entries()) && !nameAt(at, hooks.sheet())) return;
    event.stopPropagation();
    if (event.cancelable && event.touches) event.preventDefault();
  }

  const listeners = [
    [() => gd, "pointerdown", onDown], [() => gd, "mousedown", own], [() => gd, "touchstart", own],
    [() => window, "pointermove", onMove], [() => window, "pointerup", onUp], [() => window, "pointercancel", onCancel],
  ];
  const PHASE = { capture: true, passive: false };

  // What keys change is let go when they rest.
  function keyed(changes) {
    hooks.hold(changes);
    clearTimeout(leaving);
    leaving = setTimeout(() => { leaving = null; hooks.drop(true); }, PAUSE);
  }

  const of = (panel, place) => [hooks.sheet(), hooks.entries()].map((values) => [
    values?.panel === panel ? values : null,
    values?.panel === panel ? values.names[place] : "",
  ]).find(([, name]) => name) ?? [null, ""];

  function dress(values, cursor) {
    const across = values && axisOf(gd, values.panel);
    const cover = across && gd.querySelector(`.draglayer > .${across._id}${across.anchor} .nsewdrag`);
    if (cover) cover.style.cursor = cursor;
  }

  return {
    attach(to) {
      gd = to;
      for (const [where, name, listener] of listeners) where().addEventListener(name, listener, PHASE);
    },
    detach() {
      if (!gd) return;
      clearTimeout(leaving);
      held = over = leaving = null;
      for (const [where, name, listener] of listeners) where().removeEventListener(name, listener, true);
      gd = null;
    },
    // What can be dragged or drawn on looks it.
    dress() {
      dress(hooks.entries(), "ns-resize");
      dress(hooks.sheet(), "crosshair");
    },
    // A cell of a panel is filled or cleared, by a key: the number it has then, null where it cannot be.
    press(panel, place) {
      const [values, name] = of(panel, place);
      if (!values || values !== hooks.sheet()) return null;
      keyed(pressed(values, name));
      return hooks.at(name);
    },
    // A cell's number goes up or down, by a key: the number it has then, null where it is fixed.
    step(panel, place, by) {
      const [values, name] = of(panel, place);
      if (!values) return null;
      const [low, high] = hooks.span(name);
      keyed(all(values, { [name]: Math.max(low, Math.min(high, hooks.at(name) + by)) }));
      return hooks.at(name);
    },
  };
}
