// A text field is read when Enter is pressed. This one is read while somebody types, once the hand has paused.
const PAUSE = 60;

export default function ({ data: { label } }) {
  let timer;
  const enter = (field) => field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  const typed = ({ target }) => {
    if (target.getAttribute?.("aria-label") !== label) return;
    clearTimeout(timer);
    timer = setTimeout(() => enter(target), PAUSE);
  };
  document.addEventListener("input", typed, true);
  return () => {
    clearTimeout(timer);
    document.removeEventListener("input", typed, true);
  };
}
