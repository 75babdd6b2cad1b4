import { make } from "../components/dom.js";
import { icon } from "../components/icons.js";
import { t } from "../words.js";
import { KINDS, kindOf, meant, written } from "./attribute-values.js";
import { accept, describe, errorLine, refuse } from "./field.js";

const MOST_LETTERS = 1000;
let made = 0;

/** One attribute in a form. Of one that the product has, the name and the kind stand. */
export class AttributeRow {
  #error;
  #control = null;
  #kind;
  #name;

  /** `known` is a map of the catalogue's attributes: { kind, values }. */
  constructor({ name = "", value, known, onRemove }) {
    this.id = `attribute-${(made += 1)}`;
    this.known = known;
    this.had = name;
    this.#error = errorLine(this.id);
    this.#name = name ? null : this.#nameField();
    this.#kind = this.#kindField(name ? kindOf(value) : "text");
    this.holder = make("div", { class: "attribute-value" });
    const out = make("button", { type: "button", class: "switch attribute-out", on: { click: () => onRemove(this) } }, icon("close"));
    this.out = out;
    this.element = make("li", { class: "attribute", data: { testid: "attribute", name } },
      make("div", { class: "attribute-head" }, name ? make("label", { for: this.id, dir: "auto" }, name) : this.#name, this.#kind),
      this.holder, out, this.#error);
    this.#ask(name ? written(value) : "");
    this.#told();
  }

  get name() {
    return this.#name ? this.#name.value.trim() : this.had;
  }

  get kind() {
    return this.#kind.value;
  }

  get value() {
    return meant(this.kind, this.#control.value);
  }

  get isBlank() {
    return this.name === "" && this.value === undefined;
  }

  check() {
    if (this.isBlank) return [];
    if (this.name === "") return [this.#wrong(t("product.need_name"))];
    if (this.value === undefined) return [this.#wrong(t("product.need_value"))];
    return Number.isNaN(this.value) ? [this.#wrong(t("product.no_number"))] : [];
  }

  refuse(mistake) {
    refuse(this.#control, this.#error, mistake);
  }

  accept() {
    accept(this.#control, this.#error);
  }

  focus() {
    (this.#name && this.name === "" ? this.#name : this.#control).focus();
  }

  #wrong(what) {
    return { row: this, where: ["attributes", this.name], what, own: true };
  }

  #nameField() {
    const label = t("product.attribute_name");
    const field = make("input", { class: "text", maxlength: 64, list: "attributes-offered", autocomplete: "off", spellcheck: "false", placeholder: label, "aria-label": label, dir: "auto" });
    field.addEventListener("input", () => {
      this.accept();
      this.#told();
    });
    return field;
  }

  #kindField(kind) {
    const field = make("select", { class: "attribute-kind", "aria-label": t("product.attribute_kind") }, ...KINDS.map((one) => make("option", { value: one }, t(`product.kind.${one}`))));
    field.value = kind;
    field.addEventListener("change", () => this.#ask(this.#control.value));
    return field;
  }

  /** An attribute holds one kind in the whole catalogue: where that is known, no other is offered. */
  #told() {
    const fixed = this.had ? [this.kind] : FITTING[this.known.get(this.name)?.kind];
    for (const option of this.#kind.options) option.disabled = Boolean(fixed) && !fixed.includes(option.value);
    if (fixed && !fixed.includes(this.kind)) {
      this.#kind.value = fixed[0];
      this.#ask(this.#control.value);
    }
    this.#kind.disabled = fixed?.length === 1;
    this.out.ariaLabel = t("product.remove_attribute", { name: this.name });
    this.out.title = this.out.ariaLabel;
    if (this.#name) this.#control.ariaLabel = this.name || t("product.attribute_value");
    this.#offer();
  }

  #ask(text) {
    this.#control = controlFor(this.kind, text);
    this.#control.id = this.id;
    this.#control.addEventListener("input", () => this.accept());
    describe(this.#control, this.#error);
    this.holder.replaceChildren(this.#control);
    if (this.#name) this.#control.ariaLabel = this.name || t("product.attribute_value");
    this.#offer();
  }

  #offer() {
    this.holder.querySelector("datalist")?.remove();
    const values = this.kind === "text" ? this.known.get(this.name)?.values : null;
    if (!values?.length) return;
    this.#control.setAttribute("list", `${this.id}-offered`);
    this.holder.append(make("datalist", { id: `${this.id}-offered` }, ...values.map((value) => make("option", { value }))));
  }
}

/** What a person may choose from, where the catalogue knows the attribute. */
const FITTING = { keyword: ["text", "list"], number: ["number"], bool: ["bool"] };

function controlFor(kind, text) {
  if (kind === "bool") return chosen(text);
  if (kind === "list") return filled(make("textarea", { class: "text", rows: 3, dir: "auto", placeholder: t("product.one_a_line") }), text);
  const more = kind === "number" ? { inputmode: "decimal" } : { maxlength: MOST_LETTERS, dir: "auto" };
  return filled(make("input", { class: "text", autocomplete: "off", ...more }), text);
}

function filled(control, text) {
  control.value = text;
  return control;
}

function chosen(text) {
  const options = [["true", t("product.yes")], ["false", t("product.no")]];
  const control = make("select", {}, make("option", { value: "" }, t("product.choose")), ...options.map(([value, words]) => make("option", { value }, words)));
  control.value = ["true", "false"].includes(text) ? text : "";
  return control;
}
