/** The last few pictures given, so that the back button can return to one of them. */
const KEPT = 10;
const pictures = new Map();

export function keep(picture) {
  // Unique across reloads too: a key left in an old history entry must not name a newer picture.
  const key = `${performance.timeOrigin}-${performance.now()}`;
  pictures.set(key, picture);
  if (pictures.size > KEPT) pictures.delete(pictures.keys().next().value);
  return key;
}

export const kept = (key) => pictures.get(key) ?? null;
