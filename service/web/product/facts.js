import { colourWords, swatch } from "../components/colours.js";
import { make } from "../components/dom.js";
import { address } from "../router.js";
import { number, t } from "../words.js";

/** What is said of a product, and the colours that were found in its pictures. */
export function facts({ id, attributes, dominant_colours: colours }) {
  const said = Object.entries(attributes).map(([name, value]) => fact(name, valueWords(value)));
  const shown = colours.length > 0 && fact(t("product.colours"), make("ul", { class: "colours", role: "list" }, ...colours.map(colour)));
  return make("dl", { class: "facts", data: { testid: "facts" } }, fact(t("product.id"), make("code", { dir: "auto" }, id)), ...said, shown);
}

const fact = (name, ...value) => make("div", {}, make("dt", { dir: "auto" }, name), make("dd", { dir: "auto" }, ...value));

function colour(name) {
  const href = address("/catalogue", { filter: { dominant_colours: name } });
  return make("li", {}, make("a", { class: "chip", href }, swatch(name), colourWords(name)));
}

export function valueWords(value) {
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value === "boolean") return t(value ? "product.yes" : "product.no");
  return typeof value === "number" ? number(value, { maximumFractionDigits: 20, useGrouping: false }) : value;
}
