import { getCategories, getStats } from "../api.js";
import { make } from "../components/dom.js";
import { tellsApart } from "../components/filters.js";
import { icon } from "../components/icons.js";
import { problemPanel } from "../components/problem-panel.js";
import { Problem } from "../problem.js";
import { address } from "../router.js";
import { t } from "../words.js";
import { bars } from "./bars.js";
import { columns } from "./columns.js";
import { emptyCatalogue } from "./empty.js";
import { figure, figureSkeletons } from "./figure.js";
import { depthOf, groupsOf } from "./levels.js";
import { nameOf, slicesOf } from "./slices.js";
import { treemap } from "./treemap.js";

const TOP = 10;
const MOST = 50;

/** How the products are spread over categories, colours and attributes: all of them small, or `by` one of them whole. */
export class Spread {
  element = make("div", { class: "figures" });

  async show(context) {
    const by = context.params.get("by");
    this.element.ariaBusy = "true";
    this.element.replaceChildren(...figureSkeletons(by === null ? 6 : 1));
    try {
      await (by === null ? this.#all(context) : this.#one(by, context));
    } catch (error) {
      if (context.signal.aborted) return;
      this.element.replaceChildren(problemPanel(Problem.from(error), { again: () => this.show(context), actions: by === null ? [] : [backLink()] }));
    }
    if (context.signal.aborted) return;
    this.element.ariaBusy = "false";
    if (context.step === "forward") this.#takeFocus();
  }

  /** Where the link that was followed stood among what is gone, and the focus with it. */
  #takeFocus() {
    if (document.activeElement !== document.body) return;
    const heading = this.element.querySelector("h2");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus();
  }

  async #all(context) {
    const [stats, tree] = await Promise.all([getStats({ top: TOP }, context.signal), getCategories(context.signal)]);
    if (context.signal.aborted) return;
    const found = stats.distributions.filter((one) => one.kind !== "category");
    const [told, untold] = [found.filter(tellsApart), found.filter((one) => !tellsApart(one))];
    this.element.replaceChildren(...(stats.products === 0 ? [emptyCatalogue()] : [
      map(tree, stats.products, context),
      ...told.map((one) => chart(one, stats.products, context)),
      untold.length > 0 && make("p", { class: "figure-note wide" }, t("insights.untold", { names: untold.map(nameOf).join(", ") })),
    ].filter(Boolean)));
  }

  async #one(by, context) {
    const { products, distributions: [one] } = await getStats({ by, top: MOST }, context.signal);
    if (context.signal.aborted) return;
    this.element.replaceChildren(backLink(), chart(one, products, context, { alone: true }));
  }
}

function map(tree, whole, context) {
  const path = context.params.get("in") ?? "";
  const groups = groupsOf(tree.categories, path);
  const rows = groups.flatMap((group) => [{ ...group, label: group.name }, ...group.children.filter(({ name }) => name !== group.name).map((child) => ({ ...child, label: child.name }))]);
  const levels = Array.from({ length: depthOf(tree.categories) }, (_, at) => make("a", { href: address("/insights", { by: `category:${at + 1}` }) }, t("insights.level", { level: at + 1 })));
  return figure({ name: t("insights.categories"), draw: treemap(groups, whole), rows, whole, testid: "map", wide: true, actions: [make("p", { class: "levels" }, ...levels)], above: path && trail(path) }, context);
}

function trail(path) {
  const names = path.split("/");
  const steps = names.slice(0, -1).map((name, at) => make("a", { href: address("/insights", { in: names.slice(0, at + 1).join("/") }) }, name));
  const parts = [make("a", { href: "/insights" }, t("categories.all")), ...steps, make("span", { "aria-current": "true" }, names.at(-1))];
  return make("nav", { class: "map-trail", "aria-label": t("insights.trail") }, ...parts.flatMap((part, at) => (at === 0 ? [part] : [make("span", { "aria-hidden": "true" }, "\u203a"), part])));
}

function chart(one, whole, context, { alone = false } = {}) {
  // Of values of which a product has several, all that is not shown may be on products that are.
  const slices = slicesOf(one).filter(({ rest, products }) => !rest || products > 0);
  const valued = slices.filter(({ rest }) => !rest);
  const draw = one.kind === "number" && valued.length > 1 ? columns(valued, whole) : bars(slices, whole);
  const several = slices.reduce((sum, { products }) => sum + products, 0) > whole;
  const notes = [several && t("insights.several"), one.kind === "number" && one.without && t("insights.have_none", { count: one.without })].filter(Boolean);
  const more = !alone && one.others !== null && make("a", { href: address("/insights", { by: one.name }) }, t("insights.more_values"));
  return figure({ name: nameOf(one), draw, rows: slices, whole, notes, testid: "figure", wide: alone, actions: more ? [more] : [] }, context);
}

const backLink = () => make("a", { class: "button quiet-button wide back", href: "/insights" }, icon("forward"), t("insights.all"));
