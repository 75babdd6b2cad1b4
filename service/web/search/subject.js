import { getProduct } from "../api.js";
import { kept } from "./uploads.js";

/** Products seen so far, so that the picture that was clicked is there at once. */
const seen = new Map();

export const remember = (products) => products.forEach((product) => seen.set(product.id, product));

/** One that was seen, or no more of it than its id. */
export const known = (id) => seen.get(id) ?? { id };

/**
 * What is searched by: { id, title, category, image, file }. Of a product there is an image, of an upload a file. An upload
 * that this browser does not have is null.
 */
/** Those of them that have not been seen yet. One that is gone stays an id. */
export async function meet(ids, signal) {
  const strangers = ids.filter((id) => !seen.has(id));
  const met = await Promise.allSettled(strangers.map((id) => getProduct(id, signal)));
  remember(met.filter(({ value }) => value).map(({ value }) => shownBy(value)));
  return strangers.length > 0;
}

/** A product as a search tells of it: with one image. */
export const shownBy = (product) => ({ ...product, image: product.images[0] });

export async function subjectOf({ product, picture }, signal) {
  if (product === null) return uploaded(await kept(picture));
  if (!seen.has(product)) remember([shownBy(await getProduct(product, signal))]);
  return { ...seen.get(product), file: null };
}

const uploaded = (file) => (file === null ? null : { id: null, title: file.name ?? "", category: "", image: null, file });

/** The picture's bytes: a product's are fetched, to search for a part of them. */
export async function fileOf({ file, image }, signal) {
  if (file) return file;
  const response = await fetch(image.url, { signal });
  const blob = await response.blob();
  return new File([blob], "picture", { type: blob.type });
}
