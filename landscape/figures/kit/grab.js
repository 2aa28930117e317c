// Grab: a hand on the stage, by mouse, touch or keys, and which values it holds.
//
// createGrab(hooks) gives {attach(gd), detach(), dress()}. Hooks:
//   grips()            the stage's grips, see live.js
//   at(name)           a value's number now
//   where(trace)       the pixels of a mark, from the panel's corner, or null
//   hold(changes)      told while values are held: {name: number}
//   drop(moved)        told when they are let go; moved is false for a press that stayed in place
//   cancel()           told when the hand was called away

// Of a panel's width or height: a key, and a key with Shift or Page before it.
const NUDGE = 0.01;
const LEAP = 0.1;
// A press that moves less, in pixels, is a click.
const STILL = 4;
// So near, in pixels, a mark is held where a line could be drawn, too.
const NEAR = 24;
// Milliseconds without a key after which the hand counts as gone.
const PAUSE = 350;
const ARROWS = {
  ArrowLeft: [-NUDGE, 0], ArrowRight: [NUDGE, 0], ArrowUp: [0, NUDGE], ArrowDown: [0, -NUDGE],
  PageUp: [0, LEAP], PageDown: [0, -LEAP],
};

function createGrab(hooks) {
  let gd = null;
  let held = null; // {grip, from, moved, line}
  let latest = null; // where the pointer is, until the next frame
  let pointing = false;
  let leaving = null; // until keys count as let go

  const axes = ({ panel }) => {
    const across = axisOf(gd, panel);
    return across && { across, up: axisOf(gd, across.anchor) };
  };
  // A tool of the bar that is switched on has the mouse.
  const free = () => gd?._fullLayout && !gd._fullLayout.dragmode;

  function gripAt(event) {
    if (!free() || event.target.closest?.(".legend, .modebar, .updatemenu-container, .handles")) return null;
    let best = null;
    for (const grip of hooks.grips()) {
      const place = onPanel(gd, event, grip.panel);
      if (!place?.inside) continue;
      const mark = grip.mark < 0 ? null : hooks.where(grip.mark);
      const far = mark ? Math.hypot(place.x - mark[0], place.y - mark[1]) : grip.stroke ? NEAR : 1e5;
      if (!best || far < best.far) best = { grip, far };
    }
    return best?.grip ?? null;
  }

  function within(axis, pixel, off = 0) {
    const value = axis.p2d(Math.max(0, Math.min(axis._length, pixel))) - off;
    // As many digits as a link has: what is drawn here is what the server will draw.
    return Number(value.toPrecision(6));
  }

  function follow(grip, event) {
    if (!gd._fullLayout) return;
    if (held?.line) return hooks.hold(held.changes);
    const { across, up, x, y } = onPanel(gd, event, grip.panel);
    const changes = {};
    if (grip.across) changes[grip.across] = within(across, x, grip.off[0]);
    if (grip.up) changes[grip.up] = within(up, y, grip.off[1]);
    hooks.hold(changes);
  }

  function onDown(event) {
    if (event.button || held) return;
    const grip = gripAt(event);
    if (!grip) return;
    held = { grip, from: [event.clientX, event.clientY], moved: false, id: event.pointerId };
    if (grip.stroke) begin(grip, event);
    // Plotly would start a gesture of its own.
    event.stopPropagation();
    gd.focus({ preventScroll: true });
  }

  function begin({ panel, stroke }, event) {
    const { across, x, y } = onPanel(gd, event, panel);
    const line = createStroke(stroke, stroke.at.map((place) => across.d2p(place)));
    line(x, y);
    Object.assign(held, { line, changes: {} });
  }

  // Every point that the hand has passed counts, also where the screen shows none of it.
  function draw({ grip: { panel, stroke }, line, changes }, event) {
    const { across, up, x, y } = onPanel(gd, event, panel);
    for (const [k, right, down] of line(x, y)) {
      if (stroke.across.length) changes[stroke.across[k]] = within(across, right);
      else if (stroke.chosen) changes[stroke.chosen] = k;
      changes[stroke.up[k]] = within(up, down);
    }
  }

  function onMove(event) {
    if (!held) return point(event);
    if (event.pointerId !== held.id) return;
    if (held.line) draw(held, event);
    held.moved ||= Math.hypot(event.clientX - held.from[0], event.clientY - held.from[1]) > STILL;
    if (!held.moved) return;
    if (!gd.classList.contains("held")) unhover();
    gd.classList.add("held");
    if (!latest) requestAnimationFrame(() => { if (held && latest) follow(held.grip, latest); latest = null; });
    latest = event;
  }

  // A pointer that is not pressed, over a panel where pointing is enough.
  function point(event) {
    const grip = event.pointerType === "mouse" && gd.contains(event.target) ? gripAt(event) : null;
    if (!grip?.point) return leave();
    pointing = true;
    if (!latest) requestAnimationFrame(() => { if (pointing && !held && latest) follow(grip, latest); latest = null; });
    latest = event;
  }

  function leave() {
    if (!pointing) return;
    pointing = false;
    hooks.cancel();
  }

  function onUp(event) {
    if (!held || event.pointerId !== held.id) return;
    const { grip, moved } = held;
    pointing = false;
    if (held.line) draw(held, event);
    follow(grip, event);
    release();
    // A press on a line that is drawn sets its point: nothing runs.
    hooks.drop(moved || Boolean(grip.stroke));
  }

  function unhover() {
    for (const cover of gd.querySelectorAll(".nsewdrag")) cover.dispatchEvent(new MouseEvent("mouseout"));
  }

  function release() {
    held = latest = null;
    gd?.classList.remove("held");
  }

  function onCancel(event) {
    if (!held || (event.pointerId ?? held.id) !== held.id) return;
    release();
    hooks.cancel();
  }

  // Plotly's hover would run at every move.
  const quiet = (event) => { if (held) event.stopPropagation(); };
  function own(event) {
    if (!held && !gripAt(event.touches?.[0] ?? event)) return;
    event.stopPropagation();
    // A finger that holds something does not scroll the page.
    if (event.cancelable && event.touches) event.preventDefault();
  }

  function onKey(event) {
    if (event.key === "Escape" && held) return onCancel(event);
    const grip = hooks.grips().find(({ across, up, stroke }) => across !== CLOCK && (across || up || stroke?.chosen));
    if (event.target !== gd || !grip || !ARROWS[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    const share = event.shiftKey ? LEAP / NUDGE : 1;
    const place = axes(grip);
    const changes = {};
    const chosen = grip.stroke?.chosen;
    ["across", "up"].forEach((along, i) => {
      const [name, by] = [chosen && i ? grip.stroke.up[hooks.at(chosen)] : grip[along], ARROWS[event.key][i] * share];
      if (name && by) changes[name] = within(place[along], place[along].d2p(hooks.at(name)) + (i ? -1 : 1) * by * place[along]._length);
    });
    // From point to point of a line that is drawn.
    if (chosen && ARROWS[event.key][0]) changes[chosen] = next(grip.stroke, Math.sign(ARROWS[event.key][0]));
    event.preventDefault();
    event.stopPropagation();
    if (!Object.keys(changes).length) return;
    hooks.hold(changes);
    clearTimeout(leaving);
    leaving = setTimeout(() => { leaving = null; hooks.drop(true); }, PAUSE);
  }

  const next = ({ up, chosen }, by) => Math.max(0, Math.min(up.length - 1, hooks.at(chosen) + by));

  const listeners = [
    [() => gd, "pointerdown", onDown], [() => gd, "mousedown", own], [() => gd, "touchstart", own], [() => gd, "keydown", onKey],
    [() => window, "pointermove", onMove], [() => window, "pointerup", onUp], [() => window, "pointercancel", onCancel],
    [() => window, "mousemove", quiet], [() => window, "touchmove", quiet],
  ];
  const PHASE = { capture: true, passive: false };

  return {
    get holding() {
      return Boolean(held || leaving);
    },
    attach(to) {
      gd = to;
      for (const [where, name, listener] of listeners) {
        where().addEventListener(name, listener, name === "keydown" ? false : PHASE);
      }
    },
    detach() {
      if (!gd) return;
      clearTimeout(leaving);
      leaving = null;
      pointing = false;
      release();
      for (const [where, name, listener] of listeners) where().removeEventListener(name, listener, name !== "keydown");
      gd = null;
    },
    // What can be held looks it; called whenever Plotly has drawn.
    dress() {
      const grips = hooks.grips();
      if (grips.some(({ across }) => across !== CLOCK)) gd.tabIndex = 0;
      for (const grip of grips) {
        const place = axes(grip);
        const cover = place && gd.querySelector(`.draglayer > .${place.across._id}${place.up._id} .nsewdrag`);
        if (!cover) continue;
        cover.style.cursor = free() ? (grip.stroke ? "crosshair" : grip.up ? "grab" : "ew-resize") : "";
      }
    },
  };
}
