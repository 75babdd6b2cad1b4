import { listUnlike } from "../api.js";
import { make } from "../components/dom.js";
import { address } from "../router.js";
import { number, pathWords, t } from "../words.js";
import { Walked } from "./walked.js";

/** Pictures that are unlike any other, each beside the one that is least so. */
export class Unlike extends Walked {
  constructor({ left }) {
    super({
      left, part: "unlike", lead: t("insights.unlike_lead"),
      slider: { label: t("insights.unusual"), name: "unusual", least: 1, most: 5, step: 0.1, start: 2, words: (level) => number(level, { maximumFractionDigits: 1 }) },
      wanted: 10, list: () => make("ol", { class: "misfits", role: "list" }), draw: row,
      nothing: { title: t("insights.no_unlike"), what: t("insights.no_unlike.what") },
      look: listUnlike, found: "images",
      say: ({ examined, found }) => `${t("insights.looked_at", { count: examined })} ${t("insights.loners", { count: found })}`,
    });
  }
}

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
