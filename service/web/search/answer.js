import { make } from "../components/dom.js";
import { moreButton } from "../components/more.js";
import { problemPanel } from "../components/problem-panel.js";
import { Problem } from "../problem.js";
import { number, pathWords, t } from "../words.js";
import { isNarrowed } from "./asked.js";
import { foundPlace } from "./found-place.js";
import { Results } from "./results.js";
import { steeringChips } from "./steering.js";

/** Everything right of the query: how the search stands, what steers it, and the grid, or a panel in its stead. */
export class Answer {
  constructor({ onChange }) {
    this.onChange = onChange;
    this.heading = make("h2", { tabindex: "-1", id: "answer-heading" });
    this.state = make("p", { class: "state", role: "status", data: { testid: "state" } });
    this.chips = make("div");
    this.place = make("div");
    this.panel = make("div");
    this.foot = make("div", { class: "answer-foot" });
    this.results = new Results();
    this.element = make("section", { class: "answer", "aria-labelledby": "answer-heading" }, this.heading, this.state, this.chips, this.place, this.panel, this.results.element, this.foot);
  }

  load(asked, heading) {
    this.heading.textContent = heading;
    this.#say("loading", t("answer.loading"));
    this.steer(asked);
    this.place.replaceChildren();
    this.panel.replaceChildren();
    this.foot.replaceChildren();
    this.results.wait();
  }

  steer(asked) {
    this.chips.replaceChildren(...[steeringChips(asked, this.onChange)].filter(Boolean));
  }

  /** `next` is awaited for more, where there may be more. */
  show(found, { asked, actsOn, next }) {
    this.place.replaceChildren(...[foundPlace(found, this.onChange)].filter(Boolean));
    if (found.results.length === 0) return this.#nothing(asked);
    this.results.show(found.results, actsOn);
    this.#tell(found);
    return this.#offer(next);
  }

  add(found, { actsOn, next }) {
    this.results.add(found.results, actsOn);
    this.#tell(found);
    this.#offer(next);
  }

  /** Products to begin with, in no order. */
  offer(products, { actsOn, next }) {
    this.#say("idle", t("answer.begin"));
    this.results.show(products, actsOn, { ranked: false });
    this.#offer(next);
  }

  offerMore(products, { actsOn, next }) {
    this.results.add(products, actsOn, { ranked: false });
    this.#offer(next);
  }

  showEmptyCatalogue(again) {
    this.#stead("empty-catalogue", make("section", { class: "panel" },
      make("h3", { class: "panel-title" }, t("answer.empty_catalogue")),
      make("p", {}, t("answer.fill")), make("code", {}, "vizinho ingest FOLDER"),
      make("p", {}, t("answer.demo")), make("code", {}, "vizinho demo"),
      make("div", { class: "panel-actions" }, action(t("answer.look_again"), again))));
  }

  refuse(words) {
    this.#stead("error", problemPanel(new Problem("no_picture", words, { status: 422 }), { heading: "h3" }));
  }

  fail(error, again) {
    const problem = Problem.from(error);
    const actions = problem.suggestions.map((category) => action(pathWords(category), () => this.onChange({ category }), "button quiet-button"));
    this.#stead(problem.isBusy ? "busy" : "error", problemPanel(problem, { heading: "h3", again, actions }));
  }

  /** What is there stays; the next page is what is missing. */
  failMore(error) {
    this.foot.replaceChildren(problemPanel(Problem.from(error), { heading: "h3", again: () => this.next() }));
  }

  #nothing(asked) {
    const narrowed = isNarrowed(asked);
    const widen = () => this.onChange({ category: "", filter: {}, minScore: 0, onlyGood: false });
    this.#stead("empty", make("section", { class: "panel", data: { testid: "nothing" } },
      make("h3", { class: "panel-title" }, t("answer.nothing")), make("p", {}, t(asked.onlyGood ? "answer.nothing_good" : narrowed ? "answer.nothing_here" : "answer.nothing_at_all")),
      narrowed && make("div", { class: "panel-actions" }, action(t("answer.widen"), widen))));
  }

  #tell({ category, timings_ms: timings }) {
    const count = this.results.count;
    const words = category ? t("answer.found_in", { count, place: pathWords(category) }) : t("answer.found", { count });
    this.#say("done", words, took(timings));
  }

  #stead(state, panel) {
    this.#say(state, "");
    this.results.clear();
    this.foot.replaceChildren();
    this.panel.replaceChildren(panel);
  }

  #offer(next) {
    this.panel.replaceChildren();
    this.next = next;
    if (!next) this.foot.replaceChildren();
    // The button that was pressed stays where it is, and the keyboard's focus on it.
    else if (!this.foot.querySelector(".more")) this.foot.replaceChildren(moreButton(() => this.next()));
  }

  #say(state, words, detail = "") {
    this.state.dataset.state = state;
    this.state.replaceChildren(...[words && make("span", {}, words), detail && make("span", {}, `· ${detail}`)].filter(Boolean));
  }
}

const action = (words, act, kind = "button") => make("button", { type: "button", class: kind, on: { click: act } }, words);

function took(timings) {
  const spent = Object.values(timings ?? {}).reduce((sum, part) => sum + part, 0);
  return spent > 0 ? `${number(spent, { maximumFractionDigits: spent < 10 ? 1 : 0 })} ms` : "";
}
