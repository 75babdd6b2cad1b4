/**
 * A search is {product, upload, category, limit}. The page's address holds all of it but the uploaded
 * picture, whose key is kept in the history entry.
 */
const DEFAULT_LIMIT = 12;

export function currentSearch() {
  const parameters = new URLSearchParams(location.search);
  const product = parameters.get("product") || null;
  return {
    product,
    upload: product === null ? (history.state?.upload ?? null) : null,
    category: parameters.get("category") ?? "",
    limit: limitIn(parameters),
  };
}

export function addressOf({ product, category, limit }) {
  const parameters = new URLSearchParams();
  if (product !== null) parameters.set("product", product);
  if (category) parameters.set("category", category);
  if (limit !== DEFAULT_LIMIT) parameters.set("limit", limit);
  const query = parameters.toString();
  return query ? `${location.pathname}?${query}` : location.pathname;
}

export function visit(search) {
  history.pushState({ upload: search.upload }, "", addressOf(search));
}

export function amend(search) {
  history.replaceState({ upload: search.upload }, "", addressOf(search));
}

function limitIn(parameters) {
  const limit = Number(parameters.get("limit"));
  return Number.isInteger(limit) && limit >= 1 && limit <= 100 ? limit : DEFAULT_LIMIT;
}
