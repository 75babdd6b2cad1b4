import { make } from "../components/dom.js";
import { locale } from "../words.js";

/** A control with its label, a hint, and room for what is wrong with it. */
export class Field {
  #error;

  constructor({ name, label, control, hint = null, beside = null }) {
    this.control = control;
    control.id = `field-${name}`;
    this.#error = errorLine(control.id);
    const note = hint && make("p", { class: "field-hint", id: `${control.id}-hint` }, hint);
    describe(control, note, this.#error);
    this.element = make("div", { class: "field" }, make("label", { for: control.id }, label), note, make("div", { class: "field-row" }, control, beside), this.#error);
    control.addEventListener("input", () => this.accept());
  }

  refuse(mistake) {
    refuse(this.control, this.#error, mistake);
  }

  accept() {
    accept(this.control, this.#error);
  }

  focus() {
    this.control.focus();
  }
}

export const errorLine = (of) => make("p", { class: "field-error", id: `${of}-error` });

export function describe(control, ...notes) {
  control.setAttribute("aria-describedby", notes.filter(Boolean).map(({ id }) => id).join(" "));
}

/** `own` tells the page's words from the service's, which are English. */
export function refuse(control, line, { what, own = false }) {
  control.setAttribute("aria-invalid", "true");
  line.lang = own ? locale() : "en";
  line.textContent = what;
}

export function accept(control, line) {
  control.removeAttribute("aria-invalid");
  line.textContent = "";
}
