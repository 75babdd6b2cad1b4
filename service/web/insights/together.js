import { getCategories, getStats } from "../api.js";
import { make } from "../components/dom.js";
import { problemPanel } from "../components/problem-panel.js";
import { Problem } from "../problem.js";
import { t } from "../words.js";
import { emptyCatalogue } from "./empty.js";
import { heatTable } from "./heat.js";
import { depthOf } from "./levels.js";
import { nameOf, slicesOf } from "./slices.js";

const TOP = 12;
const FEW = 12;
const LEVEL = /^category:[1-9]$/;

/** Two distributions across each other: how many of each category are for whom, in which colour, at which price. */
export class Together {
  #names = null;

  constructor() {
    this.rows = picker("insights.rows", "rows");
    this.columns = picker("insights.columns", "columns");
    this.shares = make("input", { type: "checkbox", data: { testid: "shares" } });
    this.answer = make("div", { class: "together-answer" });
    this.controls = make("div", { class: "insights-controls" }, this.rows.element, this.columns.element, make("label", { class: "check" }, this.shares, t("insights.as_shares")));
    this.element = make("div", {}, this.controls, this.answer);
  }

  async show(context) {
    this.answer.ariaBusy = "true";
    try {
      this.#names ??= await namesOf(context.signal);
      if (!context.signal.aborted) await this.#show(context);
    } catch (error) {
      if (context.signal.aborted) return;
      this.answer.replaceChildren(problemPanel(Problem.from(error), { again: () => this.show(context) }));
    }
    if (!context.signal.aborted) this.answer.ariaBusy = "false";
  }

  async #show(context) {
    const asked = askedFor(context.params, this.#names);
    this.controls.hidden = asked === null;
    if (asked === null) {
      this.answer.replaceChildren(this.#names.length === 0 ? emptyCatalogue() : make("p", { class: "state" }, t("insights.one_only")));
      return;
    }
    this.#offer(asked, context);
    const found = await getStats({ by: `${asked.rows},${asked.columns}`, top: TOP }, context.signal);
    if (!context.signal.aborted) this.answer.replaceChildren(...drawn(found, asked));
  }

  #offer(asked, { go }) {
    const change = (part) => go("/insights", addressed({ ...asked, ...part }));
    fill(this.rows.select, this.#names, asked.rows, asked.columns, (rows) => change({ rows }));
    fill(this.columns.select, this.#names, asked.columns, asked.rows, (columns) => change({ columns }));
    this.shares.checked = asked.shares;
    this.shares.onchange = () => change({ shares: this.shares.checked });
  }
}

function drawn({ distributions: [rows, columns], counts, products }, { shares }) {
  const label = t("insights.crossed", { rows: nameOf(rows), columns: nameOf(columns) });
  const table = heatTable({ rows: slicesOf(rows), columns: slicesOf(columns), counts, shares, label });
  const several = counts.flat().reduce((sum, one) => sum + one, 0) > products;
  return [make("h2", {}, label), make("div", { class: "heat-frame", tabindex: "0", role: "region", "aria-label": label }, table),
    make("p", { class: "figure-note" }, t(shares ? "insights.heat_shares" : "insights.heat"), " ", several && t("insights.several"))];
}

/** What can be chosen: [{ name, words, few }]. */
async function namesOf(signal) {
  const [stats, tree] = await Promise.all([getStats({ top: 10 }, signal), getCategories(signal)]);
  const levels = Array.from({ length: depthOf(tree.categories) }, (_, at) => ({ name: `category:${at + 1}`, words: t("insights.category_level", { level: at + 1 }), few: false }));
  const attributes = stats.distributions.filter(({ kind }) => kind !== "category");
  return stats.products === 0 ? [] : [...levels, ...attributes.map((one) => ({ name: one.name, words: nameOf(one), few: one.values.length > 1 && one.values.length <= FEW && one.others === null }))];
}

/** What the address says, and what it leaves open: the categories' second level, by the attribute of fewest values. */
function askedFor(params, names) {
  if (names.length < 2) return null;
  const known = (wanted) => (names.some(({ name }) => name === wanted) ? wanted : null);
  const levels = names.filter(({ name }) => LEVEL.test(name));
  const rows = known(params.get("rows")) ?? (levels[1] ?? levels[0] ?? names[0]).name;
  const free = names.filter(({ name }) => name !== rows);
  const wanted = known(params.get("columns"));
  const columns = wanted !== null && wanted !== rows ? wanted : (free.find(({ few }) => few) ?? free.at(-1)).name;
  return { rows, columns, shares: params.get("as") === "shares" };
}

const addressed = ({ rows, columns, shares }) => ({ part: "together", rows, columns, as: shares ? "shares" : "" });

function picker(words, testid) {
  const select = make("select", { autocomplete: "off", data: { testid } });
  return { select, element: make("label", { class: "field" }, make("span", {}, t(words)), select) };
}

function fill(select, names, chosen, taken, choose) {
  select.replaceChildren(...names.map(({ name, words }) => make("option", { value: name, disabled: name === taken }, words)));
  select.value = chosen;
  select.onchange = () => choose(select.value);
}
