// Pen: a stroke on a grid of ink. It darkens dots, 4 x 4 to a cell, and a cell's ink is the share of its dots that are
// dark, as the pictures were made that the drawing is to look like.

const DOTS = 4;
// Half the width of the pen, in cells.
const NIB = 0.7;

// How far a point is from the way between two others.
function apart([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const share = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - ax - share * dx, y - ay - share * dy);
}

// createInk(columns, rows) gives draw(from, to): the share of dark dots of every cell, row by row from the top, once
// the pen has been drawn from one point to another; points are [column, row] from the top, whole numbers mid-cell.
function createInk(columns, rows) {
  const dark = new Uint8Array(columns * rows * DOTS * DOTS);
  const share = new Float64Array(columns * rows);
  return (from, to) => {
    for (let cell = 0; cell < share.length; cell++) {
      const [column, row] = [cell % columns, Math.floor(cell / columns)];
      if (apart([column, row], from, to) > NIB + 1) continue;
      for (let k = 0; k < DOTS * DOTS; k++) {
        const dot = [column + ((k % DOTS) + 0.5) / DOTS - 0.5, row + (Math.floor(k / DOTS) + 0.5) / DOTS - 0.5];
        if (dark[cell * DOTS * DOTS + k] || apart(dot, from, to) > NIB) continue;
        dark[cell * DOTS * DOTS + k] = 1;
        share[cell] += 1 / (DOTS * DOTS);
      }
    }
    return share;
  };
}
