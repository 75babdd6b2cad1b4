import { make } from "../components/dom.js";
import { icon } from "../components/icons.js";
import { colourWords, swatch } from "../components/colours.js";
import { valuesIn } from "../components/filters.js";
import { number, percent, t } from "../words.js";
import { known } from "./subject.js";

/** What narrows and steers the search, each with a way to take it back. Null when there is nothing. */
export function steeringChips(asked, onChange) {
  const chips = [
    ...examples("liked", asked, onChange),
    ...examples("disliked", asked, onChange),
    ...conditions(asked.filter, onChange),
    ...(asked.minScore ? [chip(t("steering.min_score", { score: percent(asked.minScore) }), () => onChange({ minScore: 0 }))] : []),
    ...(asked.onlyGood ? [chip(t("options.only_good"), () => onChange({ onlyGood: false }))] : []),
  ];
  if (chips.length === 0) return null;
  const clear = chips.length > 1 && make("button", { type: "button", class: "link", data: { testid: "clear" }, on: { click: () => onChange({ liked: [], disliked: [], filter: {}, minScore: 0, onlyGood: false }) } }, t("steering.clear"));
  return make("ul", { class: "steering", role: "list", "aria-label": t("steering.label"), data: { testid: "steering" } },
    ...chips.map((one) => make("li", {}, one)), clear && make("li", {}, clear));
}

function examples(which, asked, onChange) {
  const sign = which === "liked" ? "up" : "down";
  return asked[which].map((id) => {
    const { title, image } = known(id);
    const picture = image && make("img", { src: image.thumbnail_url, alt: "" });
    const remove = () => onChange({ [which]: asked[which].filter((one) => one !== id) });
    return chip(title || id, remove, [icon(sign), picture], t(`steering.${which}`, { title: title || id }), { class: `chip example ${which}` });
  });
}

function conditions(filter, onChange) {
  return Object.entries(filter).flatMap(([name, condition]) => {
    const without = (rest) => onChange({ filter: leftOf(filter, name, rest) });
    const values = valuesIn(condition);
    if (values.length === 0) return [chip(`${name}: ${rangeWords(condition)}`, () => without(null))];
    return values.map((value) => valueChip(name, value, () => without(values.filter((one) => one !== value))));
  });
}

function valueChip(name, value, remove) {
  return name === "dominant_colours" ? chip(colourWords(value), remove, [swatch(value)]) : chip(`${name}: ${value}`, remove);
}

function leftOf(filter, name, rest) {
  const { [name]: _, ...others } = filter;
  return rest === null || rest.length === 0 ? others : { ...others, [name]: rest };
}

function rangeWords(condition) {
  const { gte, gt = gte, lte, lt = lte } = condition;
  if (gt !== undefined && lt !== undefined) return `${shown(gt)} – ${shown(lt)}`;
  if (gt !== undefined) return `≥ ${shown(gt)}`;
  return lt === undefined ? JSON.stringify(condition) : `≤ ${shown(lt)}`;
}

// A year has no thousands.
const shown = (value) => number(value, { useGrouping: false, maximumFractionDigits: 6 });

function chip(text, remove, before = [], label = null, attributes = {}) {
  return make("button", { type: "button", class: "chip", "aria-label": t("steering.remove", { what: label ?? text }), ...attributes, on: { click: remove } },
    ...before, make("span", { dir: "auto" }, text), icon("close"));
}
