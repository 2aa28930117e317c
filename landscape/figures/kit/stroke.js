// Stroke: a line that a hand draws, point by point. The types are those of meta.py.
/**
 * @typedef {Object} Stroke     a line that a hand draws on a panel
 * @property {string[]} across  the values that its points have across; none where they stand at fixed places
 * @property {string[]} up      the values that they have upwards
 * @property {number[]} at      the fixed places
 * @property {string} chosen    the value that says which point arrow keys move; "" for none
 */

// Pixels that a stroke is long at least.
const LEAST = 12;

// Gives a function that is told, in pixels, where the pointer has come to, and tells which points are where: [k, x, y].
// fixed   the fixed places in pixels
function createStroke({ across, up }, fixed) {
  const passed = [];
  return (x, y) => {
    passed.push([x, y]);
    return across.length ? evenly(passed, up.length) : between(passed.at(-2) ?? [x, y], [x, y], fixed);
  };
}

// The fixed places that were passed on the way from one point to the next, and the nearest one if it lies ahead.
function between([x, y], [to, down], fixed) {
  const distance = fixed.map((place) => Math.abs(place - to));
  const nearest = distance.indexOf(Math.min(...distance));
  return fixed.flatMap((place, k) => {
    const share = (place - x) / (to - x);
    if (share >= 0 && share <= 1) return [[k, place, y + share * (down - y)]];
    return k === nearest && (to === x || share > 1) ? [[k, place, down]] : [];
  });
}

// So many points on a line, equally far from one another along it; none where it is too short.
function evenly(line, count) {
  const lengths = [0];
  for (let i = 1; i < line.length; i++) {
    lengths.push(lengths[i - 1] + Math.hypot(line[i][0] - line[i - 1][0], line[i][1] - line[i - 1][1]));
  }
  const whole = lengths.at(-1);
  if (whole < LEAST) return [];
  let i = 1;
  return Array.from({ length: count }, (_, k) => {
    const wanted = (whole * k) / (count - 1);
    while (i < line.length - 1 && lengths[i] < wanted) i++;
    const share = (wanted - lengths[i - 1]) / (lengths[i] - lengths[i - 1] || 1);
    const [from, to] = [line[i - 1], line[i]];
    return [k, from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
  });
}
