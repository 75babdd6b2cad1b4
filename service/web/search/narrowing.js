import { getCategories, getStats } from "../api.js";
import { CategoryPicker } from "../components/categories.js";
import { make } from "../components/dom.js";
import { filterPanel } from "../components/filters.js";
import { problemLine } from "../components/problem-panel.js";
import { keys } from "../keys.js";
import { Problem } from "../problem.js";
import { t } from "../words.js";
import { optionsPanel } from "./options.js";
import { AUTO } from "./places.js";

const VALUES_SHOWN = 30;
const WIDE = matchMedia("(min-width: 60rem)");

/** Where to look, and what the products must be like. `onChange` is told the part of the search that changes. */
export class Narrowing {
  #stats = null;
  #drawing = null;

  constructor({ onChange, left }) {
    Object.assign(this, { onChange, left });
    const first = [{ path: "", label: t("categories.all") }, { path: AUTO, label: t("categories.auto") }];
    this.picker = new CategoryPicker({ first, onChoose: (category) => onChange({ category }), signal: left });
    this.filters = make("div", { class: "filters-place" }, make("p", { class: "quiet" }, t("more.loading")));
    this.options = make("div");
    const label = make("p", { class: "field-label", "aria-hidden": "true" }, t("categories.label"));
    this.element = make("div", { class: "narrowing" }, make("div", {}, label, this.picker.element),
      make("details", { class: "narrowing-more", open: WIDE.matches, data: { testid: "narrowing" } }, make("summary", {}, t("filters.title")), this.filters, this.options));
    this.#load();
    // Who gave no key at first, and gives one later, need not ask for each part again.
    keys.addEventListener("change", () => keys.held && this.#load(), { signal: left });
  }

  #load() {
    this.#loadTree();
    this.#loadStats();
  }

  show(asked) {
    this.asked = asked;
    this.picker.choose(asked.category);
    // A turn later: a field that tells of its change while it is left has not yet given the focus to the next one.
    clearTimeout(this.#drawing);
    this.#drawing = setTimeout(() => this.#draw());
  }

  /** What was ticked keeps the focus, and what was opened stays open, though all is drawn anew. */
  #draw() {
    const ticked = this.#ticked();
    const open = new Set([...this.element.querySelectorAll(".filter-group[open]")].map(({ dataset }) => dataset.name));
    this.options.replaceChildren(optionsPanel(this.asked, this.onChange));
    if (this.#stats) this.filters.replaceChildren(filterPanel(this.#stats, this.asked.filter, (filter) => this.onChange({ filter })));
    this.element.querySelectorAll("details.filter-group").forEach((group) => { group.open ||= open.has(group.dataset.name); });
    if (ticked) this.element.querySelector(ticked)?.focus({ preventScroll: true });
  }

  #ticked() {
    const focused = document.activeElement;
    if (focused?.tagName !== "INPUT" || !this.element.contains(focused)) return null;
    const group = focused.closest("[data-name]");
    const [name, value] = Object.entries(focused.dataset)[0] ?? [];
    if (!name) return null;
    return `${group ? `[data-name="${CSS.escape(group.dataset.name)}"] ` : ""}input[data-${name}="${CSS.escape(value)}"]`;
  }

  async #loadTree() {
    try {
      this.picker.fill(await getCategories(this.left));
    } catch {
      // The search meets the same trouble, and says so.
    }
  }

  async #loadStats() {
    try {
      this.#stats = await getStats({ top: VALUES_SHOWN }, this.left);
      if (this.asked) this.#draw();
    } catch (error) {
      if (!this.left.aborted) this.filters.replaceChildren(problemLine(Problem.from(error), () => this.#loadStats()));
    }
  }
}
