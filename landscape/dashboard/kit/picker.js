// Chooses by picture: a button opens a dialog of thumbnails, which are sent when it is opened first.

// For as long as the page lives: by what is chosen from, the tones of each picture by its key.
const PICTURES = (globalThis.landscapePictures ??= {});
const entries = new WeakMap();

function make(tag, parent, properties = {}) {
  return parent.appendChild(Object.assign(document.createElement(tag), properties));
}

async function unpacked({ keys, tones }, size) {
  const bytes = Uint8Array.from(atob(tones), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const all = new Uint8Array(await new Response(stream).arrayBuffer());
  return new Map(keys.map((key, i) => [key, all.subarray(size * i, size * (i + 1))]));
}

function paint(frame, tones, side, colors) {
  const canvas = frame.querySelector("canvas") ?? make("canvas", frame, { width: side, height: side });
  const context = canvas.getContext("2d"), image = context.createImageData(side, side);
  const words = colors.map((color) => [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16)));
  tones.forEach((tone, i) => image.data.set([...words[tone], 255], 4 * i));
  context.putImageData(image, 0, 0);
}

function begin(root) {
  const find = (selector) => root.querySelector(selector);
  const [dialog, all, search, chosen] = ["dialog", ".all", "input", ".chosen"].map(find);
  const entry = { dialog, buttons: [] };
  const seen = () => entry.buttons.filter((button) => !button.hidden);

  entry.show = (data, tell) => {
    const anew = JSON.stringify(data.options) !== JSON.stringify(entry.data?.options);
    Object.assign(entry, { data, tell });
    find(".name").textContent = data.label;
    if (anew) build();
    mark(data.chosen);
    if (data.pictures) PICTURES[data.of] = unpacked(data.pictures, data.side ** 2);
    draw();
  };

  function build() {
    all.replaceChildren();
    const groups = new Map();
    entry.buttons = entry.data.options.map(([key, title, group, sign]) => {
      if (!groups.has(group)) {
        const box = make("div", all, { className: "group", role: "radiogroup", ariaLabel: group || entry.data.label });
        if (group) make("b", box, { textContent: group, ariaHidden: "true" });
        groups.set(group, make("div", box));
      }
      const button = make("button", groups.get(group), { type: "button", role: "radio" });
      button.dataset.key = key;
      button.dataset.words = `${title} ${group}`.toLowerCase();
      const frame = make("span", button, { className: "frame", ariaHidden: "true" });
      if (sign) make("b", frame, { textContent: sign });
      make("span", button, { textContent: title });
      button.addEventListener("click", () => choose(key));
      return button;
    });
  }

  function mark(key) {
    for (const button of entry.buttons) {
      button.ariaChecked = String(button.dataset.key === key);
      button.tabIndex = button.dataset.key === key ? 0 : -1;
    }
    const [, title] = entry.data.options.find(([each]) => each === key) ?? ["", ""];
    find("#title").textContent = title;
  }

  async function draw() {
    const pictures = await PICTURES[entry.data.of];
    if (!pictures) return;
    const { side, colors } = entry.data, small = find(".chosen .frame");
    small.replaceChildren();
    for (const button of entry.buttons) {
      const tones = pictures.get(button.dataset.key);
      if (!tones) continue;
      paint(button.firstChild, tones, side, colors);
      if (button.ariaChecked === "true") paint(small, tones, side, colors);
    }
  }

  function choose(key) {
    dialog.close();
    if (key === entry.data.chosen) return;
    // It is seen at once that this was heard.
    mark(key);
    draw();
    entry.tell("choose", key);
  }

  function sieve() {
    const wanted = search.value.trim().toLowerCase();
    for (const button of entry.buttons) button.hidden = !button.dataset.words.includes(wanted);
    for (const group of all.children) group.hidden = ![...group.querySelectorAll("button")].some((each) => !each.hidden);
    find(".none").textContent = seen().length ? "" : "Nothing here has that name.";
    // One of them can be reached by Tab.
    const stop = seen().find((button) => button.ariaChecked === "true") ?? seen()[0];
    for (const button of entry.buttons) button.tabIndex = button === stop ? 0 : -1;
  }

  function step(from, key) {
    const there = seen(), at = there.indexOf(from), here = from.getBoundingClientRect();
    if (key === "ArrowRight") return there[at + 1];
    if (key === "ArrowLeft") return there[at - 1];
    if (key === "Home") return there[0];
    if (key === "End") return there.at(-1);
    const down = key === "ArrowDown" ? 1 : -1;
    const beyond = there.filter((each) => down * (each.getBoundingClientRect().top - here.top) > here.height / 2);
    const far = (each) => {
      const { left, top } = each.getBoundingClientRect();
      return 10 * Math.abs(top - here.top) + Math.abs(left - here.left);
    };
    return beyond.sort((a, b) => far(a) - far(b))[0];
  }

  chosen.addEventListener("click", () => {
    search.value = "";
    sieve();
    dialog.showModal();
    (all.querySelector("[aria-checked=true]") ?? search).focus();
    if (!PICTURES[entry.data.of]) entry.tell("open", true);
  });
  find(".shut").addEventListener("click", () => dialog.close());
  // Beside the dialog.
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  search.addEventListener("input", sieve);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "Enter") return;
    event.preventDefault();
    seen()[0]?.focus();
  });
  all.addEventListener("keydown", (event) => {
    if (!["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "Home", "End"].includes(event.key)) return;
    event.preventDefault();
    step(root.activeElement ?? event.target, event.key)?.focus();
  });
  // The page has keys of its own.
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  return entry;
}

export default function ({ parentElement, data: [data], setTriggerValue }) {
  if (!entries.has(parentElement)) entries.set(parentElement, begin(parentElement));
  entries.get(parentElement).show(data, setTriggerValue);
}
