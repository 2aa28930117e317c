// The player's code comes compressed, a third as long: a module whose default begins it.
export default function () {
  const bytes = Uint8Array.from(atob(PACKED), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  new Response(stream).blob().then(async (code) => {
    const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
    const { default: begin } = await import(address);
    URL.revokeObjectURL(address);
    begin();
  });
}
