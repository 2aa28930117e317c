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
};
const NOT_IN_JSON = { nan: NaN, inf: Infinity, "-inf": -Infinity };

function createProgram({ inputs, registers, operations, outputs }) {
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

// An iterate this far out has run away, as in landscape/descent/descend.py.
const RUNAWAY = 1e8;

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
      else if (slope[k] <= tolerance) [stop, rest, status] = [k, k, "converged"];
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
