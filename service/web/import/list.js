import { listImports } from "../api.js";
import { make } from "../components/dom.js";
import { problemPanel } from "../components/problem-panel.js";
import { Problem } from "../problem.js";
import { t } from "../words.js";
import { JobCard } from "./job.js";
import { hasEnded } from "./states.js";
import { pause, watch } from "./watching.js";

const ASKED_AGAIN_S = 5;

/** The imports, the newest first. They run one after another, so there is one to watch: a browser has few lines to a host. */
export class JobList {
  #cards = new Map();
  #watched = null;

  constructor({ signal, announce }) {
    Object.assign(this, { signal, announce });
    this.heading = make("h2", { tabindex: "-1" }, t("import.list"));
    this.list = make("ul", { class: "jobs", role: "list" });
    this.none = make("p", { class: "quiet" }, t("more.loading"));
    this.trouble = make("div", {});
    this.element = make("section", { class: "imports" }, this.heading, this.trouble, this.none, this.list);
  }

  async load() {
    try {
      const { imports } = await listImports(this.signal);
      this.trouble.replaceChildren();
      this.#show(imports);
    } catch (error) {
      if (this.signal.aborted) return;
      this.none.hidden = true;
      this.trouble.replaceChildren(problemPanel(Problem.from(error), { heading: "h3", again: () => this.load() }));
    }
  }

  /** One that was just sent: it is shown before it is asked for. */
  take(job) {
    this.list.prepend(this.#card(job).element);
    this.#settle();
    this.#cards.get(job.id).element.focus();
  }

  #show(imports) {
    const ids = new Set(imports.map(({ id }) => id));
    for (const [id, card] of this.#cards) if (!ids.has(id)) this.#drop(id, card);
    imports.forEach((job, at) => {
      const { element } = this.#card(job);
      if (this.list.children[at] !== element) this.list.insertBefore(element, this.list.children[at] ?? null);
    });
    this.#settle();
  }

  #card(job) {
    const known = this.#cards.get(job.id);
    if (known) {
      this.#news(known, job);
      return known;
    }
    const card = new JobCard(job, { signal: this.signal, onEnded: (ended) => this.#news(card, ended), onForgotten: () => this.#forgotten(job.id, card) });
    this.#cards.set(job.id, card);
    return card;
  }

  #news(card, job) {
    const { state } = card.job;
    card.show(job);
    if (state !== job.state) this.announce(t("import.is_now", { file: job.file, state: t(`import.state.${job.state}`) }));
  }

  #drop(id, card) {
    card.element.remove();
    this.#cards.delete(id);
  }

  #forgotten(id, card) {
    this.#drop(id, card);
    this.#settle();
    this.heading.focus();
    this.announce(t("import.forgotten", { file: card.job.file }));
  }

  #settle() {
    this.none.hidden = this.#cards.size > 0;
    this.none.textContent = t("import.none");
    if (!this.#watched) this.#watchNext();
  }

  /** The one that runs, or the first that waits: the oldest of those that have not ended. */
  async #watchNext() {
    const card = [...this.#cards.values()].filter(({ job }) => !hasEnded(job)).sort((one, other) => one.job.created.localeCompare(other.job.created))[0];
    if (!card) return;
    this.#watched = card;
    try {
      await watch(card.job.id, { signal: this.signal, onNews: (job) => this.#news(card, job), onLost: (seconds) => card.lost(seconds) });
    } catch (error) {
      if (this.signal.aborted) return;
      if (error.code !== "unknown_import") {
        card.fail(Problem.from(error));
        await pause(ASKED_AGAIN_S, this.signal).catch(() => {});
      }
    }
    this.#watched = null;
    if (!this.signal.aborted) await this.load();
  }
}
