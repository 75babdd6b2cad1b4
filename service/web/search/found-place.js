import { make } from "../components/dom.js";
import { pathWords, percent, t } from "../words.js";

/** Where the service looked when it was asked to find the category itself, and how sure it is. Null when it was not. */
export function foundPlace({ category, category_by: by, category_share: share }, onChange) {
  if (by === "undecided") return note(t("found.undecided"));
  if (by !== "predicted") return null;
  const keep = make("button", { type: "button", class: "link", data: { testid: "keep-category" }, on: { click: () => onChange({ category }) } }, t("found.keep"));
  const widen = make("button", { type: "button", class: "link", on: { click: () => onChange({ category: "" }) } }, t("found.everywhere"));
  return note(make("strong", { dir: "auto" }, pathWords(category)), " ", t("found.share", { share: percent(share) }), make("meter", { value: share, "aria-hidden": "true" }), keep, widen);
}

const note = (...content) => make("div", { class: "found", data: { testid: "found-category" } }, ...content);
