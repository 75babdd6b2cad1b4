import { deleteImport } from "../api.js";
import { openDialog } from "../components/dialog.js";
import { make } from "../components/dom.js";
import { icon } from "../components/icons.js";
import { problemPanel } from "../components/problem-panel.js";
import { Problem } from "../problem.js";
import { number, t } from "../words.js";
import { rejectsPart } from "./rejects.js";
import { doingWords, hasEnded, momentWords, restWords } from "./states.js";

const COUNTS = ["added", "replaced", "unchanged", "rejected"];

/** One import: how it stands, and what can be done about it. */
export class JobCard {
  /** `onEnded(job)` when it was cancelled here, `onForgotten()` when it is to leave the list. */
  constructor(job, { signal, onEnded, onForgotten }) {
    Object.assign(this, { job, signal, onEnded, onForgotten });
    this.badge = make("span", { class: "badge" });
    this.act = make("button", { type: "button", class: "button quiet-button", on: { click: () => this.#act() } });
    this.bar = make("progress", { "aria-label": job.file });
    this.line = make("p", { class: "job-line" });
    this.counts = make("dl", { class: "job-counts" });
    this.trouble = make("div", {});
    this.rejects = rejectsPart(signal);
    this.element = make("li", { class: "job", tabindex: "-1", data: { testid: "job", id: job.id } },
      make("div", { class: "job-head" },
        make("div", { class: "job-name" }, make("h3", { dir: "auto" }, job.file), make("p", { class: "quiet" }, momentWords(job.created))),
        this.badge, this.act),
      this.bar, this.line, this.counts, this.trouble, this.rejects.element);
    this.show(job);
  }

  show(job) {
    this.job = job;
    const ended = hasEnded(job);
    this.element.dataset.state = job.state;
    this.badge.textContent = t(`import.state.${job.state}`);
    this.#offer(ended);
    this.#progress(job, ended);
    this.#say(job);
    this.counts.replaceChildren(...COUNTS.filter((name) => job[name]).map((name) => count(name, job[name])));
    this.counts.hidden = job.read === 0;
    this.rejects.show(job);
  }

  lost(seconds) {
    this.line.lang = "";
    this.line.textContent = t("import.lost", { count: seconds });
    this.line.toggleAttribute("data-lost", true);
  }

  fail(problem, again) {
    this.trouble.replaceChildren(problemPanel(problem, { heading: "h4", again }));
  }

  #offer(ended) {
    const words = t(ended ? "import.forget" : "import.cancel");
    const label = `${words}: ${this.job.file}`;
    if (this.act.ariaLabel === label) return;
    this.act.replaceChildren(icon(ended ? "trash" : "close"), words);
    this.act.ariaLabel = label;
  }

  #progress({ state, expected, read }, ended) {
    this.bar.hidden = ended;
    if (ended) return;
    if (state === "running" && expected) {
      this.bar.max = expected;
      this.bar.value = Math.min(read, expected);
    } else this.bar.removeAttribute("value");
    this.bar.hidden = state === "queued";
  }

  #say(job) {
    this.line.removeAttribute("data-lost");
    this.line.replaceChildren(...this.#words(job).filter(Boolean).map(({ text, lang }) => make("span", { lang }, text)));
  }

  #words(job) {
    const { state, failure, read, expected, read_as: readAs, embedded } = job;
    if (failure) return [{ text: failure.detail, lang: "en" }];
    const how = readAs && { text: t("import.read_as", { what: readAs }) };
    if (hasEnded(job)) return [state === "done" && read === 0 && { text: t("import.nothing") }, embedded > 0 && { text: t("import.embedded", { count: embedded }) }, how];
    const far = state === "running" && read > 0 && { text: expected ? t("import.far", { read: number(read), count: expected }) : t("import.so_far", { count: read }) };
    const rest = restWords(job);
    return [far || doingWords(job), far && job.doing && job.doing !== "Taking in." && doingWords(job), rest && { text: rest }, how];
  }

  async #act() {
    if (hasEnded(this.job)) await this.#attempt(() => deleteImport(this.job.id), this.onForgotten);
    else if (await this.#sure()) await this.#attempt(async () => this.onEnded(await (await deleteImport(this.job.id)).json()));
  }

  #sure() {
    const { file, read } = this.job;
    const content = [make("p", {}, t(read ? "import.cancel_what" : "import.cancel_waiting", { file }))];
    return openDialog({ title: t("import.cancel_title"), content, confirm: t("import.cancel_it"), danger: true, class: "dialog-narrow", signal: this.signal }).closed;
  }

  async #attempt(step, then = () => {}) {
    this.trouble.replaceChildren();
    this.act.ariaBusy = "true";
    try {
      await step();
      then();
    } catch (error) {
      // Whoever was faster has forgotten it already.
      if (error.code === "unknown_import") this.onForgotten();
      else this.fail(Problem.from(error), () => this.#act());
    } finally {
      this.act.ariaBusy = null;
    }
  }
}

const count = (name, value) => make("div", { data: { count: name } }, make("dt", {}, t(`import.${name}`)), make("dd", {}, number(value)));
