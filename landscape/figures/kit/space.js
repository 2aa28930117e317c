// Space: what lies on a panel already, so that words stand where nothing is.
//
// spaceOn(gd, id), of a panel by its x axis, gives {size, within(box), met(box), crossed(box), take(box), near(at, words, gap)};
// boxes are [left, top, right, bottom] in pixels from the panel's corner.

const EVERY = 6; // pixels between two points of a line, as it is looked at
// Where words stand around a mark, across and down from it; the best first.
const AROUND = [[1, 0], [-1, 0], [0, -1], [0, 1], [1, -1], [-1, -1], [1, 1], [-1, 1]];

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
  const boxes = [...seen, ...gd.querySelectorAll(".callout")].map(boxOf).filter(Boolean);
  const points = all("path.js-line").flatMap((line) => pointsOf(line, size));
  return {
    size,
    within: ([left, top, right, bottom]) => left >= 0 && top >= 0 && right <= size[0] && bottom <= size[1],
    met: (box) => boxes.filter((b) => b[0] < box[2] && box[0] < b[2] && b[1] < box[3] && box[1] < b[3]).length,
    crossed: (box) => points.filter(([x, y]) => x > box[0] && x < box[2] && y > box[1] && y < box[3]).length,
    take: (box) => boxes.push(box),
    // The boxes for words of some size around a mark, so far away from it.
    near: ([x, y], [width, height], gap) => AROUND.map(([right, down]) => {
      const left = x + right * gap + ((right - 1) * width) / 2;
      const top = y + down * gap + ((down - 1) * height) / 2;
      return [left, top, left + width, top + height];
    }),
  };
}
