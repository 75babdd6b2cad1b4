import { make } from "../components/dom.js";
import { icon } from "../components/icons.js";
import { t } from "../words.js";

/** The pictures of a form in their order: dragged, or moved with buttons, or taken out. A picture is { source, name }. */
export class PictureList {
  #dragged = null;

  constructor({ onChange, onEmptied }) {
    this.onChange = onChange;
    this.onEmptied = onEmptied;
    this.pictures = [];
    this.element = make("ol", { class: "pictures", role: "list", "aria-label": t("product.pictures") });
    this.element.addEventListener("dragover", (event) => this.#over(event));
  }

  add(...pictures) {
    for (const picture of pictures) {
      picture.item = this.#item(picture);
      this.pictures.push(picture);
      this.element.append(picture.item);
    }
    this.#settle();
  }

  mark(index) {
    this.pictures[index]?.item.toggleAttribute("data-refused", true);
  }

  unmark() {
    this.pictures.forEach(({ item }) => item.removeAttribute("data-refused"));
  }

  #item(picture) {
    const image = make("img", { src: picture.source, alt: "", draggable: "false" });
    const item = make("li", { class: "picture", draggable: "true", data: { testid: "picture" } },
      make("div", { class: "picture-frame" }, image, make("span", { class: "picture-name", dir: "auto" }, picture.name)),
      make("div", { class: "picture-acts" },
        this.#button("picture-back", "forward", () => this.#move(picture, -1)),
        this.#button("picture-on", "forward", () => this.#move(picture, 1)),
        this.#button("picture-out", "close", () => this.#remove(picture))));
    // Not every picture that the service reads is one that the browser can draw: its name stands for it.
    image.addEventListener("error", () => image.remove());
    item.addEventListener("dragstart", (event) => this.#start(event, picture));
    item.addEventListener("dragend", () => this.#end());
    return item;
  }

  #button(kind, shape, act) {
    return make("button", { type: "button", class: `switch ${kind}`, on: { click: (event) => event.currentTarget.ariaDisabled !== "true" && act() } }, icon(shape));
  }

  #move(picture, step) {
    const from = this.pictures.indexOf(picture);
    const pressed = document.activeElement;
    this.#place(picture, from + step);
    // An element that is moved loses the focus.
    pressed.focus();
    this.onChange(t("product.moved", { at: this.pictures.indexOf(picture) + 1, count: this.pictures.length }));
  }

  #place(picture, to) {
    this.pictures.splice(this.pictures.indexOf(picture), 1);
    this.pictures.splice(to, 0, picture);
    this.element.insertBefore(picture.item, this.pictures[to + 1]?.item ?? null);
    this.#settle();
  }

  #remove(picture) {
    const at = this.pictures.indexOf(picture);
    this.pictures.splice(at, 1);
    picture.item.remove();
    this.#settle();
    const next = this.pictures[Math.min(at, this.pictures.length - 1)];
    if (next) next.item.querySelector(".picture-out").focus();
    else this.onEmptied();
    this.onChange(t("product.taken_out", { count: this.pictures.length }));
  }

  #start(event, picture) {
    this.#dragged = picture;
    event.dataTransfer.effectAllowed = "move";
    // Firefox drags nothing that carries nothing.
    event.dataTransfer.setData("text/plain", picture.name);
    picture.item.toggleAttribute("data-dragged", true);
  }

  #over(event) {
    const target = this.pictures.findIndex(({ item }) => item.contains(event.target));
    if (!this.#dragged || target < 0) return;
    event.preventDefault();
    if (this.pictures[target] !== this.#dragged) this.#place(this.#dragged, target);
  }

  #end() {
    this.#dragged.item.removeAttribute("data-dragged");
    this.#dragged = null;
    this.onChange(null);
  }

  #settle() {
    const count = this.pictures.length;
    this.pictures.forEach(({ item }, index) => {
      const at = index + 1;
      item.toggleAttribute("data-first", index === 0);
      name(item, ".picture-back", t("product.move_back", { at, count }), index === 0);
      name(item, ".picture-on", t("product.move_on", { at, count }), index === count - 1);
      name(item, ".picture-out", t("product.take_out", { at, count }), false);
    });
    this.element.hidden = count === 0;
  }
}

function name(item, kind, words, atTheEnd) {
  const button = item.querySelector(kind);
  button.ariaLabel = words;
  button.title = words;
  // Not disabled, which would take the focus from whoever has just moved a picture to the end.
  button.ariaDisabled = String(atTheEnd);
}
