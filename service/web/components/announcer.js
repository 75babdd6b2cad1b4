const GAP_MS = 60;

/** Speaks through a live region. Emptied first, so that the same words twice are read twice. */
export function announcer(region) {
  let waiting;
  return (text) => {
    clearTimeout(waiting);
    region.textContent = "";
    waiting = setTimeout(() => { region.textContent = text; }, GAP_MS);
  };
}
