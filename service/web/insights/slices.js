import { colourWords, shadeOf } from "../components/colours.js";
import { address } from "../router.js";
import { number, pathWords, t } from "../words.js";

const COLOURS = "dominant_colours";
const ITSELF = ", itself";

/** What a distribution is called. */
export function nameOf({ name, kind }) {
  if (name === COLOURS) return t("filters.colours");
  return kind === "category" ? t("categories.label") : name;
}

/**
 * What is drawn of a distribution: [{ label, products, shade, place, rest }]. `place` is where its products are found, as
 * { category, filter } of the catalogue, or null; `rest` is what stands for no value of its own.
 */
export function slicesOf(distribution) {
  const { name, kind, values, others, without } = distribution;
  const shown = values.map((one) => ({ label: labelOf(one, distribution), products: one.products, shade: name === COLOURS ? shadeOf(one.value) : null, place: placeOf(one, distribution), rest: false }));
  const rest = (label, products, place) => (products === null ? [] : [{ label, products, shade: null, place, rest: true }]);
  const empty = kind === "category" ? null : { filter: { [name]: { exists: false } } };
  return [...shown, ...rest(t("insights.others"), others, null), ...rest(t("insights.without"), without, empty)];
}

export const linkTo = (place) => (place === null ? null : address("/catalogue", place));

/** Where products are that stand in both places; null where that cannot be asked for. */
export function bothOf(one, other) {
  if (one === null || other === null) return null;
  const names = Object.keys(one.filter ?? {});
  if (names.some((name) => name in (other.filter ?? {}))) return null;
  const deeper = deeperOf(one.category ?? "", other.category ?? "");
  return deeper === null ? null : { category: deeper, filter: { ...one.filter, ...other.filter } };
}

function deeperOf(one, other) {
  if (one === "" || other === one || other.startsWith(`${one}/`)) return other;
  return other === "" || one.startsWith(`${other}/`) ? one : null;
}

function labelOf({ value, condition }, { name, kind }) {
  if (name === COLOURS) return colourWords(value);
  if (kind === "bool") return t(`filters.${value}`);
  if (kind === "number") return rangeWords(value, condition);
  if (kind === "category") return value.endsWith(ITSELF) ? t("insights.itself", { category: pathWords(value.slice(0, -ITSELF.length)) }) : pathWords(value);
  return value;
}

// The outermost ranges are open, so that their two ends stand in their words alone, as English writes numbers.
function rangeWords(value, condition) {
  const ends = typeof condition === "object" ? value.split(" – ") : [value];
  return ends.map((end) => numeral(Number(end.replaceAll(",", "")))).join(" – ");
}

/** A year has no separator, a price in the ten thousands has. */
export const numeral = (value) => number(value, { useGrouping: Math.abs(value) >= 10_000, maximumFractionDigits: 12 });

function placeOf({ value, condition }, { name, kind }) {
  if (kind === "category") return value.endsWith(ITSELF) ? null : { category: value };
  return { filter: { [name]: condition } };
}
