import { make } from "../components/dom.js";
import { icon } from "../components/icons.js";
import { takePictures } from "../components/pictures.js";
import { address } from "../router.js";
import { pathWords, t } from "../words.js";
import { CropBox } from "./crop-box.js";

/** The picture that is searched by: where it is given, shown, and a part of it marked. */
export class SubjectPanel {
  #objectUrl = null;

  constructor({ onPicture, onRefusal, onCrop, left }) {
    this.image = make("img", { alt: "", draggable: "false", data: { testid: "query-image" } });
    // Not every picture that the service reads (TIFF, say) is one that the browser can draw.
    this.image.addEventListener("error", () => { this.stage.hidden = true; });
    this.image.addEventListener("load", () => {
      this.stage.style.setProperty("--aspect", this.image.naturalWidth / this.image.naturalHeight);
      this.stage.hidden = false;
    });
    this.stage = make("div", { class: "stage", hidden: true, data: { testid: "stage" } }, this.image);
    this.crop = new CropBox(this.stage, { onCrop });
    this.title = make("p", { class: "subject-title", dir: "auto" });
    this.note = make("p", { class: "subject-note", dir: "auto" });
    this.tools = this.#tools(onCrop);
    this.verb = make("strong");
    this.intake = intake(this.verb);
    this.element = make("div", { class: "subject" },
      this.stage, make("p", { class: "unseen", id: "crop-help" }, t("crop.help")),
      make("div", { class: "subject-words" }, this.title, this.note), this.tools.element, this.intake);
    this.#show({ source: null, title: "", note: "", has: "picture" });
    takePictures({ inputs: [...this.intake.querySelectorAll("input")], onPicture, onRefusal, signal: left });
  }

  showNothing({ lost = false } = {}) {
    this.#show({ source: null, title: t(lost ? "search.lost" : "search.none"), note: t(lost ? "search.lost_note" : "search.none_note"), has: "nothing" });
  }

  show({ id, title, category, image, file }, crop) {
    if (file) this.#showFile(file, title);
    else this.#show({ source: image?.url ?? null, title: title || id, note: pathWords(category ?? ""), has: "picture", page: address("/product", { id }) });
    this.crop.show(crop);
    this.tools.mark(crop !== null);
  }

  #showFile(file, title) {
    const words = { title: title || t("search.pasted"), note: t("search.yours"), has: "picture" };
    if (this.shown === file) return;
    this.#show({ ...words, source: URL.createObjectURL(file) });
    this.#objectUrl = this.image.src;
    this.shown = file;
  }

  #show({ source, title, note, has, page = null }) {
    if (this.#objectUrl) URL.revokeObjectURL(this.#objectUrl);
    this.#objectUrl = null;
    this.shown = null;
    this.element.dataset.has = has;
    this.verb.textContent = t(has === "picture" ? "search.another" : "search.choose");
    if (source === null) {
      this.stage.hidden = true;
      this.image.removeAttribute("src");
    } else if (this.image.getAttribute("src") !== source) this.image.src = source;
    this.image.alt = title;
    this.title.replaceChildren(page ? make("a", { href: page }, title) : title);
    this.note.textContent = note;
  }

  #tools(onCrop) {
    const part = make("button", { type: "button", class: "button quiet-button", data: { testid: "crop" }, on: { click: () => this.crop.begin() } }, icon("crop"), t("crop.begin"));
    const whole = make("button", { type: "button", class: "button quiet-button", hidden: true, data: { testid: "whole" }, on: { click: () => onCrop(null) } }, icon("picture"), t("crop.whole"));
    const mark = (cropped) => {
      // Whoever pressed the one goes on with the other.
      const pressed = [part, whole].includes(document.activeElement);
      part.hidden = cropped;
      whole.hidden = !cropped;
      if (pressed) (cropped ? whole : part).focus();
    };
    return { element: make("div", { class: "subject-tools" }, part, whole), mark };
  }
}

function intake(verb) {
  const input = (extra) => make("input", { class: "unseen", type: "file", accept: "image/*", ...extra });
  const choose = make("label", { class: "drop", data: { testid: "drop-zone" } },
    input({ data: { testid: "file-input" } }), icon("picture"), verb, make("span", {}, t("search.drop")));
  // On a phone the first offers the photographs, and this one the camera.
  const camera = make("label", { class: "button quiet-button camera" }, input({ capture: "environment", data: { testid: "camera-input" } }), icon("camera"), t("search.camera"));
  return make("div", { class: "intake" }, choose, camera);
}
