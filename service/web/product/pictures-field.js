import { make } from "../components/dom.js";
import { icon } from "../components/icons.js";
import { t } from "../words.js";
import { accept, describe, errorLine, refuse } from "./field.js";
import { takeFiles } from "./picture-files.js";
import { PictureList } from "./picture-list.js";

const MOST = 32;

/** The pictures of a product: those that it has, and files that are to be new. */
export class PicturesField {
  #input = make("input", { type: "file", class: "unseen", id: "field-images", accept: "image/*", multiple: true, data: { testid: "pictures" } });
  #error = errorLine("field-images");

  constructor(images, { signal, announce }) {
    const tell = (words) => {
      this.accept();
      if (words) announce(words);
    };
    this.list = new PictureList({ onChange: tell, onEmptied: () => this.focus() });
    this.list.add(...images.map((image) => ({ kept: image, source: image.thumbnail_url, name: "" })));
    const hint = make("p", { class: "field-hint", id: "field-images-hint" }, t("product.pictures_hint"));
    describe(this.#input, hint, this.#error);
    const drop = make("label", { class: "drop-files" }, this.#input, icon("picture"), make("span", {}, make("strong", {}, t("product.choose_pictures")), " ", t("product.or_drop")));
    this.element = make("div", { class: "field" }, make("p", { class: "field-name" }, t("product.pictures")), hint, this.list.element, drop, this.#error);
    takeFiles({ input: this.#input, signal, onFiles: (files) => this.#take(files, announce), onRefusal: (name) => this.refuse({ what: t("product.no_picture", { name }), own: true }) });
    signal.addEventListener("abort", () => this.list.pictures.forEach(forget));
  }

  /** Each is { kept: an image of the product's } or { file }. */
  get value() {
    return this.list.pictures;
  }

  /** Which they are, in words that differ where they do. */
  get fingerprint() {
    return this.value.map(({ kept, source }) => kept?.id ?? source).join(" ");
  }

  check() {
    const { length } = this.value;
    if (length === 0) return [{ where: ["images"], what: t("product.need_picture"), own: true }];
    return length > MOST ? [{ where: ["images"], what: t("product.too_many_pictures", { count: MOST }), own: true }] : [];
  }

  refuse(mistake) {
    if (typeof mistake.where?.[1] === "number") this.list.mark(mistake.where[1]);
    refuse(this.#input, this.#error, mistake);
  }

  accept() {
    this.list.unmark();
    accept(this.#input, this.#error);
  }

  focus() {
    this.#input.focus();
  }

  #take(files, announce) {
    this.accept();
    this.list.add(...files.map((file) => ({ file, source: URL.createObjectURL(file), name: file.name })));
    announce(t("product.pictures_added", { count: files.length }));
  }
}

function forget({ file, source }) {
  if (file) URL.revokeObjectURL(source);
}
