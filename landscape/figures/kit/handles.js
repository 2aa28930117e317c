// Handles: numbers beside the play bar that are dragged sideways, or moved by keys.
//
// createHandles(host, hooks) gives {show(values, at)}; `values` as in live.js, those with a label. Hooks are grab's `hold`,
// `drop` and `cancel`.

// Pixels for a value of ten times the size, or for all of a linear scale.
const DECADE = 120;
const SPAN = 300;

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

// Three digits, as landscape/numbers.py's `short` writes them.
const short = (value) => minus(asciiShort(value));

const minus = (value) => String(value).replace("-", "−");

function asciiShort(value) {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  if (value === 0 || (size >= 1e-3 && size < 1000)) {
    const plain = Number(value.toPrecision(3));
    // Just under a thousand it may be rounded to that.
    return Math.abs(plain) < 1000 ? String(plain) : plain.toLocaleString("en-US");
  }
  if (size >= 1000 && size < 1e6) return Math.round(value).toLocaleString("en-US");
  const [mantissa, exponent] = value.toExponential(2).split("e");
  const power = `10${exponent < 0 ? "⁻" : ""}${[...String(Math.abs(exponent))].map((digit) => RAISED[digit]).join("")}`;
  const times = Number(mantissa);
  return Math.abs(times) === 1 ? `${times < 0 ? "-" : ""}${power}` : `${times}·${power}`;
}

function createHandles(host, hooks) {
  let shown = ""; // which values the handles are for
  let parts = []; // {name, value, element, number}
  const now = {};

  const toShare = ({ scale, low, high }, v) =>
    scale === "log" ? Math.log10(v / low) / Math.log10(high / low) : (v - low) / (high - low);
  function fromShare({ scale, low, high }, share) {
    const s = Math.max(0, Math.min(1, share));
    return Number((scale === "log" ? low * (high / low) ** s : low + s * (high - low)).toPrecision(3));
  }
  const pixels = ({ scale, low, high }) => (scale === "log" ? DECADE * Math.log10(high / low) : SPAN);

  // A number of ARIA's has no exponent.
  const plain = (v) => v.toLocaleString("en", { useGrouping: false, maximumSignificantDigits: 12 });

  function say({ name, element, number }) {
    number.textContent = short(now[name]);
    element.setAttribute("aria-valuenow", plain(now[name]));
    element.setAttribute("aria-valuetext", short(now[name]));
  }

  function make([name, value]) {
    const element = document.createElement("span");
    element.className = "handle";
    element.tabIndex = 0;
    element.title = "Drag sideways, or press an arrow key";
    const about = { role: "slider", "aria-label": value.label };
    Object.assign(about, { "aria-valuemin": plain(value.low), "aria-valuemax": plain(value.high) });
    for (const [key, text] of Object.entries(about)) element.setAttribute(key, text);
    element.style.setProperty("--hue", value.color);
    const number = document.createElement("b");
    element.append(`${value.label} `, number);
    const part = { name, value, element, number };
    let from = null;
    const hold = (share) => {
      now[name] = fromShare(value, share);
      say(part);
      hooks.hold({ [name]: now[name] });
    };
    element.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      from = { x: event.clientX, share: toShare(value, now[name]), moved: false };
      element.setPointerCapture(event.pointerId);
    });
    element.addEventListener("pointermove", (event) => {
      if (!from || event.clientX === from.x) return;
      from.moved = true;
      hold(from.share + (event.clientX - from.x) / pixels(value));
    });
    element.addEventListener("pointerup", () => {
      const { moved } = from ?? {};
      from = null;
      if (moved) hooks.drop(true);
    });
    element.addEventListener("pointercancel", () => { from = null; hooks.cancel(); });
    element.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -6, ArrowDown: -6, ArrowRight: 6, ArrowUp: 6, PageDown: -30, PageUp: 30 }[event.key];
      if (!by) return;
      event.preventDefault();
      event.stopPropagation();
      hold(toShare(value, now[name]) + by / pixels(value));
    });
    element.addEventListener("keyup", (event) => /^(Arrow|Page)/.test(event.key) && hooks.drop(true));
    return part;
  }

  return {
    show(values, at) {
      const labelled = Object.entries(values).filter(([, { label }]) => label);
      Object.assign(now, at);
      const wanted = JSON.stringify(labelled.map(([name, { at: _, ...rest }]) => [name, rest]));
      if (wanted !== shown) {
        parts = labelled.map(make);
        host.replaceChildren(...parts.map(({ element }) => element));
        host.hidden = !parts.length;
        shown = wanted;
      }
      parts.forEach(say);
    },
  };
}
