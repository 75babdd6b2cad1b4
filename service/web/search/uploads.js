/**
 * The pictures that were given, by name, so that the back button and a reload find them. IndexedDB keeps them in this
 * browser; where it may not, they last as long as the page.
 */
const KEPT = 30;
const STORE = "pictures";
const here = new Map();

/** Gives its name at once: a search need not wait for a disk. */
export function keep(picture) {
  const name = newName();
  here.set(name, picture);
  if (here.size > KEPT) here.delete(here.keys().next().value);
  withStore("readwrite", async (store) => {
    await done(store.put({ picture, at: Date.now() }, name));
    await forgetOldest(store);
  });
  return name;
}

export async function kept(name) {
  if (!here.has(name)) {
    const found = await withStore("readonly", (store) => done(store.get(name)));
    if (found?.picture) here.set(name, found.picture);
  }
  return here.get(name) ?? null;
}

async function forgetOldest(store) {
  const names = await done(store.getAllKeys());
  if (names.length <= KEPT) return;
  const entries = await done(store.getAll());
  const oldest = names.map((name, at) => [entries[at].at, name]).sort(([one], [other]) => one - other);
  oldest.slice(0, names.length - KEPT).forEach(([, name]) => store.delete(name));
}

async function withStore(mode, act) {
  try {
    const base = await opened();
    return await act(base.transaction(STORE, mode).objectStore(STORE));
  } catch {
    return null;
  }
}

let opening = null;

function opened() {
  const request = () => {
    const asked = indexedDB.open("vizinho", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    return done(asked);
  };
  opening ??= request();
  return opening;
}

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

// crypto.randomUUID is only there over HTTPS and on this machine.
const newName = () => Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
