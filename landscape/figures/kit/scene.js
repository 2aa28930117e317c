// Scene: marks that move in 3-D, drawn above their scene where its camera sees them. To draw a scene anew for every step
// takes a fifth of a second where there is only a processor to do it, and marks that lie in it sink into the ground.
//
// createAbove(gd, trace, like, size) gives {group, show} for a trace of marks, each of which looks as its own of `like`,
// marks of that size.

// A mark behind the ground is so faint.
const BEHIND = "0.3";
// Scenes that have marks above them -> what puts these in place when the scene is drawn, by trace.
const scenes = new WeakMap();

const times = (m, [x, y, z, w]) => [0, 1, 2, 3].map((i) => m[i] * x + m[i + 4] * y + m[i + 8] * z + m[i + 12] * w);

// Where something is among the numbers of a lattice's side, as if it were one of them.
const among = (line, value) => ((value - line[0]) / (line[line.length - 1] - line[0])) * (line.length - 1);

// How high the ground is between its lattice's points; undefined beyond them.
function groundAt(z, i, j) {
  const [left, low] = [Math.floor(i), Math.floor(j)];
  const [near, far] = [z[low], z[low + 1]];
  if (!near || !far || left < 0 || left + 1 >= near.length) return undefined;
  const along = (row) => row[left] + (i - left) * (row[left + 1] - row[left]);
  return along(near) + (j - low) * (along(far) - along(near));
}

// Whether the ground is between a point and the eye.
function isBehind({ x, y, z }, point, eye) {
  const [from, to] = [point, eye].map(([across, along, up]) => [among(x, across), among(y, along), up]);
  const steps = Math.ceil(Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1])));
  for (let k = 1; k <= steps; k++) {
    const [i, j, height] = from.map((v, axis) => v + (k / steps) * (to[axis] - v));
    const ground = groundAt(z, i, j);
    if (ground === undefined) return false;
    if (height < ground) return true;
  }
  return false;
}

function createAbove(gd, trace, like, size) {
  const full = gd._fullData[trace];
  const scene = gd._fullLayout[full.scene]._scene;
  const { glplot, svgContainer } = scene;
  const ground = gd._fullData.find((each) => each.type === "surface" && each.scene === full.scene);
  const group = document.createElementNS("http://www.w3.org/2000/svg", "g");
  const name = `above-${full.uid}`;
  group.setAttribute("class", name);
  const marks = like.map((mark) => group.appendChild(mark.cloneNode()));
  svgContainer.querySelector(`.${name}`)?.remove();
  svgContainer.append(group);
  let points = [];

  // Plotly's own would be seen twice.
  const hidden = scene.traces[full.uid].scatterPlot;
  if (hidden.draw !== nothing) {
    hidden.draw = hidden.drawPick = nothing;
    glplot.redraw();
  }

  function pixel(point) {
    const { model, view, projection } = glplot.cameraParams;
    const scaled = point.map((v, axis) => v * scene.dataScale[axis]);
    const [x, y, , w] = [model, view, projection].reduce((at, matrix) => times(matrix, at), [...scaled, 1]);
    const { clientWidth, clientHeight } = glplot.canvas;
    return [((1 + x / w) / 2) * clientWidth, ((1 - y / w) / 2) * clientHeight];
  }

  function draw() {
    const { model } = glplot.cameraParams;
    const eye = [...glplot.camera.eye].map((v, axis) => (v - model[12 + axis]) / model[5 * axis] / scene.dataScale[axis]);
    const pixels = points.map(pixel);
    const aside = spread(pixels, MEETING * full.marker.size);
    marks.forEach((mark, k) => {
      const [x, y] = [0, 1].map((axis) => pixels[k][axis] + aside[k][axis]);
      const seen = Number.isFinite(x + y);
      const place = seen ? `${clamp(x)},${clamp(y)}` : "-1e5,-1e5";
      mark.setAttribute("transform", `translate(${place}) scale(${full.marker.size / size})`);
      mark.style.opacity = ground && isBehind(ground, points[k], eye) ? BEHIND : "";
    });
  }

  if (!scenes.has(glplot)) {
    scenes.set(glplot, new Map());
    const drawn = glplot.onrender;
    glplot.onrender = () => {
      drawn();
      for (const each of scenes.get(glplot).values()) each();
    };
  }
  scenes.get(glplot).set(trace, draw);

  return {
    group,
    show({ x, y, z }) {
      points = x.map((_, k) => [x[k], y[k], z[k]].map((v) => v ?? NaN));
      draw();
    },
  };
}

function nothing() {}
