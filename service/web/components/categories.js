import { number, pathWords, t } from "../words.js";
import { make } from "./dom.js";
import { icon } from "./icons.js";
import { Tree } from "./tree.js";

const FIELD_FROM = 12;
const FOUND_SHOWN = 50;
const ROOM_PX = 340;

/**
 * The categories with their counts, as a tree, with a field to find one in when they are many. `tree` is what
 * getCategories gave; `first` are [{ path, label }] above it; `onChoose(path)`.
 */
export function categoryTree(tree, { chosen = "", onChoose, first = [] }) {
  const all = nodesOf(tree.categories);
  const tops = first.map(({ path, label }) => ({ key: path, label, name: label, note: path === "" ? number(tree.products) : null }));
  const widget = new Tree({ label: t("categories.label"), onChoose });
  const leads = ({ key }) => chosen.startsWith(`${key}/`);
  const showAll = () => widget.show([...tops, ...all], chosen, leads);
  showAll();
  const many = flat(all).length >= FIELD_FROM;
  const find = (text) => (text.trim() ? widget.show(found(all, text), chosen) : showAll());
  return make("div", { class: "categories" }, many && findField(find, widget), widget.element);
}

/** The same behind a button that says what is chosen. `fill` when the tree is known, `choose` when the address changes. */
export class CategoryPicker {
  #tree = null;

  constructor({ first, onChoose, signal }) {
    Object.assign(this, { first, onChoose, chosen: "" });
    this.label = make("span", { class: "picker-label", dir: "auto" });
    this.button = make("button", { type: "button", class: "text picker-button", "aria-expanded": "false", data: { testid: "category" }, on: { click: () => this.#turn(this.panel.hidden) } },
      make("span", { class: "unseen" }, `${t("categories.label")}: `), this.label, icon("chevron"));
    this.panel = make("div", { class: "picker-panel", hidden: true, on: { keydown: (event) => this.#key(event) } });
    this.element = make("div", { class: "picker" }, this.button, this.panel);
    document.addEventListener("pointerdown", ({ target }) => this.element.contains(target) || this.#turn(false), { signal });
    this.element.addEventListener("focusout", ({ relatedTarget }) => relatedTarget && !this.element.contains(relatedTarget) && this.#turn(false));
    this.choose("");
  }

  fill(tree) {
    this.#tree = tree;
    this.choose(this.chosen);
  }

  choose(path) {
    this.chosen = path;
    const named = this.first.find((one) => one.path === path);
    // An address may name a category that is not in the tree (yet): what is searched is what is shown.
    this.label.textContent = named ? named.label : pathWords(path);
    if (!this.panel.hidden) this.#draw();
  }

  #turn(open) {
    if (open === !this.panel.hidden) return;
    this.panel.hidden = !open;
    this.button.ariaExpanded = String(open);
    if (!open) return;
    this.#draw();
    const { top, bottom } = this.button.getBoundingClientRect();
    this.panel.toggleAttribute("data-above", innerHeight - bottom < ROOM_PX && top > innerHeight - bottom);
    (this.panel.querySelector("input") ?? this.panel.querySelector("[tabindex='0']"))?.focus();
  }

  #draw() {
    if (!this.#tree) {
      this.panel.replaceChildren(make("p", { class: "quiet" }, t("more.loading")));
      return;
    }
    const onChoose = (path) => {
      this.#turn(false);
      this.button.focus();
      this.onChoose(path);
    };
    this.panel.replaceChildren(categoryTree(this.#tree, { chosen: this.chosen, first: this.first, onChoose }));
  }

  #key(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.#turn(false);
    this.button.focus();
  }
}

function findField(find, widget) {
  const field = make("input", { class: "text", type: "search", placeholder: t("categories.find"), "aria-label": t("categories.find"), autocomplete: "off" });
  field.addEventListener("input", () => find(field.value));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    widget.entry?.focus();
  });
  return field;
}

const nodesOf = (categories) => categories.map(({ name, path, products, children }) => ({
  key: path, label: name, note: number(products), name: t("categories.item", { name, count: products }), children: nodesOf(children),
}));

const flat = (nodes) => nodes.flatMap((node) => [node, ...flat(node.children)]);

function found(nodes, text) {
  const wanted = text.trim().toLocaleLowerCase();
  const fitting = flat(nodes).filter(({ key }) => key.toLocaleLowerCase().includes(wanted));
  return fitting.slice(0, FOUND_SHOWN).map((node) => ({ ...node, label: pathWords(node.key), children: [] }));
}
