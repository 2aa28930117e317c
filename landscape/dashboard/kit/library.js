// A component's code is sent again whenever its data change, so the player's stands in a component that has none, and each
// player waits here for it.
function library() {
  if (!globalThis.landscapeLibrary) {
    let open;
    const ready = new Promise((done) => { open = done; });
    globalThis.landscapeLibrary = { ready, open };
  }
  return globalThis.landscapeLibrary;
}
