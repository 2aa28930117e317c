// What a page and its server say to each other, counted for those who wait until neither has anything more to say: when
// the page has last asked for a run, and when one has last begun and ended; and when somebody last touched the page.
window.talk = { asked: 0, begun: 0, ended: 0, touched: -Infinity };

{
  // By Streamlit's protocol: of a BackMsg and of a ForwardMsg.
  const RERUN_SCRIPT = 11, NEW_SESSION = 4, SCRIPT_FINISHED = 6;
  // A run that ends so is followed by another.
  const EARLY_FOR_RERUN = 2;
  let count = 0;

  // The top level of a message in protocol buffers' encoding: its fields, by number; of those with a length, that.
  function fields(bytes) {
    let at = 0;
    const number = () => {
      let value = 0, scale = 1, byte;
      do {
        byte = bytes[at++];
        value += (byte & 127) * scale;
        scale *= 128;
      } while (byte > 127);
      return value;
    };
    const found = new Map();
    while (at < bytes.length) {
      const tag = number(), kind = tag % 8;
      // 64 bits, a length, or 32 bits; or a number itself.
      const value = kind === 1 ? 8 : kind === 5 ? 4 : number();
      if (kind) at += value;
      found.set(Math.floor(tag / 8), value);
    }
    return found;
  }

  function hear({ data }) {
    const told = fields(new Uint8Array(data));
    if (told.has(NEW_SESSION)) talk.begun = ++count;
    if (told.has(SCRIPT_FINISHED) && told.get(SCRIPT_FINISHED) !== EARLY_FOR_RERUN) talk.ended = ++count;
  }

  window.WebSocket = class extends WebSocket {
    constructor(...where) {
      super(...where);
      this.addEventListener("message", hear);
    }

    send(message) {
      if (fields(message).has(RERUN_SCRIPT)) talk.asked = ++count;
      super.send(message);
    }
  };

  const touch = () => (talk.touched = performance.now());
  for (const kind of ["pointerdown", "pointerup", "click", "keydown", "keyup", "input", "change", "wheel", "resize"])
    window.addEventListener(kind, touch, true);
}
