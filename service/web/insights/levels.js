import { address } from "../router.js";
import { pathWords, t } from "../words.js";

const GROUPS = 16;
const TILES = 24;

export const depthOf = (categories) => (categories.length === 0 ? 0 : 1 + Math.max(...categories.map(({ children }) => depthOf(children))));

/** Two levels of the tree, below `path` and from the first one on that has a choice, for a map of them. */
export function groupsOf(categories, path = "") {
  const top = firstWithAChoice(below(categories, path));
  const groups = most(top, GROUPS).map((category) => ({ ...slice(category), inside: insideOf(category), children: childrenOf(category) }));
  const products = sum(top) - sum(groups);
  return products > 0 ? [...groups, { ...others(products), children: [others(products)] }] : groups;
}

/** The parts of a category; of one that is not there, or has none, the tops. */
function below(categories, path) {
  const here = path.split("/").reduce((found, _, at, names) => found?.find((one) => one.path === names.slice(0, at + 1).join("/"))?.children, categories);
  return here?.length ? here : categories;
}

const insideOf = ({ path, children }) => (children.some((child) => child.children.length > 0) ? address("/insights", { in: path }) : null);

function firstWithAChoice(categories) {
  let level = categories;
  while (level.length === 1 && level[0].children.length > 0) level = level[0].children;
  return level;
}

function childrenOf(category) {
  if (category.children.length === 0) return [slice(category)];
  const shown = most(category.children, TILES).map(slice);
  const left = category.products - sum(shown);
  return left > 0 ? [...shown, others(left)] : shown;
}

const slice = ({ name, path, products }) => ({ label: name, name: pathWords(path), products, place: { category: path }, rest: false });

const others = (products) => ({ label: t("insights.others"), name: t("insights.others"), products, place: null, rest: true });

const most = (categories, count) => [...categories].sort((one, other) => other.products - one.products).slice(0, count);

const sum = (items) => items.reduce((all, { products }) => all + products, 0);
