import { number, t } from "../words.js";
import { colourWords, swatch } from "./colours.js";
import { make } from "./dom.js";

const COLOURS = "dominant_colours";

/**
 * What getStats() told of the attributes, to choose from. `filter` is the API's: {colour: ["navy"], price: {gte: 10}};
 * `onChange(filter)` gets another one. The values of one attribute are alternatives.
 */
export function filterPanel({ distributions }, filter, onChange) {
  const change = (name, condition) => {
    const { [name]: _, ...others } = filter;
    onChange(condition === null ? others : { ...others, [name]: condition });
  };
  const shown = distributions.filter((one) => one.kind !== "category" && (one.name in filter || tellsApart(one)));
  const colours = shown.filter(({ name }) => name === COLOURS);
  const rest = shown.filter(({ name }) => name !== COLOURS);
  return make("div", { class: "filters", data: { testid: "filters" } },
    ...colours.map((one) => colourGroup(one, filter[COLOURS], (condition) => change(COLOURS, condition))),
    ...rest.map((one) => group(one, filter[one.name], (condition) => change(one.name, condition))));
}

/** Names and serial numbers, each value once, are nothing to filter by. */
export const tellsApart = ({ values, others }) => values.length > 1 ? !(others && values.every(({ products }) => products <= 1)) : others !== null;

/** A condition as a list of values, where it is one. */
export function valuesIn(condition) {
  if (condition === undefined || condition === null) return [];
  if (Array.isArray(condition)) return condition;
  return typeof condition === "object" ? [] : [condition];
}

function colourGroup({ values }, condition, change) {
  const chosen = valuesIn(condition);
  const boxes = values.map(({ value, products }) => make("label", { class: "colour", title: `${colourWords(value)} (${number(products)})` },
    box(value, chosen, change), swatch(value), make("span", {}, colourWords(value)), count(products)));
  return make("fieldset", { class: "filter-group" }, make("legend", {}, t("filters.colours")), make("div", { class: "colours" }, ...boxes));
}

function group(distribution, condition, change) {
  const { name, kind, values } = distribution;
  const ranges = kind === "number" && values.some((one) => typeof one.condition === "object");
  const content = ranges ? rangeFields(condition, change) : choices(distribution, condition, change);
  const used = condition !== undefined;
  const summary = make("summary", {}, make("span", { dir: "auto" }, name), used && make("span", { class: "filter-used" }, usedWords(condition)));
  return make("details", { class: "filter-group", open: used, data: { name } }, summary, make("fieldset", {}, make("legend", { class: "unseen" }, name), content));
}

const usedWords = (condition) => String(valuesIn(condition).length || 1);

function choices({ values, kind, others }, condition, change) {
  const chosen = valuesIn(condition);
  const known = values.map((one) => one.condition);
  const strange = chosen.filter((value) => !known.includes(value)).map((value) => ({ value: String(value), condition: value }));
  const rows = [...strange, ...values].map((one) => make("label", { class: "choice" },
    box(one.condition, chosen, change), make("span", { dir: "auto" }, valueWords(one.value, kind)), one.products === undefined ? null : count(one.products)));
  return make("div", { class: "choices" }, ...rows, others ? make("p", { class: "quiet" }, t("filters.others", { count: others })) : null);
}

const valueWords = (value, kind) => (kind === "bool" ? t(`filters.${value}`) : value);

const count = (products) => make("span", { class: "choice-count" }, number(products));

function box(value, chosen, change) {
  const ticked = chosen.includes(value);
  const act = () => {
    const now = ticked ? chosen.filter((one) => one !== value) : [...chosen, value];
    change(now.length === 0 ? null : now);
  };
  return make("input", { type: "checkbox", checked: ticked, data: { value: String(value) }, on: { change: act } });
}

function rangeFields(condition, change) {
  const bounds = typeof condition === "object" && !Array.isArray(condition) ? condition : {};
  const low = numberField("filters.from", bounds.gte);
  const high = numberField("filters.to", bounds.lte);
  const act = () => {
    const now = { ...(low.input.value !== "" && { gte: Number(low.input.value) }), ...(high.input.value !== "" && { lte: Number(high.input.value) }) };
    change(Object.keys(now).length === 0 ? null : now);
  };
  [low, high].forEach(({ input }) => input.addEventListener("change", act));
  return make("div", { class: "range" }, low.element, high.element);
}

function numberField(key, value) {
  const input = make("input", { class: "text", type: "number", step: "any", value, data: { bound: key } });
  return { input, element: make("label", { class: "field" }, make("span", {}, t(key)), input) };
}
