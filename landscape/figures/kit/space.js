// Space: what lies on a panel already, so that words stand where nothing is.
//
// spaceOn(gd, id), of a panel by its x axis, gives {within(box), met(box), crossed(box), boxOf(element), take(box),
// leave(element), near(at, words, gap), freest(at, words, gap, best, may)}; boxes are [left, top, right, bottom] in pixels
// from the panel's corner.
// placeWords(gd) moves words that stand beside marks to where nothing is under them.

const EVERY = 6; // pixels between two points of a line, as it is looked at
// Where words stand around a mark, across and down from it; the best first.
const AROUND = [
  [1, 0], [-1, 0], [0, -1], [0, 1], [1, -1], [-1, -1], [1, 1], [-1, 1], [0.5, -1], [-0.5, -1], [0.5, 1], [-0.5, 1],
];

// What words or a mark under it, and a place outside of the panel, count for, beside a point of a line.
const HIDES = 20, OUTSIDE = 12;
// By how many of their heights words may stand farther up, down or aside from their mark, and what each of them counts for.
const ROWS = [0, 0.5, 1, 1.5, 2, 2.5, 3], AWAY = 1;

// How far a box is from a point, across and down, and as the crow flies.
const gaps = ([left, top, right, bottom], [x, y]) => [Math.max(left - x, x - right, 0), Math.max(top - y, y - bottom, 0)];
const gapTo = (box, point) => Math.hypot(...gaps(box, point));

// The points of a drawn line, no farther apart than EVERY, that are on a panel of some size.
function pointsOf(line, [width, height]) {
  const corners = [...(line.getAttribute("d") ?? "").matchAll(/([ML]?)(-?[\d.]+),(-?[\d.]+)/g)];
  const points = [];
  corners.forEach(([, pen, ...to], i) => {
    const [x, y] = to.map(Number), [u, v] = i && pen !== "M" ? corners[i - 1].slice(2).map(Number) : [x, y];
    if (Math.max(x, u) < 0 || Math.min(x, u) > width || Math.max(y, v) < 0 || Math.min(y, v) > height) return;
    const parts = Math.min(400, Math.ceil(Math.hypot(x - u, y - v) / EVERY)) || 1;
    for (let k = 1; k <= parts; k++) points.push([u + ((x - u) * k) / parts, v + ((y - v) * k) / parts]);
  });
  return points;
}

function spaceOn(gd, id) {
  const across = axisOf(gd, id), up = axisOf(gd, across.anchor);
  const size = [across._length, up._length];
  const corner = gd.getBoundingClientRect(), scale = corner.width / gd.offsetWidth || 1;
  const panel = gd.querySelector(`.subplot.${id}${across.anchor}`);
  const all = (what) => [...(panel?.querySelectorAll(what) ?? [])];
  const boxOf = (element) => {
    const { left, top, right, bottom, width } = element.getBoundingClientRect();
    const [x, y] = [corner.left + across._offset * scale, corner.top + up._offset * scale];
    return width ? [left - x, top - y, right - x, bottom - y].map((v) => v / scale) : null;
  };
  const seen = all(".textpoint, path.point").filter((element) => element.style.opacity !== "0");
  const boxes = new Map([...seen, ...gd.querySelectorAll(".callout")].map((each) => [each, boxOf(each)]).filter(([, box]) => box));
  const points = all("path.js-line").flatMap((line) => pointsOf(line, size));
  const within = ([left, top, right, bottom]) => left > -1 && top > -1 && right < size[0] + 1 && bottom < size[1] + 1;
  // Moved onto the panel.
  const inside = (box) => box.map((v, i) => v + Math.max(0, -box[i % 2]) - Math.max(0, box[2 + (i % 2)] - size[i % 2]));
  const met = (box) => [...boxes.values()].filter((b) => b[0] < box[2] && box[0] < b[2] && b[1] < box[3] && box[1] < b[3]).length;
  const crossed = (box, pad = 0, of = points) => of.filter((point) => Math.max(...gaps(box, point)) <= pad).length;
  // The boxes for words of some size around a mark, so far away from it.
  const near = ([x, y], [width, height], gap) => AROUND.map(([right, down]) => {
    const left = x + right * gap + ((right - 1) * width) / 2;
    const top = y + down * gap + ((down - 1) * height) / 2;
    return [left, top, left + width, top + height];
  });
  return {
    within,
    met,
    crossed,
    near,
    boxOf,
    take: (box) => boxes.set(box, box),
    leave: (element) => boxes.delete(element),
    // Of the boxes around a mark, so far away from it or some rows farther, the one that hides least of those that may be;
    // `best` where none hides less.
    freest(at, size, gap, best, may = () => true) {
      const reach = gap + size[0] + ROWS.at(-1) * size[1];
      const close = points.filter((point) => Math.max(...gaps([...at, ...at], point)) < reach);
      const cost = (box) => crossed(box, EVERY / 2, close) + HIDES * met(box) + (within(box) ? 0 : OUTSIDE);
      let least = best ? cost(best) : Infinity;
      for (const rows of ROWS) {
        if (AWAY * rows >= least) break;
        for (const around of near(at, size, gap)) {
          for (const side of [1, 0]) {
            const by = Math.sign(around[side] + size[side] / 2 - at[side]) * rows * size[1];
            const place = inside(around.map((v, i) => v + (i % 2 === side) * by));
            const all = cost(place) + AWAY * rows;
            if (all < least && may(place)) [best, least] = [place, all];
          }
        }
      }
      return best;
    },
  };
}

function placeWords(gd) {
  for (const panel of gd.querySelectorAll(".subplot")) {
    const words = [...panel.querySelectorAll(".textpoint")].filter((each) => each.textContent);
    if (!words.length) continue;
    const space = spaceOn(gd, panel.getAttribute("class").match(/x\d*/)[0]);
    const marks = [...panel.querySelectorAll("path.point")].map(space.boxOf).filter(Boolean)
      .map(([left, top, right, bottom]) => [(left + right) / 2, (top + bottom) / 2]);
    // A callout finds its own place afterwards.
    gd.querySelectorAll(".callout").forEach(space.leave);
    for (const word of words) {
      const box = space.boxOf(word), at = ["x", "y"].map((name) => Number(word.firstChild.getAttribute(name)));
      const far = box ? Math.max(...gaps(box, at)) : 0;
      // Words upon a mark belong there.
      if (!far || !space.within([...at, ...at])) continue;
      space.leave(word);
      // Nearer to its own mark than to any other: none may take it for theirs.
      const lost = (place) => marks.some((each) => Math.max(...gaps(place, each)) < Math.max(...gaps(place, at)) - 1);
      const size = [box[2] - box[0], box[3] - box[1]];
      const best = space.freest(at, size, far, box, (place) => !lost(place));
      const { e, f } = word.transform.baseVal.consolidate().matrix;
      word.setAttribute("transform", `translate(${e + best[0] - box[0]},${f + best[1] - box[1]})`);
      space.take(best);
    }
  }
}
