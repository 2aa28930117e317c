// A component's code comes compressed: what its default export is called with goes to that of the module in it.
const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";
let code;

// Base 85, as Python writes it: five letters are four bytes, and what the last five lack their bytes lack too.
function bytesOf(text) {
  const lack = (5 - (text.length % 5)) % 5, letters = text.padEnd(text.length + lack, "~");
  const view = new DataView(new ArrayBuffer((letters.length / 5) * 4));
  for (let i = 0; i < letters.length; i += 5) {
    const value = [0, 1, 2, 3, 4].reduce((sum, k) => 85 * sum + LETTERS.indexOf(letters[i + k]), 0);
    view.setUint32((i / 5) * 4, value);
  }
  return view.buffer.slice(0, view.byteLength - lack);
}

async function unpacked() {
  const stream = new Blob([bytesOf(PACKED)]).stream().pipeThrough(new DecompressionStream("deflate"));
  const address = URL.createObjectURL(new Blob([await new Response(stream).blob()], { type: "text/javascript" }));
  const module = await import(address);
  URL.revokeObjectURL(address);
  return module.default;
}

export default function (component) {
  code ??= unpacked();
  code.then((run) => run(component));
}
