import { request, requestJson } from "./request.js";

export const getStatus = (signal) => requestJson("/v1/status", { signal });

export const getCategories = (signal) => requestJson("/v1/categories", { signal });

export const getStats = (options, signal) => requestJson(`/v1/stats?${parametersOf(options)}`, { signal });

/** A page of a walk: { groups, examined, cursor }. */
export const listDuplicates = (options, signal) => requestJson(`/v1/duplicates?${parametersOf(options)}`, { signal });

/** A page of a walk: { products, examined, cursor }. */
export const listMisfits = (options, signal) => requestJson(`/v1/misfits?${parametersOf(options)}`, { signal });

/** Pages of walks: { images, examined, cursor }. */
export const listUnlike = (options, signal) => requestJson(`/v1/unlike?${parametersOf(options)}`, { signal });
export const listFlaws = (options, signal) => requestJson(`/v1/flaws?${parametersOf(options)}`, { signal });

export const getProduct = (id, signal) => requestJson(productPath(id), { signal });

/** `filter` is an object, as in every search. */
export const listProducts = (options, signal) => requestJson(`/v1/products?${parametersOf(options)}`, { signal });

export function similarToProduct(id, options, signal) {
  return requestJson(`${productPath(id)}/similar?${parametersOf(options)}`, { signal });
}

export function similarToImage(image, options, signal) {
  const form = new FormData();
  form.set("image", image);
  parametersOf(options).forEach((value, name) => form.append(name, value));
  return requestJson("/v1/search/upload", { method: "POST", body: form, signal });
}

/** `liked` and `disliked` are lists of {product_id} or {image_base64}. */
export const recommend = (asked, signal) => requestJson("/v1/recommend", { json: asked, signal });

export const explainProduct = (id, match, signal) => requestJson(`/v1/explain?${parametersOf({ product_id: id, match })}`, { signal });

export function explainImage(image, { match, matchImage, crop }, signal) {
  const form = new FormData();
  form.set("image", image);
  parametersOf({ match, match_image: matchImage, crop }).forEach((value, name) => form.set(name, value));
  return requestJson("/v1/explain", { method: "POST", body: form, signal });
}

// Encoded as one segment, slashes too: written as separate segments, an id holding "/../" would be
// resolved away by the browser.
export const productPath = (id) => `/v1/products/${encodeURIComponent(id)}`;

/** What is empty is left out; a list is said several times; an object is said as JSON. */
export function parametersOf(options = {}) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(options)) {
    if (isEmpty(value)) continue;
    if (Array.isArray(value)) value.forEach((one) => parameters.append(name, one));
    else parameters.set(name, typeof value === "object" ? JSON.stringify(value) : value);
  }
  return parameters;
}

const isEmpty = (value) =>
  value === null || value === undefined || value === "" || (typeof value === "object" && Object.keys(value).length === 0);

/** `parts` is { category, title, attributes, images: files }. */
export function putProduct(id, { images, attributes, ...said }, options) {
  const form = new FormData();
  parametersOf(said).forEach((value, name) => form.set(name, value));
  form.set("attributes", JSON.stringify(attributes));
  images.forEach((image) => form.append("images", image));
  return requestJson(productPath(id), { ...options, method: "PUT", body: form });
}

/** What is not named stays; an attribute that is null goes. */
export const patchProduct = (id, change, signal) => requestJson(productPath(id), { method: "PATCH", json: change, signal });

export const deleteProduct = (id, signal) => request(productPath(id), { method: "DELETE", signal });

export const listImports = (signal) => requestJson("/v1/imports", { signal });

/** With the first of what was rejected. */
export const getImport = (id, signal) => requestJson(importPath(id), { signal });

/** Cancels it, or forgets it when it has ended. */
export const deleteImport = (id, signal) => request(importPath(id), { method: "DELETE", signal });

export const importRejects = (id, signal) => request(`${importPath(id)}/rejects`, { signal });

export const importEvents = (id, signal) => request(`${importPath(id)}/events`, { signal, headers: { Accept: "text/event-stream" } });

export function createImport(file, options, { through, signal }) {
  const form = new FormData();
  parametersOf(options).forEach((value, name) => form.set(name, value));
  form.set("file", file);
  return requestJson("/v1/imports", { method: "POST", body: form, through, signal });
}

const importPath = (id) => `/v1/imports/${encodeURIComponent(id)}`;
