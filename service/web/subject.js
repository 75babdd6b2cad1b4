/** The query picture and the words under it. */
export class Subject {
  #objectUrl = null;

  constructor({ image, verb, title, note }) {
    Object.assign(this, { image, verb, title, note });
    // Not every picture the service reads (HEIC, say) is one that the browser can draw.
    image.addEventListener("error", () => { image.hidden = true; });
  }

  clear() {
    this.#show(null, "Choose a picture", "No picture yet", "Drop one anywhere on this page, or paste it.");
  }

  showUpload(picture) {
    this.#show(URL.createObjectURL(picture), "Choose another", picture.name || "Pasted picture", "Your picture");
    this.#objectUrl = this.image.src;
  }

  showProduct(title, note, thumbnailUrl) {
    this.#show(thumbnailUrl, "Choose another", title, note);
  }

  #show(source, verb, title, note) {
    if (this.#objectUrl) URL.revokeObjectURL(this.#objectUrl);
    this.#objectUrl = null;
    this.image.hidden = !source;
    if (source) this.image.src = source;
    else this.image.removeAttribute("src");
    this.image.alt = title;
    this.verb.textContent = verb;
    this.title.textContent = title;
    this.note.textContent = note;
  }
}
