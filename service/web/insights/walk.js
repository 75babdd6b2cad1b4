import { make } from "../components/dom.js";
import { problemPanel } from "../components/problem-panel.js";
import { Problem } from "../problem.js";

const ENOUGH_MS = 12_000;

/**
 * Goes through the pages of a walk, of which many may be empty, and shows what there is as it comes, until there is enough
 * of it or it has taken long enough; then whoever looks may go on.
 *
 * `ask(cursor)` gives { items, examined, cursor }, `draw(item)` what is shown of one, `say({ examined, found, ended })` a
 * sentence, and `nothing()` a panel for when it has ended without any.
 */
export class Walk {
  #cursor = "";
  #examined = 0;
  #found = 0;

  constructor({ ask, draw, say, nothing, words, wanted, context, list }) {
    Object.assign(this, { ask, draw, say, nothing, words, wanted, context, list });
    this.line = make("p", { class: "state", data: { testid: "walk" } });
    this.foot = make("div", { class: "walk-foot" });
    this.element = make("div", { class: "walk" }, this.line, list, this.foot);
  }

  async goOn() {
    const { signal } = this.context;
    const goal = this.#found + this.wanted;
    const late = performance.now() + ENOUGH_MS;
    this.list.ariaBusy = "true";
    this.line.textContent ||= this.words.looking;
    this.foot.replaceChildren(make("progress", { "aria-label": this.words.looking }));
    try {
      do {
        this.#take(await this.ask(this.#cursor));
      } while (this.#cursor !== null && this.#found < goal && performance.now() < late && !signal.aborted);
      if (!signal.aborted) this.#rest();
    } catch (error) {
      if (!signal.aborted) this.foot.replaceChildren(problemPanel(Problem.from(error), { again: () => this.goOn() }));
    }
    this.list.ariaBusy = "false";
  }

  #take({ items, examined, cursor }) {
    if (this.context.signal.aborted) return;
    this.#cursor = cursor;
    this.#examined += examined;
    this.#found += items.length;
    this.list.append(...items.map(this.draw));
    this.line.textContent = this.#sentence;
  }

  #rest() {
    this.context.announce(this.#sentence);
    this.line.dataset.ended = String(this.#cursor === null);
    const goOn = make("button", { type: "button", class: "button quiet-button more", data: { testid: "go-on" }, on: { click: () => this.#resume() } }, this.words.goOn);
    const content = this.#cursor !== null ? goOn : this.#found === 0 && this.nothing();
    this.foot.replaceChildren(...[content].filter(Boolean));
  }

  async #resume() {
    const last = this.list.lastElementChild;
    await this.goOn();
    // The button that had the focus is gone: it goes to the first of what is new.
    const next = last === null ? this.list.firstElementChild : last.nextElementSibling;
    (next?.querySelector("a, button") ?? this.foot.querySelector("button"))?.focus();
  }

  get #sentence() {
    return this.say({ examined: this.#examined, found: this.#found, ended: this.#cursor === null });
  }
}
