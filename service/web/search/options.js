import { make } from "../components/dom.js";
import { percent, t } from "../words.js";
import { isSteered } from "./asked.js";

/** What few need: how different from each other the results shall be, and how alike at least. */
export function optionsPanel(asked, onChange) {
  const diversity = slider({ words: "options.diversity", note: isSteered(asked) ? "options.not_steered" : "options.diversity_note", name: "diversity", value: asked.diversity, step: 0.1, onChange, disabled: isSteered(asked) });
  const score = slider({ words: "options.min_score", note: "options.min_score_note", name: "minScore", value: asked.minScore, step: 0.05, onChange });
  const used = asked.diversity > 0 || asked.minScore > 0;
  return make("details", { class: "filter-group options", open: used }, make("summary", {}, t("options.title")), diversity, score);
}

function slider({ words, note, name, value, step, onChange, disabled = false }) {
  const shown = make("output", {}, percent(value));
  const input = make("input", { type: "range", min: 0, max: 1, step, value, disabled, data: { testid: name } });
  input.addEventListener("input", () => { shown.textContent = percent(Number(input.value)); });
  input.addEventListener("change", () => onChange({ [name]: Number(input.value) }));
  return make("label", { class: "field slider" }, make("span", {}, t(words)), shown, input, make("small", {}, t(note)));
}
