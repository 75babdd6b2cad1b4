import { cardSkeletons, productCard } from "../components/card.js";
import { make } from "../components/dom.js";
import { icon } from "../components/icons.js";
import { address } from "../router.js";
import { t } from "../words.js";

const GHOSTS = 12;

/** The grid of what was found. `actsOn(product)` gives each card's { href, acts }, acts by their names. */
export class Results {
  #count = 0;

  constructor() {
    this.element = make("ol", { class: "grid", role: "list", data: { testid: "results" } });
    this.element.addEventListener("click", (event) => this.#press(event));
  }

  get count() {
    return this.#count;
  }

  wait() {
    // Earlier hits stay, dimmed, until the new ones are here: an empty page in between would flicker.
    if (this.#count === 0) this.element.replaceChildren(...cardSkeletons(GHOSTS, { ranked: true }));
    this.element.hidden = false;
    this.element.ariaBusy = "true";
  }

  show(products, actsOn, { ranked = true } = {}) {
    const place = this.#focused();
    this.clear();
    this.add(products, actsOn, { ranked });
    this.#focusAgain(place);
  }

  add(products, actsOn, { ranked = true } = {}) {
    this.actsOn = actsOn;
    const shown = new Set([...this.element.children].map(({ dataset }) => dataset.productId));
    const cards = products.filter(({ id }) => !shown.has(id)).map((product, at) => this.#card(product, ranked ? this.#count + at + 1 : null));
    this.element.append(...cards);
    this.#count += cards.length;
    this.element.hidden = false;
    this.element.ariaBusy = "false";
    return cards;
  }

  clear() {
    this.#count = 0;
    this.element.ariaBusy = "false";
    this.element.replaceChildren();
    this.element.hidden = true;
  }

  #card(product, rank) {
    const { href, acts } = this.actsOn(product);
    const name = product.title || product.id;
    const button = (act, sign, words) => make("button", { type: "button", class: "switch", title: words, "aria-label": `${words}: ${name}`, data: { act } }, icon(sign));
    const actions = [
      acts.like && button("like", "up", t("results.like")),
      acts.dislike && button("dislike", "down", t("results.dislike")),
      acts.why && button("why", "why", t("results.why")),
      make("a", { class: "card-page", href: address("/product", { id: product.id }), "aria-label": `${t("results.page")}: ${name}` }, t("results.page")),
    ];
    return productCard(product, { href, rank, actions: actions.filter(Boolean) });
  }

  #press(event) {
    const button = event.target.closest("[data-act]");
    if (button) this.actsOn({ id: button.closest("[data-product-id]").dataset.productId }).acts[button.dataset.act]();
  }

  // A card that was pressed may be gone afterwards: the keyboard's place is then on its successor.
  #focused() {
    const card = document.activeElement?.closest?.("[data-product-id]");
    const act = document.activeElement?.dataset?.act;
    return card && act && this.element.contains(card) ? { at: [...this.element.children].indexOf(card), act } : null;
  }

  #focusAgain(place) {
    if (place === null || this.#count === 0) return;
    this.element.children[Math.min(place.at, this.#count - 1)].querySelector(`[data-act="${place.act}"]`)?.focus({ preventScroll: true });
  }
}
