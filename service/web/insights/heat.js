import { make } from "../components/dom.js";
import { number, percent, t } from "../words.js";
import { bothOf, linkTo } from "./slices.js";

/**
 * A cross table whose cells are the stronger in colour the more they hold. With `shares`, of what each row holds: then small rows can
 * be compared with large ones.
 */
export function heatTable({ rows, columns, counts, shares, label }) {
  const sums = counts.map((row) => row.reduce((all, one) => all + one, 0));
  const value = (row, column) => (shares ? counts[row][column] / (sums[row] || 1) : counts[row][column]);
  const most = Math.max(...counts.flatMap((row, at) => row.map((_, column) => value(at, column)))) || 1;
  const head = make("tr", {}, make("td", {}), ...columns.map(({ label: words }) => make("th", { scope: "col", dir: "auto", title: words }, make("span", {}, words))));
  const body = rows.map((row, at) => make("tr", {}, make("th", { scope: "row", dir: "auto", title: row.label }, row.label),
    ...columns.map((column, across) => cell({ row, column, products: counts[at][across], shown: value(at, across), heat: heatOf(value(at, across) / most), shares }))));
  return make("table", { class: "heat" }, make("caption", { class: "unseen" }, label), make("thead", {}, head), make("tbody", {}, ...body));
}

/** By its root: beside one cell that holds the most, the others are still told apart. */
export const heatOf = (share) => Math.sqrt(share);

function cell({ row, column, products, shown, heat, shares }) {
  if (products === 0) return make("td", { class: "none" }, make("span", { "aria-hidden": "true" }, "·"), make("span", { class: "unseen" }, "0"));
  const words = shares ? percent(shown) : number(shown);
  const place = bothOf(row.place, column.place);
  const name = t("insights.cell", { row: row.label, column: column.label, count: products });
  return make("td", { style: { "--heat": heat }, title: name }, place === null ? words : make("a", { href: linkTo(place), "aria-label": shares ? `${words}: ${name}` : name }, words));
}
