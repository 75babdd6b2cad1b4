import { make } from "../components/dom.js";
import { icon } from "../components/icons.js";
import { address } from "../router.js";
import { t } from "../words.js";
import { Shelf } from "./shelf.js";
import { addressed, asked, first } from "./shown.js";
import { Sieve } from "./sieve.js";

/** /catalogue: the products page by page, sifted by category and attributes. */
export function show(context) {
  const page = new Catalogue(context);
  return { update: (changed) => page.update(changed), ready: page.open(context) };
}

class Catalogue {
  #shown = null;

  constructor({ root, left, title, go }) {
    this.shelf = new Shelf();
    this.sieve = new Sieve({
      left,
      onCategory: (category) => go("/catalogue", addressed({ ...first(this.#shown), category })),
      onFilter: (filter) => go("/catalogue", addressed({ ...first(this.#shown), filter })),
      onTree: (tree) => { this.shelf.tree = tree; },
    });
    this.add = make("a", { class: "button", data: { testid: "add" } }, icon("plus"), t("catalogue.add"));
    const acts = make("div", { class: "acts" }, this.add, make("a", { class: "button quiet-button", href: "/import" }, icon("upload"), t("catalogue.import")));
    root.replaceChildren(make("header", { class: "view-head" }, make("h1", {}, t("catalogue.heading")), acts),
      make("div", { class: "catalogue-columns" }, this.sieve.element, this.shelf.element));
    title(t("catalogue.heading"));
  }

  async open(context) {
    this.sieve.load();
    await this.#show(context);
  }

  async update(context) {
    const { cursor } = this.#shown;
    const turned = (context.params.get("cursor") ?? "") !== cursor;
    await this.#show(context);
    if (!turned || context.step !== "forward" || context.signal.aborted) return;
    this.shelf.heading.focus({ preventScroll: true });
    this.shelf.element.scrollIntoView({ block: "start" });
  }

  async #show(context) {
    this.#shown = asked(context.params, context.state);
    this.add.href = address("/product", { category: this.#shown.category });
    this.sieve.show(this.#shown);
    await this.shelf.show(this.#shown, context);
  }
}
