import { listUnlike } from "../api.js";
import { make } from "../components/dom.js";
import { address } from "../router.js";
import { number, pathWords, t } from "../words.js";
import { Controls } from "./controls.js";
import { Walk } from "./walk.js";

/** Pictures that are unlike any other, each beside the one that is least so. */
export class Unlike {
  constructor({ left }) {
    this.controls = new Controls({
      left, label: t("insights.unusual"), name: "unusual", least: 1, most: 5, step: 0.1, start: 2, words: (level) => number(level, { maximumFractionDigits: 1 }),
      onChange: (shown) => this.go("/insights", { part: "unlike", ...this.controls.addressOf(shown) }),
    });
    this.place = make("div", {});
    this.element = make("div", {}, make("p", { class: "lead" }, t("insights.unlike_lead")), this.controls.element, this.place);
  }

  show(context) {
    this.go = context.go;
    const { category, level } = this.controls.show(context.params);
    const walk = new Walk({
      context, wanted: 10, list: make("ol", { class: "misfits", role: "list" }), draw: row, nothing,
      ask: async (cursor) => {
        const { images, ...page } = await listUnlike({ unusual: level, category, cursor, limit: 10 }, context.signal);
        return { items: images, ...page };
      },
      say: ({ examined, found }) => `${t("insights.looked_at", { count: examined })} ${t("insights.loners", { count: found })}`,
      words: { looking: t("insights.looking"), goOn: t("insights.go_on") },
    });
    this.place.replaceChildren(walk.element);
    return walk.goOn();
  }
}

const nothing = () => make("section", { class: "panel", data: { testid: "nothing" } }, make("h2", { class: "panel-title" }, t("insights.no_unlike")), make("p", {}, t("insights.no_unlike.what")));

function row({ id, title, category, image, nearest, distance, usual_distance: usual }) {
  return make("li", { class: "misfit loner", data: { testid: "loner", productId: id } },
    make("div", { class: "card-picture" }, thumbnail(image)),
    make("div", { class: "misfit-what" },
      make("h2", { class: "misfit-title", dir: "auto" }, make("a", { href: address("/product", { id }) }, title || id)),
      make("p", { dir: "auto" }, pathWords(category)),
      make("p", { class: "quiet" }, t("insights.further", { times: number(distance / usual, { maximumFractionDigits: 1 }) }))),
    neighbour(nearest));
}

function neighbour({ id, title, category, image }) {
  const name = `${title || id}, ${pathWords(category)}`;
  return make("div", { class: "loner-nearest" }, make("p", { class: "quiet" }, t("insights.nearest")),
    make("a", { href: address("/product", { id }), title: name, "aria-label": name }, make("span", { class: "card-picture" }, thumbnail(image))));
}

const thumbnail = ({ thumbnail_url: source }) => make("img", { src: source, alt: "", loading: "lazy", decoding: "async" });
