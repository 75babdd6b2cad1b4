import { make } from "../components/dom.js";
import { icon } from "../components/icons.js";
import { t } from "../words.js";
import { isSame } from "./attribute-values.js";
import { AttributeRow } from "./attribute-row.js";
import { accept, describe, errorLine, refuse } from "./field.js";

/** The attributes of a product: those that it has, changed or taken away, and new ones. */
export class AttributesField {
  #error = errorLine("field-attributes");

  /** `known` is a map of the catalogue's attributes, as in attribute-row.js. */
  constructor(attributes, known) {
    this.had = attributes;
    this.known = known;
    this.rows = [];
    this.list = make("ul", { class: "attribute-rows", role: "list" });
    this.add = make("button", { type: "button", class: "button quiet-button", data: { testid: "add-attribute" }, on: { click: () => this.#more({}).focus() } }, icon("plus"), t("product.add_attribute"));
    describe(this.add, this.#error);
    const offers = make("datalist", { id: "attributes-offered" }, ...[...known.keys()].map((name) => make("option", { value: name })));
    this.element = make("fieldset", { class: "field", data: { testid: "attributes" } }, make("legend", { class: "field-name" }, t("product.attributes")), offers, this.list, this.#error, make("div", {}, this.add));
    Object.entries(attributes).forEach(([name, value]) => this.#more({ name, value }));
  }

  get value() {
    return Object.fromEntries(this.rows.filter((row) => !row.isBlank).map(({ name, value }) => [name, value]));
  }

  get fingerprint() {
    return JSON.stringify(this.rows.filter((row) => !row.isBlank).map(({ name, value }) => [name, Number.isNaN(value) ? "?" : value]));
  }

  /** As PATCH takes it: what is as it was is left out, and what has gone is null. */
  get change() {
    const { had, value } = this;
    const changed = Object.entries(value).filter(([name, one]) => !isSame(one, had[name]));
    const gone = Object.keys(had).filter((name) => !(name in value));
    return Object.fromEntries([...changed, ...gone.map((name) => [name, null])]);
  }

  check() {
    const names = this.rows.map(({ name }) => name);
    const twice = this.rows.filter(({ name }, at) => name && names.indexOf(name) < at);
    return [...this.rows.flatMap((row) => row.check()), ...twice.map((row) => ({ row, where: ["attributes", row.name], what: t("product.twice", { name: row.name }), own: true }))];
  }

  refuse(mistake) {
    const row = this.#rowOf(mistake);
    if (row) row.refuse(mistake);
    else refuse(this.add, this.#error, mistake);
  }

  accept() {
    this.rows.forEach((row) => row.accept());
    accept(this.add, this.#error);
  }

  focus(mistake) {
    (this.#rowOf(mistake) ?? this.add).focus();
  }

  #rowOf({ row, where }) {
    return row ?? this.rows.find(({ name }) => name === where?.[1]);
  }

  #more(said) {
    const row = new AttributeRow({ ...said, known: this.known, onRemove: (one) => this.#remove(one) });
    this.rows.push(row);
    this.list.append(row.element);
    return row;
  }

  #remove(row) {
    const at = this.rows.indexOf(row);
    this.rows.splice(at, 1);
    row.element.remove();
    (this.rows[Math.min(at, this.rows.length - 1)]?.out ?? this.add).focus();
  }
}
