import { getCategories, getStats } from "../api.js";
import { categoryTree } from "../components/categories.js";
import { make } from "../components/dom.js";
import { filterPanel } from "../components/filters.js";
import { problemPanel } from "../components/problem-panel.js";
import { Problem } from "../problem.js";
import { t } from "../words.js";

const VALUES = 12;
const WIDE = "(min-width: 60rem)";

/** The categories and the attributes that a catalogue is sifted by. Each part has troubles of its own. */
export class Sieve {
  tree = null;
  #stats = null;
  #shown = { category: "", filter: {} };

  constructor({ left, onCategory, onFilter, onTree }) {
    Object.assign(this, { left, onCategory, onFilter, onTree });
    this.categories = make("div", {}, make("p", { class: "quiet" }, t("more.loading")));
    this.filters = make("div", {});
    this.used = make("span", { class: "sieve-used" });
    this.element = make("details", { class: "sieve", open: matchMedia(WIDE).matches, data: { testid: "sieve" } },
      make("summary", {}, t("catalogue.sieve"), this.used),
      make("section", {}, make("h2", {}, t("catalogue.categories")), this.categories),
      make("section", {}, make("h2", {}, t("catalogue.filters")), this.filters));
    matchMedia(WIDE).addEventListener("change", ({ matches }) => { this.element.open = matches; }, { signal: left });
  }

  load() {
    return Promise.all([this.#loadTree(), this.#loadStats()]);
  }

  show({ category, filter }) {
    this.#shown = { category, filter };
    const used = Object.keys(filter).length + (category ? 1 : 0);
    this.used.textContent = used ? String(used) : "";
    if (this.tree) this.#drawTree();
    if (this.#stats) this.#drawFilters();
  }

  async #loadTree() {
    try {
      this.tree = await getCategories(this.left);
      // There is nothing to sift in an empty catalogue.
      this.element.hidden = this.tree.products === 0;
      this.#drawTree();
      this.onTree(this.tree);
    } catch (error) {
      if (!this.left.aborted) this.categories.replaceChildren(problemPanel(Problem.from(error), { heading: "h3", again: () => this.#loadTree() }));
    }
  }

  async #loadStats() {
    try {
      this.#stats = await getStats({ top: VALUES }, this.left);
      this.#drawFilters();
    } catch (error) {
      if (!this.left.aborted) this.filters.replaceChildren(problemPanel(Problem.from(error), { heading: "h3", again: () => this.#loadStats() }));
    }
  }

  #drawTree() {
    const first = [{ path: "", label: t("catalogue.whole") }];
    const had = this.categories.contains(document.activeElement) && document.activeElement.dataset.path;
    this.categories.replaceChildren(categoryTree(this.tree, { chosen: this.#shown.category, first, onChoose: this.onCategory }));
    if (typeof had === "string") this.categories.querySelector("[role='treeitem'][tabindex='0']")?.focus();
  }

  #drawFilters() {
    const place = placeOf(document.activeElement, this.filters);
    const open = [...this.filters.querySelectorAll("details[open]")].map(({ dataset }) => dataset.name);
    const { filter } = this.#shown;
    const clear = make("button", { type: "button", class: "link", data: { testid: "clear-filters" }, on: { click: () => this.onFilter({}) } }, t("catalogue.clear_filters"));
    const panel = filterPanel(this.#stats, filter, this.onFilter);
    const nothing = panel.childElementCount === 0 && make("p", { class: "quiet" }, t("catalogue.no_filters"));
    this.filters.replaceChildren(...[nothing || panel, Object.keys(filter).length > 0 && clear].filter(Boolean));
    this.filters.querySelectorAll("details").forEach((details) => { details.open ||= open.includes(details.dataset.name); });
    if (place) (this.filters.querySelector(place) ?? this.filters.querySelector("input, summary"))?.focus();
  }
}

/** Where in the filters the focus stands, so that it stands there in the new ones. */
function placeOf(element, filters) {
  if (!filters.contains(element)) return null;
  const { value, bound, testid } = element.dataset;
  const name = element.closest("details")?.dataset.name;
  const group = name === undefined ? "" : `details[data-name="${CSS.escape(name)}"] `;
  if (value !== undefined) return `${group}[data-value="${CSS.escape(value)}"]`;
  if (bound !== undefined) return `${group}[data-bound="${CSS.escape(bound)}"]`;
  return testid === undefined ? `${group}summary` : "summary";
}
