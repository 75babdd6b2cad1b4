import { make } from "../components/dom.js";
import { icon } from "../components/icons.js";
import { address } from "../router.js";
import { t } from "../words.js";
import { addressed, first, next, previous, stateOf } from "./shown.js";

/** Links to the pages before and after, which know the way back. */
export function pager(shown, page, go) {
  const before = previous(shown);
  const links = [
    shown.cursor !== "" && !before && step("catalogue.first_page", first(shown), "first", go),
    before && step("catalogue.previous_page", before, "previous", go),
    page.cursor && step("catalogue.next_page", next(shown, page), "next", go),
  ].filter(Boolean);
  return links.length > 0 && make("nav", { class: "pager", "aria-label": t("catalogue.pages"), data: { testid: "pager" } }, ...links);
}

function step(words, to, kind, go) {
  const params = addressed(to);
  const act = (event) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go("/catalogue", params, { state: stateOf(to) });
  };
  const arrow = icon("forward");
  return make("a", { class: `button quiet-button pager-${kind}`, href: address("/catalogue", params), rel: kind === "next" ? "next" : "prev", data: { testid: kind }, on: { click: act } },
    kind !== "next" && arrow, t(words), kind === "next" && arrow);
}
