// Live: what the browser computes itself while something is held, with the arithmetic that Python has recorded. The types
// are those of meta.py.
/**
 * @typedef {Object} Value      a number that can be held, as the stage is drawn for it
 * @property {number} at
 * @property {number} low
 * @property {number} high
 * @property {string} scale     "linear" or "log"
 * @property {string} label     what its handle says; empty where a panel is its handle
 * @property {string} color
 *
 * @typedef {Object} Grip       a panel that can be held
 * @property {string} panel     its x axis
 * @property {string} across    which value it sets, "" for none, CLOCK for the play head
 * @property {string} up
 * @property {number} mark      the trace of the mark that stands there; -1 for none
 * @property {number[]} off     how far it stands from the two values
 * @property {boolean} point    whether pointing holds it too, until the pointer leaves
 * @property {Stroke} [stroke]  a line that a hand draws there instead, see stroke.js
 *
 * @typedef {Object} Descent    a run from the start that is held
 * @property {number[]} traces  its path, its heights and its slopes, or its path alone
 * @property {string[]} start   the values that are its start
 * @property {Object} knobs     of the recording: for each its number, or the value that it is
 * @property {number} cost      what the clock counts for each of its steps
 * @property {Object} [recording] left out where the method cannot be recorded
 *
 * @typedef {Object} Course     what all descents have in common
 * @property {Object} measure   value and gradient
 * @property {number} steps
 * @property {number} tolerance
 * @property {number[]} factors what a schedule multiplies the rate by; empty for 1
 * @property {number[]} tilts   [step * n + i] what noise adds to the gradient; empty for none
 * @property {number|null} lowest  what heights are measured from, null for none
 * @property {number} rounding  how far below it may still count as it
 * @property {number} floor     the least height and slope that are drawn
 *
 * @typedef {Object} Way        numbers that are found by steps, lane by lane
 * @property {string[]} names   what they are called by what reads them at the play head, a lane a frame
 * @property {Object} start     (values..., lane...) -> (numbers...)
 * @property {Object} step      (values..., lane..., numbers...) -> (numbers...)
 * @property {string[]} reads
 * @property {number[][]} lanes
 * @property {number} rounds    how often it steps at each lane
 * @property {boolean} fresh    whether each lane begins at its start; else where the one before has ended
 *
 * @typedef {Object} Curve      a trace that follows what is held
 * @property {number} trace
 * @property {Object} program   (values..., lane...) -> (x, y)
 * @property {string[]} reads   the values that it is told
 * @property {number[][]} lanes what the program is told besides, a point each
 * @property {number} [along]   the way whose lanes and numbers it is told instead
 * @property {number} [run]     the descent whose steps, where each came to and where from, it is told instead
 *
 * @typedef {Object} Ground     a map that goes along with two values, by as much as they change
 * @property {number} trace
 * @property {string} across
 * @property {string} up
 *
 * @typedef {Object} Numerals   words that are numbers, and follow what is held wherever they say something
 * @property {number} trace
 * @property {Object} program   (values...) -> (number of each point...)
 * @property {string[]} reads
 * @property {string} lead      what stands before each
 *
 * @typedef {Object} Sentence   what is said under the controls while something is held
 * @property {Object} program   (values...) -> (numbers...)
 * @property {string[]} reads
 * @property {Array<string|number>} parts  texts, and numbers by their place in the program's answer
 *
 * @typedef {Object} Live
 * @property {Object<string, Value>} values
 * @property {Grip[]} grips
 * @property {Descent[]} [descents]
 * @property {Course} [course]
 * @property {Way[]} [ways]
 * @property {Curve[]} [curves]
 * @property {Ground[]} [grounds]
 * @property {Numerals[]} [numerals]
 * @property {Sentence} [sentence]
 * @property {number[]} [faint] traces that stay where they were, faint, while something is held
 * @property {number[]} [stale] traces that are out of sight while something is held: nothing here can follow
 * @property {Grid[]} [grids]   see cells.js
 * @property {Entries} [entries]
 * @property {Sheet} [sheet]
 */

const CLOCK = "clock";

function createLive({ values = {}, descents = [], course, ways = [], curves = [], numerals = [], sentence, faint = [] }) {
  const at = {};
  // Every value as the stage is drawn for it.
  const reset = () => { for (const [name, value] of Object.entries(values)) at[name] = value.at; };
  reset();
  const runs = descents.map(({ recording }) => (recording && course ? createDescent(recording, course.measure) : null));
  const programs = curves.map(({ program }) => createProgram(program));
  const walks = ways.map(({ start, step }) => [createProgram(start), createProgram(step)]);

  const height = (value) => {
    const { lowest, rounding, floor } = course;
    if (lowest === null) return value;
    return value < lowest - rounding ? NaN : Math.max(value - lowest, floor);
  };

  function descended({ start, knobs }, run) {
    const told = Object.entries(knobs).map(([name, knob]) => [name, typeof knob === "string" ? at[knob] : knob]);
    const { steps, tolerance, factors, tilts } = course;
    return run({
      start: start.map((name) => at[name]),
      steps,
      knobs: Object.fromEntries(told),
      factors: factors.length ? factors : undefined,
      tilts: tilts.length ? tilts : undefined,
      tolerance,
    });
  }

  function drawn({ traces, cost }, found) {
    const clock = found.value.map((_, k) => k * cost);
    const [x, y] = [0, 1].map((i) => found.value.map((_, k) => found.x[2 * k + i]));
    const curves = [
      { x, y },
      { x: clock, y: found.value.map(height) },
      { x: clock, y: found.slope.map((slope) => Math.max(slope, course.floor)) },
    ];
    return traces.map((trace, i) => [trace, curves[i]]);
  }

  function walked({ reads, lanes, rounds, fresh }, [start, step]) {
    const told = reads.map((name) => at[name]);
    const now = start([...told, ...lanes[0]]);
    const first = told.length + lanes[0].length;
    const inputs = new Float64Array(first + now.length);
    inputs.set(told);
    return lanes.map((lane) => {
      inputs.set(lane, told.length);
      if (fresh) start(inputs, now);
      for (let round = 0; round < rounds; round++) {
        inputs.set(now, first);
        step(inputs, now);
      }
      return [...lane, ...now];
    });
  }

  // Each step: its number, where it came to and where from.
  function stepped(x) {
    const point = (k) => [x[2 * k] ?? NaN, x[2 * k + 1] ?? NaN];
    return Array.from({ length: x.length / 2 }, (_, k) => [k, ...point(k), ...point(k - 1)]);
  }

  function formed({ trace, reads, lanes, along, run }, program, found, ran) {
    const inputs = reads.map((name) => at[name]);
    let rows = along === undefined ? lanes : found[along];
    if (run !== undefined) rows = stepped(ran[run].x);
    const points = rows.map((lane) => [...program([...inputs, ...lane.map((t) => t ?? NaN)])]);
    return [trace, { x: points.map(([x]) => x), y: points.map(([, y]) => y) }];
  }

  const counts = numerals.map(({ program }) => createProgram(program));
  const answer = sentence && createProgram(sentence.program);

  return {
    at,
    reset,
    // What is said of what is held; nothing where the stage has no such sentence, or one of its numbers is none there.
    say() {
      const numbers = answer?.(sentence.reads.map((name) => at[name]));
      const told = (part) => typeof part !== "number" || Number.isFinite(numbers[part]);
      if (!numbers || !sentence.parts.every(told)) return null;
      return sentence.parts.map((part) => (typeof part === "number" ? short(numbers[part]) : part)).join("");
    },
    // Whether anything reads the clock.
    reads: ways.length > 0,
    // What words that are numbers say now: [trace, texts].
    words: () => numerals.map(({ trace, reads, lead }, i) => {
      const numbers = counts[i](reads.map((name) => at[name]));
      return [trace, [...numbers].map((number) => `${lead}${short(number)}`)];
    }),
    // The traces that follow wherever the play head is.
    followers: new Set(curves.map(({ trace }) => trace)),
    // The traces of what cannot follow.
    left: [...faint, ...descents.flatMap(({ traces }, i) => (runs[i] ? [] : traces))],
    // What every trace that follows shows, [trace, {x, y}], with the play head at a frame where the clock shows a time.
    follow(frame, time) {
      at[CLOCK] = time;
      const found = ways.map((way, i) => {
        const rows = walked(way, walks[i]);
        way.names.forEach((name, k) => { at[name] = rows[frame][way.lanes[frame].length + k]; });
        return rows;
      });
      const ran = descents.map((descent, i) => runs[i] && descended(descent, runs[i]));
      return [
        ...descents.flatMap((descent, i) => (ran[i] ? drawn(descent, ran[i]) : [])),
        ...curves.map((curve, i) => formed(curve, programs[i], found, ran)),
      ];
    },
  };
}
