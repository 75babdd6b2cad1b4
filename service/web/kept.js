/** What the browser keeps for this page. A browser that keeps nothing is no reason to fail. */
const attempt = (act) => {
  try {
    return act();
  } catch {
    return null;
  }
};

const box = (storage) => ({
  get: (name) => attempt(() => storage().getItem(`vizinho.${name}`)),
  set: (name, value) => attempt(() => storage().setItem(`vizinho.${name}`, value)),
  remove: (name) => attempt(() => storage().removeItem(`vizinho.${name}`)),
});

/** Until it is cleared. */
export const lasting = box(() => localStorage);

/** Until the tab is closed. */
export const passing = box(() => sessionStorage);
