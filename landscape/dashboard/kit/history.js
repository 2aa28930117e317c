// Streamlit makes two entries of another page: its path, and its parameters before or after that. To whoever goes back
// they are one step.
function foldHistory() {
  if (globalThis.landscapeHistory) return;
  globalThis.landscapeHistory = true;
  const push = history.pushState.bind(history);
  let touches = 0;
  let half = null; // of the last entry: whether it had another path, and after which touch it was made
  history.pushState = (state, title, url) => {
    const to = new URL(url, location.href);
    const moved = to.pathname !== location.pathname;
    const whole = half?.touches === touches && half.moved !== moved && (!moved || to.search === location.search);
    if (whole) history.replaceState(state, title, url);
    else push(state, title, url);
    half = whole ? null : { moved, touches };
  };
  for (const kind of ["pointerdown", "keydown", "click"]) addEventListener(kind, () => { touches += 1; }, true);
}
