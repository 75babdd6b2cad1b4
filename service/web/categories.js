import { countOf, pathWords } from "./words.js";

/** Fills the select with the tree, keeping what is chosen. */
export function fillCategories(select, { products, categories }) {
  const chosen = select.value;
  const whole = new Option(`Whole catalogue (${countOf(products)})`, "");
  select.replaceChildren(whole, ...optionsFor(categories, 0));
  chooseCategory(select, chosen);
}

export function chooseCategory(select, path) {
  const known = [...select.options].some((option) => option.value === path);
  // An address may name a category that is not in the tree (yet): what is searched is what is shown.
  if (!known) select.add(new Option(pathWords(path), path));
  select.value = path;
}

function optionsFor(categories, depth) {
  return categories.flatMap(({ name, path, products, children = [] }) => [
    new Option(`${"\u2003".repeat(depth)}${name} (${countOf(products)})`, path),
    ...optionsFor(children, depth + 1),
  ]);
}
