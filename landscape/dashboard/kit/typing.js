// A text field is read when Enter is pressed. This one is read while somebody types: at once after a pause, so that one
// key is answered soonest, and of keys that follow each other faster than that the last.
const PAUSE = 60;

export default function ({ data: { label } }) {
  let timer;
  let last = -Infinity;
  const enter = (field) => field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  const typed = ({ target, timeStamp }) => {
    if (target.getAttribute?.("aria-label") !== label) return;
    clearTimeout(timer);
    // Not before the field itself has heard of the key.
    timer = setTimeout(() => enter(target), timeStamp - last > PAUSE ? 0 : PAUSE);
    last = timeStamp;
  };
  document.addEventListener("input", typed, true);
  return () => {
    clearTimeout(timer);
    document.removeEventListener("input", typed, true);
  };
}
