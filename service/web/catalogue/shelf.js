import { listProducts } from "../api.js";
import { cardSkeletons, productCard } from "../components/card.js";
import { make } from "../components/dom.js";
import { problemPanel } from "../components/problem-panel.js";
import { Problem } from "../problem.js";
import { address } from "../router.js";
import { pathWords, t } from "../words.js";
import { emptyPanel } from "./empty.js";
import { pager } from "./pager.js";
import { addressed } from "./shown.js";

const SKELETONS = 12;

/** One page of products. */
export class Shelf {
  #shown = null;
  #page = null;

  constructor() {
    this.heading = make("h2", { tabindex: "-1", dir: "auto" });
    this.state = make("p", { class: "state", role: "status", data: { testid: "state" } });
    this.grid = make("ul", { class: "grid", role: "list" });
    this.foot = make("div", { class: "shelf-foot" });
    this.element = make("section", { class: "shelf", "aria-label": t("catalogue.products") }, this.heading, this.state, this.grid, this.foot);
  }

  /** How many stand in a category is known from the tree, once that is there. */
  set tree({ products, categories }) {
    this.counts = new Map([["", products], ...countsIn(categories)]);
    if (this.#page) this.#count();
  }

  async show(shown, { signal, go }) {
    this.#shown = shown;
    this.heading.textContent = shown.category ? pathWords(shown.category) : t("catalogue.whole");
    this.grid.ariaBusy = "true";
    if (!this.grid.querySelector("[data-product-id]")) this.grid.replaceChildren(...cardSkeletons(Math.min(shown.limit, SKELETONS)));
    this.grid.hidden = false;
    this.foot.querySelector(".panel")?.remove();
    try {
      const page = await listProducts({ ...addressed(shown), limit: shown.limit }, signal);
      if (!signal.aborted) this.#fill(page, go);
    } catch (error) {
      if (!signal.aborted) this.#fail(Problem.from(error), () => this.show(shown, { signal, go }));
    }
  }

  #fill(page, go) {
    this.#page = page;
    const cards = page.products.map((product) => productCard(product, { href: address("/product", { id: product.id }) }));
    this.grid.ariaBusy = "false";
    this.grid.replaceChildren(...cards);
    this.grid.hidden = cards.length === 0;
    this.#count();
    this.foot.replaceChildren(...[cards.length === 0 && emptyPanel(this.#shown), pager(this.#shown, page, go)].filter(Boolean));
  }

  #fail(problem, again) {
    this.#page = null;
    this.grid.ariaBusy = "false";
    this.grid.replaceChildren();
    this.grid.hidden = true;
    this.state.textContent = "";
    const near = problem.suggestions.map((category) => make("a", { class: "button quiet-button", href: address("/catalogue", { category }) }, pathWords(category)));
    this.foot.replaceChildren(problemPanel(problem, { heading: "h3", again, actions: near }));
  }

  #count() {
    const { products, cursor } = this.#page;
    const { category, filter, trail, before } = this.#shown;
    const to = before + products.length;
    const counted = Object.keys(filter).length ? undefined : this.counts?.get(category);
    const range = t("catalogue.range", { from: before + 1, to });
    if (products.length === 0) this.state.textContent = "";
    else if (trail === null) this.state.textContent = counted === undefined ? "" : t("catalogue.count", { count: counted });
    else if (cursor === null) this.state.textContent = before ? t("catalogue.range_of", { range, count: to }) : t("catalogue.count", { count: to });
    else this.state.textContent = counted === undefined ? t("catalogue.range_of_more", { range }) : t("catalogue.range_of", { range, count: Math.max(counted, to) });
  }
}

const countsIn = (categories) => categories.flatMap(({ path, products, children }) => [[path, products], ...countsIn(children)]);
