import { make } from "../components/dom.js";
import { address } from "../router.js";
import { t } from "../words.js";

/** The way down to a category, each step of it a link into the catalogue. */
export function trail(category) {
  const names = category ? category.split("/") : [];
  const steps = names.map((name, level) => step(name, { category: names.slice(0, level + 1).join("/") }));
  return make("nav", { class: "trail", "aria-label": t("product.trail") }, make("ol", { role: "list" }, step(t("catalogue.whole"), {}), ...steps));
}

const step = (name, params) => make("li", {}, make("a", { href: address("/catalogue", params), dir: "auto" }, name));
