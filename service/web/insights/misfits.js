import { listMisfits } from "../api.js";
import { make } from "../components/dom.js";
import { t } from "../words.js";
import { Controls } from "./controls.js";
import { misfitRow } from "./misfit.js";
import { Walk } from "./walk.js";

/** Products whose neighbours stand elsewhere, each with what they suggest. */
export class Misfits {
  constructor({ left }) {
    this.controls = new Controls({
      left, label: t("insights.agreement"), name: "agreement", least: 0.55, most: 1, step: 0.05, start: 0.8,
      onChange: (shown) => this.go("/insights", { part: "misfits", ...this.controls.addressOf(shown) }),
    });
    this.place = make("div", {});
    this.element = make("div", {}, make("p", { class: "lead" }, t("insights.misfits_lead")), this.controls.element, this.place);
  }

  show(context) {
    this.go = context.go;
    const { category, level } = this.controls.show(context.params);
    const walk = new Walk({
      context, wanted: 10, list: make("ol", { class: "misfits", role: "list" }), draw: (misfit) => misfitRow(misfit, context), nothing,
      ask: async (cursor) => {
        const { products, ...page } = await listMisfits({ agreement: level, category, cursor, limit: 10 }, context.signal);
        return { items: products, ...page };
      },
      say: ({ examined, found }) => `${t("insights.asked", { count: examined })} ${t("insights.strays", { count: found })}`,
      words: { looking: t("insights.looking"), goOn: t("insights.go_on") },
    });
    this.place.replaceChildren(walk.element);
    return walk.goOn();
  }
}

const nothing = () => make("section", { class: "panel", data: { testid: "nothing" } }, make("h2", { class: "panel-title" }, t("insights.no_misfits")), make("p", {}, t("insights.no_misfits.what")));
