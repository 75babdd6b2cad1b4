import { openDialog } from "../components/dialog.js";
import { make } from "../components/dom.js";
import { t } from "../words.js";

/** Asks before what `isChanged` tells of is left behind, by a link, the language's switch, the back button or the tab's closing. */
export function guardUnsaved(isChanged, { signal, hold }) {
  const { href } = location;
  const { state } = history;
  const released = new AbortController();
  // Before the router's own, which would leave at once.
  const early = { capture: true, signal: AbortSignal.any([signal, released.signal]) };
  const release = () => released.abort();

  async function leaving() {
    const content = [make("p", {}, t("product.unsaved_what"))];
    const left = await openDialog({ title: t("product.unsaved"), content, confirm: t("product.unsaved_leave"), danger: true, class: "dialog-narrow", signal }).closed;
    if (left) release();
    return left;
  }

  addEventListener("click", async (event) => {
    const chosen = event.target.closest?.("a[href], #language");
    const elsewhere = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || chosen?.target || chosen?.id === "skip";
    if (!chosen || elsewhere || !isChanged()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (await leaving()) chosen.click();
  }, early);

  hold(() => {
    if (released.signal.aborted || !isChanged()) return false;
    // The address has changed already: this puts it back, in front of what was gone back to.
    history.pushState(state, "", href);
    leaving().then((left) => left && history.back());
    return true;
  });

  addEventListener("beforeunload", (event) => isChanged() && event.preventDefault(), early);

  return release;
}
