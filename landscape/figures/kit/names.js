// Names: who is who, at the ends of paths while a stage is at rest, where there is room; the key has all of them.
//
// createNames(drawing) gives {soon(gd, frame), hide()}.

const FEW = 4; // names on a map
const NAMED = "x"; // the panel that has them
const SMALLER = 0.87; // than the stage's own letters
const CLEAR = 3; // pixels by which a name is nearer to its own mark than to another
const WAIT = 150; // milliseconds at rest before anything is said

function createNames(drawing) {
  let box = null;
  let timer = 0;
  const pen = document.createElement("canvas").getContext("2d");

  function hide() {
    clearTimeout(timer);
    box?.remove();
    box = null;
  }

  function put(gd, frame) {
    const ends = gd._fullData ? drawing.ends(frame, NAMED) : [];
    if (!ends.length || ends.length > FEW) return;
    const { color, family, size: letters } = gd._fullLayout.font, high = Math.round(SMALLER * letters);
    const font = `600 ${high}px ${family}`;
    const space = spaceOn(gd, NAMED), across = axisOf(gd, NAMED), up = axisOf(gd, across.anchor);
    box = Object.assign(document.createElement("div"), { className: "names", ariaHidden: "true" });
    pen.font = font;
    for (const { name, at, size } of ends) {
      const around = space.near(at, [pen.measureText(name).width + 4, high + 3], size / 2 + 3);
      // Nearer to its own mark than to any other: none may take it for theirs.
      const own = (each) => ends.every(({ at: other }) => other === at || gapTo(each, other) > gapTo(each, at) + CLEAR);
      const free = around.find((each) => space.within(each) && own(each) && !space.met(each) && !space.crossed(each));
      if (!free) continue;
      space.take(free);
      const word = Object.assign(document.createElement("span"), { textContent: name });
      const [x, y] = [across._offset + free[0] + 2, up._offset + free[1]];
      const halo = `0 0 3px ${themeOf(gd) === "light" ? "#fff" : "#0e1117"}`;
      word.style.cssText = `position: absolute; white-space: nowrap; left: ${x}px; top: ${y}px; color: ${color};`;
      Object.assign(word.style, { font, lineHeight: `${high + 3}px`, textShadow: [halo, halo, halo].join(",") });
      box.append(word);
    }
    box.style.cssText = "position: absolute; left: 0; top: 0; pointer-events: none;";
    gd.append(box);
  }

  return {
    hide,
    soon(gd, frame) {
      hide();
      timer = setTimeout(() => put(gd, frame), WAIT);
    },
  };
}
