import { make } from "../components/dom.js";
import { t } from "../words.js";
import { Controls } from "./controls.js";
import { Walk } from "./walk.js";

/** A part of the insights that a walk through the catalogue finds: what to look for, how far it has come, what was found. */
export class Walked {
  /** `look` asks for a page, in which `found` names the list. */
  constructor({ left, part, lead, slider, ...walking }) {
    this.name = slider.name;
    this.walking = walking;
    this.controls = new Controls({
      left, ...slider,
      onChange: (shown) => this.go("/insights", { part, ...this.controls.addressOf(shown) }),
    });
    this.place = make("div", {});
    this.element = make("div", {}, make("p", { class: "lead" }, lead), this.controls.element, this.place);
  }

  show(context) {
    this.go = context.go;
    const { wanted, list, draw, nothing, look, found: name, say } = this.walking;
    const { category, level } = this.controls.show(context.params);
    const walk = new Walk({
      context, wanted, list: list(), draw: (found) => draw(found, context), nothing: () => empty(nothing), say,
      ask: async (cursor) => {
        const { [name]: items, ...page } = await look({ [this.name]: level, category, cursor, limit: wanted }, context.signal);
        return { items, ...page };
      },
      words: { looking: t("insights.looking"), goOn: t("insights.go_on") },
    });
    this.place.replaceChildren(walk.element);
    return walk.goOn();
  }
}

const empty = ({ title, what }) => make("section", { class: "panel", data: { testid: "nothing" } }, make("h2", { class: "panel-title" }, title), make("p", {}, what));
