import { createImport } from "../api.js";
import { make } from "../components/dom.js";
import { takeDrops } from "../components/file-drops.js";
import { icon } from "../components/icons.js";
import { problemPanel } from "../components/problem-panel.js";
import { Problem } from "../problem.js";
import { telling } from "../uploading.js";
import { percent, t } from "../words.js";
import { importOptions } from "./options.js";
import { sizeWords } from "./states.js";

const SUFFIXES = ".zip,.csv,.tsv,.jsonl,.ndjson,.parquet";

/** A catalogue's file: chosen or dropped, looked at once more, and sent while one sees how far it is. */
export class Sending {
  #file = null;
  #sending = null;

  constructor({ signal, onSent }) {
    Object.assign(this, { signal, onSent });
    this.input = make("input", { type: "file", class: "unseen", accept: SUFFIXES, data: { testid: "file" }, on: { change: () => this.#chosen() } });
    this.name = make("strong", { dir: "auto" });
    this.options = importOptions();
    this.send = make("button", { class: "button", hidden: true, data: { testid: "send" } }, icon("upload"), t("import.send"));
    this.stop = make("button", { type: "button", class: "button quiet-button", hidden: true, data: { testid: "stop" }, on: { click: () => this.#sending?.abort() } }, t("dialog.cancel"));
    this.bar = make("progress", { max: 1, "aria-label": t("import.sending") });
    this.far = make("span", { class: "quiet" });
    this.progress = make("div", { class: "sending", hidden: true }, this.bar, this.far);
    this.trouble = make("div", {});
    this.element = make("form", { class: "import-form", on: { submit: (event) => this.#submit(event) } },
      make("label", { class: "drop-files" }, this.input, icon("upload"), make("span", {}, this.name, make("span", {}, t("import.drop")))),
      this.options.element, make("div", { class: "form-acts" }, this.send, this.stop), this.progress, this.trouble);
    this.#show();
    takeDrops(([file]) => this.#choose(file), signal);
    addEventListener("beforeunload", (event) => this.#sending && event.preventDefault(), { signal });
    signal.addEventListener("abort", () => this.#sending?.abort());
  }

  #chosen() {
    if (this.input.files.length) this.#choose(this.input.files[0]);
    this.input.value = "";
  }

  #choose(file) {
    if (this.#sending) return;
    this.#file = file;
    this.trouble.replaceChildren();
    this.#show();
    this.send.focus();
  }

  #show() {
    const file = this.#file;
    this.name.textContent = file ? `${file.name} (${sizeWords(file.size)})` : t("import.choose");
    this.send.hidden = !file || this.#sending !== null;
    this.stop.hidden = this.#sending === null;
    this.progress.hidden = this.#sending === null;
    this.input.disabled = this.#sending !== null;
  }

  async #submit(event) {
    event?.preventDefault();
    if (this.#sending || !this.#file) return;
    const sending = new AbortController();
    this.#sending = sending;
    this.trouble.replaceChildren();
    this.#progressed(0);
    this.#show();
    this.stop.focus();
    try {
      const job = await createImport(this.#file, this.options.value(), { signal: sending.signal, through: telling((share) => this.#progressed(share)) });
      this.#file = null;
      this.onSent(job);
    } catch (error) {
      if (!sending.signal.aborted) this.trouble.replaceChildren(problemPanel(Problem.from(error), { again: () => this.#submit() }));
    } finally {
      const focused = document.activeElement === this.stop;
      this.#sending = null;
      this.#show();
      if (focused) (this.#file ? this.send : this.input).focus();
    }
  }

  #progressed(share) {
    this.bar.value = share;
    // What comes after the last byte is the service's: a zip is looked through before it is taken.
    this.far.textContent = share < 1 ? t("import.sent_so_far", { percent: percent(share), size: sizeWords(this.#file.size) }) : t("import.looked_at");
    if (share === 1) this.bar.removeAttribute("value");
  }
}
