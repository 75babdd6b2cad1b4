import { filterIn } from "../components/address-filter.js";
import { AUTO } from "./places.js";

/**
 * What is asked, as the address says it: about a product, or a picture that this browser keeps under a name; where, and
 * with which filter; a part of the picture; what was liked and what was not. Nothing of a search stands anywhere else.
 */
export const PAGE = 24;
const MOST_SHOWN = 96;

export function askedIn(parameters) {
  return {
    product: parameters.get("product"),
    picture: parameters.get("picture"),
    category: parameters.get("category") ?? "",
    filter: filterIn(parameters.get("filter")),
    crop: cropIn(parameters.get("crop")),
    liked: parameters.getAll("liked"),
    disliked: parameters.getAll("disliked"),
    diversity: numberIn(parameters.get("diversity"), 0, 1, 0),
    minScore: numberIn(parameters.get("min_score"), 0, 1, 0),
    onlyGood: parameters.get("good") === "1",
    shown: numberIn(parameters.get("shown"), PAGE, MOST_SHOWN, PAGE),
    why: parameters.get("why"),
  };
}

/** As parameters of an address: what is as always is left out. */
export function addressedAs({ product, picture, category, filter, crop, liked, disliked, diversity, minScore, onlyGood, shown, why }) {
  return {
    product, picture, category, filter, crop: crop && cropText(crop), liked, disliked,
    diversity: diversity || null, min_score: minScore || null, good: onlyGood ? 1 : null, shown: shown <= PAGE ? null : Math.min(shown, MOST_SHOWN), why,
  };
}

/** The same wishes about another subject: what was said of the first one's parts and neighbours is not true of it. */
export const about = (asked, subject) => ({ ...asked, product: null, picture: null, crop: null, liked: [], disliked: [], shown: PAGE, why: null, ...subject });

/** Whether both find the same: how much of it is shown, and what is looked at closely, is another matter. */
export const sameSearch = (one, other) => searchOf(one) === searchOf(other);

const searchOf = ({ shown, why, ...search }) => JSON.stringify(search);

export const isSteered = ({ liked, disliked }) => liked.length + disliked.length > 0;

export const hasSubject = ({ product, picture }) => product !== null || picture !== null;

export const isNarrowed = ({ category, filter, minScore, onlyGood }) => Boolean((category && category !== AUTO) || Object.keys(filter).length || minScore || onlyGood);

export const cropText = ({ left, top, right, bottom }) => [left, top, right, bottom].map((edge) => Number(edge.toFixed(4))).join(",");

function cropIn(text) {
  const edges = (text ?? "").split(",").map(Number);
  const [left, top, right, bottom] = edges;
  const sound = edges.length === 4 && edges.every((edge) => edge >= 0 && edge <= 1) && left < right && top < bottom;
  return sound ? { left, top, right, bottom } : null;
}

function numberIn(text, least, most, otherwise) {
  const value = Number(text ?? NaN);
  return Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : otherwise;
}
