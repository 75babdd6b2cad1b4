import { passing } from "../kept.js";

const KEPT = 50;

/** How far each step of the history was scrolled. The browser's own memory of it is too early: lists come later. */
export class Scrolling {
  #places = new Map(JSON.parse(passing.get("scrolling") ?? "[]"));

  constructor() {
    history.scrollRestoration = "manual";
    addEventListener("scroll", () => this.#keep(), { passive: true });
    addEventListener("pagehide", () => passing.set("scrolling", JSON.stringify([...this.#places].slice(-KEPT))));
  }

  get place() {
    return this.#places.get(key()) ?? 0;
  }

  restore(place) {
    scrollTo(0, place);
  }

  #keep() {
    this.#places.set(key(), scrollY);
  }
}

const key = () => history.state?.key ?? "";
