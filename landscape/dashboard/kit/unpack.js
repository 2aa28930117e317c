// A component's code comes compressed: what its default export is called with goes to that of the module in it.
let code;

async function unpacked() {
  const bytes = Uint8Array.from(atob(PACKED), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const address = URL.createObjectURL(new Blob([await new Response(stream).blob()], { type: "text/javascript" }));
  const module = await import(address);
  URL.revokeObjectURL(address);
  return module.default;
}

export default function (component) {
  code ??= unpacked();
  code.then((run) => run(component));
}
