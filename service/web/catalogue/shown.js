import { filterIn } from "../components/address-filter.js";

const A_PAGE = 24;
const MOST = 100;
const KEPT = 500;

/** What the address asks for: { category, filter, cursor, limit }, and how one came there, which it cannot hold. */
export function asked(params, state) {
  return {
    category: params.get("category") ?? "",
    filter: filterIn(params.get("filter")),
    cursor: params.get("cursor") ?? "",
    limit: limitIn(params.get("limit")),
    // The cursors of the pages before this one. Null: somebody came by a link into the middle.
    trail: state?.trail ?? (params.get("cursor") ? null : []),
    before: state?.before ?? 0,
  };
}

export const addressed = ({ category, filter, cursor, limit }) => ({ category, filter, cursor, limit: limit === A_PAGE ? "" : limit });

export const next = (shown, page) => ({
  ...shown,
  cursor: page.cursor,
  trail: shown.trail && [...shown.trail, shown.cursor].slice(-KEPT),
  before: shown.before + page.products.length,
});

/** Null where nobody knows it: a cursor leads on and never back. */
export function previous(shown) {
  if (!shown.trail?.length) return null;
  return { ...shown, cursor: shown.trail.at(-1), trail: shown.trail.slice(0, -1), before: Math.max(0, shown.before - shown.limit) };
}

export const first = (shown) => ({ ...shown, cursor: "", trail: [], before: 0 });

export const stateOf = ({ trail, before }) => (trail === null ? null : { trail, before });

function limitIn(text) {
  const limit = Number(text);
  return Number.isInteger(limit) && limit >= 1 && limit <= MOST ? limit : A_PAGE;
}
