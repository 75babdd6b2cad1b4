import { getCategories } from "../api.js";
import { CategoryPicker } from "../components/categories.js";
import { make } from "../components/dom.js";
import { percent, t } from "../words.js";

/**
 * In which category to look, and how sure to be, for a walk. `onChange({ category, level })` when either is changed;
 * `words(level)` tells the level.
 */
export class Controls {
  #shown = null;

  constructor({ left, label, least, most, step, start, name, onChange, words = percent }) {
    Object.assign(this, { start, name, words });
    this.picker = new CategoryPicker({ first: [{ path: "", label: t("categories.all") }], onChoose: (category) => onChange({ ...this.#shown, category }), signal: left });
    this.value = make("output", {});
    this.slider = make("input", { type: "range", min: least, max: most, step, data: { testid: name } });
    this.slider.addEventListener("input", () => this.#say());
    this.slider.addEventListener("change", () => onChange({ ...this.#shown, level: Number(this.slider.value) }));
    this.element = make("div", { class: "insights-controls" },
      make("div", { class: "field" }, make("span", {}, t("categories.label")), this.picker.element),
      make("label", { class: "field" }, make("span", {}, label, " ", this.value), this.slider));
    getCategories(left).then((tree) => this.picker.fill(tree)).catch(() => {});  // the walk meets the same trouble, and tells it
  }

  /** Takes what the address says, and gives it. */
  show(params) {
    const level = Number(params.get(this.name));
    const sound = level >= Number(this.slider.min) && level <= Number(this.slider.max);
    this.#shown = { category: params.get("category") ?? "", level: sound ? level : this.start };
    this.picker.choose(this.#shown.category);
    this.slider.value = this.#shown.level;
    this.#say();
    return this.#shown;
  }

  addressOf({ category, level }) {
    return { category, [this.name]: level === this.start ? "" : level };
  }

  #say() {
    this.value.textContent = this.words(Number(this.slider.value));
    this.slider.ariaValueText = this.value.textContent;
  }
}
