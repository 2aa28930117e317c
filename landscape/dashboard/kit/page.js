// What the page does by itself, once, however often its script runs.
if (!globalThis.landscapePage) {
  globalThis.landscapePage = true;
  // Pixels across a page of A4 or Letter on its side: a larger stage is shrunk to that.
  const PAPER = 960;
  // On paper the link stands under the stage.
  const line = document.body.appendChild(Object.assign(document.createElement("p"), { id: "link" }));
  const write = () => {
    line.textContent = location.href;
    const drawn = document.querySelector(".js-plotly-plot .main-svg")?.width.baseVal.value || PAPER;
    document.body.style.setProperty("--paper", Math.min(1, PAPER / drawn));
  };
  addEventListener("beforeprint", write);
  matchMedia("print").addEventListener("change", write);
  // Streamlit has letters for the whole page, "r" to run it again, which nobody can switch off.
  const writes = "input, textarea, select, [contenteditable]";
  addEventListener("keydown", (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (plain && /^[a-z]$/i.test(event.key) && !event.composedPath()[0].closest?.(writes)) event.stopImmediatePropagation();
  }, true);
}
