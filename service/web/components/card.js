import { number, pathWords, t } from "../words.js";
import { make } from "./dom.js";

const ATTRIBUTES_SHOWN = 3;

/**
 * A product in a grid: <ol class="grid"> or <ul class="grid"> around it. `href` is where its title leads; `rank` numbers
 * it; with a `score` (and `distance`) it says how alike it is; `actions` are nodes in a row below.
 */
export function productCard(product, { href, rank = null, actions = [] }) {
  const { id, title, category = "", attributes = {}, score, distance, match } = product;
  const path = pathWords(category);
  return make("li", { class: "card", data: { testid: "result", productId: id } },
    make("div", { class: "card-picture" }, thumbnail(product), rank && houseNumber(rank), match && badge(match)),
    make("a", { class: "card-title", href, dir: "auto", title: title || id }, title || id),
    make("p", { class: "card-category", dir: "auto", title: path }, path),
    score === undefined ? null : likeness(score, distance),
    attributeChips(attributes),
    actions.length > 0 && make("div", { class: "card-actions" }, ...actions));
}

/** Empty places of the cards' own size, so that nothing moves when the cards arrive. */
export const cardSkeletons = (count, { ranked = false } = {}) => Array.from({ length: count }, (_, at) => skeleton(ranked ? at + 1 : null));

function thumbnail({ image, images }) {
  const source = (image ?? images?.[0])?.thumbnail_url;
  if (!source) return null;
  const picture = make("img", { alt: "", loading: "lazy", decoding: "async", draggable: "false" });
  picture.addEventListener("error", () => picture.remove());
  picture.src = source;
  return picture;
}

function likeness(score, distance) {
  const words = alikeWords(score);
  const exact = distance === undefined ? exactly(score) : t("card.score_distance", { score: exactly(score), distance: exactly(distance) });
  return make("div", { class: "score" },
    make("span", { class: "score-words" }, words),
    make("span", { class: "score-exact" }, exact),
    // The words beside it say the same.
    make("meter", { value: Math.max(0, score), "aria-hidden": "true" }));
}

export const exactly = (value) => number(value, { minimumFractionDigits: 3, maximumFractionDigits: 3 });

export function alikeWords(score) {
  // Rounding alone would call two different pictures 100 % alike.
  const share = score >= 0.9995 ? 1 : Math.min(0.99, Math.round(score * 100) / 100);
  return t("card.alike", { percent: number(Math.max(0, share), { style: "percent" }) });
}

export function attributeChips(attributes) {
  const shown = Object.entries(attributes).filter(([, value]) => isPlain(value)).slice(0, ATTRIBUTES_SHOWN);
  return make("ul", { class: "attributes" }, ...shown.map(chip));
}

function chip([name, value]) {
  // "Navy" explains itself; "true" and "39.9" do not.
  const text = typeof value === "string" ? value : `${name} ${value}`;
  return make("li", { title: `${name}: ${value}`, dir: "auto" }, text);
}

const isPlain = (value) => ["string", "number", "boolean"].includes(typeof value) && value !== "";

function skeleton(rank) {
  const parts = ["card-title", "card-category", "score", "attributes"].map((part) => make("div", { class: part }));
  return make("li", { class: "card ghost", "aria-hidden": "true" }, make("div", { class: "card-picture" }, rank && houseNumber(rank)), ...parts);
}

const badge = (match) => make("span", { class: `badge ${match}`, title: t(`card.match_${match}_note`), data: { testid: "match", match } }, t(`card.match_${match}`));

const houseNumber = (rank) => make("span", { class: "house-number" }, String(rank));
