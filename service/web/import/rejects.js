import { getImport, importRejects } from "../api.js";
import { make } from "../components/dom.js";
import { problemPanel } from "../components/problem-panel.js";
import { Problem } from "../problem.js";
import { t } from "../words.js";

/** What an import could not take in: the first of it when it is opened, all of it as a file. */
export function rejectsPart(signal) {
  const summary = make("summary", {});
  const body = make("div", { class: "rejects-body" });
  const element = make("details", { class: "rejects", hidden: true, data: { testid: "rejects" } }, summary, body);
  let job = null;
  let shownOf = 0;
  element.addEventListener("toggle", () => element.open && load());

  async function load() {
    shownOf = job.rejected;
    try {
      const { rejects } = await getImport(job.id, signal);
      body.replaceChildren(table(rejects), foot(rejects.length));
    } catch (error) {
      if (!signal.aborted) body.replaceChildren(problemPanel(Problem.from(error), { heading: "h4", again: load }));
    }
  }

  const foot = (count) => make("p", { class: "rejects-foot" },
    count < job.rejected && make("span", { class: "quiet" }, t("import.first_rejects", { count })), " ",
    make("button", { type: "button", class: "link", data: { testid: "download" }, on: { click: download } }, t("import.download")));

  async function download({ currentTarget: button }) {
    button.ariaBusy = "true";
    try {
      save(await (await importRejects(job.id, signal)).blob(), `rejects-${job.file}.csv`);
    } catch (error) {
      if (!signal.aborted) body.append(problemPanel(Problem.from(error), { heading: "h4" }));
    } finally {
      button.ariaBusy = null;
    }
  }

  return {
    element,
    show(changed) {
      job = changed;
      element.hidden = job.rejected === 0;
      summary.textContent = t("import.rejected_how_many", { count: job.rejected });
      // Of many more the first stay as they are.
      if (element.open && job.rejected !== shownOf && shownOf < 20) load();
    },
  };
}

function table(rejects) {
  const rows = rejects.map(({ where, product_id: id, reason }) => make("tr", {}, ...[where, id, reason].map((text) => make("td", { dir: "auto" }, text))));
  const heads = ["import.where", "import.product", "import.reason"].map((words) => make("th", { scope: "col" }, t(words)));
  return make("div", { class: "rejects-table", tabindex: "0", role: "region", "aria-label": t("import.rejected") },
    make("table", {}, make("thead", {}, make("tr", {}, ...heads)), make("tbody", { lang: "en" }, ...rows)));
}

/** A plain link could not show the key. */
function save(blob, name) {
  const href = URL.createObjectURL(blob);
  make("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
