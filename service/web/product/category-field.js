import { categoryTree } from "../components/categories.js";
import { openDialog } from "../components/dialog.js";
import { make } from "../components/dom.js";
import { t } from "../words.js";
import { Field } from "./field.js";

const OFFERED = 30;

/** A category's path: written, with the catalogue's own offered meanwhile, or chosen in the tree. */
export class CategoryField extends Field {
  constructor(path, tree, signal) {
    const offers = make("datalist", { id: "categories-offered" });
    const input = make("input", { class: "text", value: path, maxlength: 1000, list: offers.id, autocomplete: "off", spellcheck: "false", dir: "auto", data: { testid: "category" } });
    const choose = make("button", { type: "button", class: "button quiet-button", data: { testid: "choose-category" } }, t("product.choose_category"));
    super({ name: "category", label: t("product.category"), control: input, hint: t("product.category_hint"), beside: tree.categories.length > 0 && choose });
    this.known = pathsIn(tree.categories);
    this.isNew = make("p", { class: "field-note", role: "status" });
    this.element.append(offers, this.isNew);
    choose.addEventListener("click", () => this.#open(tree, signal));
    input.addEventListener("input", () => this.#offer(offers));
    this.#offer(offers);
  }

  get value() {
    return this.control.value.trim();
  }

  check() {
    return this.value ? [] : [{ where: ["category"], what: t("product.need_category"), own: true }];
  }

  #offer(offers) {
    const said = this.value.toLocaleLowerCase();
    const fitting = this.known.filter((path) => path.toLocaleLowerCase().includes(said)).slice(0, OFFERED);
    offers.replaceChildren(...fitting.map((path) => make("option", { value: path })));
    const path = this.value.replace(/^[/ ]+|[/ ]+$/g, "");
    this.isNew.textContent = path && this.known.length && !this.known.includes(path) ? t("product.new_category", { path }) : "";
  }

  async #open(tree, signal) {
    const choose = (path) => {
      if (path) this.control.value = path;
      this.control.dispatchEvent(new Event("input"));
      close();
    };
    const content = [categoryTree(tree, { chosen: this.value, onChoose: choose })];
    const { close } = openDialog({ title: t("product.choose_category_title"), content, signal });
  }
}

const pathsIn = (categories) => categories.flatMap(({ path, children }) => [path, ...pathsIn(children)]);
