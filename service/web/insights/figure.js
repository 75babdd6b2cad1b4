import { make } from "../components/dom.js";
import { number, t } from "../words.js";
import { shareWords } from "./bars.js";
import { plot } from "./plot.js";
import { linkTo } from "./slices.js";

/**
 * A drawing with its name above and its numbers behind it, as a table. `rows` are slices; `draw` is what bars(), columns()
 * or treemap() gave.
 */
export function figure({ name, draw, rows, whole, notes = [], actions = [], above = null, testid, wide = false }, { go, signal }) {
  return make("section", { class: wide ? "figure wide" : "figure", data: { testid, name } },
    make("div", { class: "figure-head" }, make("h2", { dir: "auto" }, name), ...actions),
    above || null,
    plot(draw, { label: name, go, signal }),
    ...notes.map((note) => make("p", { class: "figure-note" }, note)),
    behind(name, rows, whole));
}

function behind(name, rows, whole) {
  const head = make("tr", {}, ...[name, t("insights.products"), t("insights.share")].map((words) => make("th", { scope: "col" }, words)));
  const body = rows.map((row) => make("tr", {}, make("th", { scope: "row", dir: "auto" }, linked(row)), make("td", {}, number(row.products)), make("td", {}, shareWords(row.products, whole))));
  const table = make("table", {}, make("caption", { class: "unseen" }, name), make("thead", {}, head), make("tbody", {}, ...body));
  return make("details", { class: "behind" }, make("summary", {}, t("insights.as_table")), make("div", { class: "behind-table", tabindex: "0", role: "region", "aria-label": t("insights.table_of", { name }) }, table));
}

const linked = ({ label, name = label, place }) => (place === null ? name : make("a", { href: linkTo(place) }, name));

/** In the figures' place until they are there. */
export const figureSkeletons = (count) => Array.from({ length: count }, () => make("div", { class: "figure ghost", "aria-hidden": "true" }));
