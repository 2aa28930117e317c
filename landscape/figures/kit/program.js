// Runs what Python has recorded: programs, and optimizers on landscapes.
//
// A program is what landscape/formulas/program.py writes as JSON: registers that hold the inputs first, then constants
// or one operation's result each. There is nothing to parse and nothing to evaluate: an operation is a name in the table
// below and the numbers of the registers that it reads.
//
// createProgram(json)                    (inputs, outputs) -> outputs, arrays of numbers
// createDescent(recording, measure)      descend, for one start; see there

const OPERATIONS = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  neg: (a) => -a,
  // As in Python, with the sign of the divisor.
  remainder: (a, b) => ((a % b) + b) % b,
  // In C, and so in Python, 1 to any power is 1, and so is -1 to an infinite one; in JavaScript both may be NaN.
  pow: (a, b) => (a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : Math.pow(a, b)),
  sqrt: Math.sqrt,
  hypot: (a, b) => Math.hypot(a, b),
  abs: Math.abs,
  sign: Math.sign,
  max: (a, b) => Math.max(a, b),
  min: (a, b) => Math.min(a, b),
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  gt: (a, b) => +(a > b),
  ge: (a, b) => +(a >= b),
  lt: (a, b) => +(a < b),
  le: (a, b) => +(a <= b),
  eq: (a, b) => +(a === b),
  ne: (a, b) => +(a !== b),
  // Anything but 0 counts as true, NaN too.
  and: (a, b) => +(a !== 0 && b !== 0),
  or: (a, b) => +(a !== 0 || b !== 0),
  not: (a) => +(a === 0),
  isfinite: (a) => +Number.isFinite(a),
  isnan: (a) => +Number.isNaN(a),
  choose: (condition, a, b) => (condition !== 0 ? a : b),
  quotient_at_kink: (a, b) => (a === 0 && b === 0 ? 0 : a / b),
  // Of one number; of many see overLanes.
  mean: (a) => a,
};
const NOT_IN_JSON = { nan: NaN, inf: Infinity, "-inf": -Infinity };

function createProgram(json) {
  const { inputs, registers, operations, outputs } = json;
  if (registers.some(Array.isArray)) return createWideProgram(json);
  const memory = Float64Array.from(registers, (r) => (typeof r === "string" ? NOT_IN_JSON[r] : r ?? 0));
  const count = inputs.length;
  const functions = operations.map(([name]) => OPERATIONS[name]);
  // Every operation is handed three numbers and passes over those that it does not take.
  const places = Int32Array.from(operations.flatMap(([, result, a, b = 0, c = 0]) => [result, a, b, c]));
  return (values, results = new Float64Array(outputs.length)) => {
    for (let i = 0; i < count; i++) memory[i] = values[i];
    for (let i = 0, p = 0; i < functions.length; i++, p += 4) {
      memory[places[p]] = functions[i](memory[places[p + 1]], memory[places[p + 2]], memory[places[p + 3]]);
    }
    for (let i = 0; i < outputs.length; i++) results[i] = memory[outputs[i]];
    return results;
  };
}

// The same where some registers hold a number for each of several lanes: what follows from them does too, up to a mean.
function createWideProgram({ inputs, registers, operations, outputs }) {
  const lanes = registers.find(Array.isArray).length;
  // What is the same in all lanes has one number.
  const memory = registers.map((r) => Float64Array.from(Array.isArray(r) ? r : [typeof r === "string" ? NOT_IN_JSON[r] : r ?? 0]));
  const steps = operations.map(([name, result, ...places]) => {
    const wide = name !== "mean" && places.some((place) => memory[place].length > 1);
    memory[result] = new Float64Array(wide ? lanes : 1);
    return overLanes(name, memory[result], places.map((place) => memory[place]));
  });
  return (values, results = new Float64Array(outputs.length)) => {
    for (let i = 0; i < inputs.length; i++) memory[i][0] = values[i];
    for (const step of steps) step();
    for (let i = 0; i < outputs.length; i++) results[i] = memory[outputs[i]][0];
    return results;
  };
}

function overLanes(name, out, [a, b = a, c = a]) {
  const operation = OPERATIONS[name];
  const [i, j, k] = [a, b, c].map((from) => +(from.length > 1));
  // Written out, as they are most of what there is.
  const often = {
    add: () => { for (let n = 0; n < out.length; n++) out[n] = a[n * i] + b[n * j]; },
    sub: () => { for (let n = 0; n < out.length; n++) out[n] = a[n * i] - b[n * j]; },
    mul: () => { for (let n = 0; n < out.length; n++) out[n] = a[n * i] * b[n * j]; },
    div: () => { for (let n = 0; n < out.length; n++) out[n] = a[n * i] / b[n * j]; },
    neg: () => { for (let n = 0; n < out.length; n++) out[n] = -a[n]; },
    exp: () => { for (let n = 0; n < out.length; n++) out[n] = Math.exp(a[n]); },
    tanh: () => { for (let n = 0; n < out.length; n++) out[n] = Math.tanh(a[n]); },
    mean() {
      let sum = 0;
      for (let n = 0; n < a.length; n++) sum += a[n];
      out[0] = sum / a.length;
    },
  };
  return often[name] ?? (() => { for (let n = 0; n < out.length; n++) out[n] = operation(a[n * i], b[n * j], c[n * k]); });
}

// An iterate this far out has run away, as in landscape/descent/descend.py.
const RUNAWAY = 1e8;

// How short a step is none, and for how many of them a run without a slope must rest, as in landscape/descent/rest.py.
const [MOTIONLESS, LONG] = [1e-6, 10];

// How far step k has moved x, as a share of where it was if that is more than 1.
function moved(x, k, n) {
  let [far, size] = [0, 1];
  for (let i = 0; i < n; i++) {
    const before = x[(k - 1) * n + i];
    far = Math.max(far, Math.abs(x[k * n + i] - before));
    size = Math.max(size, Math.abs(before));
  }
  return far / size;
}

// descend for one start. `recording` is {init, step, knobs}, `measure` a program from x to value and gradient.
//
// run({start, steps, knobs, factors, tilts, tolerance}) -> {x, value, slope, stop, status}
//   knobs     {name: number}, at least those in recording.knobs
//   factors   what a schedule multiplies the rate by, step by step; 1 if left out
//   tilts     [step * n + i], what noise adds to the gradient; 0 if left out
//   x         (steps + 1) * n numbers, value and slope steps + 1: after its end a run rests where it ended
//   status    "converged", "diverged" or "max_steps": a run that has stalled is still asked to step
function createDescent(recording, measure) {
  const [init, step, look] = [recording.init, recording.step, measure].map(createProgram);
  const n = measure.inputs.length;
  const size = recording.init.outputs.length;
  const names = recording.knobs;
  const rate = names.indexOf("lr");
  return ({ start, steps, knobs, factors, tilts, tolerance = 0 }) => {
    const turned = names.map((name) => knobs[name]);
    const inputs = new Float64Array(2 * n + size + names.length);
    const [after, seen] = [new Float64Array(n + size), new Float64Array(1 + n)];
    const x = new Float64Array((steps + 1) * n);
    const [value, slope] = [new Float64Array(steps + 1), new Float64Array(steps + 1)];
    inputs.set(start);
    inputs.set(init([...start, ...turned]), n);
    inputs.set(turned, n + size);
    let [stop, rest, status] = [steps, steps, "max_steps"];
    // The first step of those, up to now, at which there was no slope and x hardly moved on.
    let since = -1;
    for (let k = 0; ; k++) {
      for (let i = 0; i < n; i++) x[k * n + i] = inputs[i];
      look(inputs, seen);
      value[k] = seen[0];
      slope[k] = 0;
      let sound = Number.isFinite(seen[0]);
      for (let i = 0; i < n; i++) {
        slope[k] += seen[1 + i] * seen[1 + i];
        // Written so that NaN is not sound.
        sound &&= Math.abs(inputs[i]) <= RUNAWAY;
      }
      slope[k] = Math.sqrt(slope[k]);
      if (!sound || !Number.isFinite(slope[k])) [stop, rest, status] = [k, Math.max(k - 1, 0), "diverged"];
      else {
        if (since >= 0 && moved(x, k, n) > Math.max(tolerance, MOTIONLESS)) since = -1;
        if (!(slope[k] <= tolerance)) since = -1;
        else if (since < 0) since = k;
        if (since >= 0 && (k === steps || k - since >= LONG)) [stop, rest, status] = [since, since, "converged"];
      }
      if (status !== "max_steps" || k === steps) break;
      if (rate >= 0 && factors) inputs[n + size + rate] = turned[rate] * factors[k];
      if (tilts) for (let i = 0; i < n; i++) inputs[n + size + names.length + i] = tilts[k * n + i];
      step(inputs, after);
      inputs.set(after);
    }
    for (let k = rest + 1; k <= steps; k++) {
      for (let i = 0; i < n; i++) x[k * n + i] = x[rest * n + i];
      [value[k], slope[k]] = [value[rest], slope[rest]];
    }
    return { x, value, slope, stop, status };
  };
}
