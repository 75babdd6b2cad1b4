import { getProduct, patchProduct, putProduct } from "../api.js";
import { request } from "../request.js";
import { telling } from "../uploading.js";

/** It replaces none: with another product of its id, that one stays. */
export async function add(form, signal) {
  const { id, title, category, attributes, pictures } = form.said;
  const images = pictures.map(({ file }) => file);
  await putProduct(id, { title, category, attributes, images }, { ...sending(form, signal), headers: { "If-None-Match": "*" } });
  return id;
}

/** What was not touched is not written, so that nobody else's change to it is undone. */
export async function change(form, signal) {
  const { id } = form.product;
  const said = changed(form);
  if (form.picturesChanged) await replace(id, said, form, signal);
  else if (Object.keys(said).length) await patchProduct(id, said, signal);
  return id;
}

function changed({ product, said }) {
  const { title, category, change: attributes } = said;
  return {
    ...(title === product.title ? {} : { title }),
    ...(category === product.category ? {} : { category }),
    ...(Object.keys(attributes).length ? { attributes } : {}),
  };
}

/** A PUT is of everything: the pictures that stay are fetched and sent again, which embeds nothing anew. */
async function replace(id, said, form, signal) {
  const images = await Promise.all(form.said.pictures.map((picture) => fileOf(picture, signal)));
  const now = await getProduct(id, signal);
  const { title, category } = { ...now, ...said };
  const attributes = { ...now.attributes, ...said.attributes };
  const left = Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null));
  await putProduct(id, { title, category, attributes: left, images }, sending(form, signal));
}

const sending = (form, signal) => ({ signal, through: telling((share) => form.progressed(share)) });

const fileOf = async ({ kept, file }, signal) => file ?? (await request(kept.url, { signal })).blob();
