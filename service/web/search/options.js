import { make } from "../components/dom.js";
import { percent, t } from "../words.js";

/** What few need: how different from each other the results shall be, and how alike at least. */
export function optionsPanel(asked, onChange) {
  const diversity = slider({ words: "options.diversity", note: "options.diversity_note", name: "diversity", value: asked.diversity, step: 0.1, onChange });
  const score = slider({ words: "options.min_score", note: "options.min_score_note", name: "minScore", value: asked.minScore, step: 0.05, onChange });
  const good = make("input", { type: "checkbox", checked: asked.onlyGood, data: { testid: "only-good" } });
  good.addEventListener("change", () => onChange({ onlyGood: good.checked }));
  const used = asked.diversity > 0 || asked.minScore > 0 || asked.onlyGood;
  return make("details", { class: "filter-group options", open: used }, make("summary", {}, t("options.title")),
    make("label", { class: "choice" }, good, make("span", {}, t("options.only_good"))), diversity, score);
}

function slider({ words, note, name, value, step, onChange }) {
  const shown = make("output", {}, percent(value));
  const input = make("input", { type: "range", min: 0, max: 1, step, value, data: { testid: name } });
  input.addEventListener("input", () => { shown.textContent = percent(Number(input.value)); });
  input.addEventListener("change", () => onChange({ [name]: Number(input.value) }));
  return make("label", { class: "field slider" }, make("span", {}, t(words)), shown, input, make("small", {}, t(note)));
}
