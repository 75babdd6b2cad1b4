import { make } from "../components/dom.js";
import { t } from "../words.js";
import { JobList } from "./list.js";
import { Sending } from "./sending.js";

/** /import: catalogues sent to the service, which takes them in while one watches. */
export async function show({ root, signal, title, announce }) {
  const jobs = new JobList({ signal, announce });
  const sending = new Sending({ signal, onSent: (job) => jobs.take(job) });
  root.replaceChildren(make("header", { class: "view-head" }, make("h1", {}, t("import.heading"))), make("p", { class: "lead" }, t("import.lead")),
    make("div", { class: "import-columns" }, make("section", { "aria-label": t("import.new") }, sending.element, shapes()), jobs.element));
  title(t("import.heading"));
  await jobs.load();
}

/** What a file may hold, in a few lines. */
function shapes() {
  const kinds = ["zip", "styles", "table"].map((kind) => make("li", {}, make("strong", {}, t(`import.shape.${kind}`)), " ", t(`import.shape.${kind}.what`)));
  return make("div", { class: "shapes" }, make("h2", {}, t("import.shapes")), make("ul", { role: "list" }, ...kinds));
}
