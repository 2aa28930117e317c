// Callout: says on the stage, once, what a hand can take; gone for good when a hand has taken something on this page.
//
// createCallout(where) gives {show(gd, grips), taken()}; where(trace) is the pixels of a mark from its panel's corner.

const WORDS = "Drag this";
const GAP = 15, FARTHEST = 30; // pixels from the mark

// What this browser remembers, which may not be allowed to.
function remembers(store, name) {
  try {
    return window[store].getItem(name) !== null;
  } catch {
    return true;
  }
}

function remember(store, name) {
  try {
    window[store].setItem(name, "1");
  } catch {
    // Then it is said again next time.
  }
}

function createCallout(where) {
  const name = `landscape taken ${location.pathname}`;
  let box = null;

  function show(gd, grips) {
    const grip = grips.find(({ mark, across }) => mark >= 0 && across && where(mark));
    // One that a player before this one has left, too.
    gd.querySelectorAll(".callout").forEach((each) => each.remove());
    if (!grip || remembers("localStorage", name)) return;
    const across = axisOf(gd, grip.panel), up = axisOf(gd, across.anchor);
    const ink = gd._fullLayout.font.color;
    box ??= Object.assign(document.createElement("div"), { className: "callout", textContent: WORDS, ariaHidden: "true" });
    Object.assign(box.style, {
      background: ink,
      borderRadius: "6px",
      color: themeOf(gd) === "light" ? "#fff" : "#000",
      font: `600 14px/1 ${gd._fullLayout.font.family}`,
      padding: "6px 8px",
      pointerEvents: "none",
      whiteSpace: "nowrap",
      position: "absolute",
    });
    const space = spaceOn(gd, grip.panel);
    gd.append(box);
    const size = [box.offsetWidth, box.offsetHeight];
    // Where it hides least: nothing of the stage where it can, and no words and marks if it must.
    const at = where(grip.mark);
    const best = space.freest(at, size, GAP, null, (place) => gapTo(place, at) <= FARTHEST);
    const most = gd.offsetWidth - size[0];
    box.style.left = `${Math.max(0, Math.min(most, across._offset + best[0]))}px`;
    box.style.top = `${Math.max(0, up._offset + best[1])}px`;
  }

  function taken() {
    if (!box) return;
    remember("localStorage", name);
    box.remove();
    box = null;
  }

  return { show, taken };
}
