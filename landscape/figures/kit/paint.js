// Paint: colours, widths and words that change from frame to frame. The types are those of meta.py.
/**
 * @typedef {Object} Film       a heat map: a byte a cell, row by row from the bottom, an index into colors
 * @property {number} trace
 * @property {string[]} colors
 * @property {number} grain     with 2 and more each cell is drawn as grain x grain, smoothly
 * @property {string} bytes     base64 of zlib of all frames, each but the first as differences from the one before,
 *                              modulo 256
 *
 * @typedef {Object} Strokes    a line with gaps: a byte a segment, an index into colors and widths
 * @property {number} trace
 * @property {string[]} colors
 * @property {number[]} widths
 * @property {string} bytes
 *
 * @typedef {Object} Words      text marks
 * @property {number} trace
 * @property {Array<Array<[number, string]>>} texts   for each point [frame, text] pairs, said from there on
 *
 * @typedef {Object} Paint
 * @property {Film[]} [films]
 * @property {Strokes[]} [strokes]
 * @property {Words[]} [words]
 */

async function inflate(text, frames) {
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const size = bytes.length / frames;
  for (let i = size; i < bytes.length; i++) bytes[i] += bytes[i - size];
  return Array.from({ length: frames }, (_, k) => bytes.subarray(k * size, (k + 1) * size));
}

const rgb = (color) => [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16));

// Plotly draws a heat map as one picture; ours takes its place, as large, cell by cell or smoothly between cells.
function projector({ colors, grain }, [rows, columns]) {
  const canvas = document.createElement("canvas");
  const [width, height] = [canvas.width, canvas.height] = [columns * grain, rows * grain];
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const palette = colors.map((color) => { const [r, g, b] = rgb(color); return 0xff000000 | (b << 16) | (g << 8) | r; });
  // Each pixel lies between two cells along each axis, with a share of the second.
  const between = (length, cells, flip) => Array.from({ length }, (_, i) => {
    const at = Math.max(0, Math.min(cells - 1, ((flip ? length - 1 - i : i) + 0.5) / grain - 0.5));
    return [Math.floor(at), Math.min(cells - 1, Math.floor(at) + 1), at % 1];
  });
  const [across, down] = [between(width, columns, false), between(height, rows, true)];
  const row = new Float32Array(columns);
  return (cells) => {
    for (let i = 0, k = 0; i < height; i++) {
      const [low, high, share] = down[i];
      for (let j = 0; j < columns; j++) {
        const here = cells[low * columns + j];
        row[j] = here + share * (cells[high * columns + j] - here);
      }
      for (let j = 0; j < width; j++, k++) {
        const [left, right, part] = across[j];
        pixels[k] = palette[Math.round(row[left] + part * (row[right] - row[left]))];
      }
    }
    pen.putImageData(image, 0, 0);
    return canvas.toDataURL();
  };
}

function createPaint() {
  let meta = null; // whose paint has been unpacked
  let parts = []; // {find(gd) -> marks, show(marks, frame)}
  let marks = [];
  let frame = null;
  const own = new Map(); // trace -> what it shows instead of the frame's bytes or words: {cells, everywhere}

  function film(spec, frames) {
    let project = null;
    let last = null;
    return {
      trace: spec.trace,
      find(gd) {
        const full = gd._fullData[spec.trace];
        project ??= projector(spec, [full.z.length, full.z[0].length]);
        last = null;
        const groups = [...gd.querySelectorAll(".heatmaplayer > g")];
        return groups.filter((g) => g.__data__?.[0]?.trace.uid === full.uid).map((g) => g.querySelector("image"));
      },
      show([image], k, held) {
        if (held && image) {
          last = null;
          image.setAttribute("href", project(held.cells));
        }
        if (held || !image || (last !== null && frames[last].every((byte, i) => byte === frames[k][i]))) return;
        last = k;
        image.setAttribute("href", project(frames[k]));
      },
    };
  }

  function stroke(spec, frames) {
    let last = null;
    return {
      find(gd) {
        last = null;
        return [...(gd.querySelector(`.trace${gd._fullData[spec.trace].uid}`)?.querySelectorAll("path.js-line") ?? [])];
      },
      show(lines, k) {
        lines.forEach((line, i) => {
          const now = frames[k][i];
          if (last !== null && frames[last][i] === now) return;
          Object.assign(line.style, { stroke: spec.colors[now], strokeWidth: `${spec.widths[now]}px`, strokeOpacity: 1 });
        });
        last = k;
      },
    };
  }

  function words(spec) {
    const said = (changes, k) => changes.findLast(([from]) => from <= k)?.[1] ?? "";
    return {
      trace: spec.trace,
      find: (gd) => [...(gd.querySelector(`.trace${gd._fullData[spec.trace].uid}`)?.querySelectorAll("text") ?? [])],
      show: (texts, k, held) => texts.forEach((text, i) => {
        const usual = said(spec.texts[i], k);
        const now = (held && (held.everywhere || usual) ? held.cells[i] : null) ?? usual;
        if (text.textContent !== now) text.textContent = now;
      }),
    };
  }

  const paint = () => { if (frame !== null) parts.forEach((part, i) => part.show(marks[i], frame, own.get(part.trace))); };

  async function unpack(gd) {
    const asked = meta;
    const { films = [], strokes = [], words: said = [] } = meta.paint;
    const count = meta.times.length;
    const made = await Promise.all([
      ...films.map(async (spec) => film(spec, await inflate(spec.bytes, count))),
      ...strokes.map(async (spec) => stroke(spec, await inflate(spec.bytes, count))),
      ...said.map(words),
    ]);
    // Meanwhile another figure may have come, or this one may be gone.
    if (meta !== asked || !gd._fullData) return;
    parts = made;
    marks = parts.map((part) => part.find(gd));
    paint();
  }

  return {
    // Where Plotly has drawn what is painted, and what that is; called whenever either may have changed.
    measure(gd, about) {
      if (meta !== about) {
        [meta, parts, marks] = [about, [], []];
        if (meta.paint) unpack(gd);
      } else marks = parts.map((part) => part.find(gd));
    },
    show(to) {
      frame = to;
      paint();
    },
    // Other bytes of a film, or other words, at the next `show`: everywhere, or only where the frame has some.
    set: (trace, cells, everywhere = true) => own.set(trace, { cells, everywhere }),
    forget: () => own.clear(),
  };
}
