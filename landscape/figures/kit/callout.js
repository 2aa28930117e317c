// Callout: says on the stage, once, what a hand can take; gone for good when a hand has taken something on this page.
//
// createCallout(where) gives {show(gd, grips), taken()}; where(trace) is the pixels of a mark from its panel's corner.

const WORDS = "Drag this";
const ABOVE = 42; // pixels from the mark

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
    if (!grip || remembers("localStorage", name)) return box?.remove();
    const across = axisOf(gd, grip.panel);
    const [x, y] = where(grip.mark);
    const ink = gd._fullLayout.font.color;
    box ??= Object.assign(document.createElement("div"), { className: "callout", textContent: WORDS, ariaHidden: "true" });
    Object.assign(box.style, {
      background: ink,
      borderRadius: "6px",
      color: ink[1] < "8" ? "#fff" : "#000",
      font: `600 14px/1 ${gd._fullLayout.font.family}`,
      left: `${Math.max(across._offset, across._offset + x - 34)}px`,
      padding: "6px 8px",
      pointerEvents: "none",
      position: "absolute",
      top: `${Math.max(0, axisOf(gd, across.anchor)._offset + y - ABOVE)}px`,
    });
    gd.append(box);
  }

  function taken() {
    if (!box) return;
    remember("localStorage", name);
    box.remove();
    box = null;
  }

  return { show, taken };
}
