import { listFlaws } from "../api.js";
import { make } from "../components/dom.js";
import { address } from "../router.js";
import { number, pathWords, t } from "../words.js";
import { Walked } from "./walked.js";

/** Pictures that are broken, or in which there is nothing to see. */
export class Flaws extends Walked {
  constructor({ left }) {
    super({
      left, part: "flaws", lead: t("insights.flaws_lead"),
      slider: { label: t("insights.detail"), name: "detail", least: 1, most: 20, step: 1, start: 3, words: number },
      wanted: 24, list: () => make("ul", { class: "pictures", role: "list" }), draw: picture,
      nothing: { title: t("insights.no_flaws"), what: t("insights.no_flaws.what") },
      look: listFlaws, found: "images",
      say: ({ examined, found }) => `${t("insights.looked_at", { count: examined })} ${t("insights.flawed", { count: found })}`,
    });
  }
}

function picture({ id, title, category, image, kind, reason }) {
  return make("li", { class: "like", data: { testid: "flaw", productId: id, reason } },
    make("div", { class: "card-picture" }, reason.startsWith("thumbnail") ? null : make("img", { src: image.thumbnail_url, alt: "", loading: "lazy", decoding: "async" })),
    make("a", { class: "like-title", href: address("/product", { id }), dir: "auto" }, title || id),
    title && make("p", { class: "like-id" }, id),
    make("p", { class: "quiet", dir: "auto" }, pathWords(category)),
    make("p", { class: `flaw-${kind}` }, t(`insights.flaw.${reason}`)));
}
