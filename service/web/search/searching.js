import { recommend, similarToImage, similarToProduct } from "../api.js";
import { cropText, isSteered } from "./asked.js";
import { asBase64, cropped } from "./picture-files.js";
import { fileOf } from "./subject.js";

const MOST_EXAMPLES = 31;

/** One page of what looks like the subject, from `offset` on. */
export async function searched(asked, subject, { offset, limit }, signal) {
  const options = { category: asked.category, filter: asked.filter, min_score: asked.minScore || null, min_match: asked.onlyGood ? "fair" : null, diversity: asked.diversity || null, limit, offset };
  if (isSteered(asked)) return steered(asked, subject, options, signal);
  if (subject.file === null && !asked.crop) return similarToProduct(asked.product, options, signal);
  const crop = asked.crop && cropText(asked.crop);
  // Of a product's own picture a part is looked for elsewhere, not in itself.
  return similarToImage(await fileOf(subject, signal), { ...options, crop, exclude: subject.id ? [subject.id] : [] }, signal);
}

async function steered({ liked, disliked, crop }, subject, options, signal) {
  const example = subject.file === null && !crop ? { product_id: subject.id } : { image_base64: await asBase64(await part(subject, crop, signal)) };
  const said = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null && value !== ""));
  return recommend({
    ...said,
    liked: [example, ...products(liked)],
    disliked: products(disliked),
    ...(crop && subject.id && { exclude: [subject.id] }),
  }, signal);
}

async function part(subject, crop, signal) {
  const file = await fileOf(subject, signal);
  return crop ? cropped(file, crop) : file;
}

const products = (ids) => ids.slice(-MOST_EXAMPLES).map((product_id) => ({ product_id }));
