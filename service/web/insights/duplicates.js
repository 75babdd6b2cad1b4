import { listDuplicates } from "../api.js";
import { exactly } from "../components/card.js";
import { make } from "../components/dom.js";
import { address } from "../router.js";
import { number, pathWords, t } from "../words.js";
import { Walked } from "./walked.js";

const SHOWN = 12;

/** Groups of products that show nearly the same picture, side by side. */
export class Duplicates extends Walked {
  constructor({ left }) {
    super({
      left, part: "duplicates", lead: t("insights.duplicates_lead"),
      slider: { label: t("insights.threshold"), name: "threshold", least: 0.8, most: 1, step: 0.01, start: 0.98 },
      wanted: 10, list: () => make("ol", { class: "groups", role: "list" }), draw: group,
      nothing: { title: t("insights.no_duplicates"), what: t("insights.no_duplicates.what") },
      look: listDuplicates, found: "groups",
      say: ({ examined, found }) => `${t("insights.compared", { count: examined })} ${t("insights.groups", { count: found })}`,
    });
  }
}

function group({ products, complete }) {
  const pictures = products.flatMap((product) => product.images.map((image) => picture(product, image)));
  const list = make("ul", { class: "pictures", role: "list" }, ...pictures.slice(0, SHOWN));
  const rest = pictures.slice(SHOWN);
  return make("li", { class: "group", data: { testid: "group" } },
    make("h2", { class: "group-head" }, t("insights.alike", { count: products.length })),
    list, rest.length > 0 && restButton(list, rest),
    !complete && make("p", { class: "figure-note" }, t("insights.in_part")));
}

function restButton(list, rest) {
  const act = () => {
    list.append(...rest);
    button.remove();
    rest[0].querySelector("a").focus();
  };
  const button = make("button", { type: "button", class: "link", on: { click: act } }, t("insights.show_rest", { count: rest.length }));
  return button;
}

function picture({ id, title, category }, { thumbnail_url: source, score }) {
  const same = score >= 0.99995 ? t("insights.same") : t("insights.score", { score: exactly(score) });
  return make("li", { class: "like" },
    make("div", { class: "card-picture" }, make("img", { src: source, alt: "", loading: "lazy", decoding: "async" })),
    make("a", { class: "like-title", href: address("/product", { id }), dir: "auto" }, title || id),
    title && make("p", { class: "like-id" }, id),
    make("p", { class: "quiet", dir: "auto" }, pathWords(category)),
    make("p", { class: "like-score", title: number(score, { maximumFractionDigits: 6 }) }, same));
}
