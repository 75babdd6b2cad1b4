import { make } from "../components/dom.js";
import { problemPanel } from "../components/problem-panel.js";
import { hasWords, t } from "../words.js";
import { AttributesField } from "./attributes-field.js";
import { CategoryField } from "./category-field.js";
import { Field } from "./field.js";
import { PicturesField } from "./pictures-field.js";

const TEXT = { class: "text", autocomplete: "off", dir: "auto" };

/** What is said of a product, to be written or changed. `onSave` is awaited; a Problem that it throws is shown where it belongs. */
export class ProductForm {
  #before;
  #saving = false;

  constructor({ product, isNew, tree, known, signal, announce, onSave, leave }) {
    this.product = product;
    this.isNew = isNew;
    this.onSave = onSave;
    this.fields = {
      images: new PicturesField(product.images, { signal, announce }),
      ...(isNew ? { id: idField() } : {}),
      title: titleField(product.title),
      category: new CategoryField(product.category, tree, signal),
      attributes: new AttributesField(product.attributes, known),
    };
    this.progress = make("progress", { max: 1, hidden: true, "aria-label": t("product.saving") });
    this.button = make("button", { class: "button", data: { testid: "save" } }, t("product.save"));
    this.trouble = make("div", { class: "trouble" });
    this.element = make("form", { class: "product-form", novalidate: true, on: { submit: (event) => this.#submit(event) } },
      this.fields.images.element,
      make("div", { class: "form-said" }, this.fields.id?.element, this.fields.title.element, this.fields.category.element, this.fields.attributes.element,
        this.trouble, make("div", { class: "form-acts" }, this.button, make("a", { class: "button quiet-button", href: leave }, t("dialog.cancel")), this.progress)));
    this.#before = this.#fingerprint;
  }

  get isChanged() {
    return this.#before !== this.#fingerprint;
  }

  get said() {
    const { id, title, category, attributes, images } = this.fields;
    return { id: id?.value ?? this.product.id, title: title.value, category: category.value, attributes: attributes.value, change: attributes.change, pictures: images.value };
  }

  get picturesChanged() {
    return this.fields.images.fingerprint !== this.product.images.map(({ id }) => id).join(" ");
  }

  progressed(share) {
    this.progress.hidden = false;
    this.progress.value = share;
  }

  get #fingerprint() {
    const { id, title, category, attributes, images } = this.fields;
    return JSON.stringify([id?.value, title.value, category.value, attributes.fingerprint, images.fingerprint]);
  }

  async #submit(event) {
    event.preventDefault();
    if (this.#saving) return;
    this.trouble.replaceChildren();
    Object.values(this.fields).forEach((field) => field.accept());
    const mistakes = Object.values(this.fields).flatMap((field) => field.check());
    if (mistakes.length) this.#show(mistakes);
    else await this.#save();
  }

  async #save() {
    this.#busy(true);
    try {
      await this.onSave();
    } finally {
      this.#busy(false);
    }
  }

  /** At the fields where it belongs; what belongs to none stands above the button. */
  showProblem(problem, again) {
    const own = ownWords(problem);
    const mistakes = problem.errors.map((error) => ({ ...error, ...own, where: error.where.slice(1) }));
    const placed = mistakes.filter(({ where }) => where[0] in this.fields);
    if (placed.length) this.#show(placed);
    else this.trouble.replaceChildren(problemPanel(problem, { again }));
  }

  #show(mistakes) {
    // The first at a field is told there, and the first of all has the focus.
    for (const mistake of mistakes.toReversed()) this.fields[mistake.where[0]].refuse(mistake);
    this.fields[mistakes[0].where[0]].focus(mistakes[0]);
  }

  #busy(busy) {
    this.#saving = busy;
    this.button.ariaBusy = String(busy);
    this.button.textContent = t(busy ? "product.saving" : "product.save");
    if (!busy) this.progress.hidden = true;
  }
}

/** In the page's language, where it has words for all that the code can mean. */
function ownWords({ code }) {
  return hasWords(`problem.${code}.detail`) ? { what: `${t(`problem.${code}`)}. ${t(`problem.${code}.detail`)}`, own: true } : {};
}

function idField() {
  const control = make("input", { ...TEXT, maxlength: 200, spellcheck: "false", data: { testid: "id" } });
  return new TextField({ name: "id", label: t("product.id"), hint: t("product.id_hint"), control }, "product.need_id");
}

function titleField(title) {
  return new TextField({ name: "title", label: t("product.title"), control: make("input", { ...TEXT, maxlength: 500, value: title, data: { testid: "title" } }) });
}

class TextField extends Field {
  /** `missing` is what is said where nothing stands in it; null where that may be. */
  constructor(said, missing = null) {
    super(said);
    this.missing = missing;
  }

  get value() {
    return this.control.value.trim();
  }

  check() {
    return this.missing && !this.value ? [{ where: [this.control.id.replace("field-", "")], what: t(this.missing), own: true }] : [];
  }
}
