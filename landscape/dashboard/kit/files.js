// Saves a file that has come with the page's own data: a line of what it is, then what is in it.

// A browser that is asked for a second file in the same moment forgets the first.
const PAUSE = 500;

function save(href, name) {
  Object.assign(document.createElement("a"), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
  return new Promise((done) => setTimeout(done, PAUSE));
}

export default function ({ data, setTriggerValue }) {
  const end = data.indexOf(10);
  const { id, name, mime } = JSON.parse(new TextDecoder().decode(data.subarray(0, end)));
  const files = (globalThis.landscapeFiles ??= { had: new Set(), last: Promise.resolve() });
  // A script that ran before the answer was there has sent it again.
  if (!files.had.has(id)) {
    files.had.add(id);
    const href = URL.createObjectURL(new Blob([data.subarray(end + 1)], { type: mime }));
    files.last = files.last.then(() => save(href, name));
  }
  setTriggerValue("got", id);
}
