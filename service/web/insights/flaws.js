import { listFlaws } from "../api.js";
import { make } from "../components/dom.js";
import { address } from "../router.js";
import { number, pathWords, t } from "../words.js";
import { Controls } from "./controls.js";
import { Walk } from "./walk.js";

/** Pictures that are broken, or in which there is nothing to see. */
export class Flaws {
  constructor({ left }) {
    this.controls = new Controls({
      left, label: t("insights.detail"), name: "detail", least: 1, most: 20, step: 1, start: 3, words: number,
      onChange: (shown) => this.go("/insights", { part: "flaws", ...this.controls.addressOf(shown) }),
    });
    this.place = make("div", {});
    this.element = make("div", {}, make("p", { class: "lead" }, t("insights.flaws_lead")), this.controls.element, this.place);
  }

  show(context) {
    this.go = context.go;
    const { category, level } = this.controls.show(context.params);
    const walk = new Walk({
      context, wanted: 24, list: make("ul", { class: "pictures", role: "list" }), draw: picture, nothing,
      ask: async (cursor) => {
        const { images, ...page } = await listFlaws({ detail: level, category, cursor, limit: 24 }, context.signal);
        return { items: images, ...page };
      },
      say: ({ examined, found }) => `${t("insights.looked_at", { count: examined })} ${t("insights.flawed", { count: found })}`,
      words: { looking: t("insights.looking"), goOn: t("insights.go_on") },
    });
    this.place.replaceChildren(walk.element);
    return walk.goOn();
  }
}

const nothing = () => make("section", { class: "panel", data: { testid: "nothing" } }, make("h2", { class: "panel-title" }, t("insights.no_flaws")), make("p", {}, t("insights.no_flaws.what")));

function picture({ id, title, category, image, kind, reason }) {
  return make("li", { class: "like", data: { testid: "flaw", productId: id, reason } },
    make("div", { class: "card-picture" }, reason.startsWith("thumbnail") ? null : make("img", { src: image.thumbnail_url, alt: "", loading: "lazy", decoding: "async" })),
    make("a", { class: "like-title", href: address("/product", { id }), dir: "auto" }, title || id),
    title && make("p", { class: "like-id" }, id),
    make("p", { class: "quiet", dir: "auto" }, pathWords(category)),
    make("p", { class: `flaw-${kind}` }, t(`insights.flaw.${reason}`)));
}
