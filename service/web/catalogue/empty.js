import { make } from "../components/dom.js";
import { icon } from "../components/icons.js";
import { address } from "../router.js";
import { t } from "../words.js";

/** In place of the products, where there are none. */
export function emptyPanel(shown) {
  if (Object.keys(shown.filter).length) return panel("no_match", link({ category: shown.category }, "catalogue.clear_filters"));
  if (shown.cursor) return panel("no_more", link({ category: shown.category }, "catalogue.first_page"));
  if (shown.category) return panel("emptied", link({}, "catalogue.whole"));
  return nothingYet();
}

function nothingYet() {
  return make("section", { class: "panel", data: { testid: "empty", state: "nothing_yet" } },
    make("h2", { class: "panel-title" }, t("catalogue.nothing_yet")),
    make("p", {}, t("catalogue.nothing_yet.what")),
    make("div", { class: "panel-actions" },
      make("a", { class: "button", href: "/import" }, icon("upload"), t("catalogue.import")),
      make("a", { class: "button quiet-button", href: "/product" }, icon("plus"), t("catalogue.add"))),
    make("p", {}, t("catalogue.on_the_machine")), make("code", {}, "vizinho ingest FOLDER"),
    make("p", {}, t("catalogue.or_demo")), make("code", {}, "vizinho demo"));
}

const panel = (what, act) =>
  make("section", { class: "panel", data: { testid: "empty", state: what } },
    make("h2", { class: "panel-title" }, t(`catalogue.${what}`)), make("p", {}, t(`catalogue.${what}.what`)), make("div", { class: "panel-actions" }, act));

const link = (params, words) => make("a", { class: "button quiet-button", href: address("/catalogue", params) }, t(words));
