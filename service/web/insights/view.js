import { make } from "../components/dom.js";
import { address } from "../router.js";
import { t } from "../words.js";
import { Duplicates } from "./duplicates.js";
import { Flaws } from "./flaws.js";
import { Misfits } from "./misfits.js";
import { Spread } from "./spread.js";
import { Together } from "./together.js";
import { Unlike } from "./unlike.js";

/** In the order of their links; the first is shown where the address names none. */
const PARTS = { spread: Spread, together: Together, duplicates: Duplicates, misfits: Misfits, unlike: Unlike, flaws: Flaws };

/** /insights: how the catalogue is made up, and what in it wants a second look. */
export function show(context) {
  const page = new Insights(context);
  return { update: (changed) => page.show(changed), ready: page.show(context) };
}

class Insights {
  #name = null;
  #part = null;

  constructor({ root, title, left }) {
    this.left = left;
    this.links = new Map(Object.keys(PARTS).map((name) => [name, make("a", { href: addressOf(name), data: { part: name } }, t(`insights.part.${name}`))]));
    this.place = make("div", { class: "insights-part" });
    root.replaceChildren(make("header", { class: "insights-head" }, make("h1", {}, t("insights.heading")),
      make("nav", { class: "insights-nav", "aria-label": t("insights.parts") }, ...this.links.values())), this.place);
    title(t("insights.heading"));
  }

  show(context) {
    const asked = context.params.get("part");
    const name = Object.hasOwn(PARTS, asked) ? asked : "spread";
    if (name !== this.#name) this.#turn(name);
    return this.#part.show(context);
  }

  #turn(name) {
    this.#name = name;
    this.links.forEach((link, of) => (of === name ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current")));
    this.#part = new PARTS[name]({ left: this.left });
    this.place.replaceChildren(this.#part.element);
  }
}

const addressOf = (part) => address("/insights", part === "spread" ? {} : { part });
